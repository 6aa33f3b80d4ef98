#include "core/domain/usage.h"

#include <algorithm>

namespace quittance {

namespace {

/// How much of the quantity has been used up to `at`, start <= at <= end.
std::int64_t cumulative(Instant start, Instant end, std::int64_t quantity, Instant at)
{
    if (at == end)
        return quantity;
    const Int128 elapsed = Int128 { at.micros } - start.micros;
    const Int128 length = Int128 { end.micros } - start.micros;
    // |quantity| < 2^63 and elapsed < length < 2^64, so the product stays inside 128 bits, and the
    // quotient inside |quantity|.
    return static_cast<std::int64_t>(divideRoundedWide(elapsed * quantity, length, Rounding::Down));
}

} // namespace

std::int64_t quantityWithin(Instant start, Instant end, std::int64_t quantity, Interval window)
{
    if (window.end <= window.begin)
        return 0;
    if (end <= start)
        return window.begin <= start && start < window.end ? quantity : 0;
    const auto from = std::clamp(window.begin, start, end);
    const auto to = std::clamp(window.end, start, end);
    return cumulative(start, end, quantity, to) - cumulative(start, end, quantity, from);
}

} // namespace quittance
