#include "tests/backend/accounts/people_world.h"

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::int64_t minute = 60 * microsPerSecond;
const std::string wrong = "wrong wrong wrong";

} // namespace

TEST_CASE("Every refusal of a sign-in reads alike")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        const PersonId gone = world.add("gone@example.com");
        REQUIRE(disablePerson(world.context(), commandLine, gone).has_value());
        REQUIRE(invitePerson(
                    world.context(), commandLine, "open@example.com", "O", { { Role::Admin, {} } }
        ).has_value());
        struct Case {
            std::string email;
            std::string password;
        };
        const std::vector<Case> cases {
            { "ada@example.com", wrong },
            { "ada@example.com", "" },
            { "ada@example.com", std::string(5000, 'x') },
            { "nobody@example.com", goodPassword },
            { "gone@example.com", goodPassword },
            { "open@example.com", goodPassword },
            { "", "" },
            { "no address", goodPassword },
            { "\xff\xfe", goodPassword },
            { std::string("ada@example.com\0", 16), goodPassword },
        };
        const Error expected { ErrorCode::Unauthenticated, "e-mail or password is wrong" };
        for (const Case& each : cases) {
            CAPTURE(each.email);
            const auto outcome = world.signIn(each.email, each.password);
            REQUIRE_FALSE(outcome.has_value());
            CHECK(outcome.error() == expected);
        }
        CHECK(world.signIn("ada@example.com").has_value());
    });
}

TEST_CASE("A session stands for its person until it ends")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const PersonId person = world.add("ada@example.com", { { Role::Customer, world.first } });
        const auto session = valueOf(world.signIn("ada@example.com"));
        CHECK(session.token.starts_with("qs_"));
        CHECK(session.expires.micros == world.clock.now().micros + 30 * microsPerDay);
        const auto principal
            = valueOf(authenticate(world.context(), session.token, "198.51.100.7"));
        CHECK(
            principal.actor == Actor { Actor::Kind::Person, person, "198.51.100.7", std::nullopt }
        );
        CHECK(principal.grants == std::vector<Grant> { { Role::Customer, world.first } });
        CHECK(principal.grants == session.principal.grants);
        CHECK(principal.email == "ada@example.com");
        CHECK(principal.name == "Ada");
        CHECK_FALSE(principal.readOnly);

        const auto other = valueOf(world.signIn("ada@example.com"));
        CHECK(other.token != session.token);
        REQUIRE(outcomeOf(signOut(world.context(), session.token)) == "ok");
        CHECK(outcomeOf(signOut(world.context(), session.token)) == "unauthenticated");
        CHECK(outcomeOf(authenticate(world.context(), session.token, "")) == "unauthenticated");
        world.clock.advance(30 * microsPerDay - 1);
        CHECK(outcomeOf(authenticate(world.context(), other.token, "")) == "ok");
        world.clock.advance(1);
        CHECK(outcomeOf(authenticate(world.context(), other.token, "")) == "unauthenticated");
        for (const std::string token : { "", "qs_", "qt_", "qs_unknown", "\xff" })
            CHECK(outcomeOf(authenticate(world.context(), token, "")) == "unauthenticated");
    });
}

TEST_CASE("Ten failures of one e-mail within 15 minutes shut it, known or not, and it alone")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        world.add("bob@example.com");
        for (const std::string email : { "ada@example.com", "nobody@example.com" }) {
            CAPTURE(email);
            for (int i = 0; i < 10; ++i) {
                CHECK(outcomeOf(world.signIn(email, wrong)) == "unauthenticated");
                world.clock.advance(minute);
            }
            CHECK(outcomeOf(world.signIn(email, wrong)) == "rate-limited");
            CHECK(outcomeOf(world.signIn(email)) == "rate-limited");
            CHECK(outcomeOf(world.signIn("bob@example.com")) == "ok");
            world.clock.advance(5 * minute - 1);
            CHECK(outcomeOf(world.signIn(email, wrong)) == "rate-limited");
            // The first failure is 15 minutes old now: one more may be tried, and no more than one.
            world.clock.advance(1);
            CHECK(outcomeOf(world.signIn(email, wrong)) == "unauthenticated");
            CHECK(outcomeOf(world.signIn(email, wrong)) == "rate-limited");
        }
    });
}

TEST_CASE("Who gets in is not counted, and the count begins anew")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 9; ++i)
                CHECK(outcomeOf(world.signIn("ADA@example.com", wrong)) == "unauthenticated");
            CHECK(outcomeOf(world.signIn("ada@example.com")) == "ok");
        }
    });
}

TEST_CASE("Many guesses at once are limited as well")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            PeopleWorld world(db);
            world.add("ada@example.com");
            SystemRandom random;
            const Context context { db.database(), world.clock, random };
            std::atomic<int> refused = 0;
            std::atomic<int> limited = 0;
            runTogether(20, [&](int) {
                const auto outcome = backend::signIn(context, "ada@example.com", wrong, "", quick);
                refused += outcomeOf(outcome) == "unauthenticated" ? 1 : 0;
                limited += outcomeOf(outcome) == "rate-limited" ? 1 : 0;
            });
            CHECK(refused == 10);
            CHECK(limited == 10);
        },
        patient
    );
}

TEST_CASE("Viewing as a customer reads that account alone, for an hour, and is journalled")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const PersonId person = world.add("ada@example.com");
        const Principal admin = valueOf(world.signIn("ada@example.com")).principal;
        const std::int64_t begin = world.journalEnd();
        const auto view = valueOf(viewAsCustomer(world.context(), admin, world.second));
        CHECK(view.expires.micros == world.clock.now().micros + 60 * minute);
        const auto principal = valueOf(authenticate(world.context(), view.token, "192.0.2.1"));
        CHECK(principal.readOnly);
        CHECK(principal.grants == std::vector<Grant> { { Role::Customer, world.second } });
        CHECK(principal.actor == Actor { Actor::Kind::Person, person, "192.0.2.1", world.second });
        CHECK(principal.grants == view.principal.grants);
        const auto entries = world.journal(begin);
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].draft.kind == "view.opened");
        CHECK(entries[0].draft.account == world.second);
        CHECK(entries[0].actor.id == person);
        world.clock.advance(60 * minute);
        CHECK(outcomeOf(authenticate(world.context(), view.token, "")) == "unauthenticated");

        // Its end is written down as its beginning was, and it is over at once.
        const auto again = valueOf(viewAsCustomer(world.context(), admin, world.second));
        REQUIRE(signOut(world.context(), again.token).has_value());
        CHECK(outcomeOf(authenticate(world.context(), again.token, "")) == "unauthenticated");
        const auto ended = world.journal(begin);
        REQUIRE(ended.size() == 3);
        CHECK(ended[2].draft.kind == "view.closed");
        CHECK(ended[2].draft.account == world.second);
        CHECK(ended[2].actor.viewingAccount == world.second);
    });
}

TEST_CASE("Who may not view is told the same of every account, there or not")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("admin@example.com");
        world.add("cust@example.com", { { Role::Customer, world.first } });
        world.add("local@example.com", { { Role::Finance, world.first } });
        const auto principalOf
            = [&](const std::string& email) { return valueOf(world.signIn(email)).principal; };
        const Principal admin = principalOf("admin@example.com");
        const Principal viewing = valueOf(viewAsCustomer(world.context(), admin, 1)).principal;
        Principal token;
        token.actor.kind = Actor::Kind::Token;
        token.grants = { { Role::Admin, std::nullopt } };
        struct Case {
            Principal principal;
            AccountId account;
            std::string outcome;
        };
        const std::vector<Case> cases {
            { admin, world.first, "ok" },
            { admin, 99, "not-found" },
            { principalOf("cust@example.com"), world.first, "permission-denied" },
            { principalOf("cust@example.com"), world.second, "permission-denied" },
            { principalOf("cust@example.com"), 99, "permission-denied" },
            { principalOf("local@example.com"), world.first, "ok" },
            { principalOf("local@example.com"), world.second, "permission-denied" },
            { principalOf("local@example.com"), 99, "permission-denied" },
            { viewing, world.first, "permission-denied" },
            { token, world.first, "permission-denied" },
        };
        for (const Case& each : cases) {
            CAPTURE(each.account);
            CHECK(
                outcomeOf(viewAsCustomer(world.context(), each.principal, each.account))
                == each.outcome
            );
        }
    });
}

TEST_CASE("What ended long ago is forgotten, what lives is kept")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        const auto ended = valueOf(world.signIn("ada@example.com"));
        const auto live = valueOf(world.signIn("ada@example.com"));
        REQUIRE(signOut(world.context(), ended.token).has_value());
        REQUIRE(outcomeOf(world.signIn("ada@example.com", wrong)) == "unauthenticated");
        world.clock.advance(microsPerDay);
        REQUIRE(outcomeOf(world.signIn("nobody@example.com", wrong)) == "unauthenticated");
        REQUIRE(
            world.write([&](Transaction& tx) { return forgetEndedSessions(tx, world.clock.now()); }
            ).has_value()
        );
        CHECK(world.integer("SELECT COUNT(*) FROM person_session") == 1);
        CHECK(world.integer("SELECT COUNT(*) FROM sign_in_attempt") == 1);
        CHECK(world.integer("SELECT COUNT(*) FROM sign_in_guard") == 1);
        CHECK(outcomeOf(authenticate(world.context(), live.token, "")) == "ok");
    });
}
