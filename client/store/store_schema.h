#pragma once

#include "core/database/migration.h"
#include "core/database/sqlite/text_index.h"

#include <vector>

namespace quittance::client {

/// The store's tables, for reading beside the queries: see store_schema.cpp.
[[nodiscard]] const std::vector<database::Migration>& storeMigrations();

/// What the search field searches: number, account, period and amounts of bills, and the services,
/// SKUs, projects and resources of their lines.
[[nodiscard]] const database::sqlite::TextIndex& billTextIndex();

} // namespace quittance::client
