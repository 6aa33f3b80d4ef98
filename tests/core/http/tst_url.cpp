#include "core/http/url.h"

#include <doctest/doctest.h>

#include <string>

using namespace quittance;
using namespace quittance::http;

TEST_CASE("percent encoding keeps what is unreserved, and comes back")
{
    CHECK(percentEncode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percentEncode("a/b c+d%&=?") == "a%2Fb%20c%2Bd%25%26%3D%3F");
    CHECK(percentEncode("\xC3\xA4") == "%C3%A4");
    std::string all;
    for (int byte = 1; byte < 256; ++byte)
        all += static_cast<char>(static_cast<unsigned char>(byte));
    CHECK(percentDecode(percentEncode(all)).value() == all);
}

TEST_CASE("percent decoding is strict")
{
    CHECK(percentDecode("%41%6a%6A+").value() == "Ajj+");
    for (const auto* const text :
         { "%", "%4", "%4g", "%g4", "%+4", "%-1", "% 4", "a%00b", "%%41" }) {
        CAPTURE(text);
        CHECK(percentDecode(text).error().code == ErrorCode::MalformedInput);
    }
}

TEST_CASE("queries")
{
    CHECK(
        parseQuery("a=1&b=x+y%26&a=2&flag&=v&&c=").value()
        == NamedValues { { "a", "1" },
                         { "b", "x y&" },
                         { "a", "2" },
                         { "flag", "" },
                         { "", "v" },
                         { "c", "" } }
    );
    CHECK(parseQuery("a=b=c").value() == NamedValues { { "a", "b=c" } });
    CHECK(parseQuery("").value().empty());
    CHECK_FALSE(parseQuery("a=%zz"));
    CHECK_FALSE(parseQuery("%=1"));
    const NamedValues values { { "search", "a&b=c d+e" }, { "page", "2" } };
    CHECK(formatQuery(values) == "search=a%26b%3Dc%20d%2Be&page=2");
    CHECK(parseQuery(formatQuery(values)).value() == values);
}

TEST_CASE("request targets")
{
    struct Row {
        std::string target;
        std::string path;
        std::string rawPath;
        std::size_t parameters;
    };
    for (const auto& row : {
             Row { "/", "/", "/", 0 },
             Row { "/a%20b/c?x=1&y=2", "/a b/c", "/a%20b/c", 2 },
             Row { "/a%2Fb", "/a/b", "/a%2Fb", 0 },
             Row { "/a?", "/a", "/a", 0 },
             Row { "/a?b?c", "/a", "/a", 1 },
             Row { "/a#b", "/a", "/a", 0 },
             Row { "http://host:80/a?b=c", "/a", "/a", 1 },
             Row { "HTTPS://host", "/", "/", 0 },
             Row { "http://host?b=c", "/", "/", 1 },
             Row { "*", "*", "*", 0 },
         }) {
        CAPTURE(row.target);
        const auto target = parseTarget(row.target);
        REQUIRE(target);
        CHECK(target->path == row.path);
        CHECK(target->rawPath == row.rawPath);
        CHECK(target->query.size() == row.parameters);
    }
    for (const auto* const target :
         { "", "a/b", "host:443", "/%", "/%00", "/a?b=%1", "ftp://host/a", "**" }) {
        CAPTURE(target);
        CHECK_FALSE(parseTarget(target));
    }
}
