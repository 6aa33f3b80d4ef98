#include "client/services/sync_driver.h"

#include "core/contract/codec.h"

#include <QtCore/QDateTime>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace quittance::client {

namespace {

const std::string meKey = "me";
const std::string brandKey = "brand";
const std::string clockKey = "clock-offset";
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

SyncDriver::SyncDriver(Store& store, TokenVault::Backing backing)
    : m_store(store)
    , m_transport(this)
    , m_vault(backing, this)
    , m_machine(store)
{
    m_wake.setParent(this);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &SyncDriver::pump);
    m_reopenEvents.setParent(this);
    m_reopenEvents.setSingleShot(true);
    m_reopenEvents.setInterval(reopenEventsMs);
    connect(&m_reopenEvents, &QTimer::timeout, this, &SyncDriver::openEvents);
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
    if (const auto offset = m_store.value(clockKey); offset && *offset) {
        const std::lock_guard lock(m_shared);
        m_clockOffsetMicros = QByteArray::fromStdString(**offset).toLongLong();
    }
    if (const auto text = m_store.value(brandKey); text && *text) {
        if (const auto brand = contract::fromText<contract::BrandView>(**text)) {
            const std::lock_guard lock(m_shared);
            m_brand = brandItem(*brand);
        }
    }
    Q_EMIT brandChanged();
    const auto stored = m_store.value(meKey);
    if (!stored || !*stored) {
        publish();
        return;
    }
    const auto me = contract::fromText<contract::Me>(**stored);
    if (!me) {
        publish();
        return;
    }
    m_vault.read(server.toString(), [this, me = *me](const QByteArray& token) {
        if (token.isEmpty()) {
            publish();
            return;
        }
        m_token = token;
        m_transport.setToken(token);
        if (adopt(me))
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
            m_vault.write(m_server.toString(), bytes(session->token));
            m_tokenBehindView.clear();
            takeSession(*session, done);
        }
    );
}

void SyncDriver::takeSession(const contract::SessionView& session, const SignedIn& done)
{
    m_token = bytes(session.token);
    m_transport.setToken(m_token);
    closeEvents();
    endSnapshot();
    if (Result<> adopted = adopt(session.me); !adopted) {
        done(failure(adopted.error()));
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
    Q_EMIT identityChanged();
    publish();
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

void SyncDriver::signOut(const std::function<void(Result<>)>& done)
{
    // The backend ends the session where it is reached; without it the token is forgotten here all
    // the same.
    m_transport.send(
        { "DELETE", QStringLiteral("/v1/sessions/current"), {}, {}, {} }, this,
        [](const Result<TransportAnswer>&) {}
    );
    m_vault.remove(m_server.toString());
    stop();
    m_token.clear();
    m_tokenBehindView.clear();
    m_transport.setToken({});
    m_me.reset();
    {
        const std::lock_guard lock(m_shared);
        m_identity.reset();
    }
    Q_EMIT identityChanged();
    publish();
    done(m_store.bind("signed out"));
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

void SyncDriver::endViewing(SignedIn done)
{
    if (m_tokenBehindView.isEmpty()) {
        done(failure(ErrorCode::Precondition, "not viewing as a customer"));
        return;
    }
    m_token = std::exchange(m_tokenBehindView, {});
    m_transport.setToken(m_token);
    send(
        { "GET", QStringLiteral("/v1/me"), {}, {}, {} },
        [this, done = std::move(done)](const Result<TransportAnswer>& answer) {
            const auto me = decode<contract::Me>(answer);
            if (!me) {
                done(failure(me.error()));
                return;
            }
            const contract::SessionView session { std::string(view(m_token)), {}, *me };
            takeSession(session, done);
        }
    );
}

void SyncDriver::send(const TransportRequest& request, HttpTransport::AnswerFunction answer)
{
    if (m_token.isEmpty()) {
        answer(failure(ErrorCode::Unauthenticated, "sign in first"));
        return;
    }
    m_transport.send(request, this, std::move(answer));
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
        [this, request](const Result<TransportAnswer>& answer) {
            const auto me = decode<contract::Me>(answer);
            if (!me) {
                failRequest(request.id, me.error());
                return;
            }
            m_verified = true;
            setClock(*me);
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
    m_snapshot = m_transport.openLines(path, "application/x-ndjson", this);
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
    m_events = m_transport.openLines(QStringLiteral("/v1/events"), "text/event-stream", this);
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
    if (const std::optional<LoadProgress>& load = m_machine.loading()) {
        status.loading = true;
        status.loadingWhat = QString::fromStdString(load->scope);
        status.loaded = load->loaded;
        status.loadTotal = std::max<std::int64_t>(load->total, 0);
    }
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
