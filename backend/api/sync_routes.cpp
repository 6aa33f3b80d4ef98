#include "backend/api/feed.h"
#include "backend/api/routes.h"
#include "backend/journal/journal.h"

namespace quittance::backend {

namespace {

Result<contract::Scope> scopeOf(const http::Request& request, const Principal& principal)
{
    QUITTANCE_TRY(
        const contract::Scope scope, contract::parseScope(request.parameters.valueOr("scope", ""))
    );
    QUITTANCE_CHECK(requireScope(principal, scope));
    return scope;
}

} // namespace

void addSyncRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/scopes/{scope}/snapshot", "scopeSnapshot",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const contract::Scope scope, scopeOf(request, principal));
            QUITTANCE_TRY(http::Producer producer, scopeSnapshot(routes.context, principal, scope));
            return http::Response::streamed("application/x-ndjson", std::move(producer));
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/scopes/{scope}/changes", "scopeChanges",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const contract::Scope scope, scopeOf(request, principal));
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
        [routes](const http::Request&, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const std::int64_t last, routes.context.database.read(lastJournalNumber));
            return http::Response::events(routes.events.open(principal, last));
        }
    );
}

} // namespace quittance::backend
