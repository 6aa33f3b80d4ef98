#pragma once

#include "core/database/database.h"

#include <span>
#include <string_view>

namespace quittance::database {

/// InvalidArgument where `text` is not UTF-8 or holds a NUL: PostgreSQL refuses both, SQLite would
/// cut or keep them.
[[nodiscard]] Result<> checkText(std::string_view text, std::string_view what);

/// checkText for every text among `args`.
[[nodiscard]] Result<> checkArguments(std::span<const Value> args);

/// At most bulkColumnsMax columns of equal length whose text cells are each UTF-8 without NUL.
[[nodiscard]] Result<> checkColumns(const Columns& rows);

/// Internal where `sql` does not use exactly $1 to $`count`: PostgreSQL takes more arguments than a
/// statement has places for.
[[nodiscard]] Result<> checkPlaceholders(std::string_view sql, std::size_t count);

/// "SELECT a FROM b WHERE ...": one line, cut to what an error detail has room for. Never holds
/// arguments.
[[nodiscard]] std::string abbreviated(std::string_view sql);

} // namespace quittance::database
