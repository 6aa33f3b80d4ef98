#include "core/domain/result.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string_view>

namespace quittance {

namespace {

constexpr std::uint16_t lastCode = 28;

Result<int> half(int number)
{
    if (number % 2 != 0)
        return failure(ErrorCode::InvalidArgument, "odd");
    return number / 2;
}

Result<int> quarter(int number)
{
    QUITTANCE_TRY(const int halved, half(number));
    QUITTANCE_CHECK(half(halved));
    return halved / 2;
}

} // namespace

TEST_CASE("every error code has a wire name of its own that leads back to it")
{
    std::set<std::string_view> names;
    for (std::uint16_t number = 1; number <= lastCode; ++number) {
        const auto code = static_cast<ErrorCode>(number);
        CAPTURE(number);
        CHECK(errorCodeFromWireName(wireName(code)) == code);
        CHECK(names.insert(wireName(code)).second);
    }
    CHECK(wireName(ErrorCode::LocalTimeInGap) == "local-time-in-gap");
    CHECK(errorCodeFromWireName("of-a-later-version") == ErrorCode::Internal);
}

TEST_CASE("only what may pass by itself is transient")
{
    constexpr std::array transient { ErrorCode::Busy, ErrorCode::Unavailable, ErrorCode::Timeout,
                                     ErrorCode::RateLimited };
    int count = 0;
    for (std::uint16_t number = 1; number <= lastCode; ++number)
        count += isTransient(static_cast<ErrorCode>(number)) ? 1 : 0;
    CHECK(count == static_cast<int>(transient.size()));
    for (const auto code : transient)
        CHECK(isTransient(code));
}

TEST_CASE("an error leaves the function that tried")
{
    CHECK(quarter(8) == 2);
    CHECK(quarter(6).error() == Error { ErrorCode::InvalidArgument, "odd" });
    CHECK(quarter(3).error().detail == "odd");
}

} // namespace quittance
