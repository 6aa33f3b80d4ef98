#pragma once

#include "core/database/database.h"
#include "core/domain/price_plan.h"

#include <vector>

/// The SQL of what few plans use: tiers and other models, discounts with windows or amounts,
/// commitments. A version says by `has_models` whether there is any of it, so that reading the
/// plans of most accounts costs nothing more.
namespace quittance::backend::pricing_queries {

Result<> insertModels(database::Transaction& tx, const PricePlan& plan);
/// Completes one version that uses them; its prices are in the order of their row numbers.
Result<> readModels(database::Transaction& tx, PricePlan& plan);

Result<> createModelTables(database::Transaction& tx);

} // namespace quittance::backend::pricing_queries
