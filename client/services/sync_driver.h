#pragma once

#include "client/ports/answers.h"
#include "client/store/store.h"
#include "client/sync/sync_machine.h"
#include "client/transport/event_parser.h"
#include "client/transport/http_transport.h"
#include "client/transport/token_vault.h"
#include "core/contract/messages.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <QtCore/QTimer>

#include <functional>
#include <mutex>
#include <optional>

/// Lives on the worker thread: gives the sync machine its answers, holds the session, and sends
/// intents. What windows may read from their own thread (status, identity) is copied under a lock.
namespace quittance::client {

class SyncDriver : public QObject {
    Q_OBJECT

public:
    SyncDriver(Store& store, TokenVault::Backing backing, int answerMs);
    ~SyncDriver() override;

    /// Where a person signed in last; empty before the first time.
    [[nodiscard]] static QUrl lastServer(Store& store);

    // ---- any thread ----
    [[nodiscard]] SyncStatus status() const;
    [[nodiscard]] std::optional<Identity> identity() const;
    [[nodiscard]] BrandItem brand() const;
    [[nodiscard]] Instant now() const;

    // ---- the worker thread ----
    using SignedIn = std::function<void(Result<Identity>)>;
    /// What was stored is shown at once; the session of the last run goes on where the keychain has
    /// it.
    void resume(const QUrl& server);
    void signIn(const QUrl& server, const QString& email, const QString& password, SignedIn done);
    void acceptInvitation(
        const QUrl& server, const QString& code, const QString& password,
        std::function<void(Result<>)> done
    );
    void signOut(const std::function<void(Result<>)>& done);
    void viewAsCustomer(AccountId account, SignedIn done);
    void endViewing(const SignedIn& done);
    void subscribe(const std::string& scope);
    void retryNow();
    void cancelLoading();
    /// A request of an intent; answered with Unavailable at once while nobody is signed in.
    void send(const TransportRequest& request, HttpTransport::AnswerFunction answer);
    /// A write: stored with an idempotency key before it is sent, and forgotten once it is
    /// answered. The same write again, after a crash or an answer that never came, goes with the
    /// same key.
    void sendIntent(TransportRequest request, HttpTransport::AnswerFunction answer);
    void stop();

Q_SIGNALS:
    void statusChanged();
    void identityChanged();
    void brandChanged();
    void scopesChanged(const QStringList& scopes);

private:
    void readKept();
    void pump();
    void verify(const SyncRequest& request);
    void perform(const SyncRequest& request);
    void askChanges(const SyncRequest& request);
    void askSnapshot(const SyncRequest& request);
    void takeSnapshotLines(const QList<QByteArray>& lines);
    void snapshotFinished(bool ok, const Error& error);
    void failRequest(std::uint64_t id, const Error& error);
    void endSnapshot();
    void openEvents();
    void closeEvents();
    void takeEventLines(const QList<QByteArray>& lines);
    void endSession(const QByteArray& token);
    void endLeftOpen();
    void takeSession(const contract::SessionView& session, const SignedIn& done);
    Result<> enter(const QByteArray& token, const contract::Me& me);
    [[nodiscard]] Result<contract::Me> storedMe() const;
    Result<> adopt(const contract::Me& me);
    void fetchBrand();
    void publish();
    void setClock(const contract::Me& me);
    [[nodiscard]] SyncStatus makeStatus() const;

    Store& m_store;
    HttpTransport m_transport;
    TokenVault m_vault;
    SyncMachine m_machine;
    QTimer m_wake;
    QTimer m_reopenEvents;
    QUrl m_server;
    QByteArray m_token;
    QByteArray m_tokenBehindView; ///< the own session while viewing as a customer
    QList<QByteArray> m_leftOpen; ///< sessions whose end the backend has not heard of yet
    std::optional<contract::Me> m_me;
    std::uint64_t m_session = 0; ///< counts sign-ins and sign-outs
    bool m_tokenKept = true;
    bool m_verified = false;

    LineReply* m_snapshot = nullptr;
    std::uint64_t m_snapshotId = 0;
    bool m_snapshotHasHeader = false;
    std::optional<contract::SnapshotEnd> m_snapshotEnd;
    LineReply* m_events = nullptr;
    EventParser m_eventParser;

    mutable std::mutex m_shared;
    SyncStatus m_status;
    std::optional<Identity> m_identity;
    BrandItem m_brand;
    std::int64_t m_clockOffsetMicros = 0;
};

} // namespace quittance::client
