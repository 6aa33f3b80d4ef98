#include "backend/usage/terms.h"

#include <algorithm>
#include <cassert>

namespace quittance::backend {

void Terms::want(std::string_view text)
{
    if (!text.empty())
        m_numbers.try_emplace(text, noTerm);
}

Result<> Terms::resolve()
{
    std::vector<std::string_view> wanted;
    wanted.reserve(m_numbers.size());
    for (const auto& [text, id] : m_numbers) {
        if (id == noTerm)
            wanted.push_back(text);
    }
    std::ranges::sort(wanted);
    for (const auto text : wanted) {
        QUITTANCE_TRY(m_numbers[text], findOrAdd(text));
    }
    return {};
}

std::int64_t Terms::number(std::string_view text) const
{
    if (text.empty())
        return noTerm;
    const auto found = m_numbers.find(text);
    assert(found != m_numbers.end());
    return found->second;
}

Result<std::optional<std::int64_t>> Terms::find(database::Transaction& tx, std::string_view text)
{
    if (text.empty())
        return std::optional(noTerm);
    return tx.queryFirst<std::int64_t>(
        "SELECT id FROM usage_term WHERE text = $1", { std::string(text) },
        [](const database::Row& row) { return row.integer(0); }
    );
}

Result<std::int64_t> Terms::findOrAdd(std::string_view text)
{
    QUITTANCE_TRY(const auto known, find(*m_tx, text));
    if (known)
        return *known;
    QUITTANCE_CHECK(m_tx->execute(
        "INSERT INTO usage_term (text) VALUES ($1) ON CONFLICT (text) DO NOTHING",
        { std::string(text) }
    ));
    QUITTANCE_TRY(const auto added, find(*m_tx, text));
    if (!added)
        return failure(ErrorCode::Busy, "a word of usage was added at the same time");
    return *added;
}

} // namespace quittance::backend
