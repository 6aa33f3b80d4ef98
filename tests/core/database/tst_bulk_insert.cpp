#include "core/database/database.h"
#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

namespace {

struct RollupRow {
    std::int64_t day;
    std::string meter;
    std::int64_t quantity;
    std::string note;
    bool operator==(const RollupRow&) const = default;
};

constexpr std::string_view rollupTable = "CREATE TABLE rollup (day BIGINT NOT NULL, meter TEXT NOT "
                                         "NULL, quantity BIGINT NOT NULL, note TEXT NOT NULL, "
                                         "PRIMARY KEY (day, meter)) $WITHOUT_ROWID$";

Columns columnsOf(const std::vector<RollupRow>& rows)
{
    Columns columns({ { .name = "day", .type = Columns::Type::Integer },
                      { .name = "meter", .type = Columns::Type::Text },
                      { .name = "quantity", .type = Columns::Type::Integer },
                      { .name = "note", .type = Columns::Type::Text } });
    for (const RollupRow& row : rows) {
        columns[0].add(row.day);
        columns[1].add(row.meter);
        columns[2].add(row.quantity);
        columns[3].add(row.note);
    }
    return columns;
}

const OnConflict fail {};
const OnConflict ignore { OnConflict::Action::Ignore, { "day", "meter" }, {} };
const OnConflict add { OnConflict::Action::Add, { "day", "meter" }, { "quantity" } };

Result<std::int64_t>
insert(TestDatabase& db, const std::vector<RollupRow>& rows, const OnConflict& onConflict)
{
    return db->write([&](Transaction& tx) {
        return tx.bulkInsert("rollup", columnsOf(rows), onConflict);
    });
}

std::vector<RollupRow> stored(TestDatabase& db)
{
    return valueOf(db->read([](Transaction& tx) {
        return tx.queryAll<RollupRow>(
            "SELECT day, meter, quantity, note FROM rollup ORDER BY day, meter", {},
            [](const Row& row) {
                return RollupRow { row.integer(0), row.string(1), row.integer(2), row.string(3) };
            }
        );
    }));
}

void createRollup(TestDatabase& db)
{
    REQUIRE(detailOf(db->write([](Transaction& tx) { return runScript(tx, rollupTable); })) == "");
}

} // namespace

TEST_CASE("bulkInsert: Fail refuses the whole batch where one row exists")
{
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        CHECK(valueOf(insert(db, { { 1, "gpu", 5, "a" }, { 2, "gpu", 6, "b" } }, fail)) == 2);
        CHECK(
            outcomeOf(insert(db, { { 3, "gpu", 7, "c" }, { 2, "gpu", 8, "d" } }, fail))
            == "already-exists"
        );
        CHECK(stored(db) == std::vector<RollupRow> { { 1, "gpu", 5, "a" }, { 2, "gpu", 6, "b" } });
    });
}

TEST_CASE("bulkInsert: Ignore keeps the row that came first, stored or in the batch, and counts "
          "the new ones")
{
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        REQUIRE(valueOf(insert(db, { { 1, "gpu", 5, "stored" } }, fail)) == 1);
        CHECK(
            valueOf(insert(
                db,
                { { 2, "gpu", 1, "first" },
                  { 1, "gpu", 9, "late" },
                  { 2, "gpu", 2, "second" },
                  { 3, "", 0, "" } },
                ignore
            ))
            == 2
        );
        CHECK(
            stored(db)
            == std::vector<RollupRow> { { 1, "gpu", 5, "stored" },
                                        { 2, "gpu", 1, "first" },
                                        { 3, "", 0, "" } }
        );
        CHECK(valueOf(insert(db, { { 1, "gpu", 5, "again" } }, ignore)) == 0);
    });
}

TEST_CASE("bulkInsert: Add sums, over what is stored and over rows of one key in the batch")
{
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        REQUIRE(valueOf(insert(db, { { 1, "gpu", 5, "kept" } }, fail)) == 1);
        CHECK(
            outcomeOf(insert(
                db,
                { { 1, "gpu", 10, "x" },
                  { 2, "gpu", 1, "first" },
                  { 1, "gpu", -3, "y" },
                  { 2, "gpu", 2, "second" } },
                add
            ))
            == "ok"
        );
        CHECK(
            stored(db)
            == std::vector<RollupRow> { { 1, "gpu", 12, "kept" }, { 2, "gpu", 3, "first" } }
        );
    });
}

TEST_CASE("bulkInsert: Add refuses a sum that leaves 64 bits and changes nothing")
{
    constexpr std::int64_t most = 9223372036854775807;
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        REQUIRE(valueOf(insert(db, { { 1, "gpu", most, "" } }, fail)) == 1);
        CHECK(
            outcomeOf(insert(db, { { 2, "gpu", 1, "" }, { 1, "gpu", 1, "" } }, add)) == "overflow"
        );
        CHECK(stored(db) == std::vector<RollupRow> { { 1, "gpu", most, "" } });
    });
}

TEST_CASE("bulkInsert: several batches and shapes in one transaction, larger than any buffer")
{
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        std::vector<RollupRow> rows;
        for (std::int64_t day = 0; day < 30'000; ++day)
            rows.push_back({ day, "meter-" + std::to_string(day % 7), day, std::string(40, 'n') });
        const auto outcome = db->write([&](Transaction& tx) -> Result<> {
            QUITTANCE_TRY(const auto first, tx.bulkInsert("rollup", columnsOf(rows), ignore));
            CHECK(first == 30'000);
            QUITTANCE_TRY(const auto again, tx.bulkInsert("rollup", columnsOf(rows), ignore));
            CHECK(again == 0);
            QUITTANCE_CHECK(tx.bulkInsert("rollup", columnsOf(rows), add));
            QUITTANCE_TRY(const auto none, tx.bulkInsert("rollup", columnsOf({}), add));
            CHECK(none == 0);
            return {};
        });
        CHECK(detailOf(outcome) == "");
        CHECK(
            valueOf(db->read([](Transaction& tx) {
                return tx.queryInteger("SELECT CAST(SUM(quantity) AS BIGINT) FROM rollup");
            }))
            == 30'000LL * 29'999
        );
    });
}

TEST_CASE("bulkInsert: bytes, and columns of unequal length")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(
            detailOf(db->write([](Transaction& tx) {
                return runScript(
                    tx, "CREATE TABLE blobs (id BIGINT PRIMARY KEY, raw $BYTES$ NOT NULL)"
                );
            }))
            == ""
        );
        Columns rows({ { .name = "id", .type = Columns::Type::Integer },
                       { .name = "raw", .type = Columns::Type::Bytes } });
        const std::vector<std::string> cells { std::string("\0\xff", 2), "", "plain" };
        for (std::size_t i = 0; i < cells.size(); ++i) {
            rows[0].add(static_cast<std::int64_t>(i));
            rows[1].add(cells[i]);
        }
        REQUIRE(
            valueOf(db->write([&](Transaction& tx) { return tx.bulkInsert("blobs", rows, {}); }))
            == 3
        );
        const auto back = valueOf(db->read([](Transaction& tx) {
            return tx.queryAll<std::string>(
                "SELECT raw FROM blobs ORDER BY id", {},
                [](const Row& row) {
                    const auto bytes = row.bytes(0);
                    std::string text;
                    for (const std::byte byte : bytes)
                        text += static_cast<char>(byte);
                    return text;
                }
            );
        }));
        CHECK(back == cells);
        rows[0].add(std::int64_t { 99 });
        CHECK(
            outcomeOf(db->write([&](Transaction& tx) { return tx.bulkInsert("blobs", rows, {}); }))
            == "invalid-argument"
        );
    });
}

TEST_CASE("bulkInsert: as many columns as there may be, and one more")
{
    forEachDatabase([](TestDatabase& db) {
        const auto insertWide = [&](std::size_t count) {
            std::vector<Columns::Column> columns;
            std::string ddl;
            for (std::size_t i = 0; i < count; ++i) {
                columns.push_back({ .name = "n" + std::to_string(i) });
                ddl += (i == 0 ? "" : ", ") + columns.back().name + " BIGINT NOT NULL";
                columns.back().add(static_cast<std::int64_t>(i));
            }
            const std::string table = "wide" + std::to_string(count);
            return db->write([&](Transaction& tx) -> Result<std::int64_t> {
                QUITTANCE_CHECK(runScript(tx, "CREATE TABLE " + table + " (" + ddl + ")"));
                return tx.bulkInsert(table, Columns(columns), {});
            });
        };
        CHECK(valueOf(insertWide(bulkColumnsMax)) == 1);
        CHECK(outcomeOf(insertWide(bulkColumnsMax + 1)) == "invalid-argument");
        CHECK(
            valueOf(db->read([](Transaction& tx) {
                return tx.queryInteger("SELECT n63 FROM wide64");
            }))
            == 63
        );
    });
}

TEST_CASE("bulkInsert: a character cut in two by neighbouring cells is refused")
{
    forEachDatabase([](TestDatabase& db) {
        createRollup(db);
        CHECK(
            outcomeOf(insert(db, { { 1, "\xc3", 1, "" }, { 2, "\xbc", 1, "" } }, ignore))
            == "invalid-argument"
        );
    });
}

TEST_CASE("Columns::clear keeps the shape and drops the cells")
{
    Columns rows = columnsOf({ { 1, "gpu", 5, "a" } });
    rows.clear();
    CHECK(rows.rowCount() == 0);
    CHECK(rows.columns().size() == 4);
    rows[1].add("tpu");
    CHECK(rows.columns()[1].cell(0) == "tpu");
}
