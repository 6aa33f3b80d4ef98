#pragma once

#include "core/domain/result.h"

#include <libpq-fe.h>

#include <string_view>

namespace quittance::database::postgres {

/// The error of a failed answer. Only the primary message and the constraint's name are taken:
/// PostgreSQL's details repeat stored values, which may be personal.
[[nodiscard]] Error toError(const PGresult* result, PGconn* connection, std::string_view sql);

/// The error of a connection that does not answer.
[[nodiscard]] Error connectionError(PGconn* connection);

/// "40001", or "" where the server did not answer.
[[nodiscard]] std::string_view sqlState(const PGresult* result);

/// True where the whole transaction, run again from its start, may succeed.
[[nodiscard]] bool isWorthRepeating(std::string_view sqlState);

/// True where a prepared statement no longer fits its tables, because another program changed them.
[[nodiscard]] bool isOutdatedPlan(const PGresult* result);

} // namespace quittance::database::postgres
