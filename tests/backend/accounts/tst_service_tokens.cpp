#include "tests/backend/accounts/people_world.h"

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;

namespace {

Result<ServiceTokenCreated>
add(PeopleWorld& world, Role role, std::optional<AccountId> account = std::nullopt,
    std::optional<Instant> expires = std::nullopt, const std::string& name = "intake")
{
    return addServiceToken(world.context(), commandLine, name, role, account, expires);
}

std::string enter(PeopleWorld& world, const std::string& secret)
{
    return outcomeOf(authenticate(world.context(), secret, ""));
}

} // namespace

TEST_CASE("A service token stands for its role on its account until it is revoked")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const std::int64_t begin = world.journalEnd();
        const auto created = valueOf(add(world, Role::UsageIntake, world.first));
        CHECK(created.secret.starts_with("qt_"));
        const auto principal = valueOf(authenticate(world.context(), created.secret, "192.0.2.1"));
        CHECK(
            principal.actor
            == Actor { Actor::Kind::Token, created.token.id, "192.0.2.1", std::nullopt }
        );
        CHECK(principal.grants == std::vector<Grant> { { Role::UsageIntake, world.first } });
        CHECK(principal.name == "intake");
        CHECK_FALSE(principal.readOnly);
        const auto reading = valueOf(add(world, Role::ReadOnly));
        CHECK(valueOf(authenticate(world.context(), reading.secret, "")).readOnly);

        const auto revoke = [&](std::int64_t id) {
            return outcomeOf(revokeServiceToken(world.context(), commandLine, id));
        };
        CHECK(revoke(created.token.id) == "ok");
        CHECK(revoke(created.token.id) == "ok");
        CHECK(revoke(99) == "not-found");
        CHECK(enter(world, created.secret) == "unauthenticated");
        CHECK(enter(world, reading.secret) == "ok");
        const auto tokens = world.read(listServiceTokens);
        REQUIRE(tokens.size() == 2);
        CHECK(tokens[0].revokedAt == world.clock.now());
        CHECK_FALSE(tokens[1].revokedAt.has_value());
        CHECK_FALSE(tokens[1].account.has_value());
        CHECK(
            world.journalKinds(begin)
            == std::vector<std::string> { "token.created", "token.created", "token.revoked" }
        );
    });
}

TEST_CASE("A service token expires to the microsecond")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const Instant expires { world.clock.now().micros + 10 };
        const auto created = valueOf(add(world, Role::ReadOnly, std::nullopt, expires));
        world.clock.advance(9);
        CHECK(enter(world, created.secret) == "ok");
        world.clock.advance(1);
        CHECK(enter(world, created.secret) == "unauthenticated");
        CHECK(world.read(listServiceTokens)[0].expires == expires);
    });
}

TEST_CASE("What is wrong with a new token is named")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        CHECK(outcomeOf(add(world, Role::Admin)) == "invalid-argument");
        CHECK(outcomeOf(add(world, Role::Customer, world.first)) == "invalid-argument");
        CHECK(outcomeOf(add(world, Role::ReadOnly, 99)) == "invalid-argument");
        CHECK(
            outcomeOf(add(world, Role::ReadOnly, std::nullopt, world.clock.now()))
            == "invalid-argument"
        );
        CHECK(outcomeOf(add(world, Role::ReadOnly, {}, {}, "")) == "invalid-argument");
        CHECK(world.read(listServiceTokens).empty());
    });
}
