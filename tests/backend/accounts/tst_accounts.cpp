#include "backend/accounts/accounts.h"
#include "backend/journal/secure.h"
#include "tests/backend/foundation.h"

#include <fmt/format.h>

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::initializer_list<Foundation::Make> schema { journalMigration, accountsMigration };

NewAccount named(const std::string& name)
{
    NewAccount account;
    account.name = name;
    return account;
}

BillingProfile profile(const std::string& legalName = "Acme GmbH")
{
    BillingProfile made;
    made.legalName = legalName;
    made.addressLines = { "Hauptstraße 1", "10115 Berlin" };
    made.country = "DE";
    made.taxIds = { "DE123456789" };
    made.purchaseOrder = "PO-7";
    made.buyerReference = "04011000-12345-67";
    made.emails = { "bills@acme.example", "cfo@acme.example" };
    made.language = "de";
    return made;
}

LegalEntity entity(const std::string& code, const std::string& series)
{
    LegalEntity made;
    made.code = code;
    made.party.legalName = "Northlake " + code;
    made.party.addressLines = { "1 Lake Road", "Dublin" };
    made.party.country = "IE";
    made.party.taxIds = { "IE1234567WA" };
    made.party.email = "billing@northlake.example";
    made.bankDetails = "IBAN IE29 AIBK 9311 5212 3456 78\nBIC AIBKIE2D";
    made.series = series;
    made.taxCurrency = valueOf(Currency::find("EUR"));
    made.tax = { "S", 230'000 };
    made.taxNote = "";
    return made;
}

void ensure(Foundation& foundation, const std::vector<LegalEntity>& entities)
{
    REQUIRE(detailOf(ensureLegalEntities(foundation.context(), commandLine, entities)) == "");
}

BillingProfile profileNow(Foundation& foundation, AccountId account)
{
    return foundation.read([&](Transaction& tx) {
        return profileAt(tx, account, foundation.clock.now());
    });
}

std::vector<std::string> journalKinds(Foundation& foundation)
{
    REQUIRE(sequenceJournal(foundation.context()).has_value());
    std::vector<std::string> kinds;
    for (const JournalEntry& entry :
         foundation.read([](Transaction& tx) { return readJournal(tx, {}); }))
        kinds.push_back(entry.draft.kind);
    return kinds;
}

} // namespace

TEST_CASE("An account is added once and found by name and id")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        NewAccount wanted = named("Acme");
        wanted.currency = "JPY";
        wanted.timeZone = "Asia/Tokyo";
        wanted.plan = "large";
        const AccountId id = valueOf(addAccount(foundation.context(), commandLine, wanted));
        const AccountId digits
            = valueOf(addAccount(foundation.context(), commandLine, named("1234567")));
        const AccountRecord record
            = foundation.read([&](Transaction& tx) { return findAccount(tx, id); });
        CHECK(record.name == "Acme");
        CHECK(record.currency.code() == "JPY");
        CHECK(record.timeZone == "Asia/Tokyo");
        CHECK(record.plan == "large");
        CHECK(record.createdAt == foundation.clock.now());
        CHECK(foundation.read(listAccounts).size() == 2);

        const auto find = [&](const std::string& name) {
            const auto found
                = db->read([&](Transaction& tx) { return findAccountByNameOrId(tx, name); });
            return found ? found->id : 0;
        };
        CHECK(find("Acme") == id);
        CHECK(find("acme") == 0);
        CHECK(find("1234567") == digits);
        CHECK(find(std::to_string(id)) == id);
        CHECK(find("0" + std::to_string(id)) == 0);
        CHECK(find(std::to_string(id) + ".0") == 0);
        CHECK(find("") == 0);
        const auto byName = [&](const std::string& name) {
            return outcomeOf(db->read([&](Transaction& tx) { return findAccountByName(tx, name); })
            );
        };
        CHECK(byName("1234567") == "ok");
        CHECK(byName(std::to_string(id)) == "not-found");
        const auto absent = db->read([](Transaction& tx) { return findAccount(tx, 99); });
        CHECK(outcomeOf(absent) == "not-found");
        CHECK(outcomeOf(addAccount(foundation.context(), commandLine, wanted)) == "already-exists");
    });
}

TEST_CASE("What is wrong with a new account is named, and nothing of it stays")
{
    struct Case {
        std::string name;
        std::string currency = "USD";
        std::string zone = "UTC";
        std::string plan = "standard";
        std::string outcome;
        std::string detail;
    };
    const std::vector<Case> cases {
        { "", "USD", "UTC", "standard", "invalid-argument", "name" },
        { " a", "USD", "UTC", "standard", "invalid-argument", "name" },
        { "a\nb", "USD", "UTC", "standard", "invalid-argument", "name" },
        { "a", "XYZ", "UTC", "standard", "invalid-argument", "XYZ" },
        { "a", "USD", "Mars/Base", "standard", "unknown-time-zone", "Mars/Base" },
        { "a", "USD", "UTC", "", "invalid-argument", "plan" },
    };
    forEachDatabase([&](TestDatabase& db) {
        Foundation foundation(db, schema);
        for (const Case& each : cases) {
            CAPTURE(each.detail);
            NewAccount account = named(each.name);
            account.currency = each.currency;
            account.timeZone = each.zone;
            account.plan = each.plan;
            const auto outcome = addAccount(foundation.context(), commandLine, account);
            CHECK(outcomeOf(outcome) == each.outcome);
            CHECK_MESSAGE(
                detailOf(outcome).find(each.detail) != std::string::npos, detailOf(outcome)
            );
        }
        NewAccount broken = named("a");
        broken.profile = profile();
        broken.profile->country = "XX";
        CHECK(
            outcomeOf(addAccount(foundation.context(), commandLine, broken)) == "invalid-argument"
        );
        CHECK(foundation.read(listAccounts).empty());
        CHECK(journalKinds(foundation).empty());
    });
}

TEST_CASE("Names are unique in the database itself, whoever is first")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, schema);
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            std::atomic<int> added = 0;
            std::atomic<int> refused = 0;
            runTogether(8, [&](int) {
                const auto outcome = addAccount(context, commandLine, named("Acme"));
                added += outcome ? 1 : 0;
                refused += outcomeOf(outcome) == "already-exists" ? 1 : 0;
            });
            CHECK(added == 1);
            CHECK(refused == 7);
            CHECK(
                foundation.execute("INSERT INTO account (name, currency, time_zone, plan,"
                                   " created_at) VALUES ('Acme', 'USD', 'UTC', 'p', 0)")
                == "already-exists"
            );
        },
        patient
    );
}

TEST_CASE("A profile has versions, and each instant has its own")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const AccountId account = valueOf(addAccount(context, commandLine, named("Acme")));
        CHECK(profileNow(foundation, account) == BillingProfile());
        CHECK(
            missingFields(profileNow(foundation, account))
            == std::vector<std::string> { "legalName", "addressLines", "country", "emails" }
        );

        const Instant first = foundation.clock.now();
        const auto one = valueOf(changeProfile(context, commandLine, account, profile(), 0));
        CHECK(one.version == 1);
        CHECK(one.validFrom == first);
        foundation.clock.advance(100);
        const auto two
            = valueOf(changeProfile(context, commandLine, account, profile("Acme AG"), 1));
        const auto same
            = valueOf(changeProfile(context, commandLine, account, profile("Acme AG"), 2));
        CHECK(same == two);
        const auto three
            = valueOf(changeProfile(context, commandLine, account, profile("Acme SE"), {}));
        CHECK(three.version == 3);
        CHECK(missingFields(three).empty());

        struct Case {
            std::int64_t after;
            std::int32_t version;
        };
        for (const Case& each : std::vector<Case> {
                 { -1'000'000, 1 }, { -1, 1 }, { 0, 1 }, { 99, 1 }, { 100, 3 }, { 101, 3 } }) {
            CAPTURE(each.after);
            const auto found = foundation.read([&](Transaction& tx) {
                return profileAt(tx, account, Instant { first.micros + each.after });
            });
            CHECK(found.version == each.version);
        }
        BillingProfile expected = profile("Acme SE");
        expected.version = 3;
        expected.validFrom = foundation.clock.now();
        CHECK(profileNow(foundation, account) == expected);

        foundation.clock.set(first); // a clock that is set back does not reorder versions
        const auto four
            = valueOf(changeProfile(context, commandLine, account, profile("Acme Ltd"), 1));
        CHECK(four.validFrom == first);
        CHECK(profileNow(foundation, account) == four);
        foundation.clock.set(three.validFrom); // what held then, holds then
        CHECK(profileNow(foundation, account).legalName == "Acme SE");
        CHECK(
            journalKinds(foundation)
            == std::vector<std::string> { "account.created", "profile.changed", "profile.changed",
                                          "profile.changed", "profile.changed", "profile.changed" }
        );
    });
}

TEST_CASE("A profile can be dated ahead, but not before the version that is valid")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const AccountId account = valueOf(addAccount(context, commandLine, named("Acme")));
        const auto one = valueOf(changeProfile(context, commandLine, account, profile(), 0));
        const Instant later { foundation.clock.now().micros + microsPerDay };
        const auto two
            = valueOf(changeProfile(context, commandLine, account, profile("Acme NV"), 1, later));
        CHECK(two.validFrom == later);
        CHECK(profileNow(foundation, account) == one);
        const auto refused = changeProfile(
            context, commandLine, account, profile("Acme BV"), 1,
            Instant { foundation.clock.now().micros - 1 }
        );
        CHECK(outcomeOf(refused) == "invalid-argument");
        foundation.clock.set(later);
        CHECK(profileNow(foundation, account) == two);
    });
}

TEST_CASE("A change of today and what is planned for later keep each other's fields")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const AccountId account = valueOf(addAccount(context, commandLine, named("Acme")));
        const auto change = [&](const BillingProfile& to, std::optional<std::int32_t> expected,
                                std::optional<Instant> from = std::nullopt) {
            return changeProfile(context, commandLine, account, to, expected, from);
        };
        const auto on = [&](Instant when) {
            return foundation.read([&](Transaction& tx) { return profileAt(tx, account, when); });
        };
        const Instant today = foundation.clock.now();
        const Instant january { today.micros + 30 * microsPerDay };
        const Instant june { today.micros + 180 * microsPerDay };
        BillingProfile wanted = profile();
        REQUIRE(change(wanted, 0).has_value());
        BillingProfile moved = wanted;
        moved.addressLines = { "2 New Street" };
        REQUIRE(change(moved, 1, january).has_value());
        BillingProfile renamed = moved;
        renamed.legalName = "Acme NV";
        REQUIRE(change(renamed, 2, june).has_value());

        // The version that is shown is the one to expect, not the newest number.
        wanted.emails = { "new@acme.example" };
        CHECK(outcomeOf(change(wanted, 3)) == "precondition");
        foundation.clock.advance(1);
        const BillingProfile now = valueOf(change(wanted, 1));
        CHECK(on(foundation.clock.now()) == now);
        CHECK(now.addressLines == profile().addressLines);
        CHECK(on(january).addressLines == moved.addressLines);
        CHECK(on(january).emails == wanted.emails);
        CHECK(on(january).legalName == wanted.legalName);
        CHECK(on(june).legalName == "Acme NV");
        CHECK(on(june).addressLines == moved.addressLines);
        CHECK(on(june).emails == wanted.emails);

        // What both change: the planned one has its own from its day.
        wanted.addressLines = { "3 Stopgap" };
        REQUIRE(change(wanted, now.version).has_value());
        CHECK(profileNow(foundation, account).addressLines == wanted.addressLines);
        CHECK(on(january).addressLines == moved.addressLines);

        // Planned between the two: the later one keeps what it changes.
        const Instant march { today.micros + 90 * microsPerDay };
        BillingProfile purchasing = on(march);
        purchasing.purchaseOrder = "PO-9";
        REQUIRE(change(purchasing, std::nullopt, march).has_value());
        CHECK(on(june).purchaseOrder == "PO-9");
        CHECK(on(june).legalName == "Acme NV");
        CHECK(on(january).purchaseOrder == profile().purchaseOrder);

        // The same again is no version.
        const auto count = foundation.integer("SELECT COUNT(*) FROM billing_profile");
        REQUIRE(change(wanted, std::nullopt).has_value());
        CHECK(foundation.integer("SELECT COUNT(*) FROM billing_profile") == count);
    });
}

TEST_CASE("A planned country and its tax ids stay together")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const AccountId account = valueOf(addAccount(context, commandLine, named("Acme")));
        BillingProfile german = profile();
        german.country = "DE";
        german.taxIds = {};
        REQUIRE(changeProfile(context, commandLine, account, german, 0).has_value());
        const Instant january { foundation.clock.now().micros + 30 * microsPerDay };
        BillingProfile french = german;
        french.country = "FR";
        REQUIRE(changeProfile(context, commandLine, account, french, 1, january).has_value());
        foundation.clock.advance(1);
        german.taxIds = { "DE811907980" };
        REQUIRE(changeProfile(context, commandLine, account, german, 1).has_value());
        foundation.clock.set(january);
        CHECK(profileNow(foundation, account).country == "FR");
        CHECK(profileNow(foundation, account).taxIds.empty());
    });
}

TEST_CASE("Of two changes that saw the same version one is refused")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, schema);
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            const AccountId account = valueOf(addAccount(context, commandLine, named("Acme")));
            REQUIRE(changeProfile(context, commandLine, account, profile(), 0).has_value());
            const auto late = changeProfile(context, commandLine, account, profile("Late Ltd"), 0);
            CHECK(outcomeOf(late) == "precondition");
            CHECK(detailOf(late).find("version 0 was expected, 1 is there") != std::string::npos);

            std::atomic<int> changed = 0;
            std::atomic<int> refused = 0;
            runTogether(8, [&](int i) {
                const auto outcome = changeProfile(
                    context, commandLine, account, profile(fmt::format("Acme {}", i)), 1
                );
                changed += outcome ? 1 : 0;
                refused += outcomeOf(outcome) == "precondition" ? 1 : 0;
            });
            CHECK(changed == 1);
            CHECK(refused == 7);
            // Without an expected version nobody is refused, and no number is given twice.
            runTogether(8, [&](int i) {
                CHECK(changeProfile(
                          context, commandLine, account, profile(fmt::format("B {}", i)), {}
                )
                          .has_value());
            });
            CHECK(profileNow(foundation, account).version == 10);
            CHECK(foundation.integer("SELECT COUNT(*) FROM billing_profile") == 10);
        },
        patient
    );
}

TEST_CASE("A profile of no account is not found")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const auto outcome
            = changeProfile(foundation.context(), commandLine, 99, profile(), std::nullopt);
        CHECK(outcomeOf(outcome) == "not-found");
    });
}

TEST_CASE("Each rule of a profile is kept and named")
{
    struct Case {
        std::string name;
        std::function<void(BillingProfile&)> change;
        bool isRight;
    };
    using P = BillingProfile;
    const std::vector<Case> cases {
        { "legalName", [](P&) {}, true },
        { "legalName", [](P& p) { p.legalName = std::string(201, 'x'); }, false },
        { "legalName", [](P& p) { p.legalName = "a\tb"; }, false },
        { "legalName", [](P& p) { p.legalName = ""; }, true },
        { "addressLines",
          [](P& p) {
              p.addressLines = { "a", "" };
          },
          false },
        { "addressLines", [](P& p) { p.addressLines = { "a\nb" }; }, false },
        { "addressLines", [](P& p) { p.addressLines.assign(8, "x"); }, false },
        { "addressLines", [](P& p) { p.addressLines = {}; }, true },
        { "country", [](P& p) { p.country = "Germany"; }, false },
        { "country",
          [](P& p) {
              p.country = "";
              p.taxIds = {};
          },
          true },
        { "taxIds", [](P& p) { p.taxIds = { "DE12" }; }, false },
        { "taxIds", [](P& p) { p.taxIds.assign(6, "DE123456789"); }, false },
        { "taxIds", [](P& p) { p.country = "FR"; }, true }, // a German VAT id of a French firm
        { "purchaseOrder", [](P& p) { p.purchaseOrder = std::string(201, 'x'); }, false },
        { "buyerReference", [](P& p) { p.buyerReference = "a\x01"; }, false },
        { "emails", [](P& p) { p.emails = { "nobody" }; }, false },
        { "emails", [](P& p) { p.emails.assign(11, "a@b.c"); }, false },
        { "language", [](P& p) { p.language = "de_DE"; }, false },
        { "language", [](P& p) { p.language = "zh-Hant"; }, true },
    };
    for (const Case& each : cases) {
        CAPTURE(each.name);
        BillingProfile changed = profile();
        each.change(changed);
        const Result<> outcome = checkProfile(changed);
        CHECK(outcome.has_value() == each.isRight);
        if (!each.isRight)
            CHECK_MESSAGE(
                detailOf(outcome).find(each.name) != std::string::npos, detailOf(outcome)
            );
    }
}

TEST_CASE("Legal entities are made once, changed in place and journalled")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        ensure(foundation, { entity("ie", "NL"), entity("us", "NU") });
        ensure(foundation, { entity("ie", "NL"), entity("us", "NU") });
        auto entities = foundation.read(listLegalEntities);
        REQUIRE(entities.size() == 2);
        LegalEntity expected = entity("ie", "NL");
        CHECK(entities[0].party == expected.party);
        CHECK(entities[0].bankDetails == expected.bankDetails);
        CHECK(entities[0].series == "NL");
        CHECK(entities[0].tax == expected.tax);
        CHECK(entities[0].taxCurrency == expected.taxCurrency);
        CHECK(entities[0].taxRounding == Rounding::HalfAwayFromZero);

        LegalEntity moved = entity("us", "NU");
        moved.party.addressLines = { "2 Lake Road" };
        moved.taxRounding = Rounding::HalfEven;
        ensure(foundation, { moved });
        entities = foundation.read(listLegalEntities);
        REQUIRE(entities.size() == 2);
        CHECK(entities[1].party.addressLines == moved.party.addressLines);
        CHECK(entities[1].taxRounding == Rounding::HalfEven);
        CHECK(
            journalKinds(foundation)
            == std::vector<std::string> { "legal-entity.created", "legal-entity.created",
                                          "legal-entity.changed" }
        );
        const auto twice
            = ensureLegalEntities(foundation.context(), commandLine, { entity("de", "NL") });
        CHECK(outcomeOf(twice) == "already-exists"); // two entities cannot share a series
        const auto absent = db->read([](Transaction& tx) { return findLegalEntity(tx, 99); });
        CHECK(outcomeOf(absent) == "not-found");
    });
}

TEST_CASE("Terms name a legal entity and days, in versions that are never changed")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const auto termsNow = [&](AccountId account) {
            return foundation.read([&](Transaction& tx) {
                return termsAt(tx, account, foundation.clock.now());
            });
        };
        // Made before any legal entity was known.
        const AccountId early = valueOf(addAccount(context, commandLine, named("early")));
        CHECK(termsNow(early) == BillingTerms());
        ensure(foundation, { entity("ie", "NL"), entity("us", "NU") });
        CHECK(termsNow(early).legalEntity == 1);
        CHECK(termsNow(early).paymentDays == 14);

        NewAccount wanted = named("Acme");
        wanted.terms = BillingTerms { 0, {}, 2, 30 };
        const AccountId account = valueOf(addAccount(context, commandLine, wanted));
        CHECK(termsNow(account) == BillingTerms { 1, foundation.clock.now(), 2, 30 });
        const auto change = [&](const BillingTerms& terms, std::optional<std::int32_t> expected) {
            return outcomeOf(changeTerms(context, commandLine, account, terms, expected));
        };
        CHECK(change({ 0, {}, 1, 45 }, 1) == "ok");
        CHECK(change({ 0, {}, 1, 60 }, 1) == "precondition");
        CHECK(change({ 0, {}, 1, 45 }, 2) == "ok"); // the same again
        CHECK(change({ 0, {}, 9, 45 }, {}) == "invalid-argument");
        CHECK(change({ 0, {}, 1, -1 }, {}) == "invalid-argument");
        CHECK(change({ 0, {}, 1, 366 }, {}) == "invalid-argument");
        CHECK(termsNow(account).version == 2);
        CHECK(termsNow(account).paymentDays == 45);
        CHECK(foundation.execute("UPDATE billing_terms SET payment_days = 1") == "conflict");
        CHECK(foundation.execute("DELETE FROM billing_terms") == "conflict");
    });
}

TEST_CASE("A profile's names and addresses are in the personal part of the journal only")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        NewAccount wanted = named("Acme");
        wanted.profile = profile("Ada Lovelace");
        REQUIRE(addAccount(foundation.context(), commandLine, wanted).has_value());
        REQUIRE(sequenceJournal(foundation.context()).has_value());
        JournalFilter filter;
        filter.withPersonal = true;
        filter.subjectType = "account";
        const auto entries
            = foundation.read([&](Transaction& tx) { return readJournal(tx, filter); });
        REQUIRE(entries.size() == 2);
        CHECK(entries[1].draft.kind == "profile.changed");
        CHECK(entries[1].draft.personal.find("Ada Lovelace") != std::string::npos);
        CHECK(entries[1].draft.personal.find("cfo@acme.example") != std::string::npos);
        for (const JournalEntry& entry : entries)
            for (const char* part : { "Lovelace", "acme.example", "Hauptstr", "DE123456789" })
                CHECK(entry.canonical.find(part) == std::string::npos);
    });
}

TEST_CASE("Projects belong to an account and are made once")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        const AccountId one = valueOf(addAccount(context, commandLine, named("one")));
        const AccountId two = valueOf(addAccount(context, commandLine, named("two")));
        const auto ensured = [&](AccountId account, const std::vector<std::string>& names) {
            return valueOf(foundation.write([&](Transaction& tx) {
                return ensureProjects(tx, account, names);
            }));
        };
        const auto first = ensured(one, { "training", "inference" });
        REQUIRE(first.size() == 2);
        CHECK(first[0].name == "training");
        CHECK(ensured(one, { "inference", "training" }) == first);
        const auto other = ensured(two, { "training" });
        REQUIRE(other.size() == 1);
        CHECK(other[0].account == two);
        CHECK(other[0].id != first[0].id);
        CHECK(
            foundation.execute("INSERT INTO project (account_id, name) VALUES (1, 'training')")
            == "already-exists"
        );
    });
}

TEST_CASE("The same steps with the same seed and clock leave the same database")
{
    forEachDatabase([](TestDatabase& db) {
        const auto run = [](TestDatabase& into) {
            Foundation foundation(into, schema);
            const Context context = foundation.context();
            ensure(foundation, { entity("ie", "NL") });
            for (const std::string name : { "one", "two", "three" }) {
                NewAccount wanted = named(name);
                wanted.profile = profile(name);
                REQUIRE(addAccount(context, commandLine, wanted).has_value());
                foundation.clock.advance(1);
            }
            REQUIRE(sequenceJournal(context).has_value());
            std::string all;
            for (const JournalEntry& entry :
                 foundation.read([](Transaction& tx) { return readJournal(tx, {}); }))
                all += fmt::format("{} {} {}\n", entry.seq, entry.id, entry.canonical);
            return all;
        };
        TestDatabase second(db.engine());
        const std::string once = run(db);
        CHECK(once == run(second));
        CHECK(once.size() > 1000);
    });
}
