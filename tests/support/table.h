#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Golden tables that a person can read, in files named *.table:
///
///     # a comment, anywhere
///     === one H100 pod for a day          a case
///     --- usage                           a table of the case
///     day        | meter       | quantity its columns
///     2023-11-02 | gpu-seconds | 86400    its rows, as many cells as columns
///
/// Cells are trimmed. A malformed file throws std::runtime_error naming file and line.
namespace quittance::testing {

using TableCells = std::map<std::string, std::string, std::less<>>;

struct TableRow {
    int line = 0; ///< in the file, from 1
    TableCells cells;

    /// The cell; throws where the table has no such column.
    [[nodiscard]] const std::string& at(std::string_view column) const;
    /// The cell, or `otherwise` where the table has no such column or the cell is empty.
    [[nodiscard]] std::string get(std::string_view column, std::string_view otherwise) const;
};

struct Table {
    std::string name;
    std::vector<std::string> columns;
    std::vector<TableRow> rows;
};

struct TableCase {
    std::string name;
    int line = 0;
    std::vector<Table> tables;

    /// The table, empty where the case has none of this name.
    [[nodiscard]] const Table& table(std::string_view wanted) const;
    [[nodiscard]] bool has(std::string_view wanted) const;
};

[[nodiscard]] std::vector<TableCase> readTableFile(const std::filesystem::path& path);
/// Every *.table file of a folder, by name. Throws where there is none, so that no test passes by
/// reading nothing.
[[nodiscard]] std::vector<TableCase> readTableFolder(const std::filesystem::path& folder);

/// The rows of a table as aligned text, and other cells in the same columns: comparing the two
/// compares what the table names, and shows a difference as tables.
[[nodiscard]] std::string textOf(const Table& table);
[[nodiscard]] std::string
textOf(const std::vector<std::string>& columns, const std::vector<TableCells>& rows);

} // namespace quittance::testing
