#include "models/cost_table_model.h"
#include "tests/ui/flows/flow_test.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QImage>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

#include <numeric>

using namespace quittance;
using namespace quittance::flows;
using models::CostTableModel;

namespace {

constexpr QLatin1String account("Borealis Labs");

qint64 minorOf(const QString& amount)
{
    return QString(amount).remove(QLatin1Char('.')).toLongLong();
}

} // namespace

class CostsFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_demo.make());
        startBackend();
        m_january = netOf(QStringLiteral("2026-01"));
        m_february = netOf(QStringLiteral("2026-02"));
        QVERIFY(minorOf(m_january) > 0);
        QVERIFY(minorOf(m_february) > 0);
        QVERIFY(m_january != m_february);
    }
    void init()
    {
        openConsole();
        signIn(m_demo.adminEmail());
        ui::MainWindow& window = m_session->window();
        FLOW_TRY(pick(window.accountPicker(), account));
        FLOW_TRY(pick(window.periodPicker(), QStringLiteral("February 2026")));
        m_session->showPage(QStringLiteral("Costs"));
        FLOW_TRY(table(window, QStringLiteral("costs")) != nullptr);
        FLOW_TRY_COMPARE(total(), m_february);
    }
    void cleanup() { m_session.reset(); }
    void cleanupTestCase() { m_backend.reset(); }

    void everySplitAndStepIsTheBillToTheCent_data()
    {
        QTest::addColumn<QString>("split");
        for (const char* split : { "Service", "SKU", "Project", "Resource", "Account" })
            QTest::newRow(split) << split;
    }
    void everySplitAndStepIsTheBillToTheCent()
    {
        QFETCH(QString, split);
        if (split != QLatin1String("Service"))
            QVERIFY(pick(picker(m_session->window(), QStringLiteral("Split by")), split));
        FLOW_TRY_COMPARE(costs().model()->headerData(0, Qt::Horizontal).toString(), split);
        const std::vector<std::pair<QString, qsizetype>> steps { { QStringLiteral("Day"), 28 },
                                                                 { QStringLiteral("Week"), 5 },
                                                                 { QStringLiteral("Month"), 1 } };
        for (const auto& [step, columns] : steps) {
            QVERIFY(press(m_session->window(), step));
            FLOW_TRY_COMPARE(static_cast<qsizetype>(chart().data().categories.size()), columns);
            QCOMPARE(total(), m_february);
            QCOMPARE(sumOfRows(), minorOf(m_february));
            QCOMPARE(sumOfChart(), minorOf(m_february));
        }
    }

    void thePeriodIsComparedWithTheOneBefore()
    {
        // All of February stands beside all of January.
        const int last = costs().model()->rowCount() - 1;
        QCOMPARE(csv(last, CostTableModel::Previous), m_january);
        QCOMPARE(
            minorOf(csv(last, CostTableModel::Change)), minorOf(m_february) - minorOf(m_january)
        );
        QVERIFY(says(m_session->window(), QStringLiteral(" on Jan 1 ")));
        QVERIFY(chart().data().comparison.has_value());
        qint64 line = 0;
        for (const std::optional<qint64>& value : chart().data().comparison->values)
            line += value.value_or(0);
        QVERIFY(line > 0);
        QVERIFY(line <= minorOf(m_january));
    }

    void aRowThatIsOpenedFiltersByIt()
    {
        const QString service = costs().model()->index(0, 0).data().toString();
        const QString amount = csv(0, CostTableModel::Amount);
        QVERIFY(openRow(costs(), 0));
        FLOW_TRY_COMPARE(total(), amount);
        QCOMPARE(costs().model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("SKU"));
        QVERIFY(costs().model()->rowCount() > 1);
        QCOMPARE(sumOfRows(), minorOf(amount));
        QCOMPARE(sumOfChart(), minorOf(amount));
        const QString chip = QString(QStringLiteral("Service: ") + service);
        QVERIFY(button(m_session->window(), chip) != nullptr);
        // Down again, by keyboard, to the resources of one SKU.
        const QString sku = costs().model()->index(0, 0).data().toString();
        const QString ofSku = csv(0, CostTableModel::Amount);
        costs().setFocus();
        costs().setCurrentIndex(costs().model()->index(0, 0));
        QTest::keyClick(&costs(), Qt::Key_Return);
        FLOW_TRY(button(m_session->window(), QStringLiteral("SKU: ") + sku) != nullptr);
        FLOW_TRY_COMPARE(total(), ofSku);
        QCOMPARE(
            costs().model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("Resource")
        );
        // Back: a chip takes its filter away, the crumb takes all.
        // Chips and crumbs are made anew, and stand once the layout has them.
        FLOW_TRY(press(m_session->window(), QStringLiteral("SKU: ") + sku));
        FLOW_TRY_COMPARE(total(), amount);
        FLOW_TRY(press(m_session->window(), QStringLiteral("All costs")));
        FLOW_TRY_COMPARE(total(), m_february);
        QVERIFY(button(m_session->window(), chip) == nullptr);
        QCOMPARE(
            costs().model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("Service")
        );
    }

    void aPartOfAColumnFiltersByIt()
    {
        QVERIFY(press(m_session->window(), QStringLiteral("Month")));
        FLOW_TRY(chart().data().categories.size() == 1);
        QTest::qWait(0);
        const QRectF column = chart().columnRect(0);
        QVERIFY(!column.isEmpty());
        const QPoint foot(
            static_cast<int>(column.center().x()), static_cast<int>(column.bottom()) - 3
        );
        QWidget* surface = chart().childAt(foot);
        QVERIFY(surface != nullptr);
        const QString lowest = chart().data().series.front().name;
        QTest::mouseClick(surface, Qt::LeftButton, {}, surface->mapFrom(&chart(), foot));
        FLOW_TRY(button(m_session->window(), QStringLiteral("Service: ") + lowest) != nullptr);
        FLOW_TRY_COMPARE(
            costs().model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("SKU")
        );
        QCOMPARE(sumOfRows(), sumOfChart());
        QVERIFY(sumOfRows() < minorOf(m_february));
    }

    void headersSortAndTheTotalStaysLast()
    {
        for (const int column :
             { int { CostTableModel::Amount }, int { CostTableModel::Previous } }) {
            for (int press = 0; press < 2; ++press) {
                QVERIFY(pressHeader(costs(), column));
                const bool ascending
                    = costs().horizontalHeader()->sortIndicatorOrder() == Qt::AscendingOrder;
                const int last = costs().model()->rowCount() - 1;
                QCOMPARE(csv(last, CostTableModel::Amount), m_february);
                for (int row = 1; row < last; ++row) {
                    const qint64 before = minorOf(csv(row - 1, column));
                    const qint64 here = minorOf(csv(row, column));
                    QVERIFY(ascending ? before <= here : before >= here);
                }
            }
        }
    }

    void tableAndPictureAreSaved()
    {
        m_session->nextFile = m_session->file(QStringLiteral("costs.csv"));
        QVERIFY(press(m_session->window(), QStringLiteral("CSV")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Saved as ") + m_session->nextFile));
        const QList<QByteArray> lines = contentOf(m_session->nextFile).trimmed().split('\n');
        QCOMPARE(lines.size(), costs().model()->rowCount() + 1);
        QVERIFY(lines.front().startsWith("Service,"));
        QVERIFY(lines.back().startsWith("Total,"));
        QVERIFY(lines.back().contains(QByteArray(',' + m_february.toUtf8() + ',')));

        m_session->nextFile = m_session->file(QStringLiteral("costs.png"));
        QVERIFY(press(m_session->window(), QStringLiteral("Picture")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Saved as ") + m_session->nextFile));
        const QImage picture(m_session->nextFile);
        QCOMPARE(picture.size(), QSize(2400, 1280));
        QVERIFY(coloursIn(picture) > 10);

        m_session->nextFile = m_session->file(QStringLiteral("no/such/folder/costs.png"));
        QVERIFY(press(m_session->window(), QStringLiteral("Picture")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Could not save ")));
    }

    void allAccountsNameWhatIsNotInTheSum()
    {
        QVERIFY(pick(m_session->window().accountPicker(), QStringLiteral("All accounts")));
        FLOW_TRY(total() != m_february);
        FLOW_TRY(says(m_session->window(), QStringLiteral("Not in this sum: ")));
        QCOMPARE(sumOfRows(), sumOfChart());
    }

private:
    [[nodiscard]] QString netOf(const QString& period)
    {
        const QJsonArray bills
            = m_backend->list({ QStringLiteral("bill"), QStringLiteral("list") });
        for (const auto& value : bills) {
            const QJsonObject bill = value.toObject();
            if (bill.value(QStringLiteral("account")).toString() == account
                && bill.value(QStringLiteral("period")).toString() == period)
                return bill.value(QStringLiteral("net"))
                    .toObject()
                    .value(QStringLiteral("amount"))
                    .toString();
        }
        return {};
    }
    [[nodiscard]] ui::TableView& costs() { return *m_session->console().costs().table(); }
    [[nodiscard]] ui::StackedColumnChart& chart() { return *m_session->console().costs().chart(); }
    [[nodiscard]] QString csv(int row, int column)
    {
        return costs().model()->index(row, column).data(CostTableModel::CsvRole).toString();
    }
    [[nodiscard]] QString total()
    {
        const int rows = costs().model()->rowCount();
        return rows == 0 ? QString() : csv(rows - 1, CostTableModel::Amount);
    }
    [[nodiscard]] qint64 sumOfRows()
    {
        qint64 sum = 0;
        for (int row = 0; row + 1 < costs().model()->rowCount(); ++row)
            sum += minorOf(csv(row, CostTableModel::Amount));
        return sum;
    }
    [[nodiscard]] qint64 sumOfChart()
    {
        qint64 sum = 0;
        for (const ui::ColumnChartData::Series& series : chart().data().series)
            sum = std::accumulate(series.values.begin(), series.values.end(), sum);
        return sum;
    }
    [[nodiscard]] static qsizetype coloursIn(const QImage& picture)
    {
        QSet<QRgb> colours;
        for (int y = 0; y < picture.height(); y += 4)
            for (int x = 0; x < picture.width(); x += 4)
                colours.insert(picture.pixel(x, y));
        return colours.size();
    }

    QString m_january; ///< net of the account's bill
    QString m_february;
};

int main(int argc, char** argv)
{
    return runFlow<CostsFlow>(argc, argv);
}

#include "tst_costs_flow.moc"
