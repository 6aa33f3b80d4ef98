#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace quittance {

/// What went wrong, for programs. The numbers go over the wire and into archives: they are given
/// once and never renumbered. `wireName` gives the stable text that problem+json carries.
enum class ErrorCode : std::uint16_t {
    InvalidArgument = 1, ///< a value that no state of the system would make right
    NotFound = 2, ///< absent, or not for this caller to know of: the two answer alike
    PermissionDenied = 3, ///< known to exist for the caller, but not allowed
    Unauthenticated = 4, ///< no session, or one that ended
    AlreadyExists = 5,
    Conflict = 6, ///< the same id or key with other content
    Overflow = 7, ///< an exact result does not fit
    CurrencyMismatch = 8,
    Busy = 9, ///< try again: a lock, a serialization failure, back-pressure
    Cancelled = 10,
    ReadOnly = 11, ///< the database or the session cannot be written
    StorageFull = 12,
    SchemaTooNew = 13, ///< the database belongs to a newer version
    SchemaTooOld = 14, ///< migrate first
    Corrupt = 15, ///< stored bytes that cannot be what was written
    Unavailable = 16, ///< the other side does not answer
    Timeout = 17,
    BadAnswer = 18, ///< the other side answers what the contract does not allow
    TooLarge = 19,
    MalformedInput = 20, ///< bytes that are not the format they should be
    UnknownTimeZone = 21,
    LocalTimeInGap = 22, ///< a wall-clock time that a daylight-saving change skips
    LocalTimeAmbiguous = 23, ///< a wall-clock time that happens twice
    Unpriced = 24, ///< usage that no plan prices
    IncompleteProfile = 25, ///< a bill lacks fields that its law needs
    Precondition = 26, ///< the state does not allow it (If-Match, a closed period)
    Internal = 27,
    RateLimited = 28,
};

/// "invalid-argument", "not-found", ...: stable, documented in core/contract/openapi.yaml.
[[nodiscard]] std::string_view wireName(ErrorCode code);
[[nodiscard]] ErrorCode errorCodeFromWireName(std::string_view name
); ///< Internal for an unknown name

/// True where the same request may succeed later without anybody changing anything.
[[nodiscard]] bool isTransient(ErrorCode code);

/// `detail` is one plain English line for logs and command lines: what, where (file, row, column,
/// value), what to do. The console makes its own words from the code.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string detail;

    bool operator==(const Error&) const = default;
};

/// A value or an Error; cannot be dropped unread. Exceptions do not cross a module.
template <class T = void> class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, std::string detail)
{
    return tl::unexpected<Error>(Error { code, std::move(detail) });
}

[[nodiscard]] inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace quittance

/// Evaluates to the value of a Result, or returns its error from the enclosing function.
/// Written as a declaration: QUITTANCE_TRY(auto bill, findBill(number));
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
#define QUITTANCE_JOIN_INNER(a, b) a##b
#define QUITTANCE_JOIN(a, b) QUITTANCE_JOIN_INNER(a, b)
#define QUITTANCE_TRY(declaration, expression)                                                     \
    auto QUITTANCE_JOIN(tryResult, __LINE__) = (expression);                                       \
    if (!QUITTANCE_JOIN(tryResult, __LINE__))                                                      \
        return ::quittance::failure(std::move(QUITTANCE_JOIN(tryResult, __LINE__)).error());       \
    declaration = std::move(*QUITTANCE_JOIN(tryResult, __LINE__))
#define QUITTANCE_CHECK(expression)                                                                \
    if (auto checkResult = (expression); !checkResult)                                             \
    return ::quittance::failure(std::move(checkResult).error())
// NOLINTEND(bugprone-macro-parentheses)
