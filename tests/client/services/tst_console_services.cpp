#include "client/services/console_services.h"
#include "client/services/private_files.h"
#include "core/contract/codec.h"
#include "tests/client/transport/raw_server.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace quittance;
using namespace quittance::testing;
using client::ConsoleServices;
using client::SyncStatus;
using client::TokenVault;

namespace {

constexpr const char* json = "application/json";

template <class T> QByteArray textOf(const T& value)
{
    return QByteArray::fromStdString(contract::toText(value));
}

QByteArray refused(int status, const std::string& code)
{
    return httpAnswer(
        status, "application/problem+json",
        textOf(contract::Problem { "about:blank", "No", status, code, "said the test" })
    );
}

/// What a backend with two accounts says to its finance person, who may view the first as its
/// customer.
class Backend {
public:
    static constexpr auto own = "own-token";
    static constexpr auto viewing = "viewing-token";

    [[nodiscard]] QUrl url() const { return m_url; }
    /// The line is cut: nobody listens any more.
    void goAway() { m_server.close(); }
    void comeBack()
    {
        QVERIFY(m_server.listen(QHostAddress::LocalHost, static_cast<quint16>(m_url.port())));
    }
    [[nodiscard]] std::vector<RawServer::Request>
    asked(const QByteArray& method, const QByteArray& path) const
    {
        std::vector<RawServer::Request> found;
        for (const RawServer::Request& request : m_server.requests()) {
            if (request.method == method && request.path == path)
                found.push_back(request);
        }
        return found;
    }

    RawServer::Answer toWrites { httpAnswer(204, json) };
    RawServer::Answer toDocuments { httpAnswer(200, "text/csv", "a,b\r\n") };
    bool isSessionOver = false;

private:
    [[nodiscard]] static contract::Me me(bool isViewing)
    {
        contract::Me me;
        me.person = 7;
        me.name = "Ada";
        me.email = "ada@example.com";
        me.installation = "here";
        me.grants = { { isViewing ? Role::Customer : Role::Finance,
                        isViewing ? std::optional<AccountId>(1) : std::nullopt } };
        if (isViewing)
            me.viewingAccount = 1;
        return me;
    }
    [[nodiscard]] static contract::Item account(AccountId id)
    {
        contract::AccountView view;
        view.id = id;
        view.name = "Account " + std::to_string(id);
        view.currency = "USD";
        view.timeZone = "UTC";
        return { 0, "account", std::to_string(id), contract::toJson(view) };
    }
    [[nodiscard]] static contract::Item bill()
    {
        contract::BillItem item;
        BillSummary& summary = item.bill.summary;
        summary.id = 5;
        summary.account = 1;
        summary.number = "N-1";
        summary.state = BillState::Open;
        summary.periodMonth = parseMonth("2023-11").value();
        summary.issued = parseDate("2023-12-02").value();
        item.bill.timeZone = "UTC";
        return { 0, "bill", "5", contract::toJson(item) };
    }
    [[nodiscard]] static QByteArray
    snapshot(const std::string& scope, const std::vector<contract::Item>& items)
    {
        const auto count = static_cast<std::int64_t>(items.size());
        QByteArray lines = textOf(contract::SnapshotHeader { scope, 10, count }) + '\n';
        for (const contract::Item& item : items)
            lines += textOf(item) + '\n';
        return httpAnswer(
            200, "application/x-ndjson", lines + textOf(contract::SnapshotEnd { count }) + '\n'
        );
    }
    [[nodiscard]] static QByteArray scopeAnswer(const QByteArray& path, bool isViewing)
    {
        const QList<QByteArray> parts = path.split('/');
        const std::string scope = QByteArray::fromPercentEncoding(parts.value(3)).toStdString();
        if (!path.endsWith("/snapshot"))
            return httpAnswer(200, json, textOf(contract::ChangePage { {}, 10, false }));
        if (scope == "accounts" && isViewing)
            return snapshot(scope, { account(1) });
        if (scope == "accounts")
            return snapshot(scope, { account(1), account(2) });
        return snapshot(
            scope, scope == "bills:1" ? std::vector { bill() } : std::vector<contract::Item>()
        );
    }
    [[nodiscard]] RawServer::Answer answer(const RawServer::Request& request) const
    {
        const auto found = request.headers.find("authorization");
        const bool isViewing = found != request.headers.end() && found->second.endsWith(viewing);
        if (request.path == "/v1/sessions")
            return { httpAnswer(201, json, textOf(contract::SessionView { own, {}, me(false) })) };
        if (isSessionOver)
            return { refused(401, "unauthenticated") };
        if (request.path == "/v1/sessions/view")
            return {
                httpAnswer(201, json, textOf(contract::SessionView { viewing, {}, me(true) }))
            };
        if (request.path == "/v1/sessions/current")
            return { httpAnswer(204, json) };
        if (request.path == "/v1/me")
            return { httpAnswer(200, json, textOf(me(isViewing))) };
        if (request.path.startsWith("/v1/scopes/"))
            return { scopeAnswer(request.path, isViewing) };
        if (request.path.contains("/document"))
            return toDocuments;
        return request.method == "GET" ? RawServer::Answer { refused(503, "busy") } : toWrites;
    }

    RawServer m_server { [this](const RawServer::Request& request) { return answer(request); } };
    QUrl m_url = m_server.url();
};

TermsItem terms(int days)
{
    return { 1, 3, "lake-de", days };
}

} // namespace

class ConsoleServicesTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_backend = std::make_unique<Backend>();
        start();
    }
    void cleanup()
    {
        m_services.reset();
        m_backend.reset();
    }

    void anIntentThatWasNotAnsweredIsSentAgainWithItsKeyAndOnlyByAPerson()
    {
        signIn();
        m_backend->toWrites = {}; // the line is cut after the backend has read it
        QCOMPARE(
            outcomeOf(m_services->intents().changeTerms(terms(30))), QStringLiteral("unavailable")
        );
        start(); // and the console dies
        signIn();
        QTRY_COMPARE(m_services->sync().status().connection, SyncStatus::Connection::Live);
        // The network layer may try a cut request again: with its key, while the person waits.
        const auto cut = keys().size();
        QVERIFY(cut >= 1);
        QTest::qWait(100);
        QCOMPARE(keys().size(), cut);

        m_backend->toWrites = { httpAnswer(204, json) };
        QCOMPARE(outcomeOf(m_services->intents().changeTerms(terms(30))), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_services->intents().changeTerms(terms(30))), QStringLiteral("ok"));
        QCOMPARE(outcomeOf(m_services->intents().changeTerms(terms(60))), QStringLiteral("ok"));
        const QList<QByteArray> sent = keys();
        QCOMPARE(sent.size(), cut + 3);
        QCOMPARE(sent.count(sent[0]), cut + 1);
        QCOMPARE(sent[cut], sent[0]);
        QVERIFY(sent[cut + 1] != sent[cut]); // answered: the same again is another wish
        QVERIFY(sent[cut + 2] != sent[cut + 1]);
        QVERIFY(m_services->store().unansweredIntents().value().empty());
    }

    void aRefusedIntentIsAnsweredToo()
    {
        signIn();
        m_backend->toWrites = { refused(412, "precondition") };
        QCOMPARE(
            outcomeOf(m_services->intents().changeTerms(terms(30))), QStringLiteral("precondition")
        );
        QVERIFY(m_services->store().unansweredIntents().value().empty());
    }

    void withoutASessionNothingIsSent()
    {
        QCOMPARE(
            outcomeOf(m_services->intents().changeTerms(terms(30))),
            QStringLiteral("unauthenticated")
        );
        QVERIFY(m_backend->asked("PUT", "/v1/accounts/1/terms").empty());
        QVERIFY(m_services->store().unansweredIntents().value().empty());
    }

    void anInvitationNeedsNoSessionChangesNoneAndLeavesNothing()
    {
        signIn();
        const QString password = QStringLiteral("twelve or more");
        const auto accept = [&] {
            return outcomeOf(m_services->intents().acceptInvitation(
                m_backend->url().toString(), QStringLiteral("code"), password
            ));
        };
        QCOMPARE(accept(), QStringLiteral("ok"));
        const auto asked = m_backend->asked("POST", "/v1/invitations/accept");
        QCOMPARE(asked.size(), std::size_t { 1 });
        QCOMPARE(asked[0].headers.count("authorization"), std::size_t { 0 });
        QCOMPARE(
            asked[0].body, textOf(contract::AcceptInvitationRequest { "code", "twelve or more" })
        );
        QVERIFY(m_services->store().unansweredIntents().value().empty());
        // The session is the same as before.
        QCOMPARE(outcomeOf(m_services->intents().changeTerms(terms(30))), QStringLiteral("ok"));

        m_backend->toWrites = { refused(401, "unauthenticated") };
        QCOMPARE(accept(), QStringLiteral("unauthenticated"));
        // A portal in between says something of its own.
        m_backend->toWrites = { httpAnswer(200, "text/plain", "welcome") };
        QCOMPARE(accept(), QStringLiteral("bad-answer"));
        m_backend->goAway();
        QCOMPARE(accept(), QStringLiteral("unavailable"));
    }

    void aViewEndsWithoutNetworkAndWhatWasHereIsThereAtOnce()
    {
        signIn();
        QTRY_COMPARE(accounts(), 2);
        QCOMPARE(outcomeOf(m_services->intents().viewAsCustomer(1)), QStringLiteral("ok"));
        QTRY_COMPARE(accounts(), 1);
        m_backend->goAway();
        QCOMPARE(outcomeOf(m_services->intents().endViewing()), QStringLiteral("ok"));
        QCOMPARE(accounts(), 2);
        QVERIFY(!m_services->sync().identity()->viewingAccount.has_value());

        // The backend hears of the end when it is reached again.
        QTRY_COMPARE(m_services->sync().status().connection, SyncStatus::Connection::Offline);
        m_backend->comeBack();
        m_services->sync().syncNow();
        QTRY_COMPARE(m_services->sync().status().connection, SyncStatus::Connection::Live);
        QTRY_COMPARE(m_backend->asked("DELETE", "/v1/sessions/current").size(), std::size_t { 1 });
        RawServer::Request ended = m_backend->asked("DELETE", "/v1/sessions/current").front();
        QVERIFY(ended.headers["authorization"].endsWith(Backend::viewing));
    }

    void aSessionThatEndedIsSaidAndWhatIsHereStaysReadable()
    {
        signIn();
        QTRY_COMPARE(accounts(), 2);
        m_backend->isSessionOver = true;
        m_services->sync().syncNow();
        QTRY_COMPARE(m_services->sync().status().connection, SyncStatus::Connection::SignedOut);
        QCOMPARE(m_services->sync().status().problem->code, ErrorCode::Unauthenticated);
        QVERIFY(m_services->sync().identity().has_value());
        QCOMPARE(accounts(), 2);
    }

    void aDocumentIsMadeHereOnlyWhereNobodyCanBeAsked_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("isAway");
        QTest::addColumn<QString>("outcome");
        QTest::newRow("sent") << httpAnswer(200, "text/csv", "a,b\r\n") << false << "ok";
        QTest::newRow("not allowed")
            << refused(403, "permission-denied") << false << "permission-denied";
        QTest::newRow("a portal") << httpAnswer(200, "text/html", "<p>") << false << "bad-answer";
        QTest::newRow("another type")
            << httpAnswer(200, "application/pdf", "%PDF") << false << "bad-answer";
        QTest::newRow("cut") << QByteArray() << false << "made here";
        QTest::newRow("offline") << QByteArray() << true << "made here";
    }
    void aDocumentIsMadeHereOnlyWhereNobodyCanBeAsked()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, isAway);
        signIn();
        QTRY_VERIFY(m_services->store().bill(5).has_value());
        m_backend->toDocuments = { answer };
        if (isAway)
            m_backend->goAway();
        auto document = m_services->intents().document(5, QStringLiteral("csv"));
        QTRY_VERIFY(document.isFinished());
        const Result<client::SavedDocument> got = document.result();
        const std::string outcome = !got ? std::string(wireName(got.error().code))
            : got->savedAt               ? "ok"
                                         : "made here";
        QTEST(QString::fromStdString(outcome), "outcome");
    }

    void aStoreThatCannotBeReadIsMovedAsideAndBegunAnew()
    {
        m_services.reset();
        for (const QString& name : QDir(m_folder->path()).entryList(QDir::Files))
            QFile::remove(m_folder->filePath(name));
        QFile file(m_folder->filePath(QStringLiteral("console.db")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        start();
        QCOMPARE(
            QDir(m_folder->path()).entryList({ QStringLiteral("console.db.unreadable-*") }).size(),
            1
        );
        signIn();
        QTRY_COMPARE(accounts(), 2);
    }

    void whatIsKeptIsForItsOwnerOnly()
    {
        // One that an older program left for everybody to read.
        constexpr auto everybody
            = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
        m_services.reset();
        const QString file = m_folder->filePath(QStringLiteral("console.db"));
        QVERIFY(QFile::setPermissions(file, everybody));
        for (const bool isNew : { false, true }) {
            m_services.reset();
            if (isNew)
                QVERIFY(QFile::remove(file));
            start();
            signIn();
            QTRY_COMPARE(accounts(), 2);
            const QFileInfoList kept = QDir(m_folder->path()).entryInfoList(QDir::Files);
            QVERIFY(kept.size() > 1); // with what SQLite keeps beside it
            for (const QFileInfo& each : kept)
                QVERIFY2(!(each.permissions() & others), qPrintable(each.fileName()));
        }
        const QString folder = m_folder->filePath(QStringLiteral("new/data"));
        QVERIFY(client::makePrivateFolder(folder));
        for (const QString& each : { folder, m_folder->filePath(QStringLiteral("new")) })
            QVERIFY2(!(QFileInfo(each).permissions() & others), qPrintable(each));
        // Somebody else's folder is not ours to close.
        QVERIFY(QFile::setPermissions(folder, everybody | QFile::ExeOwner));
        QVERIFY(client::makePrivateFolder(folder));
        QVERIFY(QFileInfo(folder).permissions() & QFile::ReadOther);
    }

    void whereOneSignedInLastIsRemembered()
    {
        signIn();
        m_services.reset();
        ConsoleServices::Options options = this->options();
        options.server.clear();
        m_services = ConsoleServices::start(options).value();
        QCOMPARE(m_services->server(), m_backend->url());
    }

private:
    static constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

    [[nodiscard]] ConsoleServices::Options options() const
    {
        constexpr int answerMs = 2000;
        return { m_folder->filePath(QStringLiteral("console.db")), m_backend->url(),
                 TokenVault::Backing::MemoryOnly, answerMs };
    }
    void start()
    {
        m_services.reset();
        m_services = ConsoleServices::start(options()).value();
    }
    void signIn()
    {
        QCOMPARE(
            outcomeOf(m_services->intents().signIn(
                m_backend->url().toString(), QStringLiteral("ada@example.com"),
                QStringLiteral("a password")
            )),
            QStringLiteral("ok")
        );
    }
    template <class T> [[nodiscard]] static QString outcomeOf(QFuture<Result<T>> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }))
            return QStringLiteral("never answered");
        const Result<T> result = future.result();
        return result ? QStringLiteral("ok")
                      : QString::fromStdString(std::string(wireName(result.error().code)));
    }
    [[nodiscard]] int accounts() const
    {
        const auto answer = m_services->queries().accounts().result();
        return answer ? static_cast<int>(answer->size()) : -1;
    }
    /// Of the writes that the backend saw, in their order.
    [[nodiscard]] QList<QByteArray> keys() const
    {
        QList<QByteArray> keys;
        for (RawServer::Request request : m_backend->asked("PUT", "/v1/accounts/1/terms"))
            keys.append(request.headers["idempotency-key"]);
        return keys;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Backend> m_backend;
    std::unique_ptr<ConsoleServices> m_services;
};

QTEST_GUILESS_MAIN(ConsoleServicesTest)

#include "tst_console_services.moc"
