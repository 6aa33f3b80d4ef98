#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// The one SQL layer, for the backend (SQLite or PostgreSQL) and for the console's store (SQLite).
/// A statement is written once, in the common dialect of SQLite 3.40 and PostgreSQL 15: $1
/// placeholders, ON CONFLICT, RETURNING, UPDATE FROM, FILTER, window functions, row values; columns
/// are BIGINT, TEXT and bytes; CAST(SUM(x) AS BIGINT). What one engine alone can do is a named
/// function of `Dialect`.
namespace quittance::database {

/// What a column holds.
enum class ColumnType : std::uint8_t { Integer, Text, Bytes };

using Bytes = std::vector<std::byte>;

/// A bound argument or a stored cell. Text must be UTF-8 without NUL.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

[[nodiscard]] inline Value nullable(std::optional<std::int64_t> value)
{
    return value ? Value(*value) : Value();
}

/// One row of an answer, valid during the callback only. Reading a column as another type than it
/// has, or a NULL as a value, gives 0 or an empty value and ends the query with Corrupt, naming the
/// column.
class Row {
public:
    Row() = default;
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;
    virtual ~Row() = default;
    [[nodiscard]] virtual bool isNull(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual std::span<const std::byte> bytes(int column) const = 0;

    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    [[nodiscard]] std::optional<std::int64_t> integerOrNull(int column) const
    {
        return isNull(column) ? std::nullopt : std::optional(integer(column));
    }
    [[nodiscard]] std::int32_t int32(int column) const
    {
        return static_cast<std::int32_t>(integer(column));
    }
};

/// Called once a row; an error ends the query and is returned from it.
using RowFunction = std::function<Result<>(const Row&)>;

/// What bulkInsert does with a row whose unique key exists.
struct OnConflict {
    enum class Action : std::uint8_t { Fail, Ignore, Add };
    Action action = Action::Fail;
    /// The columns of the unique key (Ignore, Add).
    std::vector<std::string> key;
    /// Add: these columns become stored + given (rollups).
    std::vector<std::string> sums;
};

constexpr std::size_t bulkColumnsMax = 64;

/// Rows for bulkInsert, column by column, at most bulkColumnsMax. Cells are appended in row order;
/// every column ends with the same length. Text is stored in one buffer a column, so a batch of
/// 10,000 rows allocates a handful of times.
class Columns {
public:
    using Type = ColumnType;
    struct Column {
        std::string name;
        Type type = Type::Integer;
        std::vector<std::int64_t> integers {}; ///< Integer: values
        std::string buffer {}; ///< Text, Bytes: all cells one after the other
        std::vector<std::uint32_t> ends {}; ///< Text, Bytes: the end of each cell in the buffer
        [[nodiscard]] std::string_view cell(std::size_t row) const
        {
            const std::size_t begin = row == 0 ? 0 : ends[row - 1];
            return std::string_view(buffer).substr(begin, ends[row] - begin);
        }
        void add(std::int64_t value) { integers.push_back(value); }
        void add(std::string_view value)
        {
            buffer.append(value);
            ends.push_back(static_cast<std::uint32_t>(buffer.size()));
        }
    };

    explicit Columns(std::vector<Column> columns)
        : m_columns(std::move(columns))
    {
    }
    [[nodiscard]] Column& operator[](std::size_t column) { return m_columns[column]; }
    [[nodiscard]] const std::vector<Column>& columns() const { return m_columns; }
    [[nodiscard]] std::size_t rowCount() const
    {
        if (m_columns.empty())
            return 0;
        const Column& first = m_columns.front();
        return first.type == Type::Integer ? first.integers.size() : first.ends.size();
    }
    void clear();

private:
    std::vector<Column> m_columns;
};

enum class Engine : std::uint8_t { Sqlite, Postgres };

/// What one engine alone can do, named. Every function returns SQL text for this engine.
class Dialect {
public:
    Dialect() = default;
    Dialect(const Dialect&) = delete;
    Dialect& operator=(const Dialect&) = delete;
    virtual ~Dialect() = default;
    [[nodiscard]] virtual Engine engine() const = 0;
    /// Replaces $ID$ (a generated 64-bit primary key), $BYTES$ (the byte string type) and
    /// $WITHOUT_ROWID$ (clustered by primary key where the engine can) in a migration. A column is
    /// BIGINT, TEXT or $BYTES$: SQLite's tables become STRICT, so a value of another type is
    /// refused there too; PostgreSQL's TEXT sorts by bytes, as SQLite's does.
    [[nodiscard]] virtual std::string ddl(std::string_view text) const = 0;
    /// Statements that make UPDATE and DELETE of `table` fail in the database itself.
    [[nodiscard]] virtual std::vector<std::string> appendOnly(std::string_view table) const = 0;
    /// Statements that make UPDATE and DELETE of rows of `table` fail where `oldRowCondition`
    /// (columns as OLD.x) holds.
    [[nodiscard]] virtual std::vector<std::string>
    frozenWhere(std::string_view table, std::string_view oldRowCondition) const = 0;
    /// " FOR UPDATE SKIP LOCKED" or "" (SQLite has one writer).
    [[nodiscard]] virtual std::string_view skipLocked() const = 0;
    /// The statement, to be the first of its transaction, that makes other writers of `table` wait
    /// until this transaction has ended and lets it see what they committed. Empty on SQLite, which
    /// has one writer.
    [[nodiscard]] virtual std::string lockTable(std::string_view table) const = 0;
    /// A query with the table's name as $1: 1 where it exists, else 0.
    [[nodiscard]] virtual std::string_view tableExists() const = 0;
};

/// Work inside one transaction. Statements are prepared once per connection and kept.
/// Once a call has failed (or a row function has), the transaction can only be rolled back: every
/// later call gives that first error, and so does the write, even where the error was swallowed.
/// Where a row may exist, say ON CONFLICT. A placeholder that has no column beside it needs a type:
/// CAST($1 AS BIGINT) IS NULL OR x = $1.
class Transaction {
public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    virtual ~Transaction() = default;

    /// Streams the answer row by row. $1 is args[0]. The row function may use the transaction.
    virtual Result<>
    query(std::string_view sql, std::span<const Value> args, const RowFunction& row) = 0;
    /// The number of rows changed.
    virtual Result<std::int64_t> execute(std::string_view sql, std::span<const Value> args) = 0;
    /// Inserts all rows by one statement (PostgreSQL: from a temporary table that COPY fills;
    /// SQLite: from the rows themselves, shown to it as a table) and returns how many were inserted
    /// or, for Add, inserted or changed. Rows in the order of the table's key are stored fastest.
    /// `table` and column names are trusted text; at most 64 columns.
    virtual Result<std::int64_t>
    bulkInsert(std::string_view table, const Columns& rows, const OnConflict& onConflict) = 0;
    [[nodiscard]] virtual const Dialect& dialect() const = 0;

    // What follows is written in terms of the three above.
    Result<> query(std::string_view sql, std::initializer_list<Value> args, const RowFunction& row)
    {
        return query(sql, std::span(args.begin(), args.size()), row);
    }
    Result<std::int64_t> execute(std::string_view sql, std::initializer_list<Value> args = {})
    {
        return execute(sql, std::span(args.begin(), args.size()));
    }
    /// The first column of the first row; NotFound where there is none. For RETURNING too.
    Result<std::int64_t> queryInteger(std::string_view sql, std::initializer_list<Value> args = {});
    Result<std::string> queryText(std::string_view sql, std::initializer_list<Value> args = {});
    /// All rows, each made by `make`.
    template <class T, class Make>
    Result<std::vector<T>> queryAll(std::string_view sql, std::span<const Value> args, Make make)
    {
        std::vector<T> rows;
        QUITTANCE_CHECK(query(sql, args, [&](const Row& row) -> Result<> {
            rows.push_back(make(row));
            return {};
        }));
        return rows;
    }
    template <class T, class Make>
    Result<std::vector<T>>
    queryAll(std::string_view sql, std::initializer_list<Value> args, Make make)
    {
        return queryAll<T>(sql, std::span(args.begin(), args.size()), std::move(make));
    }
    /// The first row, or nothing.
    template <class T, class Make>
    Result<std::optional<T>>
    queryFirst(std::string_view sql, std::initializer_list<Value> args, Make make)
    {
        std::optional<T> first;
        QUITTANCE_CHECK(query(
            sql, std::span(args.begin(), args.size()),
            [&](const Row& row) -> Result<> {
                if (!first)
                    first = make(row);
                return {};
            }
        ));
        return first;
    }
};

struct Options {
    bool readOnly = false;
    bool createIfMissing = true; ///< SQLite: false gives NotFound for an absent file
    int readersMax = 4; ///< connections kept for read()
    /// How long a call waits for a connection, a lock of another program or its turn among changes
    /// that touch the same rows; then it ends with Busy.
    int busyTimeoutMs = 10'000;
    /// SQLite: the VFS by name, for fault injection in tests; empty for the system's.
    std::string sqliteVfs;
    /// SQLite: commits of write() run one by one in the caller's thread (simulation); no writer
    /// thread is started.
    bool singleThreaded = false;
    /// SQLite: the bytes of what is deleted are overwritten too, so that the file does not keep
    /// somebody's data after it was removed.
    bool overwriteDeleted = false;
};

/// A database, open. Safe to call from any thread; each call waits for its own answer only.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    /// "sqlite:FILE", "sqlite::memory:" or "postgresql://...". A URL that holds a password is
    /// refused with InvalidArgument that does not repeat it: libpq reads PGPASSFILE, PGSERVICE and
    /// ~/.pgpass itself.
    [[nodiscard]] static Result<std::unique_ptr<Database>>
    open(const std::string& url, const Options& options = {});

    /// One consistent snapshot. The function may run again from the start after a transient error,
    /// so it sets its outputs anew each time.
    virtual Result<> runRead(const std::function<Result<>(Transaction&)>& work) = 0;
    /// One atomic change: committed, durable, before it returns success; rolled back where `work`
    /// gives an error. SQLite: writers that wait are committed together, each in a savepoint of its
    /// own (group commit). PostgreSQL: run again from the start on a serialization failure or
    /// deadlock, at least 8 times and for busyTimeoutMs; after 4 times beside no other change of
    /// this Database, so that none is overtaken for ever. So callers do not repeat: Busy, which is
    /// rare, goes to whoever asked (503 with Retry-After, an exit code, the next period of a job).
    /// Whatever `work` sets outside of itself it sets anew each time.
    virtual Result<> runWrite(const std::function<Result<>(Transaction&)>& work) = 0;
    /// Makes running statements of read() fail with Cancelled; later ones run.
    virtual void interrupt() = 0;
    [[nodiscard]] virtual const Dialect& dialect() const = 0;

    /// read([&](Transaction& tx) -> Result<T> {...}) gives Result<T>.
    template <class Work> auto read(Work work) { return run(work, false); }
    template <class Work> auto write(Work work) { return run(work, true); }

private:
    template <class Work> auto run(Work& work, bool isWrite)
    {
        using Answer = std::invoke_result_t<Work&, Transaction&>;
        std::optional<Answer> answer;
        auto wrapped = [&](Transaction& tx) -> Result<> {
            answer.emplace(work(tx));
            if (!*answer)
                return failure(answer->error());
            return {};
        };
        Result<> outcome = isWrite ? runWrite(wrapped) : runRead(wrapped);
        if (!outcome)
            return Answer(failure(outcome.error()));
        return std::move(*answer);
    }
};

} // namespace quittance::database
