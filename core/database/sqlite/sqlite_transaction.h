#pragma once

#include "core/database/guarded_transaction.h"
#include "core/database/sqlite/connection.h"

namespace quittance::database::sqlite {

/// Statements on a connection whose transaction others begin and end.
class SqliteTransaction final : public GuardedTransaction {
public:
    explicit SqliteTransaction(Connection& connection)
        : m_connection(connection)
    {
    }
    [[nodiscard]] const Dialect& dialect() const override;

protected:
    Result<>
    runQuery(std::string_view sql, std::span<const Value> args, const RowFunction& row) override;
    Result<std::int64_t> runExecute(std::string_view sql, std::span<const Value> args) override;
    Result<std::int64_t> runBulkInsert(
        std::string_view table, const Columns& rows, const OnConflict& onConflict
    ) override;

private:
    Connection& m_connection;
};

} // namespace quittance::database::sqlite
