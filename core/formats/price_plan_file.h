#pragma once

#include "core/domain/price_plan.h"
#include "core/domain/result.h"

#include <string_view>

namespace quittance::formats {

/// A price plan as JSON (closed):
///   {"plan": "standard", "name": "Standard", "effective": "2023-01-01", "currency": "USD",
///   "prices": [
///     {"sku": "gpu-pod-h100", "meter": "gpu-seconds", "service": "GPU pods", "name": "H100 pods,
///     on demand",
///      "unit": "GPU-h", "per": 3600, "rate": "2.95", "discountPercent": "8", "discountName":
///      "Commitment discount"}]}
/// "sku" "*" prices every SKU of the meter without a row of its own. "discountPercent" and
/// "discountName" may be absent, and so may, of a row, "model", "tiers" (instead of "rate"),
/// "packageSize", "freeUnits", "minimum", "discounts", and of the plan "discounts" and
/// "commitments": docs/price-plans.md describes them. The version is given when the plan is stored.
/// Errors name the place: "prices[3].rate".
[[nodiscard]] Result<PricePlan> parsePricePlan(std::string_view json);

} // namespace quittance::formats
