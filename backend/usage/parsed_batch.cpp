#include "backend/usage/parsed_batch.h"

namespace quittance::backend {

namespace {

constexpr std::int64_t rowsMax = 30'000;
constexpr std::size_t eventsMax = 100'000;
constexpr std::size_t rawBytesMax = std::size_t { 16 } * 1024 * 1024;
constexpr std::size_t problemsMax = 1'000;

} // namespace

void ParsedBatch::clear()
{
    input.clear();
    bytesRead = 0;
    bytesTotal.reset();
    rows = 0;
    skipped.clear();
    broken.reset();
    m_eventCount = 0;
    m_rowOfEvent.clear();
    m_origins.clear();
    m_accounts.clear();
    m_raws.clear();
    m_problems.clear();
}

void ParsedBatch::beginRow(std::int64_t row, std::string_view account, std::string_view raw)
{
    if (m_accounts.empty() || m_accounts.back() != account)
        m_accounts.emplace_back(account);
    const std::size_t begin = m_raws.size();
    m_raws += raw;
    m_origins.push_back({ row, static_cast<std::uint32_t>(m_accounts.size() - 1), begin,
                          m_raws.size() });
}

UsageEvent& ParsedBatch::addEvent()
{
    if (m_eventCount == m_events.size())
        m_events.emplace_back();
    m_rowOfEvent.push_back(static_cast<std::uint32_t>(m_origins.size() - 1));
    return m_events[m_eventCount++];
}

void ParsedBatch::addProblem(const formats::RowProblem& problem, std::string_view raw)
{
    m_problems.push_back({ problem, std::string(raw) });
}

bool ParsedBatch::isFull(std::size_t eventsPerRow) const
{
    return rows >= rowsMax || m_eventCount + eventsPerRow > eventsMax || m_raws.size() > rawBytesMax
        || m_problems.size() >= problemsMax;
}

} // namespace quittance::backend
