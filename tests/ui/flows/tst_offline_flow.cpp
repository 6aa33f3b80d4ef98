#include "models/bill_table_model.h"
#include "tests/ui/flows/flow_test.h"
#include "ui/bills/bill_detail.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QLineEdit>
#include <QRegularExpression>

using namespace quittance;
using namespace quittance::flows;
using models::BillTableModel;

/// The backend is stopped while a person works, and comes back with news.
class OfflineFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_demo.make()); }
    void init()
    {
        startBackend();
        openConsole();
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
    }
    void cleanup() { end(); }

    void whatWasSyncedStays()
    {
        // Online, a person looked at one bill: its events and its PDF are here from then on.
        const QString number = openOldestBill();
        m_session->nextFile = m_session->file(QStringLiteral("online.pdf"));
        QVERIFY(press(detail(), QStringLiteral("PDF")));
        FLOW_TRY(says(detail(), QStringLiteral("Saved as ")));
        QVERIFY(pressLine(detail(), 1));
        QVERIFY(press(detail(), QStringLiteral("Usage events")));
        ui::TableView* events = table(detail(), QStringLiteral("events"));
        FLOW_TRY(events->model()->rowCount() > 0);
        const int eventCount = events->model()->rowCount();
        QVERIFY(press(detail(), QStringLiteral("Back to the lines")));

        goOffline();
        if (QTest::currentTestFailed())
            return;
        listSearchAndSortWork();
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(openOldestBill(), number);
        FLOW_TRY(says(detail(), QStringLiteral("Exact amount")));
        QVERIFY(press(detail(), QStringLiteral("Usage events")));
        FLOW_TRY_COMPARE(
            table(detail(), QStringLiteral("events"))->model()->rowCount(), eventCount
        );
        QVERIFY(press(detail(), QStringLiteral("Back to the lines")));
        documentsWork(number);
        if (QTest::currentTestFailed())
            return;
        chartsWork();
        if (QTest::currentTestFailed())
            return;
        whatNeedsTheNetworkSaysSo();
    }

    void newsArriveByThemselvesOnceTheBackendIsBack()
    {
        goOffline();
        if (QTest::currentTestFailed())
            return;
        QVERIFY(columnTexts(bills(), BillTableModel::Number).contains(QStringLiteral("Draft")));
        QVERIFY(m_backend->run(
            { QStringLiteral("bill"), QStringLiteral("run"), QStringLiteral("--period"),
              QStringLiteral("2026-03"), QStringLiteral("--issue") },
            nextMonth
        ));
        QVERIFY(m_backend->run({ QStringLiteral("person"), QStringLiteral("add"),
                                 QStringLiteral("nina@northlake.example"), QStringLiteral("--name"),
                                 QStringLiteral("Nina Berg"), QStringLiteral("--role"),
                                 QStringLiteral("finance") }));
        QVERIFY(m_backend->start());
        FLOW_TRY(m_session->isLive());
        FLOW_TRY(!offlineBar()->isVisible());
        FLOW_TRY(!columnTexts(bills(), BillTableModel::Number).contains(QStringLiteral("Draft")));
        QCOMPARE(bills().model()->rowCount(), 9);
        m_session->showPage(QStringLiteral("People"));
        FLOW_TRY(columnTexts(*table(m_session->window(), QStringLiteral("people")), 0)
                     .contains(QStringLiteral("Nina Berg")));
        // And the live stream is back too: what happens now arrives without asking.
        QVERIFY(m_backend->run({ QStringLiteral("person"), QStringLiteral("disable"),
                                 QStringLiteral("nina@northlake.example") }));
        FLOW_TRY(personState(QStringLiteral("Nina Berg")) == QLatin1String("Disabled"));
    }

    void aStartWithoutTheNetworkShowsWhatIsHere()
    {
        m_backend->stop();
        m_session->close();
        QVERIFY(m_session->open());
        // No keychain kept the session, but what was synced is on this computer.
        FLOW_TRY(says(m_session->window(), QStringLiteral("You are signed out, showing data of ")));
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        listSearchAndSortWork();
        if (QTest::currentTestFailed())
            return;
        QVERIFY(press(m_session->window(), QStringLiteral("Sign in")));
        m_session->signIn(m_demo.adminEmail(), m_demo.password());
        ui::SignInPage& page = *m_session->window().signIn();
        FLOW_TRY(says(page, QStringLiteral("The backend does not answer.")));
        QVERIFY(m_backend->start());
        signIn(m_demo.adminEmail());
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        QVERIFY(!says(m_session->window(), QStringLiteral("You are signed out")));
    }

private:
    [[nodiscard]] ui::OfflineBar* offlineBar()
    {
        return m_session->window().findChild<ui::OfflineBar*>();
    }
    [[nodiscard]] QLineEdit* search()
    {
        return m_session->window().findChild<QLineEdit*>(QStringLiteral("billSearch"));
    }
    [[nodiscard]] QString personState(const QString& name)
    {
        const ui::TableView* people = table(m_session->window(), QStringLiteral("people"));
        const qsizetype row = columnTexts(*people, 0).indexOf(name);
        return columnTexts(*people, 3).value(row);
    }
    void goOffline()
    {
        m_backend->stop();
        FLOW_TRY(m_session->isOffline());
        FLOW_TRY(offlineBar()->isVisible());
        static const QRegularExpression state(
            QStringLiteral("^Offline since \\d?\\d:\\d\\d.*, showing data of \\d?\\d:\\d\\d")
        );
        QVERIFY2(
            state.match(offlineBar()->accessibleName()).hasMatch(),
            qPrintable(offlineBar()->accessibleName())
        );
        FLOW_TRY(says(*offlineBar(), QStringLiteral("Next try in ")));
        QVERIFY(says(*offlineBar(), QStringLiteral("Reading, search and saved documents work.")));
        QVERIFY(button(*offlineBar(), QStringLiteral("Try now")) != nullptr);
    }
    [[nodiscard]] QString openOldestBill()
    {
        const int row = bills().model()->rowCount() - 1;
        QString number = columnTexts(bills(), BillTableModel::Number).at(row);
        pressRow(bills(), row);
        if (!QTest::qWaitFor(
                [&] { return says(detail(), QStringLiteral("Bill ") + number); }, 30'000
            ))
            qWarning("bill %s does not open", qPrintable(number));
        return number;
    }
    void listSearchAndSortWork()
    {
        QCOMPARE(bills().model()->rowCount(), 9);
        type(search(), QStringLiteral("acme"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 3);
        type(search(), {});
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        QVERIFY(pressHeader(bills(), BillTableModel::Account));
        QStringList expected = columnTexts(bills(), BillTableModel::Account);
        expected.sort();
        FLOW_TRY_COMPARE(columnTexts(bills(), BillTableModel::Account), expected);
        QVERIFY(pressHeader(bills(), BillTableModel::Issued));
        if (bills().horizontalHeader()->sortIndicatorOrder() == Qt::AscendingOrder)
            QVERIFY(pressHeader(bills(), BillTableModel::Issued));
        FLOW_TRY(
            columnTexts(bills(), BillTableModel::Number).mid(0, 3)
            == QStringList(3, QStringLiteral("Draft"))
        );
    }
    void documentsWork(const QString& number)
    {
        m_session->nextFile = m_session->file(QStringLiteral("offline.pdf"));
        QVERIFY(press(detail(), QStringLiteral("PDF")));
        FLOW_TRY(says(detail(), QStringLiteral("offline.pdf")));
        QCOMPARE(
            contentOf(m_session->nextFile), m_backend->exported(number, QStringLiteral("pdf"))
        );
        // CSV is made here, and is what the backend would give.
        m_session->nextFile = m_session->file(QStringLiteral("offline.csv"));
        QVERIFY(press(detail(), QStringLiteral("CSV")));
        FLOW_TRY(says(detail(), QStringLiteral("offline.csv")));
        QCOMPARE(
            contentOf(m_session->nextFile), m_backend->exported(number, QStringLiteral("csv"))
        );
        // A PDF that was never here cannot be.
        QVERIFY(pressRow(bills(), 4));
        FLOW_TRY(!says(detail(), number));
        const QAbstractButton* pdf = button(detail(), QStringLiteral("PDF"));
        FLOW_TRY(!pdf->isEnabled());
        QVERIFY(pdf->toolTip().contains(QStringLiteral("not on this computer yet")));
        QVERIFY(!chooseInContextMenu(bills(), 4, QStringLiteral("Save as PDF")));
        // The line that was unfolded is so in the next bill too.
        QVERIFY(press(detail(), QStringLiteral("Usage events")));
        FLOW_TRY(says(
            detail(), QStringLiteral("Not on this computer. They open when the network is back.")
        ));
    }
    void chartsWork()
    {
        m_session->showPage(QStringLiteral("Costs"));
        ui::TableView* costs = table(m_session->window(), QStringLiteral("costs"));
        FLOW_TRY(costs != nullptr && costs->model()->rowCount() > 1);
        QVERIFY(!m_session->console().costs().chart()->data().series.empty());
        QVERIFY(pick(m_session->window().periodPicker(), QStringLiteral("January 2026")));
        FLOW_TRY(m_session->console().costs().chart()->data().categories.size() == 31);
        m_session->showPage(QStringLiteral("Overview"));
        auto* chart = m_session->console().overview().findChild<ui::StackedColumnChart*>();
        FLOW_TRY(chart->isVisible() && chart->data().categories.size() == 31);
    }
    void whatNeedsTheNetworkSaysSo()
    {
        m_session->showPage(QStringLiteral("People"));
        FLOW_TRY(columnTexts(*table(m_session->window(), QStringLiteral("people")), 0).size() > 3);
        const QAbstractButton* invite
            = button(m_session->window(), QStringLiteral("Invite a person"));
        QVERIFY(invite != nullptr && !invite->isEnabled());
        QVERIFY(invite->toolTip().contains(QStringLiteral("not reached now")));
        QVERIFY(press(m_session->window(), QStringLiteral("your menu")));
        QVERIFY(!chooseInMenu(QStringLiteral("View as customer")));
    }
};

int main(int argc, char** argv)
{
    return runFlow<OfflineFlow>(argc, argv);
}

#include "tst_offline_flow.moc"
