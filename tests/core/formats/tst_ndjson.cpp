#include "core/formats/ndjson.h"
#include "tests/core/formats/format_helpers.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;
using namespace std::string_literals;

namespace {

Rows readNdjson(const std::string& bytes, const NdjsonOptions& options = {})
{
    auto input = valueOf(Input::fromMemory("file.ndjson", bytes));
    NdjsonReader reader(input, options);
    if (const auto opened = reader.open(); !opened)
        return { opened.error().detail };
    return rowsOf(reader);
}

} // namespace

TEST_CASE("NDJSON rows")
{
    struct Case {
        const char* what;
        std::string bytes;
        Rows rows;
    };
    const std::vector<Case> cases {
        { "plain",
          "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n",
          { "1: a=1 b=x", "2: a=2 b=y", "end" } },
        { "no line end at the end", "{\"a\":1}", { "1: a=1", "end" } },
        { "nothing", "", { "end" } },
        { "CRLF, empty lines, byte order mark",
          "\xef\xbb\xbf{\"a\":1}\r\n\r\n \n{\"a\":2}\r\n",
          { "1: a=1", "4: a=2", "end" } },
        { "numbers as they stand",
          R"({"a":1.50,"b":-0.1e-7,"c":12345678901234567890123})",
          { "1: a=1.50 b=-0.1e-7 c=12345678901234567890123", "end" } },
        { "nested",
          R"({"u":{"in":1,"out":{"x":2}},"t":["p","q",{"z":3}]})",
          { "1: u.in=1 u.out.x=2 t.0=p t.1=q t.2.z=3", "end" } },
        { "other values",
          R"({"a":true,"b":false,"c":null,"d":"","e":{},"f":[]})",
          { "1: a=true b=false c= d=", "end" } },
        { "escapes",
          R"({"a":"x\n\u00fc\ud83d\ude00","k\"ey":"v"})",
          { "1: a=x\nü😀 k\"ey=v", "end" } },
        { "fields change",
          "{\"a\":1}\n{\"b\":2,\"a\":3}\n{\"a\":4}\n",
          { "1: a=1", "2: b=2 a=3", "3: a=4", "end" } },
        { "no object", "[1]\n{\"a\":1}\n", { "1! is not a JSON object", "2: a=1", "end" } },
        { "a key twice",
          "{\"a\":1,\"a\":2}\n{\"a\":1,\"a\":2}\n{\"a\":1}\n",
          { "1! has the field \"a\" twice", "2! has the field \"a\" twice", "3: a=1", "end" } },
        { "a zero character",
          "{\"a\":\"x\\u0000\"}\n{\"a\":1}\n",
          { "1! has a zero character in a text", "2: a=1", "end" } },
        { "no number",
          "{\"a\":nan}\n{\"a\":1x}\n{\"a\":1}\n",
          { "1! is not JSON", "2! has \"1x\" where a number should be", "3: a=1", "end" } },
    };
    for (const auto& each : cases) {
        CAPTURE(each.what);
        auto rows = readNdjson(each.bytes);
        if (each.what == "no number"s && rows.front().starts_with("1! "))
            rows.front() = "1! is not JSON"; // the library's words
        CHECK(rows == each.rows);
    }
}

TEST_CASE("A broken line is a problem of its own, and the next is read")
{
    for (const auto* const line :
         { "{\"a\":1", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{\"a\":1}}", "{\"a\":1} x", "x",
           "{\"a\":\"\xfc\"}", R"({"a":"x})", "{\"a\":1,}", "{\"a\":tru}" }) {
        CAPTURE(line);
        const auto rows = readNdjson(line + "\n{\"a\":1}\n"s);
        REQUIRE(rows.size() == 3);
        CHECK(rows[0].starts_with("1! "));
        CHECK(rows[1] == "2: a=1");
    }
}

TEST_CASE("The layout changes exactly when the names do, broken lines between or not")
{
    auto input = valueOf(Input::fromMemory(
        "x",
        "{\"a\":1,\"b\":1}\n{\"a\":2,\"b\":2}\n{\"a\":1,\"c\":1,\n{\"a\":1,\"c\":1}\n{\"a\":1}\n"s
    ));
    NdjsonReader reader(input);
    REQUIRE(reader.open());
    std::vector<std::uint64_t> layouts;
    while (true) {
        const auto step = valueOf(reader.next());
        if (step == Step::End)
            break;
        if (step == Step::Record)
            layouts.push_back(reader.record().layout);
    }
    REQUIRE(layouts.size() == 4);
    CHECK(layouts[0] == layouts[1]);
    CHECK(layouts[1] != layouts[2]);
    CHECK(layouts[2] != layouts[3]);
}

TEST_CASE("Limits of NDJSON")
{
    NdjsonOptions options;
    options.lineBytesMax = 1000;
    options.fieldsMax = 3;
    options.depthMax = 2;
    const auto good = "{\"a\":1}\n"s;
    const auto second
        = [&](const std::string& line) { return readNdjson(good + line + "\n" + good, options); };
    CHECK(
        second("{\"a\":\"" + std::string(2'000'000, 'x') + "\"}")
        == Rows { "1: a=1", "2! is longer than 1000 bytes", "3: a=1", "end" }
    );
    CHECK(
        second(R"({"a":1,"b":2,"c":3,"d":4})")
        == Rows { "1: a=1", "2! has more than 3 fields", "3: a=1", "end" }
    );
    CHECK(
        second(R"({"a":{"b":{"c":3}}})")
        == Rows { "1: a=1", "2! is nested deeper than 2 levels", "3: a=1", "end" }
    );
}

TEST_CASE("A truncated archive of NDJSON gives its whole rows, then the error")
{
    std::string text;
    for (int i = 0; i < 50'000; ++i)
        text += "{\"a\":" + std::to_string(i * 7919) + "}\n";
    auto bytes = packed(text, "gzip");
    bytes.resize(bytes.size() * 9 / 10);
    const auto rows = readNdjson(bytes);
    REQUIRE(rows.size() > 10'000);
    CHECK(rows.back() == "error: malformed-input");
    CHECK(
        rows[rows.size() - 2]
        == std::to_string(rows.size() - 1) + ": a=" + std::to_string((rows.size() - 2) * 7919)
    );
}
