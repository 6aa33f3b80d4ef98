#pragma once

#include "core/domain/money.h"
#include "core/domain/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quittance {

/// How a row prices what is left of a month's use after its allowance.
enum class PriceModel : std::uint8_t {
    PerUnit = 1, ///< every unit at `Price::rate`
    Graduated = 2, ///< each tier prices the units that lie inside it
    Volume = 3, ///< the tier that the month's whole quantity falls in prices all of it
    Package = 4, ///< started packages of `Price::packageSize` units at `Price::rate` each
};

[[nodiscard]] std::string_view wireName(PriceModel model
); ///< "per-unit", "graduated", "volume", "package"
[[nodiscard]] Result<PriceModel> priceModelFromWireName(std::string_view name);

/// The units after the tier before, up to and with `upTo`.
struct PriceTier {
    std::optional<std::int64_t> upTo; ///< units sold in a month; none in the last tier
    Rate rate; ///< per unit sold
    Rate flat; ///< once a month: graduated, when use enters the tier; volume, for the chosen tier

    bool operator==(const PriceTier&) const = default;
};

/// A percentage or an amount a month, one of the two. Days are the account's own; a window that
/// opens or closes inside a month cuts the lines at that day, and an amount is divided by days.
struct Discount {
    std::string name; ///< "Launch offer": what the bill prints
    std::int64_t millionths = 0; ///< 80'000 = 8%; 0 where it is an amount
    Rate amount; ///< a month; 0 where it is a percentage
    std::optional<Date> from; ///< the first day with it
    std::optional<Date> until; ///< the first day without it

    bool operator==(const Discount&) const = default;
};

/// The price of one SKU on one meter: allowance, model, discounts, minimum, in this order. How a
/// line's amount comes about, and what a change inside the month does, is said in
/// core/domain/rating/rating.h. What "a month" counts belongs to the SKU and meter: where "*"
/// prices, each SKU has its own.
struct Price {
    std::string
        sku; ///< matched exactly; "*" prices every SKU of the meter that no exact row prices
    std::string meter;
    std::string service; ///< "GPU pods": what costs are grouped by
    std::string name; ///< "H100 pods, on demand": what the bill prints
    std::string unit; ///< the unit sold, "GPU-h"
    std::int64_t per
        = 1; ///< how many of the meter's units make one unit sold: 3600 GPU-s = 1 GPU-h
    Rate rate; ///< per unit sold, or per package; 0 where there are tiers
    std::int64_t discountMillionths = 0; ///< 80'000 = 8%; 0 to 1'000'000
    std::string discountName {}; ///< "Commitment discount"; needed where there is a discount
    PriceModel model = PriceModel::PerUnit;
    std::vector<PriceTier> tiers {}; ///< of Graduated and Volume
    std::int64_t packageSize = 0; ///< of Package, in units sold
    std::int64_t freeUnits = 0; ///< units sold of a month that cost nothing
    Rate minimum {}; ///< a month; 0: none. Not for "*", which is no SKU that an account could hold.
    std::vector<Discount> discounts {}; ///< after the one above, with windows or amounts

    bool operator==(const Price&) const = default;
};

/// An amount a month that an account promises to use. What the lines that it covers lack to it is
/// charged on a line of its own.
struct Commitment {
    std::string sku; ///< of that line; unique, and what makes it the same one in the next version
    std::string name; ///< what the bill prints
    std::string service; ///< what costs are grouped by
    Rate amount; ///< a month
    std::vector<std::string> services {}; ///< it covers lines of these services
    std::vector<std::string> skus {}; ///< and of these SKUs; all lines where both are empty

    bool operator==(const Commitment&) const = default;
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
    std::vector<Discount> discounts {}; ///< on every line, after those of its price
    std::vector<Commitment> commitments {};

    bool operator==(const PricePlan&) const = default;
};

/// The exact row for (sku, meter), or the meter's "*" row; nullptr where neither exists.
[[nodiscard]] const Price*
findPrice(const PricePlan& plan, std::string_view sku, std::string_view meter);

/// Whether it has more than rates and one percentage a row: another model, allowance, minimum,
/// discount with a window or amount, commitment.
[[nodiscard]] bool usesModels(const PricePlan& plan);
[[nodiscard]] bool usesModel(const Price& price); ///< but for its discounts

/// InvalidArgument naming the row and field: duplicates, per < 1, negative rates, tiers that do not
/// rise or have an end, a discount without a name or that is both percentage and amount, a
/// commitment to what no row prices.
[[nodiscard]] Result<> validate(const PricePlan& plan);

} // namespace quittance
