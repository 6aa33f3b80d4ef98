#include "core/http/client.h"
#include "core/http/etag.h"
#include "core/http/gzip.h"
#include "core/http/router.h"
#include "tests/core/http/certificate.h"
#include "tests/core/http/raw_client.h"
#include "tests/core/http/test_server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace quittance::http {

using testing::valueOf;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Response echo(const Request& request)
{
    auto response = Response::make(200, "text/plain", request.body);
    response.headers.set("X-Method", std::string(toString(request.method)));
    response.headers.set("X-Path", request.path);
    response.headers.set("X-Query", std::string(request.query.valueOr("q", "none")));
    response.headers.set("X-Remote", request.remoteAddress);
    return response;
}

std::string get(const std::string& target, const std::string& headers = {})
{
    return "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n";
}

std::string post(const std::string& body, const std::string& headers = {})
{
    return "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size())
        + "\r\n" + headers + "\r\n" + body;
}

} // namespace

TEST_CASE("a request reaches its handler whole, and the answer the client")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send("PUT /a%20b/c?q=1%262 HTTP/1.1\r\nhost: test\r\ncontent-length: 5\r\n\r\nhello");
    const auto answer = client.readAnswer();
    CHECK(statusOf(answer) == 200);
    CHECK(bodyOf(answer) == "hello");
    CHECK(headerOf(answer, "X-Method") == "PUT");
    CHECK(headerOf(answer, "X-Path") == "/a b/c");
    CHECK(headerOf(answer, "X-Query") == "1&2");
    CHECK(headerOf(answer, "X-Remote") == "127.0.0.1");
    CHECK(headerOf(answer, "Content-Type") == "text/plain");
}

TEST_CASE("a connection is kept for the next request, unless somebody wants its end")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/" + std::to_string(i)));
        CHECK(headerOf(client.readAnswer(), "X-Path") == "/" + std::to_string(i));
    }
    CHECK(server->statistics().connections == 1);
    SUBCASE("the client says so")
    {
        client.send(get("/last", "Connection: close\r\n"));
        const auto answer = client.readAll();
        CHECK(headerOf(answer, "X-Path") == "/last");
        CHECK(headerOf(answer, "Connection") == "close");
        CHECK(client.sawEnd());
    }
    SUBCASE("HTTP/1.0 closes by default")
    {
        client.send("GET /old HTTP/1.0\r\n\r\n");
        CHECK(headerOf(client.readAll(), "X-Path") == "/old");
        CHECK(client.sawEnd());
    }
    SUBCASE("HTTP/1.0 may ask to stay")
    {
        client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(headerOf(client.readAnswer(), "Connection") == "keep-alive");
        client.send(get("/more"));
        CHECK(statusOf(client.readAnswer()) == 200);
    }
}

TEST_CASE("requests that come all at once are answered in their order")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += i % 2 == 0 ? get("/" + std::to_string(i)) : post("body " + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 50; ++i) {
        const auto answer = client.readAnswer();
        if (i % 2 == 0)
            CHECK(headerOf(answer, "X-Path") == "/" + std::to_string(i));
        else
            CHECK(bodyOf(answer) == "body " + std::to_string(i));
    }
}

TEST_CASE("a request may come byte by byte")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    for (const char byte : post("hello"))
        client.send(std::string(1, byte));
    CHECK(bodyOf(client.readAnswer()) == "hello");
}

TEST_CASE("a chunked body is put together")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\nhello\r\n6;note=x\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n");
    CHECK(bodyOf(client.readAnswer()) == "hello world");
    client.send(get("/next"));
    CHECK(statusOf(client.readAnswer()) == 200);
}

TEST_CASE("a client that expects 100-continue is asked for its body")
{
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.readUntil("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    CHECK(bodyOf(client.readAnswer()) == "hello");
    SUBCASE("and refused before it sends too much")
    {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"
        );
        CHECK(statusOf(client.readAll()) == 413);
    }
}

TEST_CASE("HEAD has the head of GET and no body, and the connection goes on")
{
    const auto server
        = serve([](const Request&) { return Response::make(200, "text/plain", "12345"); });
    RawClient client(server->port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
    const auto head = client.readUntil("\r\n\r\n");
    CHECK(headerOf(head, "Content-Length") == "5");
    const auto answer = client.readAnswer();
    CHECK(statusOf(answer) == 200);
    CHECK(bodyOf(answer) == "12345");
}

TEST_CASE("a router behind the server")
{
    Router router;
    router.add(Method::Get, "/things/{thing}", "getThing", [](const Request& request) {
        return Response::make(
            200, "text/plain", std::string(request.parameters.valueOr("thing", {}))
        );
    });
    router.add(Route { Method::Post, "/things", "addThing", 10 }, echo);
    std::promise<AccessRecord> promise;
    ServerOptions options;
    options.bodyBytesMax = [&router](Method method, std::string_view path) {
        return router.bodyBytesMax(method, path);
    };
    options.accessed = [&promise, done = false](const AccessRecord& record) mutable {
        if (!std::exchange(done, true))
            promise.set_value(record);
    };
    const auto server
        = serve([&router](Request request) { return router.handle(std::move(request)); }, options);
    Client client;
    CHECK(valueOf(client.send({ .url = urlOf(*server, "/things/a%2Fb") })).body == "a/b");
    const auto record = promise.get_future().get();
    CHECK(record.routeName == "getThing");
    CHECK(record.rawPath == "/things/a%2Fb");
    CHECK(record.status == 200);
    CHECK(record.complete);
    CHECK(record.sentBytes > 3);

    const auto refused
        = valueOf(client.send({ .method = Method::Delete, .url = urlOf(*server, "/things/1") }));
    CHECK(refused.status == 405);
    CHECK(refused.headers.find("Allow") == "GET, HEAD");
    CHECK(valueOf(client.send({ .url = urlOf(*server, "/nothing") })).status == 404);
    const auto postOf = [&](std::string body) {
        return valueOf(client.send({ .method = Method::Post,
                                     .url = urlOf(*server, "/things"),
                                     .body = std::move(body) }))
            .status;
    };
    CHECK(postOf("0123456789") == 200);
    CHECK(postOf("0123456789a") == 413);
}

TEST_CASE("gzip in both directions")
{
    const auto server = serve([](const Request& request) {
        auto response = Response::make(200, "application/json", request.body);
        response.headers.set("ETag", strongETag(request.body));
        return response;
    });
    std::string text;
    while (text.size() < 100000)
        text += "{\"row\":" + std::to_string(text.size()) + "}\n";
    RawClient client(server->port());
    client.send(post(gzip(text), "Content-Encoding: gzip\r\nAccept-Encoding: gzip\r\n"));
    const auto answer = client.readAnswer();
    CHECK(headerOf(answer, "Content-Encoding") == "gzip");
    CHECK(bodyOf(answer).size() < text.size() / 2);
    CHECK(valueOf(gunzip(bodyOf(answer), text.size())) == text);

    client.send(post(gzip(text), "Content-Encoding: gzip\r\n"));
    CHECK(bodyOf(client.readAnswer()) == text);
}

TEST_CASE("a cached answer is found by its tag, packed or not")
{
    const auto server = serve([](const Request& request) {
        const std::string body(5000, 'x');
        const auto etag = strongETag(body);
        auto response = matchesIfNoneMatch(request.headers.valueOr("If-None-Match", {}), etag)
            ? Response::empty(304)
            : Response::make(200, "text/plain", body);
        response.headers.set("ETag", etag);
        return response;
    });
    RawClient client(server->port());
    for (const auto* const accept : { "Accept-Encoding: gzip\r\n", "" }) {
        CAPTURE(accept);
        client.send(get("/", accept));
        const auto etag = headerOf(client.readAnswer(), "ETag");
        client.send(get("/", accept + ("If-None-Match: " + etag + "\r\n")));
        const auto again = client.readAnswer();
        CHECK(statusOf(again) == 304);
        CHECK(headerOf(again, "ETag") == etag);
        CHECK(bodyOf(again).empty());
    }
}

TEST_CASE("a handler that throws is a 500, and the server goes on")
{
    const auto server = serve([](const Request& request) -> Response {
        if (request.path == "/exception")
            throw std::runtime_error("secret detail");
        if (request.path == "/other")
            throw 7; // NOLINT: what is no exception must be survived too
        return Response::make(200, "text/plain", "fine");
    });
    RawClient client(server->port());
    for (const auto* const path : { "/exception", "/other" }) {
        client.send(get(path));
        const auto answer = client.readAnswer();
        CHECK(statusOf(answer) == 500);
        CHECK(answer.find("secret") == std::string::npos);
    }
    client.send(get("/"));
    CHECK(bodyOf(client.readAnswer()) == "fine");
}

TEST_CASE("TLS")
{
    const TestCertificate certificate;
    ServerOptions options;
    options.certificateFile = certificate.certificateFile();
    options.privateKeyFile = certificate.privateKeyFile();
    std::atomic<bool> secure = false;
    const auto server = serve(
        [&secure](const Request& request) {
            secure = request.secure;
            return echo(request);
        },
        options
    );
    const auto url = "https://127.0.0.1:" + std::to_string(server->port()) + "/";
    SUBCASE("a client that trusts the certificate")
    {
        ClientOptions trusting;
        trusting.caFile = certificate.certificateFile();
        Client client(trusting);
        const std::string body(500000, 'b');
        for (int i = 0; i < 3; ++i)
            CHECK(
                valueOf(client.send({ .method = Method::Post, .url = url, .body = body })).body
                == body
            );
        CHECK(secure);
        CHECK(server->statistics().connections == 1);
        CHECK(
            valueOf(client.send(
                        { .method = Method::Post, .url = url, .body = std::string(2000000, 'b') }
                    ))
                .status
            == 413
        );
    }
    SUBCASE("a client that does not")
    {
        Client client;
        CHECK(client.send({ .url = url }).error().code == ErrorCode::BadAnswer);
    }
    SUBCASE("a client that speaks no TLS")
    {
        RawClient client(server->port());
        client.send(get("/"));
        CHECK(statusOf(client.readAll()) == 0);
        CHECK(client.sawEnd());
    }
    CHECK(eventually([&] { return server->statistics().connections == 0; }));
}

TEST_CASE("a server that cannot start says why")
{
    const auto codeOf = [](ServerOptions options) {
        return Server::start(std::move(options), echo).error().code;
    };
    ServerOptions options;
    options.address = "no-address";
    CHECK(codeOf(options) == ErrorCode::InvalidArgument);
    options = {};
    options.certificateFile = "/nonexistent/certificate.pem";
    options.privateKeyFile = "/nonexistent/key.pem";
    CHECK(codeOf(options) == ErrorCode::InvalidArgument);
    options = {};
    options.certificateFile = TestCertificate().certificateFile();
    CHECK(codeOf(options) == ErrorCode::InvalidArgument);
    const auto other = serve(echo);
    options = {};
    options.port = other->port();
    CHECK(codeOf(options) == ErrorCode::Unavailable);
}

TEST_CASE("64 clients at once, each with its own answers")
{
    const auto server = serve(echo);
    Client client;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    threads.reserve(64);
    for (int thread = 0; thread < 64; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 30; ++i) {
                const auto body
                    = std::to_string(thread) + ":" + std::to_string(i) + std::string(2000, 'x');
                const auto answer = client.send(
                    { .method = Method::Post, .url = urlOf(*server, "/"), .body = body }
                );
                wrong += answer && answer->status == 200 && answer->body == body ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
    // A client may have its answer before the server has noted that it is sent.
    CHECK(eventually([&] { return server->statistics().requests >= 64 * 30; }));
}

TEST_CASE("stop lets running requests end, and takes no more")
{
    std::promise<void> entered;
    std::promise<void> released;
    const auto server = serve([&](const Request&) {
        entered.set_value();
        released.get_future().wait();
        return Response::make(200, "text/plain", std::string(3000000, 'x'));
    });
    RawClient idle(server->port());
    RawClient busy(server->port());
    REQUIRE(eventually([&] { return server->statistics().connections == 2; }));
    busy.send(get("/"));
    entered.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { return server->stop(seconds(20)); });

    CHECK(idle.readAll().empty());
    CHECK(idle.sawEnd());
    CHECK_FALSE(RawClient(server->port()).isConnected());
    released.set_value();
    const auto answer = busy.readAll();
    CHECK(headerOf(answer, "Connection") == "close");
    CHECK(bodyOf(answer).size() == 3000000);
    CHECK(stopped.get());
    CHECK(server->stop(seconds(1)));
}

TEST_CASE("stop resets what does not end in time, when its handler is done")
{
    std::promise<void> entered;
    std::atomic<bool> ended = false;
    const auto server = serve([&](const Request&) {
        entered.set_value();
        std::this_thread::sleep_for(milliseconds(400));
        ended = true;
        return Response::make(200, "text/plain", "late");
    });
    RawClient client(server->port());
    client.send(get("/"));
    entered.get_future().wait();
    CHECK_FALSE(server->stop(milliseconds(50)));
    CHECK(ended);
    CHECK(client.readAll().empty());
    CHECK(client.sawEnd());
}

} // namespace quittance::http
