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

constexpr std::size_t nameSizeMaxBytes = 200;
constexpr std::size_t planSizeMaxBytes = 100;

Result<AccountRecord> recordOf(const Context& context, const NewAccount& account)
{
    QUITTANCE_CHECK(checkName("name", account.name, nameSizeMaxBytes));
    QUITTANCE_CHECK(checkName("plan", account.plan, planSizeMaxBytes));
    QUITTANCE_TRY(const Currency currency, Currency::find(account.currency));
    QUITTANCE_TRY(const TimeZone zone, TimeZone::find(account.timeZone));
    return AccountRecord {
        0, account.name, currency, zone.name(), account.plan, context.clock.now()
    };
}

JournalDraft createdDraft(const AccountRecord& account)
{
    JournalDraft draft;
    draft.kind = "account.created";
    draft.account = account.id;
    draft.subjectType = "account";
    draft.subjectId = account.id;
    draft.after
        = boost::json::serialize(boost::json::object { { "name", account.name },
                                                       { "currency", account.currency.code() },
                                                       { "timeZone", account.timeZone },
                                                       { "plan", account.plan } });
    return draft;
}

} // namespace

Result<AccountId>
addAccount(Transaction& tx, const Context& context, const Actor& actor, const NewAccount& account)
{
    QUITTANCE_TRY(AccountRecord record, recordOf(context, account));
    QUITTANCE_TRY(const auto id, accounts_queries::insertAccount(tx, record));
    if (!id)
        return failure(
            ErrorCode::AlreadyExists, fmt::format("account \"{}\" exists already", account.name)
        );
    record.id = *id;
    QUITTANCE_CHECK(appendJournal(tx, context, actor, createdDraft(record)));
    if (account.profile)
        QUITTANCE_CHECK(addProfileVersion(tx, context, actor, *id, *account.profile, std::nullopt));
    // Before the first legal entity is known there is nothing to write: termsAt answers the
    // standard.
    QUITTANCE_TRY(const BillingTerms standard, termsAt(tx, *id, record.createdAt));
    const BillingTerms terms = account.terms.value_or(standard);
    if (terms.legalEntity != 0)
        QUITTANCE_CHECK(addTermsVersion(tx, context, actor, *id, terms, std::nullopt));
    return *id;
}

Result<AccountId> addAccount(const Context& context, const Actor& actor, const NewAccount& account)
{
    return context.database.write([&](Transaction& tx) {
        return addAccount(tx, context, actor, account);
    });
}

} // namespace quittance::backend
