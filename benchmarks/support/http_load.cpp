#include "benchmarks/support/http_load.h"

#include "benchmarks/support/report.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <thread>
#include <vector>

namespace quittance::bench {

namespace {

/// One connection. Knows no more of HTTP than the answers that are asked for need: a product's
/// client would be measured with them.
class Connection {
public:
    explicit Connection(const Load& load)
        : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , m_request(fmt::format(
              "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n", load.path,
              load.authorization.empty() ? "" : "Authorization: " + load.authorization + "\r\n"
          ))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(load.port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): sockets are so.
        if (connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
            stop("no server answers on the port");
        const int on = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(m_socket); }

    /// The body of the next answer; valid until the next call.
    std::string_view exchange()
    {
        if (send(m_socket, m_request.data(), m_request.size(), MSG_NOSIGNAL)
            != static_cast<ssize_t>(m_request.size()))
            stop("the server closed the connection");
        m_answer.clear();
        std::size_t head = std::string::npos;
        while (head == std::string::npos) {
            receive();
            head = m_answer.find("\r\n\r\n");
        }
        constexpr std::string_view end = "\r\n\r\n";
        const std::size_t length = lengthIn(std::string_view(m_answer).substr(0, head));
        while (m_answer.size() < head + end.size() + length)
            receive();
        return std::string_view(m_answer).substr(head + end.size());
    }

private:
    void receive()
    {
        std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
        const ssize_t count = recv(m_socket, buffer.data(), buffer.size(), 0);
        if (count <= 0)
            stop("the server closed the connection");
        m_answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    static std::size_t lengthIn(std::string_view head)
    {
        constexpr std::string_view name = "Content-Length: ";
        const std::size_t at = head.find(name);
        if (!head.starts_with("HTTP/1.1 200") || at == std::string_view::npos)
            stop(fmt::format("unexpected answer: {}", head));
        std::size_t length = 0;
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
        return length;
    }

    int m_socket;
    std::string m_request;
    std::string m_answer;
};

} // namespace

LoadResult runLoad(const Load& load)
{
    using Clock = std::chrono::steady_clock;
    std::vector<std::int64_t> counts(static_cast<std::size_t>(load.connections));
    LoadResult result;
    result.body = Connection(load).exchange();
    const Clock::time_point begin = Clock::now();
    const auto enough = begin
        + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load.seconds));
    {
        std::vector<std::jthread> threads;
        threads.reserve(counts.size());
        for (std::int64_t& count : counts)
            threads.emplace_back([&load, &result, &count, enough] {
                Connection connection(load);
                for (; Clock::now() < enough; ++count)
                    if (connection.exchange().size() != result.body.size())
                        stop("the answers differ in length");
            });
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::int64_t requests = 0;
    for (const std::int64_t count : counts)
        requests += count;
    result.requestsPerSecond = static_cast<double>(requests) / seconds;
    return result;
}

} // namespace quittance::bench
