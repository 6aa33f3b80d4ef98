#include "tests/backend/usage/usage_world.h"

#include <fmt/format.h>

#include <map>
#include <set>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

std::string textOf(const std::vector<UsageRow>& rows)
{
    std::string text;
    for (const UsageRow& row : rows)
        text += fmt::format("{} {} {}\n", toText(row.day), row.quantity, row.events);
    return text;
}

constexpr std::int64_t hour = 3'600 * microsPerSecond;

} // namespace

TEST_CASE("A day is the account's own, on both daylight-saving nights")
{
    struct Case {
        std::string zone;
        std::string from;
        std::string to;
        std::string rows; // in hours of one GPU
    };
    const std::vector<Case> cases {
        { "UTC", "2023-11-16T22:00:00Z", "2023-11-17T03:00:00Z",
          "2023-11-16 2 1\n2023-11-17 3 1\n" },
        { "Europe/Berlin", "2023-10-28T20:00:00Z", "2023-10-30T01:00:00Z",
          "2023-10-28 2 1\n2023-10-29 25 1\n2023-10-30 2 1\n" },
        { "Europe/Berlin", "2024-03-30T21:00:00Z", "2024-03-31T23:00:00Z",
          "2024-03-30 2 1\n2024-03-31 23 1\n2024-04-01 1 1\n" },
        { "America/New_York", "2023-11-05T03:00:00Z", "2023-11-06T06:00:00Z",
          "2023-11-04 1 1\n2023-11-05 25 1\n2023-11-06 1 1\n" },
        // The day over a month's end in UTC is one day, and the event counts in it once.
        { "Asia/Tokyo", "2023-10-31T14:00:00Z", "2023-11-01T16:00:00Z",
          "2023-10-31 1 1\n2023-11-01 24 1\n2023-11-02 1 1\n" },
        { "America/Los_Angeles", "2023-12-31T20:00:00Z", "2024-01-01T09:00:00Z",
          "2023-12-31 12 1\n2024-01-01 1 1\n" },
    };
    forEachDatabase([&](TestDatabase& db) {
        UsageWorld world(db);
        for (const Case& each : cases) {
            CAPTURE(each.zone + " " + each.from);
            const AccountId account = world.account(each.zone + each.from, each.zone);
            CHECK(world.add({ pod(account, "p", each.from, each.to) }).accepted == 1);
            auto rows = world.rows(account, each.zone, "2023-01-01", "2024-12-31");
            const auto zone = valueOf(TimeZone::find(each.zone));
            const auto raw = world.read([&](Transaction& tx) {
                return usageRowsFromEvents(
                    tx, account, { at("2023-01-01T12:00:00Z"), at("2024-12-01T12:00:00Z") }, zone,
                    std::nullopt
                );
            });
            CHECK(rows == raw);
            for (UsageRow& row : rows)
                row.quantity /= hour;
            CHECK(textOf(rows) == each.rows);
        }
        CHECK(world.faults().empty());
    });
}

TEST_CASE("An event over many months stands in each, counts once, and is shared out exactly")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme", "Asia/Kolkata");
        UsageEvent event = pod(account, "long", "2023-11-20T03:04:05Z", "2024-02-10T06:07:08Z");
        event.quantity = 1'000'003; // does not divide by anything
        CHECK(world.add({ event }).accepted == 1);
        for (const std::string_view month : { "202311", "202312", "202401", "202402" })
            CHECK(world.integer(fmt::format("SELECT COUNT(*) FROM usage_event_{}", month)) == 1);
        std::int64_t sum = 0;
        for (const UsageRow& row : world.rows(account, "Asia/Kolkata", "2023-11-01", "2024-03-01"))
            sum += row.quantity;
        CHECK(sum == 1'000'003);
        REQUIRE(world.totals().size() == 1);
        CHECK(world.totals().front().quantity == 1'000'003);
        CHECK(world.totals().front().events == 1);
        CHECK(world.totals().front().unit == "GPU-s");
        CHECK(world.faults().empty());
    });
}

TEST_CASE("A month's usage up to a batch is what it was before later batches")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        const auto rowsUpTo = [&](std::optional<std::int64_t> batch) {
            return textOf(world.read([&](Transaction& tx) {
                return usageRowsFromEvents(
                    tx, account, { at("2023-11-01T00:00:00Z"), at("2023-12-01T00:00:00Z") },
                    TimeZone::utc(), batch
                );
            }));
        };
        world.add({ call(account, "a", "2023-11-02T00:00:00Z", 3) });
        const auto mark
            = valueOf(world.write([&](Transaction& tx) { return lockUsage(tx, account); }));
        world.add({ call(account, "b", "2023-11-02T00:00:00Z", 4) });
        CHECK(rowsUpTo(mark) == "2023-11-02 3 1\n");
        CHECK(rowsUpTo(std::nullopt) == "2023-11-02 7 2\n");
    });
}

TEST_CASE("Pages of events give every event once, with its share of the interval")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme", "Asia/Tokyo");
        std::vector<UsageEvent> events;
        std::set<std::string> expected;
        for (int i = 0; i < 25; ++i) {
            const std::string id = fmt::format("p{:02}", i);
            events.push_back(pod(
                account, id, fmt::format("2023-10-31T{:02}:30:00Z", i % 24), "2023-11-02T00:00:00Z"
            ));
            expected.insert(id);
        }
        events.push_back(pod(account, "before", "2023-10-30T00:00:00Z", "2023-10-31T15:00:00Z"));
        events.push_back(pod(account, "after", "2023-11-30T15:00:00Z", "2023-11-30T16:00:00Z"));
        UsageEvent other = pod(account, "other", "2023-11-03T00:00:00Z", "2023-11-04T00:00:00Z");
        other.sku = "gpu-pod-h100";
        events.push_back(other);
        world.add(events);
        EventFilter filter;
        filter.account = account;
        filter.interval
            = valueOf(TimeZone::find("Asia/Tokyo")).intervalOf(Month { 2023 * 12 + 10 });
        filter.meter = "gpu-seconds";
        filter.sku = "gpu-pod-a10";
        std::multiset<std::string> found;
        std::string cursor;
        int pages = 0;
        do {
            const auto page
                = world.read([&](Transaction& tx) { return usageEvents(tx, filter, cursor, 7); });
            REQUIRE(page.events.size() == page.quantitiesWithin.size());
            CHECK(page.events.size() <= 7);
            for (std::size_t i = 0; i < page.events.size(); ++i) {
                const UsageEvent& event = page.events[i];
                found.insert(event.id);
                CHECK(event.account == account);
                CHECK(
                    page.quantitiesWithin[i]
                    == quantityWithin(event.start, event.end, event.quantity, filter.interval)
                );
            }
            cursor = page.nextCursor;
            REQUIRE(++pages < 10);
        } while (!cursor.empty());
        CHECK(
            std::vector(found.begin(), found.end()) == std::vector(expected.begin(), expected.end())
        );
        CHECK(pages == 4);
        CHECK(world.read([&](Transaction& tx) { return countUsageEvents(tx, filter); }) == 25);
        filter.batchMax = 0;
        CHECK(world.read([&](Transaction& tx) { return countUsageEvents(tx, filter); }) == 0);
        filter.sku = "never seen";
        CHECK(world.read([&](Transaction& tx) { return countUsageEvents(tx, filter); }) == 0);
        CHECK(world.read([&](Transaction& tx) { return usageEvents(tx, filter, "", 7); }
        ).events.empty());
        for (const std::string bad : { "x", "1.2", "..", "24286.x.y" })
            CHECK(
                outcomeOf(db->read([&](Transaction& tx) { return usageEvents(tx, filter, bad, 7); })
                )
                == "invalid-argument"
            );
    });
}

TEST_CASE("A changed event, rollup, or a row too many or too few is found and named")
{
    struct Case {
        std::string sql;
        std::string named;
    };
    const std::vector<Case> cases {
        { "UPDATE usage_event_202311 SET quantity = quantity + 1 WHERE event_id = 'a'",
          "stored 3 of 1 events, raw usage events give 4 of 1 events" },
        { "UPDATE usage_rollup_202311 SET quantity = quantity + 1 WHERE resource = 'r'",
          "stored 4 of 1 events, raw usage events give 3 of 1 events" },
        { "DELETE FROM usage_event_202311 WHERE event_id = 'a'", "raw usage events give 0 of 0" },
        { "DELETE FROM usage_rollup_202311 WHERE resource = 'r'", "stored 0 of 0 events" },
        { "UPDATE usage_event_202311 SET started_at = started_at + 86400000000, ended_at = "
          "ended_at "
          "+ 86400000000 WHERE event_id = 'a'",
          "day 2023-11-03" },
    };
    for (const Case& each : cases) {
        forEachDatabase([&](TestDatabase& db) {
            CAPTURE(each.sql);
            UsageWorld world(db);
            const AccountId account = world.account("acme");
            UsageEvent event = call(account, "a", "2023-11-02T10:00:00Z", 3);
            event.resource = "r";
            world.add({ event, call(account, "b", "2023-11-02T11:00:00Z", 9) });
            CHECK(world.faults().empty());
            CHECK(world.execute(each.sql) == "ok");
            const auto faults = world.faults();
            CHECK(holds(faults, each.named));
            CHECK(holds(faults, "resource 'r'"));
            CHECK(holds(faults, "account 'acme'"));
        });
    }
}

TEST_CASE("Months count their events as daily sums do, by the account's calendar; old ones too")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId paris = world.account("paris", "Europe/Paris");
        world.account("without");
        const auto months = [&] {
            std::string text;
            for (const UsageMonth& month :
                 world.read([&](Transaction& tx) { return usageMonths(tx, paris); }))
                text += fmt::format("{} {}; ", toText(month.month), month.events);
            return text;
        };
        CHECK(months().empty());
        const UsageEvent late = call(paris, "late", "2023-11-30T23:30:00Z");
        world.add({ call(paris, "a", "2023-11-02T10:00:00Z"), late,
                    pod(paris, "long", "2023-11-29T12:00:00Z", "2023-12-01T12:00:00Z") });
        CHECK(months() == "2023-11 3; 2023-12 2; "); // late at night it is December there
        world.add({ late, call(paris, "b", "2023-11-03T10:00:00Z", -1) });
        CHECK(months() == "2023-11 4; 2023-12 2; ");
        CHECK(world.faults().empty());
        CHECK(world.execute("UPDATE usage_month SET events = 5 WHERE month = 24286") == "ok");
        CHECK(holds(world.faults(), "2023-11: 5 events, its daily sums have 4"));
        // A database from before there was the table.
        CHECK(world.execute("DROP TABLE usage_month") == "ok");
        CHECK(
            outcomeOf(world.write([](Transaction& tx) { return usageMonthsMigration(1).apply(tx); })
            )
            == "ok"
        );
        CHECK(months() == "2023-11 4; 2023-12 2; ");
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Two events under one key are found, however far apart they lie")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId acme = world.account("acme");
        const AccountId other = world.account("other");
        // One event in three months, and equal ids of other accounts and sources, are no fault.
        UsageEvent elsewhere = call(acme, "a", "2023-09-02T10:00:00Z");
        elsewhere.source = "other";
        world.add({ pod(acme, "long", "2023-10-20T00:00:00Z", "2023-12-20T00:00:00Z"),
                    call(acme, "a", "2023-11-02T10:00:00Z"),
                    call(other, "a", "2023-10-02T10:00:00Z"), elsewhere });
        CHECK(world.faults().empty());
        // Farther away than intake looks.
        CHECK(world.add({ call(acme, "a", "2023-02-02T10:00:00Z", 5) }).accepted == 1);
        const auto faults = world.faults();
        REQUIRE(faults.size() == 1);
        CHECK(
            faults.front()
            == fmt::format(
                "event 'a' of source 'test' of account {} stands in usage_event_202302 and with "
                "other content in usage_event_202311",
                acme
            )
        );
        // One month of an event that was changed: its days differ, and its content does.
        CHECK(
            world.execute("UPDATE usage_event_202311 SET quantity = 1 WHERE event_id = 'long'")
            == "ok"
        );
        CHECK(holds(world.faults(), "event 'long' of source 'test'"));
    });
}

TEST_CASE("Of very many equal keys the first are named, the rest counted")
{
    TestDatabase db(database::Engine::Sqlite);
    UsageWorld world(db);
    const AccountId acme = world.account("acme");
    for (const std::string month : { "2023-02", "2023-11" }) {
        std::vector<UsageEvent> events;
        events.reserve(25);
        for (int i = 0; i < 25; ++i)
            events.push_back(call(acme, fmt::format("{}", i), month + "-02T10:00:00Z"));
        CHECK(world.add(events).accepted == 25);
    }
    CHECK(world.faults().size() == 21);
    CHECK(world.faults().back() == "5 more events share a key with another");
}
