#include "backend/api/routes.h"
#include "backend/api/views.h"

namespace quittance::backend {

namespace {

contract::Me meView(const RouteContext& routes, const Principal& principal)
{
    contract::Me me;
    if (principal.actor.kind == Actor::Kind::Person)
        me.person = principal.actor.id;
    me.name = principal.name;
    me.email = principal.email;
    me.grants = view(principal.grants);
    me.readOnly = principal.readOnly;
    me.viewingAccount = principal.actor.viewingAccount;
    me.installation = routes.options.installation;
    me.now = routes.context.clock.now();
    me.sandboxClock = routes.context.clock.isSandbox();
    return me;
}

contract::SessionView sessionView(const RouteContext& routes, const SessionOpened& session)
{
    return { session.token, session.expires, meView(routes, session.principal) };
}

} // namespace

void addSessionRoutes(http::Router& router, const RouteContext& routes)
{
    addPublic(
        router, http::Method::Post, "/v1/sessions", "signIn",
        [routes](const http::Request& request) -> ApiAnswer {
            QUITTANCE_TRY(const auto form, body<contract::SignInRequest>(request));
            QUITTANCE_TRY(
                const SessionOpened session,
                signIn(
                    routes.context, form.email, form.password, request.remoteAddress,
                    routes.options.passwordCost
                )
            );
            return json(201, sessionView(routes, session));
        }
    );
    addPublic(
        router, http::Method::Post, "/v1/invitations/accept", "acceptInvitation",
        [routes](const http::Request& request) -> ApiAnswer {
            QUITTANCE_TRY(const auto form, body<contract::AcceptInvitationRequest>(request));
            QUITTANCE_CHECK(acceptInvitation(
                routes.context, form.token, form.password, request.remoteAddress,
                routes.options.passwordCost
            ));
            return http::Response::empty(204);
        }
    );
    addRoute(
        router, routes, http::Method::Delete, "/v1/sessions/current", "signOut",
        [routes](const http::Request& request, const Principal&) -> ApiAnswer {
            constexpr std::size_t schemeLength = std::string_view("Bearer ").size();
            const std::string_view header = request.headers.valueOr("Authorization", "");
            QUITTANCE_CHECK(signOut(routes.context, std::string(header.substr(schemeLength))));
            return http::Response::empty(204);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/sessions/view", "viewAsCustomer",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const auto form, body<contract::ViewAsRequest>(request));
            QUITTANCE_CHECK(require(principal, Permission::ViewAsCustomer, form.account));
            QUITTANCE_TRY(
                const SessionOpened session, viewAsCustomer(routes.context, principal, form.account)
            );
            return json(201, sessionView(routes, session));
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/me", "me",
        [routes](const http::Request&, const Principal& principal) -> ApiAnswer {
            return json(200, meView(routes, principal));
        }
    );
}

} // namespace quittance::backend
