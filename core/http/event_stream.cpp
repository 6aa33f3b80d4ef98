#include "core/http/event_stream.h"

#include <utility>

namespace quittance::http {

namespace {

// An id or a name is one line: a line break in it would let its writer forge another field.
void appendField(std::string& text, std::string_view name, std::string_view value)
{
    text += name;
    text += ": ";
    for (const char letter : value) {
        if (letter != '\n' && letter != '\r' && letter != '\0')
            text += letter;
    }
    text += '\n';
}

} // namespace

std::string formatEvent(const Event& event)
{
    std::string text;
    text.reserve(event.data.size() + event.id.size() + event.name.size() + 32);
    if (!event.id.empty())
        appendField(text, "id", event.id);
    if (!event.name.empty())
        appendField(text, "event", event.name);
    std::string_view rest = event.data;
    for (;;) {
        const auto lineEnd = rest.find('\n');
        appendField(text, "data", rest.substr(0, lineEnd));
        if (lineEnd == std::string_view::npos)
            break;
        rest.remove_prefix(lineEnd + 1);
    }
    text += '\n';
    return text;
}

std::shared_ptr<EventStream> EventStream::create(std::size_t queueBytesMax)
{
    // The constructor is private, so std::make_shared cannot call it.
    return std::shared_ptr<EventStream>(new EventStream(queueBytesMax));
}

bool EventStream::pushText(std::string_view text)
{
    std::function<void()> whenClosed;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_open)
            return false;
        m_overflowed = m_pending.size() + text.size() > m_queueBytesMax;
        if (!m_overflowed) {
            const bool wasEmpty = m_pending.empty();
            m_pending += text;
            if (wasEmpty) // else a wake is under way, or the server takes more when it has written
                wakeLocked();
            return true;
        }
        whenClosed = markClosedLocked();
    }
    if (whenClosed)
        whenClosed();
    return false;
}

void EventStream::close()
{
    std::function<void()> whenClosed;
    {
        const std::scoped_lock lock(m_mutex);
        whenClosed = markClosedLocked();
    }
    if (whenClosed)
        whenClosed();
}

bool EventStream::isOpen() const
{
    const std::scoped_lock lock(m_mutex);
    return m_open;
}

void EventStream::whenClosed(std::function<void()> callback)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_open) {
            m_whenClosed = std::move(callback);
            return;
        }
    }
    callback();
}

void EventStream::wakeLocked() const
{
    if (m_wake)
        m_wake();
}

std::function<void()> EventStream::markClosedLocked()
{
    if (!std::exchange(m_open, false))
        return {};
    wakeLocked();
    return std::exchange(m_whenClosed, {});
}

void EventStreamReader::attach(EventStream& stream, std::function<void()> wake)
{
    const std::scoped_lock lock(stream.m_mutex);
    stream.m_wake = std::move(wake);
}

void EventStreamReader::detach(EventStream& stream)
{
    {
        const std::scoped_lock lock(stream.m_mutex);
        stream.m_wake = {};
    }
    stream.close();
}

EventStreamReader::Taken EventStreamReader::take(EventStream& stream)
{
    const std::scoped_lock lock(stream.m_mutex);
    return { std::exchange(stream.m_pending, {}), stream.m_open, stream.m_overflowed };
}

bool EventStreamReader::overflowed(EventStream& stream)
{
    const std::scoped_lock lock(stream.m_mutex);
    return stream.m_overflowed;
}

} // namespace quittance::http
