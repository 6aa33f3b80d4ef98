#include "backend/jobs/jobs.h"

#include "backend/jobs/jobs_queries.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace quittance::backend {

using database::Transaction;

void JobRunner::add(
    std::string name, std::int64_t periodMicros, JobFunction function, std::int64_t leaseMicros
)
{
    m_jobs.push_back({ std::move(name), periodMicros, leaseMicros, std::move(function) });
}

Result<int> JobRunner::step(const Context& context)
{
    int ran = 0;
    for (const Job& job : m_jobs) {
        QUITTANCE_TRY(const bool didRun, runIfDue(context, job));
        ran += didRun ? 1 : 0;
    }
    return ran;
}

Result<bool> JobRunner::runIfDue(const Context& context, const Job& job) const
{
    const Instant now = context.clock.now();
    // Looked at first, so that an idle daemon writes nothing.
    QUITTANCE_TRY(const bool due, context.database.read([&](Transaction& tx) {
        return jobs_queries::isDue(tx, job.name, now);
    }));
    if (!due)
        return false;
    QUITTANCE_TRY(const bool claimed, context.database.write([&](Transaction& tx) -> Result<bool> {
        QUITTANCE_CHECK(jobs_queries::insertIfAbsent(tx, job.name, now));
        return jobs_queries::claim(
            tx, job.name, m_owner, now, Instant { now.micros + job.leaseMicros }
        );
    }));
    if (!claimed)
        return false;
    QUITTANCE_CHECK(run(context, job, now));
    return true;
}

Result<> JobRunner::run(const Context& context, const Job& job, Instant startedAt) const
{
    const Result<> outcome = job.function(context);
    if (!outcome)
        spdlog::warn("job {} failed: {}", job.name, outcome.error().detail);
    const std::string error = outcome ? std::string() : outcome.error().detail;
    const Instant nextAt { startedAt.micros + job.periodMicros };
    QUITTANCE_TRY(const bool isOurs, context.database.write([&](Transaction& tx) {
        return jobs_queries::finish(tx, job.name, m_owner, context.clock.now(), nextAt, error);
    }));
    if (!isOurs)
        spdlog::warn("job {} outlived its lease and was taken over", job.name);
    return {};
}

Result<bool> JobRunner::extendLease(const Context& context, std::string_view name) const
{
    for (const Job& job : m_jobs)
        if (job.name == name)
            return context.database.write([&](Transaction& tx) {
                const Instant until { context.clock.now().micros + job.leaseMicros };
                return jobs_queries::extend(tx, name, m_owner, until);
            });
    return false;
}

} // namespace quittance::backend
