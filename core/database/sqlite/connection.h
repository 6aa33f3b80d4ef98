#pragma once

#include "core/database/database.h"
#include "core/database/sqlite/bulk_rows.h"

#include <sqlite3.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quittance::database::sqlite {

/// Where a database lies: a path, or the URI of a memory that all connections of one Database
/// share.
struct Location {
    std::string name;
    bool isMemory = false;
    std::string vfs; ///< empty for the system's
};

enum class Role : std::uint8_t { Reader, Writer };

/// A prepared statement. `argumentOf[i]` is the index in args of SQLite's parameter i + 1: SQLite
/// numbers $2 and $1 by their first appearance, so they are bound by name.
struct Statement {
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalizer> handle;
    std::vector<std::size_t> argumentOf;
    std::size_t argumentCount = 0;
    bool isInUse = false;
    std::list<std::string_view>::iterator age;
};

/// A statement on loan: reset and unbound when given back. It is the connection's kept one, or,
/// where that is running already (a query inside its own row function), one of its own.
class StatementLease {
public:
    explicit StatementLease(Statement& kept);
    explicit StatementLease(std::unique_ptr<Statement> own);
    StatementLease(StatementLease&& other) noexcept;
    StatementLease& operator=(StatementLease&&) = delete;
    StatementLease(const StatementLease&) = delete;
    StatementLease& operator=(const StatementLease&) = delete;
    ~StatementLease();

    [[nodiscard]] sqlite3_stmt* handle() const { return m_statement->handle.get(); }
    /// The arguments are referred to, not copied: they have to outlive the lease.
    [[nodiscard]] Result<> bind(std::span<const Value> args, std::string_view sql);

private:
    std::unique_ptr<Statement> m_own;
    Statement* m_statement;
};

/// One connection, used by one thread at a time (interrupt apart).
class Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>>
    open(const Location& location, const Options& options, Role role);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    [[nodiscard]] sqlite3* handle() const { return m_handle.get(); }
    [[nodiscard]] bool isReadOnly() const;
    /// True between BEGIN and its end; SQLite ends a transaction by itself after some errors (full
    /// disk).
    [[nodiscard]] bool isInTransaction() const;
    [[nodiscard]] Result<StatementLease> prepare(std::string_view sql);
    /// A statement without arguments or answer: BEGIN, COMMIT, PRAGMA.
    [[nodiscard]] Result<> run(std::string_view sql);
    [[nodiscard]] BulkRows& bulkRows() { return m_bulkRows; }
    void interrupt() { sqlite3_interrupt(m_handle.get()); }

private:
    struct Closer {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view> {}(text);
        }
    };
    using Cache = std::unordered_map<std::string, Statement, TextHash, std::equal_to<>>;

    explicit Connection(sqlite3* handle);
    [[nodiscard]] Result<> configure(const Location& location, const Options& options, Role role);
    [[nodiscard]] Result<> enterWal(int busyTimeoutMs);
    [[nodiscard]] Result<Statement> compile(std::string_view sql);
    void forgetOldest();

    BulkRows m_bulkRows;
    std::unique_ptr<sqlite3, Closer> m_handle;
    Cache m_cache;
    std::list<std::string_view> m_ages; ///< the texts of m_cache, least recently used first
};

} // namespace quittance::database::sqlite
