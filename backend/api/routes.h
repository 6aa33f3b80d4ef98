#pragma once

#include "backend/api/api.h"
#include "backend/api/call.h"

#include <functional>

namespace quittance::backend {

class Metrics;

/// What the routes of every feature get.
struct RouteContext {
    Context context;
    const ApiOptions& options;
    LiveEvents& events;
    Metrics& metrics;
};

using PublicHandler = std::function<ApiAnswer(const http::Request&)>;
using CallerHandler = std::function<ApiAnswer(const http::Request&, const Principal&)>;

/// Adds a route whose errors are answered as problems, and logged where they are ours.
void addPublic(
    http::Router& router, http::Method method, std::string pattern, std::string name,
    PublicHandler handler, std::optional<std::size_t> bodyBytesMax = std::nullopt
);
/// The same, for a caller who must be signed in.
void addRoute(
    http::Router& router, const RouteContext& routes, http::Method method, std::string pattern,
    const std::string& name, CallerHandler handler,
    std::optional<std::size_t> bodyBytesMax = std::nullopt
);

void addSessionRoutes(http::Router& router, const RouteContext& routes);
void addAccountRoutes(http::Router& router, const RouteContext& routes);
void addBillRoutes(http::Router& router, const RouteContext& routes);
void addPeopleRoutes(http::Router& router, const RouteContext& routes);
void addPriceRoutes(http::Router& router, const RouteContext& routes);
void addUsageRoutes(http::Router& router, const RouteContext& routes);
void addSyncRoutes(http::Router& router, const RouteContext& routes);
void addServiceRoutes(http::Router& router, const RouteContext& routes);

} // namespace quittance::backend
