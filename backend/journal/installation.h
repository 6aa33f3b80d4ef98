#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"

#include <string>

namespace quittance::backend {

/// Tells this database from any other: 128 bits of chance in hexadecimal, made once. A console
/// whose store names another installation starts anew instead of mixing the two.
Result<std::string> installationId(const Context& context);

/// Table: installation(only_row PRIMARY KEY CHECK (only_row = 1), id).
[[nodiscard]] database::Migration installationMigration(int number);

} // namespace quittance::backend
