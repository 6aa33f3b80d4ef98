#include "core/http/connection.h"

#include "core/http/event_stream.h"
#include "core/http/url.h"
#include "core/http/wire.h"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace quittance::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Socket = asio::ip::tcp::socket;
using TlsStream = asio::ssl::stream<Socket>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t readBytes = std::size_t { 8 } * 1024;
constexpr std::size_t sliceBytesMax = std::size_t { 256 } * 1024;
// A client that still sends while we refuse must be read for a while: a close with unread bytes in
// the socket is a reset, which can destroy the answer on its way.
constexpr std::chrono::milliseconds refusalLinger { 2'000 };
constexpr std::chrono::milliseconds answerLinger { 500 };
constexpr std::string_view heartbeatComment = ":\n\n";
constexpr std::string_view continueLine = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr unsigned httpVersion10 = 10;
constexpr unsigned httpVersion11 = 11;

Socket& socketOf(Socket& stream)
{
    return stream;
}

Socket& socketOf(TlsStream& stream)
{
    return stream.next_layer();
}

struct Refusal {
    int status;
    std::string_view detail;
};

enum class Phase : std::uint8_t {
    Opening,
    Idle,
    Header,
    Body,
    Running,
    Writing,
    Events,
    Lingering
};

bool isHttpError(const error_code& error)
{
    return error.category() == make_error_code(beast::http::error::bad_method).category();
}

Refusal refusalOf(const error_code& error)
{
    if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
        return { 431, "the request header is too large" };
    if (error == beast::http::error::body_limit)
        return { 413, "the request body is too large" };
    if (error == beast::http::error::bad_version)
        return { 505, "only HTTP/1.0 and HTTP/1.1 are spoken here" };
    return { 400, "the request is not well-formed HTTP" };
}

using Parser = beast::http::request_parser<beast::http::string_body>;

std::string text(beast::string_view view)
{
    return { view.data(), view.size() };
}

/// RFC 9112, 3.2: HTTP/1.1 has exactly one Host.
bool hasProperHost(const Parser::value_type& message)
{
    const auto hosts = message.count(beast::http::field::host);
    return hosts == 1 || (hosts == 0 && message.version() == httpVersion10);
}

/// Any coding but chunked is one that we could not undo, and two framings are how requests are
/// smuggled.
bool hasProperFraming(const Parser::value_type& message)
{
    if (message.count(beast::http::field::transfer_encoding) == 0)
        return true;
    return message.version() == httpVersion11
        && message.count(beast::http::field::transfer_encoding) == 1
        && message.count(beast::http::field::content_length) == 0
        && equalsIgnoringCase(text(message[beast::http::field::transfer_encoding]), "chunked");
}

std::optional<Refusal> checkMessage(const Parser::value_type& message)
{
    if (message.version() != httpVersion10 && message.version() != httpVersion11)
        return Refusal { 505, "only HTTP/1.0 and HTTP/1.1 are spoken here" };
    if (!hasProperHost(message))
        return Refusal { 400, "the request needs exactly one Host" };
    if (!hasProperFraming(message))
        return Refusal { 400, "the request has a Transfer-Encoding that is not just chunked" };
    const auto expectation = message.find(beast::http::field::expect);
    if (expectation != message.end()
        && !equalsIgnoringCase(text(expectation->value()), "100-continue"))
        return Refusal { 417, "only 100-continue can be expected" };
    return std::nullopt;
}

/// All of the request but its body.
std::optional<Refusal> readHead(const Parser::value_type& message, Request& request)
{
    const auto method = methodFromString(text(message.method_string()));
    if (!method)
        return Refusal { 501, "that method is not known here" };
    request.method = *method;
    auto target = parseTarget(text(message.target()));
    if (!target)
        return Refusal { 400, "the request target is not a well-formed path and query" };
    request.path = std::move(target->path);
    request.rawPath = std::move(target->rawPath);
    request.query = std::move(target->query);
    for (const auto& field : message)
        request.headers.add(text(field.name_string()), text(field.value()));
    return checkMessage(message);
}

Exchange exchangeOf(const Request& request, const Parser::value_type& message)
{
    return { .method = request.method,
             .chunkedAllowed = message.version() == httpVersion11,
             .keepAlive = message.keep_alive(),
             .gzipAccepted = acceptsGzip(request.headers.valueOr("Accept-Encoding", {})),
             .ifNoneMatch = std::string(request.headers.valueOr("If-None-Match", {})) };
}

/// Undoes what concerns the wire only: gzip of the body, and of the tags that we sent.
std::optional<Refusal> decode(Request& request, std::size_t bytesMax)
{
    for (const auto* const name : { "If-Match", "If-None-Match" }) {
        if (const auto tags = request.headers.find(name))
            request.headers.set(name, withoutGzipTags(*tags));
    }
    const auto coding = request.headers.valueOr("Content-Encoding", "identity");
    if (equalsIgnoringCase(coding, "identity"))
        return std::nullopt;
    if (!equalsIgnoringCase(coding, "gzip") && !equalsIgnoringCase(coding, "x-gzip"))
        return Refusal { 415, "of content encodings, only gzip is known here" };
    auto inflated = gunzip(request.body, bytesMax);
    if (!inflated && inflated.error().code == ErrorCode::TooLarge)
        return Refusal { 413, "the request body inflates to more than is allowed" };
    if (!inflated)
        return Refusal { 400, "the request body is not whole gzip data" };
    request.body = std::move(*inflated);
    request.headers.remove("Content-Encoding");
    request.headers.set("Content-Length", std::to_string(request.body.size()));
    return std::nullopt;
}

Response refuse(const ServerOptions& options, const Refusal& refusal)
{
    try {
        return options.failure(refusal.status, refusal.detail);
    } catch (const std::exception& exception) {
        spdlog::error("http: the failure hook threw: {}", exception.what());
        return plainFailure(refusal.status, refusal.detail);
    }
}

Response callHandler(const ServerCore& core, Request request)
{
    try {
        return core.handler(std::move(request));
    } catch (const std::exception& exception) {
        spdlog::error("http: a handler threw: {}", exception.what());
    } catch (...) {
        spdlog::error("http: a handler threw something that is no exception");
    }
    return refuse(core.options, { 500, "the request could not be answered" });
}

/// On a worker thread: from a request to the bytes of its answer.
Outgoing answer(const ServerCore& core, Request request, std::size_t bytesMax, Exchange exchange)
{
    const auto refusal = decode(request, bytesMax);
    auto response
        = refusal ? refuse(core.options, *refusal) : callHandler(core, std::move(request));
    exchange.keepAlive = exchange.keepAlive && !core.draining;
    return prepare(std::move(response), exchange, core.options.failure);
}

/// What a request was, when its answer is done.
struct Account {
    AccessRecord record;
    Clock::time_point started;
};

/// Stream: a plain socket, or TLS over one. One request at a time goes round:
/// awaitRequest -> readHeader -> readBody -> run (worker) -> write -> [pull (worker) -> write]...
/// -> finish. One timer watches the one thing that is waited for; when it fires, the pending
/// operation is cancelled, and its completion finds `m_timedOut`.
template <class Stream>
class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection<Stream>> {
public:
    template <class... TlsContext>
    StreamConnection(ServerCore& core, Socket socket, bool refused, TlsContext&... context)
        : m_core(core)
        , m_stream(std::move(socket), context...)
        , m_timer(core.io)
        , m_refused(refused)
    {
        error_code ignored;
        const auto remote = socketOf(m_stream).remote_endpoint(ignored);
        m_remoteAddress = remote.address().to_string();
        socketOf(m_stream).set_option(asio::ip::tcp::no_delay(true), ignored);
    }

    void start() override
    {
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            setDeadline(m_core.options.headerTimeout);
            m_stream.async_handshake(
                asio::ssl::stream_base::server,
                [self = self()](const error_code& error) {
                    if (error || self->m_closed)
                        self->close();
                    else
                        self->awaitRequest();
                }
            );
        } else {
            awaitRequest();
        }
    }

    void drain() override
    {
        if (m_phase == Phase::Idle)
            close();
        else if (m_events)
            m_events->close();
    }

    void abort() override
    {
        // Lingering for no time makes close a reset: a client without chunks could not tell an end
        // from a break.
        error_code ignored;
        socketOf(m_stream).set_option(asio::socket_base::linger(true, 0), ignored);
        close();
    }

private:
    auto self() { return this->shared_from_this(); }

    // ---- the watch

    void setDeadline(std::chrono::milliseconds timeout)
    {
        m_timedOut = false;
        const auto generation = ++m_deadlineGeneration;
        m_timer.expires_after(timeout);
        m_timer.async_wait([self = self(), generation](const error_code& error) {
            if (!error && generation == self->m_deadlineGeneration)
                self->onDeadline();
        });
    }

    void clearDeadline()
    {
        m_timedOut = false;
        ++m_deadlineGeneration;
        m_timer.cancel();
    }

    void onDeadline()
    {
        if (m_phase == Phase::Events && !m_writing)
            return sendPiece(framed(heartbeatComment));
        m_timedOut = true;
        if (m_phase == Phase::Header || m_phase == Phase::Body) {
            error_code ignored;
            socketOf(m_stream).cancel(ignored);
        } else if (m_phase == Phase::Writing || m_phase == Phase::Events) {
            abort();
        } else {
            close();
        }
    }

    // ---- reading

    void awaitRequest()
    {
        m_parser.emplace();
        m_parser->header_limit(static_cast<std::uint32_t>(m_core.options.headerBytesMax));
        m_parser->body_limit(boost::none
        ); // the limit depends on the route, so it is set behind the header
        m_request = {};
        m_exchange = {};
        m_account = {};
        m_account.record.remoteAddress = m_remoteAddress;
        if (m_buffer.size() > 0)
            return readHeader();
        m_phase = Phase::Idle;
        setDeadline(m_answered == 0 ? m_core.options.headerTimeout : m_core.options.idleTimeout);
        m_stream.async_read_some(
            m_buffer.prepare(readBytes),
            [self = self()](const error_code& error, std::size_t size) {
                if (error || self->m_closed)
                    return self->close();
                self->m_buffer.commit(size);
                self->readHeader();
            }
        );
    }

    void readHeader()
    {
        m_phase = Phase::Header;
        m_account.started = Clock::now();
        setDeadline(m_core.options.headerTimeout);
        beast::http::async_read_header(
            m_stream, m_buffer, *m_parser,
            [self = self()](const error_code& error, std::size_t) {
                if (error || self->m_closed)
                    self->readFailed(error);
                else
                    self->onHeader();
            }
        );
    }

    void readFailed(const error_code& error)
    {
        if (m_closed)
            return;
        if (m_timedOut)
            refuseRequest({ 408, "the request did not arrive in time" });
        else if (isHttpError(error) && error != beast::http::error::end_of_stream)
            refuseRequest(refusalOf(error));
        else
            close();
    }

    void onHeader()
    {
        clearDeadline();
        m_account.started = Clock::now();
        const auto& message = m_parser->get();
        const auto refusal = readHead(message, m_request);
        m_account.record.method = m_request.method;
        m_account.record.rawPath = m_request.rawPath;
        m_exchange.method = m_request.method;
        m_exchange.chunkedAllowed = message.version() != httpVersion10;
        if (refusal)
            return refuseRequest(*refusal);
        if (m_refused)
            return refuseRequest({ 503, "there are too many connections" });
        m_exchange = exchangeOf(m_request, message);
        m_request.remoteAddress = m_remoteAddress;
        m_request.secure = std::is_same_v<Stream, TlsStream>;
        m_bodyBytesMax = bodyBytesMax();
        if (m_parser->content_length().value_or(0) > m_bodyBytesMax)
            return refuseRequest({ 413, "the request body is too large" });
        m_parser->body_limit(m_bodyBytesMax);
        m_parser->eager(true);
        m_bodyReceived = 0;
        m_bodyStarted = Clock::now();
        m_phase = Phase::Body;
        if (message.find(beast::http::field::expect) != message.end() && m_buffer.size() == 0)
            return askForBody();
        readBody();
    }

    [[nodiscard]] std::size_t bodyBytesMax() const
    {
        const auto& options = m_core.options;
        std::optional<std::size_t> special;
        if (options.bodyBytesMax)
            special = options.bodyBytesMax(m_request.method, m_request.rawPath);
        return special.value_or(options.bodyBytesMaxDefault);
    }

    void askForBody()
    {
        setDeadline(m_core.options.writeTimeout);
        asio::async_write(
            m_stream, asio::buffer(continueLine),
            [self = self()](const error_code& error, std::size_t) {
                if (error || self->m_closed)
                    return self->close();
                self->readBody();
            }
        );
    }

    void readBody()
    {
        if (m_parser->is_done())
            return run();
        const auto earned = std::chrono::seconds(
            m_bodyReceived / std::max<std::size_t>(m_core.options.bodyBytesPerSecondMin, 1)
        );
        const auto deadline = m_bodyStarted + m_core.options.bodyTimeout + earned;
        setDeadline(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()));
        beast::http::async_read_some(
            m_stream, m_buffer, *m_parser,
            [self = self()](const error_code& error, std::size_t size) {
                if (error || self->m_closed)
                    return self->readFailed(error);
                self->m_bodyReceived += size;
                self->readBody();
            }
        );
    }

    // ---- answering

    void run()
    {
        clearDeadline();
        m_phase = Phase::Running;
        m_request.body = std::move(m_parser->get().body());
        m_parser.reset();
        asio::post(m_core.workers, [self = self(), request = std::move(m_request)]() mutable {
            if (self->m_closed)
                return;
            auto outgoing
                = answer(self->m_core, std::move(request), self->m_bodyBytesMax, self->m_exchange);
            asio::post(self->m_core.io, [self, made = std::move(outgoing)]() mutable {
                self->write(std::move(made));
            });
        });
    }

    /// For what no handler sees. The rest of the request is not read, so the connection ends behind
    /// the answer.
    void refuseRequest(const Refusal& refusal)
    {
        clearDeadline();
        m_exchange.keepAlive = false;
        m_unread = true;
        auto response = refuse(m_core.options, refusal);
        if (refusal.status == 503)
            response.headers.set("Retry-After", "1");
        write(prepare(std::move(response), m_exchange, m_core.options.failure));
    }

    void write(Outgoing outgoing)
    {
        m_producing = std::move(outgoing.stream);
        if (m_closed) {
            if (outgoing.events)
                outgoing.events->close();
            return releaseStream();
        }
        m_phase = Phase::Writing;
        m_account.record.status = outgoing.status;
        m_account.record.routeName = std::move(outgoing.routeName);
        m_head = std::move(outgoing.head);
        m_body = std::move(outgoing.body);
        m_bodyWritten = 0;
        m_chunked = outgoing.chunked;
        m_keepAlive = outgoing.keepAlive;
        m_pendingEvents = std::move(outgoing.events);
        writeSlice();
    }

    void writeSlice()
    {
        m_writing = true;
        const auto size = std::min(m_body.size() - m_bodyWritten, sliceBytesMax);
        const std::array<asio::const_buffer, 2> buffers {
            asio::buffer(m_head), asio::buffer(m_body.data() + m_bodyWritten, size)
        };
        setDeadline(m_core.options.writeTimeout);
        asio::async_write(
            m_stream, buffers,
            [self = self(), size](const error_code& error, std::size_t sent) {
                self->m_account.record.sentBytes += sent;
                self->m_writing = false;
                if (error || self->m_closed)
                    return self->close();
                self->m_head.clear();
                self->m_bodyWritten += size;
                if (self->m_bodyWritten < self->m_body.size())
                    return self->writeSlice();
                self->onWritten();
            }
        );
    }

    void sendPiece(std::string bytes)
    {
        m_body = std::move(bytes);
        m_bodyWritten = 0;
        writeSlice();
    }

    void onWritten()
    {
        std::string().swap(m_body); // an idle connection keeps no memory of its last answer
        if (m_phase == Phase::Events)
            return flushEvents();
        if (m_pendingEvents)
            return startEvents();
        if (m_producing)
            return pull();
        finish();
    }

    void pull()
    {
        clearDeadline();
        asio::post(m_core.workers, [self = self(), stream = m_producing]() mutable {
            if (self->m_closed)
                return;
            auto piece = stream->next();
            stream.reset();
            asio::post(self->m_core.io, [self, made = std::move(piece)]() mutable {
                self->onPiece(std::move(made));
            });
        });
    }

    void onPiece(Result<BodyStream::Piece> piece)
    {
        if (m_closed)
            return;
        if (!piece) {
            spdlog::error("http: a streamed answer broke off: {}", piece.error().detail);
            return abort();
        }
        if (piece->last)
            releaseStream();
        if (piece->bytes.empty())
            return onWritten();
        sendPiece(std::move(piece->bytes));
    }

    // What a producer holds may take time to let go of.
    void releaseStream()
    {
        if (m_producing)
            asio::post(m_core.workers, [stream = std::exchange(m_producing, nullptr)]() mutable {
                stream.reset();
            });
    }

    void finish()
    {
        clearDeadline();
        ++m_answered;
        report(true);
        if (m_keepAlive && !m_core.draining)
            awaitRequest();
        else
            closeGently();
    }

    void report(bool complete)
    {
        if (m_account.record.status == 0)
            return;
        ++m_core.requestCount;
        m_account.record.complete = complete;
        m_account.record.duration = std::chrono::duration_cast<std::chrono::microseconds>(
            Clock::now() - m_account.started
        );
        if (m_core.options.accessed)
            m_core.options.accessed(m_account.record);
        m_account.record.status = 0;
    }

    // ---- events

    [[nodiscard]] std::string framed(std::string_view bytes) const
    {
        return m_chunked ? chunk(bytes) : std::string(bytes);
    }

    void startEvents()
    {
        m_phase = Phase::Events;
        m_events = std::move(m_pendingEvents);
        ++m_core.eventStreamCount;
        EventStreamReader::attach(*m_events, [weak = this->weak_from_this(), &io = m_core.io] {
            asio::post(io, [weak] {
                if (const auto connection = weak.lock())
                    connection->onWake();
            });
        });
        if (m_core.draining)
            m_events->close();
        watchForLeaving();
        flushEvents();
    }

    // A write under way takes what waits when it is done. It may never be done where the client
    // does not read: then the stream runs over.
    void onWake()
    {
        if (!m_writing)
            return flushEvents();
        if (m_events && EventStreamReader::overflowed(*m_events))
            abort();
    }

    void flushEvents()
    {
        if (m_closed || !m_events)
            return;
        auto taken = EventStreamReader::take(*m_events);
        if (taken.overflowed)
            return abort();
        if (!taken.bytes.empty())
            return sendPiece(framed(taken.bytes));
        if (!taken.open)
            return endEvents();
        setDeadline(m_core.options.heartbeat);
    }

    void endEvents()
    {
        leaveEvents();
        m_phase = Phase::Writing;
        m_keepAlive = false;
        sendPiece(m_chunked ? std::string(lastChunk) : std::string());
    }

    void leaveEvents()
    {
        if (!m_events)
            return;
        EventStreamReader::detach(*m_events);
        m_events = nullptr;
        --m_core.eventStreamCount;
    }

    // Nothing more is expected of the client: whatever it sends is dropped, and its end ends the
    // stream.
    void watchForLeaving()
    {
        m_buffer.clear();
        m_stream.async_read_some(
            asio::buffer(m_dropped),
            [self = self()](const error_code& error, std::size_t) {
                if (self->m_closed || !self->m_events)
                    return;
                if (error || self->m_closed)
                    self->close();
                else
                    self->watchForLeaving();
            }
        );
    }

    // ---- closing

    void closeGently()
    {
        m_phase = Phase::Lingering;
        setDeadline(m_unread ? refusalLinger : answerLinger);
        if constexpr (std::is_same_v<Stream, TlsStream>)
            m_stream.async_shutdown([self = self()](const error_code&) {
                self->lingerAfterShutdown();
            });
        else
            lingerAfterShutdown();
    }

    void lingerAfterShutdown()
    {
        error_code error;
        socketOf(m_stream).shutdown(Socket::shutdown_send, error);
        if (error)
            return close();
        linger();
    }

    void linger()
    {
        socketOf(m_stream).async_read_some(
            asio::buffer(m_dropped),
            [self = self()](const error_code& error, std::size_t) {
                if (error || self->m_closed)
                    self->close();
                else
                    self->linger();
            }
        );
    }

    void close()
    {
        if (m_closed.exchange(true))
            return;
        clearDeadline();
        report(false);
        error_code ignored;
        socketOf(m_stream).close(ignored);
        leaveEvents();
        if (m_pendingEvents)
            m_pendingEvents->close();
        releaseStream();
        m_core.remove(self());
    }

    ServerCore& m_core;
    Stream m_stream;
    asio::steady_timer m_timer;
    beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    Request m_request;
    Exchange m_exchange;
    Account m_account;
    std::string m_remoteAddress;
    std::string m_head;
    std::string m_body;
    std::shared_ptr<BodyStream> m_producing;
    std::shared_ptr<EventStream> m_pendingEvents; // until the head is written
    std::shared_ptr<EventStream> m_events;
    std::array<char, 1024> m_dropped {};
    Clock::time_point m_bodyStarted;
    std::size_t m_bodyReceived = 0;
    std::size_t m_bodyBytesMax = 0;
    std::size_t m_bodyWritten = 0;
    std::uint64_t m_deadlineGeneration = 0;
    std::uint64_t m_answered = 0;
    Phase m_phase = Phase::Opening;
    bool m_refused;
    bool m_timedOut = false;
    bool m_unread = false; // the client may still be sending what we refused
    bool m_writing = false;
    bool m_chunked = false;
    bool m_keepAlive = false;
    std::atomic<bool> m_closed = false; // workers skip what nobody waits for
};

} // namespace

std::shared_ptr<Connection> makeConnection(ServerCore& core, Socket socket, bool refused)
{
    if (core.tls)
        return std::make_shared<StreamConnection<TlsStream>>(
            core, std::move(socket), refused, *core.tls
        );
    return std::make_shared<StreamConnection<Socket>>(core, std::move(socket), refused);
}

} // namespace quittance::http
