#include "backend/api/metrics.h"
#include "backend/api/routes.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace quittance::backend {

namespace {

std::string healthText(const ApiOptions& options)
{
    return boost::json::serialize(boost::json::object {
        { "status", "ok" }, { "schema", options.schema }, { "version", options.version } });
}

contract::BrandView brandView(const formats::Brand& brand)
{
    return { brand.name, brand.logoSvg, brand.accentLight, brand.accentDark };
}

} // namespace

void addServiceRoutes(http::Router& router, const RouteContext& routes)
{
    addPublic(
        router, http::Method::Get, "/health", "health",
        [routes](const http::Request&) -> ApiAnswer {
            QUITTANCE_CHECK(routes.context.database.read([](database::Transaction& tx) {
                return tx.queryInteger("SELECT 1");
            }));
            return http::Response::make(200, "application/json", healthText(routes.options));
        }
    );
    addPublic(
        router, http::Method::Get, "/metrics", "metrics",
        [routes](const http::Request&) -> ApiAnswer {
            return http::Response::make(
                200, "text/plain; version=0.0.4; charset=utf-8", routes.metrics.text()
            );
        }
    );
    addPublic(
        router, http::Method::Get, "/v1/brand", "brand",
        [routes](const http::Request& request) -> ApiAnswer {
            return revalidated(request, json(200, brandView(routes.options.brand)));
        }
    );
}

} // namespace quittance::backend
