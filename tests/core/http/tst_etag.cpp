#include "core/http/etag.h"

#include <doctest/doctest.h>

#include <string>

using namespace quittance::http;

TEST_CASE("a strong tag is quoted, stable, and differs with one byte")
{
    // The tag of the empty text is BLAKE2b-128's published one: caches outlive versions of this
    // program.
    CHECK(strongETag("") == "\"cae66941d9efbd404e4d88758ea67670\"");
    CHECK(strongETag("a") == strongETag("a"));
    CHECK(strongETag("a") != strongETag("b"));
    CHECK(strongETag(std::string("a\0", 2)) != strongETag("a"));
}

TEST_CASE("conditions compare lists of tags")
{
    struct Row {
        std::string header;
        bool noneMatch; // the condition of If-None-Match finds the tag
        bool match; // If-Match lets the change through
    };
    for (const auto& row : {
             Row { "\"v1\"", true, true },
             Row { "W/\"v1\"", true, false },
             Row { "\"v0\", \"v1\"", true, true },
             Row { "\"v0\" ,W/\"v1\"", true, false },
             Row { "\"v0,\"v1\"", false, false }, // the quote after the comma ends the first tag
             Row { "\"v0,v1\"", false, false },
             Row { "*", true, true },
             Row { "  * ", true, true },
             Row { "\"*\"", false, false },
             Row { "\"v11\"", false, false },
             Row { "v1", false, false },
             Row { "\"v1", false, false },
             Row { "", false, false },
             Row { " , ,", false, false },
         }) {
        CAPTURE(row.header);
        CHECK(matchesIfNoneMatch(row.header, "\"v1\"") == row.noneMatch);
        CHECK(matchesIfMatch(row.header, "\"v1\"") == row.match);
    }
    CHECK(matchesIfNoneMatch("\"v1\"", "W/\"v1\""));
    CHECK_FALSE(matchesIfMatch("W/\"v1\"", "W/\"v1\""));
}
