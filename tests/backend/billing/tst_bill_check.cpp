#include "backend/billing/make_bill.h"
#include "tests/backend/billing/billing_world.h"

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

/// A world with two issued bills, an e-invoice of the first, and what verify says of it.
class VerifiedWorld : public BillingWorld {
public:
    explicit VerifiedWorld(TestDatabase& db)
        : BillingWorld(db)
    {
        const AccountId acme = customer("acme", "Europe/Paris");
        const AccountId other = customer("other");
        UsageEvent use = pod(acme, "p1", "2023-11-02T00:00:00Z", "2023-11-03T10:00:00Z");
        use.project = "vision";
        add({ use, call(acme, "c1", "2023-11-05T00:00:00Z", 1'234'567),
              call(other, "c1", "2023-11-05T00:00:00Z", 1'000'000) });
        bill("2023-11", true);
        REQUIRE(detailOf(exportDocument(context(), brand, 1, "ubl")) == "");
    }

    std::vector<std::string> allFaults()
    {
        auto found = check().faults;
        for (const auto& more : { faults(), read([](Transaction& tx) { return checkLedger(tx); }),
                                  read([](Transaction& tx) { return checkJournal(tx); }) })
            found.insert(found.end(), more.begin(), more.end());
        return found;
    }
};

struct Tamper {
    std::string what;
    std::string table;
    std::string sql;
    std::vector<std::string> named; ///< each stands in some line
};

const std::vector<Tamper>& tampers()
{
    static const std::vector<Tamper> list {
        { "an event",
          "usage_event_202311",
          "UPDATE usage_event_202311 SET quantity = quantity + 3600000000 WHERE event_id = 'p1'",
          { "raw usage events give", "resource 'p1'",
            "bill TL-2023-000001: line 1 (SKU 'gpu-pod-a10', meter 'gpu-seconds') quantity is",
            "cost row (line 1, 2023-11-02, project 'vision', resource 'p1')" } },
        { "a lost event",
          "usage_event_202311",
          "DELETE FROM usage_event_202311 WHERE event_id = 'c1' AND account_id = 2",
          { "bill TL-2023-000002: it has 1 lines, recomputed 0", "number of usage events is 1" } },
        { "a rollup",
          "usage_rollup_202311",
          "UPDATE usage_rollup_202311 SET quantity = quantity - 1 WHERE resource = 'p1'",
          { "rollup usage_rollup_202311 of account 'acme', day 2023-11-02" } },
        { "a price",
          "price",
          "UPDATE price SET rate_nanos = rate_nanos + 1 WHERE sku = 'gpu-pod-a10'",
          { "bill TL-2023-000001: price plan 'standard' version 1 is not what it was",
            "line 1 (SKU 'gpu-pod-a10', meter 'gpu-seconds') rate is 2.95, recomputed "
            "2.950000001" } },
        { "a line's amount",
          "bill_line",
          "UPDATE bill_line SET net_minor = net_minor + 1 WHERE bill_id = 1 AND line = 1",
          { "bill TL-2023-000001: line 1 (SKU 'gpu-pod-a10', meter 'gpu-seconds') amount is" } },
        { "a line's name",
          "bill_line",
          "UPDATE bill_line SET name = 'B10 pods' WHERE bill_id = 1 AND line = 1",
          { "name is 'B10 pods', recomputed 'A10 pods, on demand'" } },
        { "a line's rate",
          "bill_line",
          "UPDATE bill_line SET rate_nanos = 1 WHERE bill_id = 1 AND line = 1",
          { "line 1 (SKU 'gpu-pod-a10', meter 'gpu-seconds') rate is 0.000000001" } },
        { "a cost row",
          "cost_row",
          "UPDATE cost_row SET amount_minor = amount_minor + 1 WHERE bill_id = 1 AND resource = "
          "'p1' "
          "AND day = (SELECT MIN(day) FROM cost_row WHERE bill_id = 1 AND resource = 'p1')",
          { "bill TL-2023-000001: cost row (line 1, 2023-11-02, project 'vision', resource 'p1') "
            "is" } },
        { "a tax amount",
          "bill_tax",
          "UPDATE bill_tax SET tax_minor = tax_minor + 1 WHERE bill_id = 1",
          { "bill TL-2023-000001: tax S 19%: tax is" } },
        { "the bill's total",
          "bill",
          "UPDATE bill SET total_minor = total_minor + 1, net_minor = net_minor + 1 WHERE id = 1",
          { "bill TL-2023-000001: bill total is", "net total is" } },
        { "the number of events",
          "bill",
          "UPDATE bill SET usage_events = 7 WHERE id = 1",
          { "bill TL-2023-000001: number of usage events is 7, recomputed 3" } },
        { "a posting's amount",
          "ledger_entry",
          "UPDATE ledger_entry SET amount_minor = amount_minor + 1 WHERE ledger_account = 1 AND "
          "account_id = 1",
          { "bill TL-2023-000001: ledger posting bill/1/issued: receivable is",
            "ledger posting" } },
        { "an archived document",
          "bill_document",
          "UPDATE bill_document SET content = (SELECT content FROM bill_document WHERE bill_id = 2 "
          "AND format = 'csv') WHERE bill_id = 1 AND format = 'csv'",
          { "bill TL-2023-000001: the archived csv document is not the one that was issued" } },
        { "an archived document together with its hash",
          "bill_document",
          "UPDATE bill_document SET content = (SELECT content FROM bill_document WHERE bill_id = 2 "
          "AND format = 'csv'), sha256 = (SELECT sha256 FROM bill_document WHERE bill_id = 2 "
          "AND format = 'csv') WHERE bill_id = 1 AND format = 'csv'",
          { "bill TL-2023-000001: the archived csv document is not the one that the journal "
            "says" } },
        { "a due day",
          "bill",
          "UPDATE bill SET due_day = due_day + 30 WHERE id = 1",
          { "bill TL-2023-000001: the journal says that it was issued with due" } },
        { "a time zone",
          "bill",
          "UPDATE bill SET time_zone = 'Mars/Base' WHERE id = 2",
          { "bill TL-2023-000002: cannot be computed again:",
            "the journal says that it was issued with timeZone" } },
        { "a period",
          "bill",
          "UPDATE bill SET period_begin = period_begin - 3600000000 WHERE id = 2",
          { "bill TL-2023-000002: its period is 2023-10-31T23:00:00Z to" } },
        { "a period, as if by other zone data",
          "bill",
          "UPDATE bill SET period_begin = period_begin - 3600000000, zone_version = '2019a' "
          "WHERE id = 2",
          { "bill TL-2023-000002: the journal says that it was issued with periodBegin" } },
        { "the journal's entry of an issue",
          "journal_entry",
          "UPDATE journal_entry SET kind = 'bill.read' WHERE kind = 'bill.issued' "
          "AND subject_id = 2",
          { "bill TL-2023-000002: the journal has 0 entries of its issue" } },
        { "a buyer's name",
          "bill_party",
          "UPDATE bill_party SET legal_name = 'Somebody Else' WHERE bill_id = 1 AND legal_name = "
          "'Acme SARL'",
          { "bill TL-2023-000001: the archived json document says other than the bill",
            "Somebody Else" } },
        { "a seller's tax id",
          "bill_party",
          "UPDATE bill_party SET tax_ids = 'DE811907980' WHERE bill_id = 2 AND tax_ids = "
          "'DE136695976'",
          { "bill TL-2023-000002: the archived json document says other than the bill" } },
        { "a bill's number",
          "bill",
          "UPDATE bill SET number = 'TL-2023-000009' WHERE id = 2",
          { "bill TL-2023-000009: the journal says that it was issued with number" } },
        { "what is open",
          "bill_balance",
          "UPDATE bill_balance SET open_minor = open_minor - 1 WHERE bill_id = 1",
          { "bill TL-2023-000001: open amount is" } },
        { "a bill's state",
          "bill_balance",
          "UPDATE bill_balance SET state = 4 WHERE bill_id = 2",
          { "bill TL-2023-000002: state is" } },
        { "a number that no bill has",
          "number_series",
          "UPDATE number_series SET next_number = next_number + 1",
          { "3 numbers were given, 2 bills have one" } },
        { "a lost document",
          "bill_document",
          "DELETE FROM bill_document WHERE bill_id = 2 AND format = 'pdf'",
          { "bill TL-2023-000002: the archived pdf document is missing" } },
        { "an e-invoice together with its hash",
          "bill_document",
          "UPDATE bill_document SET content = (SELECT content FROM bill_document WHERE bill_id = 2 "
          "AND format = 'csv'), sha256 = (SELECT sha256 FROM bill_document WHERE bill_id = 2 "
          "AND format = 'csv') WHERE bill_id = 1 AND format = 'ubl'",
          { "bill TL-2023-000001: the archived ubl document is not the one that the journal "
            "says" } },
        { "a lost e-invoice",
          "bill_document",
          "DELETE FROM bill_document WHERE bill_id = 1 AND format = 'ubl'",
          { "bill TL-2023-000001: the archived ubl document is missing" } },
        { "the journal's entry of an e-invoice",
          "journal_entry",
          "UPDATE journal_entry SET kind = 'bill.read' WHERE kind = 'bill.archived'",
          { "bill TL-2023-000001: the archived ubl document is not the one that the journal "
            "says" } },
    };
    return list;
}

} // namespace

TEST_CASE("Verify names whatever was changed in the database, and nothing else")
{
    for (const Tamper& tamper : tampers()) {
        forEachDatabase([&](TestDatabase& db) {
            CAPTURE(tamper.what);
            VerifiedWorld world(db);
            const auto before = world.check();
            CHECK(before.billsChecked == 2);
            CHECK(before.billsEqual == 2);
            CHECK(world.allFaults().empty());
            world.changeDespiteGuards(tamper.table, tamper.sql);
            const auto faults = world.allFaults();
            const std::string all = fmt::format("{}", fmt::join(faults, "\n"));
            CAPTURE(all);
            for (const std::string& part : tamper.named)
                CHECK_MESSAGE(holds(faults, part), part);
            for (const std::string& fault : faults) // a line each, whatever a document holds
                CHECK(fault.find_first_of("\r\n") == std::string::npos);
            // Only the bills that were touched are told to differ; a price is in both.
            const bool isOfBill = tamper.named.front().starts_with("bill TL");
            if (isOfBill && tamper.table != "price")
                CHECK(world.check().billsEqual == 1);
        });
    }
}

TEST_CASE("Verify names what was changed of steps, tiers, discounts and commitments")
{
    const std::string isOther = "price plan 'standard' version 2 is not what it was";
    const std::vector<Tamper> list {
        { "a step's quantity",
          "bill_line_step",
          "UPDATE bill_line_step SET quantity = quantity + 1 WHERE kind = 2 AND tier = 1",
          { "line 2 (SKU 'model-a', meter 'calls') step 2 is 'units, tier 1, name , quantity "
            "50001" } },
        { "a lost step",
          "bill_line_step",
          "DELETE FROM bill_line_step WHERE kind = 1",
          { "line 2 (SKU 'model-a', meter 'calls') step 2 is 'none', recomputed 'units" } },
        { "a tier",
          "price_tier",
          "UPDATE price_tier SET rate_nanos = rate_nanos + 1 WHERE tier = 1",
          { isOther, "line 2 (SKU 'model-a', meter 'calls') step 2 is" } },
        { "an allowance",
          "price_model",
          "UPDATE price_model SET free_units = 11 WHERE model = 2",
          { isOther, "step 1 is 'free, tier 0, name , quantity 10000" } },
        { "a discount's end",
          "price_discount",
          "UPDATE price_discount SET until_day = 99999",
          { isOther } },
        { "a commitment",
          "plan_commitment",
          "UPDATE plan_commitment SET amount_nanos = 41000000000",
          { isOther, "line 1 (SKU 'commit-gpu', meter '') amount is" } },
        { "what a commitment covers",
          "plan_commitment_target",
          "DELETE FROM plan_commitment_target",
          { isOther, "line 1 (SKU 'commit-gpu', meter '') amount is" } },
    };
    for (const Tamper& tamper : list) {
        forEachDatabase([&](TestDatabase& db) {
            CAPTURE(tamper.what);
            BillingWorld world(db);
            world.loadModels("2023-11-01");
            world.clock.set(at("2023-10-01T00:00:00Z"));
            const AccountId acme = world.customer("acme");
            world.clock.set(at("2023-12-16T09:00:00Z"));
            world.add({ call(acme, "c1", "2023-11-03T00:00:00Z", 60'000) });
            world.bill("2023-11", true);
            REQUIRE(world.check().billsEqual == 1);
            world.changeDespiteGuards(tamper.table, tamper.sql);
            const auto faults = world.check().faults;
            const std::string all = fmt::format("{}", fmt::join(faults, "\n"));
            CAPTURE(all);
            for (const std::string& part : tamper.named)
                CHECK_MESSAGE(holds(faults, part), part);
        });
    }
}

TEST_CASE("The hash of a plan without models is the one that issued bills hold")
{
    PricePlan plan = BillingWorld::standardPlan("2023-01-01", "2.95");
    plan.version = 1;
    const auto hex = [](const PricePlan& version) {
        std::string text;
        for (const std::byte byte : hashOf(version))
            text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
        return text;
    };
    // Computed apart, over the fields as they were when the first bills were issued.
    CHECK(hex(plan) == "e59853394cbf10a067e0a1adb79f956492508689351babd38c789d69cb91f11b");
    const std::string plain = hex(plan);
    plan.prices[0].freeUnits = 1;
    CHECK(hex(plan) != plain);
}

TEST_CASE("A balanced posting that no bill has is named")
{
    forEachDatabase([](TestDatabase& db) {
        VerifiedWorld world(db);
        const Currency dollar = valueOf(Currency::find("USD"));
        const Posting stray { 1,
                              "bill.issued",
                              "bill/77/issued",
                              valueOf(parseDate("2023-12-16")),
                              { { LedgerAccount::Receivable, { -500, dollar } },
                                { LedgerAccount::Revenue, { 500, dollar } } } };
        REQUIRE(
            outcomeOf(db->write([&](Transaction& tx) { return post(tx, world.context(), stray); }))
            == "ok"
        );
        const auto faults = world.allFaults();
        REQUIRE(faults.size() == 1);
        CHECK(holds(faults, "(bill/77/issued) of account 1 is of no bill that was issued"));
    });
}

TEST_CASE("A bill whose month other zone data bounded is named apart, and its archive still checked"
)
{
    forEachDatabase([](TestDatabase& db) {
        VerifiedWorld world(db);
        // As a program with other zone data would have issued it.
        world.changeDespiteGuards(
            "bill",
            "UPDATE bill SET period_begin = period_begin - 3600000000, zone_version = '2019a' "
            "WHERE id = 1"
        );
        world.changeDespiteGuards(
            "journal_entry",
            fmt::format(
                "UPDATE journal_entry SET after_text = REPLACE(REPLACE(after_text, "
                "'\"zoneData\":\"{}\"', '\"zoneData\":\"2019a\"'), '2023-10-31T23:00:00Z', "
                "'2023-10-31T22:00:00Z') WHERE kind = 'bill.issued' AND subject_id = 1",
                TimeZone::dataVersion()
            )
        );
        const auto found = world.check();
        CHECK(found.billsChecked == 2);
        CHECK(found.billsEqual == 1);
        CHECK(fmt::format("{}", fmt::join(found.faults, "\n")) == "");
        REQUIRE(found.moved.size() == 1);
        CHECK(holds(found.moved, "bill TL-2023-000001: its period is 2023-10-31T22:00:00Z to"));
        CHECK(holds(found.moved, "billed by zone data 2019a, here " + TimeZone::dataVersion()));

        world.changeDespiteGuards("bill_document", "DELETE FROM bill_document WHERE bill_id = 1");
        CHECK(
            holds(world.check().faults, "bill TL-2023-000001: the archived pdf document is missing")
        );
        CHECK(world.check().moved.empty());
    });
}
