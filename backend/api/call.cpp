#include "backend/api/call.h"

#include "backend/accounts/accounts.h"
#include "backend/api/problems.h"
#include "backend/outbox/idempotency.h"
#include "core/database/joined_database.h"
#include "core/http/etag.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

constexpr int limitMax = 1000;
constexpr std::size_t keyBytesMin = 8;
constexpr std::size_t keyBytesMax = 100;

auto absentAccount()
{
    return failure(ErrorCode::NotFound, "there is no such account");
}

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

/// What a transaction of `once` came to: `work` ran, or an answer was there.
struct Tried {
    bool ranWork = false;
    std::optional<http::Response> answer;
};

Result<> tryOnce(
    database::Transaction& tx, const Context& context, const IdempotentRequest& key,
    const std::function<Result<WriteAnswer>(const Context&)>& work, Tried& tried
)
{
    tried = Tried {};
    QUITTANCE_TRY(const auto stored, beginIdempotent(tx, context, key));
    if (stored) {
        tried.answer = repeated(*stored);
        return {};
    }
    tried.ranWork = true;
    database::JoinedDatabase joined(tx);
    QUITTANCE_TRY(WriteAnswer answer, work(Context { joined, context.clock, context.random }));
    const StoredAnswer kept { answer.response.status,
                              answer.keptBody.value_or(answer.response.body) };
    tried.answer = std::move(answer.response);
    return finishIdempotent(tx, key, kept);
}

/// The work was rolled back with its key: a refusal is stored for the key, alone.
ApiAnswer refused(const Context& context, const IdempotentRequest& key, const Error& error)
{
    constexpr int firstServerError = 500;
    const http::Response response = problem(error);
    if (response.status >= firstServerError || isTransient(error.code))
        return failure(error);
    Tried tried;
    QUITTANCE_CHECK(context.database.write([&](database::Transaction& tx) {
        return tryOnce(
            tx, context, key,
            [&](const Context&) -> Result<WriteAnswer> {
                return WriteAnswer { problem(error), std::nullopt };
            },
            tried
        );
    }));
    return std::move(*tried.answer);
}

/// What a PUT made, as it is and when it is repeated: the next change may name it.
http::Response tagged(const http::Request& request, http::Response response)
{
    constexpr int done = 200;
    if (request.method == http::Method::Put && response.status == done)
        response.headers.set("ETag", http::strongETag(response.body));
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
        return absentAccount();
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

Result<> requireExisting(database::Transaction& tx, AccountId account)
{
    const auto found = findAccount(tx, account);
    if (!found && found.error().code == ErrorCode::NotFound)
        return absentAccount();
    return found ? Result<>() : failure(found.error());
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
    const std::function<Result<WriteAnswer>(const Context&)>& work,
    const std::function<bool(const Error&)>& again
)
{
    QUITTANCE_TRY(const IdempotentRequest key, idempotentRequest(request, principal));
    Tried tried;
    const auto attempt
        = [&](database::Transaction& tx) { return tryOnce(tx, context, key, work, tried); };
    Result<> done = context.database.write(attempt);
    if (!done && tried.ranWork && again && again(done.error()))
        done = context.database.write(attempt);
    if (done)
        return tagged(request, std::move(*tried.answer));
    return tried.ranWork ? refused(context, key, done.error()) : failure(done.error());
}

} // namespace quittance::backend
