#include "backend/billing/billing.h"
#include "backend/billing/corrections.h"
#include "backend/billing/stored_bill.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

Result<EventFilter> eventsOf(database::Transaction& tx, BillId bill, std::int32_t line)
{
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
    const auto& lines = stored.bill.lines;
    const auto found = std::ranges::find(lines, line, &BillLine::number);
    if (found == lines.end())
        return failure(ErrorCode::NotFound, fmt::format("bill {} has no line {}", bill, line));
    EventFilter filter;
    filter.account = stored.bill.summary.account;
    filter.interval = found->period;
    filter.meter = found->meter;
    filter.sku = found->sku;
    filter.batchMax = stored.basis.usageBatch; // what came later is not in this bill
    if (!found->corrects)
        return filter;
    // A correction has what came in since its month was billed last.
    QUITTANCE_TRY(const auto corrected, billing_queries::readBill(tx, found->corrects->bill));
    QUITTANCE_TRY(const auto before, billedBefore(tx, corrected, stored.basis.usageBatch));
    filter.batchAfter = before.usageBatch;
    return filter;
}

} // namespace

Result<EventPage> lineEvents(
    database::Transaction& tx, BillId bill, std::int32_t line, const std::string& cursor, int limit
)
{
    QUITTANCE_TRY(const EventFilter filter, eventsOf(tx, bill, line));
    return usageEvents(tx, filter, cursor, limit);
}

Result<std::int64_t> countLineEvents(database::Transaction& tx, BillId bill, std::int32_t line)
{
    QUITTANCE_TRY(const EventFilter filter, eventsOf(tx, bill, line));
    return countUsageEvents(tx, filter);
}

} // namespace quittance::backend
