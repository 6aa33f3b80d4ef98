#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"
#include "core/domain/price_plan.h"
#include "core/domain/usage.h"

#include <string>
#include <string_view>
#include <vector>

/// Price plans in versions by effective date, and the meters they price. Versions are never
/// changed.
namespace quittance::backend {

/// Adds the next version of the plan and returns its number. Loading the same content again is no
/// new version. InvalidArgument where the plan does not validate or its effective date is not after
/// the latest version's; names both.
Result<std::int32_t> loadPlan(const Context& context, const Actor& actor, const PricePlan& plan);
/// All versions of one plan by effective date; empty where there is no such plan.
Result<std::vector<PricePlan>> planVersions(database::Transaction& tx, std::string_view code);
/// Whether an account with this currency can be billed by this plan: false where no plan of the
/// code is loaded yet, so that its usage waits; InvalidArgument where the plan has another
/// currency.
Result<bool>
isPlanLoaded(database::Transaction& tx, std::string_view code, std::string_view currency);
Result<std::vector<PricePlan>> listPlans(database::Transaction& tx);

/// Adds meters that are not known yet; Conflict where one is known with another unit or number of
/// digits.
Result<> ensureMeters(database::Transaction& tx, const std::vector<Meter>& meters);
Result<std::vector<Meter>> listMeters(database::Transaction& tx);

[[nodiscard]] database::Migration pricingMigration(int number);
[[nodiscard]] database::Migration priceModelsMigration(int number);

} // namespace quittance::backend
