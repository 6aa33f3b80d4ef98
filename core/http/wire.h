#pragma once

#include "core/http/gzip.h"
#include "core/http/message.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Inside of core/http: the bytes of an answer, without sockets.
namespace quittance::http {

/// What of a request shapes the bytes of its answer.
struct Exchange {
    Method method = Method::Get;
    bool chunkedAllowed = true; ///< HTTP/1.1
    bool keepAlive = false;
    bool gzipAccepted = false;
    std::string ifNoneMatch {}; ///< as the client sent it
};

/// Frames what a producer makes. Used by one thread at a time.
class BodyStream {
public:
    struct Piece {
        std::string bytes; ///< may be empty: ask again
        bool last = false;
    };

    BodyStream(Producer producer, bool gzipped, bool chunked);

    /// Exceptions of the producer are Internal.
    [[nodiscard]] Result<Piece> next();

private:
    [[nodiscard]] Piece finish();

    Producer m_producer;
    std::optional<GzipStream> m_gzip;
    bool m_chunked;
};

/// An answer that is ready for the socket.
struct Outgoing {
    std::string head; ///< status line and header
    std::string body; ///< all of it, or the first piece of a stream
    std::shared_ptr<BodyStream> stream; ///< more pieces follow
    std::shared_ptr<EventStream> events;
    int status = 0;
    std::string routeName;
    bool chunked = false;
    bool keepAlive = false;
};

/// Pulls the first piece of a streamed answer, so call it where blocking is allowed.
[[nodiscard]] Outgoing
prepare(Response response, const Exchange& exchange, const FailureResponse& failure);

[[nodiscard]] std::string chunk(std::string_view bytes); ///< RFC 9112, 7.1; empty for no bytes
inline constexpr std::string_view lastChunk = "0\r\n\r\n";

[[nodiscard]] bool acceptsGzip(std::string_view acceptEncoding); ///< RFC 9110, 12.5.3
[[nodiscard]] bool isCompressible(std::string_view contentType);

/// "a", "b" of "a-gzip", "b-gzip", as the handler knows its tags.
[[nodiscard]] std::string withoutGzipTags(std::string_view etags);

[[nodiscard]] std::string httpDate(std::chrono::system_clock::time_point instant
); ///< RFC 9110, 5.6.7

} // namespace quittance::http
