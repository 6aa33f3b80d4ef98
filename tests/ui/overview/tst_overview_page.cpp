#include "models/format.h"
#include "tests/ui/accounts/fake_ports.h"
#include "ui/overview/overview_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/figure_tile.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/table_view.h"

#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using namespace quittance::ui;

namespace {

Currency currency(const char* code)
{
    return Currency::find(code).value();
}

Debt debt(const char* code, std::int64_t owed, std::int64_t overdue = 0)
{
    Debt debt { { owed, currency(code) }, overdue, {}, parseDate("1970-01-05").value() };
    if (overdue > 0)
        debt.overdueSince = parseDate("1969-12-30").value();
    return debt;
}

} // namespace

class OverviewPageTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_queries = std::make_unique<FakeQueries>();
        m_intents = std::make_unique<FakeIntents>();
        m_sync = std::make_unique<FakeSync>();
        m_memory = std::make_unique<TransientViewMemory>();
        m_colours = std::make_unique<SeriesColours>();
        m_selection = std::make_unique<ConsoleSelection>();
        m_context = std::make_unique<ConsoleContext>(ConsoleContext {
            *m_queries, *m_intents, *m_sync, *m_memory, *m_colours, QLocale(QLocale::English), {} }
        );
        OverviewAnswer answer;
        answer.currency = answer.costs.currency = currency("USD");
        m_queries->overviewAnswer = answer;
        m_selection->setMonth(monthOf(m_selection->today(m_sync->now())));
        m_page = std::make_unique<OverviewPage>(*m_context, *m_selection);
        m_page->resize(760, 560); // what a window of 1024 x 700 leaves
    }
    void cleanup() { m_page.reset(); }

    void everyCurrencyThatIsOwedIsSaid_data()
    {
        QTest::addColumn<QString>("currencies");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("help");
        QTest::newRow("none") << ""
                              << "You owe: 0.00 USD"
                              << "All bills are paid";
        QTest::newRow("one") << "EUR"
                             << "You owe: 10.00 EUR"
                             << "next due in 4 days";
        QTest::newRow("four") << "EUR JPY KWD USD"
                              << "You owe: 10.00 EUR, 1,000 JPY, 1.000 KWD, 10.00 USD"
                              << "10.00 EUR: next due in 4 days\n1,000 JPY: next due in 4 days\n"
                                 "1.000 KWD: next due in 4 days\n10.00 USD: next due in 4 days";
    }
    void everyCurrencyThatIsOwedIsSaid()
    {
        QFETCH(QString, currencies);
        for (const QString& code : currencies.split(QLatin1Char(' '), Qt::SkipEmptyParts))
            m_queries->overviewAnswer->debts.push_back(debt(code.toLatin1().constData(), 1000));
        show();
        QTEST(tile().accessibleName(), "name");
        QTEST(tile().accessibleDescription(), "help");
    }

    void whatIsOverdueIsSaidOfItsCurrency()
    {
        m_queries->overviewAnswer->debts = { debt("EUR", 1000, 400), debt("USD", 1000) };
        show();
        QCOMPARE(
            tile().accessibleDescription(),
            QStringLiteral("10.00 EUR: 4.00 overdue since Dec 30, 1969, next due Jan 5\n"
                           "10.00 USD: next due in 4 days")
        );
    }

    void whatIsOverdueSaysSinceWhenAndWhatIsNext()
    {
        m_queries->overviewAnswer->debts = { debt("EUR", 1000, 400) };
        show();
        QCOMPARE(
            tile().accessibleDescription(),
            QStringLiteral("4.00 overdue since Dec 30, 1969 next due Jan 5")
        );
    }

    void whoeverLooksAtCustomersDoesNotOweTheirBills_data()
    {
        QTest::addColumn<int>("role");
        QTest::addColumn<bool>("isOfOneAccount");
        QTest::addColumn<bool>("isViewing");
        QTest::addColumn<int>("accounts");
        QTest::addColumn<QString>("caption");
        const int customer = static_cast<int>(Role::Customer);
        const int finance = static_cast<int>(Role::Finance);
        const int readOnly = static_cast<int>(Role::ReadOnly);
        QTest::newRow("customer") << customer << true << false << 1 << "You owe";
        QTest::newRow("customer of two") << customer << true << false << 2 << "You owe";
        QTest::newRow("finance") << finance << false << false << 2 << "Customers owe";
        QTest::newRow("finance of one") << finance << true << false << 1 << "The customer owes";
        QTest::newRow("auditor of all") << readOnly << false << false << 2 << "Customers owe";
        QTest::newRow("auditor of one") << readOnly << true << false << 1 << "You owe";
        QTest::newRow("as a customer") << finance << false << true << 1 << "You owe";
    }
    void whoeverLooksAtCustomersDoesNotOweTheirBills()
    {
        QFETCH(int, role);
        QFETCH(bool, isOfOneAccount);
        QFETCH(bool, isViewing);
        QFETCH(int, accounts);
        QFETCH(QString, caption);
        constexpr AccountId account = 1;
        m_sync->who = Identity {};
        m_sync->who->grants = { { static_cast<Role>(role),
                                  isOfOneAccount ? std::optional(account) : std::nullopt } };
        if (isViewing)
            m_sync->who->viewingAccount = account;
        m_selection->setAccounts(std::vector<AccountItem>(static_cast<std::size_t>(accounts)));
        show();
        QCOMPARE(tile().accessibleName(), QString(caption + QStringLiteral(": 0.00 USD")));
    }

    void whoseABillIsNeedsNoColumnWhereThereIsOneAccount()
    {
        const auto* table = m_page->findChild<TableView*>();
        m_selection->setAccounts(std::vector<AccountItem>(2));
        show();
        QVERIFY(!table->isColumnHidden(models::BillTableModel::Account));
        m_selection->setAccounts(std::vector<AccountItem>(1));
        show();
        QVERIFY(table->isColumnHidden(models::BillTableModel::Account));
    }

    void figuresOfOneCurrencySayWhatTheyLeaveOut()
    {
        show();
        QVERIFY(!captions().contains(QStringLiteral("only")));
        m_queries->overviewAnswer->costs.otherCurrencies = { currency("EUR"), currency("JPY") };
        show();
        QVERIFY(captions().contains(QStringLiteral("This month so far, USD only")));
        QVERIFY(captions().contains(QStringLiteral("Last month, USD only")));
        QVERIFY(m_page->statusText().contains(
            QStringLiteral("Costs in USD only; left out: EUR and JPY")
        ));
    }

    void whereAllIsOverdueNoSumStandsTwice()
    {
        m_queries->overviewAnswer->debts = { debt("EUR", 1000, 1000) };
        show();
        QCOMPARE(
            tile().accessibleDescription(),
            QStringLiteral("Overdue since Dec 30, 1969 next due Jan 5")
        );
    }

    void aMonthThatHasEndedIsCalledByItsName()
    {
        m_selection->setMonth(next(monthOf(m_selection->today(m_sync->now())), -1));
        show();
        QVERIFY(!captions().contains(QStringLiteral("so far")));
        QVERIFY(captions().contains(
            monthText(m_selection->month(), QLocale(QLocale::English)) + QLatin1Char(':')
        ));
    }

    void billsAreShownWholeAsManyAsFit()
    {
        constexpr int bills = 8;
        for (int bill = 1; bill <= bills; ++bill) {
            BillSummary summary;
            summary.id = bill;
            m_queries->overviewAnswer->lastBills.push_back(summary);
        }
        static_cast<QWidget&>(*m_page).show();
        show();
        auto* table = m_page->findChild<TableView*>();
        const auto shownRows = [&] {
            int rows = 0;
            while (rows < table->model()->rowCount() && !table->isRowHidden(rows))
                ++rows;
            return rows;
        };
        m_page->resize(760, 540); // of a window of 1024 x 700
        QTRY_COMPARE(shownRows(), 2);
        m_page->resize(1184, 740); // of a window of 1440 x 900
        QTRY_COMPARE(shownRows(), 6);
    }

    void whatCannotBeReadIsSaidUntilItCan()
    {
        auto* message = m_page->findChild<InlineMessage*>();
        m_queries->overviewAnswer = failure(ErrorCode::StorageFull, "disk");
        show();
        QVERIFY(message->text().contains(QStringLiteral("The disk is full")));
        m_queries->overviewAnswer = OverviewAnswer {};
        show();
        QVERIFY(message->isHidden());
    }

private:
    void show()
    {
        m_page->setFront(true);
        QTest::qWait(1); // answers come through the event loop
        QCoreApplication::processEvents();
    }
    FigureTile& tile() { return *m_page->findChild<FigureTile*>(); } // the first: what is owed
    QString captions()
    {
        QStringList names;
        for (const FigureTile* each : m_page->findChildren<FigureTile*>())
            names.append(each->accessibleName());
        return names.join(QLatin1Char('|'));
    }

    std::unique_ptr<FakeQueries> m_queries;
    std::unique_ptr<FakeIntents> m_intents;
    std::unique_ptr<FakeSync> m_sync;
    std::unique_ptr<TransientViewMemory> m_memory;
    std::unique_ptr<SeriesColours> m_colours;
    std::unique_ptr<ConsoleSelection> m_selection;
    std::unique_ptr<ConsoleContext> m_context;
    std::unique_ptr<OverviewPage> m_page;
};

QTEST_MAIN(OverviewPageTest)

#include "tst_overview_page.moc"
