#include "core/database/postgres/copy.h"

#include "core/database/postgres/errors.h"
#include "core/database/postgres/wire.h"

#include <fmt/format.h>

#include <charconv>

namespace quittance::database::postgres {

namespace {

constexpr std::size_t bufferBytesMax = 256 * std::size_t { 1024 };

template <class Unsigned> void append(std::string& buffer, Unsigned value)
{
    const std::size_t at = buffer.size();
    buffer.resize(at + sizeof(Unsigned));
    storeBigEndian(value, buffer.data() + at);
}

void appendInteger(std::string& buffer, std::int64_t value)
{
    append(buffer, static_cast<std::uint32_t>(sizeof(value)));
    append(buffer, static_cast<std::uint64_t>(value));
}

void appendCell(std::string& buffer, const Columns::Column& column, std::size_t row)
{
    if (column.type == Columns::Type::Integer) {
        appendInteger(buffer, column.integers[row]);
        return;
    }
    const std::string_view cell = column.cell(row);
    append(buffer, static_cast<std::uint32_t>(cell.size()));
    buffer.append(cell);
}

void appendHeader(std::string& buffer)
{
    constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
    buffer.append(signature);
    append(buffer, std::uint32_t { 0 }); // flags
    append(buffer, std::uint32_t { 0 }); // length of the header's extension
}

bool sendBuffer(Connection& connection, std::string& buffer)
{
    const bool isSent
        = PQputCopyData(connection.handle(), buffer.data(), static_cast<int>(buffer.size())) == 1;
    buffer.clear();
    return isSent;
}

bool sendRows(Connection& connection, const Columns& rows, bool numberRows)
{
    std::string buffer;
    buffer.reserve(bufferBytesMax * 2);
    appendHeader(buffer);
    const auto cells = static_cast<std::uint16_t>(rows.columns().size() + (numberRows ? 1 : 0));
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        append(buffer, cells);
        if (numberRows)
            appendInteger(buffer, static_cast<std::int64_t>(row));
        for (const Columns::Column& column : rows.columns())
            appendCell(buffer, column, row);
        if (buffer.size() >= bufferBytesMax && !sendBuffer(connection, buffer))
            return false;
    }
    constexpr auto trailer = static_cast<std::uint16_t>(-1);
    append(buffer, trailer);
    return sendBuffer(connection, buffer) && PQputCopyEnd(connection.handle(), nullptr) == 1;
}

std::int64_t rowsOf(PGresult* result)
{
    const std::string_view text = PQcmdTuples(result);
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

} // namespace

Result<std::int64_t>
copyInto(Connection& connection, const std::string& target, const Columns& rows, bool numberRows)
{
    const std::string sql = fmt::format("COPY {} FROM STDIN (FORMAT binary)", target);
    const Answer begun(PQexec(connection.handle(), sql.c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN)
        return failure(connection.noteError(begun.get(), sql));
    const bool isSent = sendRows(connection, rows, numberRows);
    const Answer ended = connection.nextAnswer();
    if (!isSent || PQresultStatus(ended.get()) != PGRES_COMMAND_OK) {
        Error error = connection.noteError(ended.get(), sql);
        connection.finish();
        return failure(std::move(error));
    }
    connection.finish();
    return rowsOf(ended.get());
}

} // namespace quittance::database::postgres
