#include "core/database/database.h"
#include "core/database/migration.h"
#include "tests/core/database/fault_vfs.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <string>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

namespace {

Options through(const FaultVfs& vfs)
{
    Options options;
    options.sqliteVfs = vfs.name();
    return options;
}

std::unique_ptr<Database> openWithTable(const TemporaryFolder& folder, const Options& options)
{
    auto db = valueOf(Database::open(folder.sqliteUrl("t.db"), options));
    REQUIRE(
        detailOf(db->write([](Transaction& tx) {
            return runScript(tx, "CREATE TABLE t (id BIGINT PRIMARY KEY, words TEXT NOT NULL)");
        }))
        == ""
    );
    return db;
}

Result<std::int64_t> insert(Database& db, std::int64_t id, std::size_t size)
{
    return db.write([&](Transaction& tx) {
        return tx.execute(
            "INSERT INTO t (id, words) VALUES ($1, $2)", { id, std::string(size, 'w') }
        );
    });
}

std::int64_t rows(Database& db)
{
    return valueOf(db.read([](Transaction& tx) { return tx.queryInteger("SELECT COUNT(*) FROM t"); }
    ));
}

std::string integrity(Database& db)
{
    return valueOf(db.read([](Transaction& tx) { return tx.queryText("PRAGMA integrity_check"); }));
}

} // namespace

TEST_CASE("a full disk fails the change, harms nothing, and is over when there is room again")
{
    FaultVfs vfs;
    const TemporaryFolder folder;
    const auto db = openWithTable(folder, through(vfs));
    REQUIRE(outcomeOf(insert(*db, 1, 10)) == "ok");
    vfs.leaveFreeBytes(20'000);
    const auto refused = insert(*db, 2, 500'000);
    CHECK(outcomeOf(refused) == "storage-full");
    CHECK(rows(*db) == 1);
    CHECK(outcomeOf(insert(*db, 3, 500'000)) == "storage-full");
    vfs.leaveUnlimited();
    CHECK(outcomeOf(insert(*db, 4, 500'000)) == "ok");
    CHECK(rows(*db) == 2);
    CHECK(integrity(*db) == "ok");
}

TEST_CASE("every place at which the disk may fill leaves a sound database")
{
    for (std::int64_t room = 0; room <= 400'000; room += 20'000) {
        CAPTURE(room);
        FaultVfs vfs;
        const TemporaryFolder folder;
        {
            const auto db = openWithTable(folder, through(vfs));
            vfs.leaveFreeBytes(room);
            std::int64_t stored = 0;
            for (std::int64_t id = 0; id < 20; ++id) {
                const auto outcome = insert(*db, id, 20'000);
                CHECK((outcome || outcome.error().code == ErrorCode::StorageFull));
                stored += outcome ? 1 : 0;
            }
            CHECK(rows(*db) == stored);
            vfs.leaveUnlimited();
        }
        const auto again = valueOf(Database::open(folder.sqliteUrl("t.db")));
        CHECK(integrity(*again) == "ok");
    }
}

TEST_CASE("a commit that cannot be made durable fails every change in it")
{
    FaultVfs vfs;
    const TemporaryFolder folder;
    const auto db = openWithTable(folder, through(vfs));
    vfs.failSync(true);
    CHECK_FALSE(insert(*db, 1, 10).has_value());
    CHECK_FALSE(insert(*db, 2, 10).has_value());
    vfs.failSync(false);
    CHECK(rows(*db) == 0);
    CHECK(outcomeOf(insert(*db, 3, 10)) == "ok");
    CHECK(rows(*db) == 1);
}

TEST_CASE("a file that may only be read is read, and a change says so")
{
    FaultVfs vfs;
    const TemporaryFolder folder;
    {
        const auto db = openWithTable(folder, {});
        REQUIRE(outcomeOf(insert(*db, 1, 10)) == "ok");
    }
    vfs.refuseWriting(true);
    const auto db = valueOf(Database::open(folder.sqliteUrl("t.db"), through(vfs)));
    CHECK(rows(*db) == 1);
    const auto refused = insert(*db, 2, 10);
    CHECK(outcomeOf(refused) == "read-only");
    CHECK(detailOf(refused).find("t.db") != std::string::npos);
}

TEST_CASE("a file that is no database is named as such")
{
    struct Case {
        std::string content;
        std::string expected;
    };
    const std::vector<Case> cases {
        { "", "ok" }, // an empty file is an empty database
        { "account,quantity\nacme,1\n", "corrupt" },
        { std::string(100'000, 'x'), "corrupt" },
        { std::string("SQLite format 3\0", 16) + std::string(50'000, '\x7f'), "corrupt" },
    };
    for (const Case& given : cases) {
        const TemporaryFolder folder;
        std::ofstream(folder.path() / "t.db", std::ios::binary) << given.content;
        const auto opened = Database::open(folder.sqliteUrl("t.db"));
        CHECK(outcomeOf(opened) == given.expected);
        if (!opened)
            CHECK(detailOf(opened).find("t.db") != std::string::npos);
    }
}

TEST_CASE("damage in the middle of a file is found when it is read")
{
    const TemporaryFolder folder;
    {
        const auto db = openWithTable(folder, {});
        for (std::int64_t id = 0; id < 200; ++id)
            REQUIRE(outcomeOf(insert(*db, id, 3'000)) == "ok");
    }
    {
        std::fstream file(folder.path() / "t.db", std::ios::binary | std::ios::in | std::ios::out);
        constexpr std::streamoff afterFirstPages = std::streamoff { 4 } * 4096;
        file.seekp(afterFirstPages);
        file << std::string(600'000, '\xee');
    }
    const auto db = valueOf(Database::open(folder.sqliteUrl("t.db")));
    const auto read = db->read([](Transaction& tx) {
        return tx.query("SELECT words FROM t ORDER BY id", {}, [](const Row&) -> Result<> {
            return {};
        });
    });
    CHECK(outcomeOf(read) == "corrupt");
}
