#include "core/domain/time_zone.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cctype>
#include <string>
#include <vector>

namespace quittance {

using testing::detailOf;
using testing::outcomeOf;
using testing::valueOf;

namespace {

constexpr std::int64_t microsPerHour = 3'600 * microsPerSecond;

TimeZone zone(std::string_view name)
{
    return valueOf(TimeZone::find(name));
}

Date day(std::string_view text)
{
    return valueOf(parseDate(text));
}

Instant instant(std::string_view text)
{
    return valueOf(parseInstant(text));
}

/// The instant of a wall-clock time, as text, or why there is none.
std::string fromWall(const TimeZone& in, const std::string& wall)
{
    const auto found = in.fromLocal(instant(wall + "Z").micros);
    return found ? toText(*found) : outcomeOf(found);
}

std::int64_t hoursOf(const TimeZone& in, std::string_view date)
{
    const auto begin = in.startOf(day(date));
    const auto end = in.startOf(Date { day(date).days + 1 });
    return (end.micros - begin.micros) / microsPerHour;
}

} // namespace

TEST_CASE("both clock-change nights: when days begin and how long they are")
{
    struct Row {
        std::string zone, day, begins;
        std::int64_t hours;
    };
    const std::vector<Row> rows {
        { "Europe/Berlin", "2024-03-31", "2024-03-30T23:00:00Z", 23 },
        { "Europe/Berlin", "2024-10-27", "2024-10-26T22:00:00Z", 25 },
        { "America/New_York", "2024-03-10", "2024-03-10T05:00:00Z", 23 },
        { "America/New_York", "2024-11-03", "2024-11-03T04:00:00Z", 25 },
        // Midnight itself is skipped: the day begins at 01:00.
        { "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23 },
        { "America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25 },
        { "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z", 24 },
        { "Asia/Beirut", "2023-03-26", "2023-03-25T22:00:00Z", 23 },
        { "Asia/Beirut", "2023-10-28", "2023-10-27T21:00:00Z", 25 },
        // Midnight happens twice, at 00:00 and after 01:00: the day begins at the first.
        { "America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", 25 },
        // Half an hour of change: 24.5 and 23.5 hours.
        { "Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z", 24 },
        { "Australia/Lord_Howe", "2024-10-06", "2024-10-05T13:30:00Z", 23 },
        // The day that Samoa left out when it crossed the date line.
        { "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0 },
        { "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24 },
        { "UTC", "2024-03-31", "2024-03-31T00:00:00Z", 24 },
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.day);
        CHECK(toText(zone(row.zone).startOf(day(row.day))) == row.begins);
        CHECK(hoursOf(zone(row.zone), row.day) == row.hours);
    }
}

TEST_CASE("wall-clock times that are skipped or repeated are refused")
{
    struct Row {
        std::string zone, wall, instant;
    };
    const std::vector<Row> rows {
        { "Europe/Berlin", "2024-03-31T01:59:59.999999", "2024-03-31T00:59:59.999999Z" },
        { "Europe/Berlin", "2024-03-31T02:00:00", "local-time-in-gap" },
        { "Europe/Berlin", "2024-03-31T02:59:59.999999", "local-time-in-gap" },
        { "Europe/Berlin", "2024-03-31T03:00:00", "2024-03-31T01:00:00Z" },
        { "Europe/Berlin", "2024-10-27T01:59:59", "2024-10-26T23:59:59Z" },
        { "Europe/Berlin", "2024-10-27T02:00:00", "local-time-ambiguous" },
        { "Europe/Berlin", "2024-10-27T02:59:59.999999", "local-time-ambiguous" },
        { "Europe/Berlin", "2024-10-27T03:00:00", "2024-10-27T02:00:00Z" },
        { "America/New_York", "2024-03-10T02:30:00", "local-time-in-gap" },
        { "America/New_York", "2024-11-03T01:30:00", "local-time-ambiguous" },
        { "America/Sao_Paulo", "2018-11-04T00:00:00", "local-time-in-gap" },
        { "America/Sao_Paulo", "2018-11-04T00:59:59", "local-time-in-gap" },
        { "America/Sao_Paulo", "2018-11-04T01:00:00", "2018-11-04T03:00:00Z" },
        { "America/Sao_Paulo", "2018-02-17T23:00:00", "local-time-ambiguous" },
        { "America/Sao_Paulo", "2018-02-18T00:00:00", "2018-02-18T03:00:00Z" },
        { "Asia/Beirut", "2023-03-26T00:30:00", "local-time-in-gap" },
        { "Asia/Beirut", "2023-10-28T23:30:00", "local-time-ambiguous" },
        { "Australia/Lord_Howe", "2024-10-06T02:15:00", "local-time-in-gap" },
        { "Australia/Lord_Howe", "2024-04-07T01:45:00", "local-time-ambiguous" },
        { "UTC", "2024-03-31T02:30:00", "2024-03-31T02:30:00Z" },
        { "Asia/Kolkata", "2024-03-31T02:30:00", "2024-03-30T21:00:00Z" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.wall);
        CHECK(fromWall(zone(row.zone), row.wall) == row.instant);
    }
    const auto gap = zone("Europe/Berlin").fromLocal(instant("2024-03-31T02:30:00Z").micros);
    CHECK(detailOf(gap) == "2024-03-31T02:30:00 does not exist in Europe/Berlin: clocks skip it");
}

TEST_CASE("the day on the wall")
{
    struct Row {
        std::string zone, instant, day;
    };
    const std::vector<Row> rows {
        { "Europe/Berlin", "2023-11-30T22:59:59.999999Z", "2023-11-30" },
        { "Europe/Berlin", "2023-11-30T23:00:00Z", "2023-12-01" },
        { "America/Los_Angeles", "2024-03-01T07:59:59Z", "2024-02-29" },
        { "America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17" }, // 23:30 for the second time
        { "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04" },
        // Clocks went back at 00:01, so 23:30 of the 6th comes again after the 7th has begun: the
        // 7th goes on.
        { "America/St_Johns", "2010-11-07T02:29:59Z", "2010-11-06" },
        { "America/St_Johns", "2010-11-07T02:30:30Z", "2010-11-07" },
        { "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07" },
        { "America/St_Johns", "2010-11-08T03:29:59Z", "2010-11-07" },
        { "UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.instant);
        CHECK(toText(zone(row.zone).dateAt(instant(row.instant))) == row.day);
    }
}

TEST_CASE("days tile time: each instant lies between the begin of its day and the next")
{
    const std::vector<std::string> names { "Europe/Berlin",       "America/Sao_Paulo",
                                           "Asia/Beirut",         "America/St_Johns",
                                           "America/Havana",      "Pacific/Apia",
                                           "Australia/Lord_Howe", "Asia/Kolkata",
                                           "Africa/Casablanca",   "UTC" };
    CHECK(rc::check([&names] {
        const auto here = zone(*rc::gen::elementOf(names));
        const auto hour = *rc::gen::inRange<std::int64_t>(300'000, 570'000); // 2004 to 2035
        const Instant now { hour * microsPerHour
                            + *rc::gen::inRange<std::int64_t>(0, microsPerHour) };
        const auto date = here.dateAt(now);
        RC_ASSERT(here.startOf(date) <= now);
        RC_ASSERT(now < here.startOf(Date { date.days + 1 }));
        const auto wall = now.micros + here.offsetMicros(now);
        const auto back = here.fromLocal(wall);
        RC_ASSERT((back ? *back == now : back.error().code == ErrorCode::LocalTimeAmbiguous));
    }));
}

TEST_CASE("all hours of two clock changes lie in their day")
{
    int outside = 0;
    const auto here = zone("America/St_Johns");
    const auto begin = instant("2010-11-05T00:00:00Z");
    for (std::int64_t minute = 0; minute < 5 * 24 * 60; ++minute) {
        const Instant now { begin.micros + minute * 60 * microsPerSecond };
        const auto date = here.dateAt(now);
        if (now < here.startOf(date) || here.startOf(Date { date.days + 1 }) <= now)
            ++outside;
    }
    CHECK(outside == 0);
}

TEST_CASE("months are from midnight to midnight on the wall")
{
    const auto march = zone("Europe/Berlin").intervalOf(valueOf(parseMonth("2024-03")));
    CHECK(toText(march.begin) == "2024-02-29T23:00:00Z");
    CHECK(toText(march.end) == "2024-03-31T22:00:00Z");
    const auto november = TimeZone::utc().intervalOf(valueOf(parseMonth("2023-11")));
    CHECK(toText(november.begin) == "2023-11-01T00:00:00Z");
    CHECK(toText(november.end) == "2023-12-01T00:00:00Z");
}

TEST_CASE("offsets follow the clock")
{
    const auto berlin = zone("Europe/Berlin");
    CHECK(berlin.offsetMicros(instant("2024-03-31T00:59:59Z")) == microsPerHour);
    CHECK(berlin.offsetMicros(instant("2024-03-31T01:00:00Z")) == 2 * microsPerHour);
    CHECK(TimeZone::utc().offsetMicros(instant("2024-03-31T01:00:00Z")) == 0);
}

TEST_CASE("an unknown zone is named")
{
    for (const std::string name :
         { "Mars/Olympus", "", "europe/berlin", "../../etc/passwd", "Europe", "localtime",
           "posixrules", "posix/Europe/Berlin", "right/UTC" }) {
        CAPTURE(name);
        const auto found = TimeZone::find(name);
        CHECK(outcomeOf(found) == "unknown-time-zone");
        CHECK(detailOf(found).find("'" + name + "'") != std::string::npos);
    }
    CHECK(zone("UTC").name() == "UTC");
    CHECK(zone("Europe/Berlin").name() == "Europe/Berlin");
}

TEST_CASE("the version of the zone data is a year and a letter")
{
    const auto version = TimeZone::dataVersion();
    CAPTURE(version);
    REQUIRE(version.size() >= 5);
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(std::isdigit(static_cast<unsigned char>(version[i])) != 0);
    CHECK(std::islower(static_cast<unsigned char>(version[4])) != 0);
}

} // namespace quittance
