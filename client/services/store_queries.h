#pragma once

#include "client/ports/ports.h"
#include "client/store/store.h"

#include <QtCore/QThreadPool>

#include <functional>

namespace quittance::client {

/// Queries, answered from the store on a small pool of threads.
class StoreQueries final : public Queries {
    Q_OBJECT

public:
    /// `now` may be called from any thread.
    StoreQueries(Store& store, std::function<Instant()> now, QObject* parent = nullptr);
    ~StoreQueries() override;

    [[nodiscard]] QFuture<Result<std::vector<AccountItem>>> accounts() override;
    [[nodiscard]] QFuture<Result<BillPage>>
    bills(BillQuery query, std::int64_t offset, int limit) override;
    [[nodiscard]] QFuture<Result<BillTotals>> billTotals(BillQuery query) override;
    [[nodiscard]] QFuture<Result<Bill>> bill(BillId bill) override;
    [[nodiscard]] QFuture<Result<bool>> hasDocument(BillId bill, QString format) override;
    [[nodiscard]] QFuture<Result<LineEventPage>>
    lineEvents(BillId bill, std::int32_t line, std::int64_t offset, int limit) override;
    [[nodiscard]] QFuture<Result<CostAnswer>> costs(CostQuery query) override;
    [[nodiscard]] QFuture<Result<OverviewAnswer>>
    overview(std::optional<AccountId> account, Month month) override;
    [[nodiscard]] QFuture<Result<std::vector<PersonItem>>> people() override;
    [[nodiscard]] QFuture<Result<BillingDetails>> billingDetails(AccountId account) override;
    [[nodiscard]] QFuture<Result<std::vector<Month>>> months(std::optional<AccountId> account
    ) override;

    /// Tells the windows which questions to ask again.
    void announce(const QStringList& scopes);

private:
    [[nodiscard]] Date today(std::optional<AccountId> account);
    template <class Work> auto ask(Work work);

    Store& m_store;
    std::function<Instant()> m_now;
    QThreadPool m_pool;
    QThreadPool m_counting; ///< of its own, so that no row waits for a sum
};

} // namespace quittance::client
