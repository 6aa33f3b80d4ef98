#include "tests/backend/usage/usage_world.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <array>
#include <atomic>
#include <functional>
#include <random>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::string_view noon = "2023-11-16T12:00:00Z";

Int128 callsOf(UsageWorld& world)
{
    Int128 sum = 0;
    for (const UsageTotal& total : world.totals())
        sum += total.meter == "calls" ? total.quantity : 0;
    return sum;
}

std::string refusalOf(const BatchReport& report)
{
    std::string text;
    for (const RefusedEvent& refused : report.refused)
        text += fmt::format("{}:{} ", refused.index, wireName(refused.error.code));
    return text;
}

} // namespace

TEST_CASE("The same event again is ignored, the same identity with other content is refused")
{
    struct Case {
        std::string what;
        std::function<void(UsageEvent&)> change;
        std::string outcome; // accepted repeated refused
    };
    const std::vector<Case> cases {
        { "the same", [](UsageEvent&) {}, "0 1 0" },
        { "another id", [](UsageEvent& e) { e.id = "e2"; }, "1 0 0" },
        { "another source", [](UsageEvent& e) { e.source = "other"; }, "1 0 0" },
        { "another quantity", [](UsageEvent& e) { e.quantity = 8; }, "0 0 1" },
        { "another meter", [](UsageEvent& e) { e.meter = "input-tokens"; }, "0 0 1" },
        { "another SKU", [](UsageEvent& e) { e.sku = "model-b"; }, "0 0 1" },
        { "no SKU", [](UsageEvent& e) { e.sku.clear(); }, "0 0 1" },
        { "another project", [](UsageEvent& e) { e.project = "p"; }, "0 0 1" },
        { "another resource", [](UsageEvent& e) { e.resource = "r"; }, "0 0 1" },
        { "a later start and end",
          [](UsageEvent& e) { e.start = e.end = at("2023-11-16T12:00:01Z"); }, "0 0 1" },
        { "a later end", [](UsageEvent& e) { e.end = at("2023-11-16T12:00:01Z"); }, "0 0 1" },
        { "the next month", [](UsageEvent& e) { e.start = e.end = at("2023-12-20T00:00:00Z"); },
          "0 0 1" },
        { "the month before", [](UsageEvent& e) { e.start = e.end = at("2023-10-12T00:00:00Z"); },
          "0 0 1" },
        { "an end in another month", [](UsageEvent& e) { e.end = at("2024-01-02T00:00:00Z"); },
          "0 0 1" },
        { "a start in another month", [](UsageEvent& e) { e.start = at("2023-09-02T00:00:00Z"); },
          "0 0 1" },
    };
    forEachDatabase([&](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        const UsageEvent first = call(account, "e1", std::string(noon), 7);
        CHECK(world.add({ first }).accepted == 1);
        for (const Case& each : cases) {
            CAPTURE(each.what);
            UsageEvent event = first;
            each.change(event);
            const auto report = world.add({ event });
            CHECK(
                fmt::format("{} {} {}", report.accepted, report.repeated, report.refused.size())
                == each.outcome
            );
            // Twice in a batch, when it is known or refused already.
            const auto twice = world.add({ event, event });
            CHECK(twice.accepted == 0);
            CHECK(twice.repeated == (each.outcome == "0 0 1" ? 0 : 2));
        }
        CHECK(callsOf(world) == 7 * 3);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Identities belong to their account")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId one = world.account("one");
        const AccountId two = world.account("two");
        const auto report
            = world.add({ call(two, "e", std::string(noon)), call(one, "e", std::string(noon), 5),
                          call(999, "e", std::string(noon)) });
        CHECK(report.accepted == 2);
        CHECK(refusalOf(report) == "2:not-found ");
        CHECK(world.totals().size() == 2);
    });
}

TEST_CASE("Within one batch the first of an identity wins, repeats count, others are refused")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        const auto report = world.add(
            { call(account, "b", std::string(noon), 1), call(account, "a", std::string(noon), 1),
              call(account, "a", std::string(noon), 1), call(account, "a", std::string(noon), 2),
              call(account, "a", "2024-02-01T00:00:00Z", 1) }
        );
        CHECK(report.accepted == 2);
        CHECK(report.repeated == 1);
        CHECK(refusalOf(report) == "3:conflict 4:conflict ");
        // What is stored decides, not what came first in the batch.
        const auto again = world.add({ call(account, "a", std::string(noon), 2),
                                       call(account, "a", std::string(noon), 1),
                                       call(account, "a", "2023-12-16T12:00:00Z", 1) });
        CHECK(again.accepted == 0);
        CHECK(again.repeated == 1);
        CHECK(refusalOf(again) == "0:conflict 2:conflict ");
        CHECK(callsOf(world) == 2);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("An event that was stored in one month before another refused it leaves nothing behind")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        CHECK(world.add({ call(account, "e", "2024-02-10T00:00:00Z") }).accepted == 1);
        UsageEvent over = pod(account, "e", "2023-12-30T00:00:00Z", "2024-02-20T00:00:00Z");
        CHECK(
            refusalOf(world.add(
                { over, pod(account, "f", "2023-12-30T00:00:00Z", "2024-02-20T00:00:00Z") }
            ))
            == "0:conflict "
        );
        CHECK(world.integer("SELECT COUNT(*) FROM usage_event_202312") == 1);
        CHECK(world.integer("SELECT COUNT(*) FROM usage_event_202401") == 1);
        CHECK(world.integer("SELECT COUNT(*) FROM usage_event_202402") == 2);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Events that no state of the system would make right are refused one by one")
{
    struct Case {
        std::string what;
        std::function<void(UsageEvent&)> change;
        std::string code;
    };
    const std::vector<Case> cases {
        { "no id", [](UsageEvent& e) { e.id.clear(); }, "invalid-argument" },
        { "a long id", [](UsageEvent& e) { e.id.assign(201, 'x'); }, "invalid-argument" },
        { "no source", [](UsageEvent& e) { e.source.clear(); }, "invalid-argument" },
        { "an unknown meter", [](UsageEvent& e) { e.meter = "horse-power"; }, "invalid-argument" },
        { "a long resource", [](UsageEvent& e) { e.resource.assign(501, 'x'); },
          "invalid-argument" },
        { "end before start", [](UsageEvent& e) { e.end.micros -= 1; }, "invalid-argument" },
        { "eleven years", [](UsageEvent& e) { e.end.micros += 4'018 * microsPerDay; },
          "invalid-argument" },
        { "before 1970", [](UsageEvent& e) { e.start = Instant { -1 }; }, "invalid-argument" },
        { "the year 2200", [](UsageEvent& e) { e.start = e.end = at("2200-01-01T00:00:00Z"); },
          "invalid-argument" },
        { "a huge quantity", [](UsageEvent& e) { e.quantity = 9'100'000'000'000'000; },
          "overflow" },
        { "a huge correction", [](UsageEvent& e) { e.quantity = -9'100'000'000'000'000; },
          "overflow" },
    };
    forEachDatabase([&](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        std::vector<UsageEvent> events;
        std::string expected;
        for (const Case& each : cases) {
            expected += fmt::format("{}:{} ", events.size(), each.code);
            events.push_back(call(account, each.what, std::string(noon)));
            each.change(events.back());
        }
        events.push_back(call(account, "good", std::string(noon)));
        const auto report = world.add(events);
        CHECK(refusalOf(report) == expected);
        CHECK(report.accepted == 1);
    });
}

TEST_CASE("Sums that leave 64 bits are an error, never a wrong number")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        constexpr std::int64_t huge = 9'000'000'000'000'000;
        std::vector<UsageEvent> events;
        events.reserve(999);
        for (int i = 0; i < 999; ++i)
            events.push_back(call(account, fmt::format("e{}", i), std::string(noon), huge));
        CHECK(world.add(events).accepted == 999);
        events.clear();
        for (int i = 1000; i < 1010; ++i)
            events.push_back(call(account, fmt::format("e{}", i), std::string(noon), huge));
        const auto here = world.context();
        const auto added = world.write([&](Transaction& tx) { return addUsage(tx, here, events); });
        CHECK(outcomeOf(added) == "overflow");
        CHECK(callsOf(world) == 999 * huge);
        CHECK(world.faults().empty());
    });
}

TEST_CASE(
    "With each event checked, only those are refused that make a day too large; totals stay exact"
)
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        constexpr std::int64_t huge = 9'000'000'000'000'000;
        constexpr int fitting = 999; // of them into a day
        std::vector<UsageEvent> events;
        events.reserve(fitting);
        for (int i = 0; i < fitting - 1; ++i)
            events.push_back(call(account, fmt::format("e{}", i), std::string(noon), huge));
        CHECK(world.add(events).accepted == fitting - 1);

        UsageEvent overMonths = call(account, "over months", "2023-11-16T00:00:00Z", huge);
        overMonths.end = at("2023-12-01T00:00:01Z");
        UsageEvent otherDay = call(account, "other day", "2023-11-17T12:00:00Z", huge);
        const UsageEvent last = call(account, "last", std::string(noon), huge);
        const UsageEvent over = call(account, "over", std::string(noon), huge);
        const UsageEvent small = call(account, "small", std::string(noon), 1);
        const std::vector<UsageEvent> batch { events.front(), last,  over,    over,
                                              overMonths,     small, otherDay };
        const auto here = world.context();
        const auto add = [&] {
            return valueOf(world.write([&](Transaction& tx) {
                return addUsage(tx, here, batch, SumCheck::EachEvent);
            }));
        };
        const BatchReport report = add();
        CHECK(report.accepted == 4);
        CHECK(report.repeated == 1);
        CHECK(refusalOf(report) == "2:overflow 3:overflow ");
        CHECK(callsOf(world) == Int128 { huge } * (fitting + 2) + 1);
        CHECK(world.faults().empty());
        const BatchReport again = add();
        CHECK(again.accepted == 0);
        CHECK(again.repeated == 5);
        CHECK(refusalOf(again) == "2:overflow 3:overflow ");
        CHECK(world.faults().empty());
    });
}

TEST_CASE("A rolled back batch leaves no word behind that a later one believes in")
{
    forEachDatabase([](TestDatabase& db) {
        UsageWorld world(db);
        const AccountId account = world.account("acme");
        const auto here = world.context();
        const std::vector<UsageEvent> events { call(account, "e", std::string(noon)) };
        const auto undone = world.write([&](Transaction& tx) -> Result<BatchReport> {
            QUITTANCE_TRY(auto report, addUsage(tx, here, events));
            return failure(ErrorCode::Cancelled, "on purpose");
        });
        CHECK(outcomeOf(undone) == "cancelled");
        UsageEvent other = events.front();
        other.sku = "another-word-first";
        CHECK(world.add({ other }).accepted == 1);
        CHECK(world.add({ call(account, "e2", std::string(noon)) }).accepted == 1);
        CHECK(world.faults().empty());
        CHECK(world.rows(account, "UTC", "2023-11-16", "2023-11-16").size() == 2);
    });
}

TEST_CASE("Batches of two threads that share accounts, words and ids lose and double nothing")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000; // a wait for a lock may be long on a busy machine
    forEachDatabase(
        [](TestDatabase& db) {
            UsageWorld world(db);
            const AccountId one = world.account("one");
            const AccountId two = world.account("two");
            constexpr int threads = 6;
            constexpr int rounds = 8;
            std::atomic<std::int64_t> accepted = 0;
            std::atomic<std::int64_t> repeated = 0;
            const auto here = world.context();
            std::array<std::string, threads> outcomes;
            runTogether(threads, [&](int thread) {
                for (int round = 0; round < rounds; ++round) {
                    std::vector<UsageEvent> events;
                    for (int i = 0; i < 20; ++i) { // every two threads bring the same
                        events.push_back(call(
                            i % 2 == 0 ? one : two, fmt::format("{}-{}-{}", thread / 2, round, i),
                            fmt::format("2023-{:02}-16T12:00:00Z", 1 + (round + i) % 12)
                        ));
                        events.back().sku = fmt::format("sku-{}", i % 5);
                    }
                    const auto report = here.database.write([&](Transaction& tx) {
                        return addUsage(tx, here, events);
                    });
                    std::string& outcome = outcomes[static_cast<std::size_t>(thread)];
                    outcome = outcome.empty() || outcome == "ok" ? outcomeOf(report) : outcome;
                    if (report) {
                        accepted += report->accepted;
                        repeated += report->repeated;
                    }
                }
            });
            for (const std::string& outcome : outcomes)
                CHECK(outcome == "ok");
            CHECK(accepted == threads / 2 * rounds * 20);
            CHECK(repeated == threads / 2 * rounds * 20);
            CHECK(callsOf(world) == threads / 2 * rounds * 20);
            CHECK(world.faults().empty());
        },
        patient
    );
}

TEST_CASE("Shuffling, splitting and repeating events changes no sum")
{
    TestDatabase db(database::Engine::Sqlite);
    UsageWorld world(db);
    int number = 0;
    const bool holds = rc::check("sums do not depend on the order of events", [&] {
        ++number;
        const AccountId ordered = world.account(fmt::format("ordered {}", number), "Europe/Berlin");
        const AccountId shuffled
            = world.account(fmt::format("shuffled {}", number), "Europe/Berlin");
        const auto count = *rc::gen::inRange<std::size_t>(1, 30);
        std::vector<UsageEvent> events;
        for (std::size_t i = 0; i < count; ++i) {
            UsageEvent event = call(ordered, fmt::format("e{}", i), "2023-10-01T00:00:00Z");
            event.start.micros += *rc::gen::inRange<std::int64_t>(0, 60 * microsPerDay);
            event.end.micros = event.start.micros
                + *rc::gen::element<std::int64_t>(0, 1, 3'600'000'000, 40 * microsPerDay);
            event.quantity = *rc::gen::inRange<std::int64_t>(-5, 1'000'000);
            event.resource = fmt::format("r{}", *rc::gen::inRange(0, 3));
            events.push_back(event);
        }
        RC_ASSERT(world.add(events).accepted == static_cast<std::int64_t>(count));
        for (UsageEvent& event : events)
            event.account = shuffled;
        std::mt19937 chance(static_cast<unsigned>(number));
        std::ranges::shuffle(events, chance);
        const auto cut = *rc::gen::inRange<std::size_t>(0, count);
        const std::vector<UsageEvent> first(
            events.begin(), events.begin() + static_cast<std::ptrdiff_t>(cut)
        );
        world.add(first);
        RC_ASSERT(
            world.add(events).accepted == static_cast<std::int64_t>(count - cut)
        ); // the first again, and the rest
        const auto expected = world.rows(ordered, "Europe/Berlin", "2023-09-01", "2024-03-01");
        RC_ASSERT(world.rows(shuffled, "Europe/Berlin", "2023-09-01", "2024-03-01") == expected);
        std::int64_t sum = 0;
        std::int64_t given = 0;
        for (const UsageRow& row : expected)
            sum += row.quantity;
        for (const UsageEvent& event : events)
            given += event.quantity;
        RC_ASSERT(sum == given);
    });
    CHECK(holds);
    CHECK(world.faults().empty());
}
