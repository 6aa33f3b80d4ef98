#include "core/http/event_stream.h"

#include <doctest/doctest.h>

#include <string>

using namespace quittance::http;

TEST_CASE("an event is written as the standard reads it")
{
    CHECK(
        formatEvent({ "7", "change", "{\"a\":1}" }) == "id: 7\nevent: change\ndata: {\"a\":1}\n\n"
    );
    CHECK(formatEvent({ {}, {}, "one\ntwo\r\n" }) == "data: one\ndata: two\ndata: \n\n");
    CHECK(formatEvent({ {}, {}, {} }) == "data: \n\n");
    SUBCASE("no field can be smuggled in by a line break")
    {
        CHECK(
            formatEvent({ "7\nevent: x", "a\rb", "c" }) == "id: 7event: x\nevent: ab\ndata: c\n\n"
        );
    }
}

TEST_CASE("what waits is taken once, and only the first push wakes")
{
    const auto stream = EventStream::create();
    CHECK(stream->pushText("before "));
    int wakes = 0;
    EventStreamReader::attach(*stream, [&wakes] { ++wakes; });
    CHECK(EventStreamReader::take(*stream).bytes == "before ");
    CHECK(stream->pushText("a"));
    CHECK(stream->pushText("b"));
    CHECK(wakes == 1);
    CHECK(EventStreamReader::take(*stream).bytes == "ab");
    CHECK(EventStreamReader::take(*stream).bytes.empty());
    stream->close();
    CHECK(wakes == 2);
    CHECK_FALSE(stream->pushText("late"));
}

TEST_CASE("a queue that grows over its limit closes the stream and tells its owner once")
{
    const auto stream = EventStream::create(10);
    int closed = 0;
    stream->whenClosed([&closed] { ++closed; });
    CHECK(stream->pushText("0123456789"));
    CHECK(stream->isOpen());
    CHECK_FALSE(stream->pushText("x"));
    CHECK_FALSE(stream->isOpen());
    CHECK(closed == 1);
    stream->close();
    EventStreamReader::detach(*stream);
    CHECK(closed == 1);
    CHECK(EventStreamReader::take(*stream).overflowed);
    SUBCASE("who asks late is told at once")
    {
        stream->whenClosed([&closed] { closed = 100; });
        CHECK(closed == 100);
    }
}

TEST_CASE("a detached stream is closed and wakes nobody")
{
    const auto stream = EventStream::create();
    int wakes = 0;
    EventStreamReader::attach(*stream, [&wakes] { ++wakes; });
    EventStreamReader::detach(*stream);
    CHECK_FALSE(stream->push({ {}, {}, "x" }));
    CHECK(wakes == 0);
}
