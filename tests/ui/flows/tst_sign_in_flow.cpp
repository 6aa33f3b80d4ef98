#include "tests/ui/flows/flow_test.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QLineEdit>

using namespace quittance;
using namespace quittance::flows;

class SignInFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_demo.make()); }
    void init()
    {
        startBackend();
        openConsole();
    }
    void cleanup() { end(); }

    void aWrongPasswordIsSaidWhereItWasTyped()
    {
        ui::SignInPage& page = *m_session->window().signIn();
        QVERIFY(m_session->window().isSigningIn());
        m_session->signIn(m_demo.adminEmail(), QStringLiteral("not the password"));
        FLOW_TRY(says(page, QStringLiteral("The e-mail or the password is not right")));
        QVERIFY(m_session->window().isSigningIn());
        // What was right stays; the next key goes to what was wrong.
        QCOMPARE(field(page, QStringLiteral("Server"))->text(), m_backend->url().toString());
        QCOMPARE(field(page, QStringLiteral("E-mail"))->text(), m_demo.adminEmail());
        QLineEdit* password = field(page, QStringLiteral("Password"));
        QVERIFY(password->text().isEmpty());
        QVERIFY(password->hasFocus());
        QTest::keyClicks(password, m_demo.password());
        QTest::keyClick(password, Qt::Key_Return);
        FLOW_TRY(m_session->isLive());
        QVERIFY(says(m_session->window(), QStringLiteral("Jonas Okafor")));
        QVERIFY(m_session->hasPage(QStringLiteral("People")));
    }

    void thePasswordDoesNotOutliveTheSignIn()
    {
        m_session->signIn(m_demo.adminEmail(), m_demo.password());
        FLOW_TRY(m_session->isLive());
        QVERIFY(!m_session->bytesOnDisk().contains(m_demo.password().toUtf8()));
        m_session->signOut();
        FLOW_TRY(m_session->window().isSigningIn());
        ui::SignInPage& page = *m_session->window().signIn();
        QVERIFY(field(page, QStringLiteral("Password"))->text().isEmpty());
        press(page, QStringLiteral("Sign in"));
        QVERIFY(says(page, QStringLiteral("Enter your password.")));
        QVERIFY(m_session->window().isSigningIn());
    }

    void theNextPersonSeesNothingOfTheLast()
    {
        const QString foreign = QStringLiteral("Borealis Labs");
        m_session->signIn(m_demo.adminEmail(), m_demo.password());
        FLOW_TRY(m_session->isLive());
        lookAtABillOf(foreign);
        if (QTest::currentTestFailed())
            return;
        lookIntoCosts();
        QVERIFY(allWords(m_session->window()).contains(foreign));
        QVERIFY(m_session->bytesOnDisk().contains(foreign.toUtf8()));

        m_session->signOut();
        FLOW_TRY(m_session->window().isSigningIn());
        FLOW_TRY_COMPARE(m_session->console().services().store().billCount().value_or(-1), 0);
        QVERIFY2(
            !allWords(m_session->window()).contains(foreign),
            qPrintable(allWords(m_session->window()))
        );
        m_session->signIn(m_demo.customerEmail(), m_demo.password());
        FLOW_TRY(m_session->isLive());
        m_session->showPage(QStringLiteral("Bills"));
        ui::TableView* bills = table(m_session->window(), QStringLiteral("bills"));
        QVERIFY(bills != nullptr);
        FLOW_TRY(bills->model()->rowCount() > 0);
        QVERIFY(table(m_session->window(), QStringLiteral("events")) == nullptr);
        QVERIFY(bills->selectedRows().isEmpty());
        QVERIFY(m_session->window().findField()->text().isEmpty());
        m_session->showPage(QStringLiteral("Costs"));
        ui::TableView* costs = table(m_session->window(), QStringLiteral("costs"));
        FLOW_TRY(costs != nullptr && costs->model()->rowCount() > 1);
        QVERIFY(says(m_session->window(), QStringLiteral("Open a row or press a part of a column"))
        );
        const QString words = allWords(m_session->window());
        for (const QString& theirs :
             { foreign, QStringLiteral("Kite Robotics"), QStringLiteral("genomics"),
               m_demo.adminEmail(), QStringLiteral("Jonas Okafor") })
            QVERIFY2(!words.contains(theirs), qPrintable(theirs));
    }

    void whatSignedOutLeavesOnDiskIsNobodysData()
    {
        m_session->signIn(m_demo.adminEmail(), m_demo.password());
        FLOW_TRY(m_session->isLive());
        m_session->signOut();
        FLOW_TRY_COMPARE(m_session->console().services().store().billCount().value_or(-1), 0);
        m_session->close();
        const QByteArray left = m_session->bytesOnDisk();
        for (const char* theirs : { "Acme Research", "Borealis Labs", "Jonas Okafor", "NL-20" })
            QVERIFY2(!left.contains(theirs), theirs);
        // And the next start asks who it is.
        QVERIFY(m_session->open());
        QVERIFY(m_session->window().isSigningIn());
    }

    void aSessionThatEndedIsSaidAndWhatIsHereStaysReadable()
    {
        m_session->signIn(m_demo.customerEmail(), m_demo.password());
        FLOW_TRY(m_session->isLive());
        m_session->showPage(QStringLiteral("Bills"));
        ui::TableView* bills = table(m_session->window(), QStringLiteral("bills"));
        FLOW_TRY(bills->model()->rowCount() == 3);
        QVERIFY(m_backend->run({ QStringLiteral("person"), QStringLiteral("disable"),
                                 m_demo.customerEmail() }));
        QTest::keyClick(&m_session->window(), Qt::Key_F5);
        FLOW_TRY(says(m_session->window(), QStringLiteral("Your session ended")));
        QCOMPARE(
            m_session->window().findChild<ui::StatusDot*>()->text(), QStringLiteral("Signed out")
        );
        QVERIFY(!m_session->window().isSigningIn());
        QCOMPARE(bills->model()->rowCount(), 3);
        QVERIFY(pressRow(*bills, 1));
        FLOW_TRY(button(m_session->window(), QStringLiteral("PDF")) != nullptr);

        QVERIFY(press(m_session->window(), QStringLiteral("Sign in")));
        QVERIFY(m_session->window().isSigningIn());
        ui::SignInPage& page = *m_session->window().signIn();
        QCOMPARE(field(page, QStringLiteral("E-mail"))->text(), m_demo.customerEmail());
        m_session->signIn(m_demo.customerEmail(), m_demo.password());
        FLOW_TRY(says(page, QStringLiteral("The e-mail or the password is not right")));
        // Escape goes back to reading.
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!m_session->window().isSigningIn());
        QCOMPARE(bills->model()->rowCount(), 3);
    }

private:
    void lookAtABillOf(const QString& account)
    {
        m_session->showPage(QStringLiteral("Bills"));
        auto* search = m_session->window().findChild<QLineEdit*>(QStringLiteral("billSearch"));
        type(search, account);
        ui::TableView* bills = table(m_session->window(), QStringLiteral("bills"));
        FLOW_TRY(bills->model()->rowCount() == 3);
        QVERIFY(pressRow(*bills, 1));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Total USD")));
        QVERIFY(pressLine(m_session->window(), 1));
        FLOW_TRY(press(m_session->window(), QStringLiteral("Usage events")));
        ui::TableView* events = table(m_session->window(), QStringLiteral("events"));
        QVERIFY(events != nullptr);
        FLOW_TRY(events->model()->rowCount() > 0);
    }
    void lookIntoCosts()
    {
        m_session->showPage(QStringLiteral("Costs"));
        m_session->console().costs().setSplit(CostGroup::Account);
        ui::TableView* costs = table(m_session->window(), QStringLiteral("costs"));
        FLOW_TRY(columnTexts(*costs, 0).contains(QStringLiteral("Borealis Labs")));
        const qsizetype row = columnTexts(*costs, 0).indexOf(QStringLiteral("Borealis Labs"));
        QVERIFY(openRow(*costs, static_cast<int>(row)));
        FLOW_TRY(button(m_session->window(), QStringLiteral("Account: Borealis Labs")) != nullptr);
    }
};

int main(int argc, char** argv)
{
    return runFlow<SignInFlow>(argc, argv);
}

#include "tst_sign_in_flow.moc"
