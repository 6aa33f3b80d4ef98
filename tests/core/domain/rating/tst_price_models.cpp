#include "core/domain/rating/rating.h"
#include "tests/core/domain/rating/oracle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace quittance {

using testing::Fraction;
using testing::oracleLines;
using testing::Whole;

namespace {

constexpr Month november { 2023 * 12 + 10 };
constexpr int daysOfNovember = 30;
constexpr std::int64_t nano = 1;
constexpr std::int64_t one = 1'000'000'000;

const std::array meters { Meter { "gpu-seconds", "GPU-s", 6 }, Meter { "calls", "call", 0 } };

struct World {
    std::vector<UsageRow> usage;
    std::vector<PricePlan> versions;
    std::vector<Discount> discounts;
    Currency currency;
    std::optional<Date> heldFrom;

    [[nodiscard]] RatingInput input() const
    {
        return { usage,    versions,   meters,    TimeZone::utc(), november,
                 currency, TaxRate {}, discounts, heldFrom };
    }
};

std::int64_t anyOf(std::initializer_list<std::int64_t> values)
{
    return *rc::gen::elementOf(std::vector<std::int64_t>(values));
}

Date anyDay()
{
    return { firstDay(november).days + *rc::gen::inRange(-5, daysOfNovember + 5) };
}

/// Prices that cut every way: none, the finest, thirds of a cent, whole units.
Rate anyRate()
{
    return { anyOf({ 0, nano, 3'333'333, one / 2, 2 * one + 950'000'000, 40 * one }) };
}

std::vector<UsageRow> anyUsage()
{
    const auto count = *rc::gen::inRange(0, 12);
    std::vector<UsageRow> usage;
    for (int i = 0; i < count; ++i) {
        const bool isPod = *rc::gen::arbitrary<bool>();
        const auto scale = isPod ? 3'600'000'000 : 1;
        const auto quantity = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 40), rc::gen::inRange<std::int64_t>(-15, 1'500)
        );
        usage.push_back({ Date { firstDay(november).days + *rc::gen::inRange(0, daysOfNovember) },
                          isPod ? "gpu-seconds" : "calls",
                          *rc::gen::element<std::string>("", "a10", "h100"), "",
                          *rc::gen::element<std::string>("pod-1", "pod-2"),
                          quantity * scale + anyOf({ 0, 0, 1 }), 1 });
    }
    return usage;
}

Discount anyDiscount()
{
    Discount discount;
    discount.name = "Offer";
    if (*rc::gen::arbitrary<bool>())
        discount.millionths = anyOf({ 80'000, 125'000, 333'333, 1'000'000 });
    else
        discount.amount = { anyOf({ one / 100, 3 * one, 1'234'567'891, 500 * one }) };
    if (*rc::gen::arbitrary<bool>())
        discount.from = anyDay();
    if (*rc::gen::arbitrary<bool>())
        discount.until
            = Date { std::max(discount.from.value_or(anyDay()).days + 1, anyDay().days) };
    return discount;
}

std::vector<Discount> anyDiscounts()
{
    std::vector<Discount> list(static_cast<std::size_t>(anyOf({ 0, 0, 0, 1, 2 })));
    std::ranges::generate(list, anyDiscount);
    return list;
}

std::vector<PriceTier> anyTiers()
{
    std::vector<PriceTier> tiers;
    std::int64_t below = 0;
    for (auto count = anyOf({ 0, 1, 2 }); count > 0; --count) {
        below += anyOf({ 1, 7, 100 });
        tiers.push_back({ below, anyRate(), { anyOf({ 0, 5 * one }) } });
    }
    tiers.push_back({ std::nullopt, anyRate(), { anyOf({ 0, 2 * one + nano }) } });
    return tiers;
}

Price anyPrice(const std::string& sku, const std::string& meter)
{
    Price price;
    price.sku = sku;
    price.meter = meter;
    price.service = *rc::gen::element<std::string>("GPU pods", "API");
    price.name = *rc::gen::element<std::string>("One", "Two");
    price.unit = "unit";
    price.per = meter == "calls" ? anyOf({ 1, 7 }) : 3'600;
    price.model = *rc::gen::element(
        PriceModel::PerUnit, PriceModel::Graduated, PriceModel::Volume, PriceModel::Package
    );
    const bool hasTiers = price.model == PriceModel::Graduated || price.model == PriceModel::Volume;
    price.tiers = hasTiers ? anyTiers() : std::vector<PriceTier> {};
    price.rate = hasTiers ? Rate {} : anyRate();
    price.packageSize = price.model == PriceModel::Package ? anyOf({ 1, 3, 50 }) : 0;
    price.freeUnits = anyOf({ 0, 0, 1, 10, 100 });
    price.minimum = { sku == "*" ? 0 : anyOf({ 0, 0, 10 * one, 33'333'333'333 }) };
    price.discountMillionths = anyOf({ 0, 0, 80'000 });
    price.discountName = "Commitment";
    price.discounts = anyDiscounts();
    return price;
}

std::vector<Commitment> anyCommitments(const std::vector<Price>& prices)
{
    std::vector<Commitment> list;
    for (const std::string sku : { "commit-a", "commit-b" }) {
        if (prices.empty() || anyOf({ 0, 0, 1 }) == 0)
            continue;
        Commitment commitment { sku, "Commitment", "Commitments", { anyOf({ one, 777 * one }) } };
        if (*rc::gen::arbitrary<bool>())
            commitment.services = { prices.front().service };
        else if (*rc::gen::arbitrary<bool>() && prices.back().sku != "*")
            commitment.skus = { prices.back().sku };
        list.push_back(commitment);
    }
    return list;
}

PricePlan anyPlan(std::int32_t version, Date effective, Currency currency)
{
    PricePlan plan { "standard", version, effective, currency, "Standard", {} };
    for (const std::string meter : { "gpu-seconds", "calls" }) {
        for (const std::string sku : { "*", "", "h100" }) {
            if (*rc::gen::arbitrary<bool>())
                plan.prices.push_back(anyPrice(sku, meter));
        }
    }
    plan.discounts = anyDiscounts();
    plan.commitments = anyCommitments(plan.prices);
    return plan;
}

World anyWorld()
{
    World world;
    world.currency = Currency::find(*rc::gen::element<std::string>("USD", "JPY", "KWD")).value();
    const auto count = anyOf({ 1, 1, 2, 3 });
    for (int version = 1; version <= count; ++version)
        world.versions.push_back(anyPlan(version, version == 1 ? Date {} : anyDay(), world.currency)
        );
    world.usage = anyUsage();
    world.discounts = anyDiscounts();
    if (anyOf({ 0, 0, 1 }) == 1)
        world.heldFrom = anyDay();
    return world;
}

std::int32_t dayOf(Instant instant)
{
    return TimeZone::utc().dateAt(instant).days;
}

Fraction exactOf(const BillLine& line)
{
    const auto exact = exactAmount(line).value();
    const auto wide = [](Int128 value) {
        const bool isNegative = value < 0;
        const Int128 size = isNegative ? -value : value;
        const Whole high(static_cast<std::uint64_t>(size >> 64));
        const Whole sum = (high << 64) + Whole(static_cast<std::uint64_t>(size));
        return isNegative ? Whole(-sum) : sum;
    };
    return { wide(exact.numerator), wide(exact.denominator) };
}

std::int64_t nanosOf(const std::string& decimal)
{
    return parseFixed(decimal, rateDigits).value();
}

} // namespace

TEST_CASE("every model, discount, minimum and commitment agrees with the oracle")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        for (const auto& version : world.versions)
            RC_PRE(version.prices.empty() || validate(version));
        const auto rated = rateUsage(world.input()).value();
        const auto expected = oracleLines(world.input());
        RC_ASSERT(rated.lines.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto& line = rated.lines[i];
            const auto& other = expected[i];
            RC_ASSERT(line.sku == other.sku);
            RC_ASSERT(line.meter == other.meter);
            RC_ASSERT(line.planVersion == other.version);
            RC_ASSERT(dayOf(line.period.begin) == other.firstDay);
            RC_ASSERT(dayOf(line.period.end) == other.endDay);
            RC_ASSERT(Whole(line.quantity) == other.quantity);
            RC_ASSERT(exactOf(line) == other.exact);
            RC_ASSERT(Whole(line.amount.minor) == other.amountMinor);
        }
    }));
}

TEST_CASE("steps sum to their line, costs to their line, lines to the net")
{
    CHECK(rc::check([] {
        const auto rated = rateUsage(anyWorld().input()).value();
        std::int64_t net = 0;
        for (const auto& line : rated.lines) {
            const auto shown = explain(line).value();
            std::int64_t steps = 0;
            for (const auto& step : shown.steps)
                steps += nanosOf(step.amount);
            RC_ASSERT(steps == nanosOf(shown.exact));
            RC_ASSERT(steps + nanosOf(shown.rounding) == nanosOf(shown.amount));
            std::int64_t costs = 0;
            std::int64_t quantity = 0;
            for (const auto& cost : rated.costs) {
                costs += cost.line == line.number ? cost.amountMinor : 0;
                quantity += cost.line == line.number ? cost.quantity : 0;
            }
            RC_ASSERT(costs == line.amount.minor);
            RC_ASSERT(quantity == line.quantity);
            net += line.amount.minor;
        }
        RC_ASSERT(rated.net.minor == net);
    }));
}

TEST_CASE("neither the order of rows nor how they are cut changes anything under any model")
{
    CHECK(rc::check([] {
        auto world = anyWorld();
        const auto rated = rateUsage(world.input()).value();
        const auto cuts = world.usage.size();
        for (std::size_t i = 0; i < cuts; ++i) {
            auto piece = world.usage[i];
            piece.quantity = *rc::gen::inRange<std::int64_t>(-1'000, 1'000);
            piece.events = 0;
            world.usage[i].quantity -= piece.quantity;
            world.usage.push_back(piece);
        }
        std::mt19937 shuffler(*rc::gen::arbitrary<std::uint32_t>());
        std::ranges::shuffle(world.usage, shuffler);
        RC_ASSERT(rateUsage(world.input()).value() == rated);
    }));
}

TEST_CASE("a version that changes nothing changes no exact amount of the month")
{
    CHECK(rc::check([] {
        auto world = anyWorld();
        world.versions.resize(1);
        auto& plan = world.versions.front();
        // Amounts off are a version's own, and rounded lines decide what is left of them; so are
        // minimum and commitment compared with rounded lines.
        const auto isAmount = [](const Discount& discount) { return discount.amount.nanos > 0; };
        std::erase_if(plan.discounts, isAmount);
        std::erase_if(world.discounts, isAmount);
        for (auto& price : plan.prices) {
            std::erase_if(price.discounts, isAmount);
            price.minimum = {};
        }
        plan.commitments.clear();
        const auto sum = [](const RatedUsage& rated) {
            Fraction total = 0;
            for (const auto& line : rated.lines)
                total += exactOf(line);
            return total;
        };
        const auto before = sum(rateUsage(world.input()).value());
        auto same = plan;
        same.version = 2;
        same.effective = anyDay();
        world.versions.push_back(same);
        RC_ASSERT(sum(rateUsage(world.input()).value()) == before);
    }));
}

TEST_CASE("a minimum and a commitment are what the bill comes to, whatever versions change")
{
    CHECK(rc::check([] {
        World world;
        PricePlan plan { "standard", 1, Date {}, {}, "Standard", {} };
        Price price = anyPrice("h100", "calls");
        price.discounts.clear();
        price.minimum = { 50 * one };
        plan.prices = { price };
        plan.commitments = { { "commit", "Commitment", "Z", { 100 * one } } };
        world.versions = { plan };
        plan.version = 2;
        plan.effective = anyDay();
        world.versions.push_back(plan);
        const auto most = anyOf({ 0, 0, 1, 2 });
        if (most > 0)
            world.usage.push_back({ firstDay(november), "calls", "h100", "", "",
                                    *rc::gen::inRange<int>(0, 3), 1 });
        const auto rated = rateUsage(world.input()).value();
        std::int64_t used = 0;
        for (const auto& line : rated.lines)
            used += line.meter.empty() ? 0 : line.amount.minor;
        RC_ASSERT(used >= 50'00);
        RC_ASSERT(rated.net.minor == std::max<std::int64_t>(used, 100'00));
    }));
}

} // namespace quittance
