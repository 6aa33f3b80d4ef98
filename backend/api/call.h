#pragma once

#include "backend/accounts/people.h"
#include "backend/journal/context.h"
#include "core/contract/repeated_keys.h"
#include "core/domain/permissions.h"
#include "core/http/message.h"

#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// What every route does the same way: who calls, may they, path and query values, bodies, pages,
/// ETags, idempotency.
namespace quittance::backend {

using ApiAnswer = Result<http::Response>;

/// The caller by the bearer token of the request; Unauthenticated.
Result<Principal> caller(const Context& context, const http::Request& request);

/// Answers NotFound for an account that the caller may not know of, PermissionDenied for one where
/// only this permission lacks, ReadOnly for a write in a session that only reads.
Result<>
require(const Principal& principal, Permission permission, std::optional<AccountId> account);
Result<>
requireWrite(const Principal& principal, Permission permission, std::optional<AccountId> account);

/// NotFound, in the words of `require`, for an account that does not exist: who may see all
/// accounts gets no empty list for one that is none.
Result<> requireExisting(database::Transaction& tx, AccountId account);

/// A {parameter} of the path as a positive number; NotFound where it is none.
Result<std::int64_t> pathNumber(const http::Request& request, std::string_view name);

struct PageRequest {
    std::string cursor; ///< "" for the first page
    int limit = 200;
};
Result<PageRequest> pageRequest(const http::Request& request);
/// The cursor as a number; 0 for the first page; MalformedInput where it is none.
Result<std::int64_t> numberCursor(const std::string& cursor);

template <class T> Result<T> body(const http::Request& request)
{
    return contract::fromRequest<T>(request.body);
}

template <class T> http::Response json(int status, const T& value)
{
    return http::Response::make(status, "application/json", contract::toText(value));
}
/// With a strong ETag over the bytes; 304 where the request has them.
http::Response revalidated(const http::Request& request, http::Response response);

/// What a write answers, and what is kept of it for a repeat of its key: the same, but for secrets
/// that are shown once.
struct WriteAnswer {
    http::Response response;
    std::optional<std::string> keptBody;
};
/// Runs `work` once for an Idempotency-Key; a repeat gets the stored answer. What `work` does
/// through the context that it is given and the answer that is stored are one transaction: a
/// program that dies leaves both or neither. `work` may run again from the start. Refusals are
/// answers too; after a transient error the key is free again. Where `again` is true of what `work`
/// failed with, it is rolled back and `work` runs once more, in another way of its own choice.
ApiAnswer once(
    const Context& context, const http::Request& request, const Principal& principal,
    const std::function<Result<WriteAnswer>(const Context&)>& work,
    const std::function<bool(const Error&)>& again = {}
);

} // namespace quittance::backend
