#include "backend/usage/day_sums.h"

#include "backend/usage/partitions.h"
#include "backend/usage/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace quittance::backend {

namespace {

Result<> addTo(DaySums& sums, const DayKey& key, std::int64_t quantity, std::int64_t events)
{
    DaySum& sum = sums[key];
    sum.events += events;
    if (__builtin_add_overflow(sum.quantity, quantity, &sum.quantity))
        return failure(
            ErrorCode::Overflow, fmt::format("the usage on {} leaves 64 bits", toText(key.day))
        );
    return {};
}

} // namespace

Result<std::string> TermTexts::text(std::int64_t id)
{
    if (id == noTerm)
        return std::string();
    const auto known = m_texts.find(id);
    if (known != m_texts.end())
        return known->second;
    auto found = m_tx->queryText("SELECT text FROM usage_term WHERE id = $1", { id });
    if (!found && found.error().code == ErrorCode::NotFound)
        return failure(ErrorCode::Corrupt, fmt::format("usage_term {} is missing", id));
    if (found)
        m_texts.emplace(id, *found);
    return found;
}

Result<> addEvents(
    database::Transaction& tx, Month partition, const EventScan& scan, AccountDays& days,
    DaySums& sums
)
{
    const Interval window = intersect(scan.window, utcInterval(partition));
    DayKey key;
    const auto addEvent = [&](const database::Row& row) -> Result<> {
        int column = 0;
        key.meter = row.integer(column++);
        key.sku = row.integer(column++);
        key.project = row.integer(column++);
        key.resource = row.text(column++);
        const Instant start { row.integer(column++) };
        const Instant end { row.integer(column++) };
        Result<> added;
        forEachDay(
            { start, end, row.integer(column++) }, window, days,
            [&](Date day, std::int64_t quantity, std::int64_t events) {
                key.day = day;
                if (auto done = addTo(sums, key, quantity, events); !done)
                    added = std::move(done);
            }
        );
        return added;
    };
    return tx.query(
        fmt::format(
            "SELECT meter_id, sku_id, project_id, resource, started_at, ended_at, quantity FROM {} "
            "WHERE account_id = $1 AND batch <= $2 AND started_at < $3 "
            "AND (ended_at > $4 OR started_at >= $4)",
            eventTable(partition)
        ),
        { scan.account, scan.batchMax.value_or(std::numeric_limits<std::int64_t>::max()),
          window.end.micros, window.begin.micros },
        addEvent
    );
}

Result<> addRollup(
    database::Transaction& tx, Month partition, AccountId account, Date first, Date last,
    DaySums& sums
)
{
    return tx.query(
        fmt::format(
            "SELECT day, meter_id, sku_id, project_id, resource, quantity, events FROM {} "
            "WHERE account_id = $1 AND day BETWEEN $2 AND $3",
            rollupTable(partition)
        ),
        { account, std::int64_t { first.days }, std::int64_t { last.days } },
        [&](const database::Row& row) {
            int column = 0;
            DayKey key;
            key.day = Date { row.int32(column++) };
            key.meter = row.integer(column++);
            key.sku = row.integer(column++);
            key.project = row.integer(column++);
            key.resource = row.text(column++);
            const std::int64_t quantity = row.integer(column++);
            return addTo(sums, key, quantity, row.integer(column++));
        }
    );
}

Result<std::vector<UsageRow>> toRows(TermTexts& texts, const DaySums& sums)
{
    std::vector<UsageRow> rows;
    rows.reserve(sums.size());
    for (const auto& [key, sum] : sums) {
        UsageRow row;
        row.day = key.day;
        QUITTANCE_TRY(row.meter, texts.text(key.meter));
        QUITTANCE_TRY(row.sku, texts.text(key.sku));
        QUITTANCE_TRY(row.project, texts.text(key.project));
        row.resource = key.resource;
        row.quantity = sum.quantity;
        row.events = sum.events;
        rows.push_back(std::move(row));
    }
    std::ranges::sort(rows, [](const UsageRow& a, const UsageRow& b) {
        const auto key = [](const UsageRow& row) {
            return std::tie(row.day, row.meter, row.sku, row.project, row.resource);
        };
        return key(a) < key(b);
    });
    return rows;
}

} // namespace quittance::backend
