#pragma once

#include "core/database/database.h"
#include "core/domain/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The tables of usage, one pair a UTC month, and the catalogue that lists them.
namespace quittance::backend {

/// How far apart (in months) two events with one identity can start and still both lie inside the
/// window of intake (35 days back to 5 minutes ahead): 31 January and 5 March.
constexpr int identityWindowMonths = 2;

/// A sum of a day stays below this, so that one event more cannot take it out of 64 bits, which
/// SQLite would turn into a floating-point number.
constexpr std::int64_t daySumEnd = 9'000'000'000'000'000'000;

[[nodiscard]] Month utcMonthOf(Instant instant);
[[nodiscard]] Interval utcInterval(Month month);
[[nodiscard]] Interval
intersect(Interval a, Interval b); ///< empty (end <= begin) where they do not meet
/// The last month that an event from `start` to `end` touches.
[[nodiscard]] Month lastUtcMonthOf(Instant start, Instant end);

[[nodiscard]] std::string eventTable(Month month); ///< "usage_event_202311"
[[nodiscard]] std::string rollupTable(Month month); ///< "usage_rollup_202311"

/// Months from first to last that have tables, in order.
Result<std::vector<Month>> usagePartitions(database::Transaction& tx, Month first, Month last);
Result<std::vector<Month>> usagePartitions(database::Transaction& tx);
/// Makes the month's tables where it has none. Two transactions that do so at once wait for each
/// other at the catalogue.
Result<> ensureUsagePartition(database::Transaction& tx, Month month);

} // namespace quittance::backend
