#include "core/formats/usage_mapper.h"
#include "tests/core/formats/format_helpers.h"
#include "tests/support/shared_data.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

struct Totals {
    std::map<std::string, std::int64_t> quantity; ///< by meter
    std::map<std::string, std::int64_t> quantityBySku;
    std::map<std::string, int> skipped;
    std::int64_t events = 0;
    std::set<std::string> ids;
    std::vector<std::string> problems;
    Instant first { std::numeric_limits<std::int64_t>::max() };
    Instant last;
};

void addRow(
    const UsageMapping& mapping, const UsageMapper& mapper, std::map<RowHash, int>& seen,
    Totals& totals
)
{
    const auto occurrence = ++seen[mapper.row().baseId.empty() ? mapper.row().hash : RowHash {}];
    for (const auto& measure : mapper.row().measures) {
        totals.quantity[mapping.measures[measure.index].meter.name] += measure.quantity;
        totals.quantityBySku[std::string(measure.sku)] += measure.quantity;
        std::string id;
        mapper.appendEventId(measure, occurrence, id);
        totals.ids.insert(id);
        ++totals.events;
    }
    totals.first = std::min(totals.first, mapper.row().start);
    totals.last = std::max(totals.last, mapper.row().end);
}

Totals totalsOf(const std::string& mappingText, const std::filesystem::path& file)
{
    const auto mapping = valueOf(parseUsageMapping(mappingText));
    auto input = valueOf(Input::open(file.string()));
    const auto reader = valueOf(openRecords(mapping, input));
    auto mapper = valueOf(UsageMapper::create(mapping));
    Totals totals;
    std::map<RowHash, int> seen;
    while (true) {
        const auto step = valueOf(reader->next());
        if (step == Step::End)
            return totals;
        if (step == Step::Problem) {
            totals.problems.push_back(toText(reader->problem()));
            continue;
        }
        switch (mapper.map(reader->record())) {
        case Mapped::Use:
            addRow(mapping, mapper, seen, totals);
            break;
        case Mapped::Skipped:
            ++totals.skipped[mapper.skipRule().reason];
            break;
        case Mapped::Refused:
            totals.problems.push_back(toText(mapper.problem()));
            break;
        }
    }
}

std::string fileText(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    REQUIRE(stream.good());
    return { std::istreambuf_iterator<char>(stream), {} };
}

/// The cells of a plain CSV file, cut at commas: another way to the same numbers.
std::vector<std::vector<std::string>> cellsOf(const std::filesystem::path& path)
{
    std::ifstream stream(path);
    std::vector<std::vector<std::string>> out;
    for (std::string line; std::getline(stream, line);) {
        std::vector<std::string> cells;
        std::istringstream row(line + ",");
        for (std::string cell; std::getline(row, cell, ',');)
            cells.push_back(cell.ends_with('\r') ? cell.substr(0, cell.size() - 1) : cell);
        out.push_back(std::move(cells));
    }
    return out;
}

} // namespace

TEST_CASE("The GPU pods: every scheduled pod by the second")
{
    const auto file = sharedData("usage/openb_pod_list_gpuspec33.csv");
    if (!file)
        return;
    const auto totals = totalsOf(fileText("resources/mappings/alibaba-gpu-pods.json"), *file);

    const auto cells = cellsOf(*file);
    std::int64_t seconds = 0;
    std::int64_t t4Seconds = 0;
    int pods = 0;
    int pending = 0;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        const auto& row = cells[i];
        if (row.at(10).empty()) {
            ++pending;
            continue;
        }
        ++pods;
        const auto use = std::stoll(row[3]) * (std::stoll(row[9]) - std::stoll(row[10]));
        seconds += use;
        if (row[5] == "T4" || row[5].starts_with("T4|"))
            t4Seconds += use;
    }
    CHECK(totals.problems == std::vector<std::string> {});
    CHECK(
        totals.quantity
        == std::map<std::string, std::int64_t> { { "gpu-seconds", seconds * 1'000'000 } }
    );
    CHECK(totals.quantityBySku.at("gpu-pod-t4") == t4Seconds * 1'000'000);
    CHECK(totals.events == pods);
    CHECK(totals.ids.size() == static_cast<std::size_t>(pods));
    CHECK(totals.skipped == std::map<std::string, int> { { "never scheduled", pending } });
    // What the data's own description says.
    CHECK(pending == 897);
    CHECK(std::llround(static_cast<double>(seconds) / 36) == 5'961'221);
    CHECK(toText(totals.first) == "2023-07-01T00:00:00Z");
    CHECK(toText(totals.last) == "2023-11-27T08:09:20Z");
}

TEST_CASE("The LLM calls: tokens in, tokens out, calls")
{
    const auto file = sharedData("usage/AzureLLMInferenceTrace_conv.csv");
    if (!file)
        return;
    const auto totals = totalsOf(fileText("resources/mappings/azure-llm.json"), *file);

    const auto cells = cellsOf(*file);
    std::int64_t in = 0;
    std::int64_t out = 0;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        in += std::stoll(cells[i].at(1));
        out += std::stoll(cells[i].at(2));
    }
    const auto calls = static_cast<std::int64_t>(cells.size()) - 1;
    CHECK(totals.problems == std::vector<std::string> {});
    CHECK(totals.skipped.empty());
    CHECK(
        totals.quantity
        == std::map<std::string, std::int64_t> { { "calls", calls },
                                                 { "input-tokens", in },
                                                 { "output-tokens", out } }
    );
    CHECK(totals.ids.size() == static_cast<std::size_t>(3 * calls));
    CHECK(in == 22'361'870);
    CHECK(out == 4'088'665);
    CHECK(calls == 19'366);
    CHECK(toText(totals.first) == "2023-11-16T18:15:46.680590Z");
    CHECK(toText(totals.last) == "2023-11-16T19:14:08.402527Z");
}

TEST_CASE("Other files of these kinds, by mappings made from the documentation")
{
    const auto lora = sharedData("usage/lora_request_trace.csv.xz");
    const auto disks = sharedData("usage/disaggregated_DLRM_trace.even_apps.csv.xz");
    if (!lora || !disks)
        return;
    const auto images = totalsOf(
        R"({"source":"lora","format":"csv",
        "account":{"column":"groupId","ifEmpty":"nobody"},
        "sku":{"column":"predict_type","lowerCase":true},
        "start":{"column":"gmt_create","format":"local","zone":"Asia/Shanghai"},
        "duration":{"column":"exec_time_seconds","ifEmpty":"0"},
        "measures":[{"meter":"gpu-seconds","quantity":{"duration":true}},{"meter":"calls","quantity":{"constant":1}}],
        "skip":[{"column":"predict_status","equals":"SUCCEED","not":true,"reason":"did not succeed"}]})",
        *lora
    );
    CHECK(images.problems == std::vector<std::string> {});
    CHECK(images.quantity.at("calls") == 26'392);
    CHECK(images.skipped == std::map<std::string, int> { { "did not succeed", 431 } });
    CHECK(toText(images.first) == "2024-11-15T08:57:50Z");

    const auto storage = totalsOf(
        R"({"source":"dlrm","format":"csv","id":["instance_sn"],
        "resource":{"column":"instance_sn"},"project":{"column":"app_name"},
        "time":{"format":"seconds","epoch":"2025-01-01T00:00:00Z"},
        "start":{"column":"scheduled_time"},"end":{"column":"deletion_time"},
        "measures":[{"meter":"mib-seconds",
            "quantity":{"product":[{"column":"disk_request"},{"duration":true}],"scale":1024}}],
        "skip":[{"column":"scheduled_time","empty":true,"reason":"ran before the trace"},
                {"column":"deletion_time","empty":true,"reason":"still running"}]})",
        *disks
    );
    CHECK(storage.problems == std::vector<std::string> {});
    CHECK(
        storage.events + storage.skipped.at("ran before the trace")
            + storage.skipped.at("still running")
        == 13'624
    );
    CHECK(storage.quantity.at("mib-seconds") > 0);
}
