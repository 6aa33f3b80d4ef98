#include "core/database/guarded_transaction.h"

#include "core/database/text_check.h"

#include <fmt/format.h>

#include <exception>

namespace quittance::database {

namespace {

thread_local const Database* writtenByThisThread = nullptr;

} // namespace

Result<> GuardedTransaction::admit(std::span<const Value> args) const
{
    if (m_firstFailure)
        return failure(*m_firstFailure);
    return checkArguments(args);
}

Result<>
GuardedTransaction::query(std::string_view sql, std::span<const Value> args, const RowFunction& row)
{
    if (auto admitted = admit(args); !admitted)
        return noted(std::move(admitted));
    return noted(runQuery(sql, args, row));
}

Result<std::int64_t> GuardedTransaction::execute(std::string_view sql, std::span<const Value> args)
{
    if (auto admitted = noted(admit(args)); !admitted)
        return failure(std::move(admitted).error());
    return noted(runExecute(sql, args));
}

Result<std::int64_t> GuardedTransaction::bulkInsert(
    std::string_view table, const Columns& rows, const OnConflict& onConflict
)
{
    if (m_firstFailure)
        return failure(*m_firstFailure);
    if (auto checked = noted(checkColumns(rows)); !checked)
        return failure(std::move(checked).error());
    if (rows.rowCount() == 0)
        return std::int64_t { 0 };
    return noted(runBulkInsert(table, rows, onConflict));
}

Result<>
runGuarded(const std::function<Result<>(Transaction&)>& work, GuardedTransaction& transaction)
{
    try {
        QUITTANCE_CHECK(work(transaction));
    } catch (const std::exception& thrown) {
        return failure(ErrorCode::Internal, fmt::format("a transaction threw: {}", thrown.what()));
    } catch (...) {
        return failure(ErrorCode::Internal, "a transaction threw");
    }
    if (transaction.firstFailure())
        return failure(*transaction.firstFailure());
    return {};
}

Result<> WriteScope::check(const Database& database)
{
    if (writtenByThisThread == &database)
        return failure(ErrorCode::Internal, "a write inside a write of the same database");
    return {};
}

WriteScope::WriteScope(const Database& database)
    : m_outer(std::exchange(writtenByThisThread, &database))
{
}

WriteScope::~WriteScope()
{
    writtenByThisThread = m_outer;
}

} // namespace quittance::database
