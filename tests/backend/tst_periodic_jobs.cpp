#include "backend/accounts/people.h"
#include "backend/outbox/idempotency.h"
#include "backend/outbox/outbox.h"
#include "backend/periodic_jobs.h"
#include "tests/backend/billing/billing_world.h"

#include <fmt/format.h>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::initializer_list<Foundation::Make> schema {
    journalMigration,    ledgerMigration,      outboxMigration,     jobsMigration,
    accountsMigration,   peopleMigration,      pricingMigration,    usageMigration,
    billingMigration,    priceModelsMigration, priceStepsMigration, usageMonthsMigration,
    correctionsMigration
};

const IdempotentRequest request { "person/1", "key-1", "POST /v1/accounts", "{}" };
const OutboxDraft mail { "mail/bill/1", "mail", "Dear customer", std::nullopt };

/// A daemon's jobs over a world that has a session, a key and a mail to be forgotten one day.
class WorkingWorld : public BillingWorld {
public:
    explicit WorkingWorld(TestDatabase& db)
        : BillingWorld(db, schema)
    {
        addPeriodicJobs(m_runner, brand);
        REQUIRE(
            detailOf(addPersonWithPassword(
                context(), commandLine, m_email, "Ada", { { Role::Admin, std::nullopt } },
                m_password, cost
            ))
            == ""
        );
    }

    std::string signIn()
    {
        return valueOf(backend::signIn(context(), m_email, m_password, "192.0.2.1", cost)).token;
    }
    void answerRequest()
    {
        const Context here = context();
        REQUIRE(
            detailOf(write([&](Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(beginIdempotent(tx, here, request));
                return finishIdempotent(tx, request, { 201, "made" });
            }))
            == ""
        );
    }
    void deliverMail()
    {
        const Context here = context();
        REQUIRE(
            detailOf(write([&](Transaction& tx) -> Result<> {
                QUITTANCE_CHECK(enqueue(tx, here, mail));
                QUITTANCE_TRY(const auto item, nextDue(tx, here.clock.now()));
                return succeeded(tx, item.value_or(OutboxItem {}));
            }))
            == ""
        );
    }
    int step() { return valueOf(m_runner.step(context())); }

    /// What is still there: "session key payload".
    std::string kept()
    {
        std::string text;
        if (integer("SELECT COUNT(*) FROM person_session") > 0)
            text += "session ";
        if (integer("SELECT COUNT(*) FROM idempotency") > 0)
            text += "key ";
        if (integer("SELECT COUNT(*) FROM outbox WHERE payload <> ''") > 0)
            text += "payload ";
        return text;
    }

private:
    static constexpr PasswordCost cost = PasswordCost::least();
    const std::string m_email = "ada@testlake.example";
    const std::string m_password = "correct horse battery";
    JobRunner m_runner { "one" };
};

} // namespace

TEST_CASE("The daemon's jobs are known by name and come in their periods")
{
    forEachDatabase([](TestDatabase& db) {
        WorkingWorld world(db);
        const Instant start = world.clock.now();
        CHECK(world.step() == 4);
        std::string jobs;
        for (const JobState& job : world.read(listJobs)) {
            CHECK(job.lastError.empty());
            jobs += fmt::format(
                "{} {}s; ", job.name, (job.nextAt.micros - start.micros) / microsPerSecond
            );
        }
        CHECK(
            jobs
            == "bills 900s; forget-idempotency-keys 86400s; forget-outbox-payloads 86400s; "
               "forget-sessions 86400s; "
        );
        world.clock.advance(billPeriodMicros);
        CHECK(world.step() == 1);
        world.clock.advance(forgetPeriodMicros - billPeriodMicros);
        CHECK(world.step() == 4);
    });
}

TEST_CASE("Sessions, keys and payloads are kept as long as their headers say, and no longer")
{
    struct Case {
        std::int64_t afterMicros;
        std::string kept;
    };
    const std::vector<Case> cases {
        { 0, "session key payload " },
        { deliveredPayloadsKeptMicros, "session key payload " },
        { deliveredPayloadsKeptMicros + microsPerDay, "key " },
        { idempotencyKeysKeptMicros, "key " },
        { idempotencyKeysKeptMicros + microsPerDay, "" },
    };
    static_assert(endedSessionsKeptMicros == deliveredPayloadsKeptMicros);
    forEachDatabase([&](TestDatabase& db) {
        WorkingWorld world(db);
        const Instant start = world.clock.now();
        REQUIRE(detailOf(signOut(world.context(), world.signIn())) == "");
        world.answerRequest();
        world.deliverMail();
        for (const Case& each : cases) {
            CAPTURE(each.afterMicros / microsPerDay);
            world.clock.set(Instant { start.micros + each.afterMicros });
            CHECK(world.step() == 4);
            CHECK(world.kept() == each.kept);
        }
        // What left the house leaves it once, for ever.
        const Context here = world.context();
        const auto again = world.write([&](Transaction& tx) { return enqueue(tx, here, mail); });
        CHECK_FALSE(valueOf(again));
        OutboxDraft other = mail;
        other.payload = "Dear other customer";
        CHECK(
            outcomeOf(world.write([&](Transaction& tx) { return enqueue(tx, here, other); }))
            == "conflict"
        );
    });
}

TEST_CASE("A session that lives is not forgotten")
{
    forEachDatabase([](TestDatabase& db) {
        WorkingWorld world(db);
        const std::string token = world.signIn();
        world.clock.advance(29 * microsPerDay);
        world.step();
        CHECK(outcomeOf(authenticate(world.context(), token, "")) == "ok");
    });
}

TEST_CASE("The month's draft says what usage says, once a period")
{
    forEachDatabase([](TestDatabase& db) {
        WorkingWorld world(db);
        const AccountId acme = world.customer("acme");
        const auto net = [&] {
            const auto bills = world.read([](Transaction& tx) { return listBills(tx, {}); });
            return bills.empty() ? std::string("none") : amountText(bills.front().net);
        };
        world.step();
        CHECK(net() == "none");
        world.add({ call(acme, "c1", "2023-12-16T08:00:00Z", 100'000) });
        world.clock.advance(billPeriodMicros - 1);
        world.step();
        CHECK(net() == "none");
        world.clock.advance(1);
        world.step();
        CHECK(net() == "5.00");
        world.add({ call(acme, "c2", "2023-12-16T08:00:00Z", 100'000) });
        world.clock.advance(billPeriodMicros);
        world.step();
        CHECK(net() == "10.00");
    });
}
