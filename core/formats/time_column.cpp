#include "core/formats/time_column.h"

#include "core/formats/exact_decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::array<std::pair<std::string_view, TimeFormat>, 6> names { {
    { "rfc3339", TimeFormat::Rfc3339 },
    { "local", TimeFormat::Local },
    { "seconds", TimeFormat::Seconds },
    { "milliseconds", TimeFormat::Milliseconds },
    { "microseconds", TimeFormat::Microseconds },
    { "nanoseconds", TimeFormat::Nanoseconds },
} };

constexpr std::int64_t lastMicros = 253'402'300'799'999'999; // 9999-12-31T23:59:59.999999Z
constexpr std::size_t dayBytes = 10; // 2023-11-16
constexpr std::size_t afterYear = 4;
constexpr std::size_t afterMonth = 7;
constexpr std::size_t minuteBytes = 16; // 2023-11-16 18:15
constexpr std::size_t localBytesMax = 40;

/// Digits after the point when the count is written in microseconds: seconds have 6, nanoseconds
/// -3.
int microDigits(TimeFormat format)
{
    switch (format) {
    case TimeFormat::Milliseconds:
        return 3;
    case TimeFormat::Microseconds:
        return 0;
    case TimeFormat::Nanoseconds:
        return -3;
    case TimeFormat::Seconds:
    case TimeFormat::Rfc3339:
    case TimeFormat::Local:
        break;
    }
    return 6;
}

/// A time with a zone as exports write it, as RFC 3339 has it: the zone may be " UTC", "+0100" or
/// "+01", and the seconds may be absent. None for what is no such time.
std::optional<std::string> asRfc3339(std::string_view text)
{
    constexpr std::string_view utc = "UTC";
    constexpr std::size_t hours = 2;
    constexpr std::size_t hoursAndMinutes = 4;
    if (text.size() <= minuteBytes || text.size() > localBytesMax)
        return std::nullopt;
    std::string zone = "Z";
    if (text.ends_with(utc)) {
        text.remove_suffix(utc.size());
    } else if (text.ends_with('Z')) {
        text.remove_suffix(1);
    } else {
        const std::size_t sign = text.find_last_of("+-");
        if (sign == std::string_view::npos || sign < minuteBytes)
            return std::nullopt;
        zone = text.substr(sign);
        if (zone.size() == 1 + hours)
            zone += ":00";
        else if (zone.size() == 1 + hoursAndMinutes)
            zone.insert(1 + hours, ":");
        text = text.substr(0, sign);
    }
    if (text.ends_with(' '))
        text.remove_suffix(1);
    return fmt::format("{}{}{}", text, text.size() == minuteBytes ? ":00" : "", zone);
}

std::string localReason(const Error& error, const std::string& zone)
{
    if (error.code == ErrorCode::LocalTimeInGap)
        return fmt::format("is skipped by the clock change in {}", zone);
    return fmt::format("happens twice at the clock change in {}", zone);
}

} // namespace

std::optional<TimeFormat> timeFormatFromName(std::string_view name)
{
    const auto* const found
        = std::ranges::find(names, name, &std::pair<std::string_view, TimeFormat>::first);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

Result<TimeParser> TimeParser::create(const TimeRule& rule)
{
    QUITTANCE_TRY(auto zone, TimeZone::find(rule.zone));
    return TimeParser(rule, std::move(zone));
}

TimeParser::TimeParser(const TimeRule& rule, TimeZone zone)
    : m_format(rule.format)
    , m_epoch(rule.epoch)
    , m_zone(std::move(zone))
    , m_isUtc(rule.zone == "UTC")
{
}

Result<Instant> TimeParser::parse(std::string_view text)
{
    auto instant = parseAny(text);
    if (instant && (instant->micros < 0 || instant->micros > lastMicros))
        return failure(ErrorCode::Overflow, "is not between 1970 and 9999");
    return instant;
}

Result<Instant> TimeParser::parseAny(std::string_view text)
{
    if (m_format == TimeFormat::Local)
        return parseLocal(text);
    if (m_format != TimeFormat::Rfc3339)
        return parseCount(text);
    if (const auto instant = parseInstant(text))
        return *instant;
    if (const auto rewritten = asRfc3339(text)) {
        if (const auto instant = parseInstant(*rewritten))
            return *instant;
    }
    return failure(
        ErrorCode::MalformedInput,
        "is not an RFC 3339 time with a zone, such as 2023-11-16T18:15:46.68Z"
    );
}

/// The wall-clock time read as if it were UTC, then moved by the zone's offset.
Result<Instant> TimeParser::parseLocal(std::string_view text)
{
    std::array<char, localBytesMax + 8> buffer {};
    const auto malformed = [] {
        return failure(
            ErrorCode::MalformedInput,
            "is not a time such as 2023-11-16 18:15:46.68 (without a zone)"
        );
    };
    if (text.size() < dayBytes || text.size() > localBytesMax)
        return malformed();
    auto* end = std::ranges::copy(text, buffer.begin()).out;
    if (text.size() == dayBytes)
        end = std::ranges::copy(std::string_view("T00:00"), end).out;
    else if (text[dayBytes] != ' ' && text[dayBytes] != 'T')
        return malformed();
    buffer.at(dayBytes) = 'T';
    if (buffer.at(afterYear) == '/' && buffer.at(afterMonth) == '/')
        buffer.at(afterYear) = buffer.at(afterMonth) = '-';
    if (end - buffer.begin() == minuteBytes)
        end = std::ranges::copy(std::string_view(":00"), end).out;
    *end++ = 'Z';
    const auto wall
        = parseInstant({ buffer.data(), static_cast<std::size_t>(end - buffer.begin()) });
    if (!wall)
        return malformed();
    return fromLocal(wall->micros);
}

Result<Instant> TimeParser::parseCount(std::string_view text) const
{
    const auto count = parseExact(text);
    if (!count)
        return failure(ErrorCode::MalformedInput, "is not a number");
    const auto digits = microDigits(m_format);
    const auto divisor = digits < 0 ? std::int64_t { 1000 } : std::int64_t { 1 };
    const auto micros = fit(*count, divisor, std::max(digits, 0), Fit::Down);
    Instant instant;
    if (micros.problem != FitProblem::None
        || __builtin_add_overflow(m_epoch.micros, micros.value, &instant.micros))
        return failure(ErrorCode::Overflow, "is not between 1970 and 9999");
    return instant;
}

Result<Instant> TimeParser::fromLocal(std::int64_t localMicros)
{
    if (m_isUtc)
        return Instant { localMicros };
    const auto day = localMicros / microsPerDay;
    if (day != m_lastDay) {
        constexpr std::size_t daysKept = 4096;
        if (m_offsets.size() >= daysKept)
            m_offsets.clear();
        const auto [entry, isNew] = m_offsets.try_emplace(day);
        if (isNew)
            entry->second = steadyOffset(day);
        m_lastDay = day;
        m_lastOffset = entry->second;
    }
    if (m_lastOffset)
        return Instant { localMicros - *m_lastOffset };
    auto instant = m_zone.fromLocal(localMicros);
    if (!instant)
        return failure(instant.error().code, localReason(instant.error(), m_zone.name()));
    return instant;
}

/// The offset, where it is one and the same from a day before this day to two days after its start
/// (UTC), which holds every instant that the wall calls this day. Looked at every hour: no zone
/// ever changed and changed back within one.
std::optional<std::int64_t> TimeParser::steadyOffset(std::int64_t day) const
{
    constexpr int hours = 72;
    constexpr std::int64_t microsPerHour = microsPerDay / 24;
    const auto begin = (day - 1) * microsPerDay;
    const auto offset = m_zone.offsetMicros(Instant { begin });
    for (int hour = 1; hour <= hours; ++hour)
        if (m_zone.offsetMicros(Instant { begin + hour * microsPerHour }) != offset)
            return std::nullopt;
    return offset;
}

} // namespace quittance::formats
