#pragma once

#include "core/database/database.h"
#include "core/domain/time.h"
#include "core/domain/usage.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
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

/// The daily sums of a batch: an open-addressing table over one array, since it is asked for every
/// event.
class RollupSums {
public:
    RollupSums();
    /// Overflow names the day.
    Result<> add(const RollupSum& part);
    /// Adds all to the stored sums, month by month in the order of their keys.
    Result<> store(database::Transaction& tx);

private:
    [[nodiscard]] std::size_t slotOf(const RollupSum& part) const;
    void grow();

    std::vector<RollupSum> m_sums;
    std::vector<std::uint32_t> m_slots; ///< 0: empty, else 1 + place in m_sums
};

} // namespace quittance::backend
