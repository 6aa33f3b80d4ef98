#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"
#include "core/domain/decimal.h"
#include "core/domain/time_zone.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Usage events and their daily sums.
///
/// Tables, one set a UTC month, made on demand and listed in usage_partition:
///   usage_event_YYYYMM  PRIMARY KEY (account_id, source_id, event_id): source_id, meter_id,
///   sku_id, project_id (terms of
///                       usage_term), resource, started_at, ended_at, quantity, batch
///   usage_rollup_YYYYMM PRIMARY KEY (account_id, day, meter_id, sku_id, project_id, resource):
///   quantity, events;
///                       days are the account's own; a partition holds the share of its own UTC
///                       month
/// An event that lasts over month ends stands whole in every month that it touches, so that each
/// month can be rated, verified and dropped alone; its share of a window is quantityWithin().
/// usage_month(account_id, month, events): events of each month of the account's calendar, counted
/// once a day as the daily sums count them.
/// usage_batch_counter(account_id, last): every batch of an account takes the next number, so that
/// a bill can name exactly the usage it was made from (batch <= its watermark).
namespace quittance::backend {

struct RefusedEvent {
    std::size_t index = 0; ///< in the batch
    Error error; ///< Conflict: the same id with other content
};

struct BatchReport {
    std::int64_t accepted = 0;
    std::int64_t repeated = 0; ///< the same again: ignored
    std::vector<RefusedEvent> refused;
};

/// What becomes of an event with which the sum of its day is too large (daySumEnd).
enum class SumCheck : std::uint8_t {
    ByDatabase, ///< the whole batch fails with Overflow, and its transaction rolls back
    EachEvent, ///< it is refused alone: each sum is asked for first, so only after the above
};

/// Adds a batch (at most 100,000 events, of any accounts and months) in the caller's transaction:
/// events, and rollups of what is new. Repeats within the batch count as repeats. The accounts must
/// exist.
Result<BatchReport> addUsage(
    database::Transaction& tx, const Context& context, std::span<const UsageEvent> events,
    SumCheck check = SumCheck::ByDatabase
);

/// The daily sums of an account within [first, last], summed over partitions; ordered.
Result<std::vector<UsageRow>> usageRows(
    database::Transaction& tx, AccountId account, Date first, Date last, const TimeZone& zone
);

/// The same sums computed from raw events only, up to a batch watermark.
Result<std::vector<UsageRow>> usageRowsFromEvents(
    database::Transaction& tx, AccountId account, Interval interval, const TimeZone& zone,
    std::optional<std::int64_t> batchMax
);

/// The number of the account's last batch; locks it, so that no batch is added until this
/// transaction ends.
Result<std::int64_t> lockUsage(database::Transaction& tx, AccountId account);

struct UsageMonth {
    Month month; ///< of the account's own calendar
    std::int64_t events = 0; ///< counted once a day
};
/// Every month in which the account has usage, in order. Events are only ever added, so a month
/// with as many as before is the same; nothing else is read.
Result<std::vector<UsageMonth>> usageMonths(database::Transaction& tx, AccountId account);

struct UsageTotal {
    AccountId account = 0;
    std::string accountName;
    std::string meter;
    std::string unit;
    int digits = 0;
    Int128 quantity = 0;
    std::int64_t events = 0;
};
/// From raw events, each counted once; by account and meter.
Result<std::vector<UsageTotal>> usageTotals(database::Transaction& tx);

struct EventFilter {
    AccountId account = 0;
    Interval interval;
    std::string meter;
    std::string sku;
    std::optional<std::int64_t> batchMax;
    std::int64_t batchAfter = 0; ///< only what later batches brought
};
struct EventPage {
    std::vector<UsageEvent> events;
    std::vector<std::int64_t> quantitiesWithin; ///< the share of each event inside the interval
    std::string nextCursor; ///< "" at the end
};
Result<EventPage> usageEvents(
    database::Transaction& tx, const EventFilter& filter, const std::string& cursor, int limit
);

/// How many usageEvents gives in all, in one pass over the account's events of those months.
Result<std::int64_t> countUsageEvents(database::Transaction& tx, const EventFilter& filter);

/// Rollups against raw events, per account and month: one line per difference, naming day, meter,
/// SKU, resource. The counts of months against rollups. And the key of each event against all
/// partitions: one line where two events share one.
Result<std::vector<std::string>> checkUsage(database::Transaction& tx);

[[nodiscard]] database::Migration usageMigration(int number);
[[nodiscard]] database::Migration usageMonthsMigration(int number);

} // namespace quittance::backend
