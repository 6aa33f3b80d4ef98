#include "backend/usage/import.h"
#include "core/formats/price_plan_file.h"
#include "tests/backend/billing/billing_world.h"
#include "tests/support/shared_data.h"

#include <fstream>
#include <iterator>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;

namespace {

std::string contentOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file, path.string());
    return { std::istreambuf_iterator<char>(file), {} };
}

ImportReport import(BillingWorld& world, const std::string& mappingFile, const std::string& input)
{
    ImportOptions options;
    options.mapping = valueOf(
        formats::parseUsageMapping(contentOf("resources/mappings/" + mappingFile), mappingFile)
    );
    options.inputs = { input };
    ImportReport report;
    const std::atomic<bool> cancelled = false;
    const auto done = importUsage(world.context(), commandLine, options, {}, cancelled, report);
    CHECK(detailOf(done) == "");
    return report;
}

std::map<std::string, UsageTotal> totalsByMeter(BillingWorld& world)
{
    std::map<std::string, UsageTotal> totals;
    for (const UsageTotal& total : world.totals())
        totals[total.meter] = total;
    return totals;
}

/// GPU-microseconds and rows that the pods' file has, by splitting its lines and nothing else.
struct PodSums {
    std::int64_t scheduled = 0;
    std::int64_t waiting = 0;
    std::int64_t gpuMicros = 0;
};
PodSums sumPods(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    PodSums sums;
    while (std::getline(file, line)) {
        std::vector<std::string> cells;
        std::size_t begin = 0;
        for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
            end = line.find(',', begin);
            cells.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
        }
        constexpr std::size_t gpus = 3;
        constexpr std::size_t deleted = 9;
        constexpr std::size_t scheduled = 10;
        if (cells.at(scheduled).empty() || cells.at(scheduled) == "\r") {
            ++sums.waiting;
            continue;
        }
        ++sums.scheduled;
        sums.gpuMicros += std::stoll(cells[gpus])
            * static_cast<std::int64_t>(
                              (std::stod(cells[deleted]) - std::stod(cells[scheduled])) * 1e6
            );
    }
    return sums;
}

} // namespace

TEST_CASE("The GPU pods of the real trace are imported, billed and verified")
{
    const auto path = sharedData("usage/openb_pod_list_gpuspec33.csv");
    if (!path)
        return;
    const PodSums expected = sumPods(*path);
    CHECK(expected.waiting == 897);
    CHECK(expected.scheduled == 7'255);
    forEachDatabase([&](TestDatabase& db) {
        BillingWorld world(db);
        const auto plan = formats::parsePricePlan(contentOf("resources/prices/standard.json"));
        PricePlan all = valueOf(plan);
        all.effective = valueOf(parseDate("2023-06-01"));
        world.load(all);
        const auto report = import(world, "alibaba-gpu-pods.json", path->string());
        CHECK(report.rows == 8'152);
        CHECK(report.skipped == std::map<std::string, std::int64_t> { { "never scheduled", 897 } });
        CHECK(report.accepted == 7'255);
        CHECK(report.rejectedRows == 0);
        const auto totals = totalsByMeter(world);
        REQUIRE(totals.size() == 1);
        CHECK(totals.at("gpu-seconds").quantity == expected.gpuMicros);
        CHECK(totals.at("gpu-seconds").digits == 6);
        // 59,612.21 GPU-hours by the data's README
        CHECK(totals.at("gpu-seconds").quantity / 36'000'000 == 5'961'221);

        const auto again = import(world, "alibaba-gpu-pods.json", path->string());
        CHECK(again.accepted == 0);
        CHECK(again.repeated == 7'255);
        const AccountId account = totals.at("gpu-seconds").account;
        world.change(account, BillingWorld::profile());
        std::int64_t billed = 0;
        for (int month = 7; month <= 11; ++month) {
            const auto outcome = world.bill(fmt::format("2023-{:02}", month), true)[0];
            CHECK(outcome.unpriced.empty());
            CHECK(outcome.state == BillState::Open);
            for (const BillLine& line : world.find(outcome.bill).lines)
                billed += line.quantity;
        }
        CHECK(billed == expected.gpuMicros);
        const auto check = world.check();
        CHECK(check.billsEqual == 5);
        CHECK(check.faults.empty());
        CHECK(world.faults().empty());
    });
}

TEST_CASE("The API calls of the real trace are imported, billed and verified")
{
    const auto path = sharedData("usage/AzureLLMInferenceTrace_conv.csv");
    if (!path)
        return;
    forEachDatabase([&](TestDatabase& db) {
        BillingWorld world(db);
        const auto report = import(world, "azure-llm.json", path->string());
        CHECK(report.rows == 19'366);
        CHECK(report.accepted == 3 * 19'366);
        auto totals = totalsByMeter(world);
        CHECK(totals.at("input-tokens").quantity == 22'361'870);
        CHECK(totals.at("output-tokens").quantity == 4'088'665);
        CHECK(totals.at("calls").quantity == 19'366);
        const auto again = import(world, "azure-llm.json", path->string());
        CHECK(again.accepted == 0);
        CHECK(again.repeated == 3 * 19'366);
        CHECK(totalsByMeter(world).at("calls").quantity == 19'366);

        // No profile yet: the bill waits. No price for these tokens: the run names them.
        const auto outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.state == BillState::Draft);
        CHECK(amountText(outcome.total) == "1.15"); // 19.366 x 0.05 = 0.97, and 19% tax
        CHECK(outcome.unpriced.size() == 2);
        world.change(outcome.account, BillingWorld::profile());
        CHECK(world.bill("2023-11", true)[0].number.empty());
        PricePlan shipped
            = valueOf(formats::parsePricePlan(contentOf("resources/prices/standard.json")));
        shipped.effective = valueOf(parseDate("2023-06-01"));
        world.load(shipped);
        const auto priced = world.bill("2023-11", true)[0];
        CHECK(priced.number == "TL-2023-000001");
        CHECK(priced.unpriced.empty());
        CHECK(world.check().billsEqual == 1);
        CHECK(world.faults().empty());
    });
}
