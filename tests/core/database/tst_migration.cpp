#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

namespace {

Migration step(int number, std::string script)
{
    return { number, "step-" + std::to_string(number),
             [script = std::move(script)](Transaction& tx) { return runScript(tx, script); } };
}

const std::vector<Migration> two {
    step(1, "CREATE TABLE account (id $ID$, name TEXT NOT NULL)"),
    step(
        2,
        "ALTER TABLE account ADD COLUMN zone TEXT;\nINSERT INTO account (name, zone) VALUES "
        "('first', 'UTC')"
    ),
};

std::int64_t accounts(TestDatabase& db)
{
    return valueOf(db->read([](Transaction& tx) {
        return tx.queryInteger("SELECT COUNT(*) FROM account");
    }));
}

} // namespace

TEST_CASE("migrate brings an empty database up to date, once")
{
    forEachDatabase([](TestDatabase& db) {
        CHECK(valueOf(schemaState(db.database(), two)).current == 0);
        CHECK(outcomeOf(requireCurrentSchema(db.database(), two)) == "schema-too-old");
        const SchemaState first = valueOf(migrate(db.database(), two));
        CHECK(first.current == 2);
        CHECK(first.known == 2);
        CHECK(outcomeOf(requireCurrentSchema(db.database(), two)) == "ok");
        CHECK(valueOf(migrate(db.database(), two)).current == 2);
        CHECK(accounts(db) == 1);
    });
}

TEST_CASE("migrate continues where the database stands, in the order of numbers")
{
    forEachDatabase([](TestDatabase& db) {
        CHECK(valueOf(migrate(db.database(), std::span(two).first(1))).current == 1);
        const std::vector<Migration> unordered {
            step(3, "INSERT INTO account (name) VALUES ('third')"), two[1], two[0]
        };
        CHECK(valueOf(migrate(db.database(), unordered)).current == 3);
        CHECK(accounts(db) == 2);
    });
}

TEST_CASE("a newer schema is refused with both numbers")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(outcomeOf(migrate(db.database(), two)) == "ok");
        const auto older = std::span(two).first(1);
        const auto refused = migrate(db.database(), older);
        CHECK(outcomeOf(refused) == "schema-too-new");
        CHECK(
            detailOf(refused)
            == "the database has schema 2, this program knows up to 1: use a newer program"
        );
        CHECK(outcomeOf(requireCurrentSchema(db.database(), older)) == "schema-too-new");
        CHECK(accounts(db) == 1);
    });
}

TEST_CASE("a step that fails leaves nothing of itself and is tried again")
{
    forEachDatabase([](TestDatabase& db) {
        std::vector<Migration> broken = two;
        broken.push_back(step(
            3, "CREATE TABLE extra (x BIGINT);\nINSERT INTO account (id, name) VALUES (1, 'taken')"
        ));
        const auto failed = migrate(db.database(), broken);
        CHECK(outcomeOf(failed) == "already-exists");
        CHECK(detailOf(failed).find("migration 3 (step-3)") != std::string::npos);
        CHECK(valueOf(schemaState(db.database(), broken)).current == 2);
        broken[2] = step(3, "CREATE TABLE extra (x BIGINT)");
        CHECK(valueOf(migrate(db.database(), broken)).current == 3);
    });
}

TEST_CASE("programs that migrate at once do it once")
{
    forEachDatabase([](TestDatabase& db) {
        constexpr int programs = 6;
        std::vector<std::unique_ptr<Database>> opened;
        opened.reserve(programs);
        for (int i = 0; i < programs; ++i)
            opened.push_back(db.openAnother());
        std::vector<std::string> outcomes(programs);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < programs; ++i)
            threads.emplace_back([&, i] { outcomes[i] = detailOf(migrate(*opened[i], two)); });
        for (std::thread& thread : threads)
            thread.join();
        for (const std::string& outcome : outcomes)
            CHECK(outcome == "");
        CHECK(accounts(db) == 1);
        CHECK(valueOf(schemaState(db.database(), two)).current == 2);
    });
}

TEST_CASE("a read-only database is not migrated, and says why")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(outcomeOf(migrate(db.database(), std::span(two).first(1))) == "ok");
        Options readOnly;
        readOnly.readOnly = true;
        db.reopen(readOnly);
        const auto refused = migrate(db.database(), two);
        CHECK(outcomeOf(refused) == "read-only");
        CHECK(detailOf(refused).find("read-only") != std::string::npos);
        CHECK(valueOf(schemaState(db.database(), two)).current == 1);
    });
}
