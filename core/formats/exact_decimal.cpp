#include "core/formats/exact_decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>

namespace quittance::formats {

namespace {

constexpr int base = 10;
constexpr int exponentMax = 60;

constexpr auto powersOfTen = [] {
    std::array<Int128, exactDigitsMax + 1> powers {};
    Int128 power = 1;
    for (auto& entry : powers) {
        entry = power;
        power *= base;
    }
    return powers;
}();

Int128 powerOfTen(int exponent)
{
    return powersOfTen.at(static_cast<std::size_t>(exponent));
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// Appends the digits at the start of `text` to `mantissa`; how many there were, or none on
/// overflow.
std::optional<int> takeDigits(std::string_view& text, Int128& mantissa)
{
    std::size_t count = 0;
    while (count < text.size() && isDigit(text[count])) {
        if (__builtin_mul_overflow(mantissa, Int128 { base }, &mantissa)
            || __builtin_add_overflow(mantissa, Int128 { text[count] - '0' }, &mantissa))
            return std::nullopt;
        ++count;
    }
    text.remove_prefix(count);
    return static_cast<int>(count);
}

std::optional<int> takeExponent(std::string_view text)
{
    if (text.empty())
        return 0;
    if (text.front() != 'e' && text.front() != 'E')
        return std::nullopt;
    text.remove_prefix(1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    int exponent = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, exponent);
    if (error != std::errc() || stop != end || exponent < -exponentMax || exponent > exponentMax)
        return std::nullopt;
    return exponent;
}

std::optional<ExactDecimal> normalized(Int128 mantissa, int digits)
{
    while (digits > 0 && mantissa % base == 0) {
        mantissa /= base;
        --digits;
    }
    for (; digits < 0; ++digits)
        if (__builtin_mul_overflow(mantissa, Int128 { base }, &mantissa))
            return std::nullopt;
    if (digits > exactDigitsMax)
        return std::nullopt;
    return ExactDecimal { mantissa, digits };
}

Fitted fitted(Int128 value)
{
    constexpr Int128 largest = std::numeric_limits<std::int64_t>::max();
    if (value > largest || value < -largest)
        return { 0, FitProblem::TooLarge };
    return { static_cast<std::int64_t>(value), FitProblem::None };
}

} // namespace

std::optional<ExactDecimal> parseExact(std::string_view text)
{
    // Most numbers of a file are short and whole: they need no 128 bits until they are multiplied.
    constexpr std::size_t shortDigits = 18;
    if (!text.empty() && text.size() <= shortDigits && std::ranges::all_of(text, isDigit)) {
        std::int64_t value = 0;
        for (const auto byte : text)
            value = value * base + (byte - '0');
        return ExactDecimal { value, 0 };
    }
    const auto negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    Int128 mantissa = 0;
    const auto whole = takeDigits(text, mantissa);
    if (!whole)
        return std::nullopt;
    int fraction = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const auto digits = takeDigits(text, mantissa);
        if (!digits || *digits == 0)
            return std::nullopt;
        fraction = *digits;
    }
    const auto exponent = takeExponent(text);
    if (*whole + fraction == 0 || !exponent)
        return std::nullopt;
    return normalized(negative ? -mantissa : mantissa, fraction - *exponent);
}

std::optional<ExactDecimal> multiply(ExactDecimal a, ExactDecimal b)
{
    Int128 mantissa = 0;
    if (__builtin_mul_overflow(a.mantissa, b.mantissa, &mantissa))
        return std::nullopt;
    const auto digits = a.digits + b.digits;
    return digits <= exactDigitsMax ? ExactDecimal { mantissa, digits }
                                    : normalized(mantissa, digits);
}

std::optional<ExactDecimal> add(ExactDecimal a, ExactDecimal b)
{
    const auto digits = std::max(a.digits, b.digits);
    Int128 sum = 0;
    if (__builtin_mul_overflow(a.mantissa, powerOfTen(digits - a.digits), &a.mantissa)
        || __builtin_mul_overflow(b.mantissa, powerOfTen(digits - b.digits), &b.mantissa)
        || __builtin_add_overflow(a.mantissa, b.mantissa, &sum))
        return std::nullopt;
    return normalized(sum, digits);
}

std::optional<ExactDecimal> subtract(ExactDecimal a, ExactDecimal b)
{
    return add(a, { -b.mantissa, b.digits });
}

std::optional<ExactDecimal> roundedHalfUp(ExactDecimal value, int digits)
{
    if (value.digits <= digits)
        return value;
    constexpr Int128 two = 2;
    const auto denominator = powerOfTen(value.digits - digits);
    Int128 numerator = 0;
    Int128 divisor = 0;
    if (__builtin_mul_overflow(value.mantissa, two, &numerator)
        || __builtin_add_overflow(numerator, denominator, &numerator)
        || __builtin_mul_overflow(denominator, two, &divisor))
        return std::nullopt;
    return normalized(divideRoundedWide(numerator, divisor, Rounding::Down), digits);
}

Fitted fit(ExactDecimal value, std::int64_t divisor, int digits, Fit how)
{
    Int128 numerator = value.mantissa;
    Int128 denominator = divisor;
    const auto shift = digits - value.digits;
    if (shift >= 0) {
        if (__builtin_mul_overflow(numerator, powerOfTen(shift), &numerator))
            return { 0, FitProblem::TooLarge };
    } else if (__builtin_mul_overflow(denominator, powerOfTen(-shift), &denominator))
        return { 0, how == Fit::Exact ? FitProblem::TooFine : FitProblem::None };
    if (denominator == 1)
        return fitted(numerator);
    if (numerator % denominator == 0)
        return fitted(numerator / denominator);
    if (how == Fit::Exact)
        return { 0, FitProblem::TooFine };
    const auto rounding = how == Fit::HalfEven ? Rounding::HalfEven : Rounding::Down;
    const auto rounded = divideRounded(numerator, denominator, rounding);
    return rounded ? Fitted { *rounded, FitProblem::None } : Fitted { 0, FitProblem::TooLarge };
}

} // namespace quittance::formats
