#include "tests/ui/flows/fault_server.h"

#include <QTcpSocket>

namespace quittance::flows {

namespace {

QByteArray httpAnswer(const QByteArray& status, const QByteArray& type, const QByteArray& body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

QByteArray bytesOf(FaultServer::Fault fault)
{
    const QByteArray page
        = "<!DOCTYPE html><html><body><h1>Welcome to our network</h1></body></html>";
    switch (fault) {
    case FaultServer::Fault::Garbage:
        return QByteArray("\x00\xff\x13\x37 not http\r\n\r\n\xfe\xfd", 19).repeated(8);
    case FaultServer::Fault::Html:
        return httpAnswer("200 OK", "text/html; charset=utf-8", page);
    case FaultServer::Fault::BadGateway:
        return httpAnswer("502 Bad Gateway", "text/html", page);
    case FaultServer::Fault::OtherJson:
        return httpAnswer("200 OK", "application/json", R"({"weather": "rain"})");
    case FaultServer::Fault::Empty:
        return httpAnswer("200 OK", "application/json", {});
    case FaultServer::Fault::ClosesAtOnce:
    case FaultServer::Fault::NeverAnswers:
        break;
    }
    return {};
}

} // namespace

FaultServer::FaultServer(Fault fault, QObject* parent)
    : QTcpServer(parent)
    , m_fault(fault)
{
    connect(this, &QTcpServer::newConnection, this, &FaultServer::answer);
}

void FaultServer::answer()
{
    while (QTcpSocket* socket = nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        if (m_fault == Fault::ClosesAtOnce) {
            ++m_requests;
            socket->abort();
            continue;
        }
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            socket->readAll();
            ++m_requests;
            if (m_fault == Fault::NeverAnswers)
                return;
            socket->write(bytesOf(m_fault));
            socket->disconnectFromHost();
        });
    }
}

} // namespace quittance::flows

#include "moc_fault_server.cpp"
