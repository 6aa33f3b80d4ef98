#include "backend/usage/usage_months.h"

#include "backend/usage/partitions.h"
#include "backend/usage/usage.h"

#include <fmt/format.h>

namespace quittance::backend {

Result<> storeMonthEvents(database::Transaction& tx, const MonthEvents& events)
{
    using Type = database::Columns::Type;
    database::Columns rows({ { "account_id", Type::Integer, {}, {}, {} },
                             { "month", Type::Integer, {}, {}, {} },
                             { "events", Type::Integer, {}, {}, {} } });
    for (const auto& [key, count] : events) {
        std::size_t column = 0;
        rows[column++].add(key.first);
        rows[column++].add(std::int64_t { key.second.index });
        rows[column++].add(count);
    }
    if (events.empty())
        return {};
    QUITTANCE_CHECK(tx.bulkInsert(
        "usage_month", rows,
        { database::OnConflict::Action::Add, { "account_id", "month" }, { "events" } }
    ));
    return {};
}

Result<> addMonthEvents(database::Transaction& tx, Month partition, MonthEvents& events)
{
    return tx.query(
        fmt::format(
            "SELECT account_id, day, CAST(SUM(events) AS BIGINT) FROM {} GROUP BY account_id, day",
            rollupTable(partition)
        ),
        {},
        [&](const database::Row& row) -> Result<> {
            events[{ row.integer(0), monthOf(Date { row.int32(1) }) }] += row.integer(2);
            return {};
        }
    );
}

Result<MonthEvents> storedMonthEvents(database::Transaction& tx)
{
    MonthEvents events;
    QUITTANCE_CHECK(tx.query(
        "SELECT account_id, month, events FROM usage_month", {},
        [&](const database::Row& row) -> Result<> {
            events[{ row.integer(0), Month { row.int32(1) } }] = row.integer(2);
            return {};
        }
    ));
    return events;
}

Result<std::vector<UsageMonth>> usageMonths(database::Transaction& tx, AccountId account)
{
    return tx.queryAll<UsageMonth>(
        "SELECT month, events FROM usage_month WHERE account_id = $1 ORDER BY month", { account },
        [](const database::Row& row) {
            return UsageMonth { Month { row.int32(0) }, row.integer(1) };
        }
    );
}

} // namespace quittance::backend
