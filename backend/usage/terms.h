#pragma once

#include "core/database/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quittance::backend {

/// The empty text: no row of usage_term, so that most events need no look-up.
constexpr std::int64_t noTerm = 0;

/// Words that repeat (sources, meters, SKUs, projects) and their numbers in usage_term, for the
/// time of one transaction: a number that a rolled back transaction gave is never remembered.
class Terms {
public:
    explicit Terms(database::Transaction& tx)
        : m_tx(&tx)
    {
    }

    /// Asks for a word's number; `resolve` gives all that were asked for. The text must outlive
    /// this object.
    void want(std::string_view text);
    /// Finds the wanted words, and adds those that are new, in their order: two transactions that
    /// add the same words wait for each other instead of crossing.
    Result<> resolve();
    /// After resolve.
    [[nodiscard]] std::int64_t number(std::string_view text) const;

    /// The number of a stored word, or nothing where no usage has it.
    static Result<std::optional<std::int64_t>>
    find(database::Transaction& tx, std::string_view text);

private:
    Result<std::int64_t> findOrAdd(std::string_view text);

    database::Transaction* m_tx;
    std::unordered_map<std::string_view, std::int64_t> m_numbers;
};

} // namespace quittance::backend
