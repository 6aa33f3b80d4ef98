#include "client/transport/event_parser.h"

#include <utility>

namespace quittance::client {

std::optional<EventParser::Event> EventParser::line(QByteArray line)
{
    if (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty()) {
        Event event = std::exchange(m_event, {});
        return event.data.isEmpty() ? std::nullopt : std::optional(std::move(event));
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArray field = line.left(colon < 0 ? line.size() : colon);
    QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if (field == "event") {
        m_event.name = value;
    } else if (field == "data") {
        if (!m_event.data.isEmpty())
            m_event.data += '\n';
        m_event.data += value;
    }
    return std::nullopt;
}

} // namespace quittance::client
