#include "core/domain/time.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

namespace quittance {

using testing::outcomeOf;
using testing::valueOf;

namespace {

Date day(std::string_view text)
{
    return valueOf(parseDate(text));
}

Month month(std::string_view text)
{
    return valueOf(parseMonth(text));
}

/// "outcome" or the instant as text.
std::string instantText(std::string_view text)
{
    const auto instant = parseInstant(text);
    return instant ? toText(*instant) : outcomeOf(instant);
}

constexpr std::int32_t firstDayOfAll = -719'162; // 0001-01-01
constexpr std::int32_t lastDayOfAll = 2'932'896; // 9999-12-31

} // namespace

TEST_CASE("days of the calendar")
{
    CHECK(day("1970-01-01").days == 0);
    CHECK(day("1969-12-31").days == -1);
    CHECK(day("2000-03-01").days == 11'017);
    CHECK(day("0001-01-01").days == firstDayOfAll);
    CHECK(day("9999-12-31").days == lastDayOfAll);
    for (const std::string text :
         { "2023-02-29", "1900-02-29", "2100-02-29", "2023-04-31", "2023-00-01", "2023-13-01",
           "2023-01-00", "2023-01-32", "0000-01-01", "2023-1-1", "2023-01-1", "20230101",
           "2023-01-01 ", " 2023-01-01", "2023/01/01", "-2023-01-01", "", "+023-01-01",
           "2023-01-0x" }) {
        CAPTURE(text);
        CHECK(outcomeOf(parseDate(text)) == "invalid-argument");
    }
    for (const std::string text : { "2024-02-29", "2000-02-29", "1600-02-29", "2023-12-31" }) {
        CAPTURE(text);
        CHECK(toText(day(text)) == text);
    }
}

TEST_CASE("every day is the day after the one before")
{
    auto before = civil(Date { firstDayOfAll });
    int mismatches = 0;
    for (std::int32_t days = firstDayOfAll + 1; days <= lastDayOfAll; ++days) {
        const auto now = civil(Date { days });
        const bool nextDay
            = now.year == before.year && now.month == before.month && now.day == before.day + 1;
        const bool nextMonth
            = now.year == before.year && now.month == before.month + 1 && now.day == 1;
        const bool nextYear = now.year == before.year + 1 && now.month == 1 && now.day == 1
            && before.month == 12 && before.day == 31;
        const auto made = makeDate(now.year, now.month, now.day);
        if (!(nextDay || nextMonth || nextYear) || !made || made->days != days)
            ++mismatches;
        before = now;
    }
    CHECK(mismatches == 0);
}

TEST_CASE("months begin and end where the calendar says")
{
    struct Row {
        std::string month, first, last;
    };
    const std::vector<Row> rows {
        { "2023-01", "2023-01-01", "2023-01-31" }, { "2023-02", "2023-02-01", "2023-02-28" },
        { "2024-02", "2024-02-01", "2024-02-29" }, { "2100-02", "2100-02-01", "2100-02-28" },
        { "2023-11", "2023-11-01", "2023-11-30" }, { "2023-12", "2023-12-01", "2023-12-31" },
        { "0001-01", "0001-01-01", "0001-01-31" }, { "9999-12", "9999-12-01", "9999-12-31" }
    };
    for (const auto& row : rows) {
        CAPTURE(row.month);
        const auto parsed = month(row.month);
        CHECK(toText(parsed) == row.month);
        CHECK(toText(firstDay(parsed)) == row.first);
        CHECK(toText(Date { firstDay(next(parsed)).days - 1 }) == row.last);
        CHECK(monthOf(day(row.first)) == parsed);
        CHECK(monthOf(day(row.last)) == parsed);
    }
    CHECK(month("1970-01").index == 1970 * 12);
    CHECK(toText(next(month("2023-12"))) == "2024-01");
    CHECK(toText(next(month("2024-01"), -1)) == "2023-12");
    CHECK(toText(next(month("2023-03"), -14)) == "2022-01");
    for (const std::string text :
         { "2023-13", "2023-00", "2023", "2023-1", "2023-011", "0000-01" }) {
        CAPTURE(text);
        CHECK(outcomeOf(parseMonth(text)) == "invalid-argument");
    }
}

TEST_CASE("weeks begin on Monday")
{
    CHECK(weekday(day("1970-01-01")) == 3);
    CHECK(weekday(day("2023-11-13")) == 0);
    CHECK(weekday(day("2023-11-19")) == 6);
    CHECK(weekday(day("1969-12-29")) == 0);
    CHECK(weekday(day("1969-12-28")) == 6);
    CHECK(toText(mondayOf(day("2023-11-19"))) == "2023-11-13");
    CHECK(toText(mondayOf(day("2023-11-13"))) == "2023-11-13");
    CHECK(toText(mondayOf(day("1970-01-01"))) == "1969-12-29");
}

TEST_CASE("instants are read with their zone, and finer digits are cut")
{
    struct Row {
        std::string text, instant;
    };
    const std::vector<Row> rows {
        { "2023-11-16T18:15:46.6805900Z", "2023-11-16T18:15:46.680590Z" },
        { "2023-11-16T18:15:46.6805909Z", "2023-11-16T18:15:46.680590Z" },
        { "2023-11-30T23:59:59.9999999Z", "2023-11-30T23:59:59.999999Z" },
        { "2023-11-16T18:15:46Z", "2023-11-16T18:15:46Z" },
        { "2023-11-16t18:15:46z", "2023-11-16T18:15:46Z" },
        { "2023-11-16 18:15:46.5+00:00", "2023-11-16T18:15:46.500000Z" },
        { "2023-11-16T00:15:46+01:00", "2023-11-15T23:15:46Z" },
        { "2023-12-31T23:30:00-05:30", "2024-01-01T05:00:00Z" },
        { "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z" },
        { "1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z" },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
        { "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z" },
        { "2023-11-16T18:15:46", "invalid-argument" },
        { "2023-11-16T18:15Z", "invalid-argument" },
        { "2023-11-16T18:15:46.Z", "invalid-argument" },
        { "2023-11-16T24:00:00Z", "invalid-argument" },
        { "2023-11-16T23:60:00Z", "invalid-argument" },
        { "2023-11-16T23:59:60Z", "invalid-argument" },
        { "2023-02-29T00:00:00Z", "invalid-argument" },
        { "2023-11-16T18:15:46+0100", "invalid-argument" },
        { "2023-11-16T18:15:46+24:00", "invalid-argument" },
        { "2023-11-16T18:15:46Zulu", "invalid-argument" },
        { "2023-11-16", "invalid-argument" },
        { "1700158546", "invalid-argument" },
        { "", "invalid-argument" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(instantText(row.text) == row.instant);
    }
    CHECK(valueOf(parseInstant("1970-01-02T00:00:00.000001Z")).micros == microsPerDay + 1);
}

TEST_CASE("an instant that is written is read back")
{
    CHECK(rc::check([] {
        const auto micros = *rc::gen::inRange<std::int64_t>(
            firstDayOfAll * microsPerDay, (lastDayOfAll + 1) * microsPerDay
        );
        RC_ASSERT(parseInstant(toText(Instant { micros })).value() == Instant { micros });
    }));
}

TEST_CASE("the sandbox clock stands until it is set")
{
    SandboxClock clock(valueOf(parseInstant("2024-02-29T00:00:00Z")));
    CHECK(clock.isSandbox());
    clock.advance(microsPerDay);
    CHECK(toText(clock.now()) == "2024-03-01T00:00:00Z");
    clock.set(Instant { 0 });
    CHECK(clock.now().micros == 0);
    const SystemClock system;
    CHECK_FALSE(system.isSandbox());
    CHECK(system.now() > valueOf(parseInstant("2020-01-01T00:00:00Z")));
}

} // namespace quittance
