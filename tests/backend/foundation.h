#pragma once

#include "backend/journal/journal.h"
#include "core/database/migration.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quittance::testing {

inline const backend::Actor commandLine { backend::Actor::Kind::CommandLine, 0, {}, {} };

/// A migrated database with a clock that stands until it is moved and chance that repeats.
/// SeededRandom is for one thread: a test with more makes a context with SystemRandom.
class Foundation {
public:
    using Make = database::Migration (*)(int);

    Foundation(TestDatabase& db, std::initializer_list<Make> makers)
        : m_db(db)
    {
        std::vector<database::Migration> migrations;
        for (const Make make : makers)
            migrations.push_back(make(static_cast<int>(migrations.size()) + 1));
        REQUIRE(detailOf(database::migrate(db.database(), migrations)) == "");
    }

    [[nodiscard]] backend::Context context() { return { m_db.database(), clock, m_random }; }

    template <class Work> auto read(Work work) { return valueOf(m_db->read(work)); }
    template <class Work> auto write(Work work) { return m_db->write(work); }

    /// "ok", or the wire name of the error.
    std::string execute(const std::string& sql)
    {
        return outcomeOf(m_db->write([&](database::Transaction& tx) { return tx.execute(sql); }));
    }
    std::int64_t integer(const std::string& sql)
    {
        return read([&](database::Transaction& tx) { return tx.queryInteger(sql); });
    }
    std::string text(const std::string& sql)
    {
        return read([&](database::Transaction& tx) { return tx.queryText(sql); });
    }

    /// What somebody with the database in their hands can do: the table's guards are taken away
    /// first.
    void changeDespiteGuards(const std::string& table, const std::string& sql)
    {
        std::vector<std::string> statements { "ALTER TABLE " + table + " DISABLE TRIGGER ALL" };
        if (m_db.isSqlite())
            statements = read([&](database::Transaction& tx) {
                return tx.queryAll<std::string>(
                    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1",
                    { table },
                    [](const database::Row& row) { return "DROP TRIGGER " + row.string(0); }
                );
            });
        statements.push_back(sql);
        for (const std::string& statement : statements)
            REQUIRE(execute(statement) == "ok");
    }

    SandboxClock clock { Instant { 1'700'000'000'000'000 } };

private:
    TestDatabase& m_db;
    SeededRandom m_random { 7 };
};

/// Runs `work(0)` ... `work(threads - 1)` at once.
inline void runTogether(int threads, const std::function<void(int)>& work)
{
    std::vector<std::thread> running;
    running.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : running)
        thread.join();
}

/// True where some line holds `part`.
inline bool holds(const std::vector<std::string>& lines, std::string_view part)
{
    return std::any_of(lines.begin(), lines.end(), [part](const std::string& line) {
        return line.find(part) != std::string::npos;
    });
}

} // namespace quittance::testing
