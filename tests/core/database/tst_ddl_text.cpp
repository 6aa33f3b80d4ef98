#include "core/database/ddl_text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance::database;

TEST_CASE("withWordReplaced leaves casts, quotes, comments and longer words alone")
{
    struct Case {
        std::string given;
        std::string expected;
    };
    const std::vector<Case> cases {
        { "a TEXT, b TEXT NOT NULL", "a T, b T NOT NULL" },
        { "CHECK (CAST(a AS TEXT) <> '')", "CHECK (CAST(a AS TEXT) <> '')" },
        { "a TEXT DEFAULT 'TEXT' -- TEXT\n, b TEXT", "a T DEFAULT 'TEXT' -- TEXT\n, b T" },
        { "\"TEXT\" TEXT", "\"TEXT\" T" },
        { "TEXTUAL MY_TEXT text TEXT2", "TEXTUAL MY_TEXT text TEXT2" },
        { "'it''s TEXT' TEXT", "'it''s TEXT' T" },
        { "'open TEXT", "'open TEXT" },
        { "", "" },
    };
    for (const Case& given : cases)
        CHECK(withWordReplaced(given.given, "TEXT", "T") == given.expected);
}

TEST_CASE("beginsWith looks behind comments and white space")
{
    CHECK(beginsWith("CREATE TABLE a", "CREATE TABLE"));
    CHECK(beginsWith("\n -- why\n\tCREATE TABLE a", "CREATE TABLE"));
    CHECK_FALSE(beginsWith("CREATE UNIQUE INDEX a", "CREATE TABLE"));
    CHECK_FALSE(beginsWith("-- CREATE TABLE", "CREATE TABLE"));
    CHECK_FALSE(beginsWith("", "CREATE TABLE"));
}

TEST_CASE("fingerprint is FNV-1a")
{
    // Vectors of the FNV reference code.
    CHECK(fingerprint("") == "cbf29ce484222325");
    CHECK(fingerprint("a") == "af63dc4c8601ec8c");
    CHECK(fingerprint("foobar") == "85944171f73967e8");
}
