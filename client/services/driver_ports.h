#pragma once

#include "client/ports/ports.h"
#include "client/services/sync_driver.h"
#include "client/store/store.h"

/// The ports that act: each call is posted to the driver's thread and its future finished from
/// there.
namespace quittance::client {

class DriverSync final : public Sync {
    Q_OBJECT

public:
    explicit DriverSync(SyncDriver& driver);

    [[nodiscard]] SyncStatus status() const override { return m_driver.status(); }
    [[nodiscard]] std::optional<Identity> identity() const override { return m_driver.identity(); }
    [[nodiscard]] BrandItem brand() const override { return m_driver.brand(); }
    [[nodiscard]] Instant now() const override { return m_driver.now(); }
    void syncNow() override;
    void cancelLoading() override;

private:
    SyncDriver& m_driver;
};

class DriverIntents final : public Intents {
    Q_OBJECT

public:
    DriverIntents(SyncDriver& driver, Store& store);

    [[nodiscard]] QFuture<Result<Identity>>
    signIn(QString server, QString email, QString password) override;
    [[nodiscard]] QFuture<Result<>>
    acceptInvitation(QString server, QString code, QString password) override;
    QFuture<Result<>> signOut() override;
    [[nodiscard]] QFuture<Result<Identity>> viewAsCustomer(AccountId account) override;
    [[nodiscard]] QFuture<Result<Identity>> endViewing() override;
    [[nodiscard]] QFuture<Result<SavedDocument>> document(BillId bill, QString format) override;
    [[nodiscard]] QFuture<Result<QString>>
    invitePerson(QString email, QString name, std::vector<Grant> grants) override;
    [[nodiscard]] QFuture<Result<>> disablePerson(std::int64_t person) override;
    [[nodiscard]] QFuture<Result<>> changeProfile(ProfileItem profile) override;
    [[nodiscard]] QFuture<Result<>> changeTerms(TermsItem terms) override;
    void subscribeLineEvents(BillId bill, std::int32_t line) override;
    void subscribeHistory(AccountId account) override;
    void subscribeLegalEntities() override;

private:
    SyncDriver& m_driver;
    Store& m_store;
};

} // namespace quittance::client
