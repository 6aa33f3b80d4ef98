#include "client/services/sync_driver.h"

#include "core/contract/codec.h"

#include <QtCore/QDateTime>
#include <QtCore/QUuid>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace quittance::client {

namespace {

constexpr std::string_view meKey = "me";
constexpr std::string_view brandKey = "brand";
constexpr std::string_view clockKey = "clock-offset";
constexpr std::string_view serverKey = "server";
constexpr int reopenEventsMs = 5'000;

std::string_view view(const QByteArray& bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

QByteArray bytes(std::string_view text)
{
    return { text.data(), static_cast<qsizetype>(text.size()) };
}

Instant systemNow()
{
    constexpr std::int64_t microsPerMilli = 1000;
    return Instant { QDateTime::currentMSecsSinceEpoch() * microsPerMilli };
}

QByteArray encodedScope(const std::string& scope)
{
    return QUrl::toPercentEncoding(QString::fromStdString(scope));
}

Identity identityOf(const contract::Me& me)
{
    Identity identity { me.person, me.name, me.email, {}, me.viewingAccount };
    for (const contract::GrantView& grant : me.grants)
        identity.grants.push_back({ grant.role, grant.account });
    return identity;
}

BrandItem brandItem(const contract::BrandView& brand)
{
    return { brand.name, bytes(brand.logoSvg), QString::fromStdString(brand.accentLight),
             QString::fromStdString(brand.accentDark) };
}

bool isSameOwner(const contract::Me& a, const contract::Me& b)
{
    return a.installation == b.installation && a.person == b.person
        && a.viewingAccount == b.viewingAccount;
}

template <class T> Result<T> decode(const Result<TransportAnswer>& answer)
{
    if (!answer)
        return failure(answer.error());
    Result<T> decoded = contract::fromText<T>(view(answer->body));
    if (!decoded)
        return failure(
            ErrorCode::BadAnswer, "the answer leaves the contract: " + decoded.error().detail
        );
    return decoded;
}

bool isLineCut(ErrorCode code)
{
    return code == ErrorCode::Unavailable || code == ErrorCode::Timeout;
}

/// Whether a write that ended so may have been done all the same.
bool mayHaveHappened(ErrorCode code)
{
    return isLineCut(code) || code == ErrorCode::BadAnswer || code == ErrorCode::Cancelled
        || code == ErrorCode::Busy || code == ErrorCode::Internal;
}

SyncStatus::Connection shown(SyncConnection connection)
{
    switch (connection) {
    case SyncConnection::SignedOut:
        return SyncStatus::Connection::SignedOut;
    case SyncConnection::Connecting:
        return SyncStatus::Connection::Connecting;
    case SyncConnection::Live:
        return SyncStatus::Connection::Live;
    case SyncConnection::Offline:
        return SyncStatus::Connection::Offline;
    }
    return SyncStatus::Connection::SignedOut;
}

} // namespace

SyncDriver::SyncDriver(Store& store, TokenVault::Backing backing, int answerMs)
    : m_store(store)
    , m_transport(answerMs, this)
    , m_vault(backing, this)
    , m_machine(store)
{
    connect(&m_vault, &TokenVault::refused, this, [this] {
        m_tokenKept = false;
        publish();
    });
    m_wake.setParent(this);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &SyncDriver::pump);
    m_reopenEvents.setParent(this);
    m_reopenEvents.setSingleShot(true);
    m_reopenEvents.setInterval(reopenEventsMs);
    connect(&m_reopenEvents, &QTimer::timeout, this, &SyncDriver::openEvents);
    readKept();
}

// Streams end before the network that they read from.
SyncDriver::~SyncDriver()
{
    closeEvents();
    endSnapshot();
}

/// What the window shows from its first moment on, before there is a second thread.
void SyncDriver::readKept()
{
    if (const auto offset = m_store.value(clockKey); offset && *offset)
        m_clockOffsetMicros = QByteArray::fromStdString(**offset).toLongLong();
    if (const auto text = m_store.value(brandKey); text && *text) {
        if (const auto brand = contract::fromText<contract::BrandView>(**text))
            m_brand = brandItem(*brand);
    }
}

QUrl SyncDriver::lastServer(Store& store)
{
    const auto text = store.value(serverKey);
    return text && *text ? QUrl(QString::fromStdString(**text)) : QUrl();
}

SyncStatus SyncDriver::status() const
{
    const std::lock_guard lock(m_shared);
    return m_status;
}

std::optional<Identity> SyncDriver::identity() const
{
    const std::lock_guard lock(m_shared);
    return m_identity;
}

BrandItem SyncDriver::brand() const
{
    const std::lock_guard lock(m_shared);
    return m_brand;
}

Instant SyncDriver::now() const
{
    const std::lock_guard lock(m_shared);
    return Instant { systemNow().micros + m_clockOffsetMicros };
}

// ---- session ----

void SyncDriver::resume(const QUrl& server)
{
    m_server = server;
    m_transport.setServer(server);
    const Result<contract::Me> me = storedMe();
    if (!me) {
        publish();
        return;
    }
    m_vault.read(server.toString(), [this, me = *me](const QByteArray& token) {
        m_token = token;
        m_transport.setToken(token);
        if (!adopt(me)) {
            publish();
            return;
        }
        // Without a session nothing new comes, but what was synced stays readable.
        if (token.isEmpty())
            m_machine.stop();
        pump();
    });
}

void SyncDriver::signIn(
    const QUrl& server, const QString& email, const QString& password, SignedIn done
)
{
    m_server = server;
    m_transport.setServer(server);
    m_transport.setToken({});
    const contract::SignInRequest form { email.toStdString(), password.toStdString() };
    m_transport.send(
        { "POST", QStringLiteral("/v1/sessions"), bytes(contract::toText(form)), {}, {} }, this,
        [this, done = std::move(done)](const Result<TransportAnswer>& answer) {
            const auto session = decode<contract::SessionView>(answer);
            if (!session) {
                done(failure(session.error()));
                return;
            }
            if (Result<> kept = m_store.setValue(serverKey, m_server.toString().toStdString());
                !kept)
                qWarning("server not kept: %s", kept.error().detail.c_str());
            m_tokenKept = true;
            m_vault.write(m_server.toString(), bytes(session->token));
            m_tokenBehindView.clear();
            takeSession(*session, done);
        }
    );
}

// It takes no idempotency key and is not stored: an invitation works once by itself, and the
// password must not lie on disk.
void SyncDriver::acceptInvitation(
    const QUrl& server, const QString& code, const QString& password,
    std::function<void(Result<>)> done
)
{
    const contract::AcceptInvitationRequest form { code.toStdString(), password.toStdString() };
    m_transport.setServer(server);
    m_transport.setToken({});
    m_transport.send(
        { "POST", QStringLiteral("/v1/invitations/accept"), bytes(contract::toText(form)), {}, {} },
        this,
        [done = std::move(done)](const Result<TransportAnswer>& answer) {
            constexpr int noContent = 204;
            if (!answer)
                done(failure(answer.error()));
            else if (answer->status != noContent)
                done(failure(ErrorCode::BadAnswer, "something else than 204 to an invitation"));
            else
                done({});
        }
    );
    // Of sync and of what is still signed in, nothing changes.
    m_transport.setServer(m_server);
    m_transport.setToken(m_token);
}

Result<contract::Me> SyncDriver::storedMe() const
{
    QUITTANCE_TRY(const std::optional<std::string> text, m_store.value(meKey));
    if (!text)
        return failure(ErrorCode::NotFound, "nobody signed in on this computer");
    return contract::fromText<contract::Me>(*text);
}

Result<> SyncDriver::enter(const QByteArray& token, const contract::Me& me)
{
    ++m_session;
    m_token = token;
    m_transport.setToken(m_token);
    closeEvents();
    endSnapshot();
    m_verified = false;
    return adopt(me);
}

void SyncDriver::takeSession(const contract::SessionView& session, const SignedIn& done)
{
    if (Result<> entered = enter(bytes(session.token), session.me); !entered) {
        done(failure(entered.error()));
        return;
    }
    m_verified = true;
    setClock(session.me);
    fetchBrand();
    done(identityOf(session.me));
    pump();
}

Result<> SyncDriver::adopt(const contract::Me& me)
{
    QUITTANCE_CHECK(m_machine.start(me));
    // A customer's view is of this run only: the next start shows one's own.
    if (!me.viewingAccount)
        QUITTANCE_CHECK(m_store.setValue(meKey, contract::toText(me)));
    m_me = me;
    {
        const std::lock_guard lock(m_shared);
        m_identity = identityOf(me);
    }
    // The status first: somebody who is signed in beside a status of before looks signed out.
    publish();
    Q_EMIT identityChanged();
    return {};
}

void SyncDriver::setClock(const contract::Me& me)
{
    const std::int64_t offset = me.sandboxClock ? me.now.micros - systemNow().micros : 0;
    {
        const std::lock_guard lock(m_shared);
        m_clockOffsetMicros = offset;
    }
    if (Result<> kept = m_store.setValue(clockKey, std::to_string(offset)); !kept)
        qWarning("clock offset not kept: %s", kept.error().detail.c_str());
}

void SyncDriver::fetchBrand()
{
    m_transport.send(
        { "GET", QStringLiteral("/v1/brand"), {}, {}, {} }, this,
        [this](const Result<TransportAnswer>& answer) {
            const auto brand = decode<contract::BrandView>(answer);
            if (!brand)
                return;
            if (Result<> kept = m_store.setValue(brandKey, contract::toText(*brand)); !kept)
                return;
            {
                const std::lock_guard lock(m_shared);
                m_brand = brandItem(*brand);
            }
            Q_EMIT brandChanged();
        }
    );
}

// The backend is told where it is reached, now or when it is the next time.
void SyncDriver::endSession(const QByteArray& token)
{
    if (token.isEmpty())
        return;
    m_transport.setToken(token);
    m_transport.send(
        { "DELETE", QStringLiteral("/v1/sessions/current"), {}, {}, {} }, this,
        [this, token](const Result<TransportAnswer>& answer) {
            if (!answer && isLineCut(answer.error().code))
                m_leftOpen.append(token);
        }
    );
    m_transport.setToken(m_token);
}

void SyncDriver::endLeftOpen()
{
    for (const QByteArray& token : std::exchange(m_leftOpen, {}))
        endSession(token);
}

void SyncDriver::signOut(const std::function<void(Result<>)>& done)
{
    endSession(m_token);
    endSession(std::exchange(m_tokenBehindView, {}));
    ++m_session;
    m_vault.remove(m_server.toString());
    stop();
    m_token.clear();
    m_transport.setToken({});
    m_me.reset();
    {
        const std::lock_guard lock(m_shared);
        m_identity.reset();
    }
    Q_EMIT identityChanged();
    publish();
    Result<> forgotten = m_store.removeValue(meKey);
    if (forgotten)
        forgotten = m_store.bind("signed out");
    done(std::move(forgotten));
    Q_EMIT scopesChanged({ QStringLiteral("accounts"), QStringLiteral("people"),
                           QStringLiteral("bills:"), QStringLiteral("events:") });
}

void SyncDriver::viewAsCustomer(AccountId account, SignedIn done)
{
    send(
        { "POST",
          QStringLiteral("/v1/sessions/view"),
          bytes(contract::toText(contract::ViewAsRequest { account })),
          {},
          {} },
        [this, done = std::move(done)](const Result<TransportAnswer>& answer) {
            const auto session = decode<contract::SessionView>(answer);
            if (!session) {
                done(failure(session.error()));
                return;
            }
            if (m_tokenBehindView.isEmpty())
                m_tokenBehindView = m_token;
            takeSession(*session, done);
        }
    );
}

// What is one's own is stored here: no answer is needed to go back to it.
void SyncDriver::endViewing(const SignedIn& done)
{
    if (m_tokenBehindView.isEmpty()) {
        done(failure(ErrorCode::Precondition, "not viewing as a customer"));
        return;
    }
    const Result<contract::Me> own = storedMe();
    if (!own) {
        done(failure(own.error()));
        return;
    }
    const QByteArray viewing = m_token;
    Result<> entered = enter(std::exchange(m_tokenBehindView, {}), *own);
    endSession(viewing);
    done(entered ? Result<Identity>(identityOf(*own)) : failure(entered.error()));
    Q_EMIT scopesChanged({ QStringLiteral("accounts"), QStringLiteral("people"),
                           QStringLiteral("bills:") });
    pump();
}

void SyncDriver::send(const TransportRequest& request, HttpTransport::AnswerFunction answer)
{
    if (m_token.isEmpty()) {
        answer(failure(ErrorCode::Unauthenticated, "sign in first"));
        return;
    }
    m_transport.send(
        request, this,
        [this, session = m_session, answer = std::move(answer)](Result<TransportAnswer> got) {
            // Of somebody who left meanwhile: nothing of it may be kept or shown.
            if (session != m_session) {
                answer(failure(ErrorCode::Cancelled, "the session ended meanwhile"));
                return;
            }
            const bool isOver = !got && got.error().code == ErrorCode::Unauthenticated;
            answer(std::move(got));
            if (isOver)
                retryNow(); // sync finds out, and says so
        }
    );
}

void SyncDriver::sendIntent(TransportRequest request, HttpTransport::AnswerFunction answer)
{
    const Result<std::string> key
        = m_store.keepIntent({ QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString(),
                               request.method.toStdString(), request.path.toStdString(),
                               request.body.toStdString(), systemNow() });
    if (!key) {
        answer(failure(key.error())); // unstored, it could be sent twice: it is not sent at all
        return;
    }
    request.idempotencyKey = QByteArray::fromStdString(*key);
    send(request, [this, key = *key, answer = std::move(answer)](Result<TransportAnswer> got) {
        if (got || !mayHaveHappened(got.error().code)) {
            if (Result<> forgotten = m_store.forgetIntent(key); !forgotten)
                qWarning("intent not forgotten: %s", forgotten.error().detail.c_str());
        }
        answer(std::move(got));
    });
}

// ---- sync ----

void SyncDriver::subscribe(const std::string& scope)
{
    m_machine.subscribe(scope);
    pump();
}

void SyncDriver::retryNow()
{
    m_machine.retryNow();
    pump();
}

void SyncDriver::cancelLoading()
{
    m_machine.cancelLoading();
    endSnapshot();
    pump();
}

void SyncDriver::stop()
{
    closeEvents();
    endSnapshot();
    m_machine.stop();
    m_wake.stop();
    m_reopenEvents.stop();
    m_verified = false;
}

void SyncDriver::pump()
{
    const Instant now = systemNow();
    if (const std::optional<SyncRequest> request = m_machine.nextRequest(now)) {
        if (m_verified)
            perform(*request);
        else
            verify(*request);
    }
    if (m_machine.connection() == SyncConnection::Live)
        openEvents();
    if (m_machine.connection() != SyncConnection::SignedOut) {
        constexpr std::int64_t microsPerMilli = 1000;
        constexpr std::int64_t waitMsMin = 10;
        constexpr std::int64_t waitMsMax = 60'000;
        const std::int64_t wait = (m_machine.nextWakeUp(now).micros - now.micros) / microsPerMilli;
        m_wake.start(static_cast<int>(std::clamp(wait, waitMsMin, waitMsMax)));
    }
    publish();
}

// Before the first request of a connection: is it the same installation, is the session still good?
void SyncDriver::verify(const SyncRequest& request)
{
    m_transport.send(
        { "GET", QStringLiteral("/v1/me"), {}, {}, {} }, this,
        [this, request, session = m_session](const Result<TransportAnswer>& answer) {
            if (session != m_session)
                return;
            const auto me = decode<contract::Me>(answer);
            if (!me) {
                failRequest(request.id, me.error());
                return;
            }
            m_verified = true;
            setClock(*me);
            endLeftOpen();
            if (m_me && isSameOwner(*me, *m_me)) {
                perform(request);
                return;
            }
            if (Result<> adopted = adopt(*me); !adopted)
                failRequest(request.id, adopted.error());
            pump();
        }
    );
}

void SyncDriver::perform(const SyncRequest& request)
{
    if (request.kind == SyncRequest::Kind::Snapshot)
        askSnapshot(request);
    else
        askChanges(request);
}

void SyncDriver::askChanges(const SyncRequest& request)
{
    const QString path
        = QStringLiteral("/v1/scopes/%1/changes?cursor=%2")
              .arg(
                  QString::fromLatin1(encodedScope(request.scope)), QString::number(request.cursor)
              );
    m_transport.send({ "GET", path, {}, {}, {} }, this, [this, request](const auto& answer) {
        const auto page = decode<contract::ChangePage>(answer);
        if (!page) {
            failRequest(request.id, page.error());
            return;
        }
        if (Result<> taken = m_machine.changesArrived(request.id, *page, systemNow()); !taken) {
            failRequest(request.id, taken.error());
            return;
        }
        pump();
    });
}

void SyncDriver::askSnapshot(const SyncRequest& request)
{
    endSnapshot();
    m_snapshotId = request.id;
    const QString path = QStringLiteral("/v1/scopes/%1/snapshot")
                             .arg(QString::fromLatin1(encodedScope(request.scope)));
    m_snapshot = m_transport.openLines(path, HttpTransport::Stream::Items, this);
    connect(m_snapshot, &LineReply::linesArrived, this, &SyncDriver::takeSnapshotLines);
    connect(m_snapshot, &LineReply::finished, this, &SyncDriver::snapshotFinished);
}

void SyncDriver::takeSnapshotLines(const QList<QByteArray>& lines)
{
    std::vector<contract::Item> items;
    items.reserve(static_cast<std::size_t>(lines.size()));
    const auto takeLine = [&](const QByteArray& line) -> Result<> {
        if (!m_snapshotHasHeader) {
            QUITTANCE_TRY(
                const auto header, contract::fromText<contract::SnapshotHeader>(view(line))
            );
            m_snapshotHasHeader = true;
            return m_machine.snapshotStarted(m_snapshotId, header);
        }
        if (line.startsWith("{\"end\"")) {
            QUITTANCE_TRY(m_snapshotEnd, contract::fromText<contract::SnapshotEnd>(view(line)));
            return {};
        }
        QUITTANCE_TRY(contract::Item item, contract::fromText<contract::Item>(view(line)));
        items.push_back(std::move(item));
        return {};
    };
    Result<> taken;
    for (const QByteArray& line : lines) {
        taken = takeLine(line);
        if (!taken)
            break;
    }
    if (taken && !items.empty())
        taken = m_machine.snapshotItems(m_snapshotId, items);
    if (!taken) {
        const std::uint64_t id = m_snapshotId;
        endSnapshot();
        failRequest(id, taken.error());
        return;
    }
    publish();
}

void SyncDriver::snapshotFinished(bool ok, const Error& error)
{
    const std::uint64_t id = m_snapshotId;
    const std::optional<contract::SnapshotEnd> end = m_snapshotEnd;
    endSnapshot();
    if (!ok) {
        failRequest(id, error);
        return;
    }
    if (!end) {
        failRequest(id, { ErrorCode::BadAnswer, "the snapshot was cut short" });
        return;
    }
    if (Result<> taken = m_machine.snapshotEnded(id, *end, systemNow()); !taken) {
        failRequest(id, taken.error());
        return;
    }
    pump();
}

void SyncDriver::endSnapshot()
{
    if (m_snapshot != nullptr) {
        m_snapshot->disconnect(this);
        m_snapshot->cancel();
        m_snapshot->deleteLater();
    }
    m_snapshot = nullptr;
    m_snapshotHasHeader = false;
    m_snapshotEnd.reset();
}

void SyncDriver::failRequest(std::uint64_t id, const Error& error)
{
    const SyncConnection before = m_machine.connection();
    m_machine.failed(id, error, systemNow());
    if (m_machine.connection() == SyncConnection::Offline) {
        m_verified = false;
        closeEvents();
    }
    if (before != SyncConnection::SignedOut
        && m_machine.connection() == SyncConnection::SignedOut) {
        if (!m_tokenBehindView.isEmpty()) { // only the view ran out
            endViewing([](const Result<Identity>&) {});
            return;
        }
        closeEvents();
        m_vault.remove(m_server.toString());
        m_token.clear();
    }
    pump();
}

// ---- live events ----

void SyncDriver::openEvents()
{
    if (m_events != nullptr || m_reopenEvents.isActive()
        || m_machine.connection() != SyncConnection::Live)
        return;
    m_eventParser = {};
    m_events
        = m_transport.openLines(QStringLiteral("/v1/events"), HttpTransport::Stream::Events, this);
    connect(m_events, &LineReply::linesArrived, this, &SyncDriver::takeEventLines);
    connect(m_events, &LineReply::finished, this, [this] {
        closeEvents();
        m_reopenEvents.start();
        // The backend went away, or its stream did: the next question tells which.
        retryNow();
    });
}

void SyncDriver::closeEvents()
{
    if (m_events == nullptr)
        return;
    m_events->disconnect(this);
    m_events->cancel();
    m_events->deleteLater();
    m_events = nullptr;
}

void SyncDriver::takeEventLines(const QList<QByteArray>& lines)
{
    for (const QByteArray& line : lines) {
        const auto event = m_eventParser.line(line);
        if (!event || event->name != "change")
            continue;
        const auto json = contract::parseJson(view(event->data));
        if (!json || !json->is_object())
            continue;
        if (const auto* cursor = json->get_object().if_contains("cursor");
            cursor != nullptr && cursor->is_int64())
            m_machine.hint(cursor->get_int64());
    }
    pump();
}

// ---- what the windows see ----

SyncStatus SyncDriver::makeStatus() const
{
    SyncStatus status;
    status.connection = shown(m_machine.connection());
    status.lastSync = m_machine.lastSync();
    status.offlineSince = m_machine.offlineSince();
    status.nextTry = m_machine.nextTry();
    status.problem = m_machine.problem();
    status.sessionKept = m_tokenKept;
    if (const std::optional<LoadProgress> load = m_machine.loading()) {
        status.loading = true;
        status.loadedThousandths = load->thousandths();
        status.loadingStep = std::min(load->scopesLoaded + 1, load->scopes);
        status.loadingSteps = load->scopes;
    }
    status.incomplete = m_machine.isIncomplete();
    if (const Result<std::int64_t> bills = m_store.billCount())
        status.storedBills = *bills;
    return status;
}

void SyncDriver::publish()
{
    {
        SyncStatus status = makeStatus();
        const std::lock_guard lock(m_shared);
        m_status = std::move(status);
    }
    QStringList changed;
    for (const std::string& scope : m_machine.takeChangedScopes())
        changed.append(QString::fromStdString(scope));
    if (!changed.isEmpty())
        Q_EMIT scopesChanged(changed);
    Q_EMIT statusChanged();
}

} // namespace quittance::client

#include "moc_sync_driver.cpp"
