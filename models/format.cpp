#include "models/format.h"

#include "core/domain/decimal.h"

#include <QCoreApplication>
#include <QDate>
#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <vector>

namespace quittance {
namespace {

constexpr QChar minusSign(0x2212);
constexpr QChar enDash(0x2013);
constexpr std::int64_t epochJulianDay = 2'440'588; // 1970-01-01
constexpr std::int64_t secondsPerMinute = 60;
constexpr std::int64_t secondsPerHour = 3'600;
constexpr std::int64_t secondsPerDay = 86'400;

QString signText(bool negative, bool positive, const QLocale& locale, Sign sign)
{
    if (negative)
        return locale.negativeSign() == QLatin1String("-") ? QString(minusSign)
                                                           : locale.negativeSign();
    if (positive && sign == Sign::Both)
        return locale.positiveSign();
    return {};
}

QString localDigits(const QString& digits, const QLocale& locale)
{
    const QString zero = locale.zeroDigit();
    if (zero.size() != 1)
        return digits;
    QString result = digits;
    for (QChar& digit : result)
        digit = QChar(zero.at(0).unicode() + digit.digitValue());
    return result;
}

/// Digits without a sign, grouped in threes from the right; any length.
QString grouped(const QString& digits, const QLocale& locale)
{
    constexpr qsizetype group = 3;
    QString result = localDigits(digits, locale);
    // Spanish and Polish leave four digits together; QLocale knows.
    if (digits.size() <= group || !locale.toString(1000 * 10).contains(locale.groupSeparator())
        || (digits.size() == group + 1 && !locale.toString(1000).contains(locale.groupSeparator())))
        return result;
    for (qsizetype at = result.size() - group; at > 0; at -= group)
        result.insert(at, locale.groupSeparator());
    return result;
}

/// "-1234.5" in the locale's way.
QString decimalText(const QString& decimal, const QLocale& locale, Sign sign)
{
    const bool negative = decimal.startsWith(QLatin1Char('-'));
    const QString bare = negative ? decimal.mid(1) : decimal;
    const auto point = bare.indexOf(QLatin1Char('.'));
    const QString whole = point < 0 ? bare : bare.left(point);
    const QString fraction = point < 0 ? QString() : bare.mid(point + 1);
    const auto isZero = [](QChar c) { return c == QLatin1Char('0') || c == QLatin1Char('.'); };
    const bool zero = std::all_of(bare.cbegin(), bare.cend(), isZero);
    QString result = signText(negative && !zero, !zero, locale, sign) % grouped(whole, locale);
    if (!fraction.isEmpty())
        result += locale.decimalPoint() % localDigits(fraction, locale);
    return result;
}

/// A piece of a locale's date pattern: a field ("MMMM") or the text between fields.
struct Piece {
    QString text;
    bool field = false;
};

std::vector<Piece> splitPattern(const QString& pattern)
{
    std::vector<Piece> pieces;
    bool quoted = false;
    for (const QChar c : pattern) {
        if (c == QLatin1Char('\'')) {
            quoted = !quoted;
            continue;
        }
        const bool field
            = !quoted && (c == QLatin1Char('d') || c == QLatin1Char('M') || c == QLatin1Char('y'));
        const bool goesOn = !pieces.empty() && pieces.back().field == field
            && (!field || pieces.back().text.back() == c);
        if (goesOn)
            pieces.back().text += c;
        else
            pieces.push_back({ QString(c), field });
    }
    return pieces;
}

/// Removes a field and the text that bound it to the rest: after it at the beginning, else before
/// it. Text after the last field belongs to that field (Russian "2026 г.").
void dropField(std::vector<Piece>& pieces, const QString& field)
{
    const auto at = std::find_if(pieces.begin(), pieces.end(), [&field](const Piece& p) {
        return p.field && p.text == field;
    });
    if (at == pieces.end())
        return;
    auto from = at;
    auto to = at + 1;
    const bool isFirst = std::none_of(pieces.begin(), at, [](const Piece& p) { return p.field; });
    const bool isLast = std::none_of(to, pieces.end(), [](const Piece& p) { return p.field; });
    if (isLast)
        to = pieces.end();
    if (isFirst)
        from = pieces.begin();
    const bool textFollows = !isLast && !to->field;
    if (textFollows && (isFirst || to->text.front().isPunct()))
        ++to; // "MMMM d, yyyy" without its day is "MMMM yyyy"
    else if (!isFirst && !(from - 1)->field && !(from - 1)->text.front().isLetter())
        --from; // a letter right after a field is that field's own: 日
    pieces.erase(from, to);
}

/// The locale's long date without the day of the week.
std::vector<Piece> longPattern(const QLocale& locale)
{
    auto pieces = splitPattern(locale.dateFormat(QLocale::LongFormat));
    dropField(pieces, QStringLiteral("dddd"));
    return pieces;
}

QString yearField(const std::vector<Piece>& pieces)
{
    for (const Piece& piece : pieces)
        if (piece.field && piece.text.startsWith(QLatin1Char('y')))
            return piece.text;
    return {};
}

QString dayField(const std::vector<Piece>& pieces)
{
    for (const Piece& piece : pieces)
        if (piece.field && (piece.text == QLatin1String("d") || piece.text == QLatin1String("dd")))
            return piece.text;
    return {};
}

void shortenMonth(std::vector<Piece>& pieces)
{
    for (Piece& piece : pieces)
        if (piece.field && piece.text == QLatin1String("MMMM"))
            piece.text = QStringLiteral("MMM");
}

QString render(const std::vector<Piece>& pieces, QDate date, const QLocale& locale)
{
    QString result;
    for (const Piece& piece : pieces)
        result += piece.field ? locale.toString(date, piece.text) : piece.text;
    return result.trimmed();
}

/// As `render`, with the month's name as it stands alone (Russian "ноябрь", not "ноября").
QString renderMonth(const std::vector<Piece>& pieces, QDate date, const QLocale& locale)
{
    QString result;
    for (const Piece& piece : pieces) {
        if (piece.field && piece.text == QLatin1String("MMMM"))
            result += locale.standaloneMonthName(date.month(), QLocale::LongFormat);
        else if (piece.field && piece.text == QLatin1String("MMM"))
            result += locale.standaloneMonthName(date.month(), QLocale::ShortFormat);
        else
            result += piece.field ? locale.toString(date, piece.text) : piece.text;
    }
    return result.trimmed();
}

bool hasTwelveHours(const QLocale& locale)
{
    return locale.timeFormat(QLocale::ShortFormat)
        .contains(QLatin1String("AP"), Qt::CaseInsensitive);
}

QString translated(const char* text, int count)
{
    return QCoreApplication::translate("quittance::ui::format", text, nullptr, count);
}

/// The English singular stands in the source, so that English needs no file of translations.
QString daysAgo(int days)
{
    return days == 1
        ? translated(QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n day ago"), days)
        : translated(QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n days ago"), days);
}

} // namespace

QString amountText(Money money, const QLocale& locale, Sign sign)
{
    const auto plain = formatFixed(money.minor, money.currency.exponent());
    return decimalText(QString::fromStdString(plain), locale, sign);
}

QString moneyText(Money money, const QLocale& locale, Sign sign)
{
    return amountText(money, locale, sign) % QChar(QChar::Nbsp) % currencyText(money.currency);
}

QString wholeAmountText(Money money, const QLocale& locale)
{
    std::int64_t unit = 1;
    for (int digit = 0; digit < money.currency.exponent(); ++digit)
        unit *= 10;
    const auto whole = divideRounded(money.minor, unit, Rounding::HalfAwayFromZero);
    const QString number = QString::number(whole.has_value() ? *whole : money.minor / unit);
    return decimalText(number, locale, Sign::Minus) % QChar(QChar::Nbsp)
        % currencyText(money.currency);
}

QString currencyText(const Currency& currency)
{
    return QString::fromStdString(currency.code());
}

QString currencyListText(const std::vector<Currency>& currencies, const QLocale& locale)
{
    QStringList codes;
    for (const Currency& currency : currencies)
        codes.append(currencyText(currency));
    return locale.createSeparatedList(codes);
}

QString quantityText(const QString& decimal, const QLocale& locale)
{
    static const QRegularExpression number(QStringLiteral(R"(\A-?\d+(\.\d+)?\z)"));
    return number.match(decimal).hasMatch() ? decimalText(decimal, locale, Sign::Minus) : decimal;
}

QString meterUnitText(const std::string& unit)
{
    const QString text = QString::fromStdString(unit);
    const QLatin1String shortSeconds("-s");
    return text.endsWith(shortSeconds)
        ? QString(text.chopped(shortSeconds.size()) % QStringLiteral("-seconds"))
        : text;
}

QString fixedText(std::int64_t value, int digits, const QLocale& locale, int digitsMin)
{
    QString plain = QString::fromStdString(formatFixed(value, digits));
    const auto point = plain.indexOf(QLatin1Char('.'));
    while (point >= 0 && plain.size() - point - 1 > digitsMin && plain.endsWith(QLatin1Char('0')))
        plain.chop(1);
    if (plain.endsWith(QLatin1Char('.')))
        plain.chop(1);
    return decimalText(plain, locale, Sign::Minus);
}

QString rateText(Rate rate, const QLocale& locale)
{
    constexpr int rateDigitsMin = 2;
    return fixedText(rate.nanos, rateDigits, locale, rateDigitsMin);
}

QString countText(qint64 count, const QLocale& locale)
{
    return decimalText(QString::number(count), locale, Sign::Minus);
}

QString percentText(double share, const QLocale& locale, int digits, Sign sign)
{
    constexpr double hundred = 100.0;
    if (!std::isfinite(share))
        return noneText();
    const QString plain = QString::number(share * hundred, 'f', digits);
    return decimalText(plain, locale, sign) % locale.percent();
}

QString changeText(std::int64_t before, std::int64_t now, const QLocale& locale, int digits)
{
    if (before == 0)
        return now == 0 ? percentText(0.0, locale, digits) : noneText();
    const auto from = static_cast<double>(before);
    return percentText(
        (static_cast<double>(now) - from) / std::abs(from), locale, digits, Sign::Both
    );
}

QString noneText()
{
    return enDash;
}

QString dateShort(Date date, const QLocale& locale, std::optional<Date> today)
{
    auto pieces = longPattern(locale);
    shortenMonth(pieces);
    const QDate day = toQDate(date);
    if (today && toQDate(*today).year() == day.year())
        dropField(pieces, yearField(pieces));
    return render(pieces, day, locale);
}

QString dateLong(Date date, const QLocale& locale)
{
    return render(longPattern(locale), toQDate(date), locale);
}

QString dateRangeText(Date first, Date last, const QLocale& locale)
{
    const QDate from = toQDate(first);
    const QDate to = toQDate(last);
    if (from == to)
        return dateShort(last, locale);
    auto pieces = longPattern(locale);
    const bool dayLeads = !pieces.empty() && pieces.front().text == dayField(pieces);
    if (dayLeads && from.year() == to.year() && from.month() == to.month())
        return locale.toString(from, dayField(pieces)) % enDash % dateShort(last, locale);
    const auto sameYear = from.year() == to.year() ? std::optional<Date>(last) : std::nullopt;
    return dateShort(first, locale, sameYear) % QLatin1Char(' ') % enDash % QLatin1Char(' ')
        % dateShort(last, locale);
}

QString monthText(Month month, const QLocale& locale)
{
    auto pieces = longPattern(locale);
    dropField(pieces, dayField(pieces));
    return renderMonth(pieces, toQDate(firstDay(month)), locale);
}

QString monthShort(Month month, const QLocale& locale)
{
    auto pieces = longPattern(locale);
    dropField(pieces, dayField(pieces));
    shortenMonth(pieces);
    return renderMonth(pieces, toQDate(firstDay(month)), locale);
}

QString weekdayText(Date date, const QLocale& locale)
{
    return locale.dayName(toQDate(date).dayOfWeek(), QLocale::ShortFormat) % QLatin1Char(' ')
        % dateShort(date, locale, date);
}

QString timeText(Instant instant, const QTimeZone& zone, const QLocale& locale)
{
    // The short format of some locales has seconds.
    return locale.toString(
        toQDateTime(instant, zone).time(),
        hasTwelveHours(locale) ? QStringLiteral("h:mm AP") : QStringLiteral("HH:mm")
    );
}

QString dateTimeText(Instant instant, const QTimeZone& zone, const QLocale& locale)
{
    const QDateTime local = toQDateTime(instant, zone);
    const QString time = locale.toString(
        local.time(),
        hasTwelveHours(locale) ? QStringLiteral("h:mm:ss AP") : QStringLiteral("HH:mm:ss")
    );
    return dateShort(fromQDate(local.date()), locale) % QStringLiteral(", ") % time;
}

QString ageText(std::int64_t seconds)
{
    if (seconds < 1)
        return QCoreApplication::translate("quittance::ui::format", "now");
    if (seconds < secondsPerMinute)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n s ago"), static_cast<int>(seconds)
        );
    if (seconds < secondsPerHour)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n min ago"),
            static_cast<int>(seconds / secondsPerMinute)
        );
    if (seconds < secondsPerDay)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n h ago"),
            static_cast<int>(seconds / secondsPerHour)
        );
    return daysAgo(static_cast<int>(seconds / secondsPerDay));
}

QString durationText(std::int64_t seconds)
{
    if (seconds < secondsPerMinute)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n s"), static_cast<int>(seconds)
        );
    if (seconds < secondsPerHour)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n min"),
            static_cast<int>(seconds / secondsPerMinute)
        );
    if (seconds < secondsPerDay)
        return translated(
            QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n h"),
            static_cast<int>(seconds / secondsPerHour)
        );
    const int days = static_cast<int>(seconds / secondsPerDay);
    return days == 1 ? translated(QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n day"), days)
                     : translated(QT_TRANSLATE_N_NOOP("quittance::ui::format", "%n days"), days);
}

QString daysAwayText(Date date, Date today)
{
    const int days = date.days - today.days;
    if (days == 0)
        return QCoreApplication::translate("quittance::ui::format", "today");
    if (days == 1)
        return QCoreApplication::translate("quittance::ui::format", "tomorrow");
    if (days == -1)
        return QCoreApplication::translate("quittance::ui::format", "yesterday");
    if (days > 0)
        return translated(QT_TRANSLATE_N_NOOP("quittance::ui::format", "in %n days"), days);
    return daysAgo(-days);
}

QString stateText(ShownState state)
{
    struct Texts {
        Q_DECLARE_TR_FUNCTIONS(States)
    };
    switch (state) {
    case ShownState::Draft:
        return Texts::tr("Draft");
    case ShownState::Open:
        return Texts::tr("Open");
    case ShownState::DueSoon:
        return Texts::tr("Due soon");
    case ShownState::Overdue:
        return Texts::tr("Overdue");
    case ShownState::PartPaid:
        return Texts::tr("Part paid");
    case ShownState::Paid:
        return Texts::tr("Paid");
    case ShownState::Void:
        return Texts::tr("Void");
    case ShownState::Objection:
        return Texts::tr("Objection");
    case ShownState::Closed:
        return Texts::tr("Closed");
    }
    return {};
}

QDate toQDate(Date date)
{
    return QDate::fromJulianDay(date.days + epochJulianDay);
}

Date fromQDate(QDate date)
{
    return Date { static_cast<std::int32_t>(date.toJulianDay() - epochJulianDay) };
}

QDateTime toQDateTime(Instant instant, const QTimeZone& zone)
{
    constexpr std::int64_t microsPerMilli = 1'000;
    const std::int64_t millis
        = instant.micros / microsPerMilli - (instant.micros % microsPerMilli < 0 ? 1 : 0);
    return QDateTime::fromMSecsSinceEpoch(millis, zone);
}

} // namespace quittance
