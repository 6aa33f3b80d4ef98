#pragma once

#include "core/database/migration.h"

#include <vector>

namespace quittance::backend {

/// The one list of the backend's schema, in order: journal, installation, ledger, outbox, jobs,
/// accounts, people, pricing, usage, billing.
[[nodiscard]] const std::vector<database::Migration>& backendMigrations();

} // namespace quittance::backend
