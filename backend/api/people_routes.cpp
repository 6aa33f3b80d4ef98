#include "backend/api/routes.h"
#include "backend/api/views.h"

namespace quittance::backend {

namespace {

/// The part of `all` (in order of id) that follows the cursor.
template <class View, class Record>
Result<contract::Page<View>> pageOf(const std::vector<Record>& all, const PageRequest& wanted)
{
    QUITTANCE_TRY(const std::int64_t after, numberCursor(wanted.cursor));
    contract::Page<View> page;
    for (const Record& record : all) {
        if (record.id <= after)
            continue;
        if (page.items.size() == static_cast<std::size_t>(wanted.limit)) {
            page.next = std::to_string(page.items.back().id);
            break;
        }
        page.items.push_back(view(record));
    }
    return page;
}

ApiAnswer
inviteAnswer(const RouteContext& routes, const http::Request& request, const Principal& principal)
{
    QUITTANCE_CHECK(requireWrite(principal, Permission::PeopleEdit, std::nullopt));
    QUITTANCE_TRY(const auto form, body<contract::InvitePersonRequest>(request));
    return once(
        routes.context, request, principal,
        [&](const Context& context) -> Result<WriteAnswer> {
            QUITTANCE_TRY(
                const Invitation invitation,
                invitePerson(
                    context, principal.actor, form.email, form.name, grantsFrom(form.grants)
                )
            );
            // A repeat of the key learns who was invited, but not the token: secrets are shown once
            // and stored nowhere.
            const contract::InvitationView shown { invitation.person, invitation.token };
            return WriteAnswer { json(201, shown),
                                 contract::toText(contract::InvitationView { invitation.person, "" }
                                 ) };
        }
    );
}

ApiAnswer
addTokenAnswer(const RouteContext& routes, const http::Request& request, const Principal& principal)
{
    QUITTANCE_CHECK(requireWrite(principal, Permission::TokensEdit, std::nullopt));
    QUITTANCE_TRY(const auto form, body<contract::NewTokenRequest>(request));
    return once(
        routes.context, request, principal,
        [&](const Context& context) -> Result<WriteAnswer> {
            QUITTANCE_TRY(
                const ServiceTokenCreated created,
                addServiceToken(
                    context, principal.actor, form.name, form.role, form.account, form.expires
                )
            );
            contract::TokenCreatedView shown { view(created.token), created.secret };
            http::Response response = json(201, shown);
            shown.secret.clear();
            return WriteAnswer { std::move(response), contract::toText(shown) };
        }
    );
}

void addPersonRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/people", "listPeople",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(require(principal, Permission::PeopleRead, std::nullopt));
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            QUITTANCE_TRY(const auto people, routes.context.database.read(listPeople));
            QUITTANCE_TRY(const auto page, pageOf<contract::PersonView>(people, wanted));
            return json(200, page);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/people", "invitePerson",
        [routes](const http::Request& request, const Principal& principal) {
            return inviteAnswer(routes, request, principal);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/people/{person}/disable", "disablePerson",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireWrite(principal, Permission::PeopleEdit, std::nullopt));
            QUITTANCE_TRY(const PersonId person, pathNumber(request, "person"));
            return once(
                routes.context, request, principal,
                [&](const Context& context) -> Result<WriteAnswer> {
                    QUITTANCE_CHECK(disablePerson(context, principal.actor, person));
                    return WriteAnswer { http::Response::empty(204), std::nullopt };
                }
            );
        }
    );
}

void addTokenRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/tokens", "listTokens",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(require(principal, Permission::TokensEdit, std::nullopt));
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            QUITTANCE_TRY(const auto tokens, routes.context.database.read(listServiceTokens));
            QUITTANCE_TRY(const auto page, pageOf<contract::TokenView>(tokens, wanted));
            return json(200, page);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/tokens", "addToken",
        [routes](const http::Request& request, const Principal& principal) {
            return addTokenAnswer(routes, request, principal);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/tokens/{token}/revoke", "revokeToken",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireWrite(principal, Permission::TokensEdit, std::nullopt));
            QUITTANCE_TRY(const std::int64_t token, pathNumber(request, "token"));
            return once(
                routes.context, request, principal,
                [&](const Context& context) -> Result<WriteAnswer> {
                    QUITTANCE_CHECK(revokeServiceToken(context, principal.actor, token));
                    return WriteAnswer { http::Response::empty(204), std::nullopt };
                }
            );
        }
    );
}

} // namespace

void addPeopleRoutes(http::Router& router, const RouteContext& routes)
{
    addPersonRoutes(router, routes);
    addTokenRoutes(router, routes);
}

} // namespace quittance::backend
