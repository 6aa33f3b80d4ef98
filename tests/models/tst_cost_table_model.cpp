#include "models/cost_table_model.h"
#include "tests/models/model_rows.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using models::CostTableModel;

namespace {

CostAnswer threeServices()
{
    CostAnswer answer;
    answer.currency = Currency::find("USD").value();
    answer.steps = { day("2023-11-01"), day("2023-11-02") };
    answer.series = { { "GPU pods", { 40'000, 35'000 }, 75'000, 50'000 },
                      { "Model API", { 10'000, 10'000 }, 20'000, 0 },
                      { "", { 5'000, 0 }, 5'000, 10'000 } };
    answer.total = 100'000;
    answer.previousTotal = 60'000;
    return answer;
}

QLocale english()
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom);
}

} // namespace

class CostTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_model = std::make_unique<CostTableModel>(english());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest
        );
        m_model->setAnswer(threeServices(), CostGroup::Project);
    }

    void rowsReadAsAPersonWouldAndTheTotalsAreLast()
    {
        QCOMPARE(
            headerText(*m_model),
            QStringLiteral("Project | Trend | Share | This period USD | Before USD | Change USD | "
                           "Change")
        );
        const QStringList expected {
            QStringLiteral("GPU pods |  | 75% | 750.00 | 500.00 | +250.00 | +50.0%"),
            QStringLiteral("Model API |  | 20% | 200.00 | 0.00 | +200.00 | \u2013"),
            QStringLiteral("No project |  | 5% | 50.00 | 100.00 | \u221250.00 | \u221250.0%"),
            QStringLiteral("Total |  | 100% | 1,000.00 | 600.00 | +400.00 | +66.7%"),
        };
        QCOMPARE(rowTexts(*m_model), expected);
        QCOMPARE(
            rightAligned(*m_model),
            QStringLiteral("Share, This period USD, Before USD, Change USD, Change")
        );
    }

    void exactTextIsFreeOfLocale()
    {
        QCOMPARE(
            rowText(*m_model, 2, CostTableModel::CsvRole),
            QStringLiteral("No project | 50.00 0.00 | 0.0500 | 50.00 | 100.00 | -50.00 | -0.5000")
        );
    }

    void aRowKeepsItsRankHoweverRowsAreSorted()
    {
        m_model->sort(CostTableModel::Amount, Qt::AscendingOrder);
        QStringList ranks;
        for (int row = 0; row < m_model->rowCount(); ++row)
            ranks.append(m_model->index(row, 0).data(CostTableModel::RankRole).toString());
        QCOMPARE(ranks.join(QLatin1Char(',')), QStringLiteral("2,1,0,"));
    }

    void sortsByEveryColumnWithTheTotalsLast_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("ascending");
        QTest::addColumn<QString>("descending");
        const auto row = [](const char* name, CostTableModel::Column column, const char* ascending,
                            const char* descending) {
            QTest::newRow(name) << int { column } << QString::fromLatin1(ascending)
                                << QString::fromLatin1(descending);
        };
        row("name", CostTableModel::Name, "75% 20% 5% 100%", "5% 20% 75% 100%");
        row("share", CostTableModel::Share, "5% 20% 75% 100%", "75% 20% 5% 100%");
        row("amount", CostTableModel::Amount, "5% 20% 75% 100%", "75% 20% 5% 100%");
        row("before", CostTableModel::Previous, "20% 5% 75% 100%", "75% 5% 20% 100%");
        row("change", CostTableModel::Change, "5% 20% 75% 100%", "75% 20% 5% 100%");
        row("percent", CostTableModel::ChangePercent, "5% 20% 75% 100%", "75% 20% 5% 100%");
    }
    void sortsByEveryColumnWithTheTotalsLast()
    {
        QFETCH(int, column);
        QFETCH(QString, ascending);
        QFETCH(QString, descending);
        m_model->sort(column, Qt::AscendingOrder);
        QCOMPARE(columnText(*m_model, CostTableModel::Share), ascending);
        m_model->sort(column, Qt::DescendingOrder);
        QCOMPARE(columnText(*m_model, CostTableModel::Share), descending);
    }

    void anAnswerComesInTheOrderAskedFor()
    {
        m_model->sort(CostTableModel::Name, Qt::DescendingOrder);
        m_model->setAnswer(threeServices(), CostGroup::Project);
        QCOMPARE(columnText(*m_model, CostTableModel::Share), QStringLiteral("5% 20% 75% 100%"));
    }

    void rolesNameARowAndItsTrend()
    {
        const QModelIndex first = m_model->index(0, 0);
        QCOMPARE(first.data(CostTableModel::KeyRole).toString(), QStringLiteral("GPU pods"));
        QCOMPARE(first.data(CostTableModel::ShareRole).toDouble(), 0.75);
        const QList<qint64> trend { 40'000, 35'000 };
        QCOMPARE(first.data(CostTableModel::TrendRole).value<QList<qint64>>(), trend);
        QVERIFY(!first.data(CostTableModel::TotalRole).toBool());
        const QModelIndex last = m_model->index(3, 0);
        QVERIFY(last.data(CostTableModel::TotalRole).toBool());
        QVERIFY(!last.data(CostTableModel::KeyRole).isValid());
        const QList<qint64> sums { 55'000, 45'000 };
        QCOMPARE(last.data(CostTableModel::TrendRole).value<QList<qint64>>(), sums);
    }

    void nothingHasNoTotals()
    {
        m_model->setAnswer({}, CostGroup::Service);
        QCOMPARE(m_model->rowCount(), 0);
        m_model->sort(CostTableModel::Amount, Qt::AscendingOrder);
        QCOMPARE(m_model->rowCount(), 0);
    }

private:
    std::unique_ptr<CostTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(CostTableModelTest)
#include "tst_cost_table_model.moc"
