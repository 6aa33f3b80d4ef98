#include "backend/billing/billing.h"
#include "tests/backend/billing/billing_world.h"

#include <fmt/ranges.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

/// "2023-11: gpu-pod-a10 3600000000 = 2.71; ": what a bill's lines correct.
std::string correctionsOf(const Bill& bill)
{
    std::string text;
    for (const BillLine& line : bill.lines) {
        if (line.corrects)
            text += fmt::format(
                "{} {}: {} {} = {}; ", line.corrects->number, toText(line.corrects->month),
                line.sku, line.quantity, amountText(line.amount)
            );
    }
    return text;
}

std::vector<std::string> idsOf(BillingWorld& world, BillId bill, std::int32_t line)
{
    const auto page
        = world.read([&](Transaction& tx) { return lineEvents(tx, bill, line, "", 100); });
    CHECK(world.read([&](Transaction& tx) {
        return countLineEvents(tx, bill, line);
    }) == static_cast<std::int64_t>(page.events.size()));
    std::vector<std::string> ids;
    for (const UsageEvent& event : page.events)
        ids.push_back(event.id);
    return ids;
}

void checkEqual(BillingWorld& world, std::int64_t bills)
{
    const auto check = world.check();
    CHECK(check.faults == std::vector<std::string> {});
    CHECK(check.billsEqual == bills);
    CHECK(world.faults() == std::vector<std::string> {});
}

using Key = std::tuple<std::string, std::string, std::string>; // month, SKU, meter
using Sum = std::array<std::int64_t, 2>; // quantity, amount

/// What all bills of an account charge for each month, SKU and meter.
std::map<Key, Sum> chargesOf(BillingWorld& world, AccountId account)
{
    std::map<Key, Sum> sums;
    for (const BillSummary& summary :
         world.read([](Transaction& tx) { return listBills(tx, {}); })) {
        if (summary.account != account)
            continue;
        const Bill bill = world.find(summary.id);
        for (const BillLine& line : bill.lines) {
            const Month month = line.corrects ? line.corrects->month : summary.periodMonth;
            Sum& sum = sums[{ toText(month), line.sku, line.meter }];
            sum[0] += line.quantity;
            sum[1] += line.amount.minor;
        }
    }
    std::erase_if(sums, [](const auto& entry) { return entry.second == Sum {}; });
    return sums;
}

} // namespace

TEST_CASE("Late usage becomes a correction on the next open bill, which names the bill it was for")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000),
                    call(acme, "d1", "2023-12-02T00:00:00Z", 200'000) });
        const auto november = world.bill("2023-11", true)[0];
        const Bill issued = world.find(november.bill);
        UsageEvent late = call(acme, "late", "2023-11-03T00:00:00Z", 60'000);
        late.project = "ml";
        world.add({ late });
        CHECK(world.bill("2023-11", true)[0].hasLateUsage);
        CHECK(world.find(november.bill) == issued);
        const auto draft = world.bill("2023-12", true)[0];
        CHECK(draft.corrects == std::vector<std::string> { "TL-2023-000001" });
        const Bill december = world.find(draft.bill);
        CHECK(correctionsOf(december) == "TL-2023-000001 2023-11: model-a 60000 = 3.00; ");
        REQUIRE(december.lines.size() == 2);
        const BillLine& line = december.lines[1];
        CHECK(line.number == 2);
        CHECK(line.period == issued.lines[0].period);
        CHECK(line.plan == "standard");
        REQUIRE(line.steps.size() == 2);
        CHECK(line.steps[0].quantity == 160'000);
        CHECK(line.steps[1].kind == StepKind::Billed);
        CHECK(line.steps[1].name == "TL-2023-000001");
        CHECK(toText(line.steps[1].rate) == "5.00");
        CHECK(amountText(december.summary.net) == "13.00");
        CHECK(amountText(december.summary.tax) == "2.47");
        const auto costs
            = world.read([&](Transaction& tx) { return costRows(tx, december.summary.id); });
        REQUIRE(costs.size() == 2);
        CHECK(
            costs[1] == CostRow { 2, valueOf(parseDate("2023-11-03")), "ml", "", 60'000, 300, 1 }
        );
        CHECK(idsOf(world, draft.bill, 2) == std::vector<std::string> { "late" });
        CHECK(idsOf(world, november.bill, 1) == std::vector<std::string> { "c1" });
        // Running again changes nothing.
        world.bill("2023-12", true);
        CHECK(world.find(draft.bill) == december);
        CHECK(world.billJournal() == "issued drafted ");
        world.clock.set(at("2024-01-02T00:00:00Z"));
        CHECK(world.bill("2023-12", true)[0].state == BillState::Open);
        CHECK(correctionsOf(world.find(draft.bill)) == correctionsOf(december));
        CHECK_FALSE(world.bill("2023-11", true)[0].hasLateUsage);
        checkEqual(world, 2);
    });
}

TEST_CASE("Each late event is corrected once, whatever comes after it")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        world.add({ call(acme, "late1", "2023-11-03T00:00:00Z", 20'000) });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        const BillId december = world.bill("2023-12", true)[0].bill;
        CHECK(
            correctionsOf(world.find(december)) == "TL-2023-000001 2023-11: model-a 20000 = 1.00; "
        );
        world.add({ call(acme, "late2", "2023-11-04T00:00:00Z", 40'000),
                    call(acme, "back", "2023-11-02T00:00:00Z", -10'000),
                    call(acme, "j1", "2024-01-01T00:00:00Z", 900'000) });
        world.clock.set(at("2024-02-02T00:00:00Z"));
        const BillId january = world.bill("2024-01", true)[0].bill;
        CHECK(
            correctionsOf(world.find(january)) == "TL-2023-000001 2023-11: model-a 30000 = 1.50; "
        );
        CHECK(idsOf(world, december, 1) == std::vector<std::string> { "late1" });
        CHECK(idsOf(world, january, 2) == std::vector<std::string> { "back", "late2" });
        world.clock.set(at("2024-03-02T00:00:00Z"));
        CHECK(world.bill("2024-02", true)[0].bill == 0);
        checkEqual(world, 3);
    });
}

TEST_CASE("A reversing event takes back what was billed; a bill below zero waits as a draft")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000),
                    call(acme, "d1", "2023-12-02T00:00:00Z", 20'000) });
        world.bill("2023-11", true);
        world.add({ call(acme, "reversal", "2023-11-02T00:00:00Z", -100'000) });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        const auto draft = world.bill("2023-12", true)[0];
        CHECK(draft.missingFields == std::vector<std::string> { "total of zero or more" });
        const Bill december = world.find(draft.bill);
        CHECK(correctionsOf(december) == "TL-2023-000001 2023-11: model-a -100000 = -5.00; ");
        CHECK(december.lines[1].steps.size() == 1);
        world.add({ call(acme, "d2", "2023-12-03T00:00:00Z", 200'000) });
        CHECK(world.bill("2023-12", true)[0].state == BillState::Open);
        checkEqual(world, 2);
    });
}

TEST_CASE("Late usage of two bills, each with the plan of its own days, is on one bill")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        world.load("2023-11-16", "4.00");
        const AccountId acme = world.customer("acme", "Europe/Paris");
        world.add({ pod(acme, "o", "2023-10-05T00:00:00Z", "2023-10-05T10:00:00Z"),
                    pod(acme, "n", "2023-11-20T00:00:00Z", "2023-11-20T10:00:00Z") });
        world.bill("2023-10", true);
        world.bill("2023-11", true);
        world.load("2023-11-18", "100"); // known to neither bill
        // Half an hour of October by Paris, half of November: it is over midnight there.
        world.add({ pod(acme, "late", "2023-10-31T22:30:00Z", "2023-10-31T23:30:00Z"),
                    pod(acme, "old", "2023-11-15T22:00:00Z", "2023-11-16T00:00:00Z") });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        const BillId december = world.bill("2023-12", true)[0].bill;
        CHECK(
            correctionsOf(world.find(december))
            == "TL-2023-000001 2023-10: gpu-pod-a10 1800000000 = 1.36; "
               "TL-2023-000002 2023-11: gpu-pod-a10 5400000000 = 4.07; "
               "TL-2023-000002 2023-11: gpu-pod-a10 3600000000 = 3.68; "
        );
        checkEqual(world, 3);
    });
}

TEST_CASE("Late usage counts on in tiers, allowances, minimums and commitments")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        world.loadModels("2023-01-02");
        world.clock.set(at("2023-09-01T00:00:00Z")); // minimum and commitment of all of November
        const AccountId late = world.customer("late");
        const AccountId inTime = world.customer("in time");
        world.clock.set(at("2023-12-16T00:00:00Z"));
        const auto events = [](AccountId account) {
            return std::vector {
                call(account, "c1", "2023-11-02T00:00:00Z", 90'000),
                pod(account, "p1", "2023-11-10T00:00:00Z", "2023-11-10T05:00:00Z"),
                call(account, "c2", "2023-11-20T00:00:00Z", 40'000),
                pod(account, "p2", "2023-11-15T20:00:00Z", "2023-11-16T04:00:00Z"),
                call(account, "c3", "2023-11-01T00:00:00Z", -3'000),
            };
        };
        const auto all = events(late);
        world.add({ all[0], all[1] });
        world.add(events(inTime));
        CHECK(world.bill("2023-11", true)[0].number == "TL-2023-000001");
        world.add({ all[2], all[4] });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        CHECK(world.bill("2023-12", true)[0].number == "TL-2024-000001");
        world.add({ all[3] });
        world.clock.set(at("2024-02-02T00:00:00Z"));
        CHECK(world.bill("2024-01", true)[0].state == BillState::Open);
        const auto ofNovember = [&](AccountId account) {
            auto sums = chargesOf(world, account);
            std::erase_if(sums, [](const auto& entry) {
                return std::get<0>(entry.first) != "2023-11";
            });
            return sums;
        };
        CHECK(ofNovember(late) == ofNovember(inTime));
        CHECK(ofNovember(late).size() == 4);
        checkEqual(world, 6);
    });
}

TEST_CASE("What no version that the bill knew prices waits, until one does")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        UsageEvent late = call(acme, "late", "2023-11-20T00:00:00Z", 2'000'000);
        late.meter = "output-tokens";
        late.sku = "llm";
        world.add({ late });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        const auto waits = world.bill("2023-12", true)[0];
        // Nothing else is there to bill, and it is named all the same.
        CHECK(waits.bill == 0);
        REQUIRE(waits.unpriced.size() == 1);
        CHECK(waits.unpriced[0].meter == "output-tokens");
        PricePlan plan = BillingWorld::standardPlan("2023-11-16", "2.95");
        Price price = plan.prices[2];
        price.meter = "output-tokens";
        plan.prices.push_back(price);
        world.load(plan);
        const auto billed = world.bill("2023-12", true)[0];
        CHECK(
            correctionsOf(world.find(billed.bill)) == "TL-2023-000001 2023-11: llm 2000000 = 1.18; "
        );
        // What comes next is rated by the versions of that correction.
        world.add({ call(acme, "more", "2023-11-20T00:00:00Z", 100'000) });
        world.clock.set(at("2024-02-02T00:00:00Z"));
        const auto next = world.bill("2024-01", true)[0];
        const Bill january = world.find(next.bill);
        REQUIRE(january.lines.size() == 1);
        CHECK(january.lines[0].planVersion == 2);
        CHECK(amountText(january.lines[0].amount) == "5.00");
        checkEqual(world, 3);
    });
}

TEST_CASE(
    "The schedule corrects by the month that is a draft after its end, else by the present one"
)
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.clock.set(at("2023-12-10T00:00:00Z"));
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        const auto held = [&] {
            std::string text;
            for (const BillSummary& bill :
                 world.read([](Transaction& tx) { return listBills(tx, {}); })) {
                if (!correctionsOf(world.find(bill.id)).empty())
                    text += fmt::format("{} {}; ", toText(bill.periodMonth), wireName(bill.state));
            }
            return text;
        };
        world.add({ call(acme, "late", "2023-11-03T00:00:00Z", 20'000) });
        world.billBySchedule();
        CHECK(held() == "2023-12 draft; "); // the present month, which has no use of its own
        world.clock.set(at("2024-01-01T12:00:00Z"));
        world.add({ call(acme, "late2", "2023-11-30T23:59:00Z", 20'000),
                    call(acme, "j1", "2024-01-01T01:00:00Z", 20'000) });
        world.billBySchedule();
        CHECK(held() == "2023-12 draft; ");
        world.clock.set(at("2024-01-02T12:00:00Z"));
        world.billBySchedule();
        CHECK(held() == "2023-12 open; ");
        world.add({ call(acme, "late3", "2023-11-04T00:00:00Z", 20'000) });
        world.billBySchedule();
        CHECK(held() == "2023-12 open; 2024-01 draft; ");
        checkEqual(world, 2);
    });
}

TEST_CASE("A month without a bill gets one of its own; an old one waits for a person")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.clock.set(at("2023-12-16T00:00:00Z"));
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000),
                    call(acme, "o1", "2023-10-02T00:00:00Z", 100'000),
                    call(acme, "m1", "2023-05-02T00:00:00Z", 100'000) });
        world.billBySchedule();
        world.clock.set(at("2023-12-18T00:00:00Z"));
        world.billBySchedule();
        std::string states;
        for (const BillSummary& bill :
             world.read([](Transaction& tx) { return listBills(tx, {}); }))
            states += fmt::format("{} {}; ", toText(bill.periodMonth), wireName(bill.state));
        CHECK(states == "2023-05 draft; 2023-10 open; 2023-11 open; ");
        CHECK(world.bill("2023-05", true)[0].state == BillState::Open);
        checkEqual(world, 3);
    });
}

TEST_CASE("However usage is split between in time and late, each month costs the same")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        world.loadModels("2023-01-02");
        const auto made = [&](AccountId account, int i, std::int64_t minute, std::int64_t size) {
            const Instant begin { at("2023-10-28T00:00:00Z").micros
                                  + minute * 60 * microsPerSecond };
            UsageEvent event = call(account, fmt::format("e{}", i), toText(begin), size * 1'000);
            if (size % 3 != 0)
                return event;
            return pod(
                account, event.id, toText(begin),
                toText(Instant { begin.micros + (size + 60) * 600 * microsPerSecond })
            );
        };
        constexpr std::int64_t minutes = 34 * 24 * 60;
        int worlds = 0;
        const bool holds = rc::check([&] {
            const std::string zone
                = *rc::gen::element<std::string>("UTC", "Europe/Paris", "America/St_Johns");
            const AccountId inTime = world.customer(fmt::format("in time {}", ++worlds), zone);
            const AccountId late = world.customer(fmt::format("late {}", worlds), zone);
            world.clock.set(at("2023-12-05T00:00:00Z"));
            const int events = *rc::gen::inRange(1, 8);
            const std::array months { "2023-10", "2023-11", "2023-12", "2024-01", "2024-02" };
            std::vector<std::vector<UsageEvent>> rounds(months.size());
            for (int i = 0; i < events; ++i) {
                const auto minute = *rc::gen::inRange<std::int64_t>(0, minutes);
                const auto size = *rc::gen::inRange<std::int64_t>(-20, 150);
                world.add({ made(inTime, i, minute, size) });
                rounds.at(*rc::gen::inRange<std::size_t>(0, rounds.size()))
                    .push_back(made(late, i, minute, size));
            }
            for (std::size_t round = 0; round < months.size(); ++round) {
                world.clock.set(at(fmt::format("2024-0{}-02T00:00:00Z", round + 3)));
                world.add(rounds.at(round));
                for (const AccountId account : { inTime, late })
                    RC_ASSERT(!world.billOne(months.at(round), account).error.has_value());
            }
            // A month that had no use until it was late has its own bill.
            for (const std::string month : months)
                for (const AccountId account : { inTime, late })
                    RC_ASSERT(!world.billOne(month, account).error.has_value());
            RC_ASSERT(chargesOf(world, late) == chargesOf(world, inTime));
        });
        CHECK(holds);
        const auto check = world.check();
        CHECK(check.faults == std::vector<std::string> {});
    });
}

TEST_CASE("verify names each change of a correction and of what it was made from")
{
    struct Tamper {
        std::string table;
        std::string sql;
        std::string named;
    };
    const std::vector<Tamper> tampers {
        { "usage_event_202311",
          "UPDATE usage_event_202311 SET quantity = quantity + 1000 WHERE event_id = 'late'",
          "bill TL-2024-000001: line 2 (SKU 'model-a', meter 'calls') quantity is 60000, "
          "recomputed 61000" },
        { "usage_event_202311", "UPDATE usage_event_202311 SET batch = 1 WHERE event_id = 'late'",
          "bill TL-2024-000001: it has 2 lines, recomputed 1" },
        { "bill_line",
          "UPDATE bill_line SET net_minor = net_minor + 1 WHERE bill_id = 2 AND line = 2",
          "bill TL-2024-000001: line 2 (SKU 'model-a', meter 'calls') amount is" },
        { "bill_line_correction", "UPDATE bill_line_correction SET billed_nanos = 4",
          "bill TL-2024-000001: line 2 (SKU 'model-a', meter 'calls') step 2 is 'billed" },
        { "bill_line_correction", "DELETE FROM bill_line_correction",
          "line 2 (SKU 'model-a', meter 'calls') corrected bill is 'none', recomputed "
          "'TL-2023-000001, 2023-11'" },
        { "bill_correction", "UPDATE bill_correction SET usage_events = 7",
          "number of usage events of bill TL-2023-000001, which it corrects, is 7, recomputed 2" },
        { "cost_row", "UPDATE cost_row SET day = day + 1 WHERE bill_id = 2 AND line = 2",
          "cost row (line 2, 2023-11-03, project '', resource '') is missing" },
        { "price", "UPDATE price SET rate_nanos = rate_nanos * 2 WHERE meter = 'calls'",
          "bill TL-2024-000001: line 2 (SKU 'model-a', meter 'calls') amount is 3.00 USD, "
          "recomputed 6.00 USD" },
        { "bill", "UPDATE bill SET usage_batch = usage_batch - 1 WHERE id = 2",
          "bill TL-2024-000001: it has 2 lines, recomputed 1" },
        { "usage_month", "UPDATE usage_month SET events = events + 1 WHERE month = 24286",
          "usage_month of account 1, 2023-11: 3 events, its daily sums have 2" },
    };
    for (const Tamper& tamper : tampers) {
        CAPTURE(tamper.sql);
        forEachDatabase([&](TestDatabase& db) {
            BillingWorld world(db);
            const AccountId acme = world.customer("acme");
            world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000),
                        call(acme, "d1", "2023-12-02T00:00:00Z", 200'000) });
            world.bill("2023-11", true);
            world.add({ call(acme, "late", "2023-11-03T00:00:00Z", 60'000) });
            world.clock.set(at("2024-01-02T00:00:00Z"));
            world.bill("2023-12", true);
            checkEqual(world, 2);
            world.changeDespiteGuards(tamper.table, tamper.sql);
            auto faults = world.check().faults;
            const auto more = world.faults();
            faults.insert(faults.end(), more.begin(), more.end());
            CAPTURE(fmt::format("{}", fmt::join(faults, "\n")));
            CHECK(std::ranges::any_of(faults, [&](const std::string& fault) {
                return fault.find(tamper.named) != std::string::npos;
            }));
        });
    }
}

TEST_CASE("What an issued bill corrects cannot be changed in the database")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        world.add({ call(acme, "late", "2023-11-03T00:00:00Z", 60'000) });
        world.clock.set(at("2024-01-02T00:00:00Z"));
        world.bill("2023-12", true);
        for (const std::string sql :
             { "UPDATE bill_line_correction SET billed_nanos = 4",
               "DELETE FROM bill_line_correction", "UPDATE bill_correction SET usage_events = 7",
               "DELETE FROM bill_correction" }) {
            CAPTURE(sql);
            CHECK_FALSE(world.write([&](Transaction& tx) { return tx.execute(sql); }).has_value());
        }
    });
}
