#include "core/http/client.h"
#include "core/http/gzip.h"
#include "tests/core/http/test_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>

namespace quittance::http {

using testing::outcomeOf;
using testing::valueOf;

namespace {

using std::chrono::milliseconds;

/// Accepts one connection, reads a little, writes these bytes, and closes: a peer that answers
/// whatever it likes.
class Peer {
public:
    explicit Peer(std::string answer)
        : m_socket(socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(bind(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        listen(m_socket, 1);
        socklen_t size = sizeof address;
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this, text = std::move(answer)] { answerOnce(text); });
    }
    ~Peer()
    {
        m_thread.join();
        close(m_socket);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    Peer(Peer&&) = delete;
    Peer& operator=(Peer&&) = delete;

    [[nodiscard]] std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + "/";
    }

private:
    void answerOnce(const std::string& text) const
    {
        const int connection = accept(m_socket, nullptr, nullptr);
        std::string request(4096, '\0');
        static_cast<void>(recv(connection, request.data(), request.size(), 0));
        static_cast<void>(send(connection, text.data(), text.size(), MSG_NOSIGNAL));
        shutdown(connection, SHUT_WR);
        static_cast<void>(recv(connection, request.data(), request.size(), 0));
        close(connection);
    }

    int m_socket;
    std::uint16_t m_port = 0;
    std::thread m_thread;
};

} // namespace

TEST_CASE("every method goes over, with headers and body")
{
    const auto server = serve([](const Request& request) {
        auto response = Response::make(201, "text/plain; charset=utf-8", request.body);
        response.headers.set("X-Method", std::string(toString(request.method)));
        response.headers.set(
            "X-Key", std::string(request.headers.valueOr("Idempotency-Key", "none"))
        );
        response.headers.set(
            "X-Type", std::string(request.headers.valueOr("Content-Type", "none"))
        );
        response.headers.set("X-Expect", std::string(request.headers.valueOr("Expect", "none")));
        response.headers.set("X-Empty", request.headers.find("X-Empty") == "" ? "yes" : "no");
        return response;
    });
    Client client;
    for (const auto method : { Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch,
                               Method::Delete, Method::Options }) {
        CAPTURE(std::string(toString(method)));
        const bool sends = method != Method::Get && method != Method::Head;
        const auto answer = valueOf(client.send(
            { .method = method,
              .url = urlOf(*server, "/"),
              .headers
              = { { "Idempotency-Key", "k 1" }, { "Content-Type", "a/b" }, { "X-Empty", "" } },
              .body = sends ? std::string(5000, 'x') : std::string() }
        ));
        CHECK(answer.status == 201);
        CHECK(answer.contentType == "text/plain; charset=utf-8");
        CHECK(answer.headers.find("x-method") == toString(method));
        CHECK(answer.headers.find("X-Key") == "k 1");
        CHECK(answer.headers.find("X-Type") == "a/b");
        CHECK(answer.headers.find("X-Expect") == "none");
        CHECK(answer.headers.find("X-Empty") == "yes");
        CHECK(answer.body == (sends ? std::string(5000, 'x') : std::string()));
    }
    const auto empty = valueOf(client.send({ .method = Method::Post, .url = urlOf(*server, "/") }));
    CHECK(empty.headers.find("X-Type") == "none");
    CHECK(server->statistics().connections == 1);
}

TEST_CASE("what peers can do wrong has its own error")
{
    struct Row {
        std::string answer;
        std::string outcome;
    };
    for (const auto& row : {
             Row { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok" },
             Row { "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "ok" },
             Row { "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 "
                   "OK\r\nContent-Length: 2\r\n\r\nok",
                   "ok" },
             Row { "", "unavailable" },
             Row { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "unavailable" },
             Row { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "unavailable" },
             Row { "garbage\r\n\r\n", "bad-answer" },
             Row { "<html>not http at all</html>", "bad-answer" },
             Row { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
                   "bad-answer" },
         }) {
        CAPTURE(row.answer);
        const Peer peer(row.answer);
        Client client;
        const auto answer = client.send({ .url = peer.url() });
        CHECK(outcomeOf(answer) == row.outcome);
        if (answer)
            CHECK_FALSE(answer->headers.contains("X-Interim"));
    }
}

TEST_CASE("nobody there, or nothing that could be there")
{
    Client client;
    std::uint16_t port = 0;
    {
        port = serve([](const Request&) { return Response::empty(204); })->port();
    }
    CHECK(
        outcomeOf(client.send({ .url = "http://127.0.0.1:" + std::to_string(port) + "/" }))
        == "unavailable"
    );
    CHECK(outcomeOf(client.send({ .url = "ftp://127.0.0.1/" })) == "invalid-argument");
    CHECK(outcomeOf(client.send({ .url = "file:///etc/hostname" })) == "invalid-argument");
    CHECK(outcomeOf(client.send({ .url = "" })) == "invalid-argument");
    CHECK(
        outcomeOf(client.send({ .url = "http://127.0.0.1/", .headers = { { "A", "b\r\nC: d" } } }))
        == "invalid-argument"
    );
}

TEST_CASE("a slow answer is a time-out, and redirects are answers")
{
    const auto server = serve([](const Request& request) {
        if (request.path == "/slow")
            std::this_thread::sleep_for(milliseconds(500));
        auto response = Response::empty(302);
        response.headers.set("Location", "/elsewhere");
        return response;
    });
    Client client;
    CHECK(
        outcomeOf(client.send({ .url = urlOf(*server, "/slow"), .timeout = milliseconds(100) }))
        == "timeout"
    );
    const auto redirected = valueOf(client.send({ .url = urlOf(*server, "/") }));
    CHECK(redirected.status == 302);
    CHECK(redirected.headers.find("Location") == "/elsewhere");
}

TEST_CASE("answers have a limit, also when they are packed")
{
    const auto server = serve([](const Request& request) {
        return Response::make(
            200, "text/plain", std::string(request.path == "/fits" ? 100000 : 100001, 'x')
        );
    });
    ClientOptions options;
    options.bodyBytesMax = 100000;
    Client client(options);
    CHECK(valueOf(client.send({ .url = urlOf(*server, "/fits") })).body.size() == 100000);
    CHECK(outcomeOf(client.send({ .url = urlOf(*server, "/") })) == "too-large");
    std::size_t pieces = 0;
    const auto stop = [&pieces](std::string_view) { return ++pieces < 2; };
    CHECK(outcomeOf(client.stream({ .url = urlOf(*server, "/") }, stop)) == "cancelled");
    CHECK(pieces == 2);
}

} // namespace quittance::http
