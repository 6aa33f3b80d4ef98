#include "core/formats/usage_mapper.h"
#include "tests/core/formats/format_helpers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;
using namespace std::string_literals;

namespace {

/// All that a mapping makes of a file: an event a line, "skipped: reason", or the problem's text.
Rows mapFile(const std::string& mappingText, const std::string& bytes)
{
    const auto mapping = valueOf(parseUsageMapping(mappingText));
    auto input = valueOf(Input::fromMemory("file", bytes));
    auto opened = openRecords(mapping, input);
    if (!opened)
        return { opened.error().detail };
    auto& reader = **opened;
    auto mapper = valueOf(UsageMapper::create(mapping));
    Rows out;
    while (true) {
        const auto step = valueOf(reader.next());
        if (step == Step::End)
            return out;
        if (step == Step::Problem) {
            out.push_back(toText(reader.problem()));
            continue;
        }
        switch (mapper.map(reader.record())) {
        case Mapped::Skipped:
            out.push_back("skipped: " + mapper.skipRule().reason);
            break;
        case Mapped::Refused:
            out.push_back(toText(mapper.problem()));
            break;
        case Mapped::Use:
            for (const auto& measure : mapper.row().measures) {
                const auto event = mapper.toEvent(measure, 1, 0);
                out.push_back(fmt::format(
                    "{} {} sku={} resource={} project={} account={} {}..{} {}", event.id,
                    event.meter, event.sku, event.resource, event.project, mapper.row().account,
                    quittance::toText(event.start), quittance::toText(event.end), event.quantity
                ));
            }
        }
    }
}

/// A mapping of a file with the columns id,n,from,to; `more` is added, `measures` replaces the one
/// measure.
std::string simple(const std::string& more = {}, const std::string& measures = {})
{
    return R"({"source":"s","format":"csv","id":["id"],"start":{"column":"from","format":"rfc3339"},
        "end":{"column":"to","format":"rfc3339"},)"
        + more + R"("measures":[)"
        + (measures.empty()
               ? R"({"meter":"gpu-seconds","quantity":{"product":[{"column":"n"},{"duration":true}]}})"
               : measures)
        + "]}";
}

const std::string header = "id,n,from,to\n";
const std::string hour = "2023-11-01T10:00:00Z,2023-11-01T11:00:00Z";

Rows mapRow(const std::string& row, const std::string& more = {}, const std::string& measures = {})
{
    return mapFile(simple(more, measures), header + row + "\n");
}

} // namespace

TEST_CASE("A row becomes an event")
{
    CHECK(
        mapRow("a,2," + hour)
        == Rows { "a gpu-seconds sku= resource= project= account= "
                  "2023-11-01T10:00:00Z..2023-11-01T11:00:00Z "
                  "7200000000" }
    );
}

TEST_CASE("The order of the columns does not matter")
{
    CHECK(
        mapFile(simple(), "to,x,n,id,from\n2023-11-01T11:00:00Z,?,2,a,2023-11-01T10:00:00Z\n")
        == mapRow("a,2," + hour)
    );
}

TEST_CASE("Rows that are refused say where, what and why")
{
    struct Case {
        std::string row;
        const char* problem;
    };
    const std::vector<Case> cases {
        { ",2," + hour, "row 2, column id, value \"\": is empty, and is (part of) the id" },
        { std::string(201, 'x') + ",2," + hour, "row 2, column id, value \"xxxxxxxxxx" },
        { "a,," + hour, "row 2, column n, value \"\": is empty" },
        { "a,-2," + hour, "row 2, column n, value \"-2\": is negative" },
        { "a,two," + hour,
          "row 2, column n, value \"two\": is not a number (or has more than 38 digits)" },
        { "a,0.0000000001," + hour,
          "row 2, column n, value \"0.0000000001\": gives a quantity with more than 6 decimals" },
        { "a,99999999999999999999," + hour,
          "row 2, column n, value \"99999999999999999999\": gives a quantity that is larger "
          "than " },
        { "a,99999999999999999999999999999999999999," + hour,
          "row 2, column n, value \"99999999999999999999999999999999999999\": gives a quantity "
          "that is too large" },
        { "a,2,2023-11-01T11:00:00Z,2023-11-01T10:00:00Z",
          "row 2, column to, value \"2023-11-01T10:00:00Z\": is before the start, "
          "2023-11-01T11:00:00Z" },
        { "a,2,2023-11-01T11:00:00Z,", "row 2, column to, value \"\": is empty" },
        { "a,2,yesterday,2023-11-01T10:00:00Z",
          "row 2, column from, value \"yesterday\": is not an RFC 3339 time with a zone, such as "
          "2023-11-16T18:15:46.68Z" },
        { "a,2,2023-11-01T11:00:00Z,2043-11-01T10:00:00Z",
          "row 2, column to, value \"2043-11-01T10:00:00Z\": is more than ten years after the "
          "start, "
          "2023-11-01T11:00:00Z" },
        { "a,2", "row 2: has 2 fields where the header has 4" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.row);
        const auto rows = mapRow(each.row);
        REQUIRE(rows.size() == 1);
        CHECK(rows.front().starts_with(each.problem));
    }
}

TEST_CASE("A bad row does not stop or change the good ones after it")
{
    const auto rows
        = mapFile(simple(), header + "a,2," + hour + "\nb,-1," + hour + "\nc,3," + hour + "\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].starts_with("a gpu-seconds"));
    CHECK(rows[1].starts_with("row 3, column n"));
    CHECK(rows[2].starts_with("c gpu-seconds"));
}

TEST_CASE("A file that lacks a column is refused with the column's name")
{
    CHECK(
        mapFile(simple(), "id,m,from,to\n")
        == Rows { "file: column \"n\" is missing; the file has: id, m, from, to" }
    );
    CHECK(mapFile(simple(), "id,n,n,from,to\n") == Rows { "file: column \"n\" is there 2 times" });
}

TEST_CASE("Texts: map, split, lower case, template, default")
{
    const auto skuOf = [](const std::string& value, const std::string& sku) {
        const auto rows = mapRow(value + ",2," + hour, "\"sku\":" + sku + ",");
        REQUIRE(rows.size() == 1);
        const auto begin = rows.front().find("sku=");
        if (begin == std::string::npos)
            return rows.front();
        return rows.front().substr(begin + 4, rows.front().find(" resource=") - begin - 4);
    };
    CHECK(skuOf("a", R"({"constant":"k"})") == "k");
    CHECK(skuOf("a", R"({"column":"id"})") == "a");
    CHECK(skuOf("T4|P100", R"({"column":"id","splitAt":"|","lowerCase":true})") == "t4");
    CHECK(skuOf("T4|P100", R"({"column":"id","splitAt":"|","map":{"T4":"gpu-t4"}})") == "gpu-t4");
    CHECK(
        skuOf("X9", R"({"column":"id","map":{"T4":"gpu-t4"}})")
        == "row 2, column id, value \"X9\": is not in the mapping's map"
    );
    CHECK(skuOf("X9", R"({"column":"id","map":{"T4":"gpu-t4"},"default":"other"})") == "other");
    CHECK(skuOf("a", R"({"template":"{{{id}-{n}}}"})") == "{a-2}");
    CHECK(skuOf("a", R"({"template":"P-{id}","lowerCase":true,"map":{"p-a":"x"}})") == "x");
}

TEST_CASE("An empty text: refused for a SKU, empty for a resource, or what the mapping says")
{
    const auto file = "id,n,from,to,m\na,2," + hour + ",\n";
    CHECK(
        mapFile(simple(R"("sku":{"column":"m"},)"), file)
        == Rows { "row 2, column m, value \"\": is empty" }
    );
    CHECK(
        mapFile(simple(R"("sku":{"column":"m","ifEmpty":"any"},)"), file).front().find("sku=any ")
        != std::string::npos
    );
    CHECK(
        mapFile(simple(R"("resource":{"column":"m"},)"), file).front().find("resource= ")
        != std::string::npos
    );
    CHECK(
        mapFile(simple(R"("account":{"column":"m"},)"), file)
        == Rows { "row 2, column m, value \"\": is empty" }
    );
}

TEST_CASE("Words that mean no value")
{
    CHECK(
        mapRow("a,NULL," + hour, R"("emptyValues":["NULL","-"],)")
        == Rows { "row 2, column n, value \"NULL\": is empty" }
    );
}

TEST_CASE("Several measures of a row are events of their own")
{
    const auto rows = mapRow("a,3," + hour, "", R"({"meter":"calls","quantity":{"constant":1}},
        {"meter":"input-tokens","quantity":{"column":"n"},"sku":{"constant":"in"}},
        {"meter":"output-tokens","quantity":{"column":"n","scale":"0"},"omitZero":true})");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].starts_with("a#calls calls sku= "));
    CHECK(rows[1].starts_with("a#input-tokens input-tokens sku=in "));
    CHECK(rows[1].ends_with(" 3"));
}

TEST_CASE("Quantities: scale, division, rounding, a value for empty")
{
    const auto quantityOf = [](const std::string& n, const std::string& quantity) {
        const auto rows
            = mapRow("a," + n + "," + hour, "", R"({"meter":"calls","quantity":)" + quantity + "}");
        REQUIRE(rows.size() == 1);
        return rows.front().starts_with("row") ? rows.front().substr(rows.front().find("\": ") + 3)
                                               : rows.front().substr(rows.front().rfind(' ') + 1);
    };
    CHECK(quantityOf("63.0", R"({"column":"n"})") == "63");
    CHECK(quantityOf("63.5", R"({"column":"n"})") == "gives a quantity with more than 0 decimals");
    CHECK(quantityOf("62.5", R"({"column":"n","rounding":"half-even"})") == "62");
    CHECK(quantityOf("63.9", R"({"column":"n","rounding":"down"})") == "63");
    CHECK(quantityOf("2.5", R"({"column":"n","scale":"1000"})") == "2500");
    CHECK(quantityOf("3145728", R"({"column":"n","divideBy":1048576})") == "3");
    CHECK(quantityOf("", R"({"column":"n","ifEmpty":"7"})") == "7");
    CHECK(
        quantityOf("2", R"({"product":[{"column":"n"},{"column":"n"},{"constant":"10"}]})") == "40"
    );
    CHECK(
        quantityOf("0.5", R"({"product":[{"column":"n"},{"duration":true}],"scale":1024})")
        == "1843200"
    );
}

TEST_CASE("A duration in the place of an end or a start")
{
    const auto mapping = [](const std::string& times) {
        return R"({"source":"s","format":"csv","id":["id"],)" + times
            + R"(,"measures":[{"meter":"gpu-seconds","quantity":{"duration":true}}]})";
    };
    const auto file = "id,t,d\na,2023-11-01T10:00:00Z,90500\n"s;
    const auto duration = R"("duration":{"column":"d","scale":"0.001"})"s;
    CHECK(mapFile(mapping(R"("start":{"column":"t","format":"rfc3339"},)" + duration), file)
              .front()
              .ends_with("2023-11-01T10:00:00Z..2023-11-01T10:01:30.500000Z 90500000"));
    CHECK(mapFile(mapping(R"("end":{"column":"t","format":"rfc3339"},)" + duration), file)
              .front()
              .ends_with("2023-11-01T09:58:29.500000Z..2023-11-01T10:00:00Z 90500000"));
    CHECK(
        mapFile(
            mapping(R"("start":{"column":"t","format":"rfc3339"},)" + duration),
            "id,t,d\na,2023-11-01T10:00:00Z,999999999999\n"
        )
        == Rows { "row 2, column d, value \"999999999999\": is longer than ten years" }
    );
}

TEST_CASE("A local time that a clock change skips or repeats is refused, not guessed")
{
    const auto* const mapping = R"({"source":"s","format":"csv","id":["id"],
        "start":{"column":"t","format":"local","zone":"Europe/Berlin"},
        "measures":[{"meter":"calls","quantity":{"constant":1}}]})";
    CHECK(
        mapFile(
            mapping, "id,t\na,2023-03-26 02:30:00\nb,2023-10-29 02:30:00\nc,2023-10-29 03:30:00\n"
        )
        == Rows { "row 2, column t, value \"2023-03-26 02:30:00\": is skipped by the clock change "
                  "in Europe/Berlin",
                  "row 3, column t, value \"2023-10-29 02:30:00\": happens twice at the clock "
                  "change in Europe/Berlin",
                  "c calls sku= resource= project= account= "
                  "2023-10-29T02:30:00Z..2023-10-29T02:30:00Z 1" }
    );
}

TEST_CASE("Skip rules")
{
    struct Case {
        const char* rule;
        bool skipped;
    };
    const std::vector<Case> cases {
        { R"("equals":"a")", true },
        { R"("equals":"b")", false },
        { R"("in":["x","a"])", true },
        { R"("prefix":"a")", true },
        { R"("prefix":"ab")", false },
        { R"("empty":true)", false },
        { R"("empty":true,"not":true)", true },
        { R"("equals":"a","not":true)", false },
        { R"("equals":"a","and":[{"column":"n","equals":"2"}])", true },
        { R"("equals":"a","and":[{"column":"n","equals":"3"}])", false },
    };
    for (const auto& each : cases) {
        CAPTURE(each.rule);
        const auto rows = mapRow(
            "a,2," + hour,
            R"("skip":[{"column":"id",)"s + each.rule + R"(,"reason":"on purpose"}],)"
        );
        CHECK((rows == Rows { "skipped: on purpose" }) == each.skipped);
    }
    // A row that is left out need not be good.
    CHECK(
        mapRow("a,-1,x,y", R"("skip":[{"column":"id","equals":"a","reason":"r"}],)")
        == Rows { "skipped: r" }
    );
}

TEST_CASE("Ids of several columns never meet")
{
    const auto* const mapping
        = R"({"source":"s","format":"csv","id":["x","y"],"start":{"column":"t","format":"seconds"},
        "measures":[{"meter":"calls","quantity":{"constant":1}}]})";
    const auto rows = mapFile(mapping, "x,y,t\na/b,c,1\na,b/c,1\na\\,b,1\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].starts_with("a\\/b/c "));
    CHECK(rows[1].starts_with("a/b\\/c "));
    CHECK(rows[2].starts_with("a\\\\/b "));
}

TEST_CASE("Without an id column, the row is the id: all of it, in any order of columns")
{
    const auto* const mapping
        = R"({"source":"s","format":"csv","start":{"column":"t","format":"seconds"},
        "measures":[{"meter":"calls","quantity":{"constant":1}}]})";
    const auto idOf = [&](const std::string& file) {
        const auto rows = mapFile(mapping, file);
        REQUIRE(rows.size() == 1);
        return rows.front().substr(0, rows.front().find(' '));
    };
    const auto id = idOf("t,x,y\n1,2,3\n");
    CHECK(id.size() == 34);
    CHECK(id.ends_with("-1"));
    CHECK(idOf("y,t,x\n3,1,2\n") == id);
    CHECK(idOf("t,x,y\n1,3,2\n") != id);
    CHECK(idOf("t,x,y\n1,23,\n") != idOf("t,x,y\n1,2,3\n"));
    CHECK(idOf("t,x,z\n1,2,3\n") != id);
    CHECK(idOf("t,x,y\n1,2,\"3\"\n") == id);
}

TEST_CASE("NDJSON with nested fields, absent ones, and fields in any order")
{
    const auto* const mapping = R"({"source":"s","format":"ndjson","id":["id"],
        "account":{"column":"tenant.name"},"sku":{"column":"model"},
        "start":{"column":"at","format":"rfc3339"},
        "measures":[{"meter":"input-tokens","quantity":{"column":"usage.in"}}]})";
    const auto tail
        = " input-tokens sku=m resource= project= account=T 2023-11-01T00:00:00Z..2023-11-01T00:00:00Z 5"s;
    CHECK(
        mapFile(
            mapping,
            R"({"id":"1","tenant":{"name":"T"},"model":"m","at":"2023-11-01T00:00:00Z","usage":{"in":5}})"
            "\n"
            R"({"usage":{"in":5,"out":1},"at":"2023-11-01T00:00:00Z","model":"m","tenant":{"name":"T"},"id":"2"})"
            "\n"
            R"({"id":"3","model":"m","at":"2023-11-01T00:00:00Z","usage":{"in":5}})"
            "\n"
            R"({"id":"4","tenant":{"name":"T"},"model":"m","at":"2023-11-01T00:00:00Z","usage":{"in":null}})"
            "\n"
        )
        == Rows { "1" + tail, "2" + tail, "row 3, column tenant.name, value \"\": is empty",
                  "row 4, column usage.in, value \"\": is empty" }
    );
}

namespace {

/// What stands between ```LANGUAGE and ``` in the documentation.
Rows documentedBlocks(const std::string& language)
{
    std::ifstream stream("docs/usage-mappings.md", std::ios::binary);
    Rows out;
    auto isInside = false;
    auto isWanted = false;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("```")) {
            isInside = !isInside;
            isWanted = isInside && line.substr(3) == language;
            if (isWanted)
                out.emplace_back();
        } else if (isWanted)
            out.back() += line + "\n";
    }
    return out;
}

} // namespace

TEST_CASE("The whole example of the documentation does what the documentation says")
{
    const auto mappings = documentedBlocks("json");
    const auto files = documentedBlocks("");
    REQUIRE(!mappings.empty());
    REQUIRE(!files.empty());
    CHECK(
        mapFile(mappings.front(), files.front())
        == Rows { "vm-1 gpu-seconds sku=gpu-pod-h100 resource=vm-1 project=vision account= "
                  "2024-05-01T08:00:00Z..2024-05-01T10:30:00Z 72000000000",
                  "skipped: never ran" }
    );
}

TEST_CASE("Every mapping of the documentation is a good mapping")
{
    int mappings = 0;
    for (const auto& block : documentedBlocks("json"))
        if (block.find("\"source\"") != std::string::npos) {
            CAPTURE(block);
            CHECK(detailOf(parseUsageMapping(block)) == "");
            ++mappings;
        }
    CHECK(mappings == 3);
}
