#pragma once

#include "core/database/database.h"

namespace quittance::database::postgres {

/// The SQLSTATE that the triggers of appendOnly and frozenWhere raise; mapped to Conflict.
inline constexpr std::string_view refusedChangeState = "QT001";

[[nodiscard]] const Dialect& dialect();

} // namespace quittance::database::postgres
