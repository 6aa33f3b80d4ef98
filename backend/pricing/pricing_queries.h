#pragma once

#include "backend/pricing/pricing.h"

#include <optional>

/// The SQL of price plans and meters.
namespace quittance::backend::pricing_queries {

/// Makes the plan known and keeps other writers of it out until the transaction ends; returns its
/// id.
Result<std::int64_t> lockPlan(database::Transaction& tx, std::string_view code);
Result<> insertVersion(database::Transaction& tx, const PricePlan& plan, Instant loadedAt);
/// All versions of the plans with this code, or of all, by code and version.
Result<std::vector<PricePlan>>
readVersions(database::Transaction& tx, std::optional<std::string_view> code);
Result<> insertMeterIfAbsent(database::Transaction& tx, const Meter& meter);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::pricing_queries
