#pragma once

#include "core/database/postgres/connection.h"

namespace quittance::database::postgres {

/// COPY `target` FROM STDIN in the binary format; the number of rows. `target` is "table (a, b)".
/// With `numberRows`, each row begins with its number, from 0.
[[nodiscard]] Result<std::int64_t>
copyInto(Connection& connection, const std::string& target, const Columns& rows, bool numberRows);

} // namespace quittance::database::postgres
