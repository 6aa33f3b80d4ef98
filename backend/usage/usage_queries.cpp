#include "backend/accounts/accounts.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/day_sums.h"
#include "backend/usage/partitions.h"
#include "backend/usage/terms.h"
#include "backend/usage/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace quittance::backend {

namespace {

using database::Value;

constexpr int pageEventsMax = 10'000;

/// Where a page ended: the next begins behind this key.
struct EventCursor {
    Month partition;
    std::int64_t source = 0;
    std::string id;
};

std::string toText(const EventCursor& cursor)
{
    return fmt::format("{}.{}.{}", cursor.partition.index, cursor.source, cursor.id);
}

template <class Number> bool takeNumber(std::string_view& text, Number& number)
{
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop == end || *stop != '.')
        return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
    return true;
}

Result<EventCursor> parseCursor(std::string_view text)
{
    EventCursor cursor;
    if (!takeNumber(text, cursor.partition.index) || !takeNumber(text, cursor.source))
        return failure(ErrorCode::InvalidArgument, "the cursor of this page of events is not one");
    cursor.id = text;
    return cursor;
}

/// The partition's events of a filter behind a key. An event that began in an earlier partition of
/// the interval was told there.
std::string fromWhere(Month partition, bool byMeter)
{
    return fmt::format(
        " FROM {} WHERE account_id = $1 AND (source_id, event_id) > ($2, $3) "
        "AND started_at < $4 AND (ended_at > $5 OR started_at >= $5) AND started_at >= $6 "
        "AND batch > $7 AND batch <= $8{}",
        eventTable(partition), byMeter ? " AND meter_id = $9 AND sku_id = $10" : ""
    );
}

/// The limit comes behind the filter's own arguments.
std::string pageSql(Month partition, bool byMeter)
{
    return fmt::format(
        "SELECT source_id, event_id, meter_id, sku_id, project_id, resource, started_at, ended_at, "
        "quantity{} ORDER BY source_id, event_id LIMIT ${}",
        fromWhere(partition, byMeter), byMeter ? 11 : 9
    );
}

/// Numbers of the wanted meter and SKU; nothing where no usage has them.
struct WantedTerms {
    std::int64_t meter = 0;
    std::int64_t sku = 0;
};
Result<std::optional<WantedTerms>> findTerms(database::Transaction& tx, const EventFilter& filter)
{
    QUITTANCE_TRY(const auto meter, Terms::find(tx, filter.meter));
    QUITTANCE_TRY(const auto sku, Terms::find(tx, filter.sku));
    if (!meter || !sku)
        return std::optional<WantedTerms>();
    return std::optional(WantedTerms { *meter, *sku });
}

/// An event as it is stored, before its words are looked up: no second statement runs while rows
/// stream.
struct StoredEvent {
    std::int64_t source = 0;
    std::int64_t meter = 0;
    std::int64_t sku = 0;
    std::int64_t project = 0;
    UsageEvent event;
};

/// The arguments of fromWhere.
std::vector<Value>
whereArgs(const EventFilter& filter, const WantedTerms& terms, const EventCursor& from)
{
    const Month first = utcMonthOf(filter.interval.begin);
    std::vector<Value> args {
        filter.account,
        from.source,
        from.id,
        filter.interval.end.micros,
        filter.interval.begin.micros,
        from.partition == first ? 0 : utcInterval(from.partition).begin.micros,
        filter.batchAfter,
        filter.batchMax.value_or(std::numeric_limits<std::int64_t>::max()),
    };
    if (!filter.meter.empty())
        args.insert(args.end(), { terms.meter, terms.sku });
    return args;
}

StoredEvent storedEvent(const database::Row& row)
{
    StoredEvent stored;
    int column = 0;
    stored.source = row.integer(column++);
    stored.event.id = row.string(column++);
    stored.meter = row.integer(column++);
    stored.sku = row.integer(column++);
    stored.project = row.integer(column++);
    stored.event.resource = row.string(column++);
    stored.event.start = Instant { row.integer(column++) };
    stored.event.end = Instant { row.integer(column++) };
    stored.event.quantity = row.integer(column++);
    return stored;
}

/// Collects one page over partitions.
class PageReader {
public:
    PageReader(
        database::Transaction& tx, const EventFilter& filter, WantedTerms terms, std::size_t limit
    )
        : m_tx(&tx)
        , m_filter(&filter)
        , m_terms(terms)
        , m_limit(limit)
        , m_texts(tx)
    {
    }

    Result<EventPage> read(const EventCursor& from)
    {
        const Month last = lastUtcMonthOf(m_filter->interval.begin, m_filter->interval.end);
        QUITTANCE_TRY(const auto partitions, usagePartitions(*m_tx, from.partition, last));
        for (const Month partition : partitions) {
            const bool isResumed = partition == from.partition;
            QUITTANCE_CHECK(readFrom(isResumed ? from : EventCursor { partition, 0, "" }));
            if (!m_page.nextCursor.empty())
                break;
        }
        return std::move(m_page);
    }

private:
    Result<> readFrom(const EventCursor& from)
    {
        std::vector<Value> args = whereArgs(*m_filter, m_terms, from);
        args.emplace_back(static_cast<std::int64_t>(m_limit + 1 - m_page.events.size()));
        std::vector<StoredEvent> rows;
        const auto taken = m_tx->query(
            pageSql(from.partition, !m_filter->meter.empty()), args,
            [&](const database::Row& row) -> Result<> {
                rows.push_back(storedEvent(row));
                return {};
            }
        );
        QUITTANCE_CHECK(taken);
        for (StoredEvent& row : rows)
            QUITTANCE_CHECK(append(from.partition, row));
        return {};
    }

    Result<> append(Month partition, StoredEvent& row)
    {
        if (m_page.events.size() == m_limit) {
            m_page.nextCursor = toText(m_end);
            return {};
        }
        m_end = { partition, row.source, row.event.id };
        UsageEvent& event = row.event;
        event.account = m_filter->account;
        QUITTANCE_TRY(event.source, m_texts.text(row.source));
        QUITTANCE_TRY(event.meter, m_texts.text(row.meter));
        QUITTANCE_TRY(event.sku, m_texts.text(row.sku));
        QUITTANCE_TRY(event.project, m_texts.text(row.project));
        m_page.quantitiesWithin.push_back(
            quantityWithin(event.start, event.end, event.quantity, m_filter->interval)
        );
        m_page.events.push_back(std::move(event));
        return {};
    }

    database::Transaction* m_tx;
    const EventFilter* m_filter;
    WantedTerms m_terms;
    std::size_t m_limit;
    TermTexts m_texts;
    EventPage m_page;
    EventCursor m_end;
};

struct Total {
    Int128 quantity = 0;
    std::int64_t events = 0;
};
using Totals = std::map<std::pair<AccountId, std::int64_t>, Total>;

/// Every event counts in the month of its start only. Quantities are summed in two halves, neither
/// of which leaves 64 bits.
Result<> addTotals(database::Transaction& tx, Month partition, Totals& totals)
{
    constexpr std::int64_t half = 1'000'000'000;
    return tx.query(
        fmt::format(
            "SELECT account_id, meter_id, CAST(SUM(quantity / {1}) AS BIGINT), "
            "CAST(SUM(quantity % {1}) AS BIGINT), COUNT(*) FROM {0} "
            "WHERE started_at >= $1 GROUP BY account_id, meter_id",
            eventTable(partition), half
        ),
        { utcInterval(partition).begin.micros },
        [&](const database::Row& row) -> Result<> {
            Total& total = totals[{ row.integer(0), row.integer(1) }];
            total.quantity += Int128 { row.integer(2) } * half + row.integer(3);
            total.events += row.integer(4);
            return {};
        }
    );
}

} // namespace

Result<std::vector<UsageRow>>
usageRows(database::Transaction& tx, AccountId account, Date first, Date last, const TimeZone& zone)
{
    const Instant begin = zone.startOf(first);
    const Instant end = zone.startOf(Date { last.days + 1 });
    QUITTANCE_TRY(
        const auto partitions, usagePartitions(tx, utcMonthOf(begin), lastUtcMonthOf(begin, end))
    );
    DaySums sums;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(addRollup(tx, partition, account, first, last, sums));
    TermTexts texts(tx);
    return toRows(texts, sums);
}

Result<std::vector<UsageRow>> usageRowsFromEvents(
    database::Transaction& tx, AccountId account, Interval interval, const TimeZone& zone,
    std::optional<std::int64_t> batchMax
)
{
    QUITTANCE_TRY(
        const auto partitions,
        usagePartitions(
            tx, utcMonthOf(interval.begin), lastUtcMonthOf(interval.begin, interval.end)
        )
    );
    DaySums sums;
    AccountDays days(zone);
    for (const Month partition : partitions)
        QUITTANCE_CHECK(addEvents(tx, partition, { account, interval, batchMax }, days, sums));
    TermTexts texts(tx);
    return toRows(texts, sums);
}

Result<std::int64_t> lockUsage(database::Transaction& tx, AccountId account)
{
    return tx.queryInteger(
        "INSERT INTO usage_batch_counter (account_id, last) VALUES ($1, 0) "
        "ON CONFLICT (account_id) DO UPDATE SET last = usage_batch_counter.last RETURNING last",
        { account }
    );
}

Result<std::vector<UsageTotal>> usageTotals(database::Transaction& tx)
{
    QUITTANCE_TRY(const auto partitions, usagePartitions(tx));
    Totals totals;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(addTotals(tx, partition, totals));
    QUITTANCE_TRY(const auto meters, listMeters(tx));
    TermTexts texts(tx);
    std::vector<UsageTotal> list;
    list.reserve(totals.size());
    for (const auto& [key, sum] : totals) {
        UsageTotal total;
        total.account = key.first;
        QUITTANCE_TRY(const auto account, findAccount(tx, key.first));
        total.accountName = account.name;
        QUITTANCE_TRY(total.meter, texts.text(key.second));
        if (const auto meter = std::ranges::find(meters, total.meter, &Meter::name);
            meter != meters.end()) {
            total.unit = meter->unit;
            total.digits = meter->digits;
        }
        total.quantity = sum.quantity;
        total.events = sum.events;
        list.push_back(std::move(total));
    }
    std::ranges::sort(list, [](const UsageTotal& a, const UsageTotal& b) {
        return std::tie(a.account, a.meter) < std::tie(b.account, b.meter);
    });
    return list;
}

Result<EventPage> usageEvents(
    database::Transaction& tx, const EventFilter& filter, const std::string& cursor, int limit
)
{
    if (limit < 1 || limit > pageEventsMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("a page of {} events; 1 to {} are allowed", limit, pageEventsMax)
        );
    EventCursor from { utcMonthOf(filter.interval.begin), 0, "" };
    if (!cursor.empty()) {
        QUITTANCE_TRY(from, parseCursor(cursor));
    }
    QUITTANCE_TRY(const auto terms, findTerms(tx, filter));
    if (!terms)
        return EventPage {};
    return PageReader(tx, filter, *terms, static_cast<std::size_t>(limit)).read(from);
}

Result<std::int64_t> countUsageEvents(database::Transaction& tx, const EventFilter& filter)
{
    QUITTANCE_TRY(const auto terms, findTerms(tx, filter));
    if (!terms)
        return std::int64_t { 0 };
    const Interval& interval = filter.interval;
    QUITTANCE_TRY(
        const auto partitions,
        usagePartitions(
            tx, utcMonthOf(interval.begin), lastUtcMonthOf(interval.begin, interval.end)
        )
    );
    std::int64_t count = 0;
    for (const Month partition : partitions) {
        std::int64_t found = 0;
        const std::string sql = "SELECT COUNT(*)" + fromWhere(partition, !filter.meter.empty());
        QUITTANCE_CHECK(tx.query(
            sql, whereArgs(filter, *terms, { partition, 0, "" }),
            [&](const database::Row& row) -> Result<> {
                found = row.integer(0);
                return {};
            }
        ));
        count += found;
    }
    return count;
}

} // namespace quittance::backend
