#pragma once

#include <QtCore/QByteArray>

#include <optional>

namespace quittance::client {

/// Reads a server-sent event stream line by line (WHATWG HTML, 9.2.6): what is needed of it,
/// "event" and "data".
class EventParser {
public:
    struct Event {
        QByteArray name;
        QByteArray data;
    };
    /// The event that this line completes, if it does.
    [[nodiscard]] std::optional<Event> line(QByteArray line);

private:
    Event m_event;
};

} // namespace quittance::client
