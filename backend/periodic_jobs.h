#pragma once

#include "backend/billing/billing.h"
#include "backend/jobs/jobs.h"
#include "core/formats/brand.h"

#include <cstdint>

/// The one list of what the backend does by itself, beside requests: each a leased job, so that any
/// number of daemons may stand on one database.
namespace quittance::backend {

/// "bills": billBySchedule, so that "month to date" is what usage says and bills are issued in
/// time.
constexpr std::int64_t billPeriodMicros = 900 * microsPerSecond;
/// A run over many accounts takes long; of a daemon that died in it, another takes over after this.
constexpr std::int64_t billLeaseMicros = 1800 * microsPerSecond;
/// "forget-sessions", "forget-idempotency-keys", "forget-outbox-payloads": what is older than its
/// header says it is kept (endedSessionsKeptMicros, idempotencyKeysKeptMicros,
/// deliveredPayloadsKeptMicros).
constexpr std::int64_t forgetPeriodMicros = microsPerDay;

/// Adds them all to the runner. `brand` is what bills are printed with.
void addPeriodicJobs(
    JobRunner& runner, const formats::Brand& brand, const BillSchedule& schedule = {}
);

} // namespace quittance::backend
