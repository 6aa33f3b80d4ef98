#include "tests/backend/billing/billing_world.h"

#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <set>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

std::string ledgerOf(BillingWorld& world)
{
    std::string text;
    for (const LedgerBalance& balance :
         world.read([](Transaction& tx) { return ledgerBalances(tx); }))
        text += fmt::format("{} {}; ", wireName(balance.ledgerAccount), toText(balance.amount));
    return text;
}

} // namespace

TEST_CASE("A month becomes a draft, then a numbered bill with postings and documents")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme", "Europe/Paris");
        world.customer("idle");
        world.add({ pod(acme, "p1", "2023-11-02T00:00:00Z", "2023-11-02T10:00:00Z"),
                    call(acme, "c1", "2023-11-30T22:59:59Z", 1'234'567),
                    call(acme, "c2", "2023-11-30T23:00:00Z", 9) }); // December in Paris
        auto outcomes = world.bill("2023-11", false);
        REQUIRE(outcomes.size() == 2);
        CHECK(outcomes[0].state == BillState::Draft);
        CHECK(outcomes[0].number.empty());
        CHECK(outcomes[1].bill == 0); // no bill for no use
        const BillId id = outcomes[0].bill;
        CHECK(world.billJournal() == "drafted ");
        CHECK(ledgerOf(world).empty());

        outcomes = world.bill("2023-11", true);
        CHECK(outcomes[0].bill == id);
        CHECK(outcomes[0].number == "TL-2023-000001");
        CHECK(world.billJournal() == "drafted issued ");
        const Bill bill = world.find(id);
        REQUIRE(bill.lines.size() == 2);
        CHECK(bill.lines[0].name == "A10 pods, on demand");
        CHECK(amountText(bill.lines[0].amount) == "27.14"); // 10 h x 2.95 - 8%
        CHECK(amountText(bill.lines[1].amount) == "61.73"); // 1234.567 x 0.05 = 61.72835
        CHECK(amountText(bill.summary.net) == "88.87");
        CHECK(amountText(bill.summary.tax) == "16.89"); // 16.8853
        CHECK(amountText(bill.summary.total) == "105.76");
        CHECK(bill.summary.open == bill.summary.total);
        CHECK(bill.summary.state == BillState::Open);
        CHECK(toText(*bill.summary.issued) == "2023-12-16");
        CHECK(toText(*bill.summary.due) == "2023-12-30");
        CHECK(bill.buyer.legalName == "Acme SARL");
        CHECK(bill.seller.legalName == "Testlake GmbH");
        CHECK(
            ledgerOf(world) == "receivable 105.76 USD; revenue -88.87 USD; tax-payable -16.89 USD; "
        );
        for (const std::string format : { "pdf", "csv", "json" })
            CHECK(!world
                       .read([&](Transaction& tx) {
                           return billDocument(tx, world.brand, id, format);
                       })
                       .empty());
        CHECK(
            outcomeOf(db->read([&](Transaction& tx) {
                return billDocument(tx, world.brand, id, "docx");
            }))
            == "invalid-argument"
        );
        const auto byNumber
            = world.read([](Transaction& tx) { return findBillByNumber(tx, "TL-2023-000001"); });
        CHECK(byNumber == bill);
        CHECK(world.check().billsEqual == 1);
        CHECK(world.check().faults.empty());

        // Again: nothing changes.
        outcomes = world.bill("2023-11", true);
        CHECK(outcomes[0].alreadyIssued);
        CHECK(!outcomes[0].hasLateUsage);
        CHECK(world.find(id) == bill);
        CHECK(world.billJournal() == "drafted issued ");
    });
}

TEST_CASE("A draft is replaced when something of it changed, and only then journalled")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        const std::vector<UsageEvent> first { call(acme, "c1", "2023-12-02T00:00:00Z", 100'000) };
        world.add(first);
        const auto outcome = world.bill("2023-12", true)[0];
        const BillId id = outcome.bill;
        CHECK(outcome.waitsForItsEnd);
        CHECK(world.find(id).summary.state == BillState::Draft);
        world.bill("2023-12", false);
        world.add(first); // repeated: another batch, nothing new
        world.bill("2023-12", false);
        CHECK(world.billJournal() == "drafted ");
        world.add({ call(acme, "c2", "2023-12-03T00:00:00Z", 100'000) });
        CHECK(world.bill("2023-12", false)[0].bill == id);
        CHECK(amountText(world.find(id).summary.net) == "10.00");
        CHECK(world.billJournal() == "drafted drafted ");
        // A correction takes it all back: the draft goes.
        world.add({ call(acme, "c3", "2023-12-03T00:00:00Z", -200'000) });
        CHECK(world.bill("2023-12", false)[0].bill == 0);
        CHECK(
            outcomeOf(db->read([&](Transaction& tx) { return findBill(tx, id); })) == "not-found"
        );
        CHECK(world.billJournal() == "drafted drafted dropped ");
        CHECK(world.read([](Transaction& tx) { return listBills(tx, {}); }).empty());
    });
}

TEST_CASE("Drafts are of the month that each account's own calendar shows, by its own midnights")
{
    struct Case {
        std::string now;
        std::string drafts; ///< zone, month: where it has a draft for this month
    };
    // 14 hours ahead, no offset, 11 hours behind; used at noon of each day, UTC.
    const std::vector<std::string> zones { "Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago" };
    const std::vector<Case> cases {
        { "2023-11-30T09:59:59Z", "Kiritimati 2023-11; UTC 2023-11; Pago_Pago 2023-11; " },
        // Midnight in Kiritimati: what it used before is of November and stays a draft of it.
        { "2023-11-30T10:00:00Z", "Kiritimati 2023-11; UTC 2023-11; Pago_Pago 2023-11; " },
        { "2023-11-30T12:00:00Z",
          "Kiritimati 2023-11; Kiritimati 2023-12; UTC 2023-11; Pago_Pago 2023-11; " },
        { "2023-12-01T10:59:59Z",
          "Kiritimati 2023-11; Kiritimati 2023-12; UTC 2023-11; Pago_Pago 2023-11; " },
        { "2023-12-01T12:00:00Z",
          "Kiritimati 2023-11; Kiritimati 2023-12; UTC 2023-11; UTC 2023-12; "
          "Pago_Pago 2023-11; Pago_Pago 2023-12; " },
    };
    const BillSchedule notYet { 0, 30 * microsPerDay };
    forEachDatabase([&](TestDatabase& db) {
        BillingWorld world(db);
        std::vector<AccountId> accounts;
        accounts.reserve(zones.size());
        for (const std::string& zone : zones)
            accounts.push_back(world.customer(zone, zone));
        for (const Case& each : cases) {
            CAPTURE(each.now);
            world.clock.set(at(each.now));
            for (const AccountId account : accounts) // what was used by now
                for (const std::string day : { "11-29", "11-30", "12-01" }) {
                    const std::string noon = "2023-" + day + "T12:00:00Z";
                    if (at(noon) <= at(each.now))
                        world.add({ call(account, day, noon, 1000) });
                }
            for (const BillRunOutcome& outcome : world.billBySchedule(notYet))
                CHECK_FALSE(outcome.error.has_value());
            std::string drafts;
            for (const std::string& zone : zones)
                for (const BillSummary& draft :
                     world.read([](Transaction& tx) { return listBills(tx, {}); })) {
                    if (draft.accountName != zone)
                        continue;
                    CHECK(draft.state == BillState::Draft);
                    drafts += fmt::format(
                        "{} {}; ", zone.substr(zone.find('/') + 1), toText(draft.periodMonth)
                    );
                    const Bill bill = world.find(draft.id);
                    CHECK(
                        draft.period == valueOf(TimeZone::find(zone)).intervalOf(draft.periodMonth)
                    );
                    CHECK(bill.timeZone == zone);
                    CHECK(bill.timeZoneVersion == TimeZone::dataVersion());
                }
            CHECK(drafts == each.drafts);
        }
    });
}

TEST_CASE("The month before is refreshed while it has a draft; what is issued stays as it is")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        const AccountId other = world.customer("other");
        world.clock.set(at("2023-11-30T23:50:00Z"));
        world.add({ call(acme, "c1", "2023-11-30T10:00:00Z", 100'000),
                    call(other, "c1", "2023-11-30T10:00:00Z", 100'000) });
        world.billBySchedule();
        world.clock.set(at("2023-12-01T00:05:00Z"));
        const BillId issued = world.billOne("2023-11", other).bill;
        world.add({ call(acme, "c2", "2023-11-30T23:59:00Z", 100'000),
                    call(other, "c2", "2023-11-30T23:59:00Z", 100'000) });
        world.billBySchedule();
        const auto bills = world.read([](Transaction& tx) { return listBills(tx, {}); });
        REQUIRE(bills.size() == 3);
        CHECK(bills[0].state == BillState::Draft);
        CHECK(amountText(bills[0].net) == "10.00");
        CHECK(bills[1].id == issued);
        CHECK(amountText(bills[1].net) == "5.00");
        CHECK(bills[2].account == other); // December's corrects what was issued
        CHECK(toText(bills[2].periodMonth) == "2023-12");
        CHECK(amountText(bills[2].net) == "5.00");
        CHECK(world.billJournal() == "drafted drafted issued drafted drafted ");
        // An account whose zone this computer no longer knows keeps no other from its drafts.
        world.changeDespiteGuards(
            "account", "UPDATE account SET time_zone = 'Mars/Base' WHERE name = 'acme'"
        );
        world.add({ call(other, "c3", "2023-12-01T00:00:01Z", 100'000) });
        const auto outcomes = world.billBySchedule();
        // Of the other: October, of which there is nothing, and December; November is issued.
        REQUIRE(outcomes.size() == 3);
        CHECK(outcomes[0].error.has_value());
        CHECK(outcomes[1].bill == 0);
        CHECK(outcomes[2].account == other);
        CHECK(outcomes[2].bill == bills[2].id);
    });
}

TEST_CASE("A month is issued by itself once its draft has stood, and once only")
{
    struct Case {
        std::string now;
        std::string state; ///< of November's bill
        std::string net;
    };
    // Berlin: November ends at 23:00 UTC. An hour is collected, a day is for looking.
    const std::vector<Case> cases {
        { "2023-11-30T22:59:00Z", "draft", "5.00" },  { "2023-12-01T00:00:00Z", "draft", "5.00" },
        { "2023-12-01T23:59:59Z", "draft", "10.00" }, // with what came in late
        { "2023-12-02T00:00:00Z", "open", "10.00" },  { "2023-12-02T00:15:00Z", "open", "10.00" },
        { "2024-01-02T00:00:00Z", "open", "10.00" },
    };
    forEachDatabase([&](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme", "Europe/Berlin");
        world.clock.set(at("2023-11-30T12:00:00Z"));
        world.add({ call(acme, "c1", "2023-11-30T10:00:00Z", 100'000) });
        for (const Case& each : cases) {
            CAPTURE(each.now);
            world.clock.set(at(each.now));
            if (each.now == "2023-12-01T23:59:59Z")
                world.add({ call(acme, "c2", "2023-11-30T22:30:00Z", 100'000) });
            world.billBySchedule();
            const auto bills = world.read([](Transaction& tx) { return listBills(tx, {}); });
            REQUIRE(bills.size() == 1);
            CHECK(wireName(bills[0].state) == each.state);
            CHECK(amountText(bills[0].net) == each.net);
        }
        CHECK(world.billJournal() == "drafted drafted issued ");
        CHECK(world.check().billsEqual == 1);
    });
}

TEST_CASE("A draft that is made late stands its time all the same; an incomplete one waits on")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        const AccountId bare = world.account("bare");
        world.clock.set(at("2023-12-20T12:00:00Z")); // nobody was running for three weeks
        world.add({ call(acme, "c1", "2023-11-30T10:00:00Z", 100'000),
                    call(bare, "c1", "2023-11-30T10:00:00Z", 100'000) });
        const auto states = [&] {
            std::string text;
            for (const BillSummary& bill :
                 world.read([](Transaction& tx) { return listBills(tx, {}); }))
                text += fmt::format("{} {}; ", bill.accountName, wireName(bill.state));
            return text;
        };
        world.billBySchedule();
        CHECK(states() == "acme draft; bare draft; ");
        world.clock.set(at("2023-12-21T11:59:59Z"));
        world.billBySchedule();
        CHECK(states() == "acme draft; bare draft; ");
        world.clock.set(at("2023-12-21T12:00:00Z"));
        world.billBySchedule();
        CHECK(states() == "acme open; bare draft; ");
        // Half a year later the profile is complete: the next run sees it, the one after issues.
        world.clock.set(at("2024-06-10T12:00:00Z"));
        world.change(bare, BillingWorld::profile());
        world.billBySchedule();
        world.billBySchedule();
        CHECK(states() == "acme open; bare open; ");
    });
}

TEST_CASE("The schedule is configurable; at once is possible too")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.clock.set(at("2023-12-01T00:00:00Z"));
        world.add({ call(acme, "c1", "2023-11-30T10:00:00Z", 100'000) });
        const BillSchedule atOnce { 0, 0 };
        world.billBySchedule(atOnce);
        world.billBySchedule(atOnce);
        const auto bills = world.read([](Transaction& tx) { return listBills(tx, {}); });
        REQUIRE(bills.size() == 1);
        CHECK(bills[0].state == BillState::Open);
    });
}

TEST_CASE("A bill that lacks a field waits as a draft and says which")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.account("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        auto outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.state == BillState::Draft);
        CHECK(
            outcome.missingFields
            == std::vector<std::string> { "legalName", "addressLines", "country", "emails" }
        );
        CHECK(world.find(outcome.bill).summary.missingFields == outcome.missingFields);
        world.change(acme, BillingWorld::profile());
        outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.number == "TL-2023-000001");
        CHECK(outcome.missingFields.empty());
        // What the customer changes later alters no bill.
        const Bill issued = world.find(outcome.bill);
        auto moved = BillingWorld::profile();
        moved.legalName = "Acme & Sons";
        world.change(acme, moved);
        world.bill("2023-11", true);
        CHECK(world.find(outcome.bill) == issued);
    });
}

TEST_CASE("Use that no plan prices is accepted and named, and its bill waits for the price")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        UsageEvent unknown = pod(acme, "p", "2023-11-02T00:00:00Z", "2023-11-02T01:00:00Z");
        unknown.sku = "gpu-pod-of-tomorrow";
        world.add({ unknown });
        auto outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.bill == 0);
        REQUIRE(outcome.unpriced.size() == 1);
        world.add({ call(acme, "c", "2023-11-02T00:00:00Z", 100'000) });
        for (int i = 0; i < 2; ++i) {
            outcome = world.bill("2023-11", true)[0];
            CHECK(outcome.state == BillState::Draft);
            CHECK(outcome.number.empty());
            const std::vector<std::string> lacking { "price of gpu-seconds gpu-pod-of-tomorrow" };
            CHECK(outcome.missingFields == lacking);
            CHECK(world.find(outcome.bill).summary.missingFields == lacking);
            REQUIRE(outcome.unpriced.size() == 1);
            CHECK(outcome.unpriced[0].sku == "gpu-pod-of-tomorrow");
            CHECK(outcome.unpriced[0].quantity == unknown.quantity);
        }
        PricePlan priced = valueOf(db->read(listPlans)).front();
        priced.effective = valueOf(parseDate("2023-01-02"));
        priced.prices.push_back(priced.prices.front());
        priced.prices.back().sku = "gpu-pod-of-tomorrow";
        world.load(priced);
        outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.number == "TL-2023-000001");
        CHECK(outcome.unpriced.empty());
        CHECK(world.find(outcome.bill).lines.size() == 2);
        CHECK(world.check().faults.empty());
    });
}

TEST_CASE("A negative total is never issued: it waits as a draft that says so")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", -100'000) });
        auto outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.state == BillState::Draft);
        CHECK(outcome.number.empty());
        CHECK(outcome.missingFields == std::vector<std::string> { "total of zero or more" });
        CHECK(!outcome.waitsForItsEnd);
        world.add({ call(acme, "c2", "2023-11-03T00:00:00Z", 100'000'000) });
        outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.state == BillState::Open);
        CHECK(outcome.missingFields.empty());
        CHECK(world.check().faults.empty());
    });
}

TEST_CASE("Usage that comes after the issue is reported and changes nothing")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000) });
        const BillId id = world.bill("2023-11", true)[0].bill;
        const Bill issued = world.find(id);
        // Even where the late events cancel each other.
        world.add({ call(acme, "late1", "2023-11-03T00:00:00Z", 5),
                    call(acme, "late2", "2023-11-03T00:00:00Z", -5) });
        const auto outcome = world.bill("2023-11", true)[0];
        CHECK(outcome.alreadyIssued);
        CHECK(outcome.hasLateUsage);
        CHECK(world.find(id) == issued);
        CHECK(world.check().billsEqual == 1); // computed again up to its own batch
        CHECK(world.faults().empty());
        // The line shows the events that made it, not those that came later.
        const auto page
            = world.read([&](Transaction& tx) { return lineEvents(tx, id, 1, "", 10); });
        REQUIRE(page.events.size() == 1);
        CHECK(page.events[0].id == "c1");
    });
}

TEST_CASE(
    "A plan version that begins inside the month splits the line; later versions change no bill"
)
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        world.load("2023-11-16", "4.00");
        const AccountId acme = world.customer("acme");
        world.add({ pod(acme, "p", "2023-11-15T12:00:00Z", "2023-11-16T12:00:00Z") });
        const BillId id = world.bill("2023-11", true)[0].bill;
        const Bill bill = world.find(id);
        REQUIRE(bill.lines.size() == 2);
        CHECK(bill.lines[0].planVersion == 1);
        CHECK(amountText(bill.lines[0].amount) == "32.57"); // 12 h x 2.95 - 8% = 32.568
        CHECK(bill.lines[1].planVersion == 2);
        CHECK(amountText(bill.lines[1].amount) == "44.16");
        world.load("2024-01-01", "9.99");
        CHECK(world.check().billsEqual == 1);
    });
}

TEST_CASE("What was issued cannot be changed in the database; what is paid can")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme");
        world.add({ call(acme, "c1", "2023-11-02T00:00:00Z", 100'000),
                    call(acme, "c2", "2023-12-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        world.bill("2023-12", false);
        for (const std::string table : { "bill", "bill_line", "bill_tax", "bill_party", "bill_plan",
                                         "cost_row", "bill_document" }) {
            CAPTURE(table);
            const std::string key = table == "bill" ? "id" : "bill_id";
            CHECK(
                world.execute(fmt::format("UPDATE {0} SET {1} = {1} WHERE {1} = 1", table, key))
                != "ok"
            );
            CHECK(world.execute(fmt::format("DELETE FROM {} WHERE {} = 1", table, key)) != "ok");
            if (table != "bill_document")
                CHECK(
                    world.execute(fmt::format("UPDATE {0} SET {1} = {1} WHERE {1} = 2", table, key))
                    == "ok"
                );
        }
        CHECK(
            world.execute("UPDATE bill_balance SET state = 3, open_minor = 1 WHERE bill_id = 1")
            == "ok"
        );
        CHECK(world.find(1).summary.state == BillState::PartPaid);
        // One invoice an account, period and charge; one number a series.
        CHECK(
            world.execute("INSERT INTO bill_balance (account_id, bill_id, state, open_minor, "
                          "in_objection_minor) VALUES (1, 1, 1, 0, 0)")
            != "ok"
        );
        const std::string copy
            = "INSERT INTO bill (account_id, kind, charge, period_month, period_begin, "
              "period_end, time_zone, zone_version, currency, plan, plan_version_max, usage_batch, "
              "usage_events, "
              "tax_category, tax_millionths, tax_rounding, net_minor, tax_minor, total_minor, "
              "line_count, "
              "legal_entity_id, language, payment_days, profile_version, terms_version, "
              "bank_details, tax_note, "
              "missing_fields, series, number, issued_at, issued_day, due_day) SELECT account_id, "
              "kind, {}, "
              "period_month, period_begin, period_end, time_zone, zone_version, currency, plan, "
              "plan_version_max, "
              "usage_batch, usage_events, tax_category, tax_millionths, tax_rounding, net_minor, "
              "tax_minor, "
              "total_minor, line_count, legal_entity_id, language, payment_days, profile_version, "
              "terms_version, "
              "bank_details, tax_note, missing_fields, series, {}, issued_at, issued_day, due_day "
              "FROM bill WHERE id = 1";
        CHECK(
            world.execute(fmt::format(fmt::runtime(copy), "charge", "'TL-2023-000777'"))
            == "already-exists"
        );
        CHECK(
            world.execute(fmt::format(fmt::runtime(copy), "'other'", "number")) == "already-exists"
        );
        CHECK(
            world.execute(fmt::format(fmt::runtime(copy), "'other'", "'TL-2023-000777'")) == "ok"
        );
        CHECK(holds(world.check().faults, "series TL-2023"));
    });
}

TEST_CASE("Runs at once over the same accounts issue each bill once, numbers have no gaps")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        constexpr int accounts = 24;
        std::vector<UsageEvent> events;
        events.reserve(accounts);
        for (int i = 0; i < accounts; ++i)
            events.push_back(call(
                world.customer(fmt::format("account {}", i)), "c", "2023-11-02T00:00:00Z",
                1'000'000 + i
            ));
        world.add(events);
        const Context context = world.context();
        constexpr int threads = 64;
        runTogether(threads, [&](int thread) {
            auto options = BillingWorld::run("2023-11", true);
            options.account = events[static_cast<std::size_t>(thread % accounts)].account;
            // A time-out of one run is no fault; another does its work.
            const auto done = runBills(context, commandLine, world.brand, options);
            (void)done;
        });
        world.bill("2023-11", true);
        std::set<std::string> numbers;
        for (const BillSummary& bill :
             world.read([](Transaction& tx) { return listBills(tx, {}); }))
            numbers.insert(bill.number);
        CHECK(numbers.size() == accounts);
        CHECK(*numbers.begin() == "TL-2023-000001");
        CHECK(*numbers.rbegin() == fmt::format("TL-2023-{:06}", accounts));
        const auto check = world.check();
        CHECK(check.billsChecked == accounts);
        CHECK(check.faults.empty());
        CHECK(world.read([](Transaction& tx) { return checkLedger(tx); }).empty());
        std::string issued;
        for (int i = 0; i < accounts; ++i)
            issued += "issued ";
        CHECK(world.billJournal() == issued);
    });
}

TEST_CASE("An account that cannot be billed keeps no other from its bill")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        NewAccount wanted;
        wanted.name = "in yen";
        wanted.currency = "JPY";
        const AccountId yen = valueOf(addAccount(world.context(), commandLine, wanted));
        const AccountId acme = world.customer("acme");
        world.add({ call(yen, "c", "2023-11-02T00:00:00Z", 100'000),
                    call(acme, "c", "2023-11-02T00:00:00Z", 100'000) });
        const auto outcomes = world.bill("2023-11", true);
        REQUIRE(outcomes.size() == 2);
        REQUIRE(outcomes[0].error.has_value());
        CHECK(outcomes[0].error->code == ErrorCode::CurrencyMismatch);
        CHECK(outcomes[1].number == "TL-2023-000001");
    });
}

TEST_CASE("Tiers, discounts, minimum and commitment are billed, kept with their steps and verified")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        world.loadModels("2023-11-01");
        world.clock.set(at("2023-10-01T00:00:00Z"));
        const AccountId acme = world.customer("acme");
        const AccountId idle = world.customer("idle");
        world.clock.set(at("2023-12-16T09:00:00Z"));
        const AccountId late = world.customer("late");
        world.add({ pod(acme, "p1", "2023-11-02T00:00:00Z", "2023-11-02T10:00:00Z"),
                    call(acme, "c1", "2023-11-03T00:00:00Z", 60'000),
                    call(acme, "c2", "2023-11-20T00:00:00Z", 90'000) });
        const auto outcomes = world.bill("2023-11", true);
        REQUIRE(outcomes.size() == 3);
        const Bill bill = world.find(outcomes[0].bill);
        REQUIRE(bill.lines.size() == 5);
        std::string lines;
        for (const BillLine& line : bill.lines)
            lines
                += fmt::format("{} {} {}; ", line.sku, line.steps.size(), amountText(line.amount));
        // 50 k calls at 0.05; then 50 at 0.05, 40 at 0.03 and 2.00 for the tier, less 10%.
        CHECK(
            lines
            == "commit-gpu 2 12.86; gpu-pod-a10 0 27.14; model-a 2 2.50; model-a 4 5.13; llm 1 "
               "5.00; "
        );
        CHECK(valueOf(explain(bill.lines[3])).steps[2].amount == "2.00");
        CHECK(amountText(bill.summary.net) == "52.63");
        // Nobody used anything, and the plan is held all the same; but not before the account was.
        CHECK(amountText(world.find(outcomes[1].bill).summary.net) == "45.00");
        CHECK(outcomes[2].bill == 0);
        CHECK(outcomes[1].account == idle);
        CHECK(outcomes[2].account == late);
        CHECK(world.check().billsEqual == 2);
        CHECK(world.check().faults.empty());
        CHECK(world.execute("UPDATE bill_line_step SET tier = tier") != "ok");
        CHECK(world.execute("DELETE FROM bill_line_step") != "ok");
        const auto json = world.read([&](Transaction& tx) {
            return billDocument(tx, world.brand, bill.summary.id, "json");
        });
        CHECK(json.find(R"("kind":"flat","tier":2,"name":"","quantity":"1")") != std::string::npos);
        for (const BillRunOutcome& ahead : world.bill("2024-01", false))
            CHECK(ahead.bill == 0); // it has not begun
        // The draft of a later month is made anew with its steps.
        world.bill("2023-12", false);
        world.add({ call(acme, "c3", "2023-12-03T00:00:00Z", 60'000) });
        const auto again = world.bill("2023-12", false);
        CHECK(amountText(again[0].total) == "56.23"); // 40 + 5 + 50 x 0.05 - 10%, and 19%
    });
}

TEST_CASE("The day that a run pretends decides issue date and due date")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId acme = world.customer("acme", "Asia/Tokyo");
        world.add({ call(acme, "c", "2023-11-02T00:00:00Z", 100'000) });
        auto options = BillingWorld::run("2023-11", true);
        options.asOf = at("2023-11-30T14:59:59Z"); // one second before the month ends in Tokyo
        auto outcomes = valueOf(runBills(world.context(), commandLine, world.brand, options));
        CHECK(outcomes[0].state == BillState::Draft);
        options.asOf = at("2023-11-30T15:00:00Z");
        outcomes = valueOf(runBills(world.context(), commandLine, world.brand, options));
        CHECK(outcomes[0].state == BillState::Open);
        CHECK(toText(*world.find(outcomes[0].bill).summary.issued) == "2023-12-01");
        options.asOf = Instant { world.clock.now().micros + 1 };
        const auto later = runBills(world.context(), commandLine, world.brand, options);
        CHECK(outcomeOf(later) == "invalid-argument");
        CHECK(detailOf(later).find("later than now") != std::string::npos);
    });
}

TEST_CASE("Lists of bills are filtered and paged by id")
{
    forEachDatabase([](TestDatabase& db) {
        BillingWorld world(db);
        const AccountId one = world.customer("one");
        const AccountId two = world.customer("two");
        world.add({ call(one, "a", "2023-11-02T00:00:00Z", 100'000),
                    call(one, "b", "2023-12-02T00:00:00Z", 100'000),
                    call(two, "a", "2023-11-02T00:00:00Z", 100'000) });
        world.bill("2023-11", true);
        world.bill("2023-12", true);
        const auto count = [&](const BillFilter& filter) {
            return world.read([&](Transaction& tx) { return listBills(tx, filter); }).size();
        };
        CHECK(count({}) == 3);
        CHECK(count({ one, std::nullopt, 0, 500 }) == 2);
        CHECK(count({ std::nullopt, BillState::Draft, 0, 500 }) == 1);
        CHECK(count({ one, BillState::Open, 0, 500 }) == 1);
        CHECK(count({ std::nullopt, std::nullopt, 1, 1 }) == 1);
        CHECK(count({ std::nullopt, std::nullopt, 3, 500 }) == 0);
    });
}

TEST_CASE("Lines, cost rows, bill and ledger always agree, however usage came in")
{
    TestDatabase db(database::Engine::Sqlite);
    BillingWorld world(db);
    int number = 0;
    const bool isTrue = rc::check("one month, two ways", [&] {
        ++number;
        const AccountId one = world.customer(fmt::format("one {}", number), "Europe/Paris");
        const AccountId two = world.customer(fmt::format("two {}", number), "Europe/Paris");
        const auto count = *rc::gen::inRange<std::size_t>(1, 25);
        std::vector<UsageEvent> events;
        for (std::size_t i = 0; i < count; ++i) {
            const bool isPod = *rc::gen::arbitrary<bool>();
            UsageEvent event = isPod
                ? pod(one, fmt::format("e{}", i), "2023-10-25T00:00:00Z", "2023-10-25T00:00:01Z")
                : call(one, fmt::format("e{}", i), "2023-10-25T00:00:00Z");
            event.start.micros += *rc::gen::inRange<std::int64_t>(0, 40 * microsPerDay);
            event.end.micros = event.start.micros
                + (isPod ? *rc::gen::inRange<std::int64_t>(1, 9 * microsPerDay) : 0);
            event.quantity = isPod ? event.end.micros - event.start.micros
                                   : *rc::gen::inRange<std::int64_t>(-900, 90'000);
            event.project = fmt::format("p{}", *rc::gen::inRange(0, 3));
            events.push_back(event);
        }
        world.add(events);
        std::mt19937 chance(static_cast<unsigned>(number));
        std::ranges::shuffle(events, chance);
        for (UsageEvent& event : events)
            event.account = two;
        constexpr std::size_t atOnce = 6;
        for (std::size_t i = 0; i < count; i += atOnce) { // in pieces, the last of each twice
            std::vector<UsageEvent> some(
                events.begin() + static_cast<std::ptrdiff_t>(i),
                events.begin() + static_cast<std::ptrdiff_t>(std::min(i + atOnce, count))
            );
            some.push_back(some.back());
            world.add(some);
        }
        for (const AccountId account : { one, two }) {
            const auto outcome = world.billOne("2023-11", account);
            if (outcome.bill == 0)
                continue;
            const Bill bill = world.find(outcome.bill);
            std::map<std::int32_t, std::int64_t> lineOfCosts;
            for (const CostRow& cost :
                 world.read([&](Transaction& tx) { return costRows(tx, outcome.bill); }))
                lineOfCosts[cost.line] += cost.amountMinor;
            std::int64_t net = 0;
            for (const BillLine& line : bill.lines) {
                RC_ASSERT(lineOfCosts[line.number] == line.amount.minor);
                net += line.amount.minor;
            }
            RC_ASSERT(net == bill.summary.net.minor);
            RC_ASSERT(net + bill.summary.tax.minor == bill.summary.total.minor);
        }
        const auto totalOf = [&](AccountId account) {
            return world.read([&](Transaction& tx) {
                return receivableBalance(tx, account, Currency());
            });
        };
        RC_ASSERT(totalOf(one) == totalOf(two));
        const auto bills = world.read([&](Transaction& tx) {
            return listBills(tx, { one, std::nullopt, 0, 500 });
        });
        // What is taken back alone stays a draft, of which nothing is owed.
        const bool isOwed = !bills.empty() && bills.front().state != BillState::Draft;
        const bool isNegative = !bills.empty() && bills.front().total.minor < 0;
        RC_ASSERT(isOwed != (bills.empty() || isNegative));
        RC_ASSERT(totalOf(one).minor == (isOwed ? bills.front().total.minor : 0));
    });
    CHECK(isTrue);
    CHECK(world.check().faults.empty());
    CHECK(world.faults().empty());
}
