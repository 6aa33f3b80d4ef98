#include "core/domain/time_zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>

namespace quittance {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::string_view utcName = "UTC";
constexpr const char* zoneDataPath = "/usr/share/zoneinfo/tzdata.zi";

date::sys_seconds secondOf(Instant instant)
{
    return date::floor<seconds>(date::sys_time<microseconds>(microseconds(instant.micros)));
}

date::local_seconds localSecondOf(std::int64_t localMicros)
{
    return date::floor<seconds>(date::local_time<microseconds>(microseconds(localMicros)));
}

Instant instantOf(date::sys_seconds time)
{
    return Instant { duration_cast<microseconds>(time.time_since_epoch()).count() };
}

std::int64_t microsOf(seconds offset)
{
    return duration_cast<microseconds>(offset).count();
}

Date floorToDay(std::int64_t localMicros)
{
    const auto days = localMicros / microsPerDay - (localMicros % microsPerDay < 0 ? 1 : 0);
    return Date { static_cast<std::int32_t>(days) };
}

/// "# version 2024b" -> "2024b"
std::string readDataVersion()
{
    constexpr std::string_view prefix = "# version ";
    std::ifstream file(zoneDataPath);
    std::string line;
    if (!std::getline(file, line) || !line.starts_with(prefix))
        return "unknown";
    return line.substr(prefix.size());
}

/// What the folder of the zone data holds besides zones is none: the computer's own setting, which
/// is another on the next one, and copies of the data with other rules.
bool isZoneName(std::string_view name)
{
    constexpr std::array<std::string_view, 3> others { "localtime", "posixrules", "Factory" };
    return std::ranges::find(others, name) == others.end() && !name.starts_with("posix/")
        && !name.starts_with("right/");
}

auto unknownZone(std::string_view name)
{
    constexpr std::size_t shownCharactersMax = 60;
    return failure(
        ErrorCode::UnknownTimeZone,
        fmt::format(
            "'{}' is not a time zone such as Europe/Berlin", name.substr(0, shownCharactersMax)
        )
    );
}

} // namespace

Result<TimeZone> TimeZone::find(std::string_view name)
{
    if (name == utcName)
        return utc();
    if (!isZoneName(name))
        return unknownZone(name);
    try {
        const auto* const zone = date::locate_zone(name);
        // The zone's file is read at its first use: a broken one is met here, not in the middle of
        // a bill.
        (void)zone->get_info(date::sys_seconds {});
        return TimeZone(std::string(name), zone);
    } catch (const std::exception&) {
        return unknownZone(name);
    }
}

TimeZone TimeZone::utc()
{
    return { std::string(utcName), nullptr };
}

std::string TimeZone::dataVersion()
{
    static const std::string version = readDataVersion();
    return version;
}

Date TimeZone::dateAt(Instant instant) const
{
    if (m_zone == nullptr)
        return floorToDay(instant.micros);
    const auto info = m_zone->get_info(secondOf(instant));
    const auto date = floorToDay(instant.micros + microsOf(info.offset));
    // Where clocks go back over midnight (St. John's did at 00:01), the wall shows the day before
    // once more. The day that has begun goes on, so that days and the periods made of them never
    // overlap.
    if (secondOf(instant) - info.begin < date::days(1)
        && startOf(Date { date.days + 1 }) <= instant)
        return Date { date.days + 1 };
    return date;
}

Instant TimeZone::startOf(Date date) const
{
    const auto midnight = std::int64_t { date.days } * microsPerDay;
    if (m_zone == nullptr)
        return Instant { midnight };
    const auto info = m_zone->get_info(localSecondOf(midnight));
    if (info.result == date::local_info::nonexistent)
        return instantOf(info.first.end);
    return Instant { midnight - microsOf(info.first.offset) };
}

Interval TimeZone::intervalOf(Month month) const
{
    return { startOf(firstDay(month)), startOf(firstDay(next(month))) };
}

std::int64_t TimeZone::offsetMicros(Instant instant) const
{
    return m_zone == nullptr ? 0 : microsOf(m_zone->get_info(secondOf(instant)).offset);
}

Result<Instant> TimeZone::fromLocal(std::int64_t localMicros) const
{
    if (m_zone == nullptr)
        return Instant { localMicros };
    const auto info = m_zone->get_info(localSecondOf(localMicros));
    // A wall-clock time is written as if it were UTC, without the Z.
    auto wall = toText(Instant { localMicros });
    wall.pop_back();
    if (info.result == date::local_info::nonexistent)
        return failure(
            ErrorCode::LocalTimeInGap,
            fmt::format("{} does not exist in {}: clocks skip it", wall, m_name)
        );
    if (info.result == date::local_info::ambiguous)
        return failure(
            ErrorCode::LocalTimeAmbiguous,
            fmt::format("{} happens twice in {}: clocks go back over it", wall, m_name)
        );
    return Instant { localMicros - microsOf(info.first.offset) };
}

} // namespace quittance
