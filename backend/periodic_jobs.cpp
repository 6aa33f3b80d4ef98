#include "backend/periodic_jobs.h"

#include "backend/accounts/people.h"
#include "backend/outbox/idempotency.h"
#include "backend/outbox/outbox.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace quittance::backend {

namespace {

using database::Transaction;

Result<>
billAndReport(const Context& context, const formats::Brand& brand, const BillSchedule& schedule)
{
    QUITTANCE_TRY(const auto outcomes, billBySchedule(context, Actor {}, brand, schedule));
    for (const BillRunOutcome& outcome : outcomes) {
        if (outcome.error)
            spdlog::warn("account {} not billed: {}", outcome.account, outcome.error->detail);
    }
    return {};
}

/// A job that drops what is older than `keptMicros`.
template <class Forget> JobFunction forgetting(std::int64_t keptMicros, Forget forget)
{
    return [keptMicros, forget](const Context& context) -> Result<> {
        const Instant before { context.clock.now().micros - keptMicros };
        QUITTANCE_CHECK(context.database.write([&](Transaction& tx) { return forget(tx, before); })
        );
        return {};
    };
}

} // namespace

void addPeriodicJobs(JobRunner& runner, const formats::Brand& brand, const BillSchedule& schedule)
{
    runner.add(
        "bills", billPeriodMicros,
        [brand, schedule](const Context& context) {
            return billAndReport(context, brand, schedule);
        },
        billLeaseMicros
    );
    runner.add(
        "forget-sessions", forgetPeriodMicros,
        forgetting(endedSessionsKeptMicros, forgetEndedSessions)
    );
    runner.add(
        "forget-idempotency-keys", forgetPeriodMicros,
        forgetting(idempotencyKeysKeptMicros, forgetIdempotencyKeys)
    );
    runner.add(
        "forget-outbox-payloads", forgetPeriodMicros,
        forgetting(deliveredPayloadsKeptMicros, forgetPayloads)
    );
}

} // namespace quittance::backend
