#pragma once

#include "core/domain/result.h"

#include <string_view>

struct sqlite3;

namespace quittance::database::sqlite {

/// The error of an extended result code; `message` is sqlite3_errmsg, which never repeats bound
/// values.
[[nodiscard]] Error toError(int extendedCode, std::string_view message, std::string_view sql);

/// The error that the last call on `connection` left.
[[nodiscard]] Error lastError(sqlite3* connection, std::string_view sql);

} // namespace quittance::database::sqlite
