#include "core/domain/money.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace quittance {

using testing::outcomeOf;
using testing::valueOf;

namespace {

constexpr auto highest = std::numeric_limits<std::int64_t>::max();

Money money(std::int64_t minor, std::string_view code = "USD")
{
    return Money { minor, valueOf(Currency::find(code)) };
}

std::vector<std::int64_t> split(std::int64_t total, const std::vector<std::int64_t>& weights)
{
    return splitByLargestRemainder(total, weights);
}

/// Weights of very different sizes, zeros among them.
rc::Gen<std::vector<std::int64_t>> anyWeights()
{
    const auto weight = rc::gen::oneOf(
        rc::gen::inRange<std::int64_t>(0, 4), rc::gen::inRange<std::int64_t>(0, 1'000'000),
        rc::gen::inRange<std::int64_t>(0, highest)
    );
    return rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(weight));
}

rc::Gen<std::int64_t> anyTotal()
{
    return rc::gen::oneOf(
        rc::gen::inRange<std::int64_t>(-50, 50), rc::gen::inRange<std::int64_t>(-highest, highest)
    );
}

} // namespace

TEST_CASE("currencies have the exponent of ISO 4217")
{
    struct Row {
        std::string code;
        int exponent;
    };
    const std::vector<Row> rows { { "USD", 2 }, { "EUR", 2 }, { "AED", 2 }, { "ZWG", 2 },
                                  { "JPY", 0 }, { "BIF", 0 }, { "XPF", 0 }, { "KWD", 3 },
                                  { "BHD", 3 }, { "TND", 3 } };
    for (const auto& row : rows) {
        CAPTURE(row.code);
        const auto currency = valueOf(Currency::find(row.code));
        CHECK(currency.code() == row.code);
        CHECK(currency.exponent() == row.exponent);
    }
    CHECK(Currency().code() == "USD");
    CHECK(Currency() == valueOf(Currency::find("USD")));
}

TEST_CASE("what cannot be billed in is no currency")
{
    // Unknown, metals, four decimals, wrong case, wrong length, and pieces of the list itself.
    for (const std::string code : { "", "US", "USDX", "usd", "ABC", "XAU", "XDR", "XTS", "CLF",
                                    "UYW", "DEM", "D U", "ED ", "   " }) {
        CAPTURE(code);
        CHECK(outcomeOf(Currency::find(code)) == "invalid-argument");
    }
}

TEST_CASE("amounts are written with the currency's decimals")
{
    CHECK(toText(money(1'234)) == "12.34 USD");
    CHECK(toText(money(-5)) == "-0.05 USD");
    CHECK(toText(money(1'200, "JPY")) == "1200 JPY");
    CHECK(toText(money(1'234, "KWD")) == "1.234 KWD");
    CHECK(amountText(money(0, "KWD")) == "0.000");
}

TEST_CASE("amounts are read in the currency's decimals only")
{
    CHECK(valueOf(parseMoney("12.34", "USD")) == money(1'234));
    CHECK(valueOf(parseMoney("12.340", "USD")) == money(1'234));
    CHECK(valueOf(parseMoney("12", "JPY")) == money(12, "JPY"));
    CHECK(valueOf(parseMoney("1.234", "KWD")) == money(1'234, "KWD"));
    CHECK(outcomeOf(parseMoney("12.345", "USD")) == "invalid-argument");
    CHECK(outcomeOf(parseMoney("0.5", "JPY")) == "invalid-argument");
    CHECK(outcomeOf(parseMoney("1", "XXX")) == "invalid-argument");
    CHECK(outcomeOf(parseMoney("92233720368547758.08", "USD")) == "overflow");
    CHECK(outcomeOf(parseMoney("-92233720368547758.08", "USD")) == "overflow");
    CHECK(valueOf(parseMoney("-92233720368547758.07", "USD")) == money(-highest));
}

TEST_CASE("sums refuse mixed currencies and overflow")
{
    CHECK(valueOf(add(money(1), money(2))) == money(3));
    CHECK(valueOf(subtract(money(1), money(2))) == money(-1));
    CHECK(negate(money(7)) == money(-7));
    CHECK(outcomeOf(add(money(1), money(1, "EUR"))) == "currency-mismatch");
    CHECK(outcomeOf(subtract(money(1), money(1, "JPY"))) == "currency-mismatch");
    CHECK(outcomeOf(add(money(highest), money(1))) == "overflow");
    CHECK(outcomeOf(add(money(-highest), money(-1))) == "overflow");
    CHECK(outcomeOf(subtract(money(-highest), money(2))) == "overflow");
    CHECK(valueOf(add(money(highest), money(-highest))) == money(0));
}

TEST_CASE("rates have nine decimals")
{
    CHECK(valueOf(parseRate("2.95")) == Rate { 2'950'000'000 });
    CHECK(valueOf(parseRate("0.0000004")) == Rate { 400 });
    CHECK(outcomeOf(parseRate("0.0000000001")) == "invalid-argument");
    CHECK(outcomeOf(parseRate("9999999999999")) == "overflow");
    CHECK(toText(Rate { 2'950'000'000 }) == "2.95");
    CHECK(toText(Rate { 3'000'000'000 }) == "3.00");
    CHECK(toText(Rate { 400 }) == "0.0000004");
}

TEST_CASE("a split gives what is left to the largest remainders")
{
    using Parts = std::vector<std::int64_t>;
    CHECK(split(100, { 1, 1, 1 }) == Parts { 34, 33, 33 });
    CHECK(split(101, { 1, 1, 1 }) == Parts { 34, 34, 33 });
    CHECK(split(10, { 1, 2, 7 }) == Parts { 1, 2, 7 });
    CHECK(split(1, { 1, 2, 7 }) == Parts { 0, 0, 1 });
    CHECK(split(10, { 0, 3, 0, 3 }) == Parts { 0, 5, 0, 5 });
    CHECK(split(7, { 0, 0 }) == Parts { 7, 0 });
    CHECK(split(0, { 5, 6 }) == Parts { 0, 0 });
    CHECK(split(-100, { 1, 1, 1 }) == Parts { -34, -33, -33 });
    CHECK(split(highest, { highest, highest }) == Parts { highest / 2 + 1, highest / 2 });
}

TEST_CASE("every split sums exactly, and each part is within one unit of its share")
{
    CHECK(rc::check([] {
        const auto weights = *anyWeights();
        const auto total = *anyTotal();
        const auto parts = split(total, weights);
        RC_ASSERT(parts.size() == weights.size());
        RC_ASSERT(std::accumulate(parts.begin(), parts.end(), Int128 { 0 }) == total);
        const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128 { 0 });
        RC_PRE(sum > 0);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Int128 share = Int128 { total } * weights[i];
            RC_ASSERT((Int128 { parts[i] } - 1) * sum < share);
            RC_ASSERT(share < (Int128 { parts[i] } + 1) * sum);
        }
    }));
}

TEST_CASE("a split of the reversed total reverses each part, and nothing goes where no weight is")
{
    CHECK(rc::check([] {
        const auto weights = *anyWeights();
        const auto total = *anyTotal();
        const auto parts = split(total, weights);
        auto reversed = split(-total, weights);
        for (auto& part : reversed)
            part = -part;
        RC_ASSERT(parts == reversed);
        const bool weighted
            = std::ranges::any_of(weights, [](std::int64_t weight) { return weight > 0; });
        for (std::size_t i = 0; weighted && i < parts.size(); ++i)
            RC_ASSERT(weights[i] > 0 || parts[i] == 0);
    }));
}

} // namespace quittance
