#include "core/database/database.h"
#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <span>
#include <thread>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

namespace {

Result<> create(Database& database, std::string_view script)
{
    return database.write([script](Transaction& tx) { return runScript(tx, script); });
}

Bytes bytesOf(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return { bytes.begin(), bytes.end() };
}

Result<std::int64_t> countOf(Database& database, const std::string& table)
{
    return database.read([&table](Transaction& tx) {
        return tx.queryInteger("SELECT COUNT(*) FROM " + table);
    });
}

constexpr std::string_view valuesTable
    = "CREATE TABLE v (id BIGINT PRIMARY KEY, number BIGINT, words TEXT, raw $BYTES$)";

} // namespace

TEST_CASE("every type comes back as it was stored, and NULL as NULL")
{
    struct Case {
        std::optional<std::int64_t> number;
        std::optional<std::string> words;
        std::optional<Bytes> raw;
    };
    const std::vector<Case> cases {
        { 0, "", Bytes {} },
        { std::numeric_limits<std::int64_t>::max(), "Zürich 東京 🧾 'quoted' \\ % _",
          bytesOf("\x00\xff\x80 a") },
        { std::numeric_limits<std::int64_t>::min(), std::string(100'000, 'x'),
          Bytes(70'000, std::byte { 0xAB }) },
        { -1, std::nullopt, std::nullopt },
        { std::nullopt, "only words", std::nullopt },
        { std::nullopt, std::nullopt, bytesOf("raw") },
        { 1, "after NULLs", bytesOf("x") },
    };
    forEachDatabase([&](TestDatabase& db) {
        REQUIRE(detailOf(create(*db.operator->(), valuesTable)) == "");
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const Case& given = cases[i];
            CAPTURE(i);
            const auto id = static_cast<std::int64_t>(i);
            const auto stored = db->write([&](Transaction& tx) {
                return tx.execute(
                    "INSERT INTO v (raw, words, number, id) VALUES ($4, $3, $2, $1)",
                    { id, nullable(given.number), given.words ? Value(*given.words) : Value(),
                      given.raw ? Value(*given.raw) : Value() }
                );
            });
            REQUIRE(valueOf(stored) == 1);
            const auto found = db->read([&](Transaction& tx) {
                return tx.queryFirst<Case>(
                    "SELECT number, words, raw FROM v WHERE id = $1", { id },
                    [](const Row& row) {
                        Case back;
                        back.number = row.integerOrNull(0);
                        if (!row.isNull(1))
                            back.words = row.string(1);
                        if (!row.isNull(2))
                            back.raw = Bytes(row.bytes(2).begin(), row.bytes(2).end());
                        return back;
                    }
                );
            });
            const auto back = valueOf(found);
            REQUIRE(back.has_value());
            CHECK(back->number == given.number);
            CHECK(back->words == given.words);
            CHECK(back->raw == given.raw);
        }
    });
}

TEST_CASE("common SQL gives one answer on both engines")
{
    struct Case {
        std::string sql;
        std::vector<Value> args;
        std::int64_t expected;
    };
    const std::vector<Case> cases {
        { "SELECT COUNT(*) FROM v", {}, 3 },
        { "SELECT CAST(SUM(number) AS BIGINT) FROM v", {}, 60 },
        { "SELECT COUNT(*) FILTER (WHERE number > $1) FROM v", { std::int64_t { 15 } }, 2 },
        { "SELECT number FROM v WHERE (id, number) > ($1, $2) ORDER BY id LIMIT $3",
          { std::int64_t { 1 }, std::int64_t { 10 }, std::int64_t { 1 } },
          20 },
        { "SELECT CASE WHEN EXISTS (SELECT 1 FROM v WHERE words = $1) THEN 1 ELSE 0 END",
          { std::string("b") },
          1 },
        { "SELECT EXISTS (SELECT 1 FROM v WHERE words = $1)", { std::string("none") }, 0 },
        { "SELECT $2 - $1 - $2 + number FROM v WHERE id = 1",
          { std::int64_t { 4 }, std::int64_t { 100 } },
          6 },
        { "SELECT COUNT(*) FROM v WHERE CAST($1 AS BIGINT) IS NULL OR number = $1",
          { Value() },
          3 },
        { "SELECT COUNT(*) FROM v WHERE CAST($1 AS BIGINT) IS NULL OR number = $1",
          { std::int64_t { 20 } },
          1 },
        { "SELECT CAST(SUM(number) OVER (ORDER BY id) AS BIGINT) FROM v ORDER BY id DESC LIMIT 1",
          {},
          60 },
        { "SELECT id FROM v ORDER BY words LIMIT 1", {}, 2 },
    };
    forEachDatabase([&](TestDatabase& db) {
        REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
        // Sorted by bytes, an upper-case letter stands before every lower-case one.
        REQUIRE(
            detailOf(db->write([](Transaction& tx) {
                return tx.execute("INSERT INTO v (id, number, words) VALUES (1, 10, 'a'), (2, 20, "
                                  "'Z'), (3, 30, 'b')");
            }))
            == ""
        );
        for (const Case& given : cases) {
            CAPTURE(given.sql);
            const auto answer = db->read([&](Transaction& tx) -> Result<std::int64_t> {
                std::int64_t first = -1;
                QUITTANCE_CHECK(tx.query(
                    given.sql, std::span(given.args),
                    [&](const Row& row) -> Result<> {
                        first = row.integer(0);
                        return {};
                    }
                ));
                return first;
            });
            CHECK(detailOf(answer) == "");
            CHECK(answer.value_or(-2) == given.expected);
        }
    });
}

TEST_CASE("execute counts the rows it changed, and RETURNING is a query")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(
            detailOf(create(db.database(), "CREATE TABLE counted (id $ID$, number BIGINT NOT NULL)")
            )
            == ""
        );
        const auto outcome = db->write([](Transaction& tx) -> Result<> {
            QUITTANCE_TRY(
                const auto added,
                tx.execute(
                    "INSERT INTO counted (number) VALUES ($1), ($2), ($3)",
                    { std::int64_t { 5 }, std::int64_t { 6 }, std::int64_t { 7 } }
                )
            );
            CHECK(added == 3);
            QUITTANCE_TRY(const auto created, tx.execute("CREATE TABLE other (x BIGINT)"));
            CHECK(created == 0);
            QUITTANCE_TRY(
                const auto changed,
                tx.execute("UPDATE counted SET number = number + 1 WHERE number > 5")
            );
            CHECK(changed == 2);
            QUITTANCE_TRY(const auto none, tx.execute("DELETE FROM counted WHERE number > 100"));
            CHECK(none == 0);
            QUITTANCE_TRY(
                const auto id,
                tx.queryInteger("INSERT INTO counted (number) VALUES (9) RETURNING id")
            );
            QUITTANCE_TRY(
                const auto back, tx.queryInteger("SELECT number FROM counted WHERE id = $1", { id })
            );
            CHECK(back == 9);
            QUITTANCE_TRY(const auto words, tx.queryText("SELECT CAST('x' AS TEXT)"));
            CHECK(words == "x");
            const auto absent = tx.queryInteger("SELECT number FROM counted WHERE id = -1");
            CHECK(outcomeOf(absent) == "not-found");
            return {};
        });
        CHECK(detailOf(outcome) == "");
    });
}

TEST_CASE("text that is not UTF-8 or holds a NUL is refused before it reaches the engine")
{
    struct Case {
        std::string text;
        std::string expected;
    };
    const std::vector<Case> cases {
        { "plain", "ok" },
        { "東京", "ok" },
        { std::string("a\0b", 3), "invalid-argument" },
        { "\xff\xfe", "invalid-argument" },
        { "cut \xe6\x9d", "invalid-argument" },
        { "\xed\xa0\x80", "invalid-argument" }, // half of a surrogate pair
        { "\xc0\x80", "invalid-argument" }, // an overlong NUL
    };
    forEachDatabase([&](TestDatabase& db) {
        REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
        for (const Case& given : cases) {
            CAPTURE(given.text);
            CHECK(
                outcomeOf(db->write([&](Transaction& tx) {
                    return tx.execute(
                        "INSERT INTO v (id, words) VALUES ((SELECT COUNT(*) FROM v), $1)",
                        { given.text }
                    );
                }))
                == given.expected
            );
            Columns rows({ { .name = "id", .type = Columns::Type::Integer },
                           { .name = "words", .type = Columns::Type::Text } });
            rows[0].add(std::int64_t { 1000 } + static_cast<std::int64_t>(given.text.size()));
            rows[1].add(given.text);
            CHECK(
                outcomeOf(db->write([&](Transaction& tx) {
                    return tx.bulkInsert("v", rows, { OnConflict::Action::Ignore, { "id" }, {} });
                }))
                == given.expected
            );
        }
    });
}

TEST_CASE("a row is read as what it is, or the query ends with an error that names the column")
{
    struct Case {
        std::string select;
        char readAs;
        std::string expected;
    };
    const std::vector<Case> cases {
        { "SELECT number FROM v", 'i', "ok" },
        { "SELECT words FROM v", 't', "ok" },
        { "SELECT raw FROM v", 'b', "ok" },
        { "SELECT words FROM v", 'i', "corrupt" },
        { "SELECT number FROM v", 't', "corrupt" },
        { "SELECT raw FROM v", 't', "corrupt" },
        { "SELECT CAST(NULL AS BIGINT) FROM v", 'i', "corrupt" },
        { "SELECT CAST(NULL AS TEXT) FROM v", 't', "corrupt" },
    };
    forEachDatabase([&](TestDatabase& db) {
        REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
        REQUIRE(
            detailOf(db->write([](Transaction& tx) {
                return tx.execute(
                    "INSERT INTO v (id, number, words, raw) VALUES (1, 2, 'three', $1)",
                    { bytesOf("four") }
                );
            }))
            == ""
        );
        for (const Case& given : cases) {
            CAPTURE(given.select);
            CHECK(
                outcomeOf(db->read([&](Transaction& tx) {
                    return tx.query(given.select, {}, [&](const Row& row) -> Result<> {
                        if (given.readAs == 'i')
                            static_cast<void>(row.integer(0));
                        else if (given.readAs == 't')
                            static_cast<void>(row.text(0));
                        else
                            static_cast<void>(row.bytes(0));
                        return {};
                    });
                }))
                == given.expected
            );
        }
    });
}

TEST_CASE("a query streams, stops where its function says so, and the function may query too")
{
    forEachDatabase([](TestDatabase& db) {
        constexpr std::int64_t total = 200'000;
        REQUIRE(detailOf(create(db.database(), "CREATE TABLE many (id BIGINT PRIMARY KEY)")) == "");
        Columns rows({ { .name = "id", .type = Columns::Type::Integer } });
        for (std::int64_t id = 0; id < total; ++id)
            rows[0].add(id);
        REQUIRE(
            valueOf(db->write([&](Transaction& tx) { return tx.bulkInsert("many", rows, {}); }))
            == total
        );

        std::int64_t seen = 0;
        const auto stopped = db->read([&](Transaction& tx) {
            return tx.query("SELECT id FROM many ORDER BY id", {}, [&](const Row& row) -> Result<> {
                CHECK(row.integer(0) == seen);
                if (++seen == 10)
                    return failure(ErrorCode::TooLarge, "enough");
                return {};
            });
        });
        CHECK(outcomeOf(stopped) == "too-large");
        CHECK(seen == 10);

        std::int64_t sum = 0;
        std::int64_t nested = 0;
        CHECK(
            detailOf(db->read([&](Transaction& tx) {
                return tx.query(
                    "SELECT id FROM many WHERE id < 1000 ORDER BY id", {},
                    [&](const Row& row) -> Result<> {
                        sum += row.integer(0);
                        if (row.integer(0) % 100 != 0)
                            return {};
                        QUITTANCE_TRY(
                            const auto again,
                            tx.queryInteger("SELECT id FROM many WHERE id = $1", { row.integer(0) })
                        );
                        nested += again;
                        return {};
                    }
                );
            }))
            == ""
        );
        CHECK(sum == 999 * 1000 / 2);
        CHECK(nested == 4500);
        CHECK(valueOf(countOf(db.database(), "many")) == total);
    });
}

TEST_CASE("interrupt ends a running read, and only that")
{
    forEachDatabase([](TestDatabase& db) {
        const std::string endless
            = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 "
              "FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";
        std::atomic<bool> isOver = false;
        Result<std::int64_t> outcome = 0;
        std::thread reader([&] {
            outcome = db->read([&](Transaction& tx) { return tx.queryInteger(endless); });
            isOver = true;
        });
        while (!isOver) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            db->interrupt();
        }
        reader.join();
        CHECK(outcomeOf(outcome) == "cancelled");
        CHECK(valueOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT 7"); })) == 7);
    });
}

TEST_CASE("more readers than connections wait for each other")
{
    Options options;
    options.readersMax = 2;
    forEachDatabase(
        [](TestDatabase& db) {
            REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
            std::atomic<int> answered = 0;
            std::vector<std::thread> readers;
            readers.reserve(16);
            for (int i = 0; i < 16; ++i)
                readers.emplace_back([&] {
                    for (int k = 0; k < 20; ++k)
                        answered += countOf(db.database(), "v").value_or(1) == 0 ? 1 : 0;
                });
            for (std::thread& reader : readers)
                reader.join();
            CHECK(answered == 320);
        },
        options
    );
}

TEST_CASE("a read sees one snapshot while others write")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(detailOf(create(db.database(), "CREATE TABLE pairs (a BIGINT NOT NULL)")) == "");
        CHECK(
            detailOf(db->read([&](Transaction& tx) -> Result<> {
                QUITTANCE_TRY(const auto before, tx.queryInteger("SELECT COUNT(*) FROM pairs"));
                std::thread([&] {
                    CHECK(
                        detailOf(db->write([](Transaction& other) {
                            return other.execute("INSERT INTO pairs (a) VALUES (1)");
                        }))
                        == ""
                    );
                }).join();
                QUITTANCE_TRY(const auto after, tx.queryInteger("SELECT COUNT(*) FROM pairs"));
                CHECK(before == after);
                return {};
            }))
            == ""
        );
        CHECK(valueOf(countOf(db.database(), "pairs")) == 1);
    });
}

TEST_CASE("what was committed is there after closing and opening")
{
    forEachDatabase([](TestDatabase& db) {
        REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
        REQUIRE(
            detailOf(db->write([](Transaction& tx) {
                return tx.execute("INSERT INTO v (id, words) VALUES (1, 'kept')");
            }))
            == ""
        );
        db.reopen();
        CHECK(
            valueOf(db->read([](Transaction& tx) { return tx.queryText("SELECT words FROM v"); }))
            == "kept"
        );
    });
}

TEST_CASE("a memory database is one database for all its connections, and no other's")
{
    const auto one = valueOf(Database::open("sqlite::memory:"));
    const auto two = valueOf(Database::open("sqlite::memory:"));
    REQUIRE(detailOf(create(*one, valuesTable)) == "");
    std::vector<std::thread> threads;
    threads.reserve(8);
    std::atomic<int> failures = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 20; ++k) {
                const auto id = std::int64_t { i } * 1000 + k;
                failures += one->write([&](Transaction& tx) {
                    return tx.execute("INSERT INTO v (id) VALUES ($1)", { id });
                })
                    ? 0
                    : 1;
                failures += countOf(*one, "v").value_or(0) > 0 ? 0 : 1;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(failures == 0);
    CHECK(valueOf(countOf(*one, "v")) == 160);
    CHECK_FALSE(countOf(*two, "v").has_value());
}

TEST_CASE("without a writer thread a change runs in the caller's")
{
    Options options;
    options.singleThreaded = true;
    TestDatabase db(Engine::Sqlite, options);
    REQUIRE(detailOf(create(db.database(), valuesTable)) == "");
    std::thread::id ranIn;
    CHECK(
        detailOf(db->write([&](Transaction& tx) {
            ranIn = std::this_thread::get_id();
            return tx.execute("INSERT INTO v (id) VALUES (1)");
        }))
        == ""
    );
    CHECK(ranIn == std::this_thread::get_id());
    CHECK(
        outcomeOf(db->write([](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(tx.execute("INSERT INTO v (id) VALUES (2)"));
            return failure(ErrorCode::Precondition, "no");
        }))
        == "precondition"
    );
    CHECK(valueOf(countOf(db.database(), "v")) == 1);
}
