#include "core/domain/money.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace quittance {

namespace {

// The active codes of ISO 4217 list one, by exponent, each list in alphabetical order. Metals,
// units of account and test codes (XAU, XDR, XTS, ...) have no exponent and cannot be billed in;
// CLF and UYW have four decimals.
constexpr std::string_view currenciesWithoutDecimals
    = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view currenciesWithTwoDecimals
    = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
      "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
      "GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
      "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD "
      "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
      "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW "
      "ZWG ";
constexpr std::string_view currenciesWithThreeDecimals = "BHD IQD JOD KWD LYD OMR TND ";

constexpr std::size_t codeLength = 3;
constexpr int rateDecimalsMin = 2;

bool lists(std::string_view codes, std::string_view code)
{
    for (; codes.size() > codeLength; codes.remove_prefix(codeLength + 1)) {
        if (codes.substr(0, codeLength) == code)
            return true;
    }
    return false;
}

Result<Money> checked(bool overflows, std::int64_t minor, Currency currency)
{
    if (overflows || minor == std::numeric_limits<std::int64_t>::min())
        return failure(
            ErrorCode::Overflow, fmt::format("an amount in {} leaves 64 bits", currency.code())
        );
    return Money { minor, currency };
}

Result<> sameCurrency(Money a, Money b)
{
    if (a.currency != b.currency)
        return failure(
            ErrorCode::CurrencyMismatch,
            fmt::format("{} and {} do not add up", a.currency.code(), b.currency.code())
        );
    return {};
}

/// Gives one unit each to the `count` largest remainders, the earlier first where they tie.
void giveToLargest(
    std::vector<std::int64_t>& parts, const std::vector<Int128>& remainders, std::size_t count
)
{
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
    std::ranges::partial_sort(order, middle, [&](std::size_t a, std::size_t b) {
        return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
    });
    for (auto place = order.begin(); place != middle; ++place)
        ++parts[*place];
}

} // namespace

Result<Currency> Currency::find(std::string_view code)
{
    constexpr std::int8_t two = 2;
    constexpr std::int8_t three = 3;
    Currency currency;
    if (code.size() == codeLength && lists(currenciesWithTwoDecimals, code))
        currency.m_exponent = two;
    else if (code.size() == codeLength && lists(currenciesWithoutDecimals, code))
        currency.m_exponent = 0;
    else if (code.size() == codeLength && lists(currenciesWithThreeDecimals, code))
        currency.m_exponent = three;
    else
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "'{}' is not a currency that can be billed in (ISO 4217, such as USD)",
                code.substr(0, codeLength * 4)
            )
        );
    std::ranges::copy(code, currency.m_code.begin());
    return currency;
}

Result<Money> add(Money a, Money b)
{
    QUITTANCE_CHECK(sameCurrency(a, b));
    std::int64_t sum = 0;
    const bool overflows = __builtin_add_overflow(a.minor, b.minor, &sum);
    return checked(overflows, sum, a.currency);
}

Result<Money> subtract(Money a, Money b)
{
    QUITTANCE_CHECK(sameCurrency(a, b));
    std::int64_t difference = 0;
    const bool overflows = __builtin_sub_overflow(a.minor, b.minor, &difference);
    return checked(overflows, difference, a.currency);
}

Money negate(Money a)
{
    assert(a.minor != std::numeric_limits<std::int64_t>::min());
    return Money { -a.minor, a.currency };
}

std::string amountText(Money money)
{
    return formatFixed(money.minor, money.currency.exponent());
}

std::string toText(Money money)
{
    return fmt::format("{} {}", amountText(money), money.currency.code());
}

Result<Money> parseMoney(std::string_view amount, std::string_view currency)
{
    QUITTANCE_TRY(const auto found, Currency::find(currency));
    QUITTANCE_TRY(const auto minor, parseFixed(amount, found.exponent()));
    return checked(false, minor, found);
}

Result<Rate> parseRate(std::string_view text)
{
    QUITTANCE_TRY(const auto nanos, parseFixed(text, rateDigits));
    return Rate { nanos };
}

std::string toText(Rate rate)
{
    return formatTrimmed(rate.nanos, rateDigits, rateDecimalsMin);
}

std::vector<std::int64_t>
splitByLargestRemainder(std::int64_t total, std::span<const std::int64_t> weights)
{
    assert(!weights.empty());
    std::vector<std::int64_t> parts(weights.size(), 0);
    const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128 { 0 });
    if (sum == 0) {
        parts.front() = total;
        return parts;
    }
    const Int128 magnitude = total < 0 ? -Int128 { total } : Int128 { total };
    std::vector<Int128> remainders(weights.size(), 0);
    Int128 left = magnitude;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        assert(weights[i] >= 0);
        const Int128 product = magnitude * weights[i];
        parts[i] = static_cast<std::int64_t>(product / sum);
        remainders[i] = product % sum;
        left -= parts[i];
    }
    giveToLargest(parts, remainders, static_cast<std::size_t>(left));
    if (total < 0) {
        for (auto& part : parts)
            part = -part;
    }
    return parts;
}

} // namespace quittance
