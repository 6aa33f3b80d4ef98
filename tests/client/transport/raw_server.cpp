#include "tests/client/transport/raw_server.h"

#include <QtNetwork/QTcpSocket>

namespace quittance::testing {

RawServer::RawServer(Script script)
    : m_script(std::move(script))
{
    connect(this, &QTcpServer::newConnection, this, &RawServer::take);
    if (!listen(QHostAddress::LocalHost))
        qFatal("no port: %s", qPrintable(errorString()));
}

QUrl RawServer::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort()));
}

void RawServer::take()
{
    while (QTcpSocket* socket = nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(*socket); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }
}

/// One request a connection: every answer says, or shows by its end, that it is closed after.
void RawServer::read(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(socket.bytesAvailable());
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    Request request;
    const QList<QByteArray> lines = bytes.left(end).split('\n');
    const QList<QByteArray> words = lines.first().split(' ');
    request.method = words.value(0);
    request.path = words.value(1);
    for (const QByteArray& line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
    }
    request.body = bytes.mid(end + 4);
    if (request.body.size() < request.headers["content-length"].toLongLong())
        return;
    socket.readAll();
    m_requests.push_back(request);
    const Answer answer = m_script(request);
    socket.write(answer.bytes);
    if (!answer.stays)
        socket.disconnectFromHost();
}

QByteArray httpAnswer(int status, const QByteArray& type, const QByteArray& body)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Said\r\nContent-Type: " + type
        + "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"
        + body;
}

} // namespace quittance::testing

#include "moc_raw_server.cpp"
