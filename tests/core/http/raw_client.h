#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace quittance::http {

/// A socket to a port of this machine that sends whatever bytes a test wants, well-formed or not.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient(RawClient&&) = delete;
    RawClient& operator=(RawClient&&) = delete;

    [[nodiscard]] bool isConnected() const { return m_socket >= 0; }
    bool send(std::string_view bytes) const; ///< false: the other side is gone
    void finishSending() const; ///< half-closes
    void reset(); ///< goes away without a good-bye

    /// Bytes until the other side closes, or until the time is over.
    [[nodiscard]] std::string readAll(std::chrono::milliseconds timeout = std::chrono::seconds(10));
    /// Bytes until the text is among them; what came behind it is kept for the next call.
    [[nodiscard]] std::string
    readUntil(std::string_view text, std::chrono::milliseconds timeout = std::chrono::seconds(10));
    /// One answer with a Content-Length, head and body.
    [[nodiscard]] std::string readAnswer();

    [[nodiscard]] bool sawEnd() const { return m_sawEnd; } ///< the other side closed, or reset

private:
    bool readMore(std::chrono::steady_clock::time_point deadline);

    int m_socket = -1;
    std::string m_received;
    bool m_sawEnd = false;
};

/// The status of an answer's first line; 0 where there is none.
[[nodiscard]] int statusOf(std::string_view answer);
[[nodiscard]] std::string_view bodyOf(std::string_view answer);
/// The value of the header, "" where it is absent. The name as the server writes it.
[[nodiscard]] std::string headerOf(std::string_view answer, std::string_view name);

} // namespace quittance::http
