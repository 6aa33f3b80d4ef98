#include "backend/usage/rollup_sums.h"

#include "backend/usage/partitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>
#include <tuple>

namespace quittance::backend {

namespace {

using database::Columns;

constexpr std::size_t slotsAtStart = 1024;

/// What one event adds to a sum of a day cannot take it out of 64 bits.
bool isDaySum(std::int64_t quantity)
{
    return -daySumEnd < quantity && quantity < daySumEnd;
}

auto keyOf(const RollupSum& sum)
{
    return std::tie(sum.month, sum.account, sum.day, sum.meter, sum.sku, sum.project, sum.resource);
}

std::size_t mix(std::size_t hash, std::int64_t value)
{
    constexpr std::size_t multiplier = 0x9e3779b97f4a7c15U;
    constexpr unsigned shift = 29;
    hash = (hash ^ static_cast<std::size_t>(value)) * multiplier;
    return hash ^ (hash >> shift);
}

std::size_t hashOf(const RollupSum& sum)
{
    std::size_t hash = mix(0, sum.account);
    hash = mix(hash, sum.day.days);
    hash = mix(hash, sum.meter);
    hash = mix(hash, sum.sku);
    hash = mix(hash, sum.project);
    hash = mix(hash, sum.month.index);
    if (sum.resource.empty())
        return hash;
    return mix(hash, static_cast<std::int64_t>(std::hash<std::string_view> {}(sum.resource)));
}

Columns toColumns(std::span<const RollupSum> sums)
{
    using Type = Columns::Type;
    Columns columns({ { "account_id", Type::Integer, {}, {}, {} },
                      { "day", Type::Integer, {}, {}, {} },
                      { "meter_id", Type::Integer, {}, {}, {} },
                      { "sku_id", Type::Integer, {}, {}, {} },
                      { "project_id", Type::Integer, {}, {}, {} },
                      { "resource", Type::Text, {}, {}, {} },
                      { "quantity", Type::Integer, {}, {}, {} },
                      { "events", Type::Integer, {}, {}, {} } });
    for (const RollupSum& sum : sums) {
        std::size_t column = 0;
        columns[column++].add(sum.account);
        columns[column++].add(std::int64_t { sum.day.days });
        columns[column++].add(sum.meter);
        columns[column++].add(sum.sku);
        columns[column++].add(sum.project);
        columns[column++].add(sum.resource);
        columns[column++].add(sum.quantity);
        columns[column++].add(sum.events);
    }
    return columns;
}

/// Sums that follow each other are mostly of one account and day, whose month is asked for once.
MonthEvents monthEvents(std::span<const RollupSum> sums)
{
    MonthEvents events;
    std::int64_t* count = nullptr;
    const RollupSum* before = nullptr;
    for (const RollupSum& sum : sums) {
        if (before == nullptr || before->account != sum.account || before->day != sum.day)
            count = &events[{ sum.account, monthOf(sum.day) }];
        *count += sum.events;
        before = &sum;
    }
    return events;
}

} // namespace

RollupSums::RollupSums()
    : m_slots(slotsAtStart)
{
}

std::size_t RollupSums::slotOf(const RollupSum& part) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hashOf(part) & mask;
    while (m_slots[slot] != 0 && keyOf(m_sums[m_slots[slot] - 1]) != keyOf(part))
        slot = (slot + 1) & mask;
    return slot;
}

void RollupSums::grow()
{
    m_slots.assign(m_slots.size() * 2, 0);
    for (std::size_t i = 0; i < m_sums.size(); ++i)
        m_slots[slotOf(m_sums[i])] = static_cast<std::uint32_t>(i + 1);
}

Result<> RollupSums::add(const RollupSum& part)
{
    std::uint32_t& place = m_slots[slotOf(part)];
    if (place != 0) {
        RollupSum& sum = m_sums[place - 1];
        sum.events += part.events;
        sum.quantity += part.quantity;
        if (isDaySum(sum.quantity))
            return {};
        return failure(
            ErrorCode::Overflow,
            fmt::format(
                "the usage of account {} on {} is too large", part.account, toText(part.day)
            )
        );
    }
    m_sums.push_back(part);
    place = static_cast<std::uint32_t>(m_sums.size());
    if (m_sums.size() * 2 > m_slots.size())
        grow();
    return {};
}

Result<std::int64_t*> DayRoom::sumOf(const RollupSum& part)
{
    const auto known = m_sums.find(keyOf(part));
    if (known != m_sums.end())
        return &known->second;
    QUITTANCE_TRY(
        const auto stored,
        m_tx->queryFirst<std::int64_t>(
            fmt::format(
                "SELECT quantity FROM {} WHERE account_id = $1 AND day = $2 AND meter_id = $3 "
                "AND sku_id = $4 AND project_id = $5 AND resource = $6",
                rollupTable(part.month)
            ),
            { part.account, std::int64_t { part.day.days }, part.meter, part.sku, part.project,
              std::string(part.resource) },
            [](const database::Row& row) { return row.integer(0); }
        )
    );
    return &m_sums.emplace(keyOf(part), stored.value_or(0)).first->second;
}

Result<bool> DayRoom::take(const std::vector<RollupSum>& parts)
{
    for (const RollupSum& part : parts) {
        QUITTANCE_TRY(const std::int64_t* const sum, sumOf(part));
        if (!isDaySum(*sum + part.quantity))
            return false;
    }
    for (const RollupSum& part : parts) {
        QUITTANCE_TRY(std::int64_t* const sum, sumOf(part));
        *sum += part.quantity;
    }
    return true;
}

RollupBatch RollupSums::take()
{
    std::ranges::sort(m_sums, [](const RollupSum& a, const RollupSum& b) {
        return keyOf(a) < keyOf(b);
    });
    RollupBatch batch;
    batch.months = monthEvents(m_sums);
    for (auto first = m_sums.begin(); first != m_sums.end();) {
        const auto end = std::find_if(first, m_sums.end(), [&](const RollupSum& sum) {
            return sum.month != first->month;
        });
        batch.partitions.push_back({ first->month, toColumns({ first, end }) });
        first = end;
    }
    return batch;
}

Result<> storeRollups(database::Transaction& tx, const RollupBatch& batch)
{
    const database::OnConflict addUp {
        database::OnConflict::Action::Add,
        { "account_id", "day", "meter_id", "sku_id", "project_id", "resource" },
        { "quantity", "events" },
    };
    for (const RollupRows& month : batch.partitions) {
        const auto stored = tx.bulkInsert(rollupTable(month.month), month.rows, addUp);
        if (!stored && stored.error().code == ErrorCode::InvalidArgument) // the table's own bounds
            return failure(ErrorCode::Overflow, stored.error().detail);
        QUITTANCE_CHECK(stored);
    }
    return storeMonthEvents(tx, batch.months);
}

} // namespace quittance::backend
