#include "tests/support/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace quittance::testing {

namespace {

constexpr std::string_view caseMark = "===";
constexpr std::string_view tableMark = "---";

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> cellsOf(std::string_view line)
{
    std::vector<std::string> cells;
    for (;;) {
        const auto bar = line.find('|');
        cells.push_back(trimmed(line.substr(0, bar)));
        if (bar == std::string_view::npos)
            return cells;
        line.remove_prefix(bar + 1);
    }
}

class Parser {
public:
    explicit Parser(std::string file)
        : m_file(std::move(file))
    {
    }

    void take(std::string_view raw)
    {
        ++m_line;
        const auto text = trimmed(raw);
        if (text.empty() || text.starts_with('#'))
            return;
        if (text.starts_with(caseMark))
            m_cases.push_back(
                { trimmed(std::string_view(text).substr(caseMark.size())), m_line, {} }
            );
        else if (text.starts_with(tableMark))
            beginTable(trimmed(std::string_view(text).substr(tableMark.size())));
        else
            takeCells(cellsOf(text));
    }

    [[nodiscard]] std::vector<TableCase> finish()
    {
        if (m_cases.empty())
            fail("no case");
        return std::move(m_cases);
    }

private:
    [[noreturn]] void fail(std::string_view why) const
    {
        throw std::runtime_error(fmt::format("{}:{}: {}", m_file, m_line, why));
    }

    void beginTable(std::string name)
    {
        if (m_cases.empty())
            fail("a table before the first case");
        m_cases.back().tables.push_back({ std::move(name), {}, {} });
    }

    void takeCells(std::vector<std::string> cells)
    {
        if (m_cases.empty() || m_cases.back().tables.empty())
            fail("cells outside of a table");
        auto& table = m_cases.back().tables.back();
        if (table.columns.empty()) {
            table.columns = std::move(cells);
            return;
        }
        if (cells.size() != table.columns.size())
            fail(fmt::format("{} cells for {} columns", cells.size(), table.columns.size()));
        TableRow row { m_line, {} };
        for (std::size_t i = 0; i < cells.size(); ++i)
            row.cells[table.columns[i]] = std::move(cells[i]);
        table.rows.push_back(std::move(row));
    }

    std::string m_file;
    int m_line = 0;
    std::vector<TableCase> m_cases;
};

std::string cellIn(const TableCells& cells, const std::string& column)
{
    const auto found = cells.find(column);
    return found == cells.end() ? "(no such column)" : found->second;
}

std::string
alignedLine(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i)
        line += fmt::format("{}{:<{}}", i == 0 ? "" : " | ", cells[i], widths[i]);
    return trimmed(line) + '\n';
}

} // namespace

const std::string& TableRow::at(std::string_view column) const
{
    const auto found = cells.find(column);
    if (found == cells.end())
        throw std::runtime_error(fmt::format("line {}: no column '{}'", line, column));
    return found->second;
}

std::string TableRow::get(std::string_view column, std::string_view otherwise) const
{
    const auto found = cells.find(column);
    return found == cells.end() || found->second.empty() ? std::string(otherwise) : found->second;
}

const Table& TableCase::table(std::string_view wanted) const
{
    static const Table none;
    const auto found = std::ranges::find(tables, wanted, &Table::name);
    return found == tables.end() ? none : *found;
}

bool TableCase::has(std::string_view wanted) const
{
    return std::ranges::find(tables, wanted, &Table::name) != tables.end();
}

std::vector<TableCase> readTableFile(const std::filesystem::path& path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error(fmt::format("{} cannot be read", path.string()));
    Parser parser(path.filename().string());
    for (std::string line; std::getline(file, line);)
        parser.take(line);
    return parser.finish();
}

std::vector<TableCase> readTableFolder(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".table")
            paths.push_back(entry.path());
    }
    if (paths.empty())
        throw std::runtime_error(fmt::format("{} holds no table", folder.string()));
    std::ranges::sort(paths);
    std::vector<TableCase> cases;
    for (const auto& path : paths)
        std::ranges::move(readTableFile(path), std::back_inserter(cases));
    return cases;
}

std::string textOf(const Table& table)
{
    std::vector<TableCells> rows;
    rows.reserve(table.rows.size());
    for (const auto& row : table.rows)
        rows.push_back(row.cells);
    return textOf(table.columns, rows);
}

std::string textOf(const std::vector<std::string>& columns, const std::vector<TableCells>& rows)
{
    std::vector<std::vector<std::string>> lines { columns };
    for (const auto& cells : rows) {
        auto& line = lines.emplace_back();
        for (const auto& column : columns)
            line.push_back(cellIn(cells, column));
    }
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    }
    std::string text;
    for (const auto& line : lines)
        text += alignedLine(line, widths);
    return text;
}

} // namespace quittance::testing
