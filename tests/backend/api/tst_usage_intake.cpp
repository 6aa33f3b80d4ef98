#include "tests/backend/api/api_world.h"

#include <boost/json.hpp>

#include <functional>

using namespace quittance;
using namespace quittance::testing;
using http::Method;

namespace {

contract::UsageEventRequest event(AccountId account, const std::string& id)
{
    const Instant when = at("2023-12-16T08:00:00Z");
    return { account, "meter", id, "calls", "", "r", "p", when, when, "3" };
}

contract::UsageReceipt receipt(const Answer& answer)
{
    CAPTURE(answer.body);
    REQUIRE(answer.status == 200);
    return valueOf(contract::fromText<contract::UsageReceipt>(answer.body));
}

Answer send(
    ApiWorld& world, const std::vector<contract::UsageEventRequest>& events,
    const std::string& token, const std::string& key = ""
)
{
    return world.write(
        Method::Post, "/v1/usage-events", token,
        contract::toText(contract::UsageBatchRequest { events }), key
    );
}

Int128 callsOf(TestDatabase& db, AccountId account)
{
    for (const backend::UsageTotal& total : valueOf(db->read(backend::usageTotals)))
        if (total.account == account && total.meter == "calls")
            return total.quantity;
    return 0;
}

} // namespace

TEST_CASE("good events are stored and counted; each bad one is answered with its row and reason")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const Int128 before = callsOf(db, world.acme);
        struct Case {
            std::string reason; ///< "" where the event is taken
            std::function<void(contract::UsageEventRequest&)> change;
        };
        constexpr std::int64_t day = microsPerDay;
        const Instant now = world.clock.now();
        const auto when = [](std::int64_t micros) {
            return [micros](contract::UsageEventRequest& one) {
                one.start = one.end = Instant { micros };
            };
        };
        const std::vector<Case> cases {
            { "", [](auto&) {} },
            { "there is no such account", [](auto& one) { one.account = 987'654; } },
            { "meter 'cals' does not exist", [](auto& one) { one.meter = "cals"; } },
            { "1.5", [](auto& one) { one.quantity = "1.5"; } },
            { "many", [](auto& one) { one.quantity = "many"; } },
            { "-500 is negative", [](auto& one) { one.quantity = "-500"; } },
            { "id has 0 bytes", [](auto& one) { one.id = ""; } },
            { "before its start", [](auto& one) { one.end.micros -= 1; } },
            { "", when(now.micros - 35 * day) },
            { "older usage enters by an import", when(now.micros - 35 * day - 1) },
            { "", when(now.micros + 300 * microsPerSecond) },
            { "lies outside", when(now.micros + 300 * microsPerSecond + 1) },
        };
        std::vector<contract::UsageEventRequest> events;
        std::int64_t good = 0;
        for (const Case& each : cases) {
            events.push_back(event(world.acme, fmt::format("e{}", events.size())));
            each.change(events.back());
            good += each.reason.empty() ? 1 : 0;
        }
        const contract::UsageReceipt first = receipt(send(world, events, world.intake));
        CHECK(first.accepted == good);
        CHECK(first.repeated == 0);
        auto refused = first.refused.begin();
        for (std::size_t i = 0; i < cases.size(); ++i) {
            CAPTURE(i);
            if (cases[i].reason.empty())
                continue;
            REQUIRE(refused != first.refused.end());
            CHECK(refused->row == static_cast<std::int64_t>(i + 1));
            CHECK(refused->id == events[i].id);
            CHECK(refused->reason.find(cases[i].reason) != std::string::npos);
            ++refused;
        }
        CHECK(refused == first.refused.end());
        CHECK(callsOf(db, world.acme) == before + 3 * good);

        // Sent again with another key: everything repeats. Other content is refused.
        events[0].quantity = "4";
        const contract::UsageReceipt again = receipt(send(world, events, world.intake));
        CHECK(again.accepted == 0);
        CHECK(again.repeated == good - 1);
        CHECK(again.refused.size() == first.refused.size() + 1);
        CHECK(callsOf(db, world.acme) == before + 3 * good);
    });
}

TEST_CASE("an event that makes the sum of a day too large is refused alone")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        std::vector<contract::UsageEventRequest> events;
        for (int i = 0; i < 1'100; ++i) {
            events.push_back(event(world.acme, fmt::format("h{}", i)));
            events.back().quantity = "9000000000000000";
        }
        const contract::UsageReceipt taken = receipt(send(world, events, world.intake));
        CHECK(taken.accepted == 999);
        REQUIRE(taken.refused.size() == 101);
        CHECK(taken.refused.front().row == 1'000);
        CHECK(taken.refused.front().reason.find("is too large") != std::string::npos);
        CHECK(valueOf(db->read(backend::checkUsage)).empty());
    });
}

TEST_CASE("a token of one account sends for it alone, and learns of no other")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string bound = valueOf(backend::addServiceToken(
                                              world.context(), commandLine, "bound",
                                              Role::UsageIntake, world.acme, std::nullopt
                                          ))
                                      .secret;
        const contract::UsageReceipt taken = receipt(send(
            world, { event(world.acme, "1"), event(world.zeta, "2"), event(987'654, "3") }, bound
        ));
        CHECK(taken.accepted == 1);
        REQUIRE(taken.refused.size() == 2);
        CHECK(taken.refused[0].reason == taken.refused[1].reason);
    });
}

TEST_CASE("lines are read one by one, and a batch is repeated, limited and closed as a whole")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string good = contract::toText(event(world.acme, "1"));
        std::string twice = contract::toText(event(world.acme, "2"));
        twice.insert(1, R"("id":"0",)");
        const std::string lines = good + "\r\n\nnot JSON\n" + twice + "\n{\"id\":\"3\"}";
        const auto answer = world.ask(
            Method::Post, "/v1/usage-events", world.intake, lines,
            { { "Content-Type", "application/x-ndjson" }, { "Idempotency-Key", "lines-key-1" } }
        );
        const contract::UsageReceipt read = receipt(answer);
        CHECK(read.accepted == 1);
        REQUIRE(read.refused.size() == 3);
        CHECK(read.refused[0].row == 2);
        CHECK(read.refused[1].reason.find("twice") != std::string::npos);
        CHECK(read.refused[2].reason.find("missing") != std::string::npos);

        const Answer first = send(world, { event(world.acme, "4") }, world.intake, "batch-key-1");
        const Answer repeat = send(world, { event(world.acme, "4") }, world.intake, "batch-key-1");
        CHECK(first.body == repeat.body);
        CHECK(send(world, { event(world.acme, "5") }, world.intake, "batch-key-1").status == 409);

        const std::vector<contract::UsageEventRequest> tooMany(10'001, event(world.acme, "6"));
        CHECK(send(world, tooMany, world.intake).status == 413);
        for (const std::string body : { R"([])", R"({"events":{}})", R"({"events":[],"x":1})",
                                        R"({"events":[],"events":[]})", R"(not JSON)" }) {
            CAPTURE(body);
            CHECK(
                world.write(Method::Post, "/v1/usage-events", world.intake, body).code()
                == "malformed-input"
            );
        }
    });
}

TEST_CASE("an e-invoice is a document of a bill like the others, and the same bytes each time")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string document = fmt::format(
            "/v1/accounts/{}/bills/{}/document?format=", world.acme, world.billOf(world.acme)
        );
        const Answer first = world.get(document + "ubl", world.admin);
        CHECK(first.status == 200);
        CHECK(first.contentType == "application/xml");
        CHECK(first.body.starts_with("<?xml"));
        const Answer again = world.get(document + "ubl", world.admin);
        CHECK(again.body == first.body);
        CHECK(again.headers.valueOr("etag", "") == first.headers.valueOr("etag", "-"));
        const Answer unknown = world.get(document + "cii", world.admin);
        CHECK(unknown.status == 400);
        CHECK(unknown.body.find("pdf, csv, json or ubl") != std::string::npos);
    });
}

TEST_CASE("a query parameter that a route does not have is refused by name")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string bill
            = fmt::format("/v1/accounts/{}/bills/{}", world.acme, world.billOf(world.acme));
        for (const std::string& target :
             { std::string("/v1/accounts?limt=2"), std::string("/v1/me?limit=2"),
               bill + "?format=pdf", bill + "/document?format=csv&limit=1",
               std::string("/v1/scopes/accounts/snapshot?cursor=0") }) {
            CAPTURE(target);
            const Answer answer = world.get(target, world.admin);
            CHECK(answer.status == 400);
            CHECK(answer.body.find("there is no query parameter") != std::string::npos);
        }
        CHECK(world.get("/v1/accounts?limit=2", world.admin).status == 200);
        CHECK(world.get(bill + "/document?format=csv", world.admin).status == 200);
    });
}

TEST_CASE("a token that only reads sees accounts, bills and usage, and hears of changes")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const Answer accounts = world.get("/v1/accounts", world.reader);
        CHECK(
            valueOf(contract::fromText<contract::Page<contract::AccountView>>(accounts.body))
                .items.size()
            == 2
        );
        CHECK(
            world.get("/v1/scopes/accounts/snapshot", world.reader).body.find("Zeta")
            != std::string::npos
        );
    });
}
