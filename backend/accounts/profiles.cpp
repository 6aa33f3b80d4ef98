#include "backend/accounts/accounts.h"
#include "backend/accounts/accounts_queries.h"
#include "backend/accounts/versions.h"
#include "backend/journal/journal.h"
#include "core/domain/tax_ids.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

/// None while the account has no version.
Result<std::optional<BillingProfile>> knownProfileAt(Transaction& tx, AccountId account, Instant at)
{
    QUITTANCE_TRY(BillingProfile profile, profileAt(tx, account, at));
    return profile.version == 0 ? std::nullopt : std::optional(std::move(profile));
}

Result<>
checkNotBefore(const std::optional<BillingProfile>& present, std::optional<Instant> validFrom)
{
    if (!validFrom || !present || *validFrom >= present->validFrom)
        return {};
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "billing profile: {} is before version {}, which is valid from {}", toText(*validFrom),
            present->version, toText(present->validFrom)
        )
    );
}

/// The versions that come into force after `from`, in that order: those that a higher number did
/// not replace.
Result<std::vector<BillingProfile>> plannedAfter(
    Transaction& tx, AccountId account, const std::optional<BillingProfile>& before, Instant from
)
{
    QUITTANCE_TRY(const auto later, accounts_queries::profilesAfter(tx, account, from));
    std::int32_t newest = before ? before->version : 0;
    std::vector<BillingProfile> planned;
    for (const BillingProfile& profile : later) {
        if (profile.version < newest)
            continue;
        newest = profile.version;
        if (!planned.empty() && planned.back().validFrom == profile.validFrom)
            planned.pop_back();
        planned.push_back(profile);
    }
    return planned;
}

/// What `planned` changes of `before`, done to `after`.
BillingProfile
replayed(const BillingProfile& planned, const BillingProfile& before, const BillingProfile& after)
{
    BillingProfile result = after;
    const auto take = [&](auto BillingProfile::*field) {
        if (planned.*field != before.*field)
            result.*field = planned.*field;
    };
    take(&BillingProfile::legalName);
    take(&BillingProfile::addressLines);
    take(&BillingProfile::purchaseOrder);
    take(&BillingProfile::buyerReference);
    take(&BillingProfile::emails);
    take(&BillingProfile::language);
    // Tax ids are checked by the country: they change together or not at all.
    if (planned.country != before.country || planned.taxIds != before.taxIds) {
        result.country = planned.country;
        result.taxIds = planned.taxIds;
    }
    return result;
}

/// Adds versions of one account's profile, each with the next number and journalled.
class ProfileWriter {
public:
    ProfileWriter(Transaction& tx, const Context& context, const Actor& actor, AccountId account)
        : m_tx(&tx)
        , m_context(&context)
        , m_actor(&actor)
        , m_account(account)
    {
    }

    [[nodiscard]] Result<BillingProfile>
    add(const std::optional<BillingProfile>& before, BillingProfile next, Instant validFrom) const
    {
        QUITTANCE_TRY(const auto latest, accounts_queries::latestProfile(*m_tx, m_account));
        next.version = latest ? latest->version + 1 : 1;
        next.validFrom = validFrom;
        QUITTANCE_CHECK(accounts_queries::insertProfile(*m_tx, m_account, next));
        QUITTANCE_CHECK(
            appendJournal(*m_tx, *m_context, *m_actor, changedDraft(m_account, before, next))
        );
        return next;
    }

    /// After `before` became `after`: what was planned on the one, on the other.
    [[nodiscard]] Result<> addAgain(
        const std::vector<BillingProfile>& planned, BillingProfile before, BillingProfile after
    ) const
    {
        for (const BillingProfile& one : planned) {
            QUITTANCE_TRY(after, add(one, replayed(one, before, after), one.validFrom));
            before = one;
        }
        return {};
    }

private:
    Transaction* m_tx;
    const Context* m_context;
    const Actor* m_actor;
    AccountId m_account;
};

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
    const Instant now = context.clock.now();
    QUITTANCE_TRY(const auto present, knownProfileAt(tx, account, now));
    QUITTANCE_CHECK(checkNotBefore(present, validFrom));
    // A clock that was set back does not reorder versions.
    const Instant from = validFrom.value_or(present ? std::max(now, present->validFrom) : now);
    QUITTANCE_TRY(const auto before, knownProfileAt(tx, account, from));
    QUITTANCE_CHECK(checkExpected("billing profile", before, expectedVersion));
    if (isSameContent(profile, before))
        return *before;
    QUITTANCE_TRY(const auto planned, plannedAfter(tx, account, before, from));
    const ProfileWriter writer(tx, context, actor, account);
    QUITTANCE_TRY(const BillingProfile changed, writer.add(before, profile, from));
    QUITTANCE_CHECK(writer.addAgain(planned, before.value_or(BillingProfile()), changed));
    return changed;
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
