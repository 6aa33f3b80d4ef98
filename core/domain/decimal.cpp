#include "core/domain/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace quittance {

namespace {

__extension__ using UnsignedInt128 = unsigned __int128;

constexpr int base = 10;
constexpr int int64DigitsMax = 19;
constexpr std::int64_t exponentMax
    = 100'000'000; // past this every number is zero, too fine or too large
constexpr std::size_t shownCharactersMax = 40;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A number as written: sign, digits without the point, and how many of them stand behind the
/// point.
struct Written {
    bool negative = false;
    std::string digits;
    std::int64_t scale = 0;
};

std::string shown(std::string_view text)
{
    if (text.size() <= shownCharactersMax)
        return fmt::format("'{}'", text);
    return fmt::format("'{}...'", text.substr(0, shownCharactersMax));
}

bool takeSign(std::string_view& text)
{
    if (text.empty() || (text.front() != '-' && text.front() != '+'))
        return false;
    const bool negative = text.front() == '-';
    text.remove_prefix(1);
    return negative;
}

std::string_view takeDigits(std::string_view& text)
{
    const auto* const end = std::ranges::find_if_not(text, isDigit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

Result<std::int64_t> takeExponent(std::string_view& text)
{
    if (text.empty() || (text.front() != 'e' && text.front() != 'E'))
        return 0;
    text.remove_prefix(1);
    const bool negative = takeSign(text);
    const auto digits = takeDigits(text);
    if (digits.empty())
        return failure(ErrorCode::InvalidArgument, "an exponent without digits");
    std::int64_t exponent = 0;
    for (const char digit : digits)
        exponent = std::min(exponentMax, exponent * base + (digit - '0'));
    return negative ? -exponent : exponent;
}

Result<Written> readNumber(std::string_view text)
{
    const auto whole = text;
    Written number;
    number.negative = takeSign(text);
    number.digits = takeDigits(text);
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        const auto fraction = takeDigits(text);
        number.digits += fraction;
        number.scale = static_cast<std::int64_t>(fraction.size());
    }
    const bool hasDigits = !number.digits.empty();
    const auto exponent = takeExponent(text);
    if (!hasDigits || !exponent || !text.empty())
        return failure(ErrorCode::InvalidArgument, fmt::format("{} is not a number", shown(whole)));
    number.scale -= *exponent;
    return number;
}

void dropZeros(Written& number)
{
    const auto last = number.digits.find_last_not_of('0');
    const auto kept = last == std::string::npos ? 0 : last + 1;
    number.scale -= static_cast<std::int64_t>(number.digits.size() - kept);
    number.digits.resize(kept);
    number.digits.erase(0, number.digits.find_first_not_of('0'));
}

std::string unsignedText(UnsignedInt128 value)
{
    std::string text;
    do {
        text += static_cast<char>('0' + static_cast<int>(value % base));
        value /= base;
    } while (value != 0);
    std::ranges::reverse(text);
    return text;
}

} // namespace

Int128 divideRoundedWide(Int128 numerator, Int128 denominator, Rounding rounding)
{
    assert(denominator > 0);
    Int128 quotient = numerator / denominator;
    Int128 remainder = numerator % denominator;
    if (remainder < 0) {
        remainder += denominator;
        --quotient;
    }
    // From here quotient is the floor and 0 <= remainder < denominator. The distance to the next
    // whole number is compared instead of twice the remainder, which could leave 128 bits.
    const Int128 rest = denominator - remainder;
    if (rounding == Rounding::Down || remainder < rest)
        return quotient;
    if (remainder > rest)
        return quotient + 1;
    const bool up = rounding == Rounding::HalfEven ? quotient % 2 != 0 : numerator > 0;
    return up ? quotient + 1 : quotient;
}

Result<std::int64_t> divideRounded(Int128 numerator, Int128 denominator, Rounding rounding)
{
    return narrow(divideRoundedWide(numerator, denominator, rounding));
}

Result<std::int64_t> narrow(Int128 value)
{
    if (value < std::numeric_limits<std::int64_t>::min()
        || value > std::numeric_limits<std::int64_t>::max())
        return failure(ErrorCode::Overflow, "a result leaves 64 bits");
    return static_cast<std::int64_t>(value);
}

Result<Int128> multiply(Int128 a, Int128 b)
{
    Int128 product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        return failure(ErrorCode::Overflow, "a product leaves 128 bits");
    return product;
}

std::int64_t powerOfTen(int exponent)
{
    constexpr auto powers = [] {
        std::array<std::int64_t, int64DigitsMax> table {};
        std::int64_t power = 1;
        for (std::size_t i = 0; i < table.size(); ++i) {
            table.at(i) = power;
            if (i + 1 < table.size())
                power *= base;
        }
        return table;
    }();
    return powers.at(static_cast<std::size_t>(exponent));
}

Result<std::int64_t> parseFixed(std::string_view text, int digits)
{
    QUITTANCE_TRY(auto number, readNumber(text));
    dropZeros(number);
    if (number.digits.empty())
        return 0;
    const std::int64_t shift = digits - number.scale;
    if (shift < 0)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("{} has more than {} decimals", shown(text), digits)
        );
    if (static_cast<std::int64_t>(number.digits.size()) + shift > int64DigitsMax)
        return failure(ErrorCode::Overflow, fmt::format("{} is too large", shown(text)));
    Int128 value = 0;
    for (const char digit : number.digits)
        value = value * base + (digit - '0');
    for (std::int64_t i = 0; i < shift; ++i)
        value *= base;
    const auto fitting = narrow(number.negative ? -value : value);
    if (!fitting)
        return failure(ErrorCode::Overflow, fmt::format("{} is too large", shown(text)));
    return *fitting;
}

std::string formatTrimmed(Int128 value, int digits, int digitsMin)
{
    const bool negative = value < 0;
    const auto magnitude = static_cast<UnsignedInt128>(value);
    auto text = unsignedText(negative ? -magnitude : magnitude);
    const auto decimals = static_cast<std::size_t>(digits);
    if (text.size() <= decimals)
        text.insert(0, decimals + 1 - text.size(), '0');
    std::size_t kept = decimals;
    while (kept > static_cast<std::size_t>(digitsMin) && text.back() == '0') {
        text.pop_back();
        --kept;
    }
    if (kept > 0)
        text.insert(text.size() - kept, 1, '.');
    return negative ? "-" + text : text;
}

std::string formatFixed(Int128 value, int digits, bool trimZeros)
{
    return formatTrimmed(value, digits, trimZeros ? 0 : digits);
}

std::string formatFixed(std::int64_t value, int digits, bool trimZeros)
{
    return formatFixed(static_cast<Int128>(value), digits, trimZeros);
}

} // namespace quittance
