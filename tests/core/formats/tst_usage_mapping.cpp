#include "core/formats/usage_mapping.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

std::string fileText(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(stream), {} };
}

/// A mapping that is good but for what `replace` puts in the place of `what`.
std::string mappingWith(const std::string& what = {}, const std::string& replace = {})
{
    std::string text = R"({
  "source": "s", "format": "csv", "id": ["id"],
  "sku": {"column": "model", "map": {"A": "sku-a"}},
  "start": {"column": "from", "format": "local", "zone": "UTC"},
  "end": {"column": "to", "format": "seconds"},
  "measures": [{"meter": "calls", "quantity": {"column": "n"}}],
  "skip": [{"column": "n", "empty": true, "reason": "nothing"}]
})";
    if (!what.empty()) {
        const auto at = text.find(what);
        REQUIRE(at != std::string::npos);
        text.replace(at, what.size(), replace);
    }
    return text;
}

} // namespace

TEST_CASE("Every shipped mapping is a good mapping")
{
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("resources/mappings")) {
        CAPTURE(entry.path().string());
        const auto mapping
            = parseUsageMapping(fileText(entry.path()), entry.path().filename().string());
        CHECK(detailOf(mapping) == "");
        CHECK(valueOf(mapping).account.has_value());
        ++count;
    }
    CHECK(count >= 2);
}

TEST_CASE("A mapping file is closed: each mistake is named with its place")
{
    struct Case {
        const char* what;
        const char* replace;
        const char* detail;
    };
    const std::vector<Case> cases {
        { "\"source\"", "\"sorce\"", "m.json: source: is missing" },
        { "\"id\": [", "\"ids\": [", "m.json: ids: is not a key that is known here" },
        { "\"csv\"", "\"xml\"", "m.json: format: should be \"csv\" or \"ndjson\"" },
        { "\"id\": [\"id\"]", "\"id\": \"id\"", "m.json: id: should be a list of texts" },
        { "\"column\": \"model\"", "\"colum\": \"model\"",
          "m.json: sku: needs one of \"column\", \"constant\" and \"template\"" },
        { "\"map\": {\"A\": \"sku-a\"}", "\"default\": \"x\"",
          "m.json: sku.default: is of no use without \"map\"; perhaps \"ifEmpty\" is meant" },
        { "\"column\": \"model\"", "\"template\": \"x-{model\"",
          "m.json: sku.template: has a { without a column name and }" },
        { "\"UTC\"", "\"Mars/Olympus\"",
          "m.json: start.zone: \"Mars/Olympus\" is not a time zone that is known" },
        { ", \"zone\": \"UTC\"", "",
          "m.json: start.zone: is missing: a local time needs its zone, such as \"UTC\" (here, or "
          "in \"time\")" },
        { "\"seconds\"", "\"fortnights\"",
          "m.json: end.format: should be \"rfc3339\", \"local\", \"seconds\", \"milliseconds\", "
          "\"microseconds\" or "
          "\"nanoseconds\" (here, or in \"time\")" },
        { "\"seconds\"", "\"seconds\", \"epoch\": \"2023\"",
          "m.json: end.epoch: \"2023\" is not a time such as 2023-07-01T00:00:00Z" },
        { "\"seconds\"", "\"seconds\", \"zone\": \"UTC\"",
          "m.json: end.zone: is of no use here: only \"local\" times have one" },
        { "\"start\": {\"column\": \"from\", \"format\": \"local\", \"zone\": \"UTC\"},", "",
          "m.json: duration: is missing: \"end\" alone does not say when the use began" },
        { "\"calls\"", "\"dances\"",
          "m.json: measures[0].meter: \"dances\" is no standard meter and is not declared in "
          "\"meters\"" },
        { "\"column\": \"n\"}}", "\"constant\": 1.5}}",
          "m.json: measures[0].quantity.constant: should be a decimal number in quotes, such as "
          "\"0.5\"" },
        { "\"column\": \"n\"}}", "\"constant\": \"-1\"}}",
          "m.json: measures[0].quantity.constant: is negative" },
        { "\"column\": \"n\"}}", "\"column\": \"n\", \"scal\": 2}}",
          "m.json: measures[0].quantity.scal: is not a key that is known here" },
        { "\"column\": \"n\"}}", "\"column\": \"n\", \"rounding\": \"up\"}}",
          "m.json: measures[0].quantity.rounding: should be \"exact\", \"half-even\" or \"down\"" },
        { "\"empty\": true", "\"emty\": true",
          "m.json: skip[0]: needs one of \"empty\", \"equals\", \"in\" and \"prefix\"" },
        { ", \"reason\": \"nothing\"", "", "m.json: skip[0].reason: is missing" },
        { "\"source\": \"s\"",
          "\"source\": \"s\", \"account\": {\"name\": \"A\", \"currency\": \"XXQ\"}",
          "m.json: account.currency:" },
        { "\"source\": \"s\"",
          "\"source\": \"s\", \"meters\": [{\"name\": \"calls\", \"unit\": \"x\", \"digits\": 0}]",
          "m.json: meters[0].name: \"calls\" is a standard meter with unit calls and 0 digits" },
        { "\"source\": \"s\"", "\"source\": \"s\", \"csv\": {\"delimiter\": \"ab\"}",
          "m.json: csv.delimiter: should be a comma, a semicolon, a tab or |" },
    };
    REQUIRE(detailOf(parseUsageMapping(mappingWith())) == "");
    for (const auto& each : cases) {
        CAPTURE(each.replace);
        const auto mapping = parseUsageMapping(mappingWith(each.what, each.replace), "m.json");
        CHECK(outcomeOf(mapping) == "invalid-argument");
        CHECK(detailOf(mapping).starts_with(each.detail));
    }
}

TEST_CASE("What is no JSON names line and column")
{
    const auto cut = parseUsageMapping("{\n  \"source\": \"s\",\n  oops", "m.json");
    CHECK(outcomeOf(cut) == "malformed-input");
    CHECK(detailOf(cut).starts_with("m.json: line 3, column 3: is not JSON: "));
    CHECK(outcomeOf(parseUsageMapping("")) == "malformed-input");
    CHECK(outcomeOf(parseUsageMapping("[]")) == "malformed-input");
    CHECK(outcomeOf(parseUsageMapping("{} x")) == "malformed-input");
    CHECK(outcomeOf(parseUsageMapping(std::string(100, '['))) == "malformed-input");
}

TEST_CASE("A duration needs an end")
{
    const auto* const text
        = R"({"source":"s","format":"csv","start":{"column":"a","format":"rfc3339"},
        "measures":[{"meter":"gpu-seconds","quantity":{"duration":true}}]})";
    CHECK(
        detailOf(parseUsageMapping(text, "m"))
        == "m: measures[0].quantity: uses the duration, but there is no \"end\" and no \"duration\""
    );
}

TEST_CASE("The time key holds what the columns share")
{
    const auto mapping = valueOf(parseUsageMapping(R"({"source":"s","format":"ndjson",
        "time":{"format":"seconds","epoch":"2023-07-01T00:00:00Z"},
        "start":{"column":"a"},"end":{"column":"b","epoch":"2024-01-01T00:00:00Z","ifEmpty":"60"},
        "measures":[{"meter":"calls","quantity":{"constant":1}}]})"));
    CHECK(toText(mapping.start->rule.epoch) == "2023-07-01T00:00:00Z");
    CHECK(toText(mapping.end->rule.epoch) == "2024-01-01T00:00:00Z");
    CHECK(toText(*mapping.end->ifEmpty) == "2024-01-01T00:01:00Z");
}
