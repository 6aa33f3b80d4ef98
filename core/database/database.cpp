#include "core/database/database.h"

#include "core/database/postgres/postgres_database.h"
#include "core/database/sqlite/sqlite_database.h"

namespace quittance::database {

void Columns::clear()
{
    for (Column& column : m_columns) {
        column.integers.clear();
        column.buffer.clear();
        column.ends.clear();
    }
}

Result<std::int64_t>
Transaction::queryInteger(std::string_view sql, std::initializer_list<Value> args)
{
    QUITTANCE_TRY(const auto first, queryFirst<std::int64_t>(sql, args, [](const Row& row) {
                      return row.integer(0);
                  }));
    if (!first)
        return failure(ErrorCode::NotFound, "no row");
    return *first;
}

Result<std::string> Transaction::queryText(std::string_view sql, std::initializer_list<Value> args)
{
    QUITTANCE_TRY(auto first, queryFirst<std::string>(sql, args, [](const Row& row) {
                      return row.string(0);
                  }));
    if (!first)
        return failure(ErrorCode::NotFound, "no row");
    return std::move(*first);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& url, const Options& options)
{
    constexpr std::string_view sqliteScheme = "sqlite:";
    if (url.starts_with(sqliteScheme))
        return sqlite::openDatabase(std::string_view(url).substr(sqliteScheme.size()), options);
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return postgres::openDatabase(url, options);
    // The text is not repeated: what was meant as a PostgreSQL URL may hold a password.
    return failure(
        ErrorCode::InvalidArgument,
        "a database URL is sqlite:FILE, sqlite::memory: or postgresql://HOST/DATABASE"
    );
}

} // namespace quittance::database
