#pragma once

#include "core/http/message.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::http {

using RouteHandler = std::function<Response(const Request&)>;

/// What is known of a route without calling it.
struct Route {
    Method method = Method::Get;
    std::string pattern; ///< "/shelves/{shelf}/books/{book}"
    std::string name; ///< "getBook": unique, stable, for logs, metrics and tests
    std::optional<std::size_t> bodyBytesMax; ///< nothing: the server's default
};

/// Finds the handler of a request by its path, segment by segment: a fixed segment goes before a
/// `{param}`, and a param is never empty. Segments are split before they are decoded, so %2F is
/// part of a value. HEAD is answered by GET's handler where it has none of its own. An unknown path
/// answers 404, a known one with another method 405 with `Allow`. Add all routes first; then any
/// number of threads may ask.
class Router {
public:
    explicit Router(FailureResponse failure = plainFailure);
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Asserts that the pattern is well formed and that method and pattern are not there yet.
    void add(Route route, RouteHandler handler);
    void add(Method method, std::string pattern, std::string name, RouteHandler handler);

    /// Takes the request by value to fill `Request::parameters`; sets `Response::routeName`.
    [[nodiscard]] Response handle(Request request) const;

    /// The body limit of a route, for `ServerOptions::bodyBytesMax`.
    [[nodiscard]] std::optional<std::size_t>
    bodyBytesMax(Method method, std::string_view rawPath) const;

    [[nodiscard]] std::vector<Route> routes() const; ///< in the order in which they were added

private:
    struct Node;
    struct Entry;
    struct Match;

    [[nodiscard]] Match match(std::string_view rawPath) const;
    [[nodiscard]] const Entry* entryFor(const Node& node, Method method) const;
    [[nodiscard]] Response refuseMethod(const Node& node) const;

    FailureResponse m_failure;
    std::unique_ptr<Node> m_root;
    std::vector<Entry> m_entries;
};

} // namespace quittance::http
