#include "backend/api/call.h"

#include "backend/api/problems.h"
#include "backend/outbox/idempotency.h"
#include "core/http/etag.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

constexpr int limitMax = 1000;
constexpr std::size_t keyBytesMin = 8;
constexpr std::size_t keyBytesMax = 100;

template <class Number> std::optional<Number> wholeNumber(std::string_view text)
{
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string principalKey(const Principal& principal)
{
    const std::string_view kind = principal.actor.kind == Actor::Kind::Token ? "token" : "person";
    return fmt::format("{}/{}", kind, principal.actor.id);
}

Result<IdempotentRequest>
idempotentRequest(const http::Request& request, const Principal& principal)
{
    const std::string_view key = request.headers.valueOr("Idempotency-Key", "");
    if (key.size() < keyBytesMin || key.size() > keyBytesMax)
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("Idempotency-Key must have {} to {} characters", keyBytesMin, keyBytesMax)
        );
    return IdempotentRequest {
        principalKey(principal), std::string(key),
        fmt::format("{} {}", http::toString(request.method), request.rawPath), request.body
    };
}

http::Response repeated(const StoredAnswer& stored)
{
    if (stored.body.empty())
        return http::Response::empty(stored.status);
    constexpr int firstFailure = 400;
    return http::Response::make(
        stored.status,
        stored.status < firstFailure ? "application/json" : "application/problem+json", stored.body
    );
}

Result<> keep(const Context& context, const IdempotentRequest& request, StoredAnswer answer)
{
    return context.database.write([&](database::Transaction& tx) {
        return finishIdempotent(tx, request, answer);
    });
}

ApiAnswer refused(const Context& context, const IdempotentRequest& request, const Error& error)
{
    http::Response response = problem(error);
    constexpr int firstServerError = 500;
    if (response.status >= firstServerError || isTransient(error.code)) {
        QUITTANCE_CHECK(context.database.write([&](database::Transaction& tx) {
            return abandonIdempotent(tx, request);
        }));
        return failure(error);
    }
    QUITTANCE_CHECK(keep(context, request, { response.status, response.body }));
    return response;
}

} // namespace

Result<Principal> caller(const Context& context, const http::Request& request)
{
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view header = request.headers.valueOr("Authorization", "");
    if (!header.starts_with(scheme))
        return failure(ErrorCode::Unauthenticated, "sign in first");
    return authenticate(context, std::string(header.substr(scheme.size())), request.remoteAddress);
}

Result<>
require(const Principal& principal, Permission permission, std::optional<AccountId> account)
{
    if (allows(principal.grants, permission, account))
        return {};
    const bool mayKnow = !account
        || std::any_of(principal.grants.begin(), principal.grants.end(), [&](const Grant& grant) {
               return !grant.account || grant.account == account;
           });
    if (!mayKnow)
        return failure(ErrorCode::NotFound, "there is no such account");
    return failure(
        ErrorCode::PermissionDenied,
        fmt::format("this needs the permission {}", wireName(permission))
    );
}

Result<>
requireWrite(const Principal& principal, Permission permission, std::optional<AccountId> account)
{
    QUITTANCE_CHECK(require(principal, permission, account));
    if (principal.readOnly)
        return failure(ErrorCode::ReadOnly, "this session only reads");
    return {};
}

Result<std::int64_t> pathNumber(const http::Request& request, std::string_view name)
{
    const auto number = wholeNumber<std::int64_t>(request.parameters.valueOr(name, ""));
    if (!number || *number < 1)
        return failure(ErrorCode::NotFound, fmt::format("there is no such {}", name));
    return *number;
}

Result<PageRequest> pageRequest(const http::Request& request)
{
    PageRequest page;
    page.cursor = request.query.valueOr("cursor", "");
    if (const auto text = request.query.find("limit")) {
        const auto limit = wholeNumber<int>(*text);
        if (!limit || *limit < 1 || *limit > limitMax)
            return failure(
                ErrorCode::MalformedInput, fmt::format("limit must be 1 to {}", limitMax)
            );
        page.limit = *limit;
    }
    return page;
}

Result<std::int64_t> numberCursor(const std::string& cursor)
{
    if (cursor.empty())
        return 0;
    const auto number = wholeNumber<std::int64_t>(cursor);
    if (!number || *number < 0)
        return failure(ErrorCode::MalformedInput, "cursor is not one of this list");
    return *number;
}

http::Response revalidated(const http::Request& request, http::Response response)
{
    const std::string etag = http::strongETag(response.body);
    const std::string_view known = request.headers.valueOr("If-None-Match", "");
    if (!known.empty() && http::matchesIfNoneMatch(known, etag))
        response = http::Response::empty(304);
    response.headers.set("ETag", etag);
    response.headers.set("Cache-Control", "private, no-cache");
    return response;
}

ApiAnswer once(
    const Context& context, const http::Request& request, const Principal& principal,
    const std::function<Result<WriteAnswer>()>& work
)
{
    QUITTANCE_TRY(const IdempotentRequest key, idempotentRequest(request, principal));
    QUITTANCE_TRY(
        const std::optional<StoredAnswer> stored,
        context.database.write([&](database::Transaction& tx) {
            return beginIdempotent(tx, context, key);
        })
    );
    if (stored)
        return repeated(*stored);
    Result<WriteAnswer> answer = work();
    if (!answer)
        return refused(context, key, answer.error());
    QUITTANCE_CHECK(keep(
        context, key, { answer->response.status, answer->keptBody.value_or(answer->response.body) }
    ));
    return std::move(answer->response);
}

} // namespace quittance::backend
