#include "tests/backend/api/api_world.h"

#include <boost/json.hpp>

#include <set>

using namespace quittance;
using namespace quittance::testing;
using http::Method;

namespace {

const std::string tokenForm
    = R"({"name":"meter","role":"usage-intake","account":null,"expires":null})";

/// Every stored answer of a write, as text.
std::string storedAnswers(ApiWorld& world)
{
    return world.read([](database::Transaction& tx) -> Result<std::string> {
        std::string all;
        QUITTANCE_CHECK(tx.query(
            "SELECT body FROM idempotency", {},
            [&](const database::Row& row) -> Result<> {
                all += row.string(0);
                return {};
            }
        ));
        return all;
    });
}

} // namespace

TEST_CASE("the same key and request give the same answer; a secret is shown once and kept nowhere")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const auto add = [&](const std::string& form) {
            return world.write(Method::Post, "/v1/tokens", world.admin, form, "token-key-1");
        };
        const Answer first = add(tokenForm);
        REQUIRE(first.status == 201);
        const auto made = valueOf(contract::fromText<contract::TokenCreatedView>(first.body));
        CHECK(made.secret.starts_with("qt_"));
        CHECK(storedAnswers(world).find(made.secret) == std::string::npos);
        CHECK(world.get("/v1/me", made.secret).status == 200);

        const Answer again = add(tokenForm);
        CHECK(again.status == 201);
        const auto repeated = valueOf(contract::fromText<contract::TokenCreatedView>(again.body));
        CHECK(repeated.token == made.token);
        CHECK(repeated.secret.empty());
        CHECK(world.integer("SELECT COUNT(*) FROM service_token WHERE name = 'meter'") == 2);

        CHECK(
            add(R"({"name":"x","role":"read-only","account":null,"expires":null})").status == 409
        );
        // Another route with the same key is another request; another caller has keys of their own.
        CHECK(
            world.write(Method::Post, "/v1/people", world.admin, "{}", "token-key-1").status == 400
        );
        const std::string account
            = R"({"name":"N","currency":"USD","timeZone":"UTC","plan":"standard"})";
        CHECK(
            world.write(Method::Post, "/v1/accounts", world.admin, account, "token-key-1").status
            == 409
        );
    });
}

TEST_CASE("a refusal is an answer too, and a write without a key is none")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string wrong
            = R"({"name":"N","currency":"USD","timeZone":"Mars/Base","plan":"standard"})";
        const auto add = [&](const std::string& key) {
            return world.write(Method::Post, "/v1/accounts", world.admin, wrong, key);
        };
        const Answer first = add("refused-key");
        CHECK(first.status == 422);
        CHECK(first.code() == "unknown-time-zone");
        const Answer again = add("refused-key");
        CHECK(again.status == 422);
        CHECK(again.body == first.body);
        for (const std::string& key : { std::string("short"), std::string(101, 'k') })
            CHECK(add(key).status == 400);
        CHECK(world.ask(Method::Post, "/v1/accounts", world.admin, wrong).status == 400);
    });
}

TEST_CASE("an answer that the caller has is not sent again, until it changes")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string account = fmt::format("/v1/accounts/{}", world.acme);
        const std::string bill = fmt::format("{}/bills/{}", account, world.billOf(world.acme));
        for (const std::string& target :
             { account, bill, bill + "/document?format=pdf", std::string("/v1/brand") }) {
            CAPTURE(target);
            const Answer first = world.get(target, world.customer);
            REQUIRE(first.status == 200);
            const std::string etag(first.headers.valueOr("ETag", ""));
            CHECK(etag.starts_with("\""));
            const auto revalidate = [&](const std::string& known) {
                return world.ask(
                    Method::Get, target, world.customer, "", { { "If-None-Match", known } }
                );
            };
            const Answer same = revalidate(etag);
            CHECK(same.status == 304);
            CHECK(same.body.empty());
            CHECK(revalidate("\"other\"").status == 200);
        }
        const std::string before(world.get(account, world.customer).headers.valueOr("ETag", ""));
        contract::ProfileView profile = world.view(world.acme).profile;
        profile.purchaseOrder = "PO-8";
        world.clock.advance(1);
        REQUIRE(
            world
                .write(Method::Put, account + "/profile", world.customer, contract::toText(profile))
                .status
            == 200
        );
        CHECK(
            world.ask(
                     Method::Get, account, world.customer, "", { { "If-None-Match", before } }
            ).status
            == 200
        );
    });
}

TEST_CASE("a page of bills that ends the list exactly names no next one")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        world.use(world.acme, "later", "2023-12-02T10:00:00Z");
        world.runMonth("2023-12", false);
        const std::string bills = fmt::format("/v1/accounts/{}/bills?limit=", world.acme);
        const auto page = [&](const std::string& limit) {
            return valueOf(contract::fromText<contract::Page<BillSummary>>(
                world.get(bills + limit, world.customer).body
            ));
        };
        const std::size_t count = page("1000").items.size();
        REQUIRE(count > 1);
        CHECK(page(std::to_string(count)).items.size() == count);
        CHECK(!page(std::to_string(count)).next);
        const auto first = page(std::to_string(count - 1));
        CHECK(first.items.size() == count - 1);
        CHECK(first.next == std::to_string(first.items.back().id));
    });
}

TEST_CASE("a change that is based on what somebody else changed since is refused")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string target = fmt::format("/v1/accounts/{}/profile", world.acme);
        contract::ProfileView profile = world.view(world.acme).profile;
        profile.purchaseOrder = "PO-8";
        const std::string form = contract::toText(profile);
        world.clock.advance(1);
        const Answer first = world.write(Method::Put, target, world.customer, form);
        REQUIRE(first.status == 200);
        const std::string etag(first.headers.valueOr("ETag", ""));
        const Answer stale = world.write(Method::Put, target, world.admin, form);
        CHECK(stale.status == 412);
        CHECK(stale.code() == "precondition");

        profile = world.view(world.acme).profile;
        profile.purchaseOrder = "PO-9";
        const std::string present = contract::toText(profile);
        world.clock.advance(1);
        const auto change = [&](const std::string& ifMatch, const std::string& key) {
            return world
                .ask(
                    Method::Put, target, world.admin, present,
                    { { "If-Match", ifMatch }, { "Idempotency-Key", key } }
                )
                .status;
        };
        const std::string ofAccount(
            world.get(fmt::format("/v1/accounts/{}", world.acme), world.admin)
                .headers.valueOr("ETag", "")
        );
        CHECK(change("\"other\"", "if-match-1") == 412);
        CHECK(change(etag, "if-match-2") == 200);
        CHECK(change(etag, "if-match-3") == 412);
        CHECK(change(ofAccount, "if-match-4") == 412); // it was read before the change
        profile = world.view(world.acme).profile;
        profile.purchaseOrder = "PO-10";
        const std::string read(world.get(fmt::format("/v1/accounts/{}", world.acme), world.admin)
                                   .headers.valueOr("ETag", ""));
        const auto changeAgain = [&] {
            return world.ask(
                Method::Put, target, world.admin, contract::toText(profile),
                { { "If-Match", read }, { "Idempotency-Key", "if-match-5" } }
            );
        };
        const Answer changed = changeAgain();
        CHECK(changed.status == 200);
        const Answer repeat = changeAgain();
        CHECK(repeat.body == changed.body);
        CHECK(!repeat.headers.valueOr("ETag", "").empty());
        CHECK(repeat.headers.valueOr("ETag", "") == changed.headers.valueOr("ETag", ""));
    });
}

TEST_CASE("pages hold everything once, in order, and a cursor of no list is refused")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        for (const std::string list : { "/v1/accounts", "/v1/people", "/v1/tokens", "/v1/plans" }) {
            CAPTURE(list);
            std::size_t count = 0;
            std::set<std::string> seen;
            std::string cursor;
            do {
                const Answer page = world.get(
                    list + "?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor), world.admin
                );
                REQUIRE(page.status == 200);
                const boost::json::object object
                    = valueOf(contract::parseJson(page.body)).as_object();
                for (const boost::json::value& item : object.at("items").as_array()) {
                    ++count;
                    seen.insert(boost::json::serialize(item));
                }
                cursor.clear();
                if (const auto* next = object.at("next").if_string())
                    cursor = std::string(*next);
            } while (!cursor.empty());
            CHECK(seen.size() == count);
            const boost::json::object whole
                = valueOf(contract::parseJson(world.get(list, world.admin).body)).as_object();
            CHECK(whole.at("items").as_array().size() == count);
            CHECK(whole.at("next").is_null());
            for (const std::string bad :
                 { "?limit=0", "?limit=1001", "?limit=x", "?cursor=x", "?cursor=-1" })
                CHECK(world.get(list + bad, world.admin).status == 400);
        }
    });
}

TEST_CASE("a view as customer sees one account, writes nothing, and is written down")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const auto open = [&](const std::string& token) {
            return world.ask(
                Method::Post, "/v1/sessions/view", token,
                fmt::format("{{\"account\":{}}}", world.acme)
            );
        };
        const Answer opened = open(world.finance);
        REQUIRE(opened.status == 201);
        const auto session = valueOf(contract::fromText<contract::SessionView>(opened.body));
        CHECK(session.me.readOnly);
        CHECK(session.me.viewingAccount == world.acme);
        const std::string own = fmt::format("/v1/accounts/{}", world.acme);
        CHECK(world.get(own, session.token).status == 200);
        CHECK(world.get(fmt::format("/v1/accounts/{}", world.zeta), session.token).status == 404);
        CHECK(world.get("/v1/people", session.token).status == 403);
        const Answer write = world.write(
            Method::Put, own + "/profile", session.token,
            contract::toText(world.view(world.acme).profile)
        );
        CHECK(write.status == 403);
        CHECK(write.code() == "read-only");
        CHECK(open(session.token).status == 403);

        world.publish();
        backend::JournalFilter filter;
        filter.account = world.acme;
        int views = 0;
        for (const auto& entry : world.read([&](database::Transaction& tx) {
                 return backend::readJournal(tx, filter);
             }))
            views += entry.draft.kind == "view.opened" ? 1 : 0;
        CHECK(views == 1);

        world.clock.advance(3601 * microsPerSecond);
        CHECK(world.get(own, session.token).status == 401);
    });
}

TEST_CASE("what is not there is not found, whatever it is called")
{
    TestDatabase db(database::Engine::Sqlite);
    ApiWorld world(db);
    const std::vector<std::pair<std::string, int>> targets { { "/v1/nowhere", 404 },
                                                             { "/v1/accounts/x", 404 },
                                                             { "/v1/accounts/0", 404 },
                                                             { "/v1/accounts/-1", 404 } };
    for (const auto& [target, status] : targets) {
        const Answer answer = world.get(target, world.admin);
        CHECK(answer.status == status);
        CHECK(answer.code() == "not-found");
    }
    CHECK(world.ask(Method::Delete, "/v1/me", world.admin).status == 405);
}
