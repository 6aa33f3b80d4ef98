#include "tests/backend/api/api_world.h"

using namespace quittance;
using namespace quittance::testing;
using http::Method;

TEST_CASE("while another program holds the database a write is told to come again, and then works")
{
    database::Options hurried;
    hurried.busyTimeoutMs = 100;
    forEachDatabase(
        [](TestDatabase& db) {
            ApiWorld world(db);
            const auto other = db.openAnother();
            contract::ProfileView profile = world.view(world.acme).profile;
            profile.purchaseOrder = "PO-9";
            world.clock.advance(1);
            const auto change = [&] {
                return world.write(
                    Method::Put, fmt::format("/v1/accounts/{}/profile", world.acme), world.admin,
                    contract::toText(profile), "busy-key-1"
                );
            };
            const auto held = other->write([&](database::Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(tx.execute("UPDATE account SET name = name"));
                const Answer answer = change();
                CHECK(answer.status == 503);
                CHECK(answer.code() == "busy");
                CHECK(answer.body.find("UPDATE") == std::string::npos); // no word of the inside
                CHECK(answer.headers.valueOr("Retry-After", "") == "5");
                CHECK(world.get("/v1/me", world.admin).status == 200); // who reads does not wait
                return {};
            });
            CHECK(outcomeOf(held) == "ok");
            CHECK(world.view(world.acme).profile.purchaseOrder.empty());
            CHECK(change().status == 200); // the same key: it was given back
            CHECK(world.view(world.acme).profile.purchaseOrder == "PO-9");
        },
        hurried
    );
}
