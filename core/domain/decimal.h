#pragma once

#include "core/domain/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace quittance {

__extension__ using Int128 = __int128;

/// How a quotient becomes whole. Rounding is named at every place that rounds.
enum class Rounding : std::uint8_t {
    HalfEven, ///< bill lines
    HalfAwayFromZero, ///< tax, where the jurisdiction says so (EN 16931)
    Down, ///< toward minus infinity: cumulative splits
};

/// numerator / denominator, denominator > 0, rounded once. Overflow where the result leaves 64
/// bits.
[[nodiscard]] Result<std::int64_t>
divideRounded(Int128 numerator, Int128 denominator, Rounding rounding);

/// The same with a 128-bit result, which always fits.
[[nodiscard]] Int128 divideRoundedWide(Int128 numerator, Int128 denominator, Rounding rounding);

/// Overflow where it leaves 64 or 128 bits.
[[nodiscard]] Result<std::int64_t> narrow(Int128 value);
[[nodiscard]] Result<Int128> multiply(Int128 a, Int128 b);

/// 10^exponent for exponents 0 to 18.
[[nodiscard]] std::int64_t powerOfTen(int exponent);

/// "12.34" with `digits` = 2 -> 1234. Accepts a sign, trailing zeros past `digits`, and an exponent
/// ("1.2e3"); refuses anything finer than `digits`, anything else than a number, and what leaves 64
/// bits, each with its reason.
[[nodiscard]] Result<std::int64_t> parseFixed(std::string_view text, int digits);

/// 1234 with `digits` = 2 -> "12.34". With `trimZeros`, "12.50" -> "12.5" and "12.00" -> "12".
[[nodiscard]] std::string formatFixed(std::int64_t value, int digits, bool trimZeros = false);
[[nodiscard]] std::string formatFixed(Int128 value, int digits, bool trimZeros = false);
/// As formatFixed, with trailing zeros trimmed but at least `digitsMin` decimals kept: "2.95",
/// "3.00".
[[nodiscard]] std::string formatTrimmed(Int128 value, int digits, int digitsMin);

} // namespace quittance
