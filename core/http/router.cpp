#include "core/http/router.h"

#include "core/http/url.h"

#include <cassert>
#include <utility>

namespace quittance::http {

struct Router::Entry {
    Route route;
    RouteHandler handler;
    std::vector<std::string> parameterNames; // in the order of the path
};

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::map<Method, std::size_t> entries; // index into m_entries
};

struct Router::Match {
    const Node* node = nullptr;
    std::vector<std::string> values; // of the parameters, decoded
};

namespace {

/// "/a/b" -> "a", "b"; "/" -> ""; "/a/" -> "a", "".
std::vector<std::string_view> segmentsOf(std::string_view path)
{
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        segments.push_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

bool isParameter(std::string_view segment)
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::optional<std::vector<std::string>> decodedSegments(std::string_view rawPath)
{
    std::vector<std::string> decoded;
    for (const auto segment : segmentsOf(rawPath)) {
        auto text = percentDecode(segment);
        if (!text)
            return std::nullopt;
        decoded.push_back(std::move(*text));
    }
    return decoded;
}

} // namespace

Router::Router(FailureResponse failure)
    : m_failure(std::move(failure))
    , m_root(std::make_unique<Node>())
{
}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route, RouteHandler handler)
{
    assert(route.pattern.starts_with('/'));
    std::vector<std::string> names;
    Node* node = m_root.get();
    for (const auto segment : segmentsOf(route.pattern)) {
        auto& next = isParameter(segment) ? node->parameter : node->fixed[std::string(segment)];
        if (!next)
            next = std::make_unique<Node>();
        if (isParameter(segment))
            names.emplace_back(segment.substr(1, segment.size() - 2));
        node = next.get();
    }
    [[maybe_unused]] const bool isNew
        = node->entries.emplace(route.method, m_entries.size()).second;
    assert(isNew);
    m_entries.push_back({ std::move(route), std::move(handler), std::move(names) });
}

void Router::add(Method method, std::string pattern, std::string name, RouteHandler handler)
{
    add(Route { method, std::move(pattern), std::move(name), std::nullopt }, std::move(handler));
}

Router::Match Router::match(std::string_view rawPath) const
{
    if (!rawPath.starts_with('/')) // "*", of OPTIONS
        return {};
    const auto segments = decodedSegments(rawPath);
    if (!segments)
        return {};
    // Paths that were not tried yet, the most special last: a fixed segment may lead nowhere where
    // a parameter fits.
    struct Branch {
        const Node* node;
        std::size_t depth;
        std::vector<std::string> values;
    };
    std::vector<Branch> branches;
    branches.push_back({ m_root.get(), 0, {} });
    while (!branches.empty()) {
        auto [node, depth, values] = std::move(branches.back());
        branches.pop_back();
        if (depth == segments->size()) {
            if (!node->entries.empty())
                return { node, std::move(values) };
            continue;
        }
        const auto& segment = (*segments)[depth];
        if (node->parameter && !segment.empty()) {
            auto extended = values;
            extended.push_back(segment);
            branches.push_back({ node->parameter.get(), depth + 1, std::move(extended) });
        }
        if (const auto found = node->fixed.find(segment); found != node->fixed.end())
            branches.push_back({ found->second.get(), depth + 1, std::move(values) });
    }
    return {};
}

const Router::Entry* Router::entryFor(const Node& node, Method method) const
{
    auto found = node.entries.find(method);
    if (found == node.entries.end() && method == Method::Head)
        found = node.entries.find(Method::Get);
    return found == node.entries.end() ? nullptr : &m_entries[found->second];
}

Response Router::refuseMethod(const Node& node) const
{
    std::string allowed;
    const auto allow = [&allowed](Method method) {
        allowed += allowed.empty() ? "" : ", ";
        allowed += toString(method);
    };
    for (const auto& [method, index] : node.entries) {
        allow(method);
        if (method == Method::Get && !node.entries.contains(Method::Head))
            allow(Method::Head);
    }
    auto response = m_failure(405, "this resource does not know that method");
    response.headers.set("Allow", allowed);
    return response;
}

Response Router::handle(Request request) const
{
    auto [node, values] = match(request.rawPath);
    if (node == nullptr)
        return m_failure(404, "there is no such resource");
    const auto* const entry = entryFor(*node, request.method);
    if (entry == nullptr)
        return refuseMethod(*node);
    for (std::size_t i = 0; i < values.size(); ++i)
        request.parameters.add(entry->parameterNames[i], std::move(values[i]));
    auto response = entry->handler(request);
    response.routeName = entry->route.name;
    return response;
}

std::optional<std::size_t> Router::bodyBytesMax(Method method, std::string_view rawPath) const
{
    const auto found = match(rawPath);
    const auto* const entry = found.node == nullptr ? nullptr : entryFor(*found.node, method);
    return entry == nullptr ? std::nullopt : entry->route.bodyBytesMax;
}

std::vector<Route> Router::routes() const
{
    std::vector<Route> routes;
    routes.reserve(m_entries.size());
    for (const auto& entry : m_entries)
        routes.push_back(entry.route);
    return routes;
}

} // namespace quittance::http
