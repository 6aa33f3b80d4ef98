#include "backend/api/routes.h"
#include "backend/api/views.h"
#include "backend/billing/billing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance::backend {

namespace {

using database::Transaction;

std::string_view contentTypeOf(std::string_view format)
{
    if (format == "pdf")
        return "application/pdf";
    if (format == "ubl")
        return "application/xml";
    return format == "csv" ? "text/csv" : "application/json";
}

/// The bill of the path, which must be the account's of the path.
Result<Bill> billOf(Transaction& tx, const http::Request& request)
{
    QUITTANCE_TRY(const AccountId account, pathNumber(request, "account"));
    QUITTANCE_TRY(const BillId id, pathNumber(request, "bill"));
    Result<Bill> bill = findBill(tx, id);
    const bool isAbsent = !bill && bill.error().code == ErrorCode::NotFound;
    // A bill of another account is answered like one that does not exist, in the same words.
    if (isAbsent || (bill && bill->summary.account != account))
        return failure(ErrorCode::NotFound, "there is no such bill");
    return bill;
}

Result<>
requireAccount(const http::Request& request, const Principal& principal, Permission permission)
{
    QUITTANCE_TRY(const AccountId account, pathNumber(request, "account"));
    return require(principal, permission, account);
}

ApiAnswer listAnswer(const RouteContext& routes, const http::Request& request)
{
    QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
    BillFilter filter;
    QUITTANCE_TRY(filter.account, pathNumber(request, "account"));
    QUITTANCE_TRY(filter.afterId, numberCursor(wanted.cursor));
    filter.limit = wanted.limit + 1; // one more tells whether there is another page
    QUITTANCE_TRY(
        std::vector<BillSummary> bills,
        routes.context.database.read([&](Transaction& tx) -> Result<std::vector<BillSummary>> {
            QUITTANCE_CHECK(requireExisting(tx, *filter.account));
            return listBills(tx, filter);
        })
    );
    contract::Page<BillSummary> page { std::move(bills), std::nullopt };
    if (page.items.size() > static_cast<std::size_t>(wanted.limit)) {
        page.items.pop_back();
        page.next = std::to_string(page.items.back().id);
    }
    return json(200, page);
}

ApiAnswer documentAnswer(const RouteContext& routes, const http::Request& request)
{
    const std::string format(request.query.valueOr("format", ""));
    constexpr std::array formats { "pdf", "csv", "json", "ubl" };
    if (std::ranges::find(formats, format) == formats.end())
        return failure(ErrorCode::MalformedInput, "format must be pdf, csv, json or ubl");
    QUITTANCE_TRY(const Bill bill, routes.context.database.read([&](Transaction& tx) {
        return billOf(tx, request);
    }));
    QUITTANCE_TRY(
        std::string bytes,
        exportDocument(routes.context, routes.options.brand, bill.summary.id, format)
    );
    return revalidated(
        request, http::Response::make(200, std::string(contentTypeOf(format)), std::move(bytes))
    );
}

Result<contract::Page<contract::EventView>>
eventPage(Transaction& tx, const http::Request& request, const PageRequest& wanted)
{
    QUITTANCE_TRY(const Bill bill, billOf(tx, request));
    QUITTANCE_TRY(const std::int64_t number, pathNumber(request, "line"));
    const auto line = std::find_if(bill.lines.begin(), bill.lines.end(), [&](const BillLine& one) {
        return one.number == number;
    });
    if (line == bill.lines.end())
        return failure(ErrorCode::NotFound, fmt::format("the bill has no line {}", number));
    QUITTANCE_TRY(
        const EventPage events,
        lineEvents(tx, bill.summary.id, line->number, wanted.cursor, wanted.limit)
    );
    contract::Page<contract::EventView> page { eventViews(events, line->quantityDigits),
                                               std::nullopt };
    if (!events.nextCursor.empty())
        page.next = events.nextCursor;
    return page;
}

} // namespace

void addBillRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Get, "/v1/accounts/{account}/bills", "listBills",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireAccount(request, principal, Permission::BillsRead));
            return listAnswer(routes, request);
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/accounts/{account}/bills/{bill}", "bill",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireAccount(request, principal, Permission::BillsRead));
            QUITTANCE_TRY(const Bill bill, routes.context.database.read([&](Transaction& tx) {
                return billOf(tx, request);
            }));
            return revalidated(request, json(200, bill));
        }
    );
    addRoute(
        router, routes, http::Method::Get, "/v1/accounts/{account}/bills/{bill}/document",
        "billDocument",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireAccount(request, principal, Permission::DocumentsRead));
            return documentAnswer(routes, request);
        }
    );
    addRoute(
        router, routes, http::Method::Get,
        "/v1/accounts/{account}/bills/{bill}/lines/{line}/events", "lineEvents",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireAccount(request, principal, Permission::UsageRead));
            QUITTANCE_TRY(const PageRequest wanted, pageRequest(request));
            QUITTANCE_TRY(const auto page, routes.context.database.read([&](Transaction& tx) {
                return eventPage(tx, request, wanted);
            }));
            return json(200, page);
        }
    );
}

} // namespace quittance::backend
