#include "core/database/migration.h"
#include "core/database/sqlite/text_index.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::database::sqlite;
using namespace quittance::testing;

namespace {

const TextIndex index { "bill", "id", { "number", "customer" } };

std::unique_ptr<Database> openWithBills()
{
    auto db = valueOf(Database::open("sqlite::memory:"));
    REQUIRE(
        detailOf(db->write([](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(runScript(
                tx,
                "CREATE TABLE bill (id $ID$, number TEXT NOT NULL, customer TEXT NOT NULL, total "
                "BIGINT NOT NULL);\n"
                "INSERT INTO bill (id, number, customer, total) VALUES (1, 'INV-2023-0001', 'Acme "
                "Rendering', 1), "
                "(2, 'INV-2023-0002', 'Zürich Genomik', 2), (3, 'CN-2023-0001', 'Acme Rendering', "
                "3), "
                "(4, 'INV-2024-0100', '100% \"Pure\" Compute_Co', 4)"
            ));
            return createTextIndex(tx, index);
        }))
        == ""
    );
    return db;
}

std::vector<std::int64_t> found(Database& db, const std::string& words, std::int64_t totalMax = 100)
{
    const TextMatch match = matchText(index, words, 2);
    std::vector<Value> args { totalMax };
    args.insert(args.end(), match.arguments.begin(), match.arguments.end());
    return valueOf(db.read([&](Transaction& tx) {
        return tx.queryAll<std::int64_t>(
            "SELECT id FROM bill WHERE total <= $1 AND " + match.condition + " ORDER BY id",
            std::span(args), [](const Row& row) { return row.integer(0); }
        );
    }));
}

} // namespace

TEST_CASE("matchText finds every word anywhere in the text, long and short")
{
    struct Case {
        std::string words;
        std::vector<std::int64_t> expected;
    };
    const std::vector<Case> cases {
        { "", { 1, 2, 3, 4 } },
        { "   ", { 1, 2, 3, 4 } },
        { "acme", { 1, 3 } },
        { "ACME", { 1, 3 } },
        { "2023-0001", { 1, 3 } },
        { "acme INV", { 1 } },
        { "render 0001 cn", { 3 } },
        { "cn", { 3 } },
        { "ZÜRICH", { 2 } },
        { "ric", { 2 } },
        { "ür", { 2 } },
        { "\"pure\"", { 4 } },
        { "\"", { 4 } },
        { "100%", { 4 } },
        { "%", { 4 } },
        { "_", { 4 } },
        { "e_C", { 4 } },
        { "acme OR zürich", {} },
        { "acm*", {} },
        { "number:INV", {} },
        { "nowhere", {} },
    };
    const auto db = openWithBills();
    for (const Case& given : cases) {
        CAPTURE(given.words);
        CHECK(found(*db, given.words) == given.expected);
    }
    CHECK(found(*db, "acme", 2) == std::vector<std::int64_t> { 1 });
}

TEST_CASE("the index follows every change of its table")
{
    const auto db = openWithBills();
    const auto change = [&](const std::string& sql) {
        CHECK(detailOf(db->write([&](Transaction& tx) { return tx.execute(sql); })) == "");
    };
    change(
        "INSERT INTO bill (id, number, customer, total) VALUES (5, 'INV-2024-0101', 'Nordlicht', 5)"
    );
    CHECK(found(*db, "nordlicht") == std::vector<std::int64_t> { 5 });
    change("UPDATE bill SET customer = 'Südlicht' WHERE id = 5");
    CHECK(found(*db, "nordlicht").empty());
    CHECK(found(*db, "südlicht") == std::vector<std::int64_t> { 5 });
    change("UPDATE bill SET total = 6 WHERE id = 5");
    CHECK(found(*db, "südlicht") == std::vector<std::int64_t> { 5 });
    change("INSERT INTO bill (id, number, customer, total) VALUES (5, 'X', 'Ostwind', 5) ON "
           "CONFLICT (id) DO UPDATE SET "
           "customer = excluded.customer");
    CHECK(found(*db, "südlicht").empty());
    CHECK(found(*db, "ostwind") == std::vector<std::int64_t> { 5 });
    change(
        "INSERT OR REPLACE INTO bill (id, number, customer, total) VALUES (5, 'Y', 'Westwind', 5)"
    );
    CHECK(found(*db, "ostwind").empty());
    change("DELETE FROM bill WHERE id = 5");
    CHECK(found(*db, "westwind").empty());
    CHECK(
        detailOf(db->write([](Transaction& tx) {
            return tx.execute("INSERT INTO bill_text (bill_text) VALUES ('integrity-check')");
        }))
        == ""
    );
}

TEST_CASE("an index is dropped whole and can be made again")
{
    const auto db = openWithBills();
    CHECK(
        detailOf(db->write([](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(dropTextIndex(tx, index));
            QUITTANCE_CHECK(tx.execute(
                "INSERT INTO bill (number, customer, total) VALUES ('N', 'While away', 1)"
            ));
            QUITTANCE_CHECK(createTextIndex(tx, index));
            return rebuildTextIndex(tx, index);
        }))
        == ""
    );
    CHECK(found(*db, "while").size() == 1);
    CHECK(found(*db, "acme") == std::vector<std::int64_t> { 1, 3 });
}
