#pragma once

#include "backend/jobs/jobs.h"
#include "core/formats/brand.h"

#include <cstdint>

/// The one list of what the backend does by itself, beside requests: each a leased job, so that any
/// number of daemons may stand on one database.
namespace quittance::backend {

/// "drafts": refreshDrafts, so that "month to date" is what usage says.
constexpr std::int64_t draftPeriodMicros = 900 * microsPerSecond;
/// A run over many accounts takes long; of a daemon that died in it, another takes over after this.
constexpr std::int64_t draftLeaseMicros = 1800 * microsPerSecond;
/// "forget-sessions", "forget-idempotency-keys", "forget-outbox-payloads": what is older than its
/// header says it is kept (endedSessionsKeptMicros, idempotencyKeysKeptMicros,
/// deliveredPayloadsKeptMicros).
constexpr std::int64_t forgetPeriodMicros = microsPerDay;

/// Adds them all to the runner. `brand` is what drafts are printed with.
void addPeriodicJobs(JobRunner& runner, const formats::Brand& brand);

} // namespace quittance::backend
