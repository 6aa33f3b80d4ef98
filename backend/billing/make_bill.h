#pragma once

#include "backend/billing/stored_bill.h"
#include "core/domain/price_plan.h"
#include "core/domain/rating/rating.h"

#include <optional>
#include <span>
#include <vector>

/// An account's month to a bill: reading what it depends on, and the pure steps between.
namespace quittance::backend {

/// What makes an account's month, read once.
struct MonthOfUse {
    TimeZone zone = TimeZone::utc();
    Interval period;
    std::vector<UsageRow> usage;
    std::vector<PricePlan> versions;
    std::vector<Meter> meters;
    std::int64_t usageEvents = 0;
    Date heldFrom; ///< the account's first day: minimums and commitments begin with it
};

/// From the daily sums, with all versions of this plan, at this moment.
Result<MonthOfUse> readMonth(
    database::Transaction& tx, const AccountRecord& account, Month month, const std::string& plan
);
Result<RatedUsage>
rateMonth(const MonthOfUse& month, Month calendarMonth, Currency currency, const TaxRate& tax);

/// Lines, taxes, totals and cost rows into the bill. CurrencyMismatch, Overflow.
Result<> setAmounts(StoredBill& stored, RatedUsage rated);
/// The versions, each once, that priced lines of the bill, with the hashes of what they say now.
[[nodiscard]] std::vector<BilledPlan>
plansOf(std::span<const BillLine> lines, std::span<const PricePlan> versions);
/// SHA-256 over every field of the version, prices ordered by meter and SKU. Models, discounts with
/// windows or amounts, and commitments are in it where there are any, so that plans without have
/// the hash that they had before those existed.
[[nodiscard]] database::Bytes hashOf(const PricePlan& version);
[[nodiscard]] database::Bytes sha256(std::string_view bytes);
[[nodiscard]] std::int32_t newestVersion(std::span<const PricePlan> versions
); ///< 0 where there is none

} // namespace quittance::backend
