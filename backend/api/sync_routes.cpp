#include "backend/api/feed.h"
#include "backend/api/routes.h"
#include "backend/journal/journal.h"

namespace quittance::backend {

namespace {

Result<contract::Scope>
scopeOf(const RouteContext& routes, const http::Request& request, const Principal& principal)
{
    QUITTANCE_TRY(
        const contract::Scope scope, contract::parseScope(request.parameters.valueOr("scope", ""))
    );
    QUITTANCE_CHECK(requireScope(principal, scope));
    if (scope.account)
        QUITTANCE_CHECK(routes.context.database.read([&](database::Transaction& tx) {
            return requireExisting(tx, *scope.account);
        }));
    return scope;
}

} // namespace

void addSyncRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/scopes/{scope}/snapshot", "scopeSnapshot",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const contract::Scope scope, scopeOf(routes, request, principal));
            QUITTANCE_TRY(http::Producer producer, scopeSnapshot(routes.context, principal, scope));
            return http::Response::streamed("application/x-ndjson", std::move(producer));
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/scopes/{scope}/changes", "scopeChanges",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const contract::Scope scope, scopeOf(routes, request, principal));
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            if (wanted.cursor.empty())
                return failure(ErrorCode::MalformedInput, "cursor is missing");
            QUITTANCE_TRY(const std::int64_t cursor, numberCursor(wanted.cursor));
            QUITTANCE_TRY(
                const contract::ChangePage page,
                scopeChanges(routes.context, principal, scope, cursor, wanted.limit)
            );
            return json(200, page);
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/events", "liveEvents",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const std::int64_t last, routes.context.database.read(lastJournalNumber));
            http::Request again;
            again.headers = request.headers;
            again.remoteAddress = request.remoteAddress;
            const auto present
                = [context = routes.context, again] { return caller(context, again); };
            return http::Response::events(routes.events.open(principal.grants, present, last));
        }
    );
}

} // namespace quittance::backend
