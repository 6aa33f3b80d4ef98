#include "backend/usage/row_occurrences.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace quittance;
using namespace quittance::backend;

TEST_CASE("Identical rows are numbered exactly, however many rows there are")
{
    constexpr std::size_t rows = 300'000; // more than the filter's first layer takes
    std::mt19937_64 chance(11);
    std::vector<formats::RowHash> hashes(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        if (i > 0 && chance() % 50 == 0) {
            hashes[i] = hashes[chance() % i];
            continue;
        }
        for (std::uint8_t& byte : hashes[i])
            byte = static_cast<std::uint8_t>(chance());
    }
    RowOccurrences occurrences;
    for (const auto& hash : hashes)
        occurrences.notice(hash);
    std::map<formats::RowHash, std::int64_t> expected;
    std::size_t wrong = 0;
    std::int64_t most = 0;
    for (const auto& hash : hashes) {
        most = std::max(most, ++expected[hash]);
        wrong += occurrences.number(hash) == expected[hash] ? 0U : 1U;
    }
    CHECK(wrong == 0);
    CHECK(most > 2);
    CHECK(expected.size() < rows);
}

TEST_CASE("The filter never forgets, and is seldom wrong about what it has not seen")
{
    std::mt19937_64 chance(12);
    const auto make = [&] {
        formats::RowHash hash {};
        for (std::uint8_t& byte : hash)
            byte = static_cast<std::uint8_t>(chance());
        return hash;
    };
    SeenFilter filter;
    std::vector<formats::RowHash> seen;
    std::size_t wrong = 0;
    constexpr std::size_t count = 200'000;
    for (std::size_t i = 0; i < count; ++i) {
        seen.push_back(make());
        wrong += filter.add(seen.back()) ? 1U : 0U;
    }
    CHECK(wrong < count / 100);
    for (const auto& hash : seen)
        REQUIRE(filter.add(hash));
}
