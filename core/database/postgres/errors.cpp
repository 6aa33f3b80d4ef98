#include "core/database/postgres/errors.h"

#include "core/database/postgres/postgres_dialect.h"
#include "core/database/text_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance::database::postgres {

namespace {

struct Mapping {
    std::string_view prefix; ///< of the SQLSTATE
    ErrorCode code;
};

// Appendix A of PostgreSQL's manual; the first that fits counts.
constexpr std::array mappings {
    Mapping { "23505", ErrorCode::AlreadyExists }, // unique_violation
    Mapping { "23P01", ErrorCode::AlreadyExists }, // exclusion_violation
    Mapping { "23503", ErrorCode::Precondition }, // foreign_key_violation
    Mapping { "23", ErrorCode::InvalidArgument }, // not null, check
    Mapping { refusedChangeState, ErrorCode::Conflict },
    Mapping { "P0001", ErrorCode::Conflict }, // raise_exception
    Mapping { "40", ErrorCode::Busy }, // serialization_failure, deadlock_detected
    Mapping { "55P03", ErrorCode::Busy }, // lock_not_available
    Mapping { "57014", ErrorCode::Cancelled },
    Mapping { "25006", ErrorCode::ReadOnly },
    Mapping { "53100", ErrorCode::StorageFull }, // disk_full
    Mapping { "53", ErrorCode::Unavailable }, // out of memory, too many connections
    Mapping { "57P", ErrorCode::Unavailable }, // shutdown, starting up
    Mapping { "08", ErrorCode::Unavailable },
    Mapping { "XX001", ErrorCode::Corrupt },
    Mapping { "XX002", ErrorCode::Corrupt },
    Mapping { "22003", ErrorCode::Overflow },
    Mapping { "22021", ErrorCode::InvalidArgument }, // not in the encoding
    Mapping { "54", ErrorCode::TooLarge },
    Mapping { "28", ErrorCode::PermissionDenied },
    Mapping { "42501", ErrorCode::PermissionDenied },
    Mapping { "42P07", ErrorCode::AlreadyExists }, // duplicate_table
    Mapping { "42710", ErrorCode::AlreadyExists }, // duplicate_object
    Mapping { "3D000", ErrorCode::NotFound }, // no such database
};

std::string_view field(const PGresult* result, int code)
{
    const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
    return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string oneLine(std::string_view text)
{
    std::string line(text);
    line.erase(line.find_last_not_of('\n') + 1);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

} // namespace

std::string_view sqlState(const PGresult* result)
{
    return field(result, PG_DIAG_SQLSTATE);
}

bool isWorthRepeating(std::string_view sqlState)
{
    return sqlState == "40001" || sqlState == "40P01";
}

// The message is translated; the place in the server that raised it is not.
bool isOutdatedPlan(const PGresult* result)
{
    return sqlState(result) == "0A000"
        && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
}

Error toError(const PGresult* result, PGconn* connection, std::string_view sql)
{
    const std::string_view state = sqlState(result);
    if (state.empty())
        return connectionError(connection);
    const auto* const found
        = std::find_if(mappings.begin(), mappings.end(), [state](const Mapping& mapping) {
              return state.starts_with(mapping.prefix);
          });
    const ErrorCode code = found == mappings.end() ? ErrorCode::Internal : found->code;
    std::string detail = fmt::format(
        "PostgreSQL: {} ({})", oneLine(field(result, PG_DIAG_MESSAGE_PRIMARY)), state
    );
    if (!sql.empty())
        detail += " in: " + abbreviated(sql);
    return { code, std::move(detail) };
}

Error connectionError(PGconn* connection)
{
    const std::string message
        = oneLine(connection == nullptr ? "out of memory" : PQerrorMessage(connection));
    return { ErrorCode::Unavailable, "PostgreSQL: " + message };
}

} // namespace quittance::database::postgres
