#include "core/database/postgres/postgres_transaction.h"

#include "core/database/ddl_text.h"
#include "core/database/postgres/copy.h"
#include "core/database/postgres/errors.h"
#include "core/database/postgres/postgres_dialect.h"
#include "core/database/postgres/wire.h"
#include "core/database/text_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace quittance::database::postgres {

namespace {

bool isInteger(Oid type)
{
    return type == int8Type || type == int4Type || type == int2Type || type == boolType;
}

bool isText(Oid type)
{
    return type == textType || type == varcharType || type == bpcharType || type == nameType
        || type == unknownType;
}

class PostgresRow final : public Row {
public:
    explicit PostgresRow(const PGresult* result)
        : m_result(result)
    {
    }

    [[nodiscard]] bool isNull(int column) const override
    {
        return PQgetisnull(m_result, 0, column) == 1;
    }
    [[nodiscard]] std::int64_t integer(int column) const override
    {
        if (!admit(column, isInteger(PQftype(m_result, column))))
            return 0;
        if (PQftype(m_result, column) == boolType)
            return *PQgetvalue(m_result, 0, column) == 0 ? 0 : 1;
        return loadBigEndian(PQgetvalue(m_result, 0, column), size(column));
    }
    [[nodiscard]] std::string_view text(int column) const override
    {
        if (!admit(column, isText(PQftype(m_result, column))))
            return {};
        return { PQgetvalue(m_result, 0, column), size(column) };
    }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override
    {
        if (!admit(column, PQftype(m_result, column) == byteaType))
            return {};
        const void* bytes = PQgetvalue(m_result, 0, column);
        return { static_cast<const std::byte*>(bytes), size(column) };
    }

    [[nodiscard]] Result<> checkReads(std::string_view sql) const
    {
        if (m_misread < 0)
            return {};
        const char* name = PQfname(m_result, m_misread);
        return failure(
            ErrorCode::Corrupt,
            fmt::format(
                "column {} ({}) is NULL, absent or of another type than it is read as, in: {}",
                m_misread, name == nullptr ? "" : name, abbreviated(sql)
            )
        );
    }

private:
    [[nodiscard]] bool admit(int column, bool isOfType) const
    {
        const bool isAdmitted = isOfType && !isNull(column);
        if (!isAdmitted)
            m_misread = column;
        return isAdmitted;
    }
    [[nodiscard]] std::size_t size(int column) const
    {
        return static_cast<std::size_t>(PQgetlength(m_result, 0, column));
    }

    const PGresult* m_result;
    mutable int m_misread = -1;
};

std::string_view typeName(Columns::Type type)
{
    if (type == Columns::Type::Integer)
        return "BIGINT";
    return type == Columns::Type::Text ? "TEXT" : "BYTEA";
}

constexpr std::string_view rowNumber = "quittance_row";

std::string columnList(const Columns& rows, bool numberRows)
{
    std::string list(numberRows ? rowNumber : "");
    for (const Columns::Column& column : rows.columns())
        list += (list.empty() ? "" : ", ") + column.name;
    return list;
}

std::string columnDefinitions(const Columns& rows, bool numberRows)
{
    std::string list = numberRows ? fmt::format("{} BIGINT", rowNumber) : std::string();
    for (const Columns::Column& column : rows.columns())
        list
            += fmt::format("{}{} {}", list.empty() ? "" : ", ", column.name, typeName(column.type));
    return list;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// One INSERT may not change a row twice, so rows of one key are added up first; what is neither key
// nor sum is the first row's, as where they come one by one.
std::string addedUp(const Columns& rows, const OnConflict& onConflict, std::string_view stage)
{
    std::string list;
    for (const Columns::Column& column : rows.columns()) {
        list += list.empty() ? "" : ", ";
        if (contains(onConflict.key, column.name))
            list += column.name;
        else if (contains(onConflict.sums, column.name))
            list += fmt::format("CAST(SUM({}) AS BIGINT)", column.name);
        else
            list += fmt::format("(ARRAY_AGG({} ORDER BY {}))[1]", column.name, rowNumber);
    }
    return fmt::format(
        "SELECT {} FROM {} GROUP BY {}", list, stage, fmt::join(onConflict.key, ", ")
    );
}

std::string additions(std::string_view table, const OnConflict& onConflict)
{
    std::string list;
    for (const std::string& column : onConflict.sums)
        list += fmt::format(
            "{0}{1} = {2}.{1} + excluded.{1}", list.empty() ? "" : ", ", column, table
        );
    return list;
}

std::string insertFromStage(
    std::string_view table, const Columns& rows, const OnConflict& onConflict,
    std::string_view stage
)
{
    const std::string columns = columnList(rows, false);
    const std::string into = fmt::format("INSERT INTO {} ({}) ", table, columns);
    const std::string key = fmt::format(" ON CONFLICT ({})", fmt::join(onConflict.key, ", "));
    if (onConflict.action == OnConflict::Action::Ignore)
        return fmt::format(
            "{}SELECT {} FROM {} ORDER BY {}{} DO NOTHING", into, columns, stage, rowNumber, key
        );
    return fmt::format(
        "{}{}{} DO UPDATE SET {}", into, addedUp(rows, onConflict, stage), key,
        additions(table, onConflict)
    );
}

bool isGood(ExecStatusType status)
{
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

std::int64_t changedRows(PGresult* result)
{
    const std::string_view tag = PQcmdStatus(result);
    const bool hasChanged = tag.starts_with("INSERT") || tag.starts_with("UPDATE")
        || tag.starts_with("DELETE") || tag.starts_with("MERGE");
    if (!hasChanged)
        return 0;
    const std::string_view digits = tag.substr(tag.find_last_of(' ') + 1);
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

} // namespace

const Dialect& PostgresTransaction::dialect() const
{
    return postgres::dialect();
}

Result<> PostgresTransaction::start(std::string_view sql, std::span<const Value> args)
{
    readStreamToEnd();
    const Parameters parameters(args);
    return m_connection.send(sql, parameters);
}

// The connection answers one statement at a time. A row function that runs another pays with memory
// for what is left.
void PostgresTransaction::readStreamToEnd()
{
    if (m_stream == nullptr)
        return;
    while (Answer answer = m_connection.nextAnswer())
        m_stream->read.push_back(std::move(answer));
    m_stream->isRead = true;
    m_stream = nullptr;
}

Answer PostgresTransaction::nextOf(Stream& stream)
{
    if (!stream.isRead)
        return m_connection.nextAnswer();
    if (stream.read.empty())
        return nullptr;
    Answer answer = std::move(stream.read.front());
    stream.read.pop_front();
    return answer;
}

// The server is told to stop: what is left may be millions of rows. The transaction has failed by
// then.
void PostgresTransaction::abandon(Stream& stream)
{
    if (stream.isRead)
        return;
    m_connection.interrupt();
    m_connection.finish();
}

Result<>
PostgresTransaction::streamRows(std::string_view sql, Stream& stream, const RowFunction& row)
{
    while (const Answer answer = nextOf(stream)) {
        const ExecStatusType status = PQresultStatus(answer.get());
        if (!isGood(status)) {
            if (!std::exchange(stream.isRead, true))
                m_connection.finish();
            return failure(m_connection.noteError(answer.get(), sql));
        }
        if (status != PGRES_SINGLE_TUPLE)
            continue; // The end, without a row.
        const PostgresRow current(answer.get());
        Result<> outcome = row(current);
        QUITTANCE_CHECK(current.checkReads(sql)); // What was misread explains any other error.
        if (!outcome)
            return outcome;
    }
    return {};
}

Result<> PostgresTransaction::runQuery(
    std::string_view sql, std::span<const Value> args, const RowFunction& row
)
{
    QUITTANCE_CHECK(start(sql, args));
    PQsetSingleRowMode(m_connection.handle());
    Stream stream;
    m_stream = &stream;
    Result<> outcome = streamRows(sql, stream, row);
    if (!outcome)
        abandon(stream);
    if (m_stream == &stream)
        m_stream = nullptr;
    return outcome;
}

Result<std::int64_t>
PostgresTransaction::runExecute(std::string_view sql, std::span<const Value> args)
{
    QUITTANCE_CHECK(start(sql, args));
    std::int64_t changed = 0;
    Result<> outcome;
    while (const Answer answer = m_connection.nextAnswer()) {
        if (isGood(PQresultStatus(answer.get())))
            changed += changedRows(answer.get());
        else if (outcome)
            outcome = failure(m_connection.noteError(answer.get(), sql));
    }
    QUITTANCE_CHECK(std::move(outcome));
    return changed;
}

// One temporary table a shape, kept by the connection; the server empties it at the end of each
// transaction.
Result<std::string> PostgresTransaction::emptyStage(const Columns& rows, bool numberRows)
{
    const std::string definitions = columnDefinitions(rows, numberRows);
    const std::string name = "quittance_stage_" + fingerprint(definitions);
    const std::string clear = m_stages.insert(name).second
        ? fmt::format(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS", name, definitions
        )
        : "TRUNCATE " + name;
    QUITTANCE_CHECK(m_connection.run(clear));
    return name;
}

Result<std::int64_t> PostgresTransaction::runBulkInsert(
    std::string_view table, const Columns& rows, const OnConflict& onConflict
)
{
    readStreamToEnd();
    if (onConflict.action == OnConflict::Action::Fail)
        return copyInto(
            m_connection, fmt::format("{} ({})", table, columnList(rows, false)), rows, false
        );
    QUITTANCE_TRY(const std::string stage, emptyStage(rows, true));
    QUITTANCE_TRY(
        const std::int64_t staged,
        copyInto(m_connection, fmt::format("{} ({})", stage, columnList(rows, true)), rows, true)
    );
    if (staged != static_cast<std::int64_t>(rows.rowCount()))
        return failure(
            ErrorCode::Internal,
            fmt::format("{} of {} rows reached the server", staged, rows.rowCount())
        );
    return runExecute(insertFromStage(table, rows, onConflict, stage), {});
}

} // namespace quittance::database::postgres
