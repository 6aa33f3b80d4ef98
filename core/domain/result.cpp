#include "core/domain/result.h"

#include <algorithm>
#include <array>

namespace quittance {

namespace {

struct NamedCode {
    ErrorCode code;
    std::string_view name;
};

constexpr std::array namedCodes {
    NamedCode { ErrorCode::InvalidArgument, "invalid-argument" },
    NamedCode { ErrorCode::NotFound, "not-found" },
    NamedCode { ErrorCode::PermissionDenied, "permission-denied" },
    NamedCode { ErrorCode::Unauthenticated, "unauthenticated" },
    NamedCode { ErrorCode::AlreadyExists, "already-exists" },
    NamedCode { ErrorCode::Conflict, "conflict" },
    NamedCode { ErrorCode::Overflow, "overflow" },
    NamedCode { ErrorCode::CurrencyMismatch, "currency-mismatch" },
    NamedCode { ErrorCode::Busy, "busy" },
    NamedCode { ErrorCode::Cancelled, "cancelled" },
    NamedCode { ErrorCode::ReadOnly, "read-only" },
    NamedCode { ErrorCode::StorageFull, "storage-full" },
    NamedCode { ErrorCode::SchemaTooNew, "schema-too-new" },
    NamedCode { ErrorCode::SchemaTooOld, "schema-too-old" },
    NamedCode { ErrorCode::Corrupt, "corrupt" },
    NamedCode { ErrorCode::Unavailable, "unavailable" },
    NamedCode { ErrorCode::Timeout, "timeout" },
    NamedCode { ErrorCode::BadAnswer, "bad-answer" },
    NamedCode { ErrorCode::TooLarge, "too-large" },
    NamedCode { ErrorCode::MalformedInput, "malformed-input" },
    NamedCode { ErrorCode::UnknownTimeZone, "unknown-time-zone" },
    NamedCode { ErrorCode::LocalTimeInGap, "local-time-in-gap" },
    NamedCode { ErrorCode::LocalTimeAmbiguous, "local-time-ambiguous" },
    NamedCode { ErrorCode::Unpriced, "unpriced" },
    NamedCode { ErrorCode::IncompleteProfile, "incomplete-profile" },
    NamedCode { ErrorCode::Precondition, "precondition" },
    NamedCode { ErrorCode::Internal, "internal" },
    NamedCode { ErrorCode::RateLimited, "rate-limited" },
};

} // namespace

std::string_view wireName(ErrorCode code)
{
    const auto* const found = std::ranges::find(namedCodes, code, &NamedCode::code);
    return found == namedCodes.end() ? "internal" : found->name;
}

ErrorCode errorCodeFromWireName(std::string_view name)
{
    const auto* const found = std::ranges::find(namedCodes, name, &NamedCode::name);
    return found == namedCodes.end() ? ErrorCode::Internal : found->code;
}

bool isTransient(ErrorCode code)
{
    constexpr std::array transient { ErrorCode::Busy, ErrorCode::Unavailable, ErrorCode::Timeout,
                                     ErrorCode::RateLimited };
    return std::ranges::find(transient, code) != transient.end();
}

} // namespace quittance
