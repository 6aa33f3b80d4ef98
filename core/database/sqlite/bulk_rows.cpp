#include "core/database/sqlite/bulk_rows.h"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace quittance::database::sqlite {

namespace {

// SQLite hands these structs back by a pointer to their first member.
struct Table {
    sqlite3_vtab base {};
    const BulkRows* source = nullptr;
};
struct Cursor {
    sqlite3_vtab_cursor base {};
    const Columns* rows = nullptr;
    std::size_t row = 0;
};

Cursor& cursorOf(sqlite3_vtab_cursor* base)
{
    return *reinterpret_cast<Cursor*>(base);
}

int connect(
    sqlite3* connection, void* source, int /*count*/, const char* const* /*arguments*/,
    sqlite3_vtab** made, char** /*message*/
)
{
    std::string declaration;
    for (std::size_t i = 0; i < bulkColumnsMax; ++i)
        declaration += fmt::format("{}c{}", i == 0 ? "CREATE TABLE x(" : ", ", i);
    const int code = sqlite3_declare_vtab(connection, (declaration + ")").c_str());
    if (code != SQLITE_OK)
        return code;
    sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY); // not from a schema that came along
    auto table = std::make_unique<Table>();
    table->source = static_cast<const BulkRows*>(source);
    *made = &table.release()->base;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* base)
{
    const std::unique_ptr<Table> table(reinterpret_cast<Table*>(base));
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab* /*base*/, sqlite3_index_info* /*info*/)
{
    return SQLITE_OK; // there is one way: from the first row to the last
}

int open(sqlite3_vtab* base, sqlite3_vtab_cursor** made)
{
    auto cursor = std::make_unique<Cursor>();
    cursor->rows = reinterpret_cast<Table*>(base)->source->rows;
    *made = &cursor.release()->base;
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* base)
{
    const std::unique_ptr<Cursor> cursor(&cursorOf(base));
    return SQLITE_OK;
}

int filter(
    sqlite3_vtab_cursor* base, int /*index*/, const char* /*name*/, int /*count*/,
    sqlite3_value** /*values*/
)
{
    cursorOf(base).row = 0;
    return SQLITE_OK;
}

int advance(sqlite3_vtab_cursor* base)
{
    ++cursorOf(base).row;
    return SQLITE_OK;
}

int isAtEnd(sqlite3_vtab_cursor* base)
{
    const Cursor& cursor = cursorOf(base);
    return cursor.rows == nullptr || cursor.row >= cursor.rows->rowCount() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int number)
{
    const Cursor& cursor = cursorOf(base);
    const auto place = static_cast<std::size_t>(number);
    if (place >= cursor.rows->columns().size())
        return SQLITE_OK; // NULL
    const Columns::Column& column = cursor.rows->columns()[place];
    if (column.type == Columns::Type::Integer) {
        sqlite3_result_int64(context, column.integers[cursor.row]);
        return SQLITE_OK;
    }
    // An empty value needs an address: SQLite takes a null pointer for NULL.
    const std::string_view cell = column.cell(cursor.row);
    if (column.type == Columns::Type::Text)
        sqlite3_result_text64(context, cell.data(), cell.size(), SQLITE_STATIC, SQLITE_UTF8);
    else if (cell.empty())
        sqlite3_result_zeroblob(context, 0);
    else
        sqlite3_result_blob64(context, cell.data(), cell.size(), SQLITE_STATIC);
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor* base, sqlite3_int64* id)
{
    *id = static_cast<sqlite3_int64>(cursorOf(base).row);
    return SQLITE_OK;
}

/// Without xCreate the table is there by its name alone.
constexpr sqlite3_module makeModule()
{
    sqlite3_module module {};
    module.xConnect = connect;
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = advance;
    module.xEof = isAtEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

constexpr sqlite3_module module = makeModule();

} // namespace

int addBulkRows(sqlite3* connection, BulkRows& source)
{
    return sqlite3_create_module_v2(
        connection, std::string(bulkRowsTable).c_str(), &module, &source, nullptr
    );
}

} // namespace quittance::database::sqlite
