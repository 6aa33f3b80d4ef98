#include "backend/api/api.h"

#include "backend/api/metrics.h"
#include "backend/api/problems.h"
#include "backend/api/routes.h"
#include "backend/journal/journal.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace quittance::backend {

namespace {

http::Response answerOf(std::string_view route, ApiAnswer answer)
{
    if (answer)
        return std::move(*answer);
    constexpr int firstServerError = 500;
    if (httpStatus(answer.error().code) >= firstServerError)
        spdlog::error("{}: {} ({})", route, answer.error().detail, wireName(answer.error().code));
    return problem(answer.error());
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
    std::string name, CallerHandler handler, std::optional<std::size_t> bodyBytesMax
)
{
    addPublic(
        router, method, std::move(pattern), std::move(name),
        [context = routes.context,
         handler = std::move(handler)](const http::Request& request) -> ApiAnswer {
            QUITTANCE_TRY(const Principal principal, caller(context, request));
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
