#include "core/http/gzip.h"
#include "tests/core/http/raw_client.h"
#include "tests/core/http/test_server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::http {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace std::string_literals;

Response echo(const Request& request)
{
    return Response::make(200, "text/plain", request.body);
}

bool answersStill(const Server& server)
{
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
    return bodyOf(client.readAnswer()) == "ok";
}

ServerOptions quick()
{
    ServerOptions options;
    options.headerTimeout = milliseconds(300);
    options.bodyTimeout = milliseconds(300);
    options.idleTimeout = milliseconds(300);
    options.writeTimeout = milliseconds(300);
    return options;
}

std::string postHead(std::string_view headers)
{
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n\r\n";
}

} // namespace

TEST_CASE("what is not HTTP is refused, and the connection closed")
{
    std::atomic<int> handled = 0;
    const auto server = serve([&handled](const Request& request) {
        ++handled;
        return echo(request);
    });
    struct Row {
        std::string bytes;
        int status;
    };
    const std::vector<Row> rows {
        { "\r\n\r\n", 400 },
        { "GET /\r\n\r\n", 400 },
        { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 505 },
        { " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\nHost: a\n\n", 505 },
        { "GET / HTTP/1.1\r\nHost: a\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s, 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
        { "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /?a=%1 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505 },
        { "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505 },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
        { "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
        { "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
        { "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
        { postHead("Content-Length: x"), 400 },
        { postHead("Content-Length: -1"), 400 },
        { postHead("Content-Length: +5"), 400 },
        { postHead("Content-Length: 0x5"), 400 },
        { postHead("Content-Length: 99999999999999999999"), 400 },
        { postHead("Content-Length: 5\r\nContent-Length: 6"), 400 },
        { postHead("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400 },
        { postHead("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400 },
        { postHead("Transfer-Encoding: gzip"), 400 },
        { postHead("Transfer-Encoding: gzip, chunked"), 400 },
        { postHead("Transfer-Encoding: chunked, chunked"), 400 },
        { postHead("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400 },
        { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { postHead("Transfer-Encoding: chunked") + "zz\r\n", 400 },
        { postHead("Transfer-Encoding: chunked") + "5\r\nhelloX", 400 },
        { postHead("Transfer-Encoding: chunked") + "fffffffffffffffff\r\n", 400 },
        { postHead("Expect: miracles\r\nContent-Length: 1"), 417 },
        { "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS hello"s, 400 },
        { std::string(100, '\0'), 400 },
    };
    for (const auto& row : rows) {
        CAPTURE(row.bytes);
        RawClient client(server->port());
        client.send(row.bytes);
        client.finishSending();
        const auto answer = client.readAll();
        CHECK(statusOf(answer) == row.status);
        CHECK(headerOf(answer, "Connection") == "close");
        CHECK(client.sawEnd());
    }
    CHECK(handled == 0);
    CHECK(answersStill(*server));
}

TEST_CASE("a request that is cut off anywhere is no request")
{
    std::atomic<int> handled = 0;
    const auto server = serve([&handled](const Request& request) {
        ++handled;
        return echo(request);
    });
    const auto whole = postHead("Content-Length: 5") + "hello";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        RawClient client(server->port());
        client.send(std::string_view(whole).substr(0, size));
        client.finishSending();
        const auto answer = client.readAll();
        CHECK(statusOf(answer) == (size == 0 ? 0 : 400));
        CHECK(client.sawEnd());
    }
    CHECK(handled == 0);
}

TEST_CASE("random bytes do no harm")
{
    const auto server = serve(echo, quick());
    std::mt19937 random(20240229); // NOLINT: the same bytes at every run
    const std::string_view start = "POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                   "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (int round = 0; round < 200; ++round) {
        std::string bytes(start);
        for (int flips = 0; flips < 1 + round % 4; ++flips)
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        RawClient client(server->port());
        client.send(bytes);
        client.finishSending();
        static_cast<void>(client.readAll());
        CHECK(client.sawEnd());
    }
    CHECK(answersStill(*server));
}

TEST_CASE("headers have a limit")
{
    const auto server = serve(echo);
    const std::string long20k(20000, 'a');
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += "X-" + std::to_string(i) + ": 1\r\n";
    for (const auto& bytes : {
             "GET /" + long20k + " HTTP/1.1\r\nHost: a\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: a\r\nX: " + long20k + "\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n",
             "GET / HTTP/1.1\r\nHost: a\r\nX: " + long20k, // its end never comes
             long20k,
         }) {
        CAPTURE(bytes.size());
        RawClient client(server->port());
        client.send(bytes);
        CHECK(statusOf(client.readUntil("\r\n\r\n")) == 431);
    }
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(15000, 'a') + "\r\n\r\n");
    CHECK(statusOf(client.readAnswer()) == 200);
}

TEST_CASE("bodies have a limit, however they come")
{
    ServerOptions options;
    options.bodyBytesMaxDefault = 100000;
    options.bodyBytesMax = [](Method, std::string_view path) {
        return path == "/small" ? std::optional<std::size_t>(10) : std::nullopt;
    };
    const auto server = serve(echo, options);
    const auto statusFor = [&](const std::string& bytes) {
        RawClient client(server->port());
        client.send(bytes);
        return statusOf(client.readUntil("\r\n\r\n"));
    };
    CHECK(statusFor(postHead("Content-Length: 100000") + std::string(100000, 'x')) == 200);
    CHECK(statusFor(postHead("Content-Length: 100001")) == 413);
    CHECK(statusFor(postHead("Content-Length: 9223372036854775807")) == 413);
    CHECK(statusFor("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n") == 413);
    CHECK(
        statusFor("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789") == 200
    );
    CHECK(
        statusFor(
            postHead("Transfer-Encoding: chunked") + "186a0\r\n" + std::string(100000, 'x')
            + "\r\n0\r\n\r\n"
        )
        == 200
    );
    CHECK(statusFor(postHead("Transfer-Encoding: chunked") + "186a1\r\n") == 413);
    std::string chunks = postHead("Transfer-Encoding: chunked");
    for (int i = 0; i < 11; ++i)
        chunks += "2710\r\n" + std::string(10000, 'x') + "\r\n";
    CHECK(statusFor(chunks) == 413);
}

TEST_CASE("a client that goes on sending what was refused still gets its answer")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send(postHead("Content-Length: 30000000"));
    const std::string block(100000, 'x');
    for (int i = 0; i < 20; ++i)
        client.send(block);
    CHECK(statusOf(client.readUntil("\r\n\r\n")) == 413);
}

TEST_CASE("packed bodies: a bomb, damage, and what nobody unpacks")
{
    const auto server = serve(echo);
    const auto answerTo = [&](std::string_view coding, const std::string& body) {
        RawClient client(server->port());
        client.send(
            postHead(
                "Content-Encoding: " + std::string(coding)
                + "\r\nContent-Length: " + std::to_string(body.size())
            )
            + body
        );
        return client.readAnswer();
    };
    CHECK(bodyOf(answerTo("gzip", gzip("hello"))) == "hello");
    CHECK(bodyOf(answerTo("identity", "hello")) == "hello");
    CHECK(statusOf(answerTo("gzip", gzip(std::string(1024UL * 1024, '0')))) == 200);
    const auto bomb = gzip(std::string(30'000'000, '0'));
    REQUIRE(bomb.size() < 1024UL * 1024);
    CHECK(statusOf(answerTo("gzip", bomb)) == 413);
    CHECK(statusOf(answerTo("gzip", "no gzip")) == 400);
    CHECK(statusOf(answerTo("gzip", gzip("hello").substr(0, 15))) == 400);
    CHECK(statusOf(answerTo("br", "hello")) == 415);
    CHECK(statusOf(answerTo("gzip, gzip", gzip(gzip("hello")))) == 415);
}

TEST_CASE("slow clients are closed in time")
{
    const auto server = serve(echo, quick());
    struct Row {
        std::string start; // sent at once
        std::string drip; // then this, again and again
        int status;
    };
    for (const auto& row : {
             Row { "", "", 0 }, // says nothing
             Row { "GET / HTTP/1.1\r\nHost: a\r\n", "", 408 },
             Row { "GET / HTTP/1.1\r\nHost: a\r\n", "X: 1\r\n", 408 },
             Row { "G", "E", 408 },
             Row { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", "", 408 },
             Row { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", "x", 408 },
             Row { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n",
                   408 },
             Row {
                 "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n",
                 "", 408 },
         }) {
        CAPTURE(row.start);
        CAPTURE(row.drip);
        const auto started = std::chrono::steady_clock::now();
        RawClient client(server->port());
        client.send(row.start);
        std::string answer;
        while (!client.sawEnd() && std::chrono::steady_clock::now() - started < seconds(8)) {
            client.send(row.drip);
            answer += client.readAll(milliseconds(20));
            if (statusOf(answer) == 408)
                break;
        }
        const auto taken = std::chrono::steady_clock::now() - started;
        CHECK(taken > milliseconds(200));
        CHECK(taken < seconds(5));
        const auto expected = answer.find("HTTP/1.1 408 ");
        CHECK((expected != std::string::npos) == (row.status == 408));
    }
    CHECK(eventually([&] { return server->statistics().connections == 0; }));
    CHECK(answersStill(*server));
}

TEST_CASE("200 slow clients are gone together, and others are served meanwhile")
{
    const auto server = serve(echo, quick());
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<RawClient>(server->port()));
        slow.back()->send("GET / HTTP/1.1\r\nX-Slow");
    }
    CHECK(answersStill(*server));
    for (const auto& client : slow) {
        CHECK(statusOf(client->readAll()) == 408);
        CHECK(client->sawEnd());
    }
}

TEST_CASE("a kept connection on which nothing comes is closed without a word")
{
    const auto server = serve(echo, quick());
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(statusOf(client.readAnswer()) == 200);
    CHECK(client.readAll(seconds(5)).empty());
    CHECK(client.sawEnd());
}

TEST_CASE("a large body that flows may take longer than the time-out of a stalled one")
{
    auto options = quick();
    options.bodyBytesPerSecondMin = 1000;
    const auto server = serve(echo, options);
    RawClient client(server->port());
    client.send(postHead("Content-Length: 10000"));
    for (int i = 0; i < 10; ++i) {
        client.send(std::string(1000, 'x'));
        std::this_thread::sleep_for(milliseconds(60));
    }
    CHECK(bodyOf(client.readAnswer()).size() == 10000);
}

TEST_CASE("a client that does not read its answer is closed in time")
{
    const auto server = serve(
        [](const Request&) {
            return Response::make(200, "image/png", std::string(50'000'000, 'x'));
        },
        quick()
    );
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(eventually([&] { return server->statistics().connections == 1; }));
    CHECK(eventually([&] { return server->statistics().connections == 0; }));
    CHECK(client.readAll().size() < 50'000'000);
}

TEST_CASE("connections have a limit, and who comes too late is told")
{
    ServerOptions options;
    options.connectionsMax = 2;
    const auto server = serve(echo, options);
    auto first = std::make_unique<RawClient>(server->port());
    const RawClient second(server->port());
    REQUIRE(eventually([&] { return server->statistics().connections == 2; }));
    RawClient third(server->port());
    third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = third.readAll();
    CHECK(statusOf(answer) == 503);
    CHECK(headerOf(answer, "Retry-After") == "1");
    CHECK(third.sawEnd());
    first.reset();
    REQUIRE(eventually([&] { return server->statistics().connections == 1; }));
    CHECK(answersStill(*server));

    std::vector<std::unique_ptr<RawClient>> flood;
    flood.reserve(200);
    for (int i = 0; i < 200; ++i)
        flood.push_back(std::make_unique<RawClient>(server->port()));
    CHECK(eventually([&] {
        return flood.back()->readAll(milliseconds(10)).empty() && flood.back()->sawEnd();
    }));
    CHECK(server->statistics().connections < 100);
}

TEST_CASE("refusals are worded by the owner's hook, and survive its fault")
{
    ServerOptions options;
    options.failure = [](int status, std::string_view detail) {
        if (status == 501)
            throw std::runtime_error("hook");
        return Response::make(
            status, "application/problem+json", "{\"detail\":\"" + std::string(detail) + "\"}"
        );
    };
    const auto server = serve(echo, options);
    RawClient client(server->port());
    client.send("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.readAll();
    CHECK(headerOf(answer, "Content-Type") == "application/problem+json");
    CHECK(bodyOf(answer).starts_with("{\"detail\":\""));
    RawClient other(server->port());
    other.send("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(statusOf(other.readAll()) == 501);
}

} // namespace quittance::http
