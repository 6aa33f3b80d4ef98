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

Result<> runAll(Transaction& tx, const std::vector<std::string>& statements)
{
    for (const std::string& statement : statements)
        QUITTANCE_CHECK(tx.execute(statement));
    return {};
}

std::string outcomeOfWrite(TestDatabase& db, const std::string& sql)
{
    return outcomeOf(db->write([&sql](Transaction& tx) { return tx.execute(sql); }));
}

} // namespace

TEST_CASE("appendOnly: rows are added and never changed, however it is tried")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(
            detailOf(db->write([](Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(runScript(
                    tx, "CREATE TABLE ledger (id BIGINT PRIMARY KEY, amount BIGINT NOT NULL)"
                ));
                return runAll(tx, tx.dialect().appendOnly("ledger"));
            }))
            == ""
        );
        struct Case {
            std::string sql;
            std::string expected;
        };
        std::vector<Case> cases {
            { "INSERT INTO ledger (id, amount) VALUES (1, 10), (2, -10)", "ok" },
            { "UPDATE ledger SET amount = 11 WHERE id = 1", "conflict" },
            { "DELETE FROM ledger WHERE id = 1", "conflict" },
            { "DELETE FROM ledger", "conflict" },
            { "INSERT INTO ledger (id, amount) VALUES (1, 11) ON CONFLICT (id) DO UPDATE SET "
              "amount = excluded.amount",
              "conflict" },
            { "INSERT INTO ledger (id, amount) VALUES (1, 11) ON CONFLICT DO NOTHING", "ok" },
            db.isSqlite()
                ? Case { "INSERT OR REPLACE INTO ledger (id, amount) VALUES (1, 11)", "conflict" }
                : Case { "TRUNCATE ledger", "conflict" },
        };
        for (const Case& given : cases) {
            CAPTURE(given.sql);
            CHECK(outcomeOfWrite(db, given.sql) == given.expected);
        }
        CHECK(
            valueOf(db->read([](Transaction& tx) {
                return tx.queryInteger("SELECT amount FROM ledger WHERE id = 1");
            }))
            == 10
        );
        const auto refused = db->write([](Transaction& tx) {
            return tx.execute("UPDATE ledger SET amount = 11");
        });
        CHECK(
            detailOf(refused).find("ledger: rows are only added, never changed")
            != std::string::npos
        );
    });
}

TEST_CASE(
    "frozenWhere: rows change until the condition holds; several conditions stand side by side"
)
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(
            detailOf(db->write([](Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(runScript(
                    tx,
                    "CREATE TABLE bill (id BIGINT PRIMARY KEY, number TEXT, archived BIGINT NOT "
                    "NULL, total BIGINT NOT NULL);\n"
                    "INSERT INTO bill (id, number, archived, total) VALUES (1, NULL, 0, 5), (2, "
                    "'A-1', 0, 6), (3, NULL, 1, 7)"
                ));
                QUITTANCE_CHECK(
                    runAll(tx, tx.dialect().frozenWhere("bill", "OLD.number IS NOT NULL"))
                );
                return runAll(tx, tx.dialect().frozenWhere("bill", "OLD.archived = 1"));
            }))
            == ""
        );
        struct Case {
            std::string sql;
            std::string expected;
        };
        const std::vector<Case> cases {
            { "UPDATE bill SET total = 50 WHERE id = 1", "ok" },
            { "UPDATE bill SET total = 60 WHERE id = 2", "conflict" },
            { "DELETE FROM bill WHERE id = 2", "conflict" },
            { "UPDATE bill SET total = 70 WHERE id = 3", "conflict" },
            { "UPDATE bill SET number = 'A-2' WHERE id = 1", "ok" }, // the last change it allows
            { "UPDATE bill SET number = NULL WHERE id = 1", "conflict" },
            { "UPDATE bill SET total = total", "conflict" },
        };
        for (const Case& given : cases) {
            CAPTURE(given.sql);
            CHECK(outcomeOfWrite(db, given.sql) == given.expected);
        }
    });
}

TEST_CASE("ddl: generated keys, a clustered table, skipLocked and tableExists work on both")
{
    forEachDatabase([](TestDatabase& db) {
        CHECK(
            detailOf(db->write([](Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(runScript(
                    tx,
                    "-- a comment; with a semicolon\n"
                    "CREATE TABLE job (id $ID$, state TEXT NOT NULL CHECK (state <> 'BIGINT;'));\n"
                    "\n"
                    "CREATE TABLE clustered (a BIGINT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a, "
                    "b)) $WITHOUT_ROWID$;\n"
                    "CREATE INDEX job_state ON job (state);\n"
                    "ALTER TABLE job ADD COLUMN owner TEXT;\n"
                    "ALTER TABLE job ADD COLUMN until BIGINT;\n"
                ));
                QUITTANCE_TRY(
                    const auto one,
                    tx.queryInteger("INSERT INTO job (state) VALUES ('new') RETURNING id")
                );
                QUITTANCE_TRY(
                    const auto two,
                    tx.queryInteger("INSERT INTO job (state) VALUES ('new') RETURNING id")
                );
                CHECK(two == one + 1);
                QUITTANCE_TRY(
                    const auto next,
                    tx.queryInteger(
                        "SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1"
                        + std::string(tx.dialect().skipLocked())
                    )
                );
                CHECK(next == one);
                const std::string exists(tx.dialect().tableExists());
                QUITTANCE_TRY(
                    const auto found, tx.queryInteger(exists, { std::string("clustered") })
                );
                QUITTANCE_TRY(
                    const auto absent, tx.queryInteger(exists, { std::string("nowhere") })
                );
                CHECK(found == 1);
                CHECK(absent == 0);
                return {};
            }))
            == ""
        );
        CHECK(db->dialect().engine() == db.engine());
    });
}
