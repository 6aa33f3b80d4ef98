#pragma once

#include "core/domain/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QPair>
#include <QtCore/QPointer>
#include <QtCore/QTimer>
#include <QtCore/QUrl>

#include <cstdint>
#include <functional>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

/// HTTP to the backend, on the thread that it lives on. Every answer that is not what the contract
/// says becomes an Error: a problem's code, BadAnswer for garbage or HTML, Unavailable or Timeout
/// where nothing answers.
namespace quittance::client {

struct TransportRequest {
    QByteArray method; ///< "GET", "POST", "PUT", "DELETE"
    QString path; ///< "/v1/me?x=y", already encoded
    QByteArray body; ///< JSON; empty for none
    QByteArray idempotencyKey; ///< for writes
    QByteArray ifMatch;
};

struct TransportAnswer {
    int status = 0;
    QByteArray body;
    QByteArray contentType; ///< without parameters
};

/// A long answer line by line; cancel() or destroying it ends the request.
class LineReply : public QObject {
    Q_OBJECT

public:
    /// Nothing for `silenceMs`: the other side is gone, and the request ends with Timeout.
    LineReply(QNetworkReply* reply, int silenceMs, QObject* parent);
    ~LineReply() override;
    void cancel();

Q_SIGNALS:
    /// Whole lines, without their ends, in order; never empty.
    void linesArrived(const QList<QByteArray>& lines);
    /// Once, at the end. The error is empty where the answer ended by itself.
    void finished(bool ok, const quittance::Error& error);

private:
    void readLines();
    void end();

    QPointer<QNetworkReply> m_reply;
    QTimer m_silence;
    QByteArray m_rest;
    bool m_tooLong = false;
    bool m_silent = false;
};

class HttpTransport : public QObject {
    Q_OBJECT

public:
    using AnswerFunction = std::function<void(Result<TransportAnswer>)>;
    static constexpr int timeoutMs = 20'000;
    /// An event stream has a heartbeat every 15 s; three are missed where the network is gone.
    static constexpr int eventSilenceMs = 45'000;
    static constexpr qsizetype answerBytesMax = qsizetype { 256 } << 20;

    /// `answerMs`: how long an answer may let itself be waited for, without a byte of it.
    explicit HttpTransport(int answerMs = timeoutMs, QObject* parent = nullptr);
    ~HttpTransport() override;

    void setServer(const QUrl& server); ///< "http://127.0.0.1:8420"
    [[nodiscard]] QUrl server() const { return m_server; }
    void setToken(const QByteArray& token); ///< empty: none

    /// `answer` is called once, on this thread, unless `context` is gone by then.
    void send(const TransportRequest& request, QObject* context, AnswerFunction answer);
    /// A streamed answer: NDJSON, or an event stream, on which little happens for long.
    enum class Stream : std::uint8_t { Items, Events };
    [[nodiscard]] LineReply* openLines(const QString& path, Stream stream, QObject* parent);

private:
    [[nodiscard]] QNetworkRequest makeRequest(const QString& path) const;

    QNetworkAccessManager* m_network;
    int m_answerMs;
    QUrl m_server;
    QByteArray m_token;
};

} // namespace quittance::client
