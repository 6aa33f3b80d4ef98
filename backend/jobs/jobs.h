#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Periodic work that runs once, however many daemons stand on one database: each run is leased
/// there. No threads and no sleeping here: the daemon calls `step` as often as it likes, a
/// simulation calls it in its own time.
///
/// Table: job(name PRIMARY KEY, next_at, lease_owner, lease_until, started_at, finished_at, runs,
/// last_error).
namespace quittance::backend {

/// What a job does. It may run longer than its lease or die half-way, after which another daemon
/// runs it: so it works in transactions that can be repeated.
using JobFunction = std::function<Result<>(const Context&)>;

struct JobState {
    std::string name;
    Instant nextAt;
    std::string leaseOwner; ///< "" while nobody runs it
    std::optional<Instant> leaseUntil;
    std::optional<Instant> startedAt;
    std::optional<Instant> finishedAt;
    std::int64_t runs = 0; ///< finished
    std::string lastError; ///< "" after a run that went well
};

class JobRunner {
public:
    static constexpr std::int64_t leaseMicrosDefault = 300 * microsPerSecond;

    /// `owner` tells this program from all others on the database: a random text, made at start.
    explicit JobRunner(std::string owner)
        : m_owner(std::move(owner))
    {
    }

    /// Jobs run in the order in which they were added. The first run is due at once; the next one
    /// `periodMicros` after the start of the last. `leaseMicros`: how long a run may take before it
    /// counts as dead.
    void
    add(std::string name, std::int64_t periodMicros, JobFunction function,
        std::int64_t leaseMicros = leaseMicrosDefault);

    /// Runs what is due and not leased by another, each job at most once, and returns how many ran.
    /// A job that fails is logged and recorded and comes again after its period; an error is
    /// returned only where the database fails.
    Result<int> step(const Context& context);

    /// For a job that runs long: moves the end of its lease. False where another program has taken
    /// it over; the job then stops.
    [[nodiscard]] Result<bool> extendLease(const Context& context, std::string_view name) const;

private:
    struct Job {
        std::string name;
        std::int64_t periodMicros = 0;
        std::int64_t leaseMicros = 0;
        JobFunction function;
    };
    [[nodiscard]] Result<bool> runIfDue(const Context& context, const Job& job) const;
    [[nodiscard]] Result<> run(const Context& context, const Job& job, Instant startedAt) const;

    std::string m_owner;
    std::vector<Job> m_jobs;
};

Result<std::vector<JobState>> listJobs(database::Transaction& tx); ///< by name

[[nodiscard]] database::Migration jobsMigration(int number);

} // namespace quittance::backend
