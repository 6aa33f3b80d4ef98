#include "core/http/client.h"
#include "core/http/event_stream.h"
#include "core/http/gzip.h"
#include "tests/core/http/raw_client.h"
#include "tests/core/http/test_server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace quittance::http {

using testing::valueOf;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view streamRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// What a producer did; `alive` counts the producers that were not let go of yet.
struct Tally {
    std::atomic<int> pulled = 0;
    std::atomic<int> alive = 0;
};

struct Alive {
    Tally& tally;
    explicit Alive(Tally& counted)
        : tally(counted)
    {
        ++tally.alive;
    }
    ~Alive() { --tally.alive; }
    Alive(const Alive&) = delete;
    Alive& operator=(const Alive&) = delete;
    Alive(Alive&&) = delete;
    Alive& operator=(Alive&&) = delete;
};

Producer blocks(Tally& tally, int count, std::size_t blockBytes)
{
    return [alive = std::make_shared<Alive>(tally), count, blockBytes,
            made = 0]() mutable -> Result<std::optional<std::string>> {
        if (made == count)
            return std::nullopt;
        ++made;
        ++alive->tally.pulled;
        return std::string(blockBytes, static_cast<char>('a' + made % 26));
    };
}

/// Waits until nothing was pulled for a while.
int pulledAtRest(const Tally& tally)
{
    int before = -1;
    while (before != tally.pulled) {
        before = tally.pulled;
        std::this_thread::sleep_for(milliseconds(200));
    }
    return before;
}

/// A server whose every answer is an event stream, and the streams that it gave.
class EventServer {
public:
    explicit EventServer(
        ServerOptions options = {}, std::size_t queueBytesMax = EventStream::queueBytesMaxDefault
    )
        : m_server(serve(
            [this, queueBytesMax](const Request&) {
                auto stream = EventStream::create(queueBytesMax);
                const std::scoped_lock lock(m_mutex);
                m_streams.push_back(stream);
                return Response::events(stream);
            },
            std::move(options)
        ))
    {
    }

    [[nodiscard]] Server& server() const { return *m_server; }

    /// The stream of a client that has read the head of its answer.
    [[nodiscard]] std::shared_ptr<EventStream> connect(RawClient& client)
    {
        client.send(streamRequest);
        m_head = client.readUntil("\r\n\r\n");
        REQUIRE(statusOf(m_head) == 200);
        REQUIRE(eventually([this] { return m_server->statistics().eventStreams > 0; }));
        const std::scoped_lock lock(m_mutex);
        return m_streams.back();
    }
    [[nodiscard]] const std::string& head() const { return m_head; }

private:
    std::mutex m_mutex;
    std::vector<std::shared_ptr<EventStream>> m_streams;
    std::string m_head;
    std::unique_ptr<Server> m_server;
};

} // namespace

TEST_CASE("a produced answer arrives whole, chunked, and the connection goes on")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("application/octet-stream", blocks(tally, 40, 100000));
    });
    Client client;
    for (int i = 0; i < 2; ++i) {
        const auto answer = valueOf(client.send({ .url = urlOf(*server, "/") }));
        CHECK(answer.body.size() == 4000000);
        CHECK(answer.headers.find("Transfer-Encoding") == "chunked");
    }
    CHECK(server->statistics().connections == 1);
    CHECK(eventually([&] { return tally.alive == 0; }));
}

TEST_CASE("a produced text is packed as it goes")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("text/csv", blocks(tally, 5, 100000));
    });
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    CHECK(client.readAll().size() < 10000);
    std::size_t size = 0;
    Client unpacking;
    const auto answer
        = valueOf(unpacking.stream({ .url = urlOf(*server, "/") }, [&size](std::string_view bytes) {
              size += bytes.size();
              return true;
          }));
    CHECK(answer.headers.find("Content-Encoding") == "gzip");
    CHECK(answer.body.empty());
    CHECK(size == 500000);
}

TEST_CASE("a piece reaches the client before the next one is made")
{
    std::promise<void> sawFirst;
    const auto server = serve([&](const Request&) {
        return Response::streamed(
            "text/plain",
            [waiting = std::make_shared<std::future<void>>(sawFirst.get_future()),
             made = 0]() mutable -> Result<std::optional<std::string>> {
                if (++made == 2)
                    waiting->wait();
                return made == 1 ? std::optional<std::string>("first")
                    : made == 2  ? std::optional<std::string>("second")
                                 : std::nullopt;
            }
        );
    });
    RawClient client(server->port());
    client.send(streamRequest);
    CHECK(client.readUntil("first").ends_with("5\r\nfirst"));
    sawFirst.set_value();
    CHECK(client.readUntil("0\r\n\r\n") == "\r\n6\r\nsecond\r\n0\r\n\r\n");
}

TEST_CASE("a client of HTTP/1.0 gets the bytes bare")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("text/plain", blocks(tally, 3, 2));
    });
    RawClient client(server->port());
    client.send("GET / HTTP/1.0\r\n\r\n");
    CHECK(bodyOf(client.readAll()) == "bbccdd");
    CHECK(client.sawEnd());
}

TEST_CASE("nothing is produced ahead of a client that does not read")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("image/png", blocks(tally, 1000, 100000));
    });
    RawClient client(server->port());
    client.send(streamRequest);
    CHECK(pulledAtRest(tally) < 500); // what the sockets of both sides hold
    std::size_t size = 0;
    while (!client.readUntil("\r\n0\r\n\r\n", milliseconds(500)).ends_with("\r\n0\r\n\r\n"))
        ++size;
    CHECK(tally.pulled == 1000);
}

TEST_CASE("a client that stops reading a produced answer is let go of")
{
    Tally tally;
    ServerOptions options;
    options.writeTimeout = milliseconds(300);
    const auto server = serve(
        [&](const Request&) {
            return Response::streamed("image/png", blocks(tally, 1000, 100000));
        },
        options
    );
    RawClient client(server->port());
    client.send(streamRequest);
    REQUIRE(eventually([&] { return tally.alive == 1; }));
    CHECK(eventually([&] { return tally.alive == 0 && server->statistics().connections == 0; }));
    CHECK(tally.pulled < 1000);
}

TEST_CASE("a producer that fails half-way breaks the answer off")
{
    const auto server = serve([](const Request&) {
        return Response::streamed(
            "text/plain",
            [made = 0]() mutable -> Result<std::optional<std::string>> {
                if (++made > 3)
                    return failure(ErrorCode::StorageFull, "no");
                return std::string(1000, 'x');
            }
        );
    });
    Client client;
    CHECK(client.send({ .url = urlOf(*server, "/") }).error().code == ErrorCode::Unavailable);
    RawClient raw(server->port());
    raw.send(streamRequest);
    const auto bytes = raw.readAll();
    CHECK(bytes.find("\r\n0\r\n") == std::string::npos);
    CHECK(raw.sawEnd());
    Client second;
    CHECK(second.send({ .url = urlOf(*server, "/") }).error().code == ErrorCode::Unavailable);
}

TEST_CASE("clients that go away in the middle of an answer, a hundred times")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("text/plain", blocks(tally, 2000, 50000));
    });
    for (int round = 0; round < 100; ++round) {
        RawClient client(server->port());
        client.send(
            round % 3 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
                           : streamRequest
        );
        if (round % 4 != 0)
            static_cast<void>(client.readUntil("\r\n\r\n"));
        if (round % 4 == 2)
            static_cast<void>(client.readUntil("bcd", milliseconds(3)));
        if (round % 2 == 0)
            client.reset();
    }
    CHECK(eventually([&] { return tally.alive == 0 && server->statistics().connections == 0; }));
    RawClient client(server->port());
    client.send(streamRequest);
    CHECK(statusOf(client.readUntil("\r\n\r\n")) == 200);
}

TEST_CASE("events are pushed to whoever listens, in order")
{
    EventServer events;
    RawClient client(events.server().port());
    const auto stream = events.connect(client);
    CHECK(headerOf(events.head(), "Content-Type") == "text/event-stream");
    CHECK(headerOf(events.head(), "Cache-Control") == "no-store");
    CHECK(stream->push({ "1", "change", "a" }));
    CHECK(client.readUntil("\n\n").ends_with("id: 1\nevent: change\ndata: a\n\n"));
    std::thread pusher([&stream] {
        for (int i = 2; i <= 500; ++i)
            stream->push({ std::to_string(i), {}, "x" });
        stream->close();
    });
    const auto rest = client.readAll();
    pusher.join();
    std::size_t at = 0;
    for (int i = 2; i <= 500; ++i) {
        at = rest.find("id: " + std::to_string(i) + "\ndata: x\n\n", at);
        REQUIRE(at != std::string::npos);
    }
    CHECK(rest.ends_with("0\r\n\r\n"));
    CHECK(client.sawEnd());
    CHECK(eventually([&] { return events.server().statistics().eventStreams == 0; }));
}

TEST_CASE("a silent event stream has a heartbeat, and outlives every time-out")
{
    ServerOptions options;
    options.heartbeat = milliseconds(50);
    options.headerTimeout = options.bodyTimeout = options.idleTimeout = options.writeTimeout
        = milliseconds(100);
    EventServer events(options);
    RawClient client(events.server().port());
    const auto stream = events.connect(client);
    for (int i = 0; i < 6; ++i)
        CHECK(client.readUntil(":\n\n").ends_with(":\n\n"));
    CHECK(stream->push({ {}, {}, "still here" }));
    CHECK(client.readUntil("still here").ends_with("still here"));
}

TEST_CASE("a listener that does not read is dropped, and the pusher never waits")
{
    EventServer events({}, 64UL * 1024);
    RawClient client(events.server().port());
    const auto stream = events.connect(client);
    std::atomic<bool> told = false;
    stream->whenClosed([&told] { told = true; });
    const std::string line(4000, 'x');
    int pushes = 0;
    while (stream->push({ {}, {}, line }) && pushes < 100000)
        ++pushes;
    CHECK(pushes < 100000);
    CHECK(told);
    CHECK_FALSE(stream->isOpen());
    CHECK(eventually([&] { return events.server().statistics().connections == 0; }));
    const auto rest = client.readAll();
    CHECK_FALSE(rest.ends_with("0\r\n\r\n"));
    CHECK(client.sawEnd());
}

TEST_CASE("a listener that leaves closes its stream")
{
    EventServer events;
    for (const bool hard : { true, false }) {
        CAPTURE(hard);
        auto client = std::make_unique<RawClient>(events.server().port());
        const auto stream = events.connect(*client);
        if (hard)
            client->reset();
        client.reset();
        CHECK(eventually([&] { return !stream->isOpen(); }));
        CHECK(eventually([&] { return events.server().statistics().connections == 0; }));
    }
}

TEST_CASE("listeners that come and go while events are pushed, a hundred times")
{
    EventServer events;
    std::mutex mutex;
    std::vector<std::shared_ptr<EventStream>> streams;
    std::atomic<bool> done = false;
    std::thread pusher([&] {
        while (!done) {
            const std::scoped_lock lock(mutex);
            for (const auto& stream : streams)
                stream->push({ {}, {}, std::string(500, 'x') });
            std::erase_if(streams, [](const auto& stream) { return !stream->isOpen(); });
        }
    });
    for (int round = 0; round < 100; ++round) {
        RawClient client(events.server().port());
        auto stream = events.connect(client);
        {
            const std::scoped_lock lock(mutex);
            streams.push_back(std::move(stream));
        }
        static_cast<void>(client.readUntil("data: ", milliseconds(200)));
        if (round % 2 == 0)
            client.reset();
    }
    CHECK(eventually([&] { return events.server().statistics().connections == 0; }));
    done = true;
    pusher.join();
}

TEST_CASE("stop ends event streams after what was pushed, and lets produced answers end")
{
    EventServer events;
    RawClient client(events.server().port());
    const auto stream = events.connect(client);
    CHECK(stream->push({ {}, {}, "last words" }));
    CHECK(events.server().stop(seconds(10)));
    const auto rest = client.readAll();
    CHECK(rest.find("last words") != std::string::npos);
    CHECK(rest.ends_with("0\r\n\r\n"));
    CHECK_FALSE(stream->isOpen());
    CHECK_FALSE(stream->push({ {}, {}, "too late" }));

    Tally tally;
    std::promise<void> started;
    const auto server = serve([&](const Request&) {
        return Response::streamed(
            "text/plain",
            [inner = blocks(tally, 50, 1000), &started,
             first = true]() mutable -> Result<std::optional<std::string>> {
                if (std::exchange(first, false))
                    started.set_value();
                std::this_thread::sleep_for(milliseconds(5));
                return inner();
            }
        );
    });
    RawClient reader(server->port());
    reader.send(streamRequest);
    started.get_future().wait();
    CHECK(server->stop(seconds(10)));
    CHECK(reader.readAll().ends_with("0\r\n\r\n"));
    CHECK(tally.pulled == 50);
    CHECK(tally.alive == 0);
}

TEST_CASE("stop breaks off what has no end")
{
    Tally tally;
    const auto server = serve([&](const Request&) {
        return Response::streamed("image/png", blocks(tally, 1 << 30, 1000));
    });
    RawClient client(server->port());
    client.send(streamRequest);
    REQUIRE(statusOf(client.readUntil("\r\n\r\n")) == 200);
    CHECK_FALSE(server->stop(milliseconds(100)));
    CHECK_FALSE(client.readAll().ends_with("0\r\n\r\n"));
    CHECK(client.sawEnd());
}

} // namespace quittance::http
