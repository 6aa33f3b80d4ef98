#pragma once

#include "core/http/message.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace quittance::http {

struct ClientOptions {
    std::chrono::milliseconds connectTimeout { 5'000 };
    std::chrono::milliseconds timeout { 30'000 }; ///< of a whole exchange; 0: none
    std::size_t bodyBytesMax = std::size_t { 8 } * 1024 * 1024; ///< of an answer, inflated
    std::string caFile; ///< PEM; empty: the system's
    std::string userAgent; ///< empty: no User-Agent
};

struct ClientRequest {
    Method method = Method::Get;
    std::string url {}; ///< http or https, absolute, percent-encoded
    Headers headers {};
    std::string body {}; ///< sent where not empty, and for POST, PUT and PATCH always
    std::chrono::milliseconds timeout { 0 }; ///< 0: that of the client
};

/// A blocking HTTP client. Any number of threads may use one at a time; connections are kept and
/// shared. It follows no redirects, and an answer of any status is an answer, not an error. TLS
/// peers are verified.
///
/// Errors: InvalidArgument (no such URL), Unavailable (no name, no connection, or it broke off: may
/// be tried again), Timeout, TooLarge, BadAnswer (not HTTP, not the encoding it says, or a
/// certificate that does not prove the host), Cancelled (by `onChunk`).
class Client {
public:
    /// Bytes of the body as they come, inflated; false ends the exchange.
    using OnChunk = std::function<bool(std::string_view bytes)>;

    explicit Client(ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    Client(Client&&) = delete;
    Client& operator=(Client&&) = delete;

    [[nodiscard]] Result<Response> send(const ClientRequest& request);

    /// The same, with the body given away piece by piece: no limit of size, and `Response::body`
    /// stays empty.
    [[nodiscard]] Result<Response> stream(const ClientRequest& request, const OnChunk& onChunk);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace quittance::http
