#pragma once

#include "core/domain/usage.h"
#include "core/formats/record.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::backend {

/// Rows of one input as events that still lack their account. Used again and again: what is cleared
/// keeps its room, so that a row costs no allocation.
class ParsedBatch {
public:
    struct Problem {
        formats::RowProblem problem;
        std::string raw;
    };
    /// The row that an event was made of.
    struct Origin {
        std::int64_t row = 0;
        std::uint32_t account = 0; ///< place in accountNames()
        std::size_t rawBegin = 0;
        std::size_t rawEnd = 0;
    };

    void clear();
    /// Events that are added next come from this row.
    void beginRow(std::int64_t row, std::string_view account, std::string_view raw);
    [[nodiscard]] UsageEvent& addEvent();
    void addProblem(const formats::RowProblem& problem, std::string_view raw);

    [[nodiscard]] std::span<UsageEvent> events() { return { m_events.data(), m_eventCount }; }
    [[nodiscard]] const Origin& origin(std::size_t event) const
    {
        return m_origins[m_rowOfEvent[event]];
    }
    [[nodiscard]] std::string_view raw(const Origin& origin) const
    {
        return std::string_view(m_raws).substr(origin.rawBegin, origin.rawEnd - origin.rawBegin);
    }
    [[nodiscard]] const std::vector<std::string>& accountNames() const { return m_accounts; }
    [[nodiscard]] const std::vector<Problem>& problems() const { return m_problems; }
    /// True where one more row of so many events could pass a limit of a transaction.
    [[nodiscard]] bool isFull(std::size_t eventsPerRow) const;

    std::string input; ///< as people name it
    std::int64_t bytesRead = 0;
    std::optional<std::int64_t> bytesTotal;
    std::int64_t rows = 0;
    std::map<std::string, std::int64_t, std::less<>> skipped;
    std::optional<Error> broken; ///< why the input ends here, where it is not its end

private:
    std::vector<UsageEvent> m_events;
    std::size_t m_eventCount = 0;
    std::vector<std::uint32_t> m_rowOfEvent;
    std::vector<Origin> m_origins;
    std::vector<std::string> m_accounts;
    std::string m_raws;
    std::vector<Problem> m_problems;
};

} // namespace quittance::backend
