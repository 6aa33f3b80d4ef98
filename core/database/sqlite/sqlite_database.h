#pragma once

#include "core/database/database.h"

#include <memory>
#include <string_view>

namespace quittance::database::sqlite {

/// `file` is what follows "sqlite:": a path, relative or absolute, or ":memory:". WAL, foreign keys
/// on, synchronous=FULL.
[[nodiscard]] Result<std::unique_ptr<Database>>
openDatabase(std::string_view file, const Options& options);

} // namespace quittance::database::sqlite
