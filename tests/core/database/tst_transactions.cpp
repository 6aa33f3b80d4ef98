#include "core/database/database.h"
#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
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

std::int64_t integerOf(TestDatabase& db, const std::string& sql)
{
    return valueOf(db->read([&sql](Transaction& tx) { return tx.queryInteger(sql); }));
}

/// Threads that begin together.
template <class Work> void runTogether(int threads, Work work)
{
    std::vector<std::thread> running;
    running.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : running)
        thread.join();
}

Result<> failsOnly(Transaction& /*tx*/)
{
    return failure(ErrorCode::Precondition, "not now");
}

} // namespace

TEST_CASE("64 threads that increment lose no update")
{
    Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            create(
                db, "CREATE TABLE counter (n BIGINT NOT NULL);\nINSERT INTO counter (n) VALUES (0)"
            );
            std::atomic<int> succeeded = 0;
            runTogether(64, [&](int) {
                for (int k = 0; k < 5; ++k) {
                    // Read, then write what was read: right only where nobody else writes in
                    // between.
                    const auto outcome = db->write([](Transaction& tx) -> Result<std::int64_t> {
                        QUITTANCE_TRY(const auto n, tx.queryInteger("SELECT n FROM counter"));
                        return tx.execute("UPDATE counter SET n = $1", { n + 1 });
                    });
                    succeeded += outcome ? 1 : 0;
                }
            });
            CHECK(succeeded == 320);
            CHECK(integerOf(db, "SELECT n FROM counter") == 320);
        },
        patient
    );
}

TEST_CASE("a change that fails takes nothing of its neighbours with it, and leaves nothing")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (thread BIGINT NOT NULL, round BIGINT NOT NULL)");
        std::atomic<int> wrongOutcomes = 0;
        runTogether(16, [&](int thread) {
            for (int round = 0; round < 10; ++round) {
                const bool isFailing = (thread + round) % 3 == 0;
                const auto outcome = db->write([&](Transaction& tx) -> Result<> {
                    for (int copy = 0; copy < 2; ++copy)
                        QUITTANCE_CHECK(tx.execute(
                            "INSERT INTO entry (thread, round) VALUES ($1, $2)",
                            { std::int64_t { thread }, std::int64_t { round } }
                        ));
                    return isFailing ? failsOnly(tx) : Result<>();
                });
                wrongOutcomes += outcomeOf(outcome) == (isFailing ? "precondition" : "ok") ? 0 : 1;
            }
        });
        CHECK(wrongOutcomes == 0);
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 2 * (160 - 54));
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry WHERE (thread + round) % 3 = 0") == 0);
    });
}

TEST_CASE("writers of SQLite that wait are committed together, each with its own outcome")
{
    TestDatabase db(Engine::Sqlite);
    create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
    std::mutex mutex;
    std::condition_variable changed;
    bool mayEnd = false;
    std::atomic<int> begun = 0;
    // The first change holds the writer until the others stand in the queue.
    std::thread first([&] {
        CHECK(
            outcomeOf(db->write([&](Transaction& tx) -> Result<> {
                ++begun;
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return mayEnd; });
                QUITTANCE_CHECK(tx.execute("INSERT INTO entry (id) VALUES (1)"));
                return {};
            }))
            == "ok"
        );
    });
    while (begun == 0)
        std::this_thread::yield();
    const std::vector<std::string> expected { "ok", "already-exists", "precondition", "ok" };
    std::vector<std::string> outcomes(expected.size());
    std::vector<std::thread> others;
    for (std::size_t i = 0; i < expected.size(); ++i)
        others.emplace_back([&, i] {
            outcomes[i] = outcomeOf(db->write([&](Transaction& tx) -> Result<> {
                const std::int64_t id = i == 1 ? 1 : static_cast<std::int64_t>(i) + 10;
                QUITTANCE_CHECK(tx.execute("INSERT INTO entry (id) VALUES ($1)", { id }));
                return i == 2 ? failsOnly(tx) : Result<>();
            }));
        });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    {
        const std::lock_guard lock(mutex);
        mayEnd = true;
    }
    changed.notify_all();
    first.join();
    for (std::thread& other : others)
        other.join();
    CHECK(outcomes == expected);
    CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 3);
    CHECK(integerOf(db, "SELECT COUNT(*) FROM entry WHERE id = 12") == 0);
}

TEST_CASE("constraints have one error each on both engines")
{
    struct Case {
        std::string sql;
        std::string expected;
    };
    const std::vector<Case> cases {
        { "INSERT INTO child (id, parent, kind) VALUES (1, 1, 'a')", "ok" },
        { "INSERT INTO child (id, parent, kind) VALUES (1, 1, 'a')",
          "already-exists" }, // primary key
        { "INSERT INTO child (id, parent, kind) VALUES (2, 1, 'a')", "already-exists" }, // unique
        { "INSERT INTO child (id, parent, kind) VALUES (3, 99, 'a')",
          "precondition" }, // foreign key
        { "DELETE FROM parent WHERE id = 1", "precondition" },
        { "INSERT INTO child (id, parent, kind) VALUES (4, 2, 'x')", "invalid-argument" }, // check
        { "INSERT INTO child (id, parent) VALUES (5, 2)", "invalid-argument" }, // not null
        { "SELECT nothing FROM nowhere", "internal" },
        { "INSERT INTO child (id, parent, kind) VALUES (6, 2, 'a') ON CONFLICT DO NOTHING", "ok" },
        { "SELECT CAST(SUM(x) AS BIGINT) FROM (SELECT CAST(9223372036854775807 AS BIGINT) AS x "
          "UNION ALL SELECT 1) AS t",
          "overflow" },
    };
    forEachDatabase([&](TestDatabase& db) {
        create(
            db,
            "CREATE TABLE parent (id BIGINT PRIMARY KEY);\n"
            "CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL REFERENCES parent "
            "(id), "
            "kind TEXT NOT NULL CHECK (kind IN ('a', 'b')), UNIQUE (parent, kind));\n"
            "INSERT INTO parent (id) VALUES (1), (2)"
        );
        for (const Case& given : cases) {
            CAPTURE(given.sql);
            CHECK(
                outcomeOf(db->write([&](Transaction& tx) { return tx.execute(given.sql); }))
                == given.expected
            );
        }
    });
}

TEST_CASE("a column holds the type it is declared with")
{
    struct Case {
        std::string column;
        Value value;
        bool isStored;
    };
    const std::vector<Case> cases {
        { "number", std::int64_t { 1 }, true },
        { "number", std::string("one"), false },
        { "number", Bytes(3), false },
        { "raw", std::int64_t { 1 }, false },
        { "raw", Bytes(3), true },
    };
    forEachDatabase([&](TestDatabase& db) {
        create(db, "CREATE TABLE typed (number BIGINT, words TEXT, raw $BYTES$)");
        for (const Case& given : cases) {
            CAPTURE(given.column);
            CHECK(
                db->write([&](Transaction& tx) {
                      return tx.execute(
                          "INSERT INTO typed (" + given.column + ") VALUES ($1)", { given.value }
                      );
                  }).has_value()
                == given.isStored
            );
        }
    });
}

TEST_CASE("an addition that leaves 64 bits is refused, never rounded")
{
    forEachDatabase([](TestDatabase& db) {
        create(
            db,
            "CREATE TABLE total (n BIGINT NOT NULL);\nINSERT INTO total (n) VALUES "
            "(9223372036854775807)"
        );
        CHECK_FALSE(db->write([](Transaction& tx) {
                          return tx.execute("UPDATE total SET n = n + 1");
                      }).has_value());
        CHECK(integerOf(db, "SELECT n FROM total") == 9223372036854775807);
    });
}

TEST_CASE("after a failed statement a transaction can only be rolled back")
{
    forEachDatabase([](TestDatabase& db) {
        create(
            db, "CREATE TABLE entry (id BIGINT PRIMARY KEY);\nINSERT INTO entry (id) VALUES (1)"
        );
        const auto outcome = db->write([](Transaction& tx) -> Result<> {
            CHECK(outcomeOf(tx.execute("INSERT INTO entry (id) VALUES (2)")) == "ok");
            CHECK(outcomeOf(tx.execute("INSERT INTO entry (id) VALUES (1)")) == "already-exists");
            CHECK(outcomeOf(tx.execute("INSERT INTO entry (id) VALUES (3)")) == "already-exists");
            return {}; // The error is swallowed; the change must not be half done for it.
        });
        CHECK(outcomeOf(outcome) == "already-exists");
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 1);
    });
}

TEST_CASE("a change that throws is rolled back and spoils nothing")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
        const auto outcome = db->write([](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(tx.execute("INSERT INTO entry (id) VALUES (1)"));
            throw std::runtime_error("unforeseen");
        });
        CHECK(outcomeOf(outcome) == "internal");
        CHECK(detailOf(outcome).find("unforeseen") != std::string::npos);
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 0);
        CHECK(
            outcomeOf(db->write([](Transaction& tx) {
                return tx.execute("INSERT INTO entry (id) VALUES (1)");
            }))
            == "ok"
        );
    });
}

TEST_CASE("a write inside a write is refused instead of waiting for ever")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
        CHECK(
            outcomeOf(db->write([&](Transaction&) {
                return db->write([](Transaction& tx) {
                    return tx.execute("INSERT INTO entry (id) VALUES (1)");
                });
            }))
            == "internal"
        );
    });
}

TEST_CASE("a wrong number of arguments is an error on both engines")
{
    struct Case {
        std::string sql;
        std::vector<Value> args;
    };
    const std::vector<Case> cases {
        { "SELECT id FROM entry WHERE id = $1", {} },
        { "SELECT id FROM entry WHERE id = $1", { std::int64_t { 1 }, std::int64_t { 2 } } },
        { "SELECT id FROM entry WHERE id = $2", { std::int64_t { 1 }, std::int64_t { 2 } } },
        { "SELECT id FROM entry; SELECT id FROM entry", {} },
    };
    forEachDatabase([&](TestDatabase& db) {
        create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
        for (const Case& given : cases) {
            CAPTURE(given.sql);
            CHECK_FALSE(db->read([&](Transaction& tx) {
                              return tx.query(
                                  given.sql, std::span(given.args),
                                  [](const Row&) -> Result<> { return {}; }
                              );
                          }).has_value());
        }
    });
}

TEST_CASE("a read cannot write")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
        CHECK(
            outcomeOf(db->read([](Transaction& tx) {
                return tx.execute("INSERT INTO entry (id) VALUES (1)");
            }))
            == "read-only"
        );
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 0);
    });
}

TEST_CASE("a database opened read-only says so")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (id BIGINT PRIMARY KEY)");
        Options readOnly;
        readOnly.readOnly = true;
        db.reopen(readOnly);
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 0);
        const auto outcome = db->write([](Transaction& tx) {
            return tx.execute("INSERT INTO entry (id) VALUES (1)");
        });
        CHECK(outcomeOf(outcome) == "read-only");
        CHECK(detailOf(outcome).find("read-only") != std::string::npos);
    });
}

TEST_CASE("two programs write to one database without losing anything")
{
    forEachDatabase([](TestDatabase& db) {
        create(db, "CREATE TABLE entry (program BIGINT NOT NULL, id BIGINT NOT NULL)");
        const auto other = db.openAnother();
        std::atomic<int> failed = 0;
        runTogether(8, [&](int thread) {
            Database& used = thread % 2 == 0 ? db.database() : *other;
            for (int k = 0; k < 10; ++k)
                failed += used.write([&](Transaction& tx) {
                    return tx.execute(
                        "INSERT INTO entry (program, id) VALUES ($1, $2)",
                        { std::int64_t { thread % 2 }, std::int64_t { thread } * 100 + k }
                    );
                })
                    ? 0
                    : 1;
        });
        CHECK(failed == 0);
        CHECK(integerOf(db, "SELECT COUNT(*) FROM entry") == 80);
    });
}
