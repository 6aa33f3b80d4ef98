#include "ui/widgets/hover_card.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/stacked_column_chart.h"

#include <QAbstractButton>
#include <QApplication>
#include <QGraphicsView>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace quittance::ui;

namespace {

/// Three days; the second has a credit, the third is empty.
ColumnChartData threeDays()
{
    ColumnChartData data;
    data.unit = QStringLiteral("USD");
    for (const char* day : { "16", "17", "18" })
        data.categories.push_back({ QString::fromLatin1(day),
                                    QStringLiteral("Nov %1").arg(QLatin1String(day)) });
    data.series.push_back({ QStringLiteral("GPU"), Qt::blue, { 10'000, 20'000, 0 }, false });
    data.series.push_back({ QStringLiteral("Network"), Qt::red, { 5'025, 0, 0 }, false });
    data.series.push_back({ QStringLiteral("Credit"), Qt::green, { 0, -1'050, 0 }, false });
    data.comparison = ColumnChartData::Line { QStringLiteral("October"), { 12'345, {}, 1 } };
    return data;
}

} // namespace

class StackedColumnChartTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_chart = std::make_unique<StackedColumnChart>();
        m_chart->resize(600, 300);
        m_chart->setLocale(QLocale(QLocale::English, QLocale::UnitedKingdom));
        m_chart->setData(threeDays());
        m_chart->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
    }
    void cleanup() { m_chart.reset(); }

    void wordsAreExact()
    {
        QCOMPARE(
            m_chart->describeColumn(0),
            QStringLiteral("Nov 16: 150.25 USD. GPU 100.00, Network 50.25, October 123.45")
        );
        QCOMPARE(
            m_chart->describeColumn(1),
            QStringLiteral("Nov 17: 189.50 USD. GPU 200.00, Credit \u221210.50")
        );
        QCOMPARE(m_chart->describeColumn(2), QStringLiteral("Nov 18: 0.00 USD. October 0.01"));
        QVERIFY(m_chart->describeColumn(3).isEmpty());
    }

    void arrowKeysReadTheColumns()
    {
        m_chart->setFocus(Qt::OtherFocusReason);
        QTest::keyClick(m_chart.get(), Qt::Key_Right);
        QCOMPARE(m_chart->cursorColumn(), 0);
        QCOMPARE(m_chart->accessibleDescription(), m_chart->describeColumn(0));
        QTest::keyClick(m_chart.get(), Qt::Key_Left);
        QCOMPARE(m_chart->cursorColumn(), 0);
        QTest::keyClick(m_chart.get(), Qt::Key_End);
        QCOMPARE(m_chart->cursorColumn(), 2);
        QTest::keyClick(m_chart.get(), Qt::Key_Right);
        QCOMPARE(m_chart->cursorColumn(), 2);
        QTest::keyClick(m_chart.get(), Qt::Key_Escape);
        QCOMPARE(m_chart->cursorColumn(), -1);
        QVERIFY(m_chart->accessibleDescription().isEmpty());
    }

    void upAndDownWalkThePartsThatAreThere()
    {
        QSignalSpy chosen(m_chart.get(), &StackedColumnChart::chosen);
        QTest::keyClick(m_chart.get(), Qt::Key_Home);
        QTest::keyClick(m_chart.get(), Qt::Key_Return);
        QTest::keyClick(m_chart.get(), Qt::Key_Up);
        QTest::keyClick(m_chart.get(), Qt::Key_Up);
        QTest::keyClick(m_chart.get(), Qt::Key_Up); // no third part on this day
        QTest::keyClick(m_chart.get(), Qt::Key_Return);
        QTest::keyClick(m_chart.get(), Qt::Key_Down);
        QTest::keyClick(m_chart.get(), Qt::Key_Return);
        QCOMPARE(chosen.at(0), (QVariantList { 0, -1 }));
        QCOMPARE(chosen.at(1), (QVariantList { 0, 1 }));
        QCOMPARE(chosen.at(2), (QVariantList { 0, 0 }));
    }

    void aClickNamesColumnAndPart()
    {
        QSignalSpy chosen(m_chart.get(), &StackedColumnChart::chosen);
        auto* viewport = m_chart->findChild<QGraphicsView*>()->viewport();
        const QRectF column = m_chart->columnRect(0);
        // The axis reaches from -50 to 200 USD: GPU below 100, Network to 150.25, nothing above.
        const double zero = column.bottom() - column.height() * 50 / 250;
        const double dollar = column.height() / 250;
        for (const double height : { 50.0, 125.0, 180.0 })
            QTest::mouseClick(
                viewport, Qt::LeftButton, {},
                QPointF(column.center().x(), zero - height * dollar).toPoint()
            );
        QCOMPARE(chosen.at(0), (QVariantList { 0, 0 }));
        QCOMPARE(chosen.at(1), (QVariantList { 0, 1 }));
        QCOMPARE(chosen.at(2), (QVariantList { 0, -1 }));
    }

    void thePointerShowsACardBesideItsColumn()
    {
        auto* viewport = m_chart->findChild<QGraphicsView*>()->viewport();
        auto* card = m_chart->findChild<HoverCard*>();
        for (const int column : { 0, 2 }) {
            const QRect place = m_chart->columnRect(column).toRect();
            QTest::mouseMove(viewport, place.center());
            QTRY_COMPARE(m_chart->cursorColumn(), column);
            QVERIFY(card->isVisible());
            QVERIFY(!card->geometry().adjusted(6, 6, -6, -6).intersects(place));
            QVERIFY(m_chart->rect().adjusted(-6, -6, 6, 6).contains(card->geometry()));
        }
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(viewport, &leave);
        QVERIFY(!card->isVisible());
    }

    void theLegendHidesSeries()
    {
        LegendWidget legend;
        m_chart->setLegend(&legend);
        const auto items = legend.findChildren<QAbstractButton*>();
        QCOMPARE(items.size(), 4);
        QCOMPARE(items.at(1)->text(), QStringLiteral("Network"));
        items.at(1)->click();
        QVERIFY(!m_chart->isSeriesShown(1));
        QCOMPARE(
            m_chart->describeColumn(0),
            QStringLiteral("Nov 16: 100.00 USD. GPU 100.00, October 123.45")
        );
        items.at(3)->click();
        QCOMPARE(m_chart->describeColumn(0), QStringLiteral("Nov 16: 100.00 USD. GPU 100.00"));
        // New data of the same names keep what is hidden.
        m_chart->setData(threeDays());
        QVERIFY(!m_chart->isSeriesShown(1));
        legend.findChildren<QAbstractButton*>().at(1)->click();
        QVERIFY(m_chart->isSeriesShown(1));
    }

    void extremesDraw_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<int>("days");
        QTest::newRow("nothing") << qint64(0) << 3;
        QTest::newRow("a cent") << qint64(1) << 3;
        QTest::newRow("only credits") << qint64(-1'000) << 3;
        QTest::newRow("huge") << qint64(4'000'000'000'000'000) << 3;
        QTest::newRow("a year") << qint64(5'000) << 366;
        QTest::newRow("no days") << qint64(1) << 0;
    }
    void extremesDraw()
    {
        QFETCH(qint64, value);
        QFETCH(int, days);
        ColumnChartData data;
        data.unit = QStringLiteral("USD");
        data.series.push_back({ QStringLiteral("GPU"), Qt::blue,
                                std::vector<qint64>(static_cast<std::size_t>(days), value), false }
        );
        for (int day = 0; day < days; ++day)
            data.categories.push_back({ QString::number(day), QString::number(day) });
        m_chart->setData(data);
        const QImage picture = m_chart->grab().toImage();
        int blue = 0;
        for (int x = 0; x < picture.width(); ++x)
            for (int y = 0; y < picture.height(); ++y)
                blue += picture.pixelColor(x, y) == QColor(Qt::blue) ? 1 : 0;
        QCOMPARE(blue > 0, value != 0 && days > 0);
    }

private:
    std::unique_ptr<StackedColumnChart> m_chart;
};

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    StackedColumnChartTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stacked_column_chart.moc"
