#include "core/database/database.h"
#include "models/bill_table_model.h"
#include "tests/ui/flows/flow_test.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QJsonArray>
#include <QJsonObject>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QSet>

using namespace quittance;
using namespace quittance::flows;
using models::BillTableModel;

namespace {

constexpr QLatin1String acme("Acme Research");
constexpr QLatin1String borealis("Borealis Labs");
constexpr QLatin1String kite("Kite Robotics");

QSet<QString> distinct(const QStringList& texts)
{
    return { texts.begin(), texts.end() };
}

} // namespace

/// What roles see and do: an admin's people, a customer's own account, the view as a customer.
class PeopleFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_demo.make()); }
    void init()
    {
        startBackend();
        openConsole();
    }
    void cleanup() { end(); }

    void anAdminInvitesAndDisables()
    {
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("People"));
        FLOW_TRY(personState(QStringLiteral("Mara Lindqvist")) == QLatin1String("Active"));
        QCOMPARE(personState(QStringLiteral("Sofia Blum")), QStringLiteral("Disabled"));
        QCOMPARE(personState(QStringLiteral("Theo Marchetti")), QStringLiteral("Invited"));

        // What is wrong is said in the field; nothing is sent.
        QVERIFY(press(m_session->window(), QStringLiteral("Invite a person")));
        QVERIFY(type(field(m_session->window(), QStringLiteral("Name")), QStringLiteral("Ida Holm"))
        );
        QVERIFY(type(field(m_session->window(), QStringLiteral("E-mail")), QStringLiteral("ida")));
        QVERIFY(press(m_session->window(), QStringLiteral("Invite")));
        QVERIFY(says(m_session->window(), QStringLiteral("This is not an e-mail address.")));
        // The backend's refusal stands in the field too.
        QVERIFY(type(field(m_session->window(), QStringLiteral("E-mail")), m_demo.customerEmail()));
        QVERIFY(pick(picker(m_session->window(), QStringLiteral("Role")), QStringLiteral("Finance"))
        );
        QVERIFY(press(m_session->window(), QStringLiteral("Invite")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("It exists already.")));
        QCOMPARE(
            field(m_session->window(), QStringLiteral("Name"))->text(), QStringLiteral("Ida Holm")
        );
        QVERIFY(type(
            field(m_session->window(), QStringLiteral("E-mail")),
            QStringLiteral("ida@northlake.example")
        ));
        QVERIFY(press(m_session->window(), QStringLiteral("Invite")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Invited ida@northlake.example.")));
        FLOW_TRY(personState(QStringLiteral("Ida Holm")) == QLatin1String("Invited"));
        QCOMPARE(
            listed(QStringLiteral("ida@northlake.example"))
                .value(QStringLiteral("joined"))
                .toBool(true),
            false
        );

        const qsizetype row = columnTexts(people(), 0).indexOf(QStringLiteral("Mara Lindqvist"));
        QVERIFY(pressRow(people(), static_cast<int>(row)));
        QVERIFY(press(m_session->window(), QStringLiteral("Disable Mara Lindqvist")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Mara Lindqvist can no longer sign in."))
        );
        FLOW_TRY(personState(QStringLiteral("Mara Lindqvist")) == QLatin1String("Disabled"));
        QVERIFY(listed(QStringLiteral("mara.lindqvist@northlake.example"))
                    .value(QStringLiteral("disabled"))
                    .toBool());
        const QAbstractButton* disable
            = button(m_session->window(), QStringLiteral("Disable Mara Lindqvist"));
        QVERIFY(disable != nullptr);
        FLOW_TRY(!disable->isEnabled());
    }

    void anInvitedPersonJoinsWithTheCodeThatWasShown()
    {
        const QString email = QStringLiteral("ida@acme.example");
        const QString password = QStringLiteral("twelve or more");
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("People"));
        FLOW_TRY(!m_session->console().selection().accounts().empty());
        const QString code = invited(QStringLiteral("Ida Holm"), email);
        QVERIFY2(!code.isEmpty(), qPrintable(allWords(m_session->console().people())));
        m_session->signOut();
        FLOW_TRY(m_session->window().isSigningIn());

        ui::SignInPage& page = *m_session->window().signIn();
        QVERIFY(press(page, QStringLiteral("I have an invitation")));
        QVERIFY(says(page, QStringLiteral("At least 12 characters")));
        join(email, QStringLiteral("not the code"), password);
        FLOW_TRY(says(page, QStringLiteral("This invitation is unknown, used or out of date.")));
        QCOMPARE(m_session->window().focusWidget(), field(page, QStringLiteral("Invitation")));
        join(email, code, password);
        FLOW_TRY(m_session->isLive());
        QVERIFY(says(m_session->window(), QStringLiteral("Ida Holm")));
        QVERIFY(!m_session->hasPage(QStringLiteral("People")));
        QVERIFY(listed(email).value(QStringLiteral("joined")).toBool());
        const QByteArray kept = m_session->bytesOnDisk();
        QVERIFY(!kept.contains(password.toUtf8()));
        QVERIFY(!kept.contains(code.toUtf8()));

        // The password is theirs from now on; the invitation is nobody's.
        m_session->signOut();
        FLOW_TRY(m_session->window().isSigningIn());
        QVERIFY(press(page, QStringLiteral("I have an invitation")));
        join(email, code, QStringLiteral("another password"));
        FLOW_TRY(says(page, QStringLiteral("This invitation is unknown, used or out of date.")));
        QVERIFY(press(page, QStringLiteral("I have a password")));
        m_session->signIn(email, password);
        FLOW_TRY(m_session->isLive());
    }

    void viewingAsCustomerIsReadOnlyAndJournalled()
    {
        signIn(m_demo.adminEmail());
        QCOMPARE(viewsInJournal(), 0);
        viewAs(borealis);
        if (QTest::currentTestFailed())
            return;
        FLOW_TRY(says(
            m_session->window(),
            QStringLiteral("You see what this account's customer sees, read only.")
        ));
        FLOW_TRY(m_session->isLive());
        FLOW_TRY(!m_session->hasPage(QStringLiteral("People")));
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 3);
        QCOMPARE(
            distinct(columnTexts(bills(), BillTableModel::Account)), QSet<QString> { borealis }
        );
        QCOMPARE(viewsInJournal(), 1);

        // A customer may change their profile; who only looks as one may not.
        client::ConsoleServices& services = m_session->console().services();
        const AccountId account = m_session->console().selection().accounts().front().id;
        ProfileItem profile;
        profile.account = account;
        profile.version = 1;
        profile.legalName = "Changed";
        profile.addressLines = { "Somewhere 1" };
        profile.country = "US";
        profile.emails = { "billing@borealis.example" };
        profile.language = "en";
        const auto refused = services.intents().changeProfile(profile);
        FLOW_TRY(refused.isFinished());
        QVERIFY(!refused.result());
        QCOMPARE(refused.result().error().code, ErrorCode::ReadOnly);

        QVERIFY(press(m_session->window(), QStringLiteral("End viewing")));
        FLOW_TRY(m_session->hasPage(QStringLiteral("People")));
        FLOW_TRY(m_session->isLive());
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        QVERIFY(!says(m_session->window(), QStringLiteral("read only")));
    }

    void aViewEndsWithoutTheBackendToo()
    {
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        viewAs(kite);
        if (QTest::currentTestFailed())
            return;
        FLOW_TRY(says(m_session->window(), QStringLiteral("read only")));
        FLOW_TRY(m_session->isLive());
        m_backend->stop();
        FLOW_TRY(m_session->isOffline());
        QVERIFY(press(m_session->window(), QStringLiteral("End viewing")));
        FLOW_TRY(m_session->hasPage(QStringLiteral("People")));
        QVERIFY(!says(m_session->window(), QStringLiteral("read only")));
        // What was synced before is there at once.
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        FLOW_TRY(m_session->isOffline());
        QVERIFY(m_backend->start());
        FLOW_TRY(m_session->isLive());
    }

    void aCustomerSeesTheirOwnAccountOnly()
    {
        signIn(m_demo.customerEmail());
        QVERIFY(!m_session->hasPage(QStringLiteral("People")));
        QVERIFY(!says(m_session->window(), QStringLiteral("Administration")));
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 3);
        QCOMPARE(distinct(columnTexts(bills(), BillTableModel::Account)), QSet<QString> { acme });
        for (int key = Qt::Key_1; key <= Qt::Key_9; ++key) {
            QTest::keyClick(&m_session->window(), static_cast<Qt::Key>(key), Qt::ControlModifier);
            QVERIFY(m_session->window().currentPageId() != QLatin1String("people"));
        }
        // The picker names one account, and nothing offers more.
        QCOMPARE(m_session->window().accountPicker()->valueText(), acme);
        QVERIFY(!pick(m_session->window().accountPicker(), QStringLiteral("All accounts")));
        QVERIFY(press(m_session->window(), QStringLiteral("your menu")));
        QVERIFY(!chooseInMenu(QStringLiteral("View as customer")));
        m_session->showPage(QStringLiteral("Costs"));
        QVERIFY(
            pick(picker(m_session->window(), QStringLiteral("Split by")), QStringLiteral("Account"))
        );
        ui::TableView* costs = table(m_session->window(), QStringLiteral("costs"));
        FLOW_TRY(columnTexts(*costs, 0) == QStringList({ acme, QStringLiteral("Total") }));
        const QByteArray disk = m_session->bytesOnDisk();
        QVERIFY(disk.contains(acme.data()));
        QVERIFY(!disk.contains(borealis.data()));
        QVERIFY(!disk.contains(m_demo.adminEmail().toUtf8()));
    }

private:
    /// Invites a customer as an admin does; the invitation as the page shows it, once.
    [[nodiscard]] QString invited(const QString& name, const QString& email)
    {
        QWidget& window = m_session->window();
        press(window, QStringLiteral("Invite a person"));
        type(field(window, QStringLiteral("Name")), name);
        type(field(window, QStringLiteral("E-mail")), email);
        press(window, QStringLiteral("Invite"));
        static const QRegularExpression shown(QStringLiteral("valid 7 days: (\\S+)"));
        QRegularExpressionMatch match;
        const auto isShown = [&] {
            match = shown.match(allWords(window));
            return match.hasMatch();
        };
        return QTest::qWaitFor(isShown, 30'000) ? match.captured(1) : QString();
    }
    void join(const QString& email, const QString& code, const QString& password)
    {
        ui::SignInPage& page = *m_session->window().signIn();
        type(field(page, QStringLiteral("E-mail")), email);
        type(field(page, QStringLiteral("Invitation")), code);
        type(field(page, QStringLiteral("New password")), password);
        type(field(page, QStringLiteral("New password again")), password);
        press(page, QStringLiteral("Set password and sign in"));
    }
    void viewAs(const QString& account)
    {
        // The list of accounts may still be on its way.
        FLOW_TRY(
            press(m_session->window(), QStringLiteral("your menu"))
            && chooseInMenu(QStringLiteral("View as customer")) && chooseInMenu(account)
        );
    }
    [[nodiscard]] ui::TableView& people()
    {
        return *table(m_session->window(), QStringLiteral("people"));
    }
    [[nodiscard]] QString personState(const QString& name)
    {
        const qsizetype row = columnTexts(people(), 0).indexOf(name);
        return columnTexts(people(), 3).value(row);
    }
    [[nodiscard]] QJsonObject listed(const QString& email)
    {
        const QJsonArray everybody
            = m_backend->list({ QStringLiteral("person"), QStringLiteral("list") });
        for (const auto& person : everybody)
            if (person.toObject().value(QStringLiteral("email")).toString() == email)
                return person.toObject();
        return {};
    }
    [[nodiscard]] int viewsInJournal()
    {
        const auto journal
            = database::Database::open("sqlite:" + m_backend->database().toStdString());
        if (!journal)
            return -1;
        const auto count = (*journal)->read([](database::Transaction& tx) {
            return tx.queryInteger("SELECT COUNT(*) FROM journal_entry WHERE kind = 'view.opened' "
                                   "AND account_id IS NOT NULL");
        });
        return count ? static_cast<int>(*count) : -1;
    }
};

int main(int argc, char** argv)
{
    return runFlow<PeopleFlow>(argc, argv);
}

#include "tst_people_flow.moc"
