#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace quittance::http {

/// One server-sent event (WHATWG HTML, 9.2). Empty fields are left out; `data` may have several
/// lines.
struct Event {
    std::string id; ///< comes back as Last-Event-ID when the client connects again
    std::string name;
    std::string data;
};

[[nodiscard]] std::string formatEvent(const Event& event
); ///< the bytes on the wire, with the empty line

/// The writing end of one client's event stream. A handler makes it, keeps a copy, and answers with
/// `Response::events(stream)`; any thread may then push. What waits for a slow client is bounded:
/// when it grows over `queueBytesMax`, the client is dropped (its connection is reset) and comes
/// back with its Last-Event-ID. The server sends a comment as heartbeat while nothing is pushed,
/// and closes the stream when the client leaves or it shuts down.
class EventStream {
public:
    static constexpr std::size_t queueBytesMaxDefault = std::size_t { 256 } * 1024;

    [[nodiscard]] static std::shared_ptr<EventStream>
    create(std::size_t queueBytesMax = queueBytesMaxDefault);

    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;
    EventStream(EventStream&&) = delete;
    EventStream& operator=(EventStream&&) = delete;
    ~EventStream() = default;

    /// False: closed, or closed by this very push because the client is too slow. Never blocks.
    bool push(const Event& event) { return pushText(formatEvent(event)); }
    bool pushText(std::string_view text); ///< bytes that are already formed as events

    void close(); ///< ends the stream after what was pushed so far
    [[nodiscard]] bool isOpen() const;

    /// Called once, when the stream closes for whatever reason, on the thread that closes it; at
    /// once if it is closed. It must not block: this may be the server's I/O thread.
    void whenClosed(std::function<void()> callback);

private:
    friend struct EventStreamReader;

    explicit EventStream(std::size_t queueBytesMax)
        : m_queueBytesMax(queueBytesMax)
    {
    }
    void wakeLocked() const;
    std::function<void()> markClosedLocked();

    mutable std::mutex m_mutex;
    const std::size_t m_queueBytesMax;
    std::string m_pending;
    std::function<void()> m_wake;
    std::function<void()> m_whenClosed;
    bool m_open = true;
    bool m_overflowed = false;
};

/// The server's end.
struct EventStreamReader {
    struct Taken {
        std::string bytes; ///< all that waits
        bool open = true;
        bool overflowed = false; ///< reset the connection
    };

    /// `wake` is called, possibly under the stream's lock, when there is something to take.
    static void attach(EventStream& stream, std::function<void()> wake);
    static void detach(EventStream& stream
    ); ///< closes; `wake` is not running and will not run after it
    [[nodiscard]] static Taken take(EventStream& stream);
    [[nodiscard]] static bool overflowed(EventStream& stream);
};

} // namespace quittance::http
