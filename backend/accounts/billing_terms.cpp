#include "backend/accounts/accounts.h"
#include "backend/accounts/accounts_queries.h"
#include "backend/accounts/versions.h"
#include "backend/journal/journal.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace quittance::backend {

namespace {

using database::Transaction;

std::string textOf(const BillingTerms& terms)
{
    return boost::json::serialize(boost::json::object { { "version", terms.version },
                                                        { "legalEntity", terms.legalEntity },
                                                        { "paymentDays", terms.paymentDays } });
}

JournalDraft changedDraft(
    AccountId account, const std::optional<BillingTerms>& before, const BillingTerms& after
)
{
    JournalDraft draft;
    draft.kind = "terms.changed";
    draft.account = account;
    draft.subjectType = "account";
    draft.subjectId = account;
    draft.before = before ? textOf(*before) : "";
    draft.after = textOf(after);
    return draft;
}

Result<> checkTerms(Transaction& tx, const BillingTerms& terms)
{
    if (terms.paymentDays < 0 || terms.paymentDays > paymentDaysMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("paymentDays {}: needs 0 to {}", terms.paymentDays, paymentDaysMax)
        );
    const Result<LegalEntity> entity = findLegalEntity(tx, terms.legalEntity);
    if (!entity)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("legalEntity {}: {}", terms.legalEntity, entity.error().detail)
        );
    return {};
}

} // namespace

Result<BillingTerms> addTermsVersion(
    Transaction& tx, const Context& context, const Actor& actor, AccountId account,
    const BillingTerms& terms, std::optional<std::int32_t> expectedVersion
)
{
    QUITTANCE_CHECK(checkTerms(tx, terms));
    QUITTANCE_CHECK(accounts_queries::lockAccount(tx, account));
    QUITTANCE_TRY(const auto latest, accounts_queries::latestTerms(tx, account));
    QUITTANCE_CHECK(checkExpected("billing terms", latest, expectedVersion));
    if (isSameContent(terms, latest))
        return *latest;
    BillingTerms next = followingVersion(terms, latest, context.clock.now());
    QUITTANCE_CHECK(accounts_queries::insertTerms(tx, account, next));
    QUITTANCE_CHECK(appendJournal(tx, context, actor, changedDraft(account, latest, next)));
    return next;
}

Result<BillingTerms> changeTerms(
    const Context& context, const Actor& actor, AccountId account, const BillingTerms& terms,
    std::optional<std::int32_t> expectedVersion
)
{
    return context.database.write([&](Transaction& tx) {
        return addTermsVersion(tx, context, actor, account, terms, expectedVersion);
    });
}

} // namespace quittance::backend
