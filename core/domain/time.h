#pragma once

#include "core/domain/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace quittance {

/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. The only
/// form stored or sent inside; zones appear at the edges.
struct Instant {
    std::int64_t micros = 0;

    auto operator<=>(const Instant&) const = default;
};

constexpr std::int64_t microsPerSecond = 1'000'000;
constexpr std::int64_t microsPerDay = 86'400 * microsPerSecond;

/// Half-open: begin <= t < end.
struct Interval {
    Instant begin;
    Instant end;

    auto operator<=>(const Interval&) const = default;
};

/// A day of the proleptic Gregorian calendar in some account's zone, as days since 1970-01-01.
struct Date {
    std::int32_t days = 0;

    auto operator<=>(const Date&) const = default;
};

/// A calendar month: year * 12 + (month - 1).
struct Month {
    std::int32_t index = 0;

    auto operator<=>(const Month&) const = default;
};

struct YearMonthDay {
    int year = 1970;
    int month = 1;
    int day = 1;
};

[[nodiscard]] YearMonthDay civil(Date date);
[[nodiscard]] Result<Date> makeDate(int year, int month, int day);
[[nodiscard]] Month monthOf(Date date);
[[nodiscard]] Date firstDay(Month month);
[[nodiscard]] inline Month next(Month month, int months = 1)
{
    return Month { month.index + months };
}
/// 0 = Monday ... 6 = Sunday (ISO 8601 order).
[[nodiscard]] int weekday(Date date);
[[nodiscard]] Date mondayOf(Date date);

[[nodiscard]] std::string toText(Date date); ///< 2023-11-16
[[nodiscard]] std::string toText(Month month); ///< 2023-11
[[nodiscard]] std::string toText(Instant instant
); ///< 2023-11-16T18:15:46.680590Z; the fraction only where not zero
[[nodiscard]] Result<Date> parseDate(std::string_view text);
[[nodiscard]] Result<Month> parseMonth(std::string_view text);
/// RFC 3339 with a zone: 2023-11-16T18:15:46.6805900Z, +01:00. Digits past the sixth are cut (never
/// rounded up, so that an event does not move into the next period).
[[nodiscard]] Result<Instant> parseInstant(std::string_view text);

/// The one clock. Handed in everywhere; demo and tests set theirs.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    /// True for a clock that can be set: refused beside a real payment provider.
    [[nodiscard]] virtual bool isSandbox() const { return false; }
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
};

class SandboxClock final : public Clock {
public:
    explicit SandboxClock(Instant start)
        : m_now(start)
    {
    }
    [[nodiscard]] Instant now() const override { return m_now; }
    [[nodiscard]] bool isSandbox() const override { return true; }
    void set(Instant now) { m_now = now; }
    void advance(std::int64_t micros) { m_now.micros += micros; }

private:
    Instant m_now;
};

} // namespace quittance
