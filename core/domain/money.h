#pragma once

#include "core/domain/decimal.h"
#include "core/domain/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quittance {

/// A currency of ISO 4217 that can be billed in; exponents 0 (JPY), 2 (USD), 3 (KWD).
class Currency {
public:
    Currency() = default; ///< "USD"
    [[nodiscard]] static Result<Currency> find(std::string_view code);

    [[nodiscard]] std::string code() const { return std::string(m_code.data(), 3); }
    [[nodiscard]] int exponent() const { return m_exponent; }

    auto operator<=>(const Currency&) const = default;

private:
    std::array<char, 3> m_code { 'U', 'S', 'D' };
    std::int8_t m_exponent = 2;
};

/// An exact amount: whole minor units of one currency. {1234, USD} is 12.34 USD. The lowest 64-bit
/// number is no amount (add, subtract and parseMoney answer Overflow), so that every amount has a
/// negative.
struct Money {
    std::int64_t minor = 0;
    Currency currency;

    bool operator==(const Money&) const = default;
};

/// CurrencyMismatch for two currencies, Overflow past 64 bits.
[[nodiscard]] Result<Money> add(Money a, Money b);
[[nodiscard]] Result<Money> subtract(Money a, Money b);
[[nodiscard]] Money negate(Money a);
[[nodiscard]] std::string amountText(Money money
); ///< "12.34", "-0.05", "1200" (JPY), "1.234" (KWD); no grouping
[[nodiscard]] std::string toText(Money money); ///< "12.34 USD"
[[nodiscard]] Result<Money> parseMoney(std::string_view amount, std::string_view currency);

/// A price: 1e-9 of a currency unit (not of a minor unit), so 2.95 is 2'950'000'000.
struct Rate {
    std::int64_t nanos = 0;

    auto operator<=>(const Rate&) const = default;
};
inline constexpr int rateDigits = 9;
[[nodiscard]] Result<Rate> parseRate(std::string_view text);
[[nodiscard]] std::string toText(Rate rate
); ///< trailing zeros trimmed to at least two decimals: "2.95", "0.0000004"

/// Splits `total` in proportion to `weights` (none negative) so that the parts sum to it exactly:
/// each part is rounded down and the units left go to the largest remainders, the earlier first
/// where they tie. All weights zero: the whole goes to the first. `weights` must not be empty. A
/// negative total is split as its positive and each part negated, so that a reversal cancels part
/// by part.
[[nodiscard]] std::vector<std::int64_t>
splitByLargestRemainder(std::int64_t total, std::span<const std::int64_t> weights);

} // namespace quittance
