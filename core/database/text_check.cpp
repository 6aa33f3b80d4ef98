#include "core/database/text_check.h"

#include "core/database/ddl_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace quittance::database {

namespace {

bool continuesCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The N of a $N that stands at `at`, else 0.
std::size_t placeholderNumber(std::string_view sql, std::size_t at)
{
    if (sql[at] != '$')
        return 0;
    std::size_t number = 0;
    std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    return number;
}

std::size_t cellCount(const Columns::Column& column)
{
    return column.type == Columns::Type::Integer ? column.integers.size() : column.ends.size();
}

// The buffer is checked in one pass; a cell that begins inside a character would make two bad
// halves of a good whole.
Result<> checkTextColumn(const Columns::Column& column)
{
    QUITTANCE_CHECK(checkText(column.buffer, column.name));
    for (const std::uint32_t end : column.ends)
        if (end < column.buffer.size() && continuesCharacter(column.buffer[end]))
            return failure(
                ErrorCode::InvalidArgument, fmt::format("{}: text that is not UTF-8", column.name)
            );
    return {};
}

} // namespace

Result<> checkText(std::string_view text, std::string_view what)
{
    if (text.find('\0') != std::string_view::npos)
        return failure(ErrorCode::InvalidArgument, fmt::format("{}: text that holds a NUL", what));
    if (!simdjson::validate_utf8(text.data(), text.size()))
        return failure(ErrorCode::InvalidArgument, fmt::format("{}: text that is not UTF-8", what));
    return {};
}

Result<> checkArguments(std::span<const Value> args)
{
    for (std::size_t i = 0; i < args.size(); ++i)
        if (const auto* text = std::get_if<std::string>(&args[i]))
            QUITTANCE_CHECK(checkText(*text, fmt::format("argument ${}", i + 1)));
    return {};
}

Result<> checkColumns(const Columns& rows)
{
    const std::size_t count = rows.rowCount();
    if (rows.columns().size() > bulkColumnsMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("{} columns; at most {}", rows.columns().size(), bulkColumnsMax)
        );
    for (const Columns::Column& column : rows.columns()) {
        if (cellCount(column) != count)
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format(
                    "column {} holds {} cells, the first column {}", column.name, cellCount(column),
                    count
                )
            );
        if (column.type == Columns::Type::Text)
            QUITTANCE_CHECK(checkTextColumn(column));
    }
    return {};
}

Result<> checkPlaceholders(std::string_view sql, std::size_t count)
{
    std::vector<bool> isUsed(count, false);
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t end = skipQuotedOrComment(sql, at);
        const std::size_t number = end == at ? placeholderNumber(sql, at) : 0;
        if (number > count)
            return failure(
                ErrorCode::Internal,
                fmt::format("{} arguments, but ${} in: {}", count, number, abbreviated(sql))
            );
        if (number > 0)
            isUsed[number - 1] = true;
        at = std::max(end, at + 1);
    }
    const auto unused = std::find(isUsed.begin(), isUsed.end(), false);
    if (unused != isUsed.end())
        return failure(
            ErrorCode::Internal,
            fmt::format(
                "{} arguments, but no ${} in: {}", count, unused - isUsed.begin() + 1,
                abbreviated(sql)
            )
        );
    return {};
}

std::string abbreviated(std::string_view sql)
{
    constexpr std::size_t lengthMax = 200;
    std::string line;
    for (const char c : sql) {
        if (line.size() == lengthMax)
            return line + "...";
        const bool isSpace = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!isSpace)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

} // namespace quittance::database
