#include "client/transport/http_transport.h"

#include "core/contract/codec.h"

#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace quittance::client {

namespace {

constexpr qsizetype lineBytesMax = qsizetype { 64 } << 20;
constexpr int firstFailure = 300; // a redirection is somebody else's: a portal, a proxy

std::string_view view(const QByteArray& bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

int statusOf(const QNetworkReply& reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

QByteArray contentTypeOf(const QNetworkReply& reply)
{
    const QByteArray header = reply.rawHeader("Content-Type");
    const qsizetype semicolon = header.indexOf(';');
    return (semicolon < 0 ? header : header.left(semicolon)).trimmed().toLower();
}

Error networkError(const QNetworkReply& reply)
{
    const bool timedOut = reply.error() == QNetworkReply::OperationCanceledError
        || reply.error() == QNetworkReply::TimeoutError;
    return { timedOut ? ErrorCode::Timeout : ErrorCode::Unavailable,
             reply.errorString().toStdString() };
}

/// A refusal by its problem; whatever else has a failing status is not our backend's answer.
Error refusal(int status, const QByteArray& contentType, const QByteArray& body)
{
    if (contentType == "application/problem+json") {
        const auto problem = contract::fromText<contract::Problem>(view(body));
        if (problem)
            return { errorCodeFromWireName(problem->code), problem->detail };
    }
    return { ErrorCode::BadAnswer,
             fmt::format("status {} with {}", status, std::string(view(contentType))) };
}

Result<TransportAnswer> answerOf(QNetworkReply& reply)
{
    const int status = statusOf(reply);
    if (status == 0)
        return failure(networkError(reply));
    TransportAnswer answer { status, reply.readAll(), contentTypeOf(reply) };
    if (status >= firstFailure)
        return failure(refusal(status, answer.contentType, answer.body));
    if (reply.error() != QNetworkReply::NoError)
        return failure(networkError(reply));
    if (answer.contentType == "text/html")
        return failure(ErrorCode::BadAnswer, "HTML instead of an answer");
    return answer;
}

} // namespace

LineReply::LineReply(QNetworkReply* reply, int silenceMs, QObject* parent)
    : QObject(parent)
    , m_reply(reply)
{
    reply->setParent(this);
    m_silence.setSingleShot(true);
    m_silence.setInterval(silenceMs);
    connect(&m_silence, &QTimer::timeout, this, [this] {
        m_silent = true;
        m_reply->abort();
    });
    m_silence.start();
    connect(reply, &QNetworkReply::readyRead, this, &LineReply::readLines);
    connect(reply, &QNetworkReply::finished, this, &LineReply::end);
}

LineReply::~LineReply()
{
    cancel();
}

void LineReply::cancel()
{
    if (!m_reply)
        return;
    m_silence.stop();
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply.clear();
}

void LineReply::readLines()
{
    m_silence.start();
    if (statusOf(*m_reply) >= firstFailure || m_tooLong)
        return;
    m_rest += m_reply->readAll();
    QList<QByteArray> lines;
    qsizetype begin = 0;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', begin)) {
        lines.append(m_rest.mid(begin, end - begin));
        begin = end + 1;
    }
    m_rest.remove(0, begin);
    if (m_rest.size() > lineBytesMax) {
        m_tooLong = true;
        m_reply->abort();
        return;
    }
    if (!lines.isEmpty())
        Q_EMIT linesArrived(lines);
}

void LineReply::end()
{
    if (!m_reply)
        return;
    m_silence.stop();
    if (m_tooLong) {
        Q_EMIT finished(false, { ErrorCode::BadAnswer, "a line without an end" });
        return;
    }
    if (m_silent) {
        Q_EMIT finished(false, { ErrorCode::Timeout, "the stream fell silent" });
        return;
    }
    readLines();
    m_silence.stop();
    if (!m_reply) // a listener cancelled
        return;
    const int status = statusOf(*m_reply);
    if (status == 0 || (status < firstFailure && m_reply->error() != QNetworkReply::NoError))
        Q_EMIT finished(false, networkError(*m_reply));
    else if (status >= firstFailure)
        Q_EMIT finished(false, refusal(status, contentTypeOf(*m_reply), m_reply->readAll()));
    else if (!m_rest.trimmed().isEmpty())
        Q_EMIT finished(false, { ErrorCode::BadAnswer, "the answer ends in the middle of a line" });
    else
        Q_EMIT finished(true, {});
}

HttpTransport::HttpTransport(int answerMs, QObject* parent)
    : QObject(parent)
    , m_network(new QNetworkAccessManager(this))
    , m_answerMs(answerMs)
{
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

HttpTransport::~HttpTransport() = default;

void HttpTransport::setServer(const QUrl& server)
{
    m_server = server;
}

void HttpTransport::setToken(const QByteArray& token)
{
    m_token = token;
}

QNetworkRequest HttpTransport::makeRequest(const QString& path) const
{
    QUrl url = m_server;
    const qsizetype question = path.indexOf(QLatin1Char('?'));
    url.setPath(question < 0 ? path : path.left(question), QUrl::TolerantMode);
    if (question >= 0)
        url.setQuery(path.mid(question + 1));
    QNetworkRequest request(url);
    if (!m_token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + m_token);
    // An answer kept by Qt would hold what only the store may hold.
    request.setAttribute(
        QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork
    );
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    return request;
}

void HttpTransport::send(const TransportRequest& request, QObject* context, AnswerFunction answer)
{
    QNetworkRequest network = makeRequest(request.path);
    network.setTransferTimeout(m_answerMs);
    if (!request.body.isEmpty())
        network.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    if (!request.idempotencyKey.isEmpty())
        network.setRawHeader("Idempotency-Key", request.idempotencyKey);
    if (!request.ifMatch.isEmpty())
        network.setRawHeader("If-Match", request.ifMatch);
    QNetworkReply* reply = m_network->sendCustomRequest(network, request.method, request.body);
    connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received) {
        if (received > answerBytesMax)
            reply->abort();
    });
    connect(reply, &QNetworkReply::finished, context, [reply, answer = std::move(answer)] {
        answer(answerOf(*reply));
    });
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

LineReply* HttpTransport::openLines(const QString& path, Stream stream, QObject* parent)
{
    const bool events = stream == Stream::Events;
    QNetworkRequest request = makeRequest(path);
    request.setRawHeader("Accept", events ? "text/event-stream" : "application/x-ndjson");
    return new LineReply(m_network->get(request), events ? eventSilenceMs : m_answerMs, parent);
}

} // namespace quittance::client

#include "moc_http_transport.cpp"
