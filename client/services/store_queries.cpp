#include "client/services/store_queries.h"

#include "core/contract/scopes.h"
#include "core/domain/time_zone.h"

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QPromise>

#include <utility>

namespace quittance::client {

namespace {

constexpr int threads = 2;

} // namespace

StoreQueries::StoreQueries(Store& store, std::function<Instant()> now, QObject* parent)
    : Queries(parent)
    , m_store(store)
    , m_now(std::move(now))
{
    m_pool.setMaxThreadCount(threads);
    m_counting.setMaxThreadCount(1);
}

StoreQueries::~StoreQueries()
{
    m_store.interrupt();
    m_counting.waitForDone();
    m_pool.waitForDone();
}

template <class Work> auto StoreQueries::ask(Work work)
{
    return QtConcurrent::run(&m_pool, std::move(work));
}

/// A bill is overdue when the account's own day has passed; over many accounts the first one's zone
/// decides.
Date StoreQueries::today(std::optional<AccountId> account)
{
    const Instant now = m_now();
    const Result<std::optional<std::string>> name = m_store.timeZone(account);
    if (name && *name) {
        if (const Result<TimeZone> zone = TimeZone::find(**name))
            return zone->dateAt(now);
    }
    return TimeZone::utc().dateAt(now);
}

QFuture<Result<std::vector<AccountItem>>> StoreQueries::accounts()
{
    return ask([this] { return m_store.accounts(); });
}

QFuture<Result<BillPage>> StoreQueries::bills(BillQuery query, std::int64_t offset, int limit)
{
    return ask([this, query = std::move(query), offset, limit] {
        return m_store.bills(query, today(query.account), offset, limit);
    });
}

QFuture<Result<BillTotals>> StoreQueries::billTotals(BillQuery query)
{
    return QtConcurrent::run(
        &m_counting,
        [this, query = std::move(query)](QPromise<Result<BillTotals>>& promise) {
            promise.addResult(m_store.billTotals(query, today(query.account), [&promise] {
                return promise.isCanceled();
            }));
        }
    );
}

QFuture<Result<Bill>> StoreQueries::bill(BillId bill)
{
    return ask([this, bill] { return m_store.bill(bill); });
}

QFuture<Result<LineEventPage>>
StoreQueries::lineEvents(BillId bill, std::int32_t line, std::int64_t offset, int limit)
{
    return ask([this, bill, line, offset, limit] {
        return m_store.lineEvents(bill, line, offset, limit);
    });
}

QFuture<Result<CostAnswer>> StoreQueries::costs(CostQuery query)
{
    return ask([this, query = std::move(query)] { return m_store.costs(query); });
}

QFuture<Result<OverviewAnswer>>
StoreQueries::overview(std::optional<AccountId> account, Month month)
{
    return ask([this, account, month] { return m_store.overview(account, month, today(account)); });
}

QFuture<Result<bool>> StoreQueries::hasDocument(BillId bill, QString format)
{
    return ask([this, bill, format = format.toStdString()]() -> Result<bool> {
        QUITTANCE_TRY(const auto saved, m_store.document(bill, format));
        return saved.has_value();
    });
}

QFuture<Result<std::vector<PersonItem>>> StoreQueries::people()
{
    return ask([this] { return m_store.people(); });
}

QFuture<Result<BillingDetails>> StoreQueries::billingDetails(AccountId account)
{
    return ask([this, account] { return m_store.billingDetails(account); });
}

QFuture<Result<std::vector<Month>>> StoreQueries::months(std::optional<AccountId> account)
{
    return ask([this, account] { return m_store.months(account); });
}

void StoreQueries::announce(const QStringList& scopes)
{
    bool accounts = false;
    bool bills = false;
    bool people = false;
    bool details = false;
    for (const QString& name : scopes) {
        accounts = accounts || name == QLatin1String("accounts");
        people = people || name == QLatin1String("people");
        bills = bills || name.startsWith(QLatin1String("bills:"));
        const auto scope = contract::parseScope(name.toStdString());
        if (!scope)
            continue;
        if (scope->kind == contract::Scope::Kind::LineEvents)
            Q_EMIT lineEventsChanged(scope->bill, scope->line);
        details = details || scope->kind == contract::Scope::Kind::Accounts
            || scope->kind == contract::Scope::Kind::History
            || scope->kind == contract::Scope::Kind::LegalEntities;
    }
    if (accounts)
        Q_EMIT accountsChanged();
    if (details)
        Q_EMIT billingDetailsChanged();
    if (people)
        Q_EMIT peopleChanged();
    if (bills) {
        Q_EMIT billsChanged();
        Q_EMIT costsChanged();
    }
}

} // namespace quittance::client

#include "moc_store_queries.cpp"
