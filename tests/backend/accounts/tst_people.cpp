#include "tests/backend/accounts/people_world.h"

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

const std::vector<Grant> finance { { Role::Finance, std::nullopt } };

Result<Invitation> invite(
    PeopleWorld& world, const std::string& email, const std::vector<Grant>& grants = finance,
    const std::string& name = "Ada"
)
{
    return invitePerson(world.context(), commandLine, email, name, grants);
}

Result<PersonId>
accept(PeopleWorld& world, const std::string& token, const std::string& password = goodPassword)
{
    return acceptInvitation(world.context(), token, password, "192.0.2.9", quick);
}

} // namespace

TEST_CASE("Who is invited joins once with the invitation and then signs in")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const std::int64_t begin = world.journalEnd();
        const Invitation invitation = valueOf(invite(world, "Ada@Example.com"));
        CHECK(invitation.token.starts_with("qi_"));
        CHECK(invitation.token.size() == 46);
        const auto find = [&](Transaction& tx) { return findPerson(tx, invitation.person); };
        CHECK(world.read(find).email == "ada@example.com");
        CHECK_FALSE(world.read(find).joined);
        CHECK(world.read(find).grants == finance);
        CHECK(outcomeOf(world.signIn("ada@example.com")) == "unauthenticated");

        CHECK(outcomeOf(accept(world, invitation.token, "too short")) == "invalid-argument");
        CHECK(valueOf(accept(world, invitation.token)) == invitation.person);
        CHECK(outcomeOf(accept(world, invitation.token)) == "unauthenticated");
        CHECK(outcomeOf(accept(world, "qi_unknown")) == "unauthenticated");
        CHECK(world.read(find).joined);
        CHECK(outcomeOf(world.signIn("ADA@example.COM")) == "ok");
        CHECK(
            world.journalKinds(begin)
            == std::vector<std::string> { "person.invited", "session.refused", "person.joined",
                                          "session.opened" }
        );
    });
}

TEST_CASE("An invitation ends after 7 days")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const Invitation early = valueOf(invite(world, "early@example.com"));
        const Invitation late = valueOf(invite(world, "late@example.com"));
        world.clock.advance(7 * microsPerDay - 1);
        CHECK(outcomeOf(accept(world, early.token)) == "ok");
        world.clock.advance(1);
        CHECK(outcomeOf(accept(world, late.token)) == "unauthenticated");
    });
}

TEST_CASE("An invitation used by many at once lets one in")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            PeopleWorld world(db);
            const Invitation invitation = valueOf(invite(world, "ada@example.com"));
            SystemRandom random;
            const Context context { db.database(), world.clock, random };
            std::atomic<int> joined = 0;
            std::atomic<int> refused = 0;
            runTogether(6, [&](int i) {
                const auto outcome = acceptInvitation(
                    context, invitation.token, goodPassword + std::to_string(i), "", quick
                );
                joined += outcome ? 1 : 0;
                refused += outcomeOf(outcome) == "unauthenticated" ? 1 : 0;
            });
            CHECK(joined == 1);
            CHECK(refused == 5);
        },
        patient
    );
}

TEST_CASE("Inviting again ends the earlier invitation, and only who has not joined")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const Invitation first = valueOf(invite(world, "ada@example.com"));
        const Invitation second = valueOf(
            invite(world, "ada@example.com", { { Role::Customer, world.first } }, "Ada K.")
        );
        CHECK(first.person == second.person);
        CHECK(outcomeOf(accept(world, first.token)) == "unauthenticated");
        CHECK(outcomeOf(accept(world, second.token)) == "ok");
        const auto people = world.read(listPeople);
        REQUIRE(people.size() == 1);
        CHECK(people[0].name == "Ada K.");
        CHECK(people[0].grants == std::vector<Grant> { { Role::Customer, world.first } });
        CHECK(outcomeOf(invite(world, "ADA@example.com")) == "already-exists");
        const auto added = addPersonWithPassword(
            world.context(), commandLine, "ada@example.com", "X", finance, goodPassword, quick
        );
        CHECK(outcomeOf(added) == "already-exists");
    });
}

TEST_CASE("What is wrong with a new person is named")
{
    struct Case {
        std::string email;
        std::string name;
        std::vector<Grant> grants;
        std::string outcome;
        std::string detail;
    };
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const std::vector<Case> cases {
            { "ada", "Ada", finance, "invalid-argument", "email \"ada\"" },
            { "a@b.c", "", finance, "invalid-argument", "name" },
            { "a@b.c", "Ada", {}, "invalid-argument", "grants" },
            { "a@b.c", "Ada", { { Role::Customer, {} } }, "invalid-argument", "needs an account" },
            { "a@b.c", "Ada", { { Role::UsageIntake, {} } }, "invalid-argument", "usage-intake" },
            { "a@b.c",
              "Ada",
              { { Role::Customer, 99 } },
              "invalid-argument",
              "grants: account 99" },
            { "a@b.c", "Ada", { { Role::Customer, 1 }, { Role::Customer, 1 } }, "ok", "" },
        };
        for (const Case& each : cases) {
            CAPTURE(each.detail);
            const auto outcome = invite(world, each.email, each.grants, each.name);
            CHECK(outcomeOf(outcome) == each.outcome);
            CHECK_MESSAGE(
                detailOf(outcome).find(each.detail) != std::string::npos, detailOf(outcome)
            );
        }
        const auto people = world.read(listPeople);
        REQUIRE(people.size() == 1);
        CHECK(people[0].grants.size() == 1); // the same grant twice is one
    });
}

TEST_CASE("Who is disabled is out at once and for good")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const PersonId person = world.add("ada@example.com");
        const auto session = valueOf(world.signIn("ada@example.com"));
        const Invitation open = valueOf(invite(world, "open@example.com"));
        CHECK(outcomeOf(authenticate(world.context(), session.token, "")) == "ok");
        CHECK(outcomeOf(disablePerson(world.context(), commandLine, 999)) == "not-found");
        REQUIRE(outcomeOf(disablePerson(world.context(), commandLine, person)) == "ok");
        REQUIRE(outcomeOf(disablePerson(world.context(), commandLine, person)) == "ok");
        REQUIRE(outcomeOf(disablePerson(world.context(), commandLine, open.person)) == "ok");
        CHECK(outcomeOf(authenticate(world.context(), session.token, "")) == "unauthenticated");
        CHECK(outcomeOf(world.signIn("ada@example.com")) == "unauthenticated");
        CHECK(outcomeOf(accept(world, open.token)) == "unauthenticated");
        CHECK(outcomeOf(invite(world, "ada@example.com")) == "already-exists");
        CHECK(world.read([&](Transaction& tx) { return findPerson(tx, person); }).disabled);
        std::vector<std::string> kinds = world.journalKinds();
        CHECK(std::count(kinds.begin(), kinds.end(), "person.disabled") == 2);
    });
}

TEST_CASE("The last admin who has joined cannot leave by the console, only by the command line")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        const std::vector<Grant> admin { { Role::Admin, std::nullopt } };
        const PersonId last = world.add("ada@example.com", admin);
        const PersonId other = world.add("bob@example.com", admin);
        world.add("cleo@example.com", { { Role::Finance, std::nullopt } });
        REQUIRE(invite(world, "dan@example.com", admin).has_value());
        const auto disableAs = [&](PersonId who, PersonId whom) {
            const Actor actor { Actor::Kind::Person, who, "", std::nullopt };
            return outcomeOf(disablePerson(world.context(), actor, whom));
        };
        CHECK(disableAs(last, other) == "ok");
        CHECK(disableAs(last, last) == "conflict");
        CHECK(!world.read([&](Transaction& tx) { return findPerson(tx, last); }).disabled);
        world.add("eve@example.com", admin);
        CHECK(disableAs(last, last) == "ok");
        CHECK(outcomeOf(disablePerson(world.context(), commandLine, last)) == "ok");
    });
}

TEST_CASE("The database itself refuses a second e-mail and a grant twice")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        for (const std::string sql : {
                 "INSERT INTO person (email, name, created_at) VALUES ('ada@example.com', 'B', 0)",
                 "INSERT INTO person (email, name, created_at) VALUES ('Ada@example.com', 'B', 0)",
                 "INSERT INTO person_grant VALUES (1, 3, 0, NULL)",
                 "INSERT INTO person_grant VALUES (1, 1, 0, 1)",
                 "INSERT INTO person_grant VALUES (1, 1, 99, 99)",
                 "INSERT INTO person_grant VALUES (99, 1, 1, 1)",
             }) {
            CAPTURE(sql);
            CHECK(world.execute(sql) != "ok");
        }
        CHECK(world.execute("INSERT INTO person_grant VALUES (1, 1, 1, 1)") == "ok");
    });
}

TEST_CASE("Names, e-mails and addresses are in the personal part of the journal only")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        REQUIRE(world.signIn("ada@example.com").has_value());
        REQUIRE(
            outcomeOf(world.signIn("ada@example.com", "wrong wrong wrong")) == "unauthenticated"
        );
        bool isNamed = false;
        for (const JournalEntry& entry : world.journal()) {
            CHECK(entry.canonical.find("ada@example.com") == std::string::npos);
            CHECK(entry.canonical.find("192.0.2.1") == std::string::npos);
            isNamed = isNamed || entry.draft.personal.find("ada@example.com") != std::string::npos;
        }
        CHECK(isNamed);
    });
}

TEST_CASE("No secret is stored")
{
    forEachDatabase([](TestDatabase& db) {
        PeopleWorld world(db);
        world.add("ada@example.com");
        const auto session = valueOf(world.signIn("ada@example.com"));
        CHECK(world.text("SELECT password_hash FROM person").find("horse") == std::string::npos);
        const std::string hash = hexText(hash256(session.token));
        const auto stored = world.read([](Transaction& tx) {
            return tx.queryFirst<std::string>(
                "SELECT token_hash FROM person_session", {},
                [](const database::Row& row) { return hexText(row.bytes(0)); }
            );
        });
        CHECK(stored == hash);
    });
}
