#include "backend/accounts/accounts.h"
#include "backend/usage/day_sums.h"
#include "backend/usage/partitions.h"
#include "backend/usage/usage.h"

#include <fmt/format.h>

#include <limits>

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

} // namespace

Result<std::vector<std::string>> checkUsage(database::Transaction& tx)
{
    QUITTANCE_TRY(const auto partitions, usagePartitions(tx));
    std::vector<std::string> faults;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(checkPartition(tx, partition, faults));
    return faults;
}

} // namespace quittance::backend
