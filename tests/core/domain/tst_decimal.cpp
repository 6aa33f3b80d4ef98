#include "core/domain/decimal.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <limits>
#include <string>
#include <vector>

namespace quittance {

using testing::outcomeOf;
using testing::valueOf;

namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST_CASE("division rounds by name")
{
    struct Row {
        std::int64_t numerator, denominator, halfEven, away, down;
    };
    const std::vector<Row> rows {
        { 0, 7, 0, 0, 0 },
        { 5, 2, 2, 3, 2 },
        { 7, 2, 4, 4, 3 },
        { -5, 2, -2, -3, -3 },
        { -7, 2, -4, -4, -4 },
        { 1, 3, 0, 0, 0 },
        { 2, 3, 1, 1, 0 },
        { -1, 3, 0, 0, -1 },
        { -2, 3, -1, -1, -1 },
        { 1, 2, 0, 1, 0 },
        { -1, 2, 0, -1, -1 },
        { 9, 3, 3, 3, 3 },
        { -9, 3, -3, -3, -3 },
        { highest, 1, highest, highest, highest },
        { lowest, 1, lowest, lowest, lowest },
    };
    for (const auto& row : rows) {
        CAPTURE(row.numerator);
        CAPTURE(row.denominator);
        CHECK(divideRounded(row.numerator, row.denominator, Rounding::HalfEven) == row.halfEven);
        CHECK(
            divideRounded(row.numerator, row.denominator, Rounding::HalfAwayFromZero) == row.away
        );
        CHECK(divideRounded(row.numerator, row.denominator, Rounding::Down) == row.down);
    }
}

TEST_CASE("a quotient past 64 bits is an overflow, and 128-bit operands are not")
{
    CHECK(outcomeOf(divideRounded(Int128 { highest } + 1, 1, Rounding::Down)) == "overflow");
    CHECK(outcomeOf(divideRounded(Int128 { lowest } - 1, 1, Rounding::Down)) == "overflow");
    // 2 * highest + 1 over 2 is highest and a half: rounds away from 64 bits, but not downward.
    const Int128 half = Int128 { highest } * 2 + 1;
    CHECK(outcomeOf(divideRounded(half, 2, Rounding::HalfEven)) == "overflow");
    CHECK(divideRounded(half, 2, Rounding::Down) == highest);
    const Int128 widest = ~(Int128 { 1 } << 127);
    CHECK(divideRounded(widest, widest, Rounding::HalfEven) == 1);
    CHECK(divideRounded(widest / 2 + 1, widest, Rounding::HalfEven) == 1);
    CHECK(divideRounded(widest / 2, widest, Rounding::HalfEven) == 0);
    CHECK(outcomeOf(multiply(widest, 2)) == "overflow");
    CHECK(valueOf(multiply(highest, -2)) == Int128 { highest } * -2);
}

TEST_CASE("fixed-point numbers are read exactly or refused")
{
    struct Row {
        std::string text;
        int digits;
        std::string outcome;
        std::int64_t value;
    };
    const std::vector<Row> rows {
        { "12.34", 2, "ok", 1'234 },
        { "12", 2, "ok", 1'200 },
        { "+12.3", 2, "ok", 1'230 },
        { "-0.05", 2, "ok", -5 },
        { "-0", 2, "ok", 0 },
        { ".5", 1, "ok", 5 },
        { "5.", 1, "ok", 50 },
        { "007", 0, "ok", 7 },
        { "1.2300000", 2, "ok", 123 },
        { "1.2e3", 0, "ok", 1'200 },
        { "1.2E-1", 2, "ok", 12 },
        { "120e-1", 0, "ok", 12 },
        { "12e-1", 0, "invalid-argument", 0 },
        { "0e999999999999999999999", 2, "ok", 0 },
        { "0.000e-999999999999999999999", 2, "ok", 0 },
        { "1e999999999999999999999", 2, "overflow", 0 },
        { "1e-999999999999999999999", 2, "invalid-argument", 0 },
        { "12.345", 2, "invalid-argument", 0 },
        { "0.1", 0, "invalid-argument", 0 },
        { "9223372036854775807", 0, "ok", highest },
        { "-9223372036854775808", 0, "ok", lowest },
        { "9223372036854775808", 0, "overflow", 0 },
        { "-9223372036854775809", 0, "overflow", 0 },
        { "92233720368547758.07", 2, "ok", highest },
        { "92233720368547758.08", 2, "overflow", 0 },
        { "99999999999999999999999999999999999999999999", 0, "overflow", 0 },
        { "", 2, "invalid-argument", 0 },
        { "-", 2, "invalid-argument", 0 },
        { ".", 2, "invalid-argument", 0 },
        { "e5", 2, "invalid-argument", 0 },
        { "1e", 2, "invalid-argument", 0 },
        { "1e+", 2, "invalid-argument", 0 },
        { "1.2.3", 2, "invalid-argument", 0 },
        { "--1", 2, "invalid-argument", 0 },
        { "1,234", 2, "invalid-argument", 0 },
        { " 1", 2, "invalid-argument", 0 },
        { "1 ", 2, "invalid-argument", 0 },
        { "0x10", 2, "invalid-argument", 0 },
        { "nan", 2, "invalid-argument", 0 },
        { "inf", 2, "invalid-argument", 0 },
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto result = parseFixed(row.text, row.digits);
        CHECK(outcomeOf(result) == row.outcome);
        if (result)
            CHECK(*result == row.value);
    }
}

TEST_CASE("a refused number is named with its reason")
{
    CHECK(parseFixed("12.345", 2).error().detail == "'12.345' has more than 2 decimals");
    CHECK(parseFixed("ten", 2).error().detail == "'ten' is not a number");
    CHECK(parseFixed(std::string(1'000, '9'), 2).error().detail.size() < 100);
}

TEST_CASE("fixed-point numbers are written with all digits, or trimmed")
{
    struct Row {
        Int128 value;
        int digits;
        std::string full, trimmed, atLeastTwo;
    };
    const std::vector<Row> rows {
        { 1'234, 2, "12.34", "12.34", "12.34" },
        { 1'250, 2, "12.50", "12.5", "12.50" },
        { 1'200, 2, "12.00", "12", "12.00" },
        { -5, 2, "-0.05", "-0.05", "-0.05" },
        { 0, 3, "0.000", "0", "0.00" },
        { 1, 9, "0.000000001", "0.000000001", "0.000000001" },
        { 2'950'000'000, 9, "2.950000000", "2.95", "2.95" },
        { 100, 2, "1.00", "1", "1.00" },
        { lowest, 2, "-92233720368547758.08", "-92233720368547758.08", "-92233720368547758.08" },
        { Int128 { highest } * 100, 2, "9223372036854775807.00", "9223372036854775807",
          "9223372036854775807.00" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.full);
        CHECK(formatFixed(row.value, row.digits) == row.full);
        CHECK(formatFixed(row.value, row.digits, true) == row.trimmed);
        CHECK(formatTrimmed(row.value, row.digits, 2) == row.atLeastTwo);
    }
    CHECK(formatFixed(std::int64_t { 1'200 }, 0, true) == "1200");
    const Int128 lowestOfAll = Int128 { 1 } << 127;
    CHECK(formatFixed(lowestOfAll, 0) == "-170141183460469231731687303715884105728");
}

TEST_CASE("what is written is read back")
{
    CHECK(rc::check([](std::int64_t value) {
        const auto digits = *rc::gen::inRange(0, 10);
        const bool trim = *rc::gen::arbitrary<bool>();
        const auto text = formatFixed(value, digits, trim);
        RC_ASSERT(parseFixed(text, digits).value() == value);
    }));
}

} // namespace quittance
