#pragma once

#include "core/database/database.h"

#include <sqlite3.h>

#include <string_view>

/// The rows of a bulkInsert as a table that SQLite reads: INSERT INTO t (...) SELECT c0, c1, ...
/// FROM quittance_bulk_rows. One statement for all rows keeps the table's cursor open and its place
/// known, where a statement a row opens, seeks and closes anew: that is half of what a sorted
/// insert costs.
namespace quittance::database::sqlite {

constexpr std::string_view bulkRowsTable = "quittance_bulk_rows";

/// What the table of one connection shows, its columns being c0, c1, ... up to bulkColumnsMax;
/// nothing while `rows` is null.
struct BulkRows {
    const Columns* rows = nullptr;
};

/// Shows rows as long as it lives.
class BulkRowsShown {
public:
    BulkRowsShown(BulkRows& source, const Columns& rows)
        : m_source(&source)
    {
        source.rows = &rows;
    }
    BulkRowsShown(const BulkRowsShown&) = delete;
    BulkRowsShown& operator=(const BulkRowsShown&) = delete;
    ~BulkRowsShown() { m_source->rows = nullptr; }

private:
    BulkRows* m_source;
};

/// Makes the table known to a connection. `source` has to outlive it.
[[nodiscard]] int addBulkRows(sqlite3* connection, BulkRows& source);

} // namespace quittance::database::sqlite
