#include "core/domain/rating/rating.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace quittance {

namespace {

using Whole = boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;

constexpr std::array meterNames { "gpu-seconds", "calls", "unpriced-things" };
constexpr std::array skus { "", "a10", "h100", "t4" };
constexpr std::array projects { "", "ml" };
constexpr std::array resources { "pod-1", "pod-2", "pod-3" };
constexpr Month november { 2023 * 12 + 10 };
constexpr int daysOfNovember = 30;

const std::array meters { Meter { "gpu-seconds", "GPU-s", 6 }, Meter { "calls", "call", 0 } };

/// A random but plausible account and its use. Tuples, so that a counterexample is printed.
struct World {
    std::vector<UsageRow> usage;
    std::vector<PricePlan> versions;
    Currency currency;

    [[nodiscard]] RatingInput input(const std::vector<UsageRow>& rows) const
    {
        return { rows, versions, meters, TimeZone::utc(), november, currency, TaxRate {} };
    }
};

rc::Gen<std::int64_t> anyQuantity()
{
    return rc::gen::oneOf(
        rc::gen::inRange<std::int64_t>(0, 1'000), rc::gen::inRange<std::int64_t>(-1'000, 1'000),
        rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 100'000'000'000'000)
    );
}

std::vector<UsageRow> anyUsage()
{
    const auto rows = *rc::gen::container<std::vector<
        std::tuple<int, std::size_t, std::size_t, std::size_t, std::size_t, std::int64_t>>>(
        rc::gen::tuple(
            rc::gen::inRange(0, daysOfNovember),
            rc::gen::inRange<std::size_t>(0, meterNames.size()),
            rc::gen::inRange<std::size_t>(0, skus.size()),
            rc::gen::inRange<std::size_t>(0, projects.size()),
            rc::gen::inRange<std::size_t>(0, resources.size()), anyQuantity()
        )
    );
    std::vector<UsageRow> usage;
    usage.reserve(rows.size());
    for (const auto& [day, meter, sku, project, resource, quantity] : rows)
        usage.push_back({ Date { firstDay(november).days + day }, meterNames.at(meter),
                          skus.at(sku), projects.at(project), resources.at(resource), quantity, 1 }
        );
    return usage;
}

Price anyPrice(std::string sku, std::string meter)
{
    Price price;
    price.sku = std::move(sku);
    price.meter = std::move(meter);
    price.service = *rc::gen::element<std::string>("GPU pods", "API");
    price.name = *rc::gen::element<std::string>("One", "Two");
    price.unit = "unit";
    price.per = *rc::gen::element<std::int64_t>(1, 3'600, 1'000'000);
    price.rate = Rate { *rc::gen::inRange<std::int64_t>(0, 5'000'000'000) };
    price.discountMillionths = *rc::gen::element<std::int64_t>(0, 80'000, 333'333, 1'000'000);
    price.discountName = "Commitment";
    return price;
}

std::vector<PricePlan> anyVersions(Currency currency)
{
    const auto days = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-40, 40));
    std::vector<PricePlan> versions;
    for (const auto day : days) {
        PricePlan plan { "standard",
                         static_cast<std::int32_t>(versions.size() + 1),
                         Date { firstDay(november).days + day },
                         currency,
                         "Standard",
                         {} };
        for (const std::string meter : { "gpu-seconds", "calls" }) {
            for (const std::string sku : { "*", "", "h100" }) {
                if (*rc::gen::arbitrary<bool>())
                    plan.prices.push_back(anyPrice(sku, meter));
            }
        }
        versions.push_back(std::move(plan));
    }
    return versions;
}

World anyWorld()
{
    World world;
    world.currency = Currency::find(*rc::gen::element<std::string>("USD", "JPY", "KWD")).value();
    world.versions = anyVersions(world.currency);
    world.usage = anyUsage();
    return world;
}

// The oracle: the same rules written a second time, in fractions of any size and without any shared
// code.

const PricePlan* planOn(const World& world, Date day)
{
    const PricePlan* latest = nullptr;
    for (const auto& plan : world.versions) {
        if (plan.effective.days > day.days)
            continue;
        if (latest == nullptr || plan.effective.days > latest->effective.days
            || (plan.effective.days == latest->effective.days && plan.version > latest->version))
            latest = &plan;
    }
    return latest;
}

const Price* priceFor(const PricePlan* plan, const UsageRow& row)
{
    if (plan == nullptr)
        return nullptr;
    for (const auto& wanted : { row.sku, std::string("*") }) {
        for (const auto& price : plan->prices) {
            if (price.meter == row.meter && price.sku == wanted)
                return &price;
        }
    }
    return nullptr;
}

Fraction minorUnits(const Whole& quantity, const Price& price, int exponent)
{
    const Whole meterScale = price.meter == "gpu-seconds" ? 1'000'000 : 1;
    Fraction amount(quantity, meterScale * price.per);
    amount *= Fraction(Whole(price.rate.nanos), Whole(1'000'000'000));
    amount *= Fraction(Whole(1'000'000 - price.discountMillionths), Whole(1'000'000));
    for (int i = 0; i < exponent; ++i)
        amount *= 10;
    return amount;
}

Whole roundedHalfEven(const Fraction& amount)
{
    const Whole below = numerator(amount) / denominator(amount);
    // Integer division cuts toward zero; the candidates around the amount are one to either side.
    Whole best = below;
    for (const Whole& candidate : { Whole(below - 1), Whole(below + 1) }) {
        const Fraction distance = abs(Fraction(candidate) - amount);
        const Fraction bestDistance = abs(Fraction(best) - amount);
        if (distance < bestDistance || (distance == bestDistance && candidate % 2 == 0))
            best = candidate;
    }
    return best;
}

struct OracleLine {
    Whole quantity = 0;
    const Price* price = nullptr;
};

using OracleKey = std::tuple<std::int32_t, std::string, std::string>; // version, meter, sku

struct Oracle {
    std::map<OracleKey, OracleLine> lines;
    std::map<std::pair<std::string, std::string>, Whole> unpriced;
};

Oracle computeOracle(const World& world)
{
    Oracle oracle;
    for (const auto& row : world.usage) {
        const auto* const plan = planOn(world, row.day);
        const auto* const price = priceFor(plan, row);
        if (price == nullptr) {
            oracle.unpriced[{ row.meter, row.sku }] += row.quantity;
            continue;
        }
        auto& line = oracle.lines[{ plan->version, row.meter, row.sku }];
        line.quantity += row.quantity;
        line.price = price;
    }
    std::erase_if(oracle.lines, [](const auto& entry) { return entry.second.quantity == 0; });
    return oracle;
}

/// The costs of one line, summed.
struct CostSum {
    std::int64_t quantity = 0;
    std::int64_t amountMinor = 0;
};

std::map<std::int32_t, CostSum> sumByLine(const std::vector<CostRow>& costs)
{
    std::map<std::int32_t, CostSum> sums;
    for (const auto& cost : costs) {
        sums[cost.line].quantity += cost.quantity;
        sums[cost.line].amountMinor += cost.amountMinor;
    }
    return sums;
}

} // namespace

TEST_CASE("rating agrees with a second computation in exact fractions")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto rated = rateUsage(world.input(world.usage)).value();
        const auto oracle = computeOracle(world);
        RC_ASSERT(rated.lines.size() == oracle.lines.size());
        Whole net = 0;
        for (const auto& line : rated.lines) {
            const auto& expected = oracle.lines.at({ line.planVersion, line.meter, line.sku });
            const auto amount = roundedHalfEven(
                minorUnits(expected.quantity, *expected.price, world.currency.exponent())
            );
            RC_ASSERT(Whole(line.quantity) == expected.quantity);
            RC_ASSERT(Whole(line.amount.minor) == amount);
            net += amount;
        }
        RC_ASSERT(Whole(rated.net.minor) == net);
        RC_ASSERT(rated.unpriced.size() == oracle.unpriced.size());
        for (const auto& use : rated.unpriced)
            RC_ASSERT(Whole(use.quantity) == oracle.unpriced.at({ use.meter, use.sku }));
    }));
}

TEST_CASE("costs sum to their line, lines to the net, in their order")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto rated = rateUsage(world.input(world.usage)).value();
        auto sums = sumByLine(rated.costs);
        RC_ASSERT(sums.size() == rated.lines.size());
        std::int64_t net = 0;
        for (std::size_t i = 0; i < rated.lines.size(); ++i) {
            const auto& line = rated.lines[i];
            RC_ASSERT(line.number == static_cast<std::int32_t>(i + 1));
            RC_ASSERT(sums[line.number].quantity == line.quantity);
            RC_ASSERT(sums[line.number].amountMinor == line.amount.minor);
            net += line.amount.minor;
        }
        RC_ASSERT(rated.net.minor == net);
        RC_ASSERT(std::ranges::is_sorted(rated.costs, {}, [](const CostRow& cost) {
            return std::tie(cost.line, cost.day, cost.project, cost.resource);
        }));
        RC_ASSERT(std::ranges::is_sorted(rated.lines, {}, [](const BillLine& line) {
            return std::tie(line.service, line.name, line.sku, line.meter, line.planVersion);
        }));
    }));
}

TEST_CASE("each cost is within two minor units of its own exact amount and has its sign")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto rated = rateUsage(world.input(world.usage)).value();
        const auto oracle = computeOracle(world);
        for (const auto& cost : rated.costs) {
            const auto& line = rated.lines.at(static_cast<std::size_t>(cost.line - 1));
            const auto& price = *oracle.lines.at({ line.planVersion, line.meter, line.sku }).price;
            const auto exact = minorUnits(cost.quantity, price, world.currency.exponent());
            const Fraction distance = abs(exact - Fraction(Whole(cost.amountMinor)));
            RC_ASSERT(distance < 2);
            RC_ASSERT((cost.quantity < 0 ? cost.amountMinor <= 0 : cost.amountMinor >= 0));
            RC_ASSERT((cost.quantity != 0 || cost.amountMinor == 0));
        }
    }));
}

TEST_CASE("neither the order of rows nor how they are cut changes anything")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto rated = rateUsage(world.input(world.usage)).value();
        auto rows = world.usage;
        const auto cuts = rows.size();
        for (std::size_t i = 0; i < cuts; ++i) {
            auto piece = rows[i];
            piece.quantity = *rc::gen::inRange<std::int64_t>(-1'000, 1'000);
            piece.events = 0;
            rows[i].quantity -= piece.quantity;
            rows.push_back(piece);
        }
        std::mt19937 shuffler(*rc::gen::arbitrary<std::uint32_t>());
        std::ranges::shuffle(rows, shuffler);
        RC_ASSERT(rateUsage(world.input(rows)).value() == rated);
    }));
}

TEST_CASE("reversed use of one sign reverses every line and every cost")
{
    CHECK(rc::check([] {
        auto world = anyWorld();
        for (auto& row : world.usage)
            row.quantity = std::abs(row.quantity);
        const auto rated = rateUsage(world.input(world.usage)).value();
        for (auto& row : world.usage)
            row.quantity = -row.quantity;
        const auto reversed = rateUsage(world.input(world.usage)).value();
        RC_ASSERT(reversed.costs.size() == rated.costs.size());
        RC_ASSERT(reversed.net == negate(rated.net));
        for (std::size_t i = 0; i < rated.costs.size(); ++i)
            RC_ASSERT(reversed.costs[i].amountMinor == -rated.costs[i].amountMinor);
    }));
}

} // namespace quittance
