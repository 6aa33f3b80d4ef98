#include "backend/api/api.h"

#include "backend/api/metrics.h"
#include "backend/api/problems.h"
#include "backend/api/routes.h"
#include "backend/journal/journal.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace quittance::backend {

namespace {

using namespace std::string_view_literals;

http::Response answerOf(std::string_view route, ApiAnswer answer)
{
    if (answer)
        return std::move(*answer);
    constexpr int firstServerError = 500;
    if (httpStatus(answer.error().code) >= firstServerError)
        spdlog::error("{}: {} ({})", route, answer.error().detail, wireName(answer.error().code));
    return problem(answer.error());
}

/// What may stand in the query of a route, by its name; nothing where it is not here.
std::span<const std::string_view> queryOf(std::string_view route)
{
    static constexpr std::array page { "cursor"sv, "limit"sv };
    static constexpr std::array document { "format"sv };
    static constexpr std::array paged { "listAccounts"sv, "listBills"sv,  "lineEvents"sv,
                                        "listPeople"sv,   "listTokens"sv, "listPlans"sv,
                                        "scopeChanges"sv };
    if (route == "billDocument")
        return document;
    return std::ranges::find(paged, route) != paged.end() ? std::span<const std::string_view>(page)
                                                          : std::span<const std::string_view>();
}

/// A parameter that was mistyped must not look like an answer to the question that was meant.
Result<> checkQuery(std::string_view route, const http::Request& request)
{
    const std::span<const std::string_view> known = queryOf(route);
    for (const auto& [name, value] : request.query)
        if (std::ranges::find(known, name) == known.end())
            return failure(
                ErrorCode::MalformedInput, fmt::format("there is no query parameter \"{}\"", name)
            );
    return {};
}

} // namespace

void addPublic(
    http::Router& router, http::Method method, std::string pattern, std::string name,
    PublicHandler handler, std::optional<std::size_t> bodyBytesMax
)
{
    std::string route = name;
    router.add(
        { method, std::move(pattern), std::move(name), bodyBytesMax },
        [route = std::move(route), handler = std::move(handler)](const http::Request& request) {
            return answerOf(route, handler(request));
        }
    );
}

void addRoute(
    http::Router& router, const RouteContext& routes, http::Method method, std::string pattern,
    const std::string& name, CallerHandler handler, std::optional<std::size_t> bodyBytesMax
)
{
    addPublic(
        router, method, std::move(pattern), name,
        [context = routes.context, name,
         handler = std::move(handler)](const http::Request& request) -> ApiAnswer {
            QUITTANCE_TRY(const Principal principal, caller(context, request));
            QUITTANCE_CHECK(checkQuery(name, request));
            return handler(request, principal);
        },
        bodyBytesMax
    );
}

Api::Api(Context context, ApiOptions options)
    : m_context(context)
    , m_options(std::move(options))
    , m_metrics(std::make_unique<Metrics>())
    , m_router(problemForStatus)
{
    const RouteContext routes { m_context, m_options, m_events, *m_metrics };
    addSessionRoutes(m_router, routes);
    addAccountRoutes(m_router, routes);
    addBillRoutes(m_router, routes);
    addPeopleRoutes(m_router, routes);
    addPriceRoutes(m_router, routes);
    addUsageRoutes(m_router, routes);
    addSyncRoutes(m_router, routes);
    addServiceRoutes(m_router, routes);
}

Api::~Api() = default;

http::Response Api::handle(http::Request request) const
{
    return m_router.handle(std::move(request));
}

Result<std::int64_t> Api::publishChanges()
{
    const std::lock_guard lock(m_publishing);
    QUITTANCE_TRY(const std::int64_t last, sequenceJournal(m_context));
    if (m_published < 0)
        m_published = last;
    if (last == m_published)
        return last;
    JournalFilter filter;
    filter.after = m_published;
    QUITTANCE_TRY(
        const std::vector<JournalEntry> entries,
        m_context.database.read([&](database::Transaction& tx) { return readJournal(tx, filter); })
    );
    std::vector<std::optional<AccountId>> accounts;
    accounts.reserve(entries.size());
    for (const JournalEntry& entry : entries)
        accounts.emplace_back(entry.draft.account);
    if (!entries.empty())
        m_published = entries.back().seq;
    m_events.publish(accounts, m_published);
    return last;
}

void Api::observe(const http::AccessRecord& record)
{
    m_metrics->observe(record);
}

} // namespace quittance::backend
