#pragma once

#include "backend/usage/account_days.h"
#include "core/database/database.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quittance::backend {

/// Words by their numbers, asked for once each.
class TermTexts {
public:
    explicit TermTexts(database::Transaction& tx)
        : m_tx(&tx)
    {
    }
    /// Corrupt where usage names a word that is not there.
    Result<std::string> text(std::int64_t id);

private:
    database::Transaction* m_tx;
    std::unordered_map<std::int64_t, std::string> m_texts;
};

/// A row of a rollup without its words.
struct DayKey {
    Date day;
    std::int64_t meter = 0;
    std::int64_t sku = 0;
    std::int64_t project = 0;
    std::string resource;

    auto operator<=>(const DayKey&) const = default;
};
struct DaySum {
    std::int64_t quantity = 0;
    std::int64_t events = 0;

    bool operator==(const DaySum&) const = default;
};
using DaySums = std::map<DayKey, DaySum>;

/// Raw events of one account: which, and of which batches.
struct EventScan {
    AccountId account = 0;
    Interval window;
    std::optional<std::int64_t> batchMax;
};

/// Adds what the partition's events give to each day inside the scan's window and the partition's
/// own month.
Result<> addEvents(
    database::Transaction& tx, Month partition, const EventScan& scan, AccountDays& days,
    DaySums& sums
);
/// Adds the partition's stored rollup of the days from first to last.
Result<> addRollup(
    database::Transaction& tx, Month partition, AccountId account, Date first, Date last,
    DaySums& sums
);
/// With words, ordered by day, meter, SKU, project, resource.
Result<std::vector<UsageRow>> toRows(TermTexts& texts, const DaySums& sums);

} // namespace quittance::backend
