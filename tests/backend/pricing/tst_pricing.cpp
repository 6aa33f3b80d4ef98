#include "backend/journal/journal.h"
#include "backend/journal/secure.h"
#include "backend/pricing/pricing.h"
#include "tests/backend/foundation.h"

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::initializer_list<Foundation::Make> schema { journalMigration, pricingMigration,
                                                           priceModelsMigration };

PricePlan plan(const std::string& effective, std::int64_t rateNanos = 2'950'000'000)
{
    PricePlan made;
    made.code = "standard";
    made.effective = valueOf(parseDate(effective));
    made.name = "Standard";
    Price gpu;
    gpu.sku = "gpu-h100";
    gpu.meter = "gpu-seconds";
    gpu.service = "GPU pods";
    gpu.name = "H100 pods";
    gpu.unit = "GPU-h";
    gpu.per = 3600;
    gpu.rate = Rate { rateNanos };
    gpu.discountMillionths = 80'000;
    gpu.discountName = "Commitment discount";
    Price calls;
    calls.sku = "*";
    calls.meter = "calls";
    calls.service = "API";
    calls.name = "Calls";
    calls.unit = "1,000 calls";
    calls.per = 1000;
    calls.rate = Rate { 1 };
    made.prices = { gpu, calls };
    return made;
}

/// With everything that a plan can have beside rates and percentages.
PricePlan modelsPlan(const std::string& effective)
{
    PricePlan made = plan(effective);
    const Discount offer { "Offer", 125'000, {}, Date { 19'000 }, std::nullopt };
    const Discount voucher { "Voucher", 0, Rate { 7'000'000'000 }, std::nullopt, Date { 20'000 } };
    Price tiered = made.prices[1];
    tiered.sku = "tiered";
    tiered.model = PriceModel::Graduated;
    tiered.rate = {};
    tiered.tiers = { { 10, Rate { 5 }, Rate { 6 } }, { std::nullopt, Rate { 1 }, {} } };
    tiered.freeUnits = 3;
    tiered.minimum = Rate { 1'000'000'000 };
    tiered.discounts = { voucher, offer };
    Price packed = made.prices[1];
    packed.sku = "packed";
    packed.model = PriceModel::Package;
    packed.packageSize = 12;
    Price volume = tiered;
    volume.sku = "volume";
    volume.model = PriceModel::Volume;
    volume.discounts.clear();
    made.prices.insert(made.prices.end(), { tiered, packed, volume });
    made.discounts = { offer, voucher };
    made.commitments = {
        { "commit-b", "All of it", "Commitments", Rate { 5'000'000'000 } },
        { "commit-a", "Some", "Commitments", Rate { 1 }, { "API", "GPU pods" }, { "packed" } }
    };
    return made;
}

} // namespace

TEST_CASE("Models, discounts and commitments are kept whole, and cannot be changed")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        CHECK(valueOf(loadPlan(context, commandLine, modelsPlan("2023-01-01"))) == 1);
        CHECK(valueOf(loadPlan(context, commandLine, modelsPlan("2023-01-01"))) == 1);
        PricePlan other = modelsPlan("2023-02-01");
        other.prices[2].tiers[0].flat = Rate { 7 };
        CHECK(valueOf(loadPlan(context, commandLine, other)) == 2);
        CHECK(valueOf(loadPlan(context, commandLine, plan("2023-03-01"))) == 3);
        std::vector<PricePlan> expected { modelsPlan("2023-01-01"), other, plan("2023-03-01") };
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i].version = static_cast<std::int32_t>(i + 1);
        CHECK(foundation.read([](Transaction& tx) {
            return planVersions(tx, "standard");
        }) == expected);
        for (const std::string table : { "price_model", "price_tier", "price_discount",
                                         "plan_commitment", "plan_commitment_target" }) {
            CAPTURE(table);
            CHECK(foundation.execute("UPDATE " + table + " SET version = version") != "ok");
            CHECK(foundation.execute("DELETE FROM " + table) != "ok");
        }
    });
}

TEST_CASE("Plans of a database from before there were models stay what they were")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration, pricingMigration });
        for (const std::string sql :
             { "INSERT INTO price_plan (code) VALUES ('standard')",
               "INSERT INTO price_plan_version (plan_code, version, effective_date, currency, name,"
               " loaded_at) VALUES ('standard', 1, 19358, 'USD', 'Standard', 5)",
               "INSERT INTO price (plan_code, version, row_number, sku, meter, service, name, unit,"
               " per, rate_nanos, discount_millionths, discount_name) VALUES ('standard', 1, 1,"
               " 'gpu-h100', 'gpu-seconds', 'GPU pods', 'H100 pods', 'GPU-h', 3600, 2950000000,"
               " 80000, 'Commitment discount')",
               "INSERT INTO price (plan_code, version, row_number, sku, meter, service, name, unit,"
               " per, rate_nanos, discount_millionths, discount_name) VALUES ('standard', 1, 2,"
               " '*', 'calls', 'API', 'Calls', '1,000 calls', 1000, 1, 0, '')" })
            REQUIRE(foundation.execute(sql) == "ok");
        const std::vector<database::Migration> all { journalMigration(1), pricingMigration(2),
                                                     priceModelsMigration(3) };
        REQUIRE(valueOf(database::migrate(db.database(), all)).current == 3);
        PricePlan expected = plan("2023-01-01");
        expected.version = 1;
        CHECK(foundation.read([](Transaction& tx) {
            return planVersions(tx, "standard");
        }) == std::vector { expected });
    });
}

TEST_CASE("Versions of a plan follow each other by effective date and are read back whole")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        CHECK(valueOf(loadPlan(context, commandLine, plan("2023-01-01"))) == 1);
        CHECK(valueOf(loadPlan(context, commandLine, plan("2023-07-01", 3'000'000'000))) == 2);
        const auto versions
            = foundation.read([](Transaction& tx) { return planVersions(tx, "standard"); });
        REQUIRE(versions.size() == 2);
        PricePlan first = plan("2023-01-01");
        first.version = 1;
        PricePlan second = plan("2023-07-01", 3'000'000'000);
        second.version = 2;
        CHECK(versions[0] == first);
        CHECK(versions[1] == second);
        CHECK(foundation.read([](Transaction& tx) { return planVersions(tx, "other"); }).empty());
    });
}

TEST_CASE("The same content again is no new version; an effective date has to rise")
{
    struct Case {
        PricePlan plan;
        std::string outcome;
        std::int32_t version = 0;
    };
    PricePlan dearer = plan("2023-07-01", 4'000'000'000);
    PricePlan foreign = plan("2024-01-01");
    foreign.currency = valueOf(Currency::find("EUR"));
    PricePlan numbered = plan("2023-01-01");
    numbered.version = 17; // what the file says of its number counts for nothing
    PricePlan invalid = plan("2024-01-01");
    invalid.prices.front().per = 0;
    const std::vector<Case> cases {
        { plan("2023-07-01"), "ok", 2 },
        { plan("2023-01-01"), "ok", 1 },
        { numbered, "ok", 1 },
        { dearer, "invalid-argument" },
        { plan("2023-06-30"), "invalid-argument" },
        { plan("2022-01-01"), "invalid-argument" },
        { foreign, "invalid-argument" },
        { invalid, "invalid-argument" },
        { plan("2023-07-02"), "ok", 3 },
    };
    forEachDatabase([&](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        REQUIRE(loadPlan(context, commandLine, plan("2023-01-01")).has_value());
        REQUIRE(loadPlan(context, commandLine, plan("2023-07-01")).has_value());
        for (const Case& each : cases) {
            CAPTURE(toText(each.plan.effective));
            const auto outcome = loadPlan(context, commandLine, each.plan);
            CHECK(outcomeOf(outcome) == each.outcome);
            CHECK(outcome.value_or(0) == each.version);
        }
        const auto refusal = loadPlan(context, commandLine, plan("2022-01-01"));
        CHECK(detailOf(refusal).find("2022-01-01") != std::string::npos);
        CHECK(detailOf(refusal).find("2023-07-02") != std::string::npos);
        REQUIRE(sequenceJournal(context).has_value());
        const auto entries = foundation.read([](Transaction& tx) { return readJournal(tx, {}); });
        REQUIRE(entries.size() == 3); // one a version
        CHECK(entries[2].draft.kind == "plan.loaded");
        CHECK(entries[2].draft.before.find("\"version\":2") != std::string::npos);
        CHECK(entries[2].draft.after.find("\"version\":3") != std::string::npos);
    });
}

TEST_CASE("All plans are listed by code and version")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        PricePlan large = plan("2023-01-01");
        large.code = "large";
        REQUIRE(loadPlan(context, commandLine, plan("2023-01-01")).has_value());
        REQUIRE(loadPlan(context, commandLine, large).has_value());
        REQUIRE(loadPlan(context, commandLine, plan("2024-01-01")).has_value());
        const auto plans = foundation.read(listPlans);
        REQUIRE(plans.size() == 3);
        CHECK(plans[0].code == "large");
        CHECK(plans[0].prices.size() == 2);
        CHECK(plans[1].version == 1);
        CHECK(plans[2].version == 2);
    });
}

TEST_CASE("Of many that load the next version at once, each content becomes one version")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, schema);
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            std::atomic<int> first = 0;
            std::atomic<int> refused = 0;
            runTogether(6, [&](int i) {
                const auto version = loadPlan(context, commandLine, plan("2023-01-01", 1 + i % 2));
                first += version.value_or(0) == 1 ? 1 : 0;
                refused += outcomeOf(version) == "invalid-argument" ? 1 : 0;
            });
            CHECK(first == 3);
            CHECK(refused == 3);
            CHECK(foundation.integer("SELECT COUNT(*) FROM price_plan_version") == 1);
        },
        patient
    );
}

TEST_CASE("The database itself refuses changes of a version")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        REQUIRE(loadPlan(context, commandLine, plan("2023-01-01")).has_value());
        const auto addsMeter = [](Transaction& tx) {
            return ensureMeters(tx, { { "calls", "calls", 0 } });
        };
        REQUIRE(foundation.write(addsMeter).has_value());
        for (const std::string sql : {
                 "UPDATE price SET rate_nanos = 1",
                 "DELETE FROM price",
                 "UPDATE price_plan_version SET effective_date = 1",
                 "DELETE FROM price_plan_version",
                 "UPDATE meter SET digits = 3",
                 "INSERT INTO price_plan_version VALUES ('standard', 2, 19358, 'USD', '', 0)",
                 "INSERT INTO price_plan_version VALUES ('absent', 1, 1, 'USD', '', 0)",
                 "INSERT INTO price SELECT plan_code, version, 9, sku, meter, service, name, unit,"
                 " per, rate_nanos, discount_millionths, discount_name FROM price",
             }) {
            CAPTURE(sql);
            CHECK(foundation.execute(sql) != "ok");
        }
    });
}

TEST_CASE("Meters are made once and never with another unit")
{
    struct Case {
        Meter meter;
        std::string outcome;
    };
    const std::vector<Case> cases {
        { { "gpu-seconds", "GPU-s", 6 }, "ok" },
        { { "gpu-seconds", "GPU-s", 5 }, "conflict" },
        { { "gpu-seconds", "s", 6 }, "conflict" },
        { { "Calls", "calls", 0 }, "invalid-argument" },
        { { "", "calls", 0 }, "invalid-argument" },
        { { "a b", "calls", 0 }, "invalid-argument" },
        { { "calls", "calls", 10 }, "invalid-argument" },
        { { "calls", "calls", -1 }, "invalid-argument" },
        { { "calls", "calls", 0 }, "ok" },
    };
    forEachDatabase([&](TestDatabase& db) {
        Foundation foundation(db, schema);
        const auto ensure = [&](const std::vector<Meter>& meters) {
            return outcomeOf(foundation.write([&](Transaction& tx) {
                return ensureMeters(tx, meters);
            }));
        };
        REQUIRE(ensure({ { "gpu-seconds", "GPU-s", 6 }, { "tokens", "tokens", 0 } }) == "ok");
        for (const Case& each : cases) {
            CAPTURE(each.meter.name);
            CHECK(ensure({ each.meter }) == each.outcome);
        }
        CHECK(
            foundation.read(listMeters)
            == std::vector<Meter> { { "gpu-seconds", "GPU-s", 6 },
                                    { "tokens", "tokens", 0 },
                                    { "calls", "calls", 0 } }
        );
    });
}

TEST_CASE("A plan fits accounts of its own currency; one that is not loaded may still come")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const PricePlan standard = plan("2023-01-01");
        REQUIRE(loadPlan(foundation.context(), commandLine, standard).has_value());
        const auto ask = [&](const std::string& code, const std::string& currency) {
            return db->read([&](Transaction& tx) { return isPlanLoaded(tx, code, currency); });
        };
        CHECK(valueOf(ask("standard", standard.currency.code())));
        CHECK(!valueOf(ask("of-tomorrow", "EUR")));
        const auto other = ask("standard", "JPY");
        CHECK(outcomeOf(other) == "invalid-argument");
        CHECK(detailOf(other).find("not in JPY") != std::string::npos);
    });
}
