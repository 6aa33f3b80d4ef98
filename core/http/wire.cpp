#include "core/http/wire.h"

#include "core/http/event_stream.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <exception>
#include <utility>

namespace quittance::http {

namespace {

constexpr std::size_t gzipBytesMin = 1024; // below, the header of gzip costs more than it gains
constexpr std::string_view gzipTagEnd = "-gzip\"";
constexpr int firstFinalStatus = 200;

std::string_view trimmed(std::string_view text)
{
    const auto start = text.find_first_not_of(" \t");
    return start == std::string_view::npos
        ? std::string_view()
        : text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

/// Cuts the part before the separator off `rest`.
std::string_view cut(std::string_view& rest, char separator)
{
    const auto part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return trimmed(part);
}

/// RFC 9110, 12.4.2: "q=0", "q=0.", "q=0.000" refuse.
bool isRefused(std::string_view parameters)
{
    while (!parameters.empty()) {
        const auto parameter = cut(parameters, ';');
        if (equalsIgnoringCase(parameter.substr(0, 2), "q="))
            return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
    }
    return false;
}

bool hasContent(int status)
{
    return status >= firstFinalStatus && status != 204 && status != 304;
}

bool isStream(const Response& response)
{
    return !std::holds_alternative<std::monostate>(response.stream);
}

// A line break in a value would let whoever chose the value write headers of his own.
void appendHeader(std::string& head, std::string_view name, std::string_view value)
{
    head += name;
    head += ": ";
    for (const char letter : value)
        head += static_cast<unsigned char>(letter) < ' ' && letter != '\t' ? ' ' : letter;
    head += "\r\n";
}

/// Framing is decided here alone; a handler that names another one would break the connection.
bool isFraming(std::string_view name)
{
    static constexpr std::array<std::string_view, 6> framing {
        "Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type", "Keep-Alive"
    };
    return std::ranges::any_of(framing, [name](auto other) {
        return equalsIgnoringCase(name, other);
    });
}

std::string tagForGzip(std::string_view etag)
{
    if (etag.empty() || etag.back() != '"' || etag.ends_with(gzipTagEnd))
        return std::string(etag);
    return std::string(etag.substr(0, etag.size() - 1)).append(gzipTagEnd);
}

void markGzipped(Response& response)
{
    response.headers.set("Content-Encoding", "gzip");
    if (const auto etag = response.headers.find("ETag"))
        response.headers.set("ETag", tagForGzip(*etag));
}

// A 304 names the tag of the answer that the client holds.
void restoreTag(Response& response, const Exchange& exchange)
{
    const auto etag = response.headers.find("ETag");
    if (response.status != 304 || !etag)
        return;
    if (auto gzipTag = tagForGzip(*etag); exchange.ifNoneMatch.find(gzipTag) != std::string::npos)
        response.headers.set("ETag", std::move(gzipTag));
}

bool mayCompress(const Response& response)
{
    return hasContent(response.status) && isCompressible(response.contentType)
        && !std::holds_alternative<std::shared_ptr<EventStream>>(response.stream)
        && !response.headers.contains("Content-Encoding")
        && (isStream(response) || response.body.size() > gzipBytesMin);
}

std::string headOf(const Response& response, const Outgoing& outgoing)
{
    auto head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reasonPhrase(response.status));
    appendHeader(head, "Date", httpDate(std::chrono::system_clock::now()));
    if (!response.contentType.empty())
        appendHeader(head, "Content-Type", response.contentType);
    for (const auto& [name, value] : response.headers) {
        if (!isFraming(name))
            appendHeader(head, name, value);
    }
    if (outgoing.chunked)
        appendHeader(head, "Transfer-Encoding", "chunked");
    else if (!isStream(response) && hasContent(response.status))
        appendHeader(head, "Content-Length", std::to_string(response.body.size()));
    // HTTP/1.0 clients close unless told otherwise, HTTP/1.1 clients keep unless told otherwise:
    // saying it suits both.
    appendHeader(head, "Connection", outgoing.keepAlive ? "keep-alive" : "close");
    head += "\r\n";
    return head;
}

void fillBody(Outgoing& outgoing, Response& response)
{
    if (auto* const events = std::get_if<std::shared_ptr<EventStream>>(&response.stream))
        outgoing.events = std::move(*events);
    else if (!isStream(response) && hasContent(response.status))
        outgoing.body = std::move(response.body);
}

/// Nothing where the producer fails before its first byte.
std::optional<BodyStream::Piece> startStream(Outgoing& outgoing, Response& response, bool gzipped)
{
    auto* const producer = std::get_if<Producer>(&response.stream);
    if (producer == nullptr)
        return BodyStream::Piece { {}, true };
    auto stream = std::make_shared<BodyStream>(std::move(*producer), gzipped, outgoing.chunked);
    auto first = stream->next();
    if (!first) {
        spdlog::error("http: a streamed answer failed at its start: {}", first.error().detail);
        return std::nullopt;
    }
    if (!first->last)
        outgoing.stream = std::move(stream);
    return std::move(*first);
}

void dropStream(Response& response)
{
    if (auto* const events = std::get_if<std::shared_ptr<EventStream>>(&response.stream);
        events && *events)
        (*events)->close();
    response.stream = std::monostate();
}

Outgoing framingOf(const Response& response, const Exchange& exchange)
{
    const bool streamed = isStream(response);
    const bool events = std::holds_alternative<std::shared_ptr<EventStream>>(response.stream);
    Outgoing outgoing;
    outgoing.status = response.status;
    outgoing.routeName = response.routeName;
    outgoing.chunked = streamed && exchange.chunkedAllowed;
    // Without chunks the end of the connection is the end of the body; an event stream is the last
    // thing on its connection.
    outgoing.keepAlive = exchange.keepAlive && (!streamed || outgoing.chunked) && !events;
    return outgoing;
}

/// True where the body is to be sent as gzip; a body that is at hand is so already.
bool compress(Response& response, const Exchange& exchange)
{
    if (!mayCompress(response))
        return false;
    response.headers.add("Vary", "Accept-Encoding");
    if (!exchange.gzipAccepted)
        return false;
    markGzipped(response);
    if (!isStream(response))
        response.body = gzip(response.body);
    return true;
}

/// Nothing where a producer failed at its start.
std::optional<Outgoing> tryPrepare(Response& response, const Exchange& exchange)
{
    if (!hasContent(response.status))
        dropStream(response);
    auto outgoing = framingOf(response, exchange);
    restoreTag(response, exchange);
    const bool gzipped = compress(response, exchange);
    outgoing.head = headOf(response, outgoing);
    if (exchange.method == Method::Head) {
        dropStream(response);
        return outgoing;
    }
    auto first = startStream(outgoing, response, gzipped);
    if (!first)
        return std::nullopt;
    outgoing.body = std::move(first->bytes);
    fillBody(outgoing, response);
    return outgoing;
}

} // namespace

BodyStream::BodyStream(Producer producer, bool gzipped, bool chunked)
    : m_producer(std::move(producer))
    , m_chunked(chunked)
{
    if (gzipped)
        m_gzip.emplace();
}

Result<BodyStream::Piece> BodyStream::next()
{
    try {
        QUITTANCE_TRY(const auto bytes, m_producer());
        if (!bytes)
            return finish();
        auto encoded = m_gzip ? m_gzip->add(*bytes) : *bytes;
        return Piece { m_chunked ? chunk(encoded) : std::move(encoded), false };
    } catch (const std::exception& exception) {
        return failure(ErrorCode::Internal, exception.what());
    }
}

BodyStream::Piece BodyStream::finish()
{
    m_producer = {};
    auto tail = m_gzip ? m_gzip->finish() : std::string();
    if (m_chunked)
        tail = chunk(tail).append(lastChunk);
    return { std::move(tail), true };
}

Outgoing prepare(Response response, const Exchange& exchange, const FailureResponse& failure)
{
    if (auto outgoing = tryPrepare(response, exchange))
        return std::move(*outgoing);
    auto replacement = failure(500, "the answer could not be made");
    replacement.stream = std::monostate();
    replacement.routeName = response.routeName;
    return tryPrepare(replacement, exchange).value();
}

std::string chunk(std::string_view bytes)
{
    return bytes.empty() ? std::string() : fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

bool acceptsGzip(std::string_view acceptEncoding)
{
    std::optional<bool> any;
    while (!acceptEncoding.empty()) {
        auto offer = cut(acceptEncoding, ',');
        const auto coding = cut(offer, ';');
        if (equalsIgnoringCase(coding, "gzip") || equalsIgnoringCase(coding, "x-gzip"))
            return !isRefused(offer);
        if (coding == "*")
            any = !isRefused(offer);
    }
    return any.value_or(false);
}

bool isCompressible(std::string_view contentType)
{
    const auto type = cut(contentType, ';');
    static constexpr std::array<std::string_view, 6> types {
        "application/json",   "application/xml",  "application/x-ndjson",
        "application/ndjson", "application/yaml", "application/javascript"
    };
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml")
        || std::ranges::find(types, type) != types.end();
}

std::string withoutGzipTags(std::string_view etags)
{
    std::string plain(etags);
    for (auto at = plain.find(gzipTagEnd); at != std::string::npos; at = plain.find(gzipTagEnd, at))
        plain.erase(at, gzipTagEnd.size() - 1);
    return plain;
}

std::string httpDate(std::chrono::system_clock::time_point instant)
{
    static constexpr std::array days { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static constexpr std::array months { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    constexpr int firstYear = 1900;
    const auto seconds = std::chrono::system_clock::to_time_t(instant);
    std::tm utc {};
    gmtime_r(&seconds, &utc);
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(utc.tm_wday)),
        utc.tm_mday, months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + firstYear,
        utc.tm_hour, utc.tm_min, utc.tm_sec
    );
}

} // namespace quittance::http
