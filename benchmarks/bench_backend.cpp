// The backend without its console: api-bills, verify, rating.

#include "backend/usage/partitions.h"
#include "benchmarks/support/http_load.h"
#include "benchmarks/support/process.h"
#include "benchmarks/support/report.h"
#include "benchmarks/support/servers.h"
#include "core/database/database.h"
#include "core/domain/meters.h"
#include "core/domain/random.h"
#include "core/domain/rating/rating.h"

#include <fmt/format.h>

#include <fstream>

namespace {

using namespace quittance;
using namespace quittance::bench;
using database::Engine;

template <class T> T valueOf(Result<T> result)
{
    if (!result)
        stop(result.error().detail);
    return std::move(*result);
}

void measureApi(Report& report, const DemoServer& server, Engine engine, double seconds)
{
    const LoadResult ours
        = runLoad({ server.port(), "/v1/accounts/1/bills", server.authorization(), 4, seconds });
    const ScratchFolder folder;
    std::ofstream(folder.file("body"), std::ios::binary) << ours.body;
    Running peer({ program("peer_http"), folder.file("body") });
    const LoadResult floor = runLoad({ std::stoi(peer.readLine()), "/", "", 4, seconds });
    report.add({ "api-bills", nameOf(engine),
                 fmt::format("a page of bills, {} bytes, 4 connections", ours.body.size()),
                 ours.requestsPerSecond, "requests/s", floor.requestsPerSecond,
                 "bare Beast, the same bytes" });
}

/// Reads every stored event once and adds up its quantity.
std::int64_t sumOfEvents(database::Database& database)
{
    return valueOf(database.read([](database::Transaction& tx) -> Result<std::int64_t> {
        QUITTANCE_TRY(const std::vector<Month> months, backend::usagePartitions(tx));
        std::int64_t sum = 0;
        for (const Month month : months)
            QUITTANCE_CHECK(tx.query(
                "SELECT account_id, resource, started_at, ended_at, quantity FROM "
                    + backend::eventTable(month),
                {},
                [&](const database::Row& row) -> Result<> {
                    sum += row.integer(4);
                    return {};
                }
            ));
        return sum;
    }));
}

void measureVerify(Report& report, const DemoServer& server, Engine engine)
{
    const auto database = valueOf(database::Database::open(server.database().url()));
    std::int64_t sum = 0;
    const double floor = secondsOf([&] { sum = sumOfEvents(*database); });
    if (sum <= 0)
        stop("the demo has no usage");
    const Finished verified = run(server.database().quittanced({ "verify" }));
    const auto bills = static_cast<double>(server.bills());
    report.add({ "verify", nameOf(engine),
                 fmt::format("{} bills and drafts over {} events", server.bills(), server.events()),
                 bills / verified.seconds, "bills/s", bills / floor,
                 "reading every event once, with a sum" });
}

std::vector<UsageRow> usageRows(std::int64_t count)
{
    constexpr int days = 30;
    constexpr int skus = 20;
    constexpr std::uint64_t quantityMax = 1'000'000'000;
    const Date first = firstDay(valueOf(parseMonth("2024-05")));
    SeededRandom random(1);
    std::vector<UsageRow> rows;
    rows.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        rows.push_back({ Date { first.days + static_cast<std::int32_t>(random.below(days)) },
                         "gpu-seconds", fmt::format("sku-{:02}", random.below(skus)),
                         fmt::format("team-{:02}", random.below(skus)),
                         fmt::format("node-{:03}", random.below(500)),
                         static_cast<std::int64_t>(random.below(quantityMax)), 1 });
    return rows;
}

void measureRating(Report& report, std::int64_t count)
{
    const std::vector<UsageRow> rows = usageRows(count);
    PricePlan plan;
    plan.code = "standard";
    plan.version = 1;
    plan.effective = valueOf(parseDate("2024-01-01"));
    plan.currency = valueOf(Currency::find("USD"));
    Price price;
    price.sku = "*";
    price.meter = "gpu-seconds";
    price.service = "GPU pods";
    price.name = "GPU pods";
    price.unit = "GPU-h";
    price.per = 3600;
    price.rate = valueOf(parseRate("2.95"));
    plan.prices.push_back(price);
    RatingInput input;
    input.usage = rows;
    input.versions = { &plan, 1 };
    input.meters = standardMeters();
    input.month = valueOf(parseMonth("2024-05"));
    input.currency = plan.currency;

    std::int64_t sum = 0;
    const double floor = secondsOf([&] {
        for (const UsageRow& row : rows)
            sum += row.quantity;
    });
    std::size_t costs = 0;
    const double rated = secondsOf([&] { costs = valueOf(rateUsage(input)).costs.size(); });
    if (sum <= 0 || costs == 0)
        stop("nothing was rated");
    report.add({ "rating", "", fmt::format("{} rows to {} cost rows", count, costs),
                 static_cast<double>(count) / rated, "rows/s", static_cast<double>(count) / floor,
                 "adding up the quantities" });
}

} // namespace

int main(int argc, char** argv)
{
    const Arguments arguments(argc, argv);
    Report report;
    if (arguments.wants("api-bills") || arguments.wants("verify")) {
        for (const Engine engine : { Engine::Sqlite, Engine::Postgres }) {
            const DemoServer server(engine, arguments.size(24, 2), arguments.size(14, 2));
            if (arguments.wants("api-bills"))
                measureApi(report, server, engine, arguments.size(3.0, 0.1));
            if (arguments.wants("verify"))
                measureVerify(report, server, engine);
        }
    }
    if (arguments.wants("rating"))
        measureRating(report, arguments.size<std::int64_t>(1'000'000, 1'000));
    return report.print();
}
