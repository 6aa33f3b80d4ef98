#pragma once

#include "client/ports/answers.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>
#include <QtCore/QString>

/// What the windows may ask. Every answer comes from the local store, on a worker thread, also
/// without network; only sync fills the store. An answer reaches the window's thread through
/// whenDone(); one that a newer question outdated is dropped by the asker. Errors carry codes; the
/// window makes the words.
namespace quittance::client {

class Queries : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual QFuture<Result<std::vector<AccountItem>>> accounts() = 0;
    [[nodiscard]] virtual QFuture<Result<BillPage>>
    bills(BillQuery query, std::int64_t offset, int limit) = 0;
    /// May come long after the first rows. Cancel the future once something else is asked.
    [[nodiscard]] virtual QFuture<Result<BillTotals>> billTotals(BillQuery query) = 0;
    [[nodiscard]] virtual QFuture<Result<Bill>> bill(BillId bill) = 0;
    /// Whether Intents::document() has a saved copy, which it gives without the backend too.
    [[nodiscard]] virtual QFuture<Result<bool>> hasDocument(BillId bill, QString format) = 0;
    [[nodiscard]] virtual QFuture<Result<LineEventPage>>
    lineEvents(BillId bill, std::int32_t line, std::int64_t offset, int limit) = 0;
    [[nodiscard]] virtual QFuture<Result<CostAnswer>> costs(CostQuery query) = 0;
    /// `account` none: all accounts that share the first one's currency.
    [[nodiscard]] virtual QFuture<Result<OverviewAnswer>>
    overview(std::optional<AccountId> account, Month month) = 0;
    [[nodiscard]] virtual QFuture<Result<std::vector<PersonItem>>> people() = 0;
    [[nodiscard]] virtual QFuture<Result<BillingDetails>> billingDetails(AccountId account) = 0;
    /// The months that have bills or costs, newest first.
    [[nodiscard]] virtual QFuture<Result<std::vector<Month>>>
    months(std::optional<AccountId> account) = 0;

Q_SIGNALS:
    /// Sync changed what is stored; ask again.
    void billsChanged();
    void costsChanged();
    void accountsChanged();
    void billingDetailsChanged();
    void peopleChanged();
    void lineEventsChanged(qint64 bill, int line);
};

/// What a person wants done. Goes to the backend with an idempotency key made before sending; what
/// changed comes back through sync. Without network each fails at once with Unavailable.
class Intents : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual QFuture<Result<Identity>>
    signIn(QString server, QString email, QString password) = 0;
    /// Sets the password of an invited person, who signs in with it from then on. Needs no session
    /// and changes none. An invitation works once: Unauthenticated where it is unknown, used or out
    /// of date.
    [[nodiscard]] virtual QFuture<Result<>>
    acceptInvitation(QString server, QString code, QString password) = 0;
    virtual QFuture<Result<>> signOut() = 0;
    [[nodiscard]] virtual QFuture<Result<Identity>> viewAsCustomer(AccountId account) = 0;
    [[nodiscard]] virtual QFuture<Result<Identity>> endViewing() = 0;
    /// "pdf", "csv" or "json": the saved copy where there is one, else from the backend (and
    /// saved). CSV of an issued bill is made on this computer where the backend is not reached.
    [[nodiscard]] virtual QFuture<Result<SavedDocument>> document(BillId bill, QString format) = 0;
    /// An invitation token to hand to the new person.
    [[nodiscard]] virtual QFuture<Result<QString>>
    invitePerson(QString email, QString name, std::vector<Grant> grants) = 0;
    [[nodiscard]] virtual QFuture<Result<>> disablePerson(std::int64_t person) = 0;
    /// `version` is the one that was changed: Precondition where another came first.
    [[nodiscard]] virtual QFuture<Result<>> changeProfile(ProfileItem profile) = 0;
    [[nodiscard]] virtual QFuture<Result<>> changeTerms(TermsItem terms) = 0;
    // Opening a page subscribes what it shows.
    /// The events of one line.
    virtual void subscribeLineEvents(BillId bill, std::int32_t line) = 0;
    /// The versions of an account's billing profile and terms.
    virtual void subscribeHistory(AccountId account) = 0;
    /// Who may be chosen to bill, for those who may choose.
    virtual void subscribeLegalEntities() = 0;
};

class Sync : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual SyncStatus status() const = 0;
    [[nodiscard]] virtual std::optional<Identity> identity() const = 0;
    [[nodiscard]] virtual BrandItem brand() const = 0;
    /// The backend's clock where it is a sandbox clock, else this computer's: what "today" means in
    /// every page.
    [[nodiscard]] virtual Instant now() const = 0;
    virtual void syncNow() = 0;
    virtual void cancelLoading() = 0;

Q_SIGNALS:
    void statusChanged();
    void identityChanged();
    void brandChanged();
};

} // namespace quittance::client
