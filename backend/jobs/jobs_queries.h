#pragma once

#include "backend/jobs/jobs.h"

/// The SQL of leased jobs.
namespace quittance::backend::jobs_queries {

/// Makes the job known, due at `now`, where it is not yet.
Result<> insertIfAbsent(database::Transaction& tx, std::string_view name, Instant now);
/// True where the job is due and its lease is free; a job that nobody has made yet is due.
Result<bool> isDue(database::Transaction& tx, std::string_view name, Instant now);
/// False where it is not due or leased by another.
Result<bool> claim(
    database::Transaction& tx, std::string_view name, std::string_view owner, Instant now,
    Instant leaseUntil
);
/// False where the lease is no longer this owner's.
Result<bool> extend(
    database::Transaction& tx, std::string_view name, std::string_view owner, Instant leaseUntil
);
Result<bool> finish(
    database::Transaction& tx, std::string_view name, std::string_view owner, Instant now,
    Instant nextAt, const std::string& error
);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::jobs_queries
