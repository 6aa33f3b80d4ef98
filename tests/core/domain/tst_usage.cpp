#include "core/domain/usage.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace quittance {

namespace {

constexpr auto highest = std::numeric_limits<std::int64_t>::max();

std::int64_t within(
    std::int64_t start, std::int64_t end, std::int64_t quantity, std::int64_t from, std::int64_t to
)
{
    return quantityWithin(
        Instant { start }, Instant { end }, quantity, { Instant { from }, Instant { to } }
    );
}

} // namespace

TEST_CASE("the part of a quantity that a window holds")
{
    CHECK(within(0, 100, 1'000, 0, 100) == 1'000);
    CHECK(within(0, 100, 1'000, -50, 200) == 1'000);
    CHECK(within(0, 100, 1'000, 25, 50) == 250);
    CHECK(within(0, 100, 1'000, 100, 200) == 0);
    CHECK(within(0, 100, 1'000, -100, 0) == 0);
    CHECK(within(0, 3, 10, 0, 1) == 3);
    CHECK(within(0, 3, 10, 1, 2) == 3);
    CHECK(within(0, 3, 10, 2, 3) == 4);
    CHECK(within(0, 3, -10, 0, 1) == -4);
    CHECK(within(0, 3, -10, 2, 3) == -3);
    CHECK(within(0, 100, 1'000, 50, 50) == 0);
    CHECK(within(0, 100, 1'000, 60, 40) == 0);
}

TEST_CASE("a use at a point in time belongs to the window that holds it")
{
    CHECK(within(10, 10, 7, 10, 20) == 7);
    CHECK(within(10, 10, 7, 0, 10) == 0);
    CHECK(within(10, 10, 7, 0, 11) == 7);
}

TEST_CASE("the widest numbers stay exact")
{
    CHECK(within(-highest, highest, highest, -highest, highest) == highest);
    CHECK(within(-highest, highest, highest, -highest, 0) == highest / 2);
    CHECK(within(-highest, highest, -highest, 0, highest) == -(highest / 2));
}

TEST_CASE("windows that tile an event sum to its quantity, however it is cut")
{
    CHECK(rc::check([] {
        const auto quantity = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(-20, 20),
            rc::gen::inRange<std::int64_t>(-highest, highest)
        );
        const auto start = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000);
        const auto length = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 30),
            rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)
        );
        const auto end = start + length;
        auto cuts = *rc::gen::container<std::vector<std::int64_t>>(
            rc::gen::inRange<std::int64_t>(start - 5, end + 5)
        );
        cuts.push_back(start - 5);
        cuts.push_back(end + 5);
        std::ranges::sort(cuts);
        Int128 sum = 0;
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            const auto part = within(start, end, quantity, cuts[i], cuts[i + 1]);
            RC_ASSERT((quantity < 0 ? part <= 0 : part >= 0));
            sum += part;
        }
        RC_ASSERT(sum == quantity);
    }));
}

} // namespace quittance
