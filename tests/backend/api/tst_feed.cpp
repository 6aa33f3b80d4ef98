#include "tests/backend/api/api_world.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <future>
#include <map>
#include <sstream>
#include <thread>

using namespace quittance;
using namespace quittance::testing;
using http::Method;

namespace {

/// A scope as a console holds it: the present data of each thing.
struct Held {
    std::map<std::string, std::string> items;
    std::int64_t cursor = 0;

    bool operator==(const Held& other) const { return items == other.items; }
};

Held snapshot(ApiWorld& world, const std::string& scope, const std::string& token)
{
    const Answer answer = world.get("/v1/scopes/" + scope + "/snapshot", token);
    REQUIRE(answer.status == 200);
    std::istringstream stream(answer.body);
    std::string line;
    REQUIRE(std::getline(stream, line));
    const auto header = valueOf(contract::fromText<contract::SnapshotHeader>(line));
    CHECK(header.scope == scope);
    Held held;
    held.cursor = header.cursor;
    std::int64_t count = 0;
    while (std::getline(stream, line) && !line.starts_with("{\"end\"")) {
        const auto item = valueOf(contract::fromText<contract::Item>(line));
        held.items[item.id] = boost::json::serialize(item.data);
        ++count;
    }
    CHECK(valueOf(contract::fromText<contract::SnapshotEnd>(line)).items == count);
    CHECK(header.items == count);
    return held;
}

/// Takes what changed, in pages of `limit`; the ids in the order of the feed.
std::string follow(
    ApiWorld& world, const std::string& scope, const std::string& token, Held& held,
    int limit = 1000
)
{
    std::string ids;
    bool more = true;
    while (more) {
        const Answer answer = world.get(
            fmt::format("/v1/scopes/{}/changes?cursor={}&limit={}", scope, held.cursor, limit),
            token
        );
        REQUIRE(answer.status == 200);
        const auto page = valueOf(contract::fromText<contract::ChangePage>(answer.body));
        CHECK(page.cursor >= held.cursor);
        for (const contract::Item& item : page.changes) {
            CHECK(item.seq > held.cursor);
            ids += item.id + " ";
            if (item.data.is_null())
                held.items.erase(item.id);
            else
                held.items[item.id] = boost::json::serialize(item.data);
        }
        held.cursor = page.cursor;
        more = page.more;
    }
    return ids;
}

void rename(ApiWorld& world, AccountId account, const std::string& legalName)
{
    contract::ProfileView profile = world.view(account).profile;
    profile.legalName = legalName;
    world.clock.advance(1);
    const Answer answer = world.write(
        Method::Put, fmt::format("/v1/accounts/{}/profile", account), world.admin,
        contract::toText(profile)
    );
    REQUIRE(answer.status == 200);
}

} // namespace

TEST_CASE("a snapshot and the changes after it are the present state")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string bills = fmt::format("bills:{}", world.acme);
        const std::string history = fmt::format("history:{}", world.acme);
        for (const int limit : { 1000, 1 }) {
            CAPTURE(limit);
            std::map<std::string, Held> held;
            for (const std::string& scope :
                 { std::string("accounts"), std::string("people"), bills, history })
                held[scope] = snapshot(world, scope, world.admin);
            for (auto& [scope, state] : held)
                CHECK(follow(world, scope, world.admin, state).empty());

            rename(world, world.acme, fmt::format("Acme {}", limit));
            world.use(world.acme, fmt::format("more-{}", limit), "2023-12-05T10:00:00Z");
            world.runMonth("2023-12", false);
            const std::string form = fmt::format(
                R"({{"email":"n{}@x.example","name":"N","grants":[{{"role":"finance","account":null}}]}})",
                limit
            );
            REQUIRE(world.write(Method::Post, "/v1/people", world.admin, form).status == 201);
            world.publish();

            for (auto& [key, state] : held) {
                const std::string& scope = key;
                CAPTURE(scope);
                const Held before = state;
                CHECK_FALSE(follow(world, scope, world.admin, state, limit).empty());
                CHECK_FALSE(state == before);
                CHECK(state == snapshot(world, scope, world.admin));
                CHECK(follow(world, scope, world.admin, state, limit).empty());
            }
        }
    });
}

TEST_CASE("a thing that changed often comes once, whole, at its last number")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        Held held = snapshot(world, "accounts", world.admin);
        rename(world, world.acme, "One");
        rename(world, world.zeta, "Two");
        rename(world, world.acme, "Three");
        world.publish();
        CHECK(
            follow(world, "accounts", world.admin, held)
            == fmt::format("{} {} ", world.zeta, world.acme)
        );
        CHECK(held.items[std::to_string(world.acme)].find("Three") != std::string::npos);
    });
}

TEST_CASE("a customer's feed holds nothing of another account")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        Held held = snapshot(world, "accounts", world.customer);
        CHECK(held.items.size() == 1);
        rename(world, world.zeta, "Foreign");
        world.publish();
        CHECK(follow(world, "accounts", world.customer, held).empty());
        rename(world, world.acme, "Own");
        world.publish();
        CHECK(follow(world, "accounts", world.customer, held) == std::to_string(world.acme) + " ");
    });
}

TEST_CASE("an account's history holds its versions, newest first, with the day they began")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string scope = fmt::format("history:{}", world.acme);
        Held held = snapshot(world, scope, world.customer);
        rename(world, world.acme, "Acme SAS");
        contract::TermsView terms = world.view(world.acme).terms;
        terms.paymentDays = 45;
        const std::string path = fmt::format("/v1/accounts/{}/terms", world.acme);
        REQUIRE(
            world.write(Method::Put, path, world.finance, contract::toText(terms)).status == 200
        );
        rename(world, world.zeta, "Foreign");
        world.publish();
        CHECK(follow(world, scope, world.customer, held) == std::to_string(world.acme) + " ");

        const auto history = valueOf(contract::fromText<contract::AccountHistoryView>(
            held.items.at(std::to_string(world.acme))
        ));
        CHECK(history.account == world.acme);
        REQUIRE(history.profiles.size() == 2);
        CHECK(history.profiles[0].profile == world.view(world.acme).profile);
        CHECK(history.profiles[0].profile.legalName == "Acme SAS");
        CHECK(history.profiles[1].profile.legalName == "Acme SARL");
        CHECK(history.profiles[1].validFrom < history.profiles[0].validFrom);
        REQUIRE(history.terms.size() == 2);
        CHECK(history.terms[0].terms.paymentDays == 45);
        CHECK(history.terms[1].terms.paymentDays == 14);
        CHECK(history.terms[0].terms == world.view(world.acme).terms);
        CHECK(world.get("/v1/scopes/history:987654/snapshot", world.admin).status == 404);
    });
}

TEST_CASE("who sets terms, on all accounts or on one, learns who may bill")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string scope = "legal-entities";
        const std::string own = world.person("eve@testlake.example", Role::Finance, world.acme);
        Held held = snapshot(world, scope, own);
        CHECK(held == snapshot(world, scope, world.admin));
        REQUIRE(held.items.size() == 1);
        const auto entity
            = valueOf(contract::fromText<contract::LegalEntityView>(held.items.begin()->second));
        CHECK(entity.code == "testlake-de");
        CHECK(entity.legalName == "Testlake GmbH");
        CHECK(entity.country == "DE");

        world.addEntity("testlake-fr", "TF");
        world.publish();
        CHECK_FALSE(follow(world, scope, own, held).empty());
        CHECK(held.items.size() == 2);
        CHECK(world.get("/v1/scopes/legal-entities/snapshot", world.customer).status == 403);
    });
}

TEST_CASE("a transaction that commits after a later one is not skipped")
{
    TestDatabase db(database::Engine::Postgres);
    ApiWorld world(db);
    Held held = snapshot(world, "accounts", world.admin);
    const auto changed = [](AccountId account) {
        backend::JournalDraft draft;
        draft.kind = "account.changed";
        draft.account = account;
        draft.subjectType = "account";
        draft.subjectId = account;
        draft.after = "{}";
        return draft;
    };
    backend::SystemRandom random;
    const backend::Context here { db.database(), world.clock, random };
    std::promise<void> begun;
    std::promise<void> mayEnd;
    std::thread slow([&] {
        const auto written = db->write([&](database::Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(backend::appendJournal(tx, here, commandLine, changed(world.acme)));
            begun.set_value();
            mayEnd.get_future().wait();
            return {};
        });
        CHECK(detailOf(written) == "");
    });
    begun.get_future().wait();
    const auto written = db->write([&](database::Transaction& tx) {
        return backend::appendJournal(tx, here, commandLine, changed(world.zeta));
    });
    world.publish();
    const std::string first = follow(world, "accounts", world.admin, held);
    mayEnd.set_value();
    slow.join();
    REQUIRE(detailOf(written) == "");
    CHECK(first == std::to_string(world.zeta) + " ");
    world.publish();
    CHECK(follow(world, "accounts", world.admin, held) == std::to_string(world.acme) + " ");
}

TEST_CASE("the events of a line are loaded anew where their bill changed")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        world.use(world.acme, "d", "2023-12-05T10:00:00Z");
        world.runMonth("2023-12", false);
        world.publish();
        Held bills = snapshot(world, fmt::format("bills:{}", world.acme), world.customer);
        REQUIRE(bills.items.size() == 2);
        const std::string draft = bills.items.rbegin()->first;
        const std::string scope = fmt::format("events:{}:{}:1", world.acme, draft);
        Held events = snapshot(world, scope, world.customer);
        CHECK(events.items.size() == 1);
        CHECK(events.items.begin()->first == "test/d");
        CHECK(follow(world, scope, world.customer, events).empty());

        world.use(world.acme, "e", "2023-12-06T10:00:00Z");
        world.runMonth("2023-12", false);
        world.publish();
        const Answer answer = world.get(
            fmt::format("/v1/scopes/{}/changes?cursor={}", scope, events.cursor), world.customer
        );
        CHECK(answer.status == 409);
        CHECK(snapshot(world, scope, world.customer).items.size() == 2);
        CHECK(
            world
                .get(
                    fmt::format("/v1/scopes/events:{}:{}:9/snapshot", world.acme, draft),
                    world.customer
                )
                .status
            == 404
        );
    });
}

TEST_CASE("a cursor that this installation has not reached asks for a snapshot")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string changes = "/v1/scopes/accounts/changes";
        CHECK(world.get(changes + "?cursor=999999", world.admin).status == 409);
        CHECK(world.get(changes + "?cursor=-1", world.admin).status == 400);
        CHECK(world.get(changes + "?cursor=x", world.admin).status == 400);
        CHECK(world.get(changes, world.admin).status == 400);
    });
}

TEST_CASE("a snapshot of many pages says before the first item how many follow")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        constexpr int count = 1203;
        std::vector<UsageEvent> events;
        events.reserve(count);
        for (int i = 0; i < count; ++i)
            events.push_back(call(world.acme, fmt::format("e{}", i), "2023-12-05T10:00:00Z"));
        world.add(events);
        world.runMonth("2023-12", false);
        const auto bills = snapshot(world, fmt::format("bills:{}", world.acme), world.admin);
        const std::string draft = bills.items.rbegin()->first;
        const std::string scope = fmt::format("events:{}:{}:1", world.acme, draft);
        CHECK(snapshot(world, scope, world.admin).items.size() == count);
    });
}
