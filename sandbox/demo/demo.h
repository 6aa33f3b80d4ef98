#pragma once

#include "backend/accounts/accounts.h"
#include "core/database/database.h"
#include "core/domain/result.h"
#include "core/domain/time.h"
#include "core/formats/brand.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// A cloud to try with: an organisation of accounts in several countries and currencies, months of
/// usage of every product, bills in every state that exists, people of every role. Goes through the
/// product's own use cases with a clock that walks from month to month, so nothing in it could not
/// have happened. The same seed, clock and options give the same bills, ledger and journal; salts
/// and tokens apart.
namespace quittance::sandbox {

constexpr int demoAccountsMax = 1'000;
constexpr int demoMonthsMax = 120;

struct DemoOptions {
    std::uint64_t seed = 1;
    int accounts = 12;
    int months = 14;
    Instant now; ///< the present of the demo: its last month is the one that holds this instant
    formats::Brand brand;
    std::vector<backend::LegalEntity> entities;
    std::filesystem::path priceFolder; ///< the shipped price plans
};

struct DemoReport {
    std::int64_t accounts = 0;
    std::int64_t events = 0;
    std::int64_t bills = 0;
    std::string adminEmail;
    std::string customerEmail; ///< of the first account
    std::string password; ///< everyone's, made from brand and seed: a demo is no secret
};

/// Conflict where the database holds accounts already, InvalidArgument beyond the limits. The
/// cloud's people have addresses under the brand's name.
[[nodiscard]] Result<DemoReport>
createDemo(database::Database& database, const DemoOptions& options);

} // namespace quittance::sandbox
