#include "core/http/event_stream.h"
#include "core/http/wire.h"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace quittance;
using namespace quittance::http;

namespace {

Producer pieces(std::vector<std::string> texts)
{
    return [texts = std::move(texts),
            at = std::size_t { 0 }]() mutable -> Result<std::optional<std::string>> {
        if (at == texts.size())
            return std::nullopt;
        return texts[at++];
    };
}

std::string allOf(BodyStream& stream)
{
    std::string bytes;
    for (;;) {
        const auto piece = stream.next().value();
        bytes += piece.bytes;
        if (piece.last)
            return bytes;
    }
}

Outgoing made(Response response, const Exchange& exchange = {})
{
    return prepare(std::move(response), exchange, plainFailure);
}

bool has(const Outgoing& outgoing, std::string_view line)
{
    return outgoing.head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

const Exchange gzipping { .gzipAccepted = true };

} // namespace

TEST_CASE("which clients take gzip")
{
    struct Row {
        std::string header;
        bool accepted;
    };
    for (const auto& row : {
             Row { "gzip", true },
             Row { "deflate, GZIP;q=0.5", true },
             Row { "x-gzip", true },
             Row { "*", true },
             Row { "gzip;q=1.0, *;q=0", true },
             Row { "gzip; q=0.001", true },
             Row { "gzip;q=0", false },
             Row { "gzip;q=0.000, *", false },
             Row { "*;q=0", false },
             Row { "identity", false },
             Row { "gzipped", false },
             Row { "", false },
             Row { ",;,", false },
         }) {
        CAPTURE(row.header);
        CHECK(acceptsGzip(row.header) == row.accepted);
    }
}

TEST_CASE("which content is worth packing")
{
    for (const auto* const type :
         { "text/csv", "application/json", "application/problem+json; charset=utf-8",
           "application/x-ndjson", "image/svg+xml" })
        CHECK(isCompressible(type));
    for (const auto* const type :
         { "application/pdf", "image/png", "application/zip", "", "application/jsonp" })
        CHECK_FALSE(isCompressible(type));
}

TEST_CASE("dates are written as the standard's own example")
{
    const std::chrono::system_clock::time_point instant { std::chrono::seconds(784111777) };
    CHECK(httpDate(instant) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("the head frames the body")
{
    const auto outgoing = made(Response::make(404, "text/plain", "gone"), { .keepAlive = true });
    CHECK(outgoing.head.starts_with("HTTP/1.1 404 Not Found\r\nDate: "));
    CHECK(has(outgoing, "Content-Length: 4"));
    CHECK(has(outgoing, "Connection: keep-alive"));
    CHECK(outgoing.body == "gone");
    CHECK(has(made(Response::empty(200)), "Content-Length: 0"));
    CHECK(has(made(Response::empty(200)), "Connection: close"));
}

TEST_CASE("answers without content have neither body nor length")
{
    for (const int status : { 204, 304 }) {
        auto response = Response::make(status, "", "should not be sent");
        response.stream = pieces({ "nor this" });
        const auto outgoing = made(std::move(response));
        CHECK(outgoing.body.empty());
        CHECK(outgoing.head.find("Content-Length") == std::string::npos);
        CHECK(outgoing.head.find("Transfer-Encoding") == std::string::npos);
        CHECK_FALSE(outgoing.stream);
    }
}

TEST_CASE("HEAD says what GET would say, without the body and without pulling")
{
    const Exchange head { .method = Method::Head };
    CHECK(has(made(Response::make(200, "text/plain", "12345"), head), "Content-Length: 5"));
    CHECK(made(Response::make(200, "text/plain", "12345"), head).body.empty());
    const auto streamed = made(
        Response::streamed(
            "text/plain",
            []() -> Result<std::optional<std::string>> { throw std::logic_error("was pulled"); }
        ),
        head
    );
    CHECK(streamed.status == 200);
    CHECK(has(streamed, "Transfer-Encoding: chunked"));
    const auto events = EventStream::create();
    CHECK(made(Response::events(events), head).status == 200);
    CHECK_FALSE(events->isOpen());
}

TEST_CASE("no header can be smuggled in, and framing is the server's")
{
    auto response = Response::make(200, "text/plain", "x");
    response.headers.add("X-Name", "a\r\nX-Evil: b");
    response.headers.add("Content-Length", "999");
    response.headers.add("transfer-encoding", "chunked");
    response.headers.add("Connection", "upgrade");
    const auto outgoing = made(std::move(response));
    CHECK(has(outgoing, "X-Name: a  X-Evil: b"));
    CHECK(has(outgoing, "Content-Length: 1"));
    CHECK(outgoing.head.find("999") == std::string::npos);
    CHECK(outgoing.head.find("chunked") == std::string::npos);
    CHECK(outgoing.head.find("upgrade") == std::string::npos);
}

TEST_CASE("large text is packed for who accepts it")
{
    const std::string text(5000, 'a');
    auto response = Response::make(200, "application/json", text);
    response.headers.set("ETag", "\"v1\"");
    const auto packed = made(response, gzipping);
    CHECK(has(packed, "Content-Encoding: gzip"));
    CHECK(has(packed, "Vary: Accept-Encoding"));
    CHECK(has(packed, "ETag: \"v1-gzip\""));
    CHECK(gunzip(packed.body, text.size()).value() == text);
    CHECK(has(packed, "Content-Length: " + std::to_string(packed.body.size())));

    const auto plain = made(response);
    CHECK(plain.body == text);
    CHECK(has(plain, "ETag: \"v1\""));
    CHECK(has(plain, "Vary: Accept-Encoding"));

    CHECK(
        made(Response::make(200, "application/json", std::string(1024, 'a')), gzipping).body.size()
        == 1024
    );
    CHECK(made(Response::make(200, "application/pdf", text), gzipping).body == text);
    response.headers.set("Content-Encoding", "br");
    CHECK(made(response, gzipping).body == text);
}

TEST_CASE("a tag that we changed is understood when it comes back")
{
    CHECK(withoutGzipTags("\"a-gzip\", W/\"b-gzip\", \"c\"") == "\"a\", W/\"b\", \"c\"");
    CHECK(withoutGzipTags("*") == "*");
    auto response = Response::empty(304);
    response.headers.set("ETag", "\"v1\"");
    CHECK(has(made(response, { .ifNoneMatch = "\"v1-gzip\"" }), "ETag: \"v1-gzip\""));
    CHECK(has(made(response, { .ifNoneMatch = "\"v1\"" }), "ETag: \"v1\""));
}

TEST_CASE("a stream is framed, packed, and ended")
{
    BodyStream plain(pieces({ "hello", "", "0123456789abcdef" }), false, true);
    CHECK(allOf(plain) == "5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
    BodyStream bare(pieces({ "a", "b" }), false, false);
    CHECK(allOf(bare) == "ab");
    BodyStream packed(pieces({ "a", "", "b" }), true, false);
    CHECK(gunzip(allOf(packed), 2).value() == "ab");
}

TEST_CASE("a stream without chunks ends with its connection")
{
    const auto outgoing = made(
        Response::streamed("text/plain", pieces({ "a" })),
        { .chunkedAllowed = false, .keepAlive = true }
    );
    CHECK(has(outgoing, "Connection: close"));
    CHECK_FALSE(outgoing.chunked);
    CHECK(outgoing.head.find("Content-Length") == std::string::npos);
}

TEST_CASE("a producer that fails at its start is a 500, later an error")
{
    const auto failing = [](int good) {
        return [good, calls = 0]() mutable -> Result<std::optional<std::string>> {
            if (calls++ < good)
                return "x";
            return failure(ErrorCode::StorageFull, "no");
        };
    };
    CHECK(made(Response::streamed("text/plain", failing(0))).status == 500);
    CHECK(
        made(Response::streamed(
                 "text/plain",
                 []() -> Result<std::optional<std::string>> { throw std::runtime_error("no"); }
             )
        ).status
        == 500
    );
    const auto outgoing = made(Response::streamed("text/plain", failing(1)));
    CHECK(outgoing.status == 200);
    REQUIRE(outgoing.stream);
    CHECK(outgoing.stream->next().error().code == ErrorCode::StorageFull);
}
