#include "core/database/sqlite/errors.h"

#include "core/database/text_check.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace quittance::database::sqlite {

namespace {

ErrorCode constraintCode(int extendedCode)
{
    switch (extendedCode) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ErrorCode::AlreadyExists;
    case SQLITE_CONSTRAINT_TRIGGER:
        return ErrorCode::Conflict;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ErrorCode::Precondition;
    default:
        return ErrorCode::InvalidArgument; // CHECK, NOT NULL, STRICT types
    }
}

ErrorCode primaryCode(int primary, std::string_view message)
{
    switch (primary) {
    case SQLITE_FULL:
        return ErrorCode::StorageFull;
    case SQLITE_READONLY:
        return ErrorCode::ReadOnly;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_INTERRUPT:
        return ErrorCode::Cancelled;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_CANTOPEN:
        return ErrorCode::Unavailable;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ErrorCode::PermissionDenied;
    case SQLITE_TOOBIG:
        return ErrorCode::TooLarge;
    case SQLITE_ERROR:
        // The text that SQLite's own sum() and our addition of bulkInsert raise.
        return message == "integer overflow" ? ErrorCode::Overflow : ErrorCode::Internal;
    default:
        return ErrorCode::Internal;
    }
}

} // namespace

Error toError(int extendedCode, std::string_view message, std::string_view sql)
{
    constexpr int primaryMask = 0xFF;
    const int primary = extendedCode & primaryMask;
    const ErrorCode code = primary == SQLITE_CONSTRAINT ? constraintCode(extendedCode)
                                                        : primaryCode(primary, message);
    if (sql.empty())
        return { code, fmt::format("SQLite: {} ({})", message, extendedCode) };
    return { code, fmt::format("SQLite: {} ({}) in: {}", message, extendedCode, abbreviated(sql)) };
}

Error lastError(sqlite3* connection, std::string_view sql)
{
    // A person can help with these: they need the file's name and no statement.
    const char* const name = sqlite3_db_filename(connection, "main");
    const std::string_view file = name == nullptr ? "" : name;
    constexpr int primaryMask = 0xFF;
    const int primary = sqlite3_extended_errcode(connection) & primaryMask;
    if (!file.empty() && primary == SQLITE_FULL)
        return { ErrorCode::StorageFull, fmt::format("{}: the disk is full", file) };
    if (!file.empty() && primary == SQLITE_READONLY)
        return { ErrorCode::ReadOnly, fmt::format("{}: the database is read-only", file) };
    return toError(sqlite3_extended_errcode(connection), sqlite3_errmsg(connection), sql);
}

} // namespace quittance::database::sqlite
