#pragma once

#include "backend/accounts/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

/// The next version of an account's profile or terms, within the caller's transaction.
namespace quittance::backend {

Result<BillingProfile> addProfileVersion(
    database::Transaction& tx, const Context& context, const Actor& actor, AccountId account,
    const BillingProfile& profile, std::optional<std::int32_t> expectedVersion,
    std::optional<Instant> validFrom = std::nullopt
);
Result<BillingTerms> addTermsVersion(
    database::Transaction& tx, const Context& context, const Actor& actor, AccountId account,
    const BillingTerms& terms, std::optional<std::int32_t> expectedVersion
);

/// `wanted` as the version after `latest`: numbered, and valid from now - or from where the latest
/// is valid, should the clock have been set back.
template <class Version>
[[nodiscard]] Version
followingVersion(Version wanted, const std::optional<Version>& latest, Instant now)
{
    wanted.version = latest ? latest->version + 1 : 1;
    wanted.validFrom = latest ? std::max(now, latest->validFrom) : now;
    return wanted;
}

/// True where `wanted` says what `latest` says.
template <class Version>
[[nodiscard]] bool isSameContent(Version wanted, const std::optional<Version>& latest)
{
    if (!latest)
        return false;
    wanted.version = latest->version;
    wanted.validFrom = latest->validFrom;
    return wanted == *latest;
}

/// Precondition where another change came first.
template <class Version>
[[nodiscard]] Result<> checkExpected(
    std::string_view what, const std::optional<Version>& latest,
    std::optional<std::int32_t> expectedVersion
)
{
    const std::int32_t current = latest ? latest->version : 0;
    if (!expectedVersion || *expectedVersion == current)
        return {};
    return failure(
        ErrorCode::Precondition,
        fmt::format("{}: version {} was expected, {} is there", what, *expectedVersion, current)
    );
}

} // namespace quittance::backend
