#include "client/transport/http_transport.h"
#include "tests/client/transport/raw_server.h"

#include <QTest>

#include <optional>

using namespace quittance;
using namespace quittance::testing;
using client::HttpTransport;
using client::LineReply;
using client::TransportAnswer;
using client::TransportRequest;

namespace {

constexpr int answerMs = 400;
constexpr const char* json = "application/json";
constexpr const char* problem = "application/problem+json";

RawServer::Script always(const RawServer::Answer& answer)
{
    return [answer](const RawServer::Request&) { return answer; };
}

/// "ok 200 application/json {}" or the code of the error.
QString textOf(const Result<TransportAnswer>& answer)
{
    if (!answer)
        return QString::fromStdString(std::string(wireName(answer.error().code)));
    return QStringLiteral("ok %1 %2 %3")
        .arg(answer->status)
        .arg(QString::fromLatin1(answer->contentType), QString::fromUtf8(answer->body));
}

/// Writes down what a reply says.
class LineListener : public QObject {
public:
    explicit LineListener(const LineReply& reply)
    {
        connect(&reply, &LineReply::linesArrived, this, [this](const QList<QByteArray>& lines) {
            for (const QByteArray& line : lines)
                m_said.append(QString::fromUtf8(line));
        });
        connect(&reply, &LineReply::finished, this, [this](bool ok, const Error& error) {
            m_said.append(
                ok ? QStringLiteral("end")
                   : QString::fromStdString(std::string(wireName(error.code)))
            );
            m_isFinished = true;
        });
    }

    [[nodiscard]] bool isFinished() const { return m_isFinished; }
    [[nodiscard]] QString said() const { return m_said.join(QLatin1Char('|')); }

private:
    QStringList m_said;
    bool m_isFinished = false;
};

} // namespace

class HttpTransportTest : public QObject {
    Q_OBJECT

private slots:
    void everyAnswerIsItsOwnOrAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("stays");
        QTest::addColumn<QString>("outcome");
        const auto row
            = [](const char* name, const QByteArray& bytes, const char* outcome, bool stays = false
              ) { QTest::newRow(name) << bytes << stays << QString::fromLatin1(outcome); };
        row("JSON", httpAnswer(200, "application/json; charset=utf-8", "{}"),
            "ok 200 application/json {}");
        row("nothing to say", httpAnswer(204, json), "ok 204 application/json ");
        row("a problem",
            httpAnswer(
                403, problem,
                R"({"type":"about:blank","title":"No","status":403,"code":"permission-denied","detail":"no"})"
            ),
            "permission-denied");
        row("a problem of a newer backend",
            httpAnswer(
                400, problem,
                R"({"type":"about:blank","title":"No","status":400,"code":"too-new","detail":"no"})"
            ),
            "internal");
        row("a problem that is none", httpAnswer(500, problem, "{\"code\""), "bad-answer");
        row("an error page of a proxy", httpAnswer(502, "text/html", "<h1>Bad</h1>"), "bad-answer");
        row("a portal's page", httpAnswer(200, "text/html; charset=utf-8", "<html>"), "bad-answer");
        row("a portal's redirection",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "bad-answer");
        row("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "unavailable");
        row("nothing, and closed", "", "unavailable");
        row("cut short",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{",
            "unavailable");
        row("silence", "", "timeout", true);
        row("silence in the middle",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{",
            "timeout", true);
    }
    void everyAnswerIsItsOwnOrAnError()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, stays);
        const RawServer server(always({ bytes, stays }));
        QTEST(ask(server.url(), { "GET", QStringLiteral("/v1/me"), {}, {}, {} }), "outcome");
    }

    void nobodyListens()
    {
        QUrl gone;
        {
            const RawServer server(always({}));
            gone = server.url();
        }
        QCOMPARE(
            ask(gone, { "GET", QStringLiteral("/v1/me"), {}, {}, {} }),
            QStringLiteral("unavailable")
        );
    }

    void aRequestSaysWhoAsksAndWhichOneItIs()
    {
        const RawServer server(always({ httpAnswer(204, json) }));
        (void)ask(
            server.url(),
            { "PUT", QStringLiteral("/v1/scopes/bills%3A1/x?cursor=7"), "{\"a\":1}", "key-1",
              "\"3\"" },
            "secret"
        );
        QCOMPARE(server.requests().size(), std::size_t { 1 });
        RawServer::Request request = server.requests().front();
        QCOMPARE(request.method, "PUT");
        QCOMPARE(request.path, "/v1/scopes/bills%3A1/x?cursor=7");
        QCOMPARE(request.body, "{\"a\":1}");
        QCOMPARE(request.headers["authorization"], "Bearer secret");
        QCOMPARE(request.headers["idempotency-key"], "key-1");
        QCOMPARE(request.headers["if-match"], "\"3\"");
        QCOMPARE(request.headers["content-type"], json);
    }

    void anAnswerWhoseAskerIsGoneIsDropped()
    {
        const RawServer server(always({ httpAnswer(200, json, "{}") }));
        HttpTransport transport(answerMs);
        transport.setServer(server.url());
        bool called = false;
        auto asker = std::make_unique<QObject>();
        transport.send(
            { "GET", QStringLiteral("/"), {}, {}, {} }, asker.get(),
            [&](const Result<TransportAnswer>&) { called = true; }
        );
        asker.reset();
        QTRY_COMPARE(server.requests().size(), std::size_t { 1 });
        QTest::qWait(answerMs);
        QVERIFY(!called);
    }

    void linesComeWholeInOrder_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("stays");
        QTest::addColumn<QString>("said");
        const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                                "Connection: close\r\n\r\n";
        QTest::newRow("three") << head + "a\nbb\nccc\n" << false << "a|bb|ccc|end";
        QTest::newRow("none") << head << false << "end";
        QTest::newRow("cut in a line") << head + "a\nbb" << false << "a|bad-answer";
        QTest::newRow("silence") << head + "a\n" << true << "a|timeout";
        QTest::newRow("a problem") << httpAnswer(
            404, problem,
            R"({"type":"about:blank","title":"No","status":404,"code":"not-found","detail":"no"})"
        ) << false << "not-found";
        QTest::newRow("a page") << httpAnswer(503, "text/html", "<p>\n") << false << "bad-answer";
        QTest::newRow("nothing") << QByteArray() << false << "unavailable";
    }
    void linesComeWholeInOrder()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, stays);
        const RawServer server(always({ bytes, stays }));
        HttpTransport transport(answerMs);
        transport.setServer(server.url());
        LineReply* reply
            = transport.openLines(QStringLiteral("/lines"), HttpTransport::Stream::Items, this);
        const LineListener listener(*reply);
        QTRY_VERIFY(listener.isFinished());
        QTEST(listener.said(), "said");
        delete reply;
    }

private:
    QString ask(const QUrl& server, const TransportRequest& request, const QByteArray& token = {})
    {
        HttpTransport transport(answerMs);
        transport.setServer(server);
        transport.setToken(token);
        std::optional<QString> outcome;
        transport.send(request, this, [&](const Result<TransportAnswer>& answer) {
            outcome = textOf(answer);
        });
        (void)QTest::qWaitFor([&] { return outcome.has_value(); });
        return outcome.value_or(QStringLiteral("never answered"));
    }
};

QTEST_GUILESS_MAIN(HttpTransportTest)

#include "tst_http_transport.moc"
