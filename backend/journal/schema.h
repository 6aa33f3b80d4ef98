#pragma once

#include "core/database/migration.h"

#include <initializer_list>
#include <string_view>

namespace quittance::backend {

/// The body of most migrations: runs `script`, then makes these tables append-only in the database
/// itself.
Result<> createSchema(
    database::Transaction& tx, std::string_view script,
    std::initializer_list<std::string_view> appendOnlyTables = {}
);

} // namespace quittance::backend
