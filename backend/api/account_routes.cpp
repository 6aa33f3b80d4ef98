#include "backend/api/routes.h"
#include "backend/api/views.h"
#include "backend/pricing/pricing.h"
#include "core/http/etag.h"

namespace quittance::backend {

namespace {

using database::Transaction;

Result<contract::Page<contract::AccountView>>
accountPage(const RouteContext& routes, const Principal& principal, const PageRequest& wanted)
{
    QUITTANCE_TRY(const AccountId after, numberCursor(wanted.cursor));
    return routes.context.database.read(
        [&](Transaction& tx) -> Result<contract::Page<contract::AccountView>> {
            contract::Page<contract::AccountView> page;
            QUITTANCE_TRY(const std::vector<AccountRecord> all, listAccounts(tx));
            for (const AccountRecord& account : all) {
                if (account.id <= after
                    || !allows(principal.grants, Permission::ProfileRead, account.id))
                    continue;
                if (page.items.size() == static_cast<std::size_t>(wanted.limit)) {
                    page.next = std::to_string(page.items.back().id);
                    break;
                }
                QUITTANCE_TRY(
                    contract::AccountView shown,
                    accountView(tx, account, routes.context.clock.now())
                );
                page.items.push_back(std::move(shown));
            }
            return page;
        }
    );
}

Result<contract::AccountView> oneAccount(const Context& context, AccountId id)
{
    return context.database.read([&](Transaction& tx) -> Result<contract::AccountView> {
        QUITTANCE_TRY(const AccountRecord account, findAccount(tx, id));
        return accountView(tx, account, context.clock.now());
    });
}

/// The version that a change is based on: of the body, which must agree with If-Match where that is
/// sent: the tag of the account as it is read, or of the part as an earlier change answered it.
template <class View>
Result<std::int32_t> baseVersion(
    const http::Request& request, const contract::AccountView& account, const View& part,
    const View& form
)
{
    const std::string_view ifMatch = request.headers.valueOr("If-Match", "");
    if (ifMatch.empty()
        || http::matchesIfMatch(ifMatch, http::strongETag(contract::toText(account)))
        || http::matchesIfMatch(ifMatch, http::strongETag(contract::toText(part))))
        return form.version;
    return failure(ErrorCode::Precondition, "it was changed since it was read: read it again");
}

ApiAnswer addAccountAnswer(
    const RouteContext& routes, const http::Request& request, const Principal& principal
)
{
    QUITTANCE_CHECK(requireWrite(principal, Permission::AccountsEdit, std::nullopt));
    QUITTANCE_TRY(const auto form, body<contract::NewAccountRequest>(request));
    return once(
        routes.context, request, principal,
        [&](const Context& context) -> Result<WriteAnswer> {
            NewAccount account;
            account.name = form.name;
            account.currency = form.currency;
            account.timeZone = form.timeZone;
            account.plan = form.plan;
            // The plan may be loaded later: until then its usage waits.
            QUITTANCE_CHECK(context.database.read([&](Transaction& tx) {
                return isPlanLoaded(tx, account.plan, account.currency);
            }));
            QUITTANCE_TRY(const AccountId id, addAccount(context, principal.actor, account));
            QUITTANCE_TRY(const contract::AccountView shown, oneAccount(context, id));
            return WriteAnswer { json(201, shown), std::nullopt };
        }
    );
}

ApiAnswer changeProfileAnswer(
    const RouteContext& routes, const http::Request& request, const Principal& principal
)
{
    QUITTANCE_TRY(const AccountId id, pathNumber(request, "account"));
    QUITTANCE_CHECK(requireWrite(principal, Permission::ProfileEdit, id));
    QUITTANCE_TRY(const auto form, body<contract::ProfileView>(request));
    return once(
        routes.context, request, principal,
        [&](const Context& context) -> Result<WriteAnswer> {
            QUITTANCE_TRY(const contract::AccountView current, oneAccount(context, id));
            QUITTANCE_TRY(
                const std::int32_t base, baseVersion(request, current, current.profile, form)
            );
            QUITTANCE_TRY(
                const BillingProfile changed,
                changeProfile(context, principal.actor, id, profileFrom(form), base)
            );
            return WriteAnswer { json(200, view(changed)), std::nullopt };
        }
    );
}

ApiAnswer changeTermsAnswer(
    const RouteContext& routes, const http::Request& request, const Principal& principal
)
{
    QUITTANCE_TRY(const AccountId id, pathNumber(request, "account"));
    QUITTANCE_CHECK(requireWrite(principal, Permission::TermsEdit, id));
    QUITTANCE_TRY(const auto form, body<contract::TermsView>(request));
    return once(
        routes.context, request, principal,
        [&](const Context& context) -> Result<WriteAnswer> {
            QUITTANCE_TRY(const contract::AccountView current, oneAccount(context, id));
            QUITTANCE_TRY(
                const std::int32_t base, baseVersion(request, current, current.terms, form)
            );
            QUITTANCE_TRY(const BillingTerms terms, context.database.read([&](Transaction& tx) {
                return termsFrom(tx, form);
            }));
            QUITTANCE_TRY(
                const BillingTerms changed, changeTerms(context, principal.actor, id, terms, base)
            );
            QUITTANCE_TRY(
                const contract::TermsView shown,
                context.database.read([&](Transaction& tx) { return termsView(tx, changed); })
            );
            return WriteAnswer { json(200, shown), std::nullopt };
        }
    );
}

} // namespace

void addAccountRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/accounts", "listAccounts",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            QUITTANCE_TRY(const auto page, accountPage(routes, principal, wanted));
            return json(200, page);
        }
    );
    addRoute(
        router, routes, http::Method::Post, "/v1/accounts", "addAccount",
        [routes](const http::Request& request, const Principal& principal) {
            return addAccountAnswer(routes, request, principal);
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/accounts/{account}", "account",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_TRY(const AccountId id, pathNumber(request, "account"));
            QUITTANCE_CHECK(require(principal, Permission::ProfileRead, id));
            QUITTANCE_TRY(const contract::AccountView shown, oneAccount(routes.context, id));
            return revalidated(request, json(200, shown));
        }
    );
    addRoute(
        router, routes, http::Method::Put, "/v1/accounts/{account}/profile", "changeProfile",
        [routes](const http::Request& request, const Principal& principal) {
            return changeProfileAnswer(routes, request, principal);
        }
    );
    addRoute(
        router, routes, http::Method::Put, "/v1/accounts/{account}/terms", "changeTerms",
        [routes](const http::Request& request, const Principal& principal) {
            return changeTermsAnswer(routes, request, principal);
        }
    );
}

} // namespace quittance::backend
