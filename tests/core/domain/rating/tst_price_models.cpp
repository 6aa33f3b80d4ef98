#include "core/domain/rating/rating.h"
#include "tests/core/domain/rating/any_world.h"
#include "tests/core/domain/rating/oracle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace quittance {

using testing::anyDay;
using testing::anyOf;
using testing::anyPrice;
using testing::anyWorld;
using testing::Fraction;
using testing::november;
using testing::one;
using testing::oracleLines;
using testing::Whole;
using testing::World;

namespace {

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
