#pragma once

#include "core/domain/decimal.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace quittance::formats {

/// mantissa / 10^digits, exact: a number as a file writes it, before any unit is known.
struct ExactDecimal {
    Int128 mantissa = 0;
    int digits = 0; ///< 0 to exactDigitsMax

    bool operator==(const ExactDecimal&) const = default;
};
constexpr int exactDigitsMax = 36;

/// "12", "-0.50", "1.2e3". Trailing zeros are dropped ("120.0" is 120). None for what is no number,
/// for grouping
/// ("1,000"), and for more than 38 digits.
[[nodiscard]] std::optional<ExactDecimal> parseExact(std::string_view text);

/// None where the exact product leaves 128 bits.
[[nodiscard]] std::optional<ExactDecimal> multiply(ExactDecimal a, ExactDecimal b);

[[nodiscard]] std::optional<ExactDecimal> add(ExactDecimal a, ExactDecimal b);
[[nodiscard]] std::optional<ExactDecimal> subtract(ExactDecimal a, ExactDecimal b);
/// To `digits` decimals, a half toward plus infinity, as XPath's round() does it.
[[nodiscard]] std::optional<ExactDecimal> roundedHalfUp(ExactDecimal value, int digits);

/// How a value becomes whole units of 10^-digits.
enum class Fit : std::uint8_t { Exact, HalfEven, Down };
enum class FitProblem : std::uint8_t { None, TooFine, TooLarge };
struct Fitted {
    std::int64_t value = 0;
    FitProblem problem = FitProblem::None;
};
/// value / divisor in units of 10^-digits. `divisor` > 0.
[[nodiscard]] Fitted fit(ExactDecimal value, std::int64_t divisor, int digits, Fit how);

} // namespace quittance::formats
