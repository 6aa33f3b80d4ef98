#include "backend/jobs/jobs.h"
#include "backend/journal/secure.h"
#include "tests/backend/foundation.h"

#include <fmt/format.h>

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;

namespace {

constexpr std::int64_t minute = 60 * microsPerSecond;

JobFunction counting(std::atomic<int>& runs)
{
    return [&runs](const Context&) -> Result<> {
        ++runs;
        return {};
    };
}

JobState stateOf(Foundation& foundation, const std::string& name)
{
    for (const JobState& job : foundation.read(listJobs))
        if (job.name == name)
            return job;
    FAIL("no such job: " << name);
    return {};
}

} // namespace

TEST_CASE("Of two programs one runs a job, once a period")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { jobsMigration });
        const Context context = foundation.context();
        std::atomic<int> runs = 0;
        JobRunner one("one");
        JobRunner other("other");
        one.add("bills", minute, counting(runs));
        other.add("bills", minute, counting(runs));
        CHECK(valueOf(one.step(context)) == 1);
        CHECK(valueOf(other.step(context)) == 0);
        CHECK(valueOf(one.step(context)) == 0);
        foundation.clock.advance(minute - 1);
        CHECK(valueOf(other.step(context)) == 0);
        foundation.clock.advance(1);
        CHECK(valueOf(other.step(context)) == 1);
        CHECK(valueOf(one.step(context)) == 0);
        CHECK(runs == 2);
        const JobState state = stateOf(foundation, "bills");
        CHECK(state.runs == 2);
        CHECK(state.leaseOwner.empty());
        CHECK_FALSE(state.leaseUntil.has_value());
        CHECK(state.startedAt == foundation.clock.now());
        CHECK(state.finishedAt == foundation.clock.now());
        CHECK(state.nextAt.micros == foundation.clock.now().micros + minute);
    });
}

TEST_CASE("Jobs run in the order in which they were added, each in its own period")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { jobsMigration });
        const Context context = foundation.context();
        std::string order;
        const auto noting = [&order](char name) {
            return [&order, name](const Context&) -> Result<> {
                order.push_back(name);
                return {};
            };
        };
        JobRunner runner("one");
        runner.add("z", minute, noting('z'));
        runner.add("a", 3 * minute, noting('a'));
        for (int i = 0; i < 6; ++i) {
            REQUIRE(runner.step(context).has_value());
            foundation.clock.advance(minute);
        }
        CHECK(order == "zazzzazz");
    });
}

TEST_CASE("A job that fails is recorded, stops no other and comes again")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { jobsMigration });
        const Context context = foundation.context();
        std::atomic<int> runs = 0;
        bool fails = true;
        JobRunner runner("one");
        runner.add("broken", minute, [&](const Context&) -> Result<> {
            if (fails)
                return failure(ErrorCode::Unavailable, "the bank does not answer");
            return {};
        });
        runner.add("sound", minute, counting(runs));
        CHECK(valueOf(runner.step(context)) == 2);
        CHECK(runs == 1);
        CHECK(stateOf(foundation, "broken").lastError == "the bank does not answer");
        fails = false;
        foundation.clock.advance(minute);
        CHECK(valueOf(runner.step(context)) == 2);
        CHECK(stateOf(foundation, "broken").lastError.empty());
        CHECK(stateOf(foundation, "broken").runs == 2);
    });
}

TEST_CASE("A lease keeps others out while a job runs, and ends if its program dies")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { jobsMigration });
        const Context context = foundation.context();
        std::atomic<int> runs = 0;
        JobRunner other("other");
        other.add("bills", minute, counting(runs), 10 * minute);
        JobRunner slow("slow");
        slow.add(
            "bills", minute,
            [&](const Context&) -> Result<> {
                CHECK(stateOf(foundation, "bills").leaseOwner == "slow");
                foundation.clock.advance(10 * minute - 1);
                CHECK(valueOf(other.step(context)) == 0);
                CHECK(valueOf(slow.extendLease(context, "bills")));
                CHECK_FALSE(valueOf(other.extendLease(context, "bills")));
                foundation.clock.advance(10 * minute - 1);
                CHECK(valueOf(other.step(context)) == 0);
                foundation.clock.advance(1); // too slow now: it counts as dead
                CHECK(valueOf(other.step(context)) == 1);
                CHECK_FALSE(valueOf(slow.extendLease(context, "bills")));
                return {};
            },
            10 * minute
        );
        CHECK(valueOf(slow.step(context)) == 1);
        CHECK(runs == 1);
        // What the slow one reports afterwards changes nothing.
        const JobState state = stateOf(foundation, "bills");
        CHECK(state.runs == 1);
        CHECK(state.nextAt.micros == foundation.clock.now().micros + minute);
    });
}

TEST_CASE("Eight programs that step at once run each job once")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, { jobsMigration });
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            constexpr int rounds = 5;
            std::atomic<int> first = 0;
            std::atomic<int> second = 0;
            std::atomic<int> errors = 0;
            for (int round = 0; round < rounds; ++round) {
                runTogether(8, [&](int i) {
                    JobRunner runner(fmt::format("program {}", i));
                    runner.add("first", minute, counting(first));
                    runner.add("second", minute, counting(second));
                    errors += runner.step(context) ? 0 : 1;
                });
                foundation.clock.advance(minute);
            }
            CHECK(errors == 0);
            CHECK(first == rounds);
            CHECK(second == rounds);
        },
        patient
    );
}

TEST_CASE("A job that no runner knows is left alone, and so is a lease of none")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { jobsMigration });
        JobRunner runner("one");
        CHECK(valueOf(runner.step(foundation.context())) == 0);
        CHECK_FALSE(valueOf(runner.extendLease(foundation.context(), "unknown")));
        CHECK(foundation.read(listJobs).empty());
    });
}
