#include "core/domain/rating/corrections.h"
#include "tests/core/domain/rating/any_world.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace quittance {

using testing::anyWorld;
using testing::outcomeOf;
using testing::World;

namespace {

const CorrectedBill billOfNovember { 7, "TL-2023-000007", testing::november };

/// Quantity, amount and events of everything that bills say, by SKU, meter, and the place of the
/// cost (none for the line itself).
using Key = std::tuple<std::string, std::string, std::int32_t, std::string, std::string>;
using Sum = std::array<std::int64_t, 3>;

std::map<Key, Sum> sumOf(const std::vector<RatedUsage>& bills)
{
    std::map<Key, Sum> sums;
    const auto put = [&](const Key& key, const Sum& part) {
        for (std::size_t i = 0; i < part.size(); ++i)
            sums[key].at(i) += part.at(i);
    };
    for (const auto& bill : bills) {
        for (const auto& line : bill.lines)
            put({ line.sku, line.meter, 0, "", "" }, { line.quantity, line.amount.minor, 0 });
        for (const auto& cost : bill.costs) {
            const auto& line = bill.lines.at(static_cast<std::size_t>(cost.line - 1));
            put({ line.sku, line.meter, cost.day.days, cost.project, cost.resource },
                { cost.quantity, cost.amountMinor, cost.events });
        }
    }
    std::erase_if(sums, [](const auto& entry) { return entry.second == Sum {}; });
    return sums;
}

std::int64_t netOf(const std::vector<RatedUsage>& bills)
{
    std::int64_t net = 0;
    for (const auto& bill : bills)
        net += bill.net.minor;
    return net;
}

/// The bill of what is there first, and a correction for each piece of use that comes after it.
std::vector<RatedUsage> billedInRounds(const World& all)
{
    World known = all;
    known.usage.clear();
    std::vector<RatedUsage> bills;
    RatedUsage billed;
    billed.net.currency = all.currency;
    const auto close = [&] {
        const auto rated = rateUsage(known.input()).value();
        bills.push_back(
            bills.empty() ? rated : correctionOf(billed, rated, billOfNovember).value()
        );
        RC_ASSERT(addBilled(billed, bills.back().lines, bills.back().costs).has_value());
    };
    for (const auto& row : all.usage) {
        if (testing::anyOf({ 0, 0, 1 }) == 1)
            close();
        known.usage.push_back(row);
    }
    close();
    return bills;
}

} // namespace

TEST_CASE("however use is split between in time and late, all bills sum to the bill in time")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto inTime = rateUsage(world.input()).value();
        const auto bills = billedInRounds(world);
        RC_ASSERT(sumOf(bills) == sumOf({ inTime }));
        RC_ASSERT(netOf(bills) == inTime.net.minor);
    }));
}

TEST_CASE("a correction's steps give its amount, its costs sum to it, and it names its bill")
{
    CHECK(rc::check([] {
        const auto bills = billedInRounds(anyWorld());
        for (std::size_t i = 1; i < bills.size(); ++i) {
            std::int32_t number = 0;
            for (const auto& line : bills[i].lines) {
                RC_ASSERT(line.number == ++number);
                RC_ASSERT(line.corrects == billOfNovember);
                RC_ASSERT(line.rate.nanos == 0);
                const auto exact = exactAmount(line).value();
                RC_ASSERT(exact.numerator == Int128 { line.amount.minor } * exact.denominator);
                const auto shown = explain(line).value();
                RC_ASSERT(shown.exact == shown.amount);
                std::int64_t quantity = 0;
                std::int64_t minor = 0;
                for (const auto& cost : bills[i].costs) {
                    quantity += cost.line == line.number ? cost.quantity : 0;
                    minor += cost.line == line.number ? cost.amountMinor : 0;
                }
                RC_ASSERT(quantity == line.quantity);
                RC_ASSERT(minor == line.amount.minor);
            }
        }
    }));
}

TEST_CASE("a month that was billed as it is has no correction")
{
    CHECK(rc::check([] {
        const auto world = anyWorld();
        const auto rated = rateUsage(world.input()).value();
        const auto correction = correctionOf(rated, rated, billOfNovember).value();
        RC_ASSERT(correction.lines.empty());
        RC_ASSERT(correction.costs.empty());
        RC_ASSERT(correction.net == (Money { 0, world.currency }));
    }));
}

TEST_CASE("what was billed in another currency, or leaves 64 bits, is refused")
{
    const Currency yen = Currency::find("JPY").value();
    RatedUsage rated;
    BillLine line;
    line.number = 1;
    line.amount = { 100, {} };
    rated.lines = { line };
    RatedUsage other = rated;
    other.lines[0].amount.currency = yen;
    CHECK(outcomeOf(correctionOf(other, rated, billOfNovember)) == "currency-mismatch");
    other.lines[0].amount = { -std::numeric_limits<std::int64_t>::max(), {} };
    CHECK(outcomeOf(correctionOf(other, rated, billOfNovember)) == "overflow");
    CHECK(outcomeOf(addBilled(rated, rated.lines, {})) == "ok");
    CHECK(rated.lines.at(0).amount.minor == 200);
}

} // namespace quittance
