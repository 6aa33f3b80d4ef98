#pragma once

#include "core/database/database.h"

#include <memory>
#include <string>

namespace quittance::database::postgres {

/// `url` is a connection URI of libpq ("postgresql:///quittance?host=/var/run/postgresql"). One
/// that holds a password is refused and not repeated. Connects once, so that a wrong address is
/// known at once.
[[nodiscard]] Result<std::unique_ptr<Database>>
openDatabase(const std::string& url, const Options& options);

} // namespace quittance::database::postgres
