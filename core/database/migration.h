#pragma once

#include "core/database/database.h"

#include <functional>
#include <span>
#include <string>

namespace quittance::database {

/// One step of a schema. Numbered in one list per program, never changed once released.
struct Migration {
    int number = 0; ///< 1, 2, ...
    std::string name; ///< "accounts"
    std::function<Result<>(Transaction&)> apply;
};

struct SchemaState {
    int current = 0; ///< the number stored in the database; 0 for an empty one
    int known = 0; ///< the highest number of this program
};

[[nodiscard]] Result<SchemaState>
schemaState(Database& database, std::span<const Migration> migrations);

/// Applies what is missing, each step in a transaction of its own together with its number; two
/// programs that migrate at once do it once. SchemaTooNew, naming both numbers, where the database
/// is ahead.
[[nodiscard]] Result<SchemaState>
migrate(Database& database, std::span<const Migration> migrations);

/// For programs that must not migrate by themselves: SchemaTooOld or SchemaTooNew, saying which
/// command helps.
[[nodiscard]] Result<>
requireCurrentSchema(Database& database, std::span<const Migration> migrations);

/// Runs each statement of `script` (separated by ";\n") after Dialect::ddl.
[[nodiscard]] Result<> runScript(Transaction& tx, std::string_view script);

} // namespace quittance::database
