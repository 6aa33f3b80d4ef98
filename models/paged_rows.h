#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace quittance::models {

/// The rows of a long list of which only those that were looked at are here. What is not here takes
/// no room, so that a list of millions is made and emptied at once.
template <class Row> class PagedRows {
public:
    /// Forgets every row; from now on there are so many.
    void reset(int count)
    {
        m_blocks.clear();
        m_count = count;
    }
    /// There are more or fewer than was known; rows that are here stay.
    void resize(int count)
    {
        m_count = count;
        m_blocks.erase(m_blocks.lower_bound((count + blockRows - 1) / blockRows), m_blocks.end());
        if (const auto last = m_blocks.find(count / blockRows); last != m_blocks.end())
            std::for_each(
                last->second.begin() + count % blockRows, last->second.end(),
                [](std::optional<Row>& row) { row.reset(); }
            );
    }
    [[nodiscard]] int count() const { return m_count; }

    /// Puts these rows from `first` on; what lies past the end is dropped. Returns the last row
    /// that was put, or `first` - 1.
    int put(int first, const std::vector<Row>& rows)
    {
        const int end = std::min(first + static_cast<int>(rows.size()), m_count);
        for (int row = first; row < end; ++row) {
            auto& block = m_blocks[row / blockRows];
            block.resize(blockRows);
            block[static_cast<std::size_t>(row % blockRows)]
                = rows[static_cast<std::size_t>(row - first)];
        }
        return std::max(first, end) - 1;
    }
    [[nodiscard]] const Row* at(int row) const ///< nullptr while it is not here
    {
        if (row < 0 || row >= m_count)
            return nullptr;
        const auto block = m_blocks.find(row / blockRows);
        if (block == m_blocks.end())
            return nullptr;
        const std::optional<Row>& found = block->second[static_cast<std::size_t>(row % blockRows)];
        return found ? &*found : nullptr;
    }
    /// The first row that is here and for which this holds; -1 where there is none.
    template <class Predicate> [[nodiscard]] int find(Predicate holds) const
    {
        for (const auto& [number, block] : m_blocks) {
            const auto found = std::ranges::find_if(block, [&](const std::optional<Row>& row) {
                return row && holds(*row);
            });
            if (found != block.end())
                return number * blockRows + static_cast<int>(found - block.begin());
        }
        return -1;
    }

private:
    static constexpr int blockRows = 100;

    int m_count = 0;
    std::map<int, std::vector<std::optional<Row>>> m_blocks;
};

} // namespace quittance::models
