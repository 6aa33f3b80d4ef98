#pragma once

#include "core/database/database.h"

namespace quittance::database::sqlite {

[[nodiscard]] const Dialect& dialect();

} // namespace quittance::database::sqlite
