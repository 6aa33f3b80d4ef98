#include "backend/accounts/accounts.h"
#include "backend/usage/day_sums.h"
#include "backend/usage/partitions.h"
#include "backend/usage/usage.h"
#include "backend/usage/usage_months.h"

#include <fmt/format.h>

#include <limits>
#include <span>
#include <utility>

namespace quittance::backend {

namespace {

/// Everybody who has usage, or whose usage is named by a rollup of the partition.
Result<std::vector<AccountId>> accountsToCheck(database::Transaction& tx, Month partition)
{
    return tx.queryAll<AccountId>(
        fmt::format(
            "SELECT account_id FROM usage_batch_counter UNION SELECT account_id FROM {} ORDER BY 1",
            rollupTable(partition)
        ),
        {}, [](const database::Row& row) { return row.integer(0); }
    );
}

class PartitionCheck {
public:
    PartitionCheck(database::Transaction& tx, Month partition, std::vector<std::string>& faults)
        : m_tx(&tx)
        , m_partition(partition)
        , m_texts(tx)
        , m_faults(&faults)
    {
    }

    Result<> check(const AccountRecord& account)
    {
        QUITTANCE_TRY(auto zone, TimeZone::find(account.timeZone));
        AccountDays days(std::move(zone));
        DaySums fromEvents;
        QUITTANCE_CHECK(addEvents(
            *m_tx, m_partition, { account.id, utcInterval(m_partition), std::nullopt }, days,
            fromEvents
        ));
        DaySums stored;
        constexpr auto lowest = std::numeric_limits<std::int32_t>::min();
        constexpr auto highest = std::numeric_limits<std::int32_t>::max();
        QUITTANCE_CHECK(
            addRollup(*m_tx, m_partition, account.id, Date { lowest }, Date { highest }, stored)
        );
        for (const auto& [key, sum] : fromEvents) {
            const auto found = stored.find(key);
            const DaySum rollup = found == stored.end() ? DaySum {} : found->second;
            if (rollup != sum)
                QUITTANCE_CHECK(addFault(account, key, rollup, sum));
        }
        for (const auto& [key, sum] : stored) {
            if (!fromEvents.contains(key))
                QUITTANCE_CHECK(addFault(account, key, sum, DaySum {}));
        }
        return {};
    }

private:
    Result<> addFault(
        const AccountRecord& account, const DayKey& key, const DaySum& rollup, const DaySum& events
    )
    {
        QUITTANCE_TRY(const auto meter, m_texts.text(key.meter));
        QUITTANCE_TRY(const auto sku, m_texts.text(key.sku));
        QUITTANCE_TRY(const auto project, m_texts.text(key.project));
        m_faults->push_back(fmt::format(
            "rollup {} of account '{}', day {}, meter '{}', SKU '{}', project '{}', resource "
            "'{}': stored {} of {} events, raw usage events give {} of {} events",
            rollupTable(m_partition), account.name, toText(key.day), meter, sku, project,
            key.resource, rollup.quantity, rollup.events, events.quantity, events.events
        ));
        return {};
    }

    database::Transaction* m_tx;
    Month m_partition;
    TermTexts m_texts;
    std::vector<std::string>* m_faults;
};

Result<>
checkPartition(database::Transaction& tx, Month partition, std::vector<std::string>& faults)
{
    QUITTANCE_TRY(const auto accounts, accountsToCheck(tx, partition));
    PartitionCheck check(tx, partition, faults);
    for (const AccountId id : accounts) {
        const auto account = findAccount(tx, id);
        if (!account && account.error().code == ErrorCode::NotFound) {
            faults.push_back(
                fmt::format("{} names account {}, which does not exist", rollupTable(partition), id)
            );
            continue;
        }
        if (!account)
            return failure(account.error());
        QUITTANCE_CHECK(check.check(*account));
    }
    return {};
}

/// Faults of one kind that are named one by one.
constexpr std::size_t equalKeysMax = 20;

/// An event as one partition has it.
struct KeptEvent {
    AccountId account = 0;
    std::int64_t source = 0;
    std::string id;
    std::vector<std::int64_t> numbers; ///< meter, SKU, project, start, end, quantity
    std::string resource;
    Month partition;
};

KeptEvent keptEvent(const database::Row& row)
{
    int column = 0;
    KeptEvent event;
    event.account = row.integer(column++);
    event.source = row.integer(column++);
    event.id = row.string(column++);
    event.resource = row.string(column++);
    event.partition = Month { row.int32(column++) };
    for (int i = 0; i < 6; ++i)
        event.numbers.push_back(row.integer(column++));
    return event;
}

/// All partitions in the order of keys. Each is stored in this order, so they are merged as they
/// are read.
std::string allEventsSql(std::span<const Month> partitions)
{
    std::string sql;
    for (const Month partition : partitions)
        sql += fmt::format(
            "{}SELECT account_id, source_id, event_id, resource, {}, meter_id, sku_id, project_id, "
            "started_at, ended_at, quantity FROM {}",
            sql.empty() ? "" : " UNION ALL ", partition.index, eventTable(partition)
        );
    return sql + " ORDER BY 1, 2, 3";
}

/// Two events under one key: intake looks for its key near an event and in the months that it
/// touches, and whoever writes to the database looks nowhere.
struct EqualKeys {
    KeptEvent first;
    Month other;
};

/// The first of them, and how many more there are.
struct FoundKeys {
    std::vector<EqualKeys> named;
    std::int64_t more = 0;
};

Result<FoundKeys> findEqualKeys(database::Transaction& tx, std::span<const Month> partitions)
{
    FoundKeys found;
    KeptEvent before;
    QUITTANCE_CHECK(tx.query(allEventsSql(partitions), {}, [&](const auto& row) -> Result<> {
        KeptEvent event = keptEvent(row);
        const bool isSameKey = event.account == before.account && event.source == before.source
            && event.id == before.id;
        if (!isSameKey)
            before = std::move(event);
        else if (event.numbers == before.numbers && event.resource == before.resource)
            return {}; // one event that lasts over the month's end
        else if (found.named.size() < equalKeysMax)
            found.named.push_back({ before, event.partition });
        else
            ++found.more;
        return {};
    }));
    return found;
}

Result<> checkKeys(
    database::Transaction& tx, std::span<const Month> partitions, std::vector<std::string>& faults
)
{
    if (partitions.size() < 2)
        return {};
    QUITTANCE_TRY(const auto found, findEqualKeys(tx, partitions));
    TermTexts texts(tx);
    for (const EqualKeys& keys : found.named) {
        QUITTANCE_TRY(const auto source, texts.text(keys.first.source));
        faults.push_back(fmt::format(
            "event '{}' of source '{}' of account {} stands in {} and with other content in {}",
            keys.first.id, source, keys.first.account, eventTable(keys.first.partition),
            eventTable(keys.other)
        ));
    }
    if (found.more > 0)
        faults.push_back(fmt::format("{} more events share a key with another", found.more));
    return {};
}

Result<> checkMonths(
    database::Transaction& tx, std::span<const Month> partitions, std::vector<std::string>& faults
)
{
    MonthEvents summed;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(addMonthEvents(tx, partition, summed));
    QUITTANCE_TRY(MonthEvents stored, storedMonthEvents(tx));
    for (const auto& [key, events] : summed)
        stored.try_emplace(key, 0);
    for (const auto& [key, events] : stored) {
        const auto found = summed.find(key);
        const std::int64_t expected = found == summed.end() ? 0 : found->second;
        if (events != expected)
            faults.push_back(fmt::format(
                "usage_month of account {}, {}: {} events, its daily sums have {}", key.first,
                toText(key.second), events, expected
            ));
    }
    return {};
}

} // namespace

Result<std::vector<std::string>> checkUsage(database::Transaction& tx)
{
    QUITTANCE_TRY(const auto partitions, usagePartitions(tx));
    std::vector<std::string> faults;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(checkPartition(tx, partition, faults));
    QUITTANCE_CHECK(checkMonths(tx, partitions, faults));
    QUITTANCE_CHECK(checkKeys(tx, partitions, faults));
    return faults;
}

} // namespace quittance::backend
