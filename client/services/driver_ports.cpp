#include "client/services/driver_ports.h"

#include "core/contract/codec.h"
#include "core/contract/scopes.h"
#include "core/formats/bill_csv.h"

#include <QtCore/QDateTime>
#include <QtCore/QPromise>

#include <functional>
#include <memory>
#include <utility>

namespace quittance::client {

namespace {

std::string_view view(const QByteArray& bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

/// Runs `work(finish)` on the driver's thread; `finish` gives the future its answer, once.
template <class T, class Work> QFuture<Result<T>> post(SyncDriver& driver, Work work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    QFuture<Result<T>> future = promise->future();
    promise->start();
    QMetaObject::invokeMethod(&driver, [promise, work = std::move(work)]() mutable {
        work([promise](Result<T> result) {
            promise->addResult(std::move(result));
            promise->finish();
        });
    });
    return future;
}

TransportRequest write(const QByteArray& method, const QString& path, const std::string& body)
{
    return { method, path, QByteArray::fromStdString(body), {}, {} };
}

/// A write whose outcome comes back through sync: only whether it was taken is of interest.
QFuture<Result<>> sendWrite(SyncDriver& driver, const TransportRequest& request)
{
    return post<void>(driver, [&driver, request](auto finish) {
        driver.sendIntent(request, [finish](const Result<TransportAnswer>& answer) {
            finish(answer ? Result<>() : Result<>(failure(answer.error())));
        });
    });
}

/// What can be made of a stored bill without the backend.
Result<SavedDocument> madeHere(Store& store, BillId bill, const QString& format)
{
    QUITTANCE_TRY(const Bill stored, store.bill(bill));
    if (format != QLatin1String("csv"))
        return failure(
            ErrorCode::Unavailable, "this document is not on this computer, and the network is gone"
        );
    QUITTANCE_TRY(const std::string text, formats::billCsv(stored));
    return SavedDocument { QByteArray::fromStdString(text), std::nullopt };
}

Result<std::optional<SavedDocument>> savedDocument(Store& store, BillId bill, const QString& format)
{
    QUITTANCE_TRY(
        const std::optional<StoredDocument> saved, store.document(bill, format.toStdString())
    );
    if (!saved)
        return std::optional<SavedDocument>();
    return std::optional(SavedDocument { QByteArray::fromStdString(saved->bytes), saved->savedAt });
}

/// Issued documents never change: what came once is kept. A draft's is shown and not kept.
Result<SavedDocument> keepDocument(
    Store& store, const Bill& bill, const QString& format, const QByteArray& bytes, Instant now
)
{
    if (bill.summary.state != BillState::Draft)
        QUITTANCE_CHECK(store.saveDocument(bill.summary.id, format.toStdString(), view(bytes), now)
        );
    return SavedDocument { bytes, now };
}

/// A proxy or a portal in between may answer something of its own: never to be kept as a bill.
Result<QByteArray> documentBytes(const Result<TransportAnswer>& answer, const QString& format)
{
    if (!answer)
        return failure(answer.error());
    const QByteArray expected = format == QLatin1String("pdf") ? "application/pdf"
        : format == QLatin1String("csv")                       ? "text/csv"
                                                               : "application/json";
    if (answer->contentType != expected || answer->body.isEmpty())
        return failure(
            ErrorCode::BadAnswer,
            "asked for " + expected.toStdString() + ", got " + answer->contentType.toStdString()
        );
    return answer->body;
}

/// Whether there is no backend to ask. All else that it says stands: what it refuses is not made
/// here instead.
bool isOutOfReach(const SyncDriver& driver, ErrorCode code)
{
    return code == ErrorCode::Unavailable || code == ErrorCode::Timeout
        || (code == ErrorCode::Unauthenticated
            && driver.status().connection == SyncStatus::Connection::SignedOut);
}

template <class Finish>
void fetchDocument(
    SyncDriver& driver, Store& store, const Bill& bill, const QString& format, Finish finish
)
{
    const QString path = QStringLiteral("/v1/accounts/%1/bills/%2/document?format=%3")
                             .arg(bill.summary.account)
                             .arg(bill.summary.id)
                             .arg(format);
    driver.send(
        { "GET", path, {}, {}, {} },
        [&driver, &store, bill, format, finish](const Result<TransportAnswer>& answer) {
            const Result<QByteArray> bytes = documentBytes(answer, format);
            if (bytes)
                finish(keepDocument(store, bill, format, *bytes, driver.now()));
            else if (isOutOfReach(driver, bytes.error().code))
                finish(madeHere(store, bill.summary.id, format));
            else
                finish(failure(bytes.error()));
        }
    );
}

} // namespace

DriverSync::DriverSync(SyncDriver& driver)
    : m_driver(driver)
{
    connect(&driver, &SyncDriver::statusChanged, this, &Sync::statusChanged);
    connect(&driver, &SyncDriver::identityChanged, this, &Sync::identityChanged);
    connect(&driver, &SyncDriver::brandChanged, this, &Sync::brandChanged);
}

void DriverSync::syncNow()
{
    QMetaObject::invokeMethod(&m_driver, [driver = &m_driver] { driver->retryNow(); });
}

void DriverSync::cancelLoading()
{
    QMetaObject::invokeMethod(&m_driver, [driver = &m_driver] { driver->cancelLoading(); });
}

DriverIntents::DriverIntents(SyncDriver& driver, Store& store)
    : m_driver(driver)
    , m_store(store)
{
}

QFuture<Result<Identity>> DriverIntents::signIn(QString server, QString email, QString password)
{
    return post<Identity>(
        m_driver,
        [driver = &m_driver, server = std::move(server), email = std::move(email),
         password = std::move(password)](auto finish) {
            driver->signIn(QUrl(server), email, password, finish);
        }
    );
}

QFuture<Result<>> DriverIntents::acceptInvitation(QString server, QString code, QString password)
{
    return post<void>(
        m_driver,
        [driver = &m_driver, server = std::move(server), code = std::move(code),
         password = std::move(password)](auto finish) {
            driver->acceptInvitation(QUrl(server), code, password, finish);
        }
    );
}

QFuture<Result<>> DriverIntents::signOut()
{
    return post<void>(m_driver, [driver = &m_driver](auto finish) { driver->signOut(finish); });
}

QFuture<Result<Identity>> DriverIntents::viewAsCustomer(AccountId account)
{
    return post<Identity>(m_driver, [driver = &m_driver, account](auto finish) {
        driver->viewAsCustomer(account, finish);
    });
}

QFuture<Result<Identity>> DriverIntents::endViewing()
{
    return post<Identity>(m_driver, [driver = &m_driver](auto finish) {
        driver->endViewing(finish);
    });
}

QFuture<Result<SavedDocument>> DriverIntents::document(BillId bill, QString format)
{
    return post<SavedDocument>(
        m_driver,
        [driver = &m_driver, store = &m_store, bill, format = std::move(format)](auto finish) {
            Result<std::optional<SavedDocument>> saved = savedDocument(*store, bill, format);
            if (saved && *saved) {
                finish(std::move(**saved));
                return;
            }
            const Result<Bill> stored = store->bill(bill);
            if (!stored) {
                finish(failure(stored.error()));
                return;
            }
            fetchDocument(*driver, *store, *stored, format, finish);
        }
    );
}

QFuture<Result<QString>>
DriverIntents::invitePerson(QString email, QString name, std::vector<Grant> grants)
{
    contract::InvitePersonRequest form { email.toStdString(), name.toStdString(), {} };
    for (const Grant& grant : grants)
        form.grants.push_back({ grant.role, grant.account });
    const TransportRequest request
        = write("POST", QStringLiteral("/v1/people"), contract::toText(form));
    return post<QString>(m_driver, [driver = &m_driver, request](auto finish) {
        driver->sendIntent(request, [finish](const Result<TransportAnswer>& answer) {
            if (!answer) {
                finish(failure(answer.error()));
                return;
            }
            const auto invitation
                = contract::fromText<contract::InvitationView>(view(answer->body));
            if (invitation)
                finish(QString::fromStdString(invitation->token));
            else
                finish(failure(invitation.error()));
        });
    });
}

QFuture<Result<>> DriverIntents::disablePerson(std::int64_t person)
{
    return sendWrite(
        m_driver, write("POST", QStringLiteral("/v1/people/%1/disable").arg(person), {})
    );
}

QFuture<Result<>> DriverIntents::changeProfile(ProfileItem profile)
{
    const contract::ProfileView form { profile.version,        profile.legalName,
                                       profile.addressLines,   profile.country,
                                       profile.taxIds,         profile.purchaseOrder,
                                       profile.buyerReference, profile.emails,
                                       profile.language };
    return sendWrite(
        m_driver,
        write(
            "PUT", QStringLiteral("/v1/accounts/%1/profile").arg(profile.account),
            contract::toText(form)
        )
    );
}

QFuture<Result<>> DriverIntents::changeTerms(TermsItem terms)
{
    const contract::TermsView form { terms.version, terms.legalEntity, terms.paymentDays };
    return sendWrite(
        m_driver,
        write(
            "PUT", QStringLiteral("/v1/accounts/%1/terms").arg(terms.account),
            contract::toText(form)
        )
    );
}

void DriverIntents::subscribeLineEvents(BillId bill, std::int32_t line)
{
    QMetaObject::invokeMethod(&m_driver, [driver = &m_driver, store = &m_store, bill, line] {
        const Result<Bill> stored = store->bill(bill);
        if (!stored)
            return;
        const contract::Scope scope { contract::Scope::Kind::LineEvents, stored->summary.account,
                                      bill, line };
        driver->subscribe(contract::toText(scope));
    });
}

void DriverIntents::subscribeHistory(AccountId account)
{
    QMetaObject::invokeMethod(&m_driver, [driver = &m_driver, account] {
        driver->subscribe(contract::toText(contract::Scope { contract::Scope::Kind::History,
                                                             account }));
    });
}

void DriverIntents::subscribeLegalEntities()
{
    QMetaObject::invokeMethod(&m_driver, [driver = &m_driver] {
        const contract::Scope scope { contract::Scope::Kind::LegalEntities, std::nullopt };
        driver->subscribe(contract::toText(scope));
    });
}

} // namespace quittance::client

#include "moc_driver_ports.cpp"
