#pragma once

#include "core/database/guarded_transaction.h"
#include "core/database/postgres/connection.h"

#include <deque>
#include <set>

namespace quittance::database::postgres {

/// Statements on a connection whose transaction others begin and end.
class PostgresTransaction final : public GuardedTransaction {
public:
    explicit PostgresTransaction(Connection& connection)
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
    /// Answers of a query that another statement, run in its row function, had to read to its end
    /// first.
    struct Stream {
        std::deque<Answer> read;
        bool isRead = false;
    };
    [[nodiscard]] Answer nextOf(Stream& stream);
    [[nodiscard]] Result<> streamRows(std::string_view sql, Stream& stream, const RowFunction& row);
    [[nodiscard]] Result<> start(std::string_view sql, std::span<const Value> args);
    void readStreamToEnd();
    void abandon(Stream& stream);
    [[nodiscard]] Result<std::string> emptyStage(const Columns& rows, bool numberRows);

    Connection& m_connection;
    Stream* m_stream = nullptr; ///< the query whose rows are still on the connection
    std::set<std::string> m_stages; ///< temporary tables that this transaction has filled
};

} // namespace quittance::database::postgres
