#include "tests/core/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace quittance::http {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view headEnd = "\r\n\r\n";

int number(std::string_view text)
{
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

RawClient::RawClient(std::uint16_t port)
    : m_socket(socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        close(std::exchange(m_socket, -1));
}

RawClient::~RawClient()
{
    if (m_socket >= 0)
        close(m_socket);
}

bool RawClient::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::finishSending() const
{
    shutdown(m_socket, SHUT_WR);
}

void RawClient::reset()
{
    const linger hard { 1, 0 };
    setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(std::exchange(m_socket, -1));
}

bool RawClient::readMore(Clock::time_point deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd watched { m_socket, POLLIN, 0 };
    if (left.count() <= 0 || poll(&watched, 1, static_cast<int>(left.count())) <= 0)
        return false;
    std::array<char, 65536> block {};
    const auto size = recv(m_socket, block.data(), block.size(), 0);
    m_sawEnd = size <= 0;
    if (size > 0)
        m_received.append(block.data(), static_cast<std::size_t>(size));
    return size > 0;
}

std::string RawClient::readAll(std::chrono::milliseconds timeout)
{
    const auto deadline = Clock::now() + timeout;
    while (readMore(deadline)) { }
    return std::exchange(m_received, {});
}

std::string RawClient::readUntil(std::string_view text, std::chrono::milliseconds timeout)
{
    const auto deadline = Clock::now() + timeout;
    for (;;) {
        if (const auto at = m_received.find(text); at != std::string::npos) {
            auto found = m_received.substr(0, at + text.size());
            m_received.erase(0, at + text.size());
            return found;
        }
        if (!readMore(deadline))
            return std::exchange(m_received, {});
    }
}

std::string RawClient::readAnswer()
{
    auto answer = readUntil(headEnd);
    const auto size = static_cast<std::size_t>(number(headerOf(answer, "Content-Length")));
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    while (m_received.size() < size && readMore(deadline)) { }
    const auto taken = std::min(size, m_received.size());
    answer += m_received.substr(0, taken);
    m_received.erase(0, taken);
    return answer;
}

int statusOf(std::string_view answer)
{
    constexpr std::string_view version = "HTTP/1.1 ";
    return answer.starts_with(version) ? number(answer.substr(version.size())) : 0;
}

std::string_view bodyOf(std::string_view answer)
{
    const auto at = answer.find(headEnd);
    return at == std::string_view::npos ? std::string_view() : answer.substr(at + headEnd.size());
}

std::string headerOf(std::string_view answer, std::string_view name)
{
    const auto head = answer.substr(0, answer.find(headEnd));
    const auto field = "\r\n" + std::string(name) + ": ";
    const auto at = head.find(field);
    if (at == std::string_view::npos)
        return {};
    const auto value = head.substr(at + field.size());
    return std::string(value.substr(0, value.find("\r\n")));
}

} // namespace quittance::http
