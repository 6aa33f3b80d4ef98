#pragma once

#include "core/domain/money.h"
#include "core/domain/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quittance {

/// The price of one SKU on one meter. amount = quantity / per * rate - discount, rounded half-even
/// once a line.
struct Price {
    std::string
        sku; ///< matched exactly; "*" prices every SKU of the meter that no exact row prices
    std::string meter;
    std::string service; ///< "GPU pods": what costs are grouped by
    std::string name; ///< "H100 pods, on demand": what the bill prints
    std::string unit; ///< the unit sold, "GPU-h"
    std::int64_t per
        = 1; ///< how many of the meter's units make one unit sold: 3600 GPU-s = 1 GPU-h
    Rate rate; ///< per unit sold
    std::int64_t discountMillionths = 0; ///< 80'000 = 8%; 0 to 1'000'000
    std::string discountName; ///< "Commitment discount"; needed where there is a discount

    bool operator==(const Price&) const = default;
};

/// One version of a plan, valid from the start of `effective` in the account's zone until the next
/// version.
struct PricePlan {
    std::string code; ///< "standard"
    std::int32_t version = 0; ///< 1, 2, ... by effective date
    Date effective;
    Currency currency;
    std::string name;
    std::vector<Price> prices;

    bool operator==(const PricePlan&) const = default;
};

/// The exact row for (sku, meter), or the meter's "*" row; nullptr where neither exists.
[[nodiscard]] const Price*
findPrice(const PricePlan& plan, std::string_view sku, std::string_view meter);

/// InvalidArgument naming the row and field: duplicates, per < 1, negative rates, a discount
/// without a name.
[[nodiscard]] Result<> validate(const PricePlan& plan);

} // namespace quittance
