#include "backend/journal/schema.h"

namespace quittance::backend {

Result<> createSchema(
    database::Transaction& tx, std::string_view script,
    std::initializer_list<std::string_view> appendOnlyTables
)
{
    QUITTANCE_CHECK(database::runScript(tx, script));
    for (const std::string_view table : appendOnlyTables)
        for (const std::string& statement : tx.dialect().appendOnly(table))
            QUITTANCE_CHECK(tx.execute(statement));
    return {};
}

} // namespace quittance::backend
