#include "backend/usage/partitions.h"

#include "core/database/migration.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace quittance::backend {

namespace {

constexpr int monthsPerYear = 12;

std::string suffix(Month month)
{
    return fmt::format("{:04}{:02}", month.index / monthsPerYear, month.index % monthsPerYear + 1);
}

/// A sum beyond the bound is an error of the statement: SQLite would turn it into a floating-point
/// number.
std::string partitionScript(Month month)
{
    return fmt::format(
        R"(CREATE TABLE {0} (
    account_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    meter_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    resource TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL CHECK (ended_at >= started_at),
    quantity BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    PRIMARY KEY (account_id, source_id, event_id)
) $WITHOUT_ROWID$;
CREATE TABLE {1} (
    account_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    meter_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    resource TEXT NOT NULL,
    quantity BIGINT NOT NULL
        CHECK (quantity > -{2} AND quantity < {2}),
    events BIGINT NOT NULL CHECK (events >= 0),
    PRIMARY KEY (account_id, day, meter_id, sku_id, project_id, resource)
) $WITHOUT_ROWID$;
)",
        eventTable(month), rollupTable(month), daySumEnd
    );
}

} // namespace

Month utcMonthOf(Instant instant)
{
    std::int64_t days = instant.micros / microsPerDay;
    if (instant.micros % microsPerDay < 0)
        --days;
    return monthOf(Date { static_cast<std::int32_t>(days) });
}

Interval utcInterval(Month month)
{
    return { Instant { firstDay(month).days * microsPerDay },
             Instant { firstDay(next(month)).days * microsPerDay } };
}

Interval intersect(Interval a, Interval b)
{
    return { std::max(a.begin, b.begin), std::min(a.end, b.end) };
}

Month lastUtcMonthOf(Instant start, Instant end)
{
    return utcMonthOf(end > start ? Instant { end.micros - 1 } : start);
}

std::string eventTable(Month month)
{
    return "usage_event_" + suffix(month);
}

std::string rollupTable(Month month)
{
    return "usage_rollup_" + suffix(month);
}

Result<std::vector<Month>> usagePartitions(database::Transaction& tx, Month first, Month last)
{
    return tx.queryAll<Month>(
        "SELECT month FROM usage_partition WHERE month BETWEEN $1 AND $2 ORDER BY month",
        { std::int64_t { first.index }, std::int64_t { last.index } },
        [](const database::Row& row) { return Month { row.int32(0) }; }
    );
}

Result<std::vector<Month>> usagePartitions(database::Transaction& tx)
{
    constexpr auto last = std::numeric_limits<std::int32_t>::max();
    return usagePartitions(tx, Month { 0 }, Month { last });
}

Result<> ensureUsagePartition(database::Transaction& tx, Month month)
{
    QUITTANCE_TRY(const auto known, usagePartitions(tx, month, month));
    if (!known.empty())
        return {};
    QUITTANCE_TRY(
        const auto inserted,
        tx.execute(
            "INSERT INTO usage_partition (month) VALUES ($1) ON CONFLICT (month) DO NOTHING",
            { std::int64_t { month.index } }
        )
    );
    if (inserted == 0)
        return {};
    return database::runScript(tx, partitionScript(month));
}

} // namespace quittance::backend
