#include "tests/ui/accounts/fake_ports.h"
#include "ui/accounts/billing_details_page.h"
#include "ui/accounts/profile_form.h"
#include "ui/accounts/terms_form.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choice_field.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/lines_field.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using namespace quittance::ui;

namespace {

constexpr AccountId acme = 7;
constexpr AccountId zeta = 8;

ProfileItem acmeProfile()
{
    ProfileItem profile;
    profile.version = 2;
    profile.legalName = "Acme SARL";
    profile.addressLines = { "1 Rue de la Paix", "75002 Paris" };
    profile.country = "FR";
    profile.taxIds = { "FR40303265045" };
    profile.emails = { "bills@acme.example" };
    profile.language = "fr";
    return profile;
}

BillingDetails acmeDetails()
{
    BillingDetails details;
    details.profile = acmeProfile();
    details.terms = { acme, 1, "lake-de", 14 };
    details.profileVersions = { { Instant {}, acmeProfile() } };
    details.legalEntities = { { "lake-de", "Lake GmbH", "DE" }, { "lake-us", "Lake Inc", "US" } };
    return details;
}

} // namespace

class BillingDetailsPageTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_queries = std::make_unique<FakeQueries>();
        m_queries->details = acmeDetails();
        m_intents = std::make_unique<FakeIntents>();
        m_sync = std::make_unique<FakeSync>();
        m_memory = std::make_unique<TransientViewMemory>();
        m_colours = std::make_unique<SeriesColours>();
        m_selection = std::make_unique<ConsoleSelection>();
        m_context = std::make_unique<ConsoleContext>(ConsoleContext {
            *m_queries, *m_intents, *m_sync, *m_memory, *m_colours, QLocale(QLocale::English), {} }
        );
        signIn(Role::Admin);
        AccountItem first;
        first.id = acme;
        first.name = "Acme";
        AccountItem second;
        second.id = zeta;
        second.name = "Zeta";
        m_selection->setAccounts({ first, second });
        m_selection->setAccount(acme);
        m_window = std::make_unique<QWidget>();
        m_page = new BillingDetailsPage(*m_context, *m_selection, m_window.get());
        auto* layout = new QVBoxLayout(m_window.get());
        for (QWidget* action : m_page->headActions())
            layout->addWidget(action);
        layout->addWidget(m_page, 1);
        m_window->resize(1200, 700);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QSignalSpy loaded(m_page, &BillingDetailsPage::loaded);
        m_page->setFront(true);
        QTRY_VERIFY(!loaded.isEmpty());
    }
    void cleanup()
    {
        m_window.reset();
        m_context.reset();
    }

    void openingThePageSubscribesWhatItShows()
    {
        QCOMPARE(m_intents->histories, std::vector<AccountId> { acme });
        QCOMPARE(m_intents->legalEntities, 1);
        QCOMPARE(m_page->subtitle(), QStringLiteral("Acme"));
        QCOMPARE(m_page->historyTable()->model()->rowCount(), 1);
    }

    void whoMayWhat_data()
    {
        QTest::addColumn<int>("role");
        QTest::addColumn<bool>("profile");
        QTest::addColumn<bool>("terms");
        QTest::newRow("customer") << int { static_cast<int>(Role::Customer) } << true << false;
        QTest::newRow("finance") << int { static_cast<int>(Role::Finance) } << false << true;
        QTest::newRow("admin") << int { static_cast<int>(Role::Admin) } << true << true;
    }
    void whoMayWhat()
    {
        QFETCH(int, role);
        QFETCH(bool, profile);
        QFETCH(bool, terms);
        signIn(static_cast<Role>(role));
        QCOMPARE(action(1)->isVisible(), profile);
        QCOMPARE(action(0)->isVisible(), terms);
    }

    void theFormBeginsInItsFirstFieldWithWhatIsValid()
    {
        action(1)->click();
        QTRY_COMPARE(QApplication::focusWidget(), legalName()->edit());
        QCOMPARE(legalName()->value(), QStringLiteral("Acme SARL"));
        QCOMPARE(address()->value(), QStringLiteral("1 Rue de la Paix\n75002 Paris"));
        QCOMPARE(country()->value(), QStringLiteral("FR"));
        QCOMPARE(m_page->profileForm()->profile().version, 2);
        QVERIFY(!action(1)->isEnabled());
    }

    void enterSavesAndSaysWhatItMeans()
    {
        m_page->openProfileForm();
        legalName()->edit()->selectAll();
        QTest::keyClicks(legalName()->edit(), QStringLiteral("  Acme SAS "));
        QTest::keyClick(legalName()->edit(), Qt::Key_Return);
        QCOMPARE(m_intents->profiles.size(), std::size_t { 1 });
        QCOMPARE(m_intents->profiles[0].legalName, std::string("Acme SAS"));
        QCOMPARE(m_intents->profiles[0].account, acme);
        QCOMPARE(m_intents->profiles[0].version, 2);
        QCOMPARE(m_intents->profiles[0].taxIds, acmeProfile().taxIds);
        QVERIFY(!form()->submitButton()->isEnabled());
        QTest::keyClick(legalName()->edit(), Qt::Key_Return);
        QCOMPARE(m_intents->profiles.size(), std::size_t { 1 });
        m_intents->answer({});
        QTRY_VERIFY(!form()->isVisible());
        QVERIFY(m_page->message()->text().startsWith(QLatin1String("Saved.")));
    }

    void whatIsWrongIsSaidWhenTheFieldIsLeft()
    {
        m_page->openProfileForm();
        taxIds()->edit()->setFocus();
        taxIds()->edit()->setPlainText(QStringLiteral("FR1"));
        QVERIFY(taxIds()->error().isEmpty());
        QTest::keyClick(taxIds()->edit(), Qt::Key_Tab);
        QCOMPARE(
            taxIds()->error(),
            QStringLiteral("FR1 is not a tax ID of France. One looks like FR12345678901.")
        );
        form()->submitButton()->click();
        QVERIFY(m_intents->profiles.empty());
        QCOMPARE(QApplication::focusWidget(), taxIds()->edit());
        QTest::keyClicks(taxIds()->edit(), QStringLiteral("x"));
        QVERIFY(taxIds()->error().isEmpty());
    }

    void anotherCountryChecksTheTaxIdsAnew()
    {
        m_page->openProfileForm();
        country()->setValue(QStringLiteral("US"));
        emit country()->picker()->chosen(QStringLiteral("US"));
        QVERIFY(taxIds()->error().isEmpty()); // an id of the EU is right everywhere
        taxIds()->setValue(QStringLiteral("12-3456789"));
        QVERIFY(taxIds()->check());
        country()->setValue(QStringLiteral("DE"));
        emit country()->picker()->chosen(QStringLiteral("DE"));
        QVERIFY(taxIds()->error().contains(QLatin1String("DE123456789")));
    }

    void aRefusalStandsWhereItBelongs_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("detail");
        QTest::addColumn<bool>("atField");
        const auto row = [](const char* name, ErrorCode code, const char* detail, bool atField) {
            QTest::newRow(name) << static_cast<int>(code) << QString::fromLatin1(detail) << atField;
        };
        row("a field", ErrorCode::InvalidArgument, "taxIds \"FR1\": needs more", true);
        row("no field", ErrorCode::InvalidArgument, "something else", false);
        row("another was first", ErrorCode::Precondition, "taxIds of old", false);
        row("the network", ErrorCode::Unavailable, "no answer", false);
    }
    void aRefusalStandsWhereItBelongs()
    {
        QFETCH(int, code);
        QFETCH(QString, detail);
        QFETCH(bool, atField);
        m_page->openProfileForm();
        form()->submitButton()->click();
        m_intents->answer(failure(static_cast<ErrorCode>(code), detail.toStdString()));
        QTRY_VERIFY(form()->submitButton()->isEnabled());
        QVERIFY(form()->isVisible());
        QCOMPARE(!taxIds()->error().isEmpty(), atField);
        QCOMPARE(form()->message()->isVisible(), !atField);
    }

    void whoComesSecondBeginsAgain()
    {
        m_page->openProfileForm();
        legalName()->setValue(QStringLiteral("Mine"));
        form()->submitButton()->click();
        m_intents->answer(failure(ErrorCode::Precondition, "version 2 was expected, 3 is there"));
        m_queries->details.profile.version = 3;
        m_queries->details.profile.legalName = "Theirs";
        const QSignalSpy loaded(m_page, &BillingDetailsPage::loaded);
        emit m_queries->billingDetailsChanged();
        QTRY_VERIFY(!loaded.isEmpty());
        QTRY_VERIFY(form()->message()->isVisible());
        QCOMPARE(legalName()->value(), QStringLiteral("Mine"));
        emit form()->message()->actionTriggered();
        QCOMPARE(legalName()->value(), QStringLiteral("Theirs"));
        QCOMPARE(m_page->profileForm()->profile().version, 3);
    }

    void closingKeepsWhatWasTypedAndCancelDoesNot()
    {
        m_page->openProfileForm();
        legalName()->setValue(QStringLiteral("Half a name"));
        QVERIFY(m_page->closeDetail());
        QVERIFY(!form()->isVisible());
        QVERIFY(!m_page->closeDetail());
        m_page->openProfileForm();
        QCOMPARE(legalName()->value(), QStringLiteral("Half a name"));
        emit form()->cancelled();
        QVERIFY(!form()->isVisible());
        m_page->openProfileForm();
        QCOMPARE(legalName()->value(), QStringLiteral("Acme SARL"));
    }

    void offlineNothingCanBeSavedAndItSaysWhy()
    {
        m_page->openProfileForm();
        m_sync->setConnection(client::SyncStatus::Connection::Offline);
        QVERIFY(!form()->submitButton()->isEnabled());
        QVERIFY(!form()->submitButton()->toolTip().isEmpty());
        QTest::keyClick(legalName()->edit(), Qt::Key_Return);
        QVERIFY(m_intents->profiles.empty());
        m_page->closeDetail();
        QVERIFY(!action(1)->isEnabled());
        QVERIFY(!action(1)->toolTip().isEmpty());
        m_sync->setConnection(client::SyncStatus::Connection::Live);
        QVERIFY(action(1)->isEnabled());
    }

    void viewingAsACustomerOnlyReads()
    {
        m_sync->who->viewingAccount = acme;
        emit m_sync->identityChanged();
        QVERIFY(!action(1)->isEnabled());
        QVERIFY(action(1)->toolTip().contains(QLatin1String("read only")));
    }

    void financeChangesTheTerms()
    {
        signIn(Role::Finance);
        m_page->openTermsForm();
        auto* days = m_page->termsForm()->findChild<FormField*>();
        auto* entity = m_page->termsForm()->findChild<ChoiceField*>();
        QCOMPARE(entity->picker()->valueText(), QStringLiteral("Lake GmbH"));
        QTRY_COMPARE(QApplication::focusWidget(), entity->picker());
        entity->setValue(QStringLiteral("lake-us"));
        days->setValue(QStringLiteral("400"));
        m_page->termsForm()->submitButton()->click();
        QVERIFY(m_intents->terms.empty());
        QCOMPARE(days->error(), QStringLiteral("Type a whole number of days, 0 to 365."));
        days->setValue(QStringLiteral("30"));
        QTest::keyClick(days->edit(), Qt::Key_Return);
        QCOMPARE(m_intents->terms.size(), std::size_t { 1 });
        QCOMPARE(m_intents->terms[0].legalEntity, std::string("lake-us"));
        QCOMPARE(m_intents->terms[0].paymentDays, 30);
        QCOMPARE(m_intents->terms[0].version, 1);
        m_intents->answer({});
        QTRY_VERIFY(!m_page->termsForm()->isVisible());
    }

    void anotherAccountClosesTheForm()
    {
        m_page->openProfileForm();
        m_selection->setAccount(zeta);
        QVERIFY(!form()->isVisible());
        QCOMPARE(m_intents->histories.back(), zeta);
        QCOMPARE(m_page->subtitle(), QStringLiteral("Zeta"));
    }

    void withoutAnAccountThePageAsksForOne()
    {
        m_selection->setAccount(std::nullopt);
        auto* empty = m_page->findChild<EmptyState*>(QStringLiteral("noAccount"));
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(!action(0)->isVisible());
        const QSignalSpy wanted(m_page, &BillingDetailsPage::accountWanted);
        emit empty->actionTriggered();
        QCOMPARE(wanted.count(), 1);
    }

    void theNextPersonFindsNothing()
    {
        m_page->openProfileForm();
        legalName()->setValue(QStringLiteral("Secret"));
        m_page->forget();
        QVERIFY(!form()->isVisible());
        QCOMPARE(m_page->historyTable()->model()->rowCount(), 0);
        m_selection->setAccount(std::nullopt);
        const QSignalSpy loaded(m_page, &BillingDetailsPage::loaded);
        m_selection->setAccount(acme);
        QTRY_VERIFY(!loaded.isEmpty());
        m_page->openProfileForm();
        QCOMPARE(legalName()->value(), QStringLiteral("Acme SARL"));
    }

private:
    void signIn(Role role)
    {
        m_sync->who
            = Identity { 1,
                         "Ada",
                         "ada@acme.example",
                         { { role, role == Role::Customer ? std::optional(acme) : std::nullopt } },
                         std::nullopt };
        emit m_sync->identityChanged();
    }
    /// 0: the terms, 1: the profile.
    [[nodiscard]] Button* action(int number) const
    {
        return qobject_cast<Button*>(m_page->headActions().at(number));
    }
    [[nodiscard]] ProfileForm* form() const { return m_page->profileForm(); }
    [[nodiscard]] FormField* legalName() const { return form()->findChild<FormField*>(); }
    [[nodiscard]] LinesField* address() const { return form()->findChildren<LinesField*>().at(0); }
    [[nodiscard]] LinesField* taxIds() const { return form()->findChildren<LinesField*>().at(1); }
    [[nodiscard]] ChoiceField* country() const { return form()->findChild<ChoiceField*>(); }

    std::unique_ptr<FakeQueries> m_queries;
    std::unique_ptr<FakeIntents> m_intents;
    std::unique_ptr<FakeSync> m_sync;
    std::unique_ptr<TransientViewMemory> m_memory;
    std::unique_ptr<SeriesColours> m_colours;
    std::unique_ptr<ConsoleSelection> m_selection;
    std::unique_ptr<ConsoleContext> m_context;
    std::unique_ptr<QWidget> m_window;
    BillingDetailsPage* m_page = nullptr;
};

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    BillingDetailsPageTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_billing_details_page.moc"
