#pragma once

#include "core/database/database.h"

#include <optional>

namespace quittance::database {

/// What both engines do alike: text is checked before it reaches the engine, and once a call has
/// failed every later call gives that first error. PostgreSQL works so by itself; SQLite would go
/// on, and code that was tried there only would break on the other.
class GuardedTransaction : public Transaction {
public:
    Result<> query(std::string_view sql, std::span<const Value> args, const RowFunction& row) final;
    Result<std::int64_t> execute(std::string_view sql, std::span<const Value> args) final;
    Result<std::int64_t>
    bulkInsert(std::string_view table, const Columns& rows, const OnConflict& onConflict) final;

    /// The first error of this transaction; it can only be rolled back then.
    [[nodiscard]] const std::optional<Error>& firstFailure() const { return m_firstFailure; }

protected:
    virtual Result<>
    runQuery(std::string_view sql, std::span<const Value> args, const RowFunction& row) = 0;
    virtual Result<std::int64_t> runExecute(std::string_view sql, std::span<const Value> args) = 0;
    virtual Result<std::int64_t>
    runBulkInsert(std::string_view table, const Columns& rows, const OnConflict& onConflict) = 0;

private:
    template <class T> Result<T> noted(Result<T> outcome)
    {
        if (!outcome && !m_firstFailure)
            m_firstFailure = outcome.error();
        return outcome;
    }
    [[nodiscard]] Result<> admit(std::span<const Value> args) const;

    std::optional<Error> m_firstFailure;
};

/// Runs `work` and ends with its error, with the transaction's first failure where `work` swallowed
/// it, or with Internal where it threw: an exception of one writer must not end the thread that
/// serves all.
[[nodiscard]] Result<>
runGuarded(const std::function<Result<>(Transaction&)>& work, GuardedTransaction& transaction);

/// Marks this thread as being inside a write of `database`, which must not be entered twice: the
/// second would wait for the first for ever.
class WriteScope {
public:
    [[nodiscard]] static Result<> check(const Database& database);
    explicit WriteScope(const Database& database);
    ~WriteScope();
    WriteScope(const WriteScope&) = delete;
    WriteScope& operator=(const WriteScope&) = delete;

private:
    const Database* m_outer;
};

} // namespace quittance::database
