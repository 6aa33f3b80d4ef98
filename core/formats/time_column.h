#pragma once

#include "core/domain/time.h"
#include "core/domain/time_zone.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace quittance::formats {

/// How a file writes instants.
enum class TimeFormat : std::uint8_t {
    Rfc3339, ///< 2023-11-16T18:15:46.6805900Z, with a zone
    Local, ///< 2023-11-16 18:15:46.6805900 on the wall of a named zone; T or a blank; seconds or
           ///< the time may be absent
    Seconds, ///< since an epoch, decimals allowed
    Milliseconds,
    Microseconds,
    Nanoseconds,
};

[[nodiscard]] std::optional<TimeFormat> timeFormatFromName(std::string_view name
); ///< "rfc3339", "local", "seconds", ...

/// A format with what it needs to be an instant.
struct TimeRule {
    TimeFormat format = TimeFormat::Rfc3339;
    std::string zone = "UTC"; ///< Local
    Instant epoch; ///< Seconds ... Nanoseconds

    bool operator==(const TimeRule&) const = default;
};

/// Reads the times of one column. What is finer than a microsecond is cut, never rounded up, so
/// that no event moves into the next period. Keeps the zone's offset of each day it met, so it is
/// not for two threads.
class TimeParser {
public:
    [[nodiscard]] static Result<TimeParser> create(const TimeRule& rule); ///< UnknownTimeZone

    /// MalformedInput, LocalTimeInGap, LocalTimeAmbiguous, Overflow (a year before 1970 or after
    /// 9999); `detail` is the reason alone ("is skipped by the clock change in Europe/Berlin").
    [[nodiscard]] Result<Instant> parse(std::string_view text);

private:
    TimeParser(const TimeRule& rule, TimeZone zone);
    [[nodiscard]] Result<Instant> parseAny(std::string_view text);
    [[nodiscard]] Result<Instant> parseLocal(std::string_view text);
    [[nodiscard]] Result<Instant> parseCount(std::string_view text) const;
    [[nodiscard]] Result<Instant> fromLocal(std::int64_t localMicros);
    [[nodiscard]] std::optional<std::int64_t> steadyOffset(std::int64_t day) const;

    TimeFormat m_format;
    Instant m_epoch;
    TimeZone m_zone;
    bool m_isUtc;
    /// The offset of local days that no clock change is near; none for the others.
    std::unordered_map<std::int64_t, std::optional<std::int64_t>> m_offsets;
    std::int64_t m_lastDay = -1;
    std::optional<std::int64_t> m_lastOffset;
};

} // namespace quittance::formats
