#pragma once

#include "core/database/database.h"
#include "core/domain/time.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <map>
#include <utility>

/// usage_month(account_id, month, events): how many events each month of an account has, counted
/// once a day as its daily sums count them. It says whether a month has grown without a look at
/// its partitions.
namespace quittance::backend {

using MonthEvents = std::map<std::pair<AccountId, Month>, std::int64_t>;

/// Adds to the stored counts.
Result<> storeMonthEvents(database::Transaction& tx, const MonthEvents& events);
/// Adds what the daily sums of one partition count.
Result<> addMonthEvents(database::Transaction& tx, Month partition, MonthEvents& events);
Result<MonthEvents> storedMonthEvents(database::Transaction& tx);

} // namespace quittance::backend
