#pragma once

#include "core/domain/time_zone.h"
#include "core/domain/usage.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace quittance::backend {

/// The days of an account, which begin at midnight on its own wall. Remembers some hundred of them:
/// asking the zone database for every event would cost more than storing the event.
class AccountDays {
public:
    struct Day {
        Date date;
        Interval interval;
    };

    explicit AccountDays(TimeZone zone)
        : m_zone(std::move(zone))
        , m_offset(m_zone.offsetMicros(Instant {}))
    {
    }

    [[nodiscard]] const Day& at(Instant instant)
    {
        const auto wallDay = static_cast<std::size_t>((instant.micros + m_offset) / microsPerDay);
        Day& day = m_days[wallDay % m_days.size()];
        if (instant < day.interval.begin || day.interval.end <= instant)
            day = dayHolding(instant);
        return day;
    }

private:
    /// Where a clock goes back over midnight (St John's, 00:01 to 23:01), the wall shows yesterday
    /// again although today has begun; a day is what lies between two beginnings.
    [[nodiscard]] Day dayHolding(Instant instant) const
    {
        Date date = m_zone.dateAt(instant);
        while (m_zone.startOf(Date { date.days + 1 }) <= instant)
            ++date.days;
        return { date, { m_zone.startOf(date), m_zone.startOf(Date { date.days + 1 }) } };
    }

    static constexpr std::size_t daysKept = 128;
    TimeZone m_zone;
    std::int64_t m_offset;
    std::array<Day, daysKept> m_days {};
};

/// When and how much, without the words.
struct UseSpan {
    Instant start;
    Instant end;
    std::int64_t quantity = 0;
};

/// Calls visit(date, quantity, events) for every day of the account on which the use falls inside
/// `window`. Windows that tile the use give its quantity exactly, and each day counts the event
/// once, whichever window cuts the day.
template <class Visit>
void forEachDay(const UseSpan& use, Interval window, AccountDays& days, Visit visit)
{
    if (use.start == use.end) {
        if (window.begin <= use.start && use.start < window.end)
            visit(days.at(use.start).date, use.quantity, std::int64_t { 1 });
        return;
    }
    const Instant stop = std::min(use.end, window.end);
    Instant from = std::max(use.start, window.begin);
    while (from < stop) {
        const AccountDays::Day& day = days.at(from);
        const Instant to = std::min(day.interval.end, stop);
        const bool isFirstOfDay = from == std::max(use.start, day.interval.begin);
        visit(
            day.date, quantityWithin(use.start, use.end, use.quantity, { from, to }),
            std::int64_t { isFirstOfDay ? 1 : 0 }
        );
        from = to;
    }
}

} // namespace quittance::backend
