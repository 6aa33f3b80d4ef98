#include "core/database/database.h"
#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

namespace {

void create(TestDatabase& db, std::string_view script)
{
    REQUIRE(detailOf(db->write([script](Transaction& tx) { return runScript(tx, script); })) == "");
}

} // namespace

TEST_CASE("PostgreSQL: connections that the server ended are replaced")
{
    TestDatabase db(Engine::Postgres);
    create(db, "CREATE TABLE t (x BIGINT)");
    const auto other = db.openAnother();
    CHECK(
        outcomeOf(other->read([](Transaction& tx) {
            return tx.query(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> "
                "pg_backend_pid() AND "
                "application_name = current_setting('application_name')",
                {}, [](const Row&) -> Result<> { return {}; }
            );
        }))
        == "ok"
    );
    CHECK(
        outcomeOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT COUNT(*) FROM t"); }
        ))
        == "ok"
    );
    CHECK(
        outcomeOf(db->write([](Transaction& tx) {
            return tx.execute("INSERT INTO t (x) VALUES (1)");
        }))
        == "ok"
    );
}

TEST_CASE(
    "PostgreSQL: a connection lost inside a change is Unavailable, and the change is not there"
)
{
    TestDatabase db(Engine::Postgres);
    create(db, "CREATE TABLE t (x BIGINT)");
    const auto other = db.openAnother();
    const auto outcome = db->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(tx.execute("INSERT INTO t (x) VALUES (1)"));
        QUITTANCE_TRY(const auto pid, tx.queryInteger("SELECT pg_backend_pid()"));
        QUITTANCE_CHECK(other->read([&](Transaction& killer) {
            return killer.queryInteger(
                "SELECT CAST(pg_terminate_backend(CAST($1 AS INTEGER), 5000) AS INTEGER)", { pid }
            );
        }));
        QUITTANCE_CHECK(tx.execute("INSERT INTO t (x) VALUES (2)"));
        return {};
    });
    CHECK(outcomeOf(outcome) == "unavailable");
    CHECK(
        valueOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT COUNT(*) FROM t"); }))
        == 0
    );
}

TEST_CASE("PostgreSQL: a prepared statement whose table another program changed is prepared anew")
{
    TestDatabase db(Engine::Postgres);
    create(db, "CREATE TABLE t (x BIGINT);\nINSERT INTO t (x) VALUES (5)");
    const auto readAll = [&db] {
        return db->read([](Transaction& tx) { return tx.queryInteger("SELECT * FROM t"); });
    };
    CHECK(valueOf(readAll()) == 5);
    const auto other = db.openAnother();
    REQUIRE(
        outcomeOf(other->write([](Transaction& tx) {
            return tx.execute("ALTER TABLE t ADD COLUMN y BIGINT");
        }))
        == "ok"
    );
    CHECK(valueOf(readAll()) == 5);
}

TEST_CASE("PostgreSQL: two changes that would break a rule together are put in an order")
{
    // Write skew: each reads both rows and takes one away, so that only together they leave none.
    TestDatabase db(Engine::Postgres);
    create(
        db,
        "CREATE TABLE duty (id BIGINT PRIMARY KEY, isOn BIGINT NOT NULL);\n"
        "INSERT INTO duty (id, isOn) VALUES (1, 1), (2, 1)"
    );
    std::vector<std::thread> threads;
    for (std::int64_t id = 1; id <= 2; ++id)
        threads.emplace_back([&db, id] {
            static_cast<void>(db->write([id](Transaction& tx) -> Result<> {
                QUITTANCE_TRY(
                    const auto onDuty, tx.queryInteger("SELECT CAST(SUM(isOn) AS BIGINT) FROM duty")
                );
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                if (onDuty > 1)
                    QUITTANCE_CHECK(tx.execute("UPDATE duty SET isOn = 0 WHERE id = $1", { id }));
                return {};
            }));
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(
        valueOf(db->read([](Transaction& tx) {
            return tx.queryInteger("SELECT CAST(SUM(isOn) AS BIGINT) FROM duty");
        }))
        == 1
    );
}

TEST_CASE(
    "PostgreSQL: a statement serves NULL first and values later, and more statements than are kept"
)
{
    TestDatabase db(Engine::Postgres);
    create(db, "CREATE TABLE t (x BIGINT, words TEXT)");
    CHECK(
        detailOf(db->write([](Transaction& tx) -> Result<> {
            const std::string sql = "INSERT INTO t (x, words) VALUES ($1, $2)";
            QUITTANCE_CHECK(tx.execute(sql, { Value(), Value() }));
            QUITTANCE_CHECK(tx.execute(sql, { std::int64_t { 1 }, Value() }));
            QUITTANCE_CHECK(tx.execute(sql, { Value(), std::string("a") }));
            QUITTANCE_CHECK(tx.execute(sql, { std::int64_t { 2 }, std::string("b") }));
            for (std::int64_t i = 0; i < 600; ++i) {
                QUITTANCE_TRY(
                    const auto answer,
                    tx.queryInteger(
                        fmt::format("SELECT CAST({} AS BIGINT) + $1", i), { std::int64_t { 1 } }
                    )
                );
                CHECK(answer == i + 1);
            }
            return {};
        }))
        == ""
    );
    CHECK(
        valueOf(db->read([](Transaction& tx) {
            return tx.queryInteger("SELECT CAST(SUM(x) AS BIGINT) FROM t");
        }))
        == 3
    );
}

TEST_CASE("PostgreSQL: leased work is skipped by the others")
{
    TestDatabase db(Engine::Postgres);
    create(db, "CREATE TABLE job (id BIGINT PRIMARY KEY);\nINSERT INTO job (id) VALUES (1), (2)");
    const auto other = db.openAnother();
    const std::string next
        = "SELECT id FROM job ORDER BY id LIMIT 1" + std::string(db->dialect().skipLocked());
    CHECK(
        detailOf(db->write([&](Transaction& tx) -> Result<> {
            QUITTANCE_TRY(const auto mine, tx.queryInteger(next));
            QUITTANCE_TRY(const auto theirs, other->write([&](Transaction& theirTx) {
                return theirTx.queryInteger(next);
            }));
            CHECK(mine == 1);
            CHECK(theirs == 2);
            return {};
        }))
        == ""
    );
}

TEST_CASE("PostgreSQL: a long change among short ones that touch the same row gets its turn")
{
    Options hurried;
    hurried.busyTimeoutMs = 1; // so that only the count of attempts and the turns help
    TestDatabase db(Engine::Postgres, hurried);
    create(db, "CREATE TABLE t (x BIGINT NOT NULL);\nINSERT INTO t (x) VALUES (0)");
    std::atomic<bool> isOver = false;
    std::atomic<std::int64_t> added = 0;
    const auto add = [&db](std::chrono::milliseconds thinking) {
        return db->write([thinking](Transaction& tx) -> Result<> {
            QUITTANCE_TRY(const auto x, tx.queryInteger("SELECT x FROM t"));
            std::this_thread::sleep_for(thinking);
            QUITTANCE_CHECK(tx.execute("UPDATE t SET x = $1", { x + 1 }));
            return {};
        });
    };
    std::vector<std::thread> others;
    others.reserve(3);
    for (int i = 0; i < 3; ++i)
        others.emplace_back([&] {
            while (!isOver)
                added += add(std::chrono::milliseconds(0)) ? 1 : 0;
        });
    constexpr int rounds = 3;
    for (int round = 0; round < rounds; ++round)
        CHECK(detailOf(add(std::chrono::milliseconds(40))) == "");
    isOver = true;
    for (std::thread& other : others)
        other.join();
    CHECK(
        valueOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT x FROM t"); }))
        == added + rounds
    );
}

TEST_CASE("PostgreSQL: a lock that another program holds too long is Busy, and nothing is stored")
{
    Options hurried;
    hurried.busyTimeoutMs = 50;
    TestDatabase db(Engine::Postgres, hurried);
    create(db, "CREATE TABLE t (x BIGINT NOT NULL);\nINSERT INTO t (x) VALUES (0)");
    const auto other = db.openAnother();
    const auto add = [](Transaction& tx) { return tx.execute("UPDATE t SET x = x + 1"); };
    const auto held = other->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(add(tx));
        CHECK(outcomeOf(db->write(add)) == "busy");
        return {};
    });
    CHECK(outcomeOf(held) == "ok");
    CHECK(outcomeOf(db->write(add)) == "ok");
    CHECK(
        valueOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT x FROM t"); })) == 2
    );
}
