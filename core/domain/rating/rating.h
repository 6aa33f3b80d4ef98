#pragma once

#include "core/domain/bill.h"
#include "core/domain/price_plan.h"
#include "core/domain/time_zone.h"
#include "core/domain/usage.h"

#include <span>
#include <string>
#include <vector>

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
};

/// Usage x price plan -> priced lines. Pure: no clock, no database. A plan version that begins
/// inside the month splits the line at its effective day. Each line is exact in 128 bits and
/// rounded half-even once; a line that sums to no quantity is left out. CurrencyMismatch where a
/// version has another currency; Overflow is a typed error.
[[nodiscard]] Result<RatedUsage> rateUsage(const RatingInput& input);

/// The exact amount of quantity x rate - discount, before rounding, as a fraction of minor units.
/// numerator / denominator; denominator > 0.
struct ExactAmount {
    Int128 numerator = 0;
    Int128 denominator = 1;
};
[[nodiscard]] Result<ExactAmount> exactAmount(const BillLine& line);

/// The steps a person reads: quantity sold, gross, discount, exact amount, rounding, amount; each a
/// decimal string.
struct LineArithmetic {
    std::string meterQuantity; ///< "4624620"
    std::string
        quantity; ///< "1284.6167" (units sold, at most 6 decimals, marked by `quantityIsExact`)
    bool quantityIsExact = true;
    std::string rate; ///< "2.95"
    std::string gross; ///< quantity x rate, at most 9 decimals
    std::string discount; ///< "" where none
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
