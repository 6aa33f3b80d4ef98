#pragma once

#include "core/domain/time.h"

#include <memory>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace quittance {

/// A zone of the IANA time-zone database, as the system has it. Cheap to copy. Clock changes are
/// known to the end of 2037, as far as the system's compiled zone files list them; after that the
/// last standard time goes on.
class TimeZone {
public:
    /// "Europe/Berlin", "UTC". UnknownTimeZone names what was asked for.
    [[nodiscard]] static Result<TimeZone> find(std::string_view name);
    [[nodiscard]] static TimeZone utc();
    /// The version of the zone data, such as "2024b" (the first line of tzdata.zi); stored with
    /// every period bound.
    [[nodiscard]] static std::string dataVersion();

    [[nodiscard]] const std::string& name() const { return m_name; }
    /// The day on the wall at this instant. Where clocks go back over midnight, a day that has
    /// begun goes on, so that startOf(day) <= instant < startOf(day + 1) holds for every instant.
    [[nodiscard]] Date dateAt(Instant instant) const;
    /// The instant at which this day begins on the wall; where midnight is skipped, the first
    /// instant of the day.
    [[nodiscard]] Instant startOf(Date date) const;
    [[nodiscard]] Interval intervalOf(Month month) const;
    /// Microseconds that the wall clock is ahead of UTC at this instant.
    [[nodiscard]] std::int64_t offsetMicros(Instant instant) const;
    /// A wall-clock time (as if UTC micros) to an instant. LocalTimeInGap and LocalTimeAmbiguous
    /// where the wall clock skips or repeats it: an import names the row; nothing is guessed.
    [[nodiscard]] Result<Instant> fromLocal(std::int64_t localMicros) const;

private:
    TimeZone(std::string name, const date::time_zone* zone)
        : m_name(std::move(name))
        , m_zone(zone)
    {
    }

    std::string m_name;
    const date::time_zone* m_zone
        = nullptr; // owned by the zone database, lives as long as the program
};

} // namespace quittance
