#pragma once

#include "client/ports/ports.h"

#include <QtCore/QPromise>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

/// Ports that a test answers by hand: what a page asks for and does, without a store and a backend.
namespace quittance::testing {

template <class T> QFuture<Result<T>> ready(Result<T> answer)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(answer));
    promise.finish();
    return promise.future();
}

template <class T> QFuture<Result<T>> notFaked()
{
    return ready<T>(failure(ErrorCode::NotFound, "not faked"));
}

class FakeQueries final : public client::Queries {
    Q_OBJECT

public:
    BillingDetails details;
    Result<OverviewAnswer> overviewAnswer = failure(ErrorCode::NotFound, "not faked");
    Result<CostAnswer> costAnswer = failure(ErrorCode::NotFound, "not faked");
    Result<Bill> billAnswer = failure(ErrorCode::NotFound, "not faked");
    bool isDocumentSaved = false;

    QFuture<Result<std::vector<AccountItem>>> accounts() override
    {
        return notFaked<std::vector<AccountItem>>();
    }
    QFuture<Result<BillPage>> bills(BillQuery, std::int64_t, int) override
    {
        return notFaked<BillPage>();
    }
    QFuture<Result<BillTotals>> billTotals(BillQuery) override { return notFaked<BillTotals>(); }
    QFuture<Result<Bill>> bill(BillId) override { return ready<Bill>(billAnswer); }
    QFuture<Result<bool>> hasDocument(BillId, QString) override
    {
        return ready<bool>(isDocumentSaved);
    }
    QFuture<Result<LineEventPage>> lineEvents(BillId, std::int32_t, std::int64_t, int) override
    {
        return notFaked<LineEventPage>();
    }
    QFuture<Result<CostAnswer>> costs(CostQuery) override { return ready<CostAnswer>(costAnswer); }
    QFuture<Result<OverviewAnswer>> overview(std::optional<AccountId>, Month) override
    {
        return ready<OverviewAnswer>(overviewAnswer);
    }
    QFuture<Result<std::vector<PersonItem>>> people() override
    {
        return notFaked<std::vector<PersonItem>>();
    }
    QFuture<Result<BillingDetails>> billingDetails(AccountId account) override
    {
        BillingDetails answer = details;
        answer.profile.account = account;
        answer.terms.account = account;
        return ready<BillingDetails>(std::move(answer));
    }
    QFuture<Result<std::vector<Month>>> months(std::optional<AccountId>) override
    {
        return notFaked<std::vector<Month>>();
    }
};

/// Keeps what was asked for; answer() gives the answer to the last change.
class FakeIntents final : public client::Intents {
    Q_OBJECT

public:
    std::vector<ProfileItem> profiles;
    std::vector<TermsItem> terms;
    std::vector<AccountId> histories;
    int legalEntities = 0;

    void answer(const Result<>& result)
    {
        m_promise->addResult(result);
        m_promise->finish();
    }

    QFuture<Result<Identity>> signIn(QString, QString, QString) override
    {
        return notFaked<Identity>();
    }
    QFuture<Result<>> acceptInvitation(QString, QString, QString) override
    {
        return notFaked<void>();
    }
    QFuture<Result<>> signOut() override { return notFaked<void>(); }
    QFuture<Result<Identity>> viewAsCustomer(AccountId) override { return notFaked<Identity>(); }
    QFuture<Result<Identity>> endViewing() override { return notFaked<Identity>(); }
    QFuture<Result<client::SavedDocument>> document(BillId, QString) override
    {
        return notFaked<client::SavedDocument>();
    }
    QFuture<Result<QString>> invitePerson(QString, QString, std::vector<Grant>) override
    {
        return notFaked<QString>();
    }
    QFuture<Result<>> disablePerson(std::int64_t) override { return notFaked<void>(); }
    QFuture<Result<>> changeProfile(ProfileItem profile) override
    {
        profiles.push_back(std::move(profile));
        return asked();
    }
    QFuture<Result<>> changeTerms(TermsItem changed) override
    {
        terms.push_back(std::move(changed));
        return asked();
    }
    void subscribeLineEvents(BillId, std::int32_t) override { }
    void subscribeHistory(AccountId account) override { histories.push_back(account); }
    void subscribeLegalEntities() override { ++legalEntities; }

private:
    QFuture<Result<>> asked()
    {
        m_promise = std::make_unique<QPromise<Result<>>>();
        m_promise->start();
        return m_promise->future();
    }

    std::unique_ptr<QPromise<Result<>>> m_promise;
};

class FakeSync final : public client::Sync {
    Q_OBJECT

public:
    std::optional<Identity> who;

    FakeSync() { m_status.connection = client::SyncStatus::Connection::Live; }

    void setConnection(client::SyncStatus::Connection connection)
    {
        m_status.connection = connection;
        Q_EMIT statusChanged();
    }

    [[nodiscard]] client::SyncStatus status() const override { return m_status; }
    [[nodiscard]] std::optional<Identity> identity() const override { return who; }
    [[nodiscard]] client::BrandItem brand() const override { return {}; }
    [[nodiscard]] Instant now() const override { return {}; }
    void syncNow() override { }
    void cancelLoading() override { }

private:
    client::SyncStatus m_status;
};

} // namespace quittance::testing
