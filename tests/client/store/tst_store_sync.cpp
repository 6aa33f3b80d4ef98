#include "tests/client/store/store_world.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

using namespace quittance;
using namespace quittance::testing;

namespace {

std::vector<contract::Item> twoBills()
{
    return { BillMaker(1, 1, "2023-10").cost("GPU pods", "2023-10-02", 100).change(),
             BillMaker(2, 1, "2023-11").cost("GPU pods", "2023-11-02", 200).change() };
}

BillQuery byPeriod()
{
    BillQuery query;
    query.sort = BillColumn::Period;
    query.descending = false;
    return query;
}

std::int64_t totalCosts(client::Store& store)
{
    CostQuery query;
    query.first = day("2023-01-01");
    query.last = day("2023-12-31");
    return valueOf(store.costs(query)).total;
}

} // namespace

TEST_CASE("a snapshot replaces what was stored, all at once")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta") });
    world.load("bills:1", twoBills());
    CHECK(world.ids(byPeriod()) == "1 2");
    CHECK(totalCosts(*world.store) == 300);

    REQUIRE(detailOf(world.store->beginSnapshot("bills:1")) == "");
    REQUIRE(
        detailOf(world.store->addSnapshotItems(
            "bills:1", { BillMaker(3, 1, "2023-12").cost("Storage", "2023-12-02", 7).change() }
        ))
        == ""
    );
    // A half snapshot is invisible, also to a program that starts again.
    CHECK(world.ids(byPeriod()) == "1 2");
    world.reopen();
    CHECK(world.ids(byPeriod()) == "1 2");
    CHECK(totalCosts(*world.store) == 300);

    // One that begins anew forgets what the half one staged.
    world.load("bills:1", { BillMaker(4, 1, "2023-12").cost("Storage", "2023-12-02", 9).change() });
    CHECK(world.ids(byPeriod()) == "4");
    CHECK(totalCosts(*world.store) == 9);
    CHECK(outcomeOf(world.store->bill(1)) == "not-found");
}

TEST_CASE("a snapshot of more than a page of staged items is whole and in order")
{
    StoreWorld world;
    constexpr int count = 1203;
    REQUIRE(detailOf(world.store->beginSnapshot("bills:1")) == "");
    for (int i = 1; i <= count; ++i)
        REQUIRE(
            detailOf(
                world.store->addSnapshotItems("bills:1", { BillMaker(i, 1, "2023-10").change() })
            )
            == ""
        );
    REQUIRE(detailOf(world.store->finishSnapshot("bills:1", 5, world.now)) == "");
    CHECK(valueOf(world.store->billCount()) == count);
}

TEST_CASE("a snapshot with an item that is not of the contract changes nothing")
{
    StoreWorld world;
    world.load("bills:1", twoBills());
    const std::vector<contract::Item> bad {
        { 0, "bill", "9", boost::json::object { { "bill", "not one" } } },
        { 0, "planet", "9", boost::json::object() },
        { 0, "bill", "nine", nullptr },
    };
    for (const contract::Item& item : bad) {
        CAPTURE(contract::toText(item));
        REQUIRE(detailOf(world.store->beginSnapshot("bills:1")) == "");
        REQUIRE(detailOf(world.store->addSnapshotItems("bills:1", { item })) == "");
        CHECK(outcomeOf(world.store->finishSnapshot("bills:1", 9, world.now)) == "malformed-input");
        CHECK(world.ids(byPeriod()) == "1 2");
        CHECK(valueOf(world.store->scope("bills:1")).cursor == 1);
    }
}

TEST_CASE("changes and the cursor move together, and the same page twice changes nothing")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta") });
    world.load("bills:1", twoBills());
    const contract::ChangePage page {
        { removal("bill", 1, 5),
          BillMaker(2, 1, "2023-11").cost("GPU pods", "2023-11-03", 250).change(6),
          BillMaker(3, 1, "2023-12").cost("GPU pods", "2023-12-03", 1).change(7) },
        7,
        false
    };
    for (int i = 0; i < 2; ++i) {
        REQUIRE(detailOf(world.store->applyChanges("bills:1", page, world.now)) == "");
        CHECK(world.ids(byPeriod()) == "2 3");
        CHECK(totalCosts(*world.store) == 251);
        CHECK(
            valueOf(world.store->scope("bills:1"))
            == client::ScopeState { "bills:1", 7, world.now, true }
        );
    }
    const contract::ChangePage bad {
        { removal("bill", 2, 8), { 9, "planet", "1", boost::json::object() } }, 9, false
    };
    CHECK(outcomeOf(world.store->applyChanges("bills:1", bad, world.now)) == "malformed-input");
    CHECK(world.ids(byPeriod()) == "2 3");
    CHECK(valueOf(world.store->scope("bills:1")).cursor == 7);
}

TEST_CASE("a cost row that names a line which its bill lacks is refused")
{
    StoreWorld world;
    contract::BillItem item = BillMaker(1, 1, "2023-10").cost("GPU", "2023-10-02", 100).item();
    for (const std::int32_t line : { 0, 2, -1 }) {
        item.costs.front().line = line;
        const contract::ChangePage page { { { 1, "bill", "1", contract::toJson(item) } },
                                          1,
                                          false };
        CHECK(
            outcomeOf(world.store->applyChanges("bills:1", page, world.now)) == "malformed-input"
        );
    }
    CHECK(valueOf(world.store->billCount()) == 0);
}

TEST_CASE("each scope holds its own: loading or dropping one leaves the others")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta"), account(2, "Acme") });
    world.load("bills:1", twoBills());
    world.load("bills:2", { BillMaker(5, 2, "2023-11").cost("API", "2023-11-02", 40).change() });
    world.load("events:1:2:1", { event("a", "2023-11-02T10:00:00Z") });
    REQUIRE(detailOf(world.store->dropScope("bills:1")) == "");
    CHECK(world.ids(byPeriod()) == "5");
    CHECK(totalCosts(*world.store) == 40);
    CHECK_FALSE(valueOf(world.store->scope("bills:1")).complete);
    CHECK(valueOf(world.store->scope("bills:2")).complete);
    CHECK(valueOf(world.store->scopes()).size() == 3);
    CHECK(valueOf(world.store->accounts()).size() == 2);
    CHECK(outcomeOf(world.store->dropScope("planets")) == "not-found");
}

TEST_CASE("over budget, what was opened least recently goes first; what is kept and the last stay")
{
    struct Case {
        std::string what;
        std::int64_t budget;
        std::set<std::string> kept;
        std::string dropped;
    };
    const auto sizeOf = [](const contract::Item& item) {
        return static_cast<std::int64_t>(boost::json::serialize(item.data).size());
    };
    const std::int64_t one = sizeOf(event("a", "2023-11-02T10:00:00Z"));
    const std::vector<Case> cases {
        { "all fit", 4 * one, {}, "" },
        { "one too many", 4 * one - 1, {}, "events:1:2:1 " },
        { "room for two", 2 * one, {}, "events:1:1:1 events:1:2:1 " },
        { "no room at all", 0, {}, "events:1:3:1 events:1:1:1 events:1:2:1 " },
        { "the oldest is kept and not counted", 3 * one, { "events:1:2:1" }, "" },
        { "the last is kept", one, { "events:1:4:1" }, "events:1:1:1 events:1:2:1 " },
    };
    for (const Case& each : cases) {
        CAPTURE(each.what);
        StoreWorld world;
        world.load("bills:1", twoBills());
        for (const std::string line : { "1", "2", "3", "4" }) {
            REQUIRE(detailOf(world.store->markOpened("events:1:" + line + ":1")) == "");
            world.load("events:1:" + line + ":1", { event("a", "2023-11-02T10:00:00Z") });
        }
        // Opened again: 2 is the oldest now.
        for (const std::string line : { "1", "3", "4" })
            REQUIRE(detailOf(world.store->markOpened("events:1:" + line + ":1")) == "");
        const auto dropped = valueOf(
            world.store->dropOverBudget(contract::Scope::Kind::LineEvents, each.budget, each.kept)
        );
        std::string names;
        for (const std::string& name : dropped) {
            names += name + " ";
            CHECK_FALSE(valueOf(world.store->scope(name)).complete);
        }
        CHECK(names == each.dropped);
        CHECK(valueOf(world.store->scopes()).size() == 5 - dropped.size());
        CHECK(valueOf(world.store->billCount()) == 2);
    }
}

TEST_CASE("what a dropped scope held is gone, and only that")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta"), account(2, "Acme") });
    world.load("bills:1", twoBills());
    world.load("bills:2", { BillMaker(5, 2, "2023-11").cost("API", "2023-11-02", 40).change() });
    for (const std::string scope : { "bills:2", "bills:1" })
        REQUIRE(detailOf(world.store->markOpened(scope)) == "");
    const auto dropped = valueOf(world.store->dropOverBudget(contract::Scope::Kind::Bills, 1, {}));
    CHECK(dropped == std::vector<std::string> { "bills:2" });
    CHECK(world.ids(byPeriod()) == "1 2");
    CHECK(totalCosts(*world.store) == 300);
    CHECK(valueOf(world.store->accounts()).size() == 2);
}

TEST_CASE("a view leaves nothing behind, and finds nothing of the one before")
{
    StoreWorld world;
    REQUIRE(detailOf(world.store->bind("installation/1/0")) == "");
    world.load("bills:1", twoBills());
    REQUIRE(detailOf(world.store->setValue("me", "ada")) == "");
    REQUIRE(detailOf(world.store->bindView("installation/1/7")) == "");
    CHECK(valueOf(world.store->billCount()) == 0);
    CHECK(valueOf(world.store->value("me")) == "ada");
    world.load("bills:7", { BillMaker(70, 7, "2023-10").change() });
    CHECK(valueOf(world.store->billCount()) == 1);
    REQUIRE(detailOf(world.store->bindView("installation/1/8")) == "");
    CHECK(valueOf(world.store->billCount()) == 0);
    world.load("bills:8", { BillMaker(80, 8, "2023-10").change() });

    world.reopen(); // the program died while viewing
    REQUIRE(detailOf(world.store->bind("installation/1/0")) == "");
    CHECK(valueOf(world.store->billCount()) == 2);
    REQUIRE(detailOf(world.store->bindView("installation/1/8")) == "");
    CHECK(valueOf(world.store->billCount()) == 0);
}

TEST_CASE("an intent whose answer never came keeps its key, also over a restart")
{
    StoreWorld world;
    const auto keep = [&](const std::string& key, const std::string& body) {
        return valueOf(world.store->keepIntent({ key, "PUT", "/v1/accounts/1/terms", body,
                                                 world.now }));
    };
    REQUIRE(detailOf(world.store->bind("installation/1/0")) == "");
    CHECK(keep("k1", "{1}") == "k1");
    CHECK(keep("k2", "{2}") == "k2"); // another intent
    world.reopen();
    CHECK(keep("k3", "{1}") == "k1");
    REQUIRE(valueOf(world.store->unansweredIntents()).size() == 2);
    CHECK(valueOf(world.store->unansweredIntents())[0].body == "{1}");

    REQUIRE(detailOf(world.store->forgetIntent("k1")) == "");
    CHECK(keep("k4", "{1}") == "k4"); // answered: the same again is a new one
    world.now.micros += 31 * microsPerDay;
    CHECK(keep("k5", "{2}") == "k5");
    CHECK(valueOf(world.store->unansweredIntents()).size() == 1);

    REQUIRE(detailOf(world.store->bind("installation/2/0")) == "");
    CHECK(valueOf(world.store->unansweredIntents()).empty());
}

TEST_CASE("what another owner left is removed; the same owner finds all again")
{
    StoreWorld world;
    REQUIRE(detailOf(world.store->bind("installation/1/0")) == "");
    world.load("accounts", { account(1, "Zeta") });
    world.load("bills:1", twoBills());
    REQUIRE(detailOf(world.store->saveDocument(1, "pdf", "%PDF-1.7", world.now)) == "");
    REQUIRE(detailOf(world.store->setValue("columns", "1,2,3")) == "");
    world.reopen();
    REQUIRE(detailOf(world.store->bind("installation/1/0")) == "");
    CHECK(valueOf(world.store->billCount()) == 2);
    CHECK(valueOf(world.store->document(1, "pdf")).value().bytes == "%PDF-1.7");

    REQUIRE(detailOf(world.store->bind("installation/1/1")) == "");
    CHECK(valueOf(world.store->billCount()) == 0);
    CHECK(valueOf(world.store->accounts()).empty());
    CHECK(valueOf(world.store->scopes()).empty());
    CHECK_FALSE(valueOf(world.store->document(1, "pdf")).has_value());
    CHECK(totalCosts(*world.store) == 0);
    CHECK(world
              .ids([] {
                  BillQuery query;
                  query.text = "2023";
                  return query;
              }())
              .empty());
    // How somebody likes their columns is no customer's data.
    CHECK(valueOf(world.store->value("columns")) == "1,2,3");
}

TEST_CASE("the events of a line come in order, in pages, with their age")
{
    StoreWorld world;
    world.load("bills:1", twoBills());
    CHECK(outcomeOf(world.store->lineEvents(9, 1, 0, 10)) == "not-found");
    CHECK(outcomeOf(world.store->lineEvents(1, 9, 0, 10)) == "not-found");
    LineEventPage page = valueOf(world.store->lineEvents(1, 1, 0, 10));
    CHECK(page.events.empty());
    CHECK_FALSE(page.complete);
    CHECK_FALSE(page.syncedAt.has_value());

    world.load(
        "events:1:1:1",
        { event("b", "2023-10-02T11:00:00Z"), event("a", "2023-10-02T11:00:00Z"),
          event("c", "2023-10-02T10:00:00Z") }
    );
    world.load("events:1:2:1", { event("other", "2023-11-02T10:00:00Z") });
    page = valueOf(world.store->lineEvents(1, 1, 0, 2));
    CHECK(page.complete);
    CHECK(page.total == 3);
    CHECK(page.syncedAt == world.now);
    REQUIRE(page.events.size() == 2);
    CHECK(page.events[0].id == "c");
    CHECK(page.events[1].id == "a");
    CHECK(page.events[0].quantity == 1'500'000);
    CHECK(page.events[0].quantityWithin == 250'000);
    page = valueOf(world.store->lineEvents(1, 1, 2, 2));
    REQUIRE(page.events.size() == 1);
    CHECK(page.events[0].id == "b");
}

TEST_CASE("accounts, profiles and people come by name")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta"), account(2, "Acme") });
    world.load("bills:1", twoBills());
    const std::vector<AccountItem> accounts = valueOf(world.store->accounts());
    REQUIRE(accounts.size() == 2);
    CHECK(accounts[0].name == "Acme");
    CHECK(accounts[0].bills == 0);
    CHECK(accounts[1].bills == 2);
    CHECK(valueOf(world.store->billingDetails(1)).profile.legalName == "Zeta Ltd");
    CHECK(outcomeOf(world.store->billingDetails(3)) == "not-found");

    const auto person = [](std::int64_t id, const std::string& name) {
        contract::PersonView view { id, name + "@x.example", name, id == 2, true, {} };
        view.grants = { { Role::Customer, 7 } };
        return contract::Item { 0, "person", std::to_string(id), contract::toJson(view) };
    };
    world.load("people", { person(1, "Zoe"), person(2, "Abe") });
    const std::vector<PersonItem> people = valueOf(world.store->people());
    REQUIRE(people.size() == 2);
    CHECK(people[0].name == "Abe");
    CHECK(people[0].disabled);
    REQUIRE(people[1].grants.size() == 1);
    CHECK(people[1].grants[0].account == 7);
    REQUIRE(
        detailOf(world.store->applyChanges(
            "people", { { removal("person", 2, 4) }, 4, false }, world.now
        ))
        == ""
    );
    CHECK(valueOf(world.store->people()).size() == 1);
}

TEST_CASE("billing details hold what is valid, and its versions once they were loaded")
{
    StoreWorld world;
    world.load("accounts", { account(1, "Zeta"), account(2, "Acme") });
    BillingDetails details = valueOf(world.store->billingDetails(1));
    CHECK(details.profile.account == 1);
    CHECK(details.terms.account == 1);
    CHECK(details.terms.paymentDays == 14);
    CHECK(details.profileVersions.empty());
    CHECK_FALSE(details.historySyncedAt);
    CHECK(details.legalEntities.empty());

    world.load("history:1", { history(1, { "Zeta SA", "Zeta Ltd" }) });
    world.load("history:2", { history(2, { "Acme" }) });
    world.load("legal-entities", { legalEntity(4, "lake-us"), legalEntity(3, "lake-de") });
    details = valueOf(world.store->billingDetails(1));
    CHECK(details.historySyncedAt == world.now);
    REQUIRE(details.profileVersions.size() == 2);
    CHECK(details.profileVersions[0].profile.legalName == "Zeta SA");
    CHECK(details.profileVersions[0].profile.version == 2);
    CHECK(details.profileVersions[1].validFrom == at("2023-01-01T00:00:00Z"));
    REQUIRE(details.termsVersions.size() == 1);
    CHECK(details.termsVersions[0].terms.paymentDays == 30);
    REQUIRE(details.legalEntities.size() == 2);
    CHECK(details.legalEntities[0].code == "lake-de");

    const contract::Item changed = history(1, { "Zeta SE", "Zeta SA", "Zeta Ltd" });
    for (int again = 0; again < 2; ++again) {
        REQUIRE(
            detailOf(world.store->applyChanges("history:1", { { changed }, 9, false }, world.now))
            == ""
        );
        CHECK(valueOf(world.store->billingDetails(1)).profileVersions.size() == 3);
    }
    REQUIRE(
        detailOf(world.store->applyChanges(
            "legal-entities", { { removal("legal-entity", 4, 5) }, 5, false }, world.now
        ))
        == ""
    );
    CHECK(valueOf(world.store->billingDetails(1)).legalEntities.size() == 1);
    REQUIRE(detailOf(world.store->dropScope("history:1")) == "");
    CHECK(valueOf(world.store->billingDetails(1)).profileVersions.empty());
    CHECK(valueOf(world.store->billingDetails(2)).profileVersions.size() == 1);
    REQUIRE(detailOf(world.store->bind("somebody else")) == "");
    CHECK(outcomeOf(world.store->billingDetails(2)) == "not-found");
}

TEST_CASE("a file that is no database is told from one that a newer console wrote")
{
    const TemporaryFolder folder;
    const std::string url = folder.sqliteUrl("store.db");
    {
        const auto database = valueOf(database::Database::open(url));
        REQUIRE(outcomeOf(client::Store::open(url, {})) == "ok");
        REQUIRE(
            outcomeOf(database->write([](database::Transaction& tx) {
                return tx.execute("UPDATE schema_version SET number = 99 WHERE number = 1");
            }))
            == "ok"
        );
    }
    CHECK(outcomeOf(client::Store::open(url, {})) == "schema-too-new");
}
