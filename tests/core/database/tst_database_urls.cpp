#include "core/database/database.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::database;
using namespace quittance::testing;

TEST_CASE("a URL that holds a password, or cannot be read, is refused and never repeated")
{
    const std::vector<std::string> urls {
        "postgresql://clerk:hunter2@localhost/quittance",
        "postgres://clerk:hunter2@localhost/quittance",
        "postgresql://clerk:h%75nter2@localhost/quittance",
        "postgresql://localhost/quittance?user=clerk&password=hunter2",
        "postgresql://localhost/quittance?p%61ssword=hunter2",
        "postgresql://localhost/quittance?sslpassword=hunter2",
        "postgresql:///?dbname=postgresql://clerk:hunter2@localhost/quittance",
        "postgresql:///?dbname=user%3Dclerk%20password%3Dhunter2",
        "postgresql://clerk:hunter2%@localhost/quittance",
        "postgresql://clerk:hunter2@localhost:port:port/quittance",
        "postgresql://[hunter2/quittance",
        "postgresql://localhost/quittance?nonsense=hunter2",
        "postgre://clerk:hunter2@localhost/quittance",
        "clerk:hunter2@localhost",
        "hunter2",
        "",
        "sqlite:",
    };
    for (const std::string& url : urls) {
        CAPTURE(url);
        const auto opened = Database::open(url);
        CHECK(outcomeOf(opened) == "invalid-argument");
        CHECK(detailOf(opened).find("hunter2") == std::string::npos);
        CHECK(detailOf(opened).find("nter2") == std::string::npos);
    }
}

TEST_CASE("a database that cannot be reached is named with its reason")
{
    const TemporaryFolder folder;
    const std::string path = folder.path().string();
    Options mustExist;
    mustExist.createIfMissing = false;
    Options readOnly;
    readOnly.readOnly = true;
    CHECK(outcomeOf(Database::open(folder.sqliteUrl("absent.db"), mustExist)) == "not-found");
    CHECK(outcomeOf(Database::open(folder.sqliteUrl("absent.db"), readOnly)) == "not-found");
    CHECK_FALSE(std::filesystem::exists(folder.path() / "absent.db"));
    CHECK(outcomeOf(Database::open(folder.sqliteUrl("absent/absent.db"))) == "not-found");
    CHECK(outcomeOf(Database::open("sqlite:" + path)) == "invalid-argument");
    const auto unreachable = Database::open("postgresql:///quittance?host=" + path);
    CHECK(outcomeOf(unreachable) == "unavailable");
    CHECK(detailOf(unreachable).find(path) != std::string::npos);
}

TEST_CASE("a relative path stays the file that it named when the program changes its folder")
{
    const TemporaryFolder folder;
    const TemporaryFolder elsewhere;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    const auto db = valueOf(Database::open("sqlite:relative.db"));
    std::filesystem::current_path(elsewhere.path());
    CHECK(
        outcomeOf(db->write([](Transaction& tx) { return tx.execute("CREATE TABLE t (x BIGINT)"); })
        )
        == "ok"
    );
    CHECK(
        outcomeOf(db->read([](Transaction& tx) { return tx.queryInteger("SELECT COUNT(*) FROM t"); }
        ))
        == "ok"
    );
    std::filesystem::current_path(before);
    CHECK(std::filesystem::exists(folder.path() / "relative.db"));
}
