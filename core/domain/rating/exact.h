#pragma once

#include "core/domain/decimal.h"
#include "core/domain/result.h"

#include <span>

namespace quittance {

/// A fraction, numerator / denominator; denominator > 0.
struct ExactAmount {
    Int128 numerator = 0;
    Int128 denominator = 1;
};

/// The product of the numerators over that of the denominators (none zero), in lowest terms of
/// each pair. Common factors go first: they are what would leave 128 bits (an hour of 3600 s,
/// powers of ten) although the amount is small. Overflow.
[[nodiscard]] Result<ExactAmount>
quotient(std::span<const Int128> numerators, std::span<const Int128> denominators);
[[nodiscard]] Result<ExactAmount> sum(const ExactAmount& a, const ExactAmount& b); ///< Overflow
[[nodiscard]] Result<bool> isLess(const ExactAmount& a, const ExactAmount& b); ///< Overflow
/// Rounded half-even to `digits` decimals. Overflow.
[[nodiscard]] Result<Int128> atDigits(const ExactAmount& exact, int digits);

} // namespace quittance
