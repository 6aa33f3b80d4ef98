#include "backend/jobs/jobs_queries.h"

#include "backend/journal/schema.h"

namespace quittance::backend::jobs_queries {

namespace {

using database::Row;
using database::Transaction;

std::optional<Instant> instantOrNull(const Row& row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return Instant { row.integer(column) };
}

Result<bool> changesOne(const Result<std::int64_t>& changed)
{
    if (!changed)
        return failure(changed.error());
    return *changed == 1;
}

JobState stateOf(const Row& row)
{
    int column = 0;
    JobState job;
    job.name = row.string(column);
    job.nextAt = Instant { row.integer(++column) };
    job.leaseOwner = row.string(++column);
    job.leaseUntil = instantOrNull(row, ++column);
    job.startedAt = instantOrNull(row, ++column);
    job.finishedAt = instantOrNull(row, ++column);
    job.runs = row.integer(++column);
    job.lastError = row.string(++column);
    return job;
}

} // namespace

Result<> insertIfAbsent(Transaction& tx, std::string_view name, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO job (name, next_at, lease_owner, runs, last_error)"
        " VALUES ($1, $2, '', 0, '') ON CONFLICT (name) DO NOTHING",
        { std::string(name), now.micros }
    ));
    return {};
}

Result<bool> isDue(Transaction& tx, std::string_view name, Instant now)
{
    QUITTANCE_TRY(
        const auto waits,
        tx.queryFirst<bool>(
            "SELECT CASE WHEN next_at > $2 OR lease_until > $2 THEN 1 ELSE 0 END"
            " FROM job WHERE name = $1",
            { std::string(name), now.micros }, [](const Row& row) { return row.integer(0) == 1; }
        )
    );
    return !waits.value_or(false);
}

Result<bool> claim(
    Transaction& tx, std::string_view name, std::string_view owner, Instant now, Instant leaseUntil
)
{
    return changesOne(tx.execute(
        "UPDATE job SET lease_owner = $1, lease_until = $2, started_at = $3"
        " WHERE name = $4 AND next_at <= $3"
        " AND (lease_until IS NULL OR lease_until <= $3)",
        { std::string(owner), leaseUntil.micros, now.micros, std::string(name) }
    ));
}

Result<bool>
extend(Transaction& tx, std::string_view name, std::string_view owner, Instant leaseUntil)
{
    return changesOne(tx.execute(
        "UPDATE job SET lease_until = $1 WHERE name = $2 AND lease_owner = $3",
        { leaseUntil.micros, std::string(name), std::string(owner) }
    ));
}

Result<bool> finish(
    Transaction& tx, std::string_view name, std::string_view owner, Instant now, Instant nextAt,
    const std::string& error
)
{
    return changesOne(tx.execute(
        "UPDATE job SET lease_owner = '', lease_until = NULL, finished_at = $1,"
        " next_at = $2, runs = runs + 1, last_error = $3"
        " WHERE name = $4 AND lease_owner = $5",
        { now.micros, nextAt.micros, error, std::string(name), std::string(owner) }
    ));
}

Result<> createTables(Transaction& tx)
{
    return createSchema(tx, R"(CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_until BIGINT,
    started_at BIGINT,
    finished_at BIGINT,
    runs BIGINT NOT NULL CHECK (runs >= 0),
    last_error TEXT NOT NULL,
    CHECK ((lease_owner = '') = (lease_until IS NULL))
);
)");
}

} // namespace quittance::backend::jobs_queries

namespace quittance::backend {

Result<std::vector<JobState>> listJobs(database::Transaction& tx)
{
    return tx.queryAll<JobState>(
        "SELECT name, next_at, lease_owner, lease_until, started_at, finished_at, runs, last_error"
        " FROM job ORDER BY name",
        {}, jobs_queries::stateOf
    );
}

database::Migration jobsMigration(int number)
{
    return { number, "jobs", jobs_queries::createTables };
}

} // namespace quittance::backend
