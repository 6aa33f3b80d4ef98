#include "models/billing_history_model.h"
#include "tests/models/model_rows.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using models::BillingHistoryModel;

namespace {

ProfileVersion profile(std::int32_t version, const std::string& validFrom, const std::string& name)
{
    ProfileVersion profile;
    profile.validFrom = at(validFrom);
    profile.profile.version = version;
    profile.profile.legalName = name;
    profile.profile.country = "FR";
    return profile;
}

BillingDetails threeVersions()
{
    BillingDetails details;
    details.profileVersions = { profile(2, "2023-11-03T23:30:00Z", "Acme SAS"),
                                profile(1, "2023-01-01T00:00:00Z", "Acme SARL") };
    details.profileVersions[0].profile.taxIds = { "FR40303265045" };
    details.profileVersions[0].profile.emails = { "a@acme.example", "b@acme.example" };
    details.termsVersions = { { at("2023-06-01T10:00:00Z"), { 7, 2, "lake-us", 30 } },
                              { at("2023-01-01T00:00:00Z"), { 7, 1, "lake-de", 14 } } };
    details.legalEntities = { { "lake-us", "Lake Inc", "US" } };
    return details;
}

QLocale english()
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom);
}

} // namespace

class BillingHistoryModelTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_model = std::make_unique<BillingHistoryModel>(english());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest
        );
    }

    void rowsSayFromWhenAndWhatChanged()
    {
        m_model->setDetails(threeVersions(), QTimeZone("Europe/Paris"));
        QCOMPARE(
            headerText(*m_model), QStringLiteral("Valid from | What | Version | What changed")
        );
        const QStringList expected {
            QStringLiteral("4 Nov 2023, 00:30 | Billing profile | 2 | Legal name: Acme SAS; Tax "
                           "IDs: FR40303265045; Billing e-mails: a@acme.example, b@acme.example"),
            QStringLiteral("1 Jun 2023, 12:00 | Payment terms | 2 | Billed by: Lake Inc; Days "
                           "to pay: 30"),
            QStringLiteral("1 Jan 2023, 01:00 | Billing profile | 1 | First version"),
            QStringLiteral("1 Jan 2023, 01:00 | Payment terms | 1 | First version"),
        };
        QCOMPARE(rowTexts(*m_model), expected);
        QCOMPARE(rightAligned(*m_model), QStringLiteral("Version"));
        QCOMPARE(
            m_model->index(1, 0).data(BillingHistoryModel::CsvRole).toString(),
            QStringLiteral("2023-06-01T10:00:00Z")
        );
        QCOMPARE(
            m_model->index(0, 0).data(BillingHistoryModel::KeyRole).toString(),
            QStringLiteral("profile/2")
        );
    }

    void whatWasTakenAwayAndWhatIsNotStoredIsSaid()
    {
        BillingDetails details;
        details.profileVersions = { profile(60, "2023-11-03T00:00:00Z", "Acme"),
                                    profile(59, "2023-11-02T00:00:00Z", "Acme") };
        details.profileVersions[1].profile.purchaseOrder = "PO-7";
        m_model->setDetails(details, QTimeZone::utc());
        QCOMPARE(
            m_model->index(0, BillingHistoryModel::Change).data().toString(),
            QStringLiteral("Purchase order: \u2013")
        );
        QCOMPARE(
            m_model->index(1, BillingHistoryModel::Change).data().toString(),
            QStringLiteral("Earlier versions are not shown")
        );
        m_model->clear();
        QCOMPARE(m_model->rowCount(), 0);
    }

private:
    std::unique_ptr<BillingHistoryModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(BillingHistoryModelTest)
#include "tst_billing_history_model.moc"
