#include "core/domain/time.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace quittance {

namespace {

constexpr int monthsPerYear = 12;
constexpr int daysPerWeek = 7;
constexpr int yearMax = 9999;
constexpr std::int64_t secondsPerMinute = 60;
constexpr std::int64_t minutesPerHour = 60;
constexpr int hoursPerDay = 24;
constexpr std::int64_t secondsPerHour = secondsPerMinute * minutesPerHour;
constexpr int fractionDigitsKept = 6;
constexpr std::size_t shownCharactersMax = 40;

bool isLeap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int daysIn(int year, int month)
{
    constexpr int february = 2;
    if (month == february)
        return isLeap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

// The two conversions below count in years that begin on 1 March and in eras of 400 years (Howard
// Hinnant, "chrono-compatible low-level date algorithms").
constexpr int daysPerEra = 146'097;
constexpr int daysFromEraToEpoch = 719'468; // from 0000-03-01 to 1970-01-01

std::int32_t daysFromCivil(int year, int month, int day)
{
    const int shifted = month <= 2 ? year - 1 : year;
    const auto era = floorDivide(shifted, 400);
    const auto yearOfEra = shifted - era * 400;
    const auto dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const auto dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return static_cast<std::int32_t>(era * daysPerEra + dayOfEra - daysFromEraToEpoch);
}

/// Reads a text from left to right; the first thing that does not fit makes every later step fail.
class Reader {
public:
    explicit Reader(std::string_view text)
        : m_rest(text)
    {
    }

    int number(int width)
    {
        int value = 0;
        for (int i = 0; i < width; ++i)
            value = value * 10 + digit();
        return value;
    }

    void literal(std::string_view anyOf) { (void)oneOf(anyOf); }

    char oneOf(std::string_view anyOf)
    {
        if (m_rest.empty() || anyOf.find(m_rest.front()) == std::string_view::npos) {
            m_good = false;
            return 0;
        }
        const char taken = m_rest.front();
        m_rest.remove_prefix(1);
        return taken;
    }

    [[nodiscard]] bool startsWith(char c) const { return m_rest.starts_with(c); }
    [[nodiscard]] bool startsWithDigit() const
    {
        return !m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9';
    }
    [[nodiscard]] bool good() const { return m_good; }
    [[nodiscard]] bool goodAndDone() const { return m_good && m_rest.empty(); }

private:
    int digit()
    {
        if (!startsWithDigit()) {
            m_good = false;
            return 0;
        }
        const int value = m_rest.front() - '0';
        m_rest.remove_prefix(1);
        return value;
    }

    std::string_view m_rest;
    bool m_good = true;
};

std::string shown(std::string_view text)
{
    return std::string(text.substr(0, shownCharactersMax));
}

std::optional<Date> readDate(Reader& reader)
{
    const int year = reader.number(4);
    reader.literal("-");
    const int month = reader.number(2);
    reader.literal("-");
    const int day = reader.number(2);
    const auto date = makeDate(year, month, day);
    if (!reader.good() || !date)
        return std::nullopt;
    return *date;
}

/// Microseconds since midnight of 18:15:46.6805900.
std::optional<std::int64_t> readTimeOfDay(Reader& reader)
{
    const int hour = reader.number(2);
    reader.literal(":");
    const int minute = reader.number(2);
    reader.literal(":");
    const int second = reader.number(2);
    std::int64_t micros = 0;
    if (reader.startsWith('.')) {
        reader.literal(".");
        micros = reader.number(1);
        for (int digits = 1; digits < fractionDigitsKept; ++digits)
            micros = micros * 10 + (reader.startsWithDigit() ? reader.number(1) : 0);
        while (reader.startsWithDigit())
            (void)reader.number(1);
    }
    if (!reader.good() || hour >= hoursPerDay || minute >= minutesPerHour
        || second >= secondsPerMinute)
        return std::nullopt;
    return (hour * secondsPerHour + minute * secondsPerMinute + second) * microsPerSecond + micros;
}

/// Microseconds ahead of UTC of Z or +01:00.
std::optional<std::int64_t> readOffset(Reader& reader)
{
    const char sign = reader.oneOf("Zz+-");
    if (sign == 'Z' || sign == 'z')
        return 0;
    const int hour = reader.number(2);
    reader.literal(":");
    const int minute = reader.number(2);
    if (!reader.good() || hour >= hoursPerDay || minute >= minutesPerHour)
        return std::nullopt;
    const auto seconds = hour * secondsPerHour + minute * secondsPerMinute;
    return (sign == '-' ? -seconds : seconds) * microsPerSecond;
}

} // namespace

YearMonthDay civil(Date date)
{
    const auto shifted = std::int64_t { date.days } + daysFromEraToEpoch;
    const auto era = floorDivide(shifted, daysPerEra);
    const auto dayOfEra = shifted - era * daysPerEra;
    const auto yearOfEra
        = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const auto dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const auto shiftedMonth = (5 * dayOfYear + 2) / 153;
    const auto month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    return { static_cast<int>(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)),
             static_cast<int>(month),
             static_cast<int>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1) };
}

Result<Date> makeDate(int year, int month, int day)
{
    if (year < 1 || year > yearMax || month < 1 || month > monthsPerYear || day < 1
        || day > daysIn(year, month))
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("{:04}-{:02}-{:02} is not a day of the calendar", year, month, day)
        );
    return Date { daysFromCivil(year, month, day) };
}

Month monthOf(Date date)
{
    const auto ymd = civil(date);
    return Month { ymd.year * monthsPerYear + ymd.month - 1 };
}

Date firstDay(Month month)
{
    const auto year = static_cast<int>(floorDivide(month.index, monthsPerYear));
    return Date { daysFromCivil(year, month.index - year * monthsPerYear + 1, 1) };
}

int weekday(Date date)
{
    constexpr int weekdayOfEpoch = 3; // 1970-01-01 was a Thursday
    const auto days = std::int64_t { date.days } + weekdayOfEpoch;
    return static_cast<int>(days - floorDivide(days, daysPerWeek) * daysPerWeek);
}

Date mondayOf(Date date)
{
    return Date { date.days - weekday(date) };
}

std::string toText(Date date)
{
    const auto ymd = civil(date);
    return fmt::format("{:04}-{:02}-{:02}", ymd.year, ymd.month, ymd.day);
}

std::string toText(Month month)
{
    const auto ymd = civil(firstDay(month));
    return fmt::format("{:04}-{:02}", ymd.year, ymd.month);
}

std::string toText(Instant instant)
{
    const auto days = floorDivide(instant.micros, microsPerDay);
    const auto inDay = instant.micros - days * microsPerDay;
    const auto seconds = inDay / microsPerSecond;
    const auto fraction = inDay % microsPerSecond;
    auto text = fmt::format(
        "{}T{:02}:{:02}:{:02}", toText(Date { static_cast<std::int32_t>(days) }),
        seconds / secondsPerHour, seconds / secondsPerMinute % minutesPerHour,
        seconds % secondsPerMinute
    );
    if (fraction != 0)
        text += fmt::format(".{:06}", fraction);
    return text + "Z";
}

Result<Date> parseDate(std::string_view text)
{
    Reader reader(text);
    const auto date = readDate(reader);
    if (!date || !reader.goodAndDone())
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("'{}' is not a day such as 2023-11-16", shown(text))
        );
    return *date;
}

Result<Month> parseMonth(std::string_view text)
{
    Reader reader(text);
    const int year = reader.number(4);
    reader.literal("-");
    const int month = reader.number(2);
    if (!reader.goodAndDone() || !makeDate(year, month, 1))
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("'{}' is not a month such as 2023-11", shown(text))
        );
    return Month { year * monthsPerYear + month - 1 };
}

Result<Instant> parseInstant(std::string_view text)
{
    Reader reader(text);
    const auto date = readDate(reader);
    reader.literal("Tt ");
    const auto timeOfDay = readTimeOfDay(reader);
    const auto offset = readOffset(reader);
    if (!date || !timeOfDay || !offset || !reader.goodAndDone())
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("'{}' is not a time such as 2023-11-16T18:15:46.68Z", shown(text))
        );
    return Instant { date->days * microsPerDay + *timeOfDay - *offset };
}

Instant SystemClock::now() const
{
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    return Instant { duration_cast<microseconds>(sinceEpoch).count() };
}

} // namespace quittance
