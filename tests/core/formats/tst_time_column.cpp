#include "core/formats/time_column.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

std::string parsed(const TimeRule& rule, std::string_view text)
{
    auto parser = valueOf(TimeParser::create(rule));
    const auto instant = parser.parse(text);
    return instant ? toText(*instant) : instant.error().detail;
}

TimeRule local(const char* zone)
{
    return { TimeFormat::Local, zone, {} };
}

} // namespace

TEST_CASE("Times as files write them")
{
    const auto since = [](TimeFormat format, const char* epoch) {
        return TimeRule { format, "UTC", valueOf(parseInstant(epoch)) };
    };
    const auto seconds = since(TimeFormat::Seconds, "1970-01-01T00:00:00Z");
    const auto trace = since(TimeFormat::Seconds, "2023-07-01T00:00:00Z");
    const auto millis = since(TimeFormat::Milliseconds, "1970-01-01T00:00:00Z");
    const auto micros = since(TimeFormat::Microseconds, "1970-01-01T00:00:00Z");
    const auto nanos = since(TimeFormat::Nanoseconds, "1970-01-01T00:00:00Z");
    const TimeRule rfc {};
    const std::string badLocal = "is not a time such as 2023-11-16 18:15:46.68 (without a zone)";
    const std::string badRfc
        = "is not an RFC 3339 time with a zone, such as 2023-11-16T18:15:46.68Z";
    struct Case {
        TimeRule rule;
        const char* text;
        std::string instant;
    };
    const std::vector<Case> cases {
        { rfc, "2023-11-16T18:15:46.6805900Z", "2023-11-16T18:15:46.680590Z" },
        { rfc, "2023-11-16T18:15:46.6805909+01:00", "2023-11-16T17:15:46.680590Z" },
        { rfc, "2023-11-16 18:15:46", badRfc },
        { rfc, "2023-11-16 18:15:46Z", "2023-11-16T18:15:46Z" },
        { rfc, "2023-11-16 18:15:46.68 UTC", "2023-11-16T18:15:46.680000Z" },
        { rfc, "2023-11-16 18:15:46 +0000", "2023-11-16T18:15:46Z" },
        { rfc, "2023-11-16T18:15:46+0130", "2023-11-16T16:45:46Z" },
        { rfc, "2023-11-16T18:15:46.5-01", "2023-11-16T19:15:46.500000Z" },
        { rfc, "2023-11-16 18:15:46+00", "2023-11-16T18:15:46Z" },
        { rfc, "2023-11-16T18:15Z", "2023-11-16T18:15:00Z" },
        { rfc, "2023-11-16T18:15+01:00", "2023-11-16T17:15:00Z" },
        { rfc, "2023-11-16T18:15", badRfc },
        { rfc, "2023-11-16Z", badRfc },
        { rfc, "2023-11-16T18:15:46+1", badRfc },
        { rfc, "2023-11-16T18:15:46+01000", badRfc },
        { rfc, "2023-11-16T18:15:46 CET", badRfc },
        { rfc, "UTC", badRfc },
        { local("UTC"), "2023/11/16 18:15:46", "2023-11-16T18:15:46Z" },
        { local("UTC"), "2023/11/16", "2023-11-16T00:00:00Z" },
        { local("UTC"), "2023/11-16 18:15", badLocal },
        { local("UTC"), "2023-11-16 18:15:46.6805900", "2023-11-16T18:15:46.680590Z" },
        { local("UTC"), "2023-11-30 23:59:59.9999999", "2023-11-30T23:59:59.999999Z" },
        { local("UTC"), "2023-11-16T18:15:46.6", "2023-11-16T18:15:46.600000Z" },
        { local("UTC"), "2023-11-16 18:15", "2023-11-16T18:15:00Z" },
        { local("UTC"), "2023-11-16", "2023-11-16T00:00:00Z" },
        { local("Europe/Berlin"), "2023-11-16 18:15:46", "2023-11-16T17:15:46Z" },
        { local("Europe/Berlin"), "2023-07-16 18:15:46", "2023-07-16T16:15:46Z" },
        { local("Asia/Kolkata"), "2023-07-16 05:30:00", "2023-07-16T00:00:00Z" },
        { local("Europe/Berlin"), "2023-03-26 01:59:59", "2023-03-26T00:59:59Z" },
        { local("Europe/Berlin"), "2023-03-26 02:30:00",
          "is skipped by the clock change in Europe/Berlin" },
        { local("Europe/Berlin"), "2023-03-26 03:00:00", "2023-03-26T01:00:00Z" },
        { local("Europe/Berlin"), "2023-10-29 02:30:00",
          "happens twice at the clock change in Europe/Berlin" },
        { local("Europe/Berlin"), "2023-10-29 03:00:00", "2023-10-29T02:00:00Z" },
        { local("UTC"), "2023-11-16 18:15:46Z", badLocal },
        { local("UTC"), "16.11.2023 18:15", badLocal },
        { local("UTC"), "2023-02-30 00:00:00", badLocal },
        { local("UTC"), "2023-11-16 24:00:00", badLocal },
        { local("UTC"), "", badLocal },
        { local("UTC"), "1969-12-31 23:59:59", "is not between 1970 and 9999" },
        { seconds, "1700158546", "2023-11-16T18:15:46Z" },
        { seconds, "1700158546.6805909", "2023-11-16T18:15:46.680590Z" },
        { seconds, "-1", "is not between 1970 and 9999" },
        { seconds, "99999999999999999999", "is not between 1970 and 9999" },
        { seconds, "soon", "is not a number" },
        { trace, "0", "2023-07-01T00:00:00Z" },
        { trace, "12902960", "2023-11-27T08:09:20Z" },
        { trace, "-86400", "2023-06-30T00:00:00Z" },
        { millis, "1700158546680", "2023-11-16T18:15:46.680000Z" },
        { micros, "1700158546680590", "2023-11-16T18:15:46.680590Z" },
        { nanos, "1700158546680590999", "2023-11-16T18:15:46.680590Z" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.text);
        CHECK(parsed(each.rule, each.text) == each.instant);
    }
}

TEST_CASE("The kept offsets of days give what the zone gives, every half hour of two years")
{
    for (const auto* const name :
         { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca" }) {
        CAPTURE(name);
        const auto zone = valueOf(TimeZone::find(name));
        auto parser = valueOf(TimeParser::create(local(name)));
        const auto begin = valueOf(parseInstant("2023-01-01T00:00:00Z")).micros;
        constexpr std::int64_t step = 1800 * microsPerSecond;
        int differences = 0;
        for (std::int64_t micros = begin; micros < begin + 730 * microsPerDay; micros += step) {
            auto text = toText(Instant { micros });
            text.pop_back();
            const auto expected = zone.fromLocal(micros);
            const auto found = parser.parse(text);
            const auto same = expected.has_value() == found.has_value()
                && (expected ? *expected == *found : expected.error().code == found.error().code);
            differences += same ? 0 : 1;
        }
        CHECK(differences == 0);
    }
}

TEST_CASE("A zone that nobody knows")
{
    CHECK(outcomeOf(TimeParser::create(local("Mars/Olympus"))) == "unknown-time-zone");
}
