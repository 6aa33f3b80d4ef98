#pragma once

#include "core/domain/bill.h"
#include "core/domain/price_plan.h"
#include "core/domain/rating/exact.h"
#include "core/domain/time_zone.h"
#include "core/domain/usage.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// Usage x price plan -> priced lines.
///
/// One line for each SKU, meter, plan version and set of discounts that hold on the same days. Its
/// amount comes about in this order, and is rounded half-even once:
///
///   1. allowance    the first `freeUnits` of the month cost nothing
///   2. model        per unit, graduated, volume, package, on what is left
///   3. percentages  of the price row, then of the plan, then of the account; each on what the one
///                   before left, so they multiply
///   4. amounts      of the price row, then of the plan, then of the account; never under zero
///   5. minimum      of the price row: less than it becomes it
///
/// An amount (4) is a month's: lines take from it in their order until it is used up. After all
/// lines, a commitment charges what the rounded amounts of the lines it covers lack to it.
///
/// What a change inside a month does:
/// - Quantities run on. Allowance, tiers, packages and flat amounts of tiers count the month's use
///   of the SKU and meter through all versions: a new version gives no second allowance and starts
///   no tier again, and it charges no flat amount of a tier that use was in already. The whole
///   month's use chooses the tier of a volume price.
/// - Amounts a month (minimum, commitment, amount off) are divided by days: a version in force on
///   days [first, end) of a month of n days has amount * end / n - amount * first / n of it, each
///   rounded down to 1e-9, so that the parts of an unchanged amount sum to it exactly. Parts of one
///   SKU's minimum, and of one commitment, are summed and compared once with the charges of the
///   versions that have it.
/// So a version that changes nothing changes no exact amount.
///
/// A minimum and a commitment are for holding the plan: they are charged without any use, for the
/// days from `RatingInput::heldFrom`.
namespace quittance {

/// Use that no plan version prices; it stays in the usage and is named by every bill run until a
/// plan prices it.
struct UnpricedUsage {
    std::string meter;
    std::string sku;
    std::int64_t quantity = 0;
    std::int64_t events = 0;
    Date firstDay;

    bool operator==(const UnpricedUsage&) const = default;
};

struct RatedUsage {
    std::vector<BillLine>
        lines; ///< ordered by service, name, sku, meter, plan version; numbered from 1
    std::vector<CostRow> costs; ///< ordered by line, day, project, resource
    std::vector<UnpricedUsage> unpriced; ///< ordered by meter, sku
    Money net;

    bool operator==(const RatedUsage&) const = default;
};

struct RatingInput {
    std::span<const UsageRow> usage; ///< in any order; rows of one key may repeat
    std::span<const PricePlan> versions; ///< all versions of the account's plan, in any order
    std::span<const Meter> meters;
    TimeZone zone = TimeZone::utc();
    Month month;
    Currency currency;
    TaxRate tax; ///< of the account, on every line
    std::span<const Discount> discounts {}; ///< of the account, on every line
    std::optional<Date> heldFrom {}; ///< the account has the plan from this day; always where empty
};

/// Pure: no clock, no database. A line that sums to no quantity is left out, but for one that a
/// minimum needs. CurrencyMismatch where a version has another currency; Overflow is a typed error.
[[nodiscard]] Result<RatedUsage> rateUsage(const RatingInput& input);

/// The exact amount of a line, before rounding, as a fraction of minor units.
[[nodiscard]] Result<ExactAmount> exactAmount(const BillLine& line);

/// The steps of a line; those of a line without are units and percentage.
[[nodiscard]] std::vector<PriceStep> stepsOf(const BillLine& line);

/// A step as a person reads it; decimal strings, "" where the kind of step has no such thing.
struct StepArithmetic {
    StepKind kind = StepKind::Units;
    std::int32_t tier = 0;
    std::string name;
    std::string quantity; ///< units sold (at most 6 decimals), packages, or times
    bool quantityIsExact = true;
    std::string size; ///< units sold in a package
    std::string rate; ///< per unit sold, package or tier; the amount of the others
    std::string percent; ///< "8"
    std::string amount; ///< what it adds, at most 9 decimals: "-303.169533334"
};

/// The arithmetic a person reads; each a decimal string. The amounts of the steps sum to `exact`,
/// as shown, and `exact` + `rounding` = `amount`.
struct LineArithmetic {
    std::string meterQuantity; ///< "4624620"
    std::string
        quantity; ///< "1284.6167" (units sold, at most 6 decimals, marked by `quantityIsExact`)
    bool quantityIsExact = true;
    std::string rate; ///< "2.95"; "" on a line with steps of its own, as gross and discount
    std::string gross; ///< quantity x rate, at most 9 decimals
    std::string discount; ///< "" where none
    std::vector<StepArithmetic> steps;
    std::string exact; ///< gross - discount, at most 9 decimals
    std::string rounding; ///< amount - exact
    std::string amount;
};
[[nodiscard]] Result<LineArithmetic> explain(const BillLine& line);

/// Net per tax category and rate, tax on each sum rounded by `rounding`, ordered by category and
/// rate.
[[nodiscard]] Result<std::vector<TaxTotal>>
totalTaxes(std::span<const BillLine> lines, Currency currency, Rounding rounding);

} // namespace quittance
