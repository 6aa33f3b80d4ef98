#include "models/paged_rows.h"

#include <QTest>

#include <vector>

using quittance::models::PagedRows;

class PagedRowsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_rows.reset(1'000);
        QCOMPARE(m_rows.put(150, { 150, 151, 152 }), 152);
    }

    void whatWasPutIsThereAndNothingElse()
    {
        QCOMPARE(m_rows.count(), 1'000);
        QCOMPARE(*m_rows.at(151), 151);
        for (const int row : { -1, 0, 149, 153, 999, 1'000 })
            QVERIFY(m_rows.at(row) == nullptr);
    }

    void aPageMayLieAnywhere()
    {
        std::vector<int> numbers(250);
        for (int i = 0; i < 250; ++i)
            numbers[static_cast<std::size_t>(i)] = 90 + i;
        QCOMPARE(m_rows.put(90, numbers), 339);
        for (int row = 90; row < 340; ++row)
            QCOMPARE(*m_rows.at(row), row);
        QVERIFY(m_rows.at(89) == nullptr);
        QVERIFY(m_rows.at(340) == nullptr);
    }

    void whatLiesPastTheEndIsDropped()
    {
        QCOMPARE(m_rows.put(999, { 1, 2 }), 999);
        QCOMPARE(m_rows.put(1'000, { 1, 2 }), 999);
        QCOMPARE(m_rows.put(5, {}), 4);
        QCOMPARE(*m_rows.at(999), 1);
    }

    void findsTheFirstThatIsHere()
    {
        m_rows.put(400, { 152, 7 });
        const auto find = [this](int number) {
            return m_rows.find([number](int row) { return row == number; });
        };
        QCOMPARE(find(152), 152);
        QCOMPARE(find(7), 401);
        QCOMPARE(find(0), -1);
    }

    void aShorterListForgetsWhatItLost_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("within a block") << 151;
        QTest::newRow("at the first row") << 150;
        QTest::newRow("between blocks") << 100;
        QTest::newRow("empty") << 0;
    }
    void aShorterListForgetsWhatItLost()
    {
        QFETCH(int, count);
        m_rows.resize(count);
        QCOMPARE(m_rows.count(), count);
        m_rows.resize(1'000);
        for (int row = 150; row < 153; ++row)
            QCOMPARE(m_rows.at(row) != nullptr, row < count);
    }

private:
    PagedRows<int> m_rows;
};

QTEST_GUILESS_MAIN(PagedRowsTest)
#include "tst_paged_rows.moc"
