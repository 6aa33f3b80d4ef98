#pragma once

#include "core/domain/bill.h"
#include "core/domain/money.h"
#include "core/domain/time.h"

#include <QLocale>
#include <QString>
#include <QTimeZone>

#include <cstdint>
#include <optional>
#include <vector>

/// Words for people, in a locale's digits, separators and order. Exact: nothing here goes through
/// floating point but shares. A minus is U+2212 where the locale writes an ASCII hyphen, so that it
/// is as wide as a plus.
namespace quittance {

/// Whether a plus is written before what is above zero: changes have it, amounts have not.
enum class Sign : std::uint8_t { Minus, Both };

/// "12,480.20": the currency's decimals, no currency. For columns whose header names it, and for
/// figures.
[[nodiscard]] QString amountText(Money money, const QLocale& locale, Sign sign = Sign::Minus);
/// "12,480.20 USD"
[[nodiscard]] QString moneyText(Money money, const QLocale& locale, Sign sign = Sign::Minus);
/// "12,480 USD", rounded half away from zero: for estimates only.
[[nodiscard]] QString wholeAmountText(Money money, const QLocale& locale);
[[nodiscard]] QString currencyText(const Currency& currency); ///< "USD"
/// "EUR, JPY, and KWD"; empty for none.
[[nodiscard]] QString
currencyListText(const std::vector<Currency>& currencies, const QLocale& locale);

/// A meter's unit in full: "GPU-s" is "GPU-seconds".
[[nodiscard]] QString meterUnitText(const std::string& unit);
/// A decimal string as the wire has it ("1284.6167", "-3", "12e3" is not one) with grouping:
/// "1,284.6167". Digits after the point are kept as they are. What is no decimal comes back
/// unchanged.
[[nodiscard]] QString quantityText(const QString& decimal, const QLocale& locale);
/// `value` x 10^-digits, trailing zeros cut down to `digitsMin`.
[[nodiscard]] QString
fixedText(std::int64_t value, int digits, const QLocale& locale, int digitsMin = 0);
[[nodiscard]] QString rateText(Rate rate, const QLocale& locale); ///< "2.95", "0.0000004"
[[nodiscard]] QString countText(qint64 count, const QLocale& locale); ///< "1,164"
/// 0.456 -> "45.6%" ("+45.6%" with Sign::Both). What is not finite is "–".
[[nodiscard]] QString
percentText(double share, const QLocale& locale, int digits = 0, Sign sign = Sign::Minus);
/// The change from `before` to `now` as a share: "+16.7%", "–" where there was nothing before.
[[nodiscard]] QString
changeText(std::int64_t before, std::int64_t now, const QLocale& locale, int digits = 1);

/// What stands where there is nothing: an en dash.
[[nodiscard]] QString noneText();

/// "20 Nov", and "20 Nov 2025" where the year is not `today`'s. Without `today` always with the
/// year.
[[nodiscard]] QString dateShort(Date date, const QLocale& locale, std::optional<Date> today = {});
[[nodiscard]] QString dateLong(Date date, const QLocale& locale); ///< "20 November 2026"
/// "1–31 Oct 2026", "28 Oct – 3 Nov 2026"; `last` is the last day inside.
[[nodiscard]] QString dateRangeText(Date first, Date last, const QLocale& locale);
[[nodiscard]] QString monthText(Month month, const QLocale& locale); ///< "November 2026"
[[nodiscard]] QString monthShort(Month month, const QLocale& locale); ///< "Nov 2026"
[[nodiscard]] QString weekdayText(Date date, const QLocale& locale); ///< "Wed 18 Nov"
[[nodiscard]] QString timeText(
    Instant instant, const QTimeZone& zone, const QLocale& locale
); ///< "14:02", without seconds
/// "26 Nov 2026, 14:04:10" in `zone`; the zone is not named.
[[nodiscard]] QString dateTimeText(Instant instant, const QTimeZone& zone, const QLocale& locale);

/// How long ago: "now", "12 s ago", "5 min ago", "3 h ago", "2 days ago". What lies ahead counts as
/// now.
[[nodiscard]] QString ageText(std::int64_t seconds);
/// "43 min", "3 h", "2 days".
[[nodiscard]] QString durationText(std::int64_t seconds);
/// Of a day against today: "today", "in 6 days", "tomorrow", "3 days ago".
[[nodiscard]] QString daysAwayText(Date date, Date today);

[[nodiscard]] QString stateText(ShownState state); ///< "Due soon"

[[nodiscard]] QDate toQDate(Date date);
[[nodiscard]] Date fromQDate(QDate date);
[[nodiscard]] QDateTime toQDateTime(Instant instant, const QTimeZone& zone);

} // namespace quittance
