#include "models/bill_table_model.h"
#include "tests/models/model_rows.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using models::BillTableModel;

namespace {

BillSummary bill(BillId id, const std::string& number, std::int64_t total, std::int64_t open)
{
    BillSummary bill;
    bill.id = id;
    bill.accountName = "Acme";
    bill.number = number;
    bill.periodMonth = month("2023-11");
    bill.period = { at("2023-11-01T00:00:00Z"), at("2023-12-01T00:00:00Z") };
    bill.total = money(total);
    bill.open = money(open);
    bill.state = number.empty() ? BillState::Draft : open == 0 ? BillState::Paid : BillState::Open;
    if (number.empty())
        return bill;
    bill.issued = day("2023-12-02");
    bill.due = day("2023-12-16");
    return bill;
}

BillPage threeBills()
{
    BillPage page;
    page.bills
        = { bill(1, "NL-1", 1'248'020, 1'248'020), bill(2, "NL-2", 5, 0), bill(3, "", 31'000, 0) };
    return page;
}

BillTotals totals(std::int64_t count, const std::vector<Money>& openSums)
{
    return { count, openSums };
}

QLocale english()
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom);
}

} // namespace

class BillTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_model = std::make_unique<BillTableModel>(english());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest
        );
    }

    void rowsReadAsAPersonWould()
    {
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        QCOMPARE(
            headerText(*m_model),
            QStringLiteral("Number | Account | Period | Issued | Due | Total "
                           "USD | Open USD | State")
        );
        const QStringList expected {
            QStringLiteral("NL-1 | Acme | Nov 2023 | 2 Dec | 16 Dec | 12,480.20 | 12,480.20 | "
                           "Overdue"),
            QStringLiteral("NL-2 | Acme | Nov 2023 | 2 Dec | 16 Dec | 0.05 | 0.00 | Paid"),
            QStringLiteral("Draft | Acme | Nov 2023 | \u2013 | \u2013 | 310.00 | \u2013 | Draft"),
        };
        QCOMPARE(rowTexts(*m_model), expected);
        QCOMPARE(rightAligned(*m_model), QStringLiteral("Issued, Due, Total USD, Open USD"));
    }

    void exactTextIsFreeOfLocale()
    {
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        QCOMPARE(
            rowText(*m_model, 0, BillTableModel::CsvRole),
            QStringLiteral("NL-1 | Acme | 2023-11-01/2023-11-30 | 2023-12-02 | 2023-12-16 | "
                           "12480.20 | 12480.20 | Overdue")
        );
        const auto sortKey = [this](int row, int column) {
            return m_model->index(row, column).data(BillTableModel::SortRole).toLongLong();
        };
        QCOMPARE(sortKey(0, BillTableModel::Total), 1'248'020);
        QCOMPARE(sortKey(0, BillTableModel::Due), day("2023-12-16").days);
        QVERIFY(sortKey(2, BillTableModel::Due) > sortKey(0, BillTableModel::Due));
    }

    void severalCurrenciesStandInEachRow()
    {
        BillPage page = threeBills();
        page.bills[1].total = money(1'200, "JPY");
        page.bills[1].open = money(0, "JPY");
        m_model->reset(page, {}, day("2023-12-10"));
        QVERIFY(!m_model->currency());
        const auto total = [this](int row) {
            return m_model->index(row, BillTableModel::Total).data().toString();
        };
        QCOMPARE(total(0), QStringLiteral("12,480.20\u00a0USD"));
        QCOMPARE(total(1), QStringLiteral("1,200\u00a0JPY"));
        QVERIFY(!headerText(*m_model).contains(QLatin1String("USD")));
    }

    void pagesAreAskedForOnceWhenTheyAreLookedAt()
    {
        QSignalSpy wanted(m_model.get(), &BillTableModel::pageWanted);
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        m_model->setTotals(totals(BillTableModel::pageRows + 2, { money(1'248'020) }));
        wanted.clear(); // the tester looks at every row itself
        const int row = BillTableModel::pageRows + 1;
        const QModelIndex index = m_model->index(row, 0);
        QCOMPARE(index.data().toString(), QString());
        QVERIFY(index.data(BillTableModel::LoadingRole).toBool());
        QVERIFY(m_model->billAt(row) == nullptr);
        QVERIFY(wanted.count() <= 1);

        const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        BillPage second;
        second.offset = BillTableModel::pageRows;
        second.bills = { bill(8, "NL-8", 1, 1), bill(9, "NL-9", 2, 2) };
        m_model->setPage(second);
        QCOMPARE(index.data().toString(), QStringLiteral("NL-9"));
        QCOMPARE(m_model->rowOf(9), row);
        QCOMPARE(m_model->rowOf(77), -1);
        const auto keyed = [this](qint64 id) {
            return m_model->match(
                m_model->index(0, 0), BillTableModel::KeyRole, id, 1, Qt::MatchExactly
            );
        };
        QCOMPARE(keyed(9), QModelIndexList { index });
        QCOMPARE(keyed(77), QModelIndexList());
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_model->rowCount(), BillTableModel::pageRows + 2);
    }

    void theFirstPageIsShownBeforeItIsCounted()
    {
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        QCOMPARE(m_model->rowCount(), 3);
        QVERIFY(headerText(*m_model).contains(QLatin1String("Total USD")));
        const QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
        const QSignalSpy header(m_model.get(), &QAbstractItemModel::headerDataChanged);
        m_model->setTotals(totals(1'000, { money(700, "JPY"), money(1'248'020) }));
        QCOMPARE(m_model->rowCount(), 1'000);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(header.count(), 1);
        QVERIFY(!m_model->currency());
        QCOMPARE(
            m_model->index(1, BillTableModel::Total).data().toString(),
            QStringLiteral("0.05\u00a0USD")
        );

        const QSignalSpy removed(m_model.get(), &QAbstractItemModel::rowsRemoved);
        m_model->setTotals(totals(2, { money(1'248'020) }));
        QCOMPARE(m_model->rowCount(), 2);
        QCOMPARE(removed.count(), 1);
        QVERIFY(m_model->billAt(2) == nullptr);
        m_model->setTotals(totals(3, { money(1'248'020) }));
        QVERIFY(m_model->billAt(1) != nullptr);
        QVERIFY(m_model->billAt(2) == nullptr); // what was past the end is gone
    }

    void whatWasCountedBeforeHoldsForAFullPage_data()
    {
        QTest::addColumn<int>("bills");
        QTest::addColumn<int>("rows");
        QTest::newRow("a full page") << BillTableModel::pageRows << 1'000;
        QTest::newRow("all there is")
            << BillTableModel::pageRows - 1 << BillTableModel::pageRows - 1;
    }
    void whatWasCountedBeforeHoldsForAFullPage()
    {
        QFETCH(int, bills);
        BillPage page;
        for (int id = 1; id <= bills; ++id)
            page.bills.push_back(bill(id, "NL", 1, 1));
        const BillTotals known = totals(1'000, { money(0, "JPY"), money(5) });
        m_model->reset(page, known, day("2023-12-20"));
        QTEST(m_model->rowCount(), "rows");
        QVERIFY(!m_model->currency());
    }

    void aPageBeyondTheAnswerIsDropped()
    {
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        BillPage late;
        late.offset = 2;
        late.bills = { bill(3, "NL-3", 1, 1), bill(4, "NL-4", 1, 1) };
        m_model->setPage(late);
        QCOMPARE(m_model->rowCount(), 3);
        QCOMPARE(m_model->billAt(2)->number, std::string("NL-3"));
        m_model->clear();
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(m_model->billAt(0) == nullptr);
    }

    void tonesAndStates_data()
    {
        QTest::addColumn<QString>("today");
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("dueTone");
        const auto row = [](const char* name, const char* today, ShownState state, int tone) {
            QTest::newRow(name) << QString::fromLatin1(today) << static_cast<int>(state) << tone;
        };
        row("long before", "2023-12-03", ShownState::Open, 0);
        row("a week before", "2023-12-09", ShownState::DueSoon, 0);
        row("the day", "2023-12-16", ShownState::DueSoon, 0);
        row("the day after", "2023-12-17", ShownState::Overdue, 1);
    }
    void tonesAndStates()
    {
        QFETCH(QString, today);
        QFETCH(int, state);
        QFETCH(int, dueTone);
        m_model->reset(threeBills(), {}, day(today.toStdString()));
        const QModelIndex due = m_model->index(0, BillTableModel::Due);
        QCOMPARE(due.data(BillTableModel::StateRole).toInt(), state);
        QCOMPARE(due.data(BillTableModel::ToneRole).toInt(), dueTone);
    }

    void sortingIsAskedForAndNotDone()
    {
        m_model->reset(threeBills(), {}, day("2023-12-20"));
        const QStringList before = rowTexts(*m_model);
        const QSignalSpy wanted(m_model.get(), &BillTableModel::sortWanted);
        m_model->sort(BillTableModel::Total, Qt::DescendingOrder);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.first().at(0).toInt(), int { BillTableModel::Total });
        QCOMPARE(rowTexts(*m_model), before);
        for (int column = 0; column < BillTableModel::ColumnCount; ++column)
            QCOMPARE(static_cast<int>(BillTableModel::sortColumn(column)), column);
    }

private:
    std::unique_ptr<BillTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(BillTableModelTest)
#include "tst_bill_table_model.moc"
