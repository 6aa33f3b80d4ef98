#include "core/domain/rating/exact.h"

#include <utility>
#include <vector>

namespace quittance {

namespace {

Int128 greatestCommonDivisor(Int128 a, Int128 b)
{
    while (b != 0)
        a = std::exchange(b, a % b);
    return a < 0 ? -a : a;
}

Result<Int128> productOf(std::span<const Int128> factors)
{
    Int128 product = 1;
    for (const Int128 factor : factors) {
        QUITTANCE_TRY(product, multiply(product, factor));
    }
    return product;
}

} // namespace

Result<ExactAmount>
quotient(std::span<const Int128> numerators, std::span<const Int128> denominators)
{
    std::vector<Int128> over(numerators.begin(), numerators.end());
    std::vector<Int128> under(denominators.begin(), denominators.end());
    for (Int128& numerator : over) {
        for (Int128& denominator : under) {
            const Int128 common = greatestCommonDivisor(numerator, denominator);
            numerator /= common;
            denominator /= common;
        }
    }
    ExactAmount result;
    QUITTANCE_TRY(result.numerator, productOf(over));
    QUITTANCE_TRY(result.denominator, productOf(under));
    return result;
}

Result<ExactAmount> sum(const ExactAmount& a, const ExactAmount& b)
{
    const Int128 common = greatestCommonDivisor(a.denominator, b.denominator);
    QUITTANCE_TRY(const Int128 first, multiply(a.numerator, b.denominator / common));
    QUITTANCE_TRY(const Int128 second, multiply(b.numerator, a.denominator / common));
    ExactAmount result;
    if (__builtin_add_overflow(first, second, &result.numerator))
        return failure(ErrorCode::Overflow, "a result leaves 128 bits");
    QUITTANCE_TRY(result.denominator, multiply(a.denominator, b.denominator / common));
    const Int128 shared = greatestCommonDivisor(result.numerator, result.denominator);
    return ExactAmount { result.numerator / shared, result.denominator / shared };
}

Result<bool> isLess(const ExactAmount& a, const ExactAmount& b)
{
    const Int128 common = greatestCommonDivisor(a.denominator, b.denominator);
    QUITTANCE_TRY(const Int128 first, multiply(a.numerator, b.denominator / common));
    QUITTANCE_TRY(const Int128 second, multiply(b.numerator, a.denominator / common));
    return first < second;
}

Result<Int128> atDigits(const ExactAmount& exact, int digits)
{
    const Int128 scale = powerOfTen(digits);
    const Int128 common = greatestCommonDivisor(scale, exact.denominator);
    QUITTANCE_TRY(const auto scaled, multiply(exact.numerator, scale / common));
    return divideRoundedWide(scaled, exact.denominator / common, Rounding::HalfEven);
}

} // namespace quittance
