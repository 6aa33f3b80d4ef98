#pragma once

#include "core/database/database.h"

#include <string>
#include <string_view>
#include <vector>

/// Search inside text for the console's store: SQLite's FTS5 with the trigram tokenizer. Finds any
/// run of three or more characters anywhere in the text, whatever their case.
namespace quittance::database::sqlite {

/// An index of `columns` of `table`. `key` is the table's INTEGER PRIMARY KEY ($ID$ in a
/// migration): row ids that are nobody's column change when the file is compacted. Names are
/// trusted text.
struct TextIndex {
    std::string table;
    std::string key;
    std::vector<std::string> columns;

    [[nodiscard]] std::string name() const { return table + "_text"; }
};

/// Creates the index, the triggers that keep it in step with the table, and fills it from the rows
/// that exist. The text itself stays in the table only. For a migration.
[[nodiscard]] Result<> createTextIndex(Transaction& tx, const TextIndex& index);

/// Drops the index and its triggers.
[[nodiscard]] Result<> dropTextIndex(Transaction& tx, const TextIndex& index);

/// Fills the index anew, for repair.
[[nodiscard]] Result<> rebuildTextIndex(Transaction& tx, const TextIndex& index);

/// A condition for a WHERE on the table, and its arguments.
struct TextMatch {
    std::string condition; ///< "1 = 1" where `words` is empty
    std::vector<Value> arguments; ///< $firstParameter, $firstParameter + 1, ...
};

/// Rows in which every word of `words` (separated by white space) occurs in some column of the
/// index. Words of three or more characters are looked up; shorter ones are searched for by LIKE,
/// row by row, which ignores the case of ASCII only. No character of `words` has a special meaning.
[[nodiscard]] TextMatch
matchText(const TextIndex& index, std::string_view words, std::size_t firstParameter);

} // namespace quittance::database::sqlite
