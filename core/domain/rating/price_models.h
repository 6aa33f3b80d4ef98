#pragma once

#include "core/domain/bill.h"
#include "core/domain/price_plan.h"

#include <vector>

namespace quittance {

/// Where a part of a month's use stands on the month's counter of its SKU and meter, in
/// 10^-meterDigits of the meter's unit. The counter runs through every plan version of the month
/// that prices the SKU, so that no change inside a month gives an allowance or a first tier twice.
struct CounterPart {
    Int128 before = 0; ///< the part's first unit is the one after this
    Int128 after = 0; ///< and its last unit is this one; less than `before` for corrections
    Int128 month = 0; ///< the whole month's use: what a volume tier is chosen by
    int meterDigits = 0;
};

/// The steps of allowance and model for one part: what the counter at `after` costs less what it
/// costs at `before`. A counter below zero costs what its positive would, negated, without flat
/// amounts. Overflow.
[[nodiscard]] Result<std::vector<PriceStep>>
modelSteps(const Price& price, const CounterPart& part);

} // namespace quittance
