#include "backend/accounts/accounts.h"
#include "backend/accounts/accounts_queries.h"
#include "backend/accounts/versions.h"
#include "backend/journal/journal.h"
#include "core/domain/tax_ids.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace quittance::backend {

namespace {

using database::Transaction;
namespace json = boost::json;

using profile_limits::addressLinesMax;
using profile_limits::emailsMax;
using profile_limits::fieldSizeMaxBytes;
using profile_limits::taxIdsMax;

json::array arrayOf(const std::vector<std::string>& values)
{
    json::array array;
    for (const std::string& value : values)
        array.emplace_back(value);
    return array;
}

json::object personalOf(const BillingProfile& profile)
{
    return { { "legalName", profile.legalName },
             { "addressLines", arrayOf(profile.addressLines) },
             { "taxIds", arrayOf(profile.taxIds) },
             { "purchaseOrder", profile.purchaseOrder },
             { "buyerReference", profile.buyerReference },
             { "emails", arrayOf(profile.emails) } };
}

std::string publicText(const BillingProfile& profile)
{
    return json::serialize(json::object { { "version", profile.version },
                                          { "country", profile.country },
                                          { "language", profile.language } });
}

/// Names, addresses and e-mails may be a person's, so they go beside.
JournalDraft changedDraft(
    AccountId account, const std::optional<BillingProfile>& before, const BillingProfile& after
)
{
    JournalDraft draft;
    draft.kind = "profile.changed";
    draft.account = account;
    draft.subjectType = "account";
    draft.subjectId = account;
    draft.before = before ? publicText(*before) : "";
    draft.after = publicText(after);
    json::object personal;
    if (before)
        personal["before"] = personalOf(*before);
    personal["after"] = personalOf(after);
    draft.personal = json::serialize(personal);
    return draft;
}

Result<> checkCount(std::string_view field, std::size_t count, std::size_t countMax)
{
    if (count <= countMax)
        return {};
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("{}: {} are given, {} are possible", field, count, countMax)
    );
}

} // namespace

std::vector<std::string> missingFields(const BillingProfile& profile)
{
    std::vector<std::string> missing;
    if (profile.legalName.empty())
        missing.emplace_back("legalName");
    if (profile.addressLines.empty())
        missing.emplace_back("addressLines");
    if (profile.country.empty())
        missing.emplace_back("country");
    if (profile.emails.empty())
        missing.emplace_back("emails");
    return missing;
}

Result<> checkProfile(const BillingProfile& profile)
{
    QUITTANCE_CHECK(checkText("legalName", profile.legalName, fieldSizeMaxBytes));
    QUITTANCE_CHECK(checkCount("addressLines", profile.addressLines.size(), addressLinesMax));
    for (const std::string& line : profile.addressLines)
        QUITTANCE_CHECK(checkName("addressLines", line, fieldSizeMaxBytes));
    QUITTANCE_CHECK(checkCountry("country", profile.country));
    QUITTANCE_CHECK(checkCount("taxIds", profile.taxIds.size(), taxIdsMax));
    for (const std::string& taxId : profile.taxIds)
        QUITTANCE_CHECK(checkTaxId(profile.country, taxId));
    QUITTANCE_CHECK(checkText("purchaseOrder", profile.purchaseOrder, fieldSizeMaxBytes));
    QUITTANCE_CHECK(checkText("buyerReference", profile.buyerReference, fieldSizeMaxBytes));
    QUITTANCE_CHECK(checkCount("emails", profile.emails.size(), emailsMax));
    for (const std::string& email : profile.emails)
        QUITTANCE_CHECK(checkEmail("emails", email));
    return checkLanguage("language", profile.language);
}

Result<BillingProfile> addProfileVersion(
    Transaction& tx, const Context& context, const Actor& actor, AccountId account,
    const BillingProfile& profile, std::optional<std::int32_t> expectedVersion,
    std::optional<Instant> validFrom
)
{
    QUITTANCE_CHECK(checkProfile(profile));
    QUITTANCE_CHECK(accounts_queries::lockAccount(tx, account));
    QUITTANCE_TRY(const auto latest, accounts_queries::latestProfile(tx, account));
    QUITTANCE_CHECK(checkExpected("billing profile", latest, expectedVersion));
    if (isSameContent(profile, latest))
        return *latest;
    if (validFrom && latest && *validFrom < latest->validFrom)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "billing profile: {} is before version {}, which is valid from {}",
                toText(*validFrom), latest->version, toText(latest->validFrom)
            )
        );
    BillingProfile next
        = followingVersion(profile, latest, validFrom.value_or(context.clock.now()));
    QUITTANCE_CHECK(accounts_queries::insertProfile(tx, account, next));
    QUITTANCE_CHECK(appendJournal(tx, context, actor, changedDraft(account, latest, next)));
    return next;
}

Result<BillingProfile> changeProfile(
    const Context& context, const Actor& actor, AccountId account, const BillingProfile& profile,
    std::optional<std::int32_t> expectedVersion, std::optional<Instant> validFrom
)
{
    return context.database.write([&](Transaction& tx) {
        return addProfileVersion(tx, context, actor, account, profile, expectedVersion, validFrom);
    });
}

} // namespace quittance::backend
