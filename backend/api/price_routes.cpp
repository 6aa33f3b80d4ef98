#include "backend/api/routes.h"
#include "backend/pricing/pricing.h"

namespace quittance::backend {

void addPriceRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/plans", "listPlans",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(require(principal, Permission::PricesRead, std::nullopt));
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            QUITTANCE_TRY(const std::int64_t offset, numberCursor(wanted.cursor));
            QUITTANCE_TRY(
                const std::vector<PricePlan> plans, routes.context.database.read(listPlans)
            );
            contract::Page<PricePlan> page;
            const std::size_t begin = std::min(static_cast<std::size_t>(offset), plans.size());
            const std::size_t end
                = std::min(begin + static_cast<std::size_t>(wanted.limit), plans.size());
            for (std::size_t i = begin; i < end; ++i)
                page.items.push_back(plans[i]);
            if (end < plans.size())
                page.next = std::to_string(end);
            return json(200, page);
        }
    );
}

} // namespace quittance::backend
