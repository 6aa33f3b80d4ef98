#pragma once

#include "core/http/message.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace quittance::http {

using Handler = std::function<Response(Request)>;

/// One answered request, for access logs and metrics.
struct AccessRecord {
    Method method = Method::Get; ///< Get also where the request line could not be read
    std::string rawPath; ///< empty where the request line could not be read
    std::string routeName; ///< "" where no route answered
    std::string remoteAddress;
    int status = 0;
    std::uint64_t sentBytes = 0; ///< as they went into the socket, before TLS
    std::chrono::microseconds duration {}; ///< from the end of the header to the end of the answer
    bool complete = true; ///< false: the client left, or was too slow, before the last byte
};

struct ServerOptions {
    std::string address = "127.0.0.1"; ///< numeric, or "localhost"
    std::uint16_t port = 0; ///< 0: any free one; ask `Server::port`
    std::string certificateFile; ///< PEM chain; set it and the key for TLS (1.2 or newer)
    std::string privateKeyFile; ///< PEM

    std::size_t workers = 0; ///< threads that run handlers; 0: two a processor, at least four
    std::size_t connectionsMax = 1000; ///< more are answered 503; far more are closed unread

    std::size_t headerBytesMax
        = std::size_t { 16 } * 1024; ///< request line and header; over it 431
    std::size_t bodyBytesMaxDefault = std::size_t { 1024 } * 1024; ///< over it 413
    /// The limit of a body as it arrives and, again, as it is inflated; nothing: the default.
    /// Called on the I/O thread.
    std::function<std::optional<std::size_t>(Method, std::string_view rawPath)> bodyBytesMax;

    /// From the first byte of a request (or from accepting, for the TLS handshake and the first
    /// byte) to the end of its header; over it 408, or silence where not one byte came.
    std::chrono::milliseconds headerTimeout { 10'000 };
    /// For a body; a client gets one more second for each `bodyBytesPerSecondMin` that arrived.
    /// Over it 408.
    std::chrono::milliseconds bodyTimeout { 20'000 };
    std::size_t bodyBytesPerSecondMin = std::size_t { 16 } * 1024;
    std::chrono::milliseconds idleTimeout { 60'000 }; ///< between two requests of a connection
    std::chrono::milliseconds writeTimeout {
        20'000
    }; ///< for each 256 KiB, and for each piece of a stream
    std::chrono::milliseconds heartbeat { 15'000 }; ///< of an event stream on which nothing happens

    FailureResponse failure = plainFailure;
    std::function<void(const AccessRecord&)> accessed; ///< on the I/O thread: be quick
};

struct ServerStatistics {
    std::size_t connections = 0;
    std::size_t eventStreams = 0;
    std::uint64_t requests = 0; ///< answered since the start
};

/// An HTTP/1.1 server: sockets on one thread, handlers on a pool, so a handler may block. One
/// request of a connection is worked on at a time; pipelined ones wait in the socket. Answers over
/// 1 KiB and streams are sent as gzip to a client that accepts it, where the content type is text
/// of some kind; their ETag then ends in "-gzip" (RFC 9110, 8.8.3.3), which the server takes off
/// again before a handler sees If-Match or If-None-Match. A handler that throws answers 500.
class Server {
public:
    /// Unavailable: the address cannot be had; InvalidArgument: address, certificate or key is not
    /// one.
    [[nodiscard]] static Result<std::unique_ptr<Server>>
    start(ServerOptions options, Handler handler);

    ~Server(); ///< stops without waiting for clients
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerStatistics statistics() const;

    /// Accepts no more, closes idle connections and event streams, and lets running requests and
    /// streamed answers end for up to `drain`; what is left then is reset. Returns when no handler
    /// runs any more: a handler cannot be killed. Any thread may call it, but no handler. True:
    /// everything ended by itself.
    bool stop(std::chrono::milliseconds drain);

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace quittance::http
