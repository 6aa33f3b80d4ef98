#include "core/database/sqlite/sqlite_transaction.h"

#include "core/database/sqlite/bulk_rows.h"
#include "core/database/sqlite/errors.h"
#include "core/database/sqlite/sqlite_dialect.h"
#include "core/database/text_check.h"

#include <fmt/format.h>

namespace quittance::database::sqlite {

namespace {

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement)
        : m_statement(statement)
    {
    }

    [[nodiscard]] bool isNull(int column) const override
    {
        return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override
    {
        return is(column, SQLITE_INTEGER) ? sqlite3_column_int64(m_statement, column) : 0;
    }
    [[nodiscard]] std::string_view text(int column) const override
    {
        if (!is(column, SQLITE_TEXT))
            return {};
        const void* text = sqlite3_column_text(m_statement, column);
        return { static_cast<const char*>(text), size(column) };
    }
    [[nodiscard]] std::span<const std::byte> bytes(int column) const override
    {
        if (!is(column, SQLITE_BLOB))
            return {};
        const void* bytes = sqlite3_column_blob(m_statement, column);
        return { static_cast<const std::byte*>(bytes), size(column) };
    }

    [[nodiscard]] Result<> checkReads(std::string_view sql) const
    {
        if (m_misread < 0)
            return {};
        const char* name = sqlite3_column_name(m_statement, m_misread);
        return failure(
            ErrorCode::Corrupt,
            fmt::format(
                "column {} ({}) is NULL, absent or of another type than it is read as, in: {}",
                m_misread, name == nullptr ? "" : name, abbreviated(sql)
            )
        );
    }

private:
    [[nodiscard]] bool is(int column, int type) const
    {
        const bool matches = sqlite3_column_type(m_statement, column) == type;
        if (!matches)
            m_misread = column;
        return matches;
    }
    [[nodiscard]] std::size_t size(int column) const
    {
        return static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    }

    sqlite3_stmt* m_statement;
    mutable int m_misread = -1;
};

std::string columnList(const Columns& rows)
{
    std::string list;
    for (const Columns::Column& column : rows.columns())
        list += (list.empty() ? "" : ", ") + column.name;
    return list;
}

/// "c0, c1, ...": the columns of the table of bulk rows.
std::string bulkColumns(std::size_t count)
{
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
    return list;
}

std::string conflictClause(std::string_view table, const OnConflict& onConflict)
{
    if (onConflict.action == OnConflict::Action::Fail)
        return {};
    const std::string key = fmt::format(" ON CONFLICT ({})", fmt::join(onConflict.key, ", "));
    if (onConflict.action == OnConflict::Action::Ignore)
        return key + " DO NOTHING";
    std::string sums;
    for (const std::string& column : onConflict.sums)
        sums += fmt::format(
            "{0}{1} = quittance_add({2}.{1}, excluded.{1})", sums.empty() ? "" : ", ", column, table
        );
    return fmt::format("{} DO UPDATE SET {}", key, sums);
}

} // namespace

const Dialect& SqliteTransaction::dialect() const
{
    return sqlite::dialect();
}

Result<> SqliteTransaction::runQuery(
    std::string_view sql, std::span<const Value> args, const RowFunction& row
)
{
    QUITTANCE_TRY(StatementLease statement, m_connection.prepare(sql));
    QUITTANCE_CHECK(statement.bind(args, sql));
    const SqliteRow current(statement.handle());
    int code = sqlite3_step(statement.handle());
    for (; code == SQLITE_ROW; code = sqlite3_step(statement.handle())) {
        Result<> outcome = row(current);
        QUITTANCE_CHECK(current.checkReads(sql)); // What was misread explains any other error.
        if (!outcome)
            return outcome;
    }
    if (code != SQLITE_DONE)
        return failure(lastError(m_connection.handle(), sql));
    return {};
}

Result<std::int64_t>
SqliteTransaction::runExecute(std::string_view sql, std::span<const Value> args)
{
    QUITTANCE_TRY(StatementLease statement, m_connection.prepare(sql));
    QUITTANCE_CHECK(statement.bind(args, sql));
    const std::int64_t before = sqlite3_total_changes64(m_connection.handle());
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement.handle());
    if (code != SQLITE_DONE)
        return failure(lastError(m_connection.handle(), sql));
    // A statement that changes no rows (CREATE) leaves the count of the one before it.
    const bool hasChanged = sqlite3_total_changes64(m_connection.handle()) != before;
    return hasChanged ? sqlite3_changes64(m_connection.handle()) : std::int64_t { 0 };
}

Result<std::int64_t> SqliteTransaction::runBulkInsert(
    std::string_view table, const Columns& rows, const OnConflict& onConflict
)
{
    // OR FAIL: whoever fails rolls all back, so SQLite need not keep the pages as they were before.
    // WHERE TRUE: without it ON would belong to a join.
    const std::string sql = fmt::format(
        "INSERT OR FAIL INTO {} ({}) SELECT {} FROM {} WHERE TRUE{}", table, columnList(rows),
        bulkColumns(rows.columns().size()), bulkRowsTable, conflictClause(table, onConflict)
    );
    const BulkRowsShown shown(m_connection.bulkRows(), rows);
    return runExecute(sql, {});
}

} // namespace quittance::database::sqlite
