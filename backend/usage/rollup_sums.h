#pragma once

#include "backend/usage/usage_months.h"
#include "core/database/database.h"
#include "core/domain/time.h"
#include "core/domain/usage.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

namespace quittance::backend {

/// One row of usage_rollup_YYYYMM to be added. `resource` points into the events of the batch.
struct RollupSum {
    Month month;
    AccountId account = 0;
    Date day;
    std::int64_t meter = 0;
    std::int64_t sku = 0;
    std::int64_t project = 0;
    std::string_view resource;
    std::int64_t quantity = 0;
    std::int64_t events = 0;
};

/// What is to be added to the rollup of one month, in the order of its keys.
struct RollupRows {
    Month month;
    database::Columns rows;
};

/// All that one batch adds to sums.
struct RollupBatch {
    std::vector<RollupRows> partitions;
    MonthEvents months;
};

/// The daily sums of a batch: an open-addressing table over one array, since it is asked for every
/// event.
class RollupSums {
public:
    RollupSums();
    /// Overflow names the day where a sum is daySumEnd or more; so does storeRollups().
    Result<> add(const RollupSum& part);
    [[nodiscard]] RollupBatch take();

private:
    [[nodiscard]] std::size_t slotOf(const RollupSum& part) const;
    void grow();

    std::vector<RollupSum> m_sums;
    std::vector<std::uint32_t> m_slots; ///< 0: empty, else 1 + place in m_sums
};

/// Adds all to the stored sums.
Result<> storeRollups(database::Transaction& tx, const RollupBatch& batch);

/// Whether events keep the sums of their days below daySumEnd, stored ones and those of the events
/// before them; each sum is asked for once.
class DayRoom {
public:
    explicit DayRoom(database::Transaction& tx)
        : m_tx(&tx)
    {
    }
    /// Adds the parts of one event, or none of them and false where a sum would reach the end.
    Result<bool> take(const std::vector<RollupSum>& parts);

private:
    using Key = std::tuple<
        Month, AccountId, Date, std::int64_t, std::int64_t, std::int64_t, std::string_view>;
    Result<std::int64_t*> sumOf(const RollupSum& part);

    database::Transaction* m_tx;
    std::map<Key, std::int64_t> m_sums;
};

} // namespace quittance::backend
