#include "core/formats/exact_decimal.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;

namespace {

std::string shown(std::string_view text)
{
    const auto value = parseExact(text);
    return value ? formatFixed(value->mantissa, value->digits) : "none";
}

} // namespace

TEST_CASE("Numbers as files write them")
{
    struct Case {
        const char* text;
        const char* value;
    };
    const std::vector<Case> cases {
        { "0", "0" },
        { "12", "12" },
        { "-12", "-12" },
        { "+3", "3" },
        { "0.50", "0.5" },
        { ".5", "0.5" },
        { "120.0", "120" },
        { "1e3", "1000" },
        { "1.25E-3", "0.00125" },
        { "12300e-2", "123" },
        { "99999999999999999999", "99999999999999999999" },
        { "", "none" },
        { "-", "none" },
        { ".", "none" },
        { "1.", "none" },
        { "1,000", "none" },
        { " 1", "none" },
        { "1 ", "none" },
        { "1e", "none" },
        { "1e99", "none" },
        { "0x10", "none" },
        { "nan", "none" },
        { "inf", "none" },
        { "1.2.3", "none" },
        { "1234567890123456789012345678901234567890", "none" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.text);
        CHECK(shown(each.text) == each.value);
    }
}

TEST_CASE("A value fits exactly, or says why not")
{
    const auto fitText
        = [](const char* text, std::int64_t divisor, int digits, Fit how) -> std::string {
        const auto value = parseExact(text);
        REQUIRE(value);
        const auto out = fit(*value, divisor, digits, how);
        if (out.problem == FitProblem::TooFine)
            return "too fine";
        return out.problem == FitProblem::TooLarge ? "too large" : std::to_string(out.value);
    };
    CHECK(fitText("1.5", 1, 6, Fit::Exact) == "1500000");
    CHECK(fitText("1.5", 1, 0, Fit::Exact) == "too fine");
    CHECK(fitText("1.5", 1, 0, Fit::HalfEven) == "2");
    CHECK(fitText("2.5", 1, 0, Fit::HalfEven) == "2");
    CHECK(fitText("2.5", 1, 0, Fit::Down) == "2");
    CHECK(fitText("-0.5", 1, 0, Fit::Down) == "-1");
    CHECK(fitText("1048576", 1048576, 0, Fit::Exact) == "1");
    CHECK(fitText("1048577", 1048576, 0, Fit::Exact) == "too fine");
    CHECK(fitText("1048577", 1048576, 0, Fit::HalfEven) == "1");
    CHECK(
        fitText("9223372036854775807", 1, 0, Fit::Exact)
        == std::to_string(std::numeric_limits<std::int64_t>::max())
    );
    CHECK(fitText("9223372036854775808", 1, 0, Fit::Exact) == "too large");
    CHECK(fitText("99999999999999999999999999999999999999", 1, 9, Fit::Exact) == "too large");
    CHECK(fitText("1e-30", 1000000000000000, 0, Fit::Exact) == "too fine");
}

TEST_CASE("Products are exact, or none")
{
    const auto product = multiply(*parseExact("0.1"), *parseExact("0.3"));
    REQUIRE(product);
    CHECK(*product == ExactDecimal { 3, 2 });
    const auto huge = parseExact("99999999999999999999999999999");
    CHECK(!multiply(*huge, *huge));
}
