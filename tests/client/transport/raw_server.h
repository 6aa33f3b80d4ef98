#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QUrl>
#include <QtNetwork/QTcpServer>

#include <functional>
#include <map>
#include <vector>

class QTcpSocket;

namespace quittance::testing {

/// A server on loopback that says whatever a test wants, byte by byte: what a backend answers, what
/// a portal or a broken proxy in between would, or nothing.
class RawServer : public QTcpServer {
    Q_OBJECT

public:
    struct Request {
        QByteArray method;
        QByteArray path; ///< with its query
        std::map<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray body;
    };
    /// What is sent; then the connection is closed, unless `stays`.
    struct Answer {
        QByteArray bytes;
        bool stays = false;
    };
    using Script = std::function<Answer(const Request&)>;

    explicit RawServer(Script script);

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] const std::vector<Request>& requests() const { return m_requests; }

private:
    void take();
    void read(QTcpSocket& socket);

    Script m_script;
    std::vector<Request> m_requests;
};

/// "HTTP/1.1 200 OK" with a type and a body of known length.
[[nodiscard]] QByteArray
httpAnswer(int status, const QByteArray& type, const QByteArray& body = {});

} // namespace quittance::testing
