#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// HTTP/1.1 for both sides, without a word of any product: messages here, `Server`, `Router` and
/// `Client` beside. The source of every rule is RFC 9110 (semantics) and RFC 9112 (HTTP/1.1).
namespace quittance::http {

class EventStream;

/// The methods that a handler can be asked for; the server answers any other with 501 itself.
enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

[[nodiscard]] std::string_view toString(Method method); ///< "GET", "HEAD", ...
[[nodiscard]] std::optional<Method> methodFromString(std::string_view name
); ///< case matters: RFC 9110, 9.1

/// True where two texts are the same but for the case of ASCII letters.
[[nodiscard]] bool equalsIgnoringCase(std::string_view left, std::string_view right);

enum class NameCase : std::uint8_t { Sensitive, Insensitive };

/// Names with values in the order of the wire. A name may stand more than once. Made for a few
/// dozen entries.
template <NameCase nameCase> class Fields {
public:
    using Entry = std::pair<std::string, std::string>;

    Fields() = default;
    Fields(std::initializer_list<Entry> entries)
        : m_entries(entries)
    {
    }

    void add(std::string name, std::string value);
    void set(std::string_view name, std::string value); ///< replaces all of that name
    void remove(std::string_view name);

    /// The first value of that name; the view lives as long as the entry.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> findAll(std::string_view name) const;
    [[nodiscard]] std::string_view valueOr(std::string_view name, std::string_view fallback) const;
    [[nodiscard]] bool contains(std::string_view name) const { return find(name).has_value(); }

    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] auto begin() const { return m_entries.begin(); }
    [[nodiscard]] auto end() const { return m_entries.end(); }

    bool operator==(const Fields&) const = default;

private:
    std::vector<Entry> m_entries;
};

extern template class Fields<NameCase::Sensitive>;
extern template class Fields<NameCase::Insensitive>;

using Headers = Fields<NameCase::Insensitive>;
using NamedValues = Fields<NameCase::Sensitive>;

/// A whole request, as a handler gets it: read, bounded and, where it came with `Content-Encoding:
/// gzip`, inflated.
struct Request {
    Method method = Method::Get;
    std::string path = "/"; ///< percent-decoded, without query, starts with '/'
    std::string rawPath = "/"; ///< the same, still encoded: a '/' inside a segment stays %2F
    NamedValues query; ///< decoded, in the order of the wire
    NamedValues parameters; ///< the {param} segments, decoded: set by Router
    Headers headers;
    std::string body;
    std::string remoteAddress; ///< of the socket, without port: "127.0.0.1", "::1"
    bool secure = false; ///< came over TLS
};

/// The next piece of a long answer, nothing at the end, or an error, on which the connection is
/// broken off, so that the client cannot take half an answer for a whole one. It runs on a worker
/// thread, one call at a time, and only when the piece before was written: so memory stays flat,
/// whatever the client's speed. An error at the first call becomes a 500. It is destroyed on a
/// worker thread too, also when the client goes away.
using Producer = std::function<Result<std::optional<std::string>>()>;

/// An answer. Content-Length, Transfer-Encoding, Connection, Date, Vary and Content-Encoding are
/// the server's to set.
struct Response {
    int status = 200;
    Headers headers;
    std::string contentType; ///< empty: no Content-Type
    std::string body; ///< ignored where `stream` is set
    std::variant<std::monostate, Producer, std::shared_ptr<EventStream>> stream;
    std::string routeName; ///< of the route that answered, for logs and metrics: set by Router

    [[nodiscard]] static Response make(int status, std::string contentType, std::string body);
    [[nodiscard]] static Response empty(int status); ///< 204, 304, ...
    [[nodiscard]] static Response streamed(std::string contentType, Producer producer);
    [[nodiscard]] static Response events(std::shared_ptr<EventStream> events
    ); ///< text/event-stream
};

[[nodiscard]] std::string_view reasonPhrase(int status
); ///< "Not Found"; "" for a status it does not know

/// Makes the answer where no handler could: 400, 404, 405, 408, 413, 415, 417, 431, 500, 501, 503,
/// 505. `detail` is one plain English line, safe to show to the client. It can be called on any
/// thread of the server and must be quick.
using FailureResponse = std::function<Response(int status, std::string_view detail)>;

[[nodiscard]] Response
plainFailure(int status, std::string_view detail); ///< the default: text/plain

} // namespace quittance::http
