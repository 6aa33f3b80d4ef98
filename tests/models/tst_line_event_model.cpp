#include "models/line_event_model.h"
#include "tests/models/model_rows.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using models::LineEventModel;

namespace {

BillLine secondsLine()
{
    BillLine line;
    line.quantityDigits = 3;
    line.meterUnit = "GPU-s";
    return line;
}

LineEventPage twoEvents()
{
    LineEventPage page;
    page.events = { { "e-1", "meter", "gpu-7", "training", at("2023-11-05T09:00:00Z"),
                      at("2023-11-05T10:30:00Z"), 5'400'000, 5'400'000 },
                    { "e-2", "meter", "", "", at("2023-11-30T22:59:59Z"),
                      at("2023-11-30T22:59:59Z"), 1'500, 750 } };
    page.total = 2;
    page.complete = true;
    return page;
}

QLocale english()
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom);
}

QTimeZone berlin()
{
    return QTimeZone("Europe/Berlin");
}

} // namespace

class LineEventModelTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_model = std::make_unique<LineEventModel>(english());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest
        );
    }

    void rowsReadInTheAccountsZone()
    {
        m_model->reset(twoEvents(), secondsLine(), berlin());
        QCOMPARE(
            headerText(*m_model),
            QStringLiteral("Start | End | Resource | Project | Event | "
                           "Quantity, GPU-seconds | Billed, GPU-seconds")
        );
        const QStringList expected {
            QStringLiteral("5 Nov 2023, 10:00:00 | 5 Nov 2023, 11:30:00 | gpu-7 | training | e-1 | "
                           "5,400 | 5,400"),
            QStringLiteral("30 Nov 2023, 23:59:59 | \u2013 | \u2013 | \u2013 | e-2 | 1.5 | 0.75"),
        };
        QCOMPARE(rowTexts(*m_model), expected);
        QCOMPARE(
            rightAligned(*m_model), QStringLiteral("Quantity, GPU-seconds, Billed, GPU-seconds")
        );
    }

    void exactTextIsInUtc()
    {
        m_model->reset(twoEvents(), secondsLine(), berlin());
        QCOMPARE(
            rowText(*m_model, 1, LineEventModel::CsvRole),
            QStringLiteral("2023-11-30T22:59:59Z | 2023-11-30T22:59:59Z |  |  | e-2 | 1.5 | 0.75")
        );
    }

    void pagesAreAskedForWhenTheyAreLookedAt()
    {
        LineEventPage first = twoEvents();
        first.total = LineEventModel::pageRows + 1;
        const QSignalSpy wanted(m_model.get(), &LineEventModel::pageWanted);
        m_model->reset(first, secondsLine(), berlin());
        const QModelIndex last = m_model->index(LineEventModel::pageRows, LineEventModel::Id);
        QCOMPARE(last.data().toString(), QString());
        QVERIFY(last.data(LineEventModel::LoadingRole).toBool());
        QVERIFY(wanted.count() > 0);
        QCOMPARE(wanted.last().at(0).toLongLong(), qint64 { LineEventModel::pageRows });
        const auto asked = wanted.count();
        (void)last.data();
        QCOMPARE(wanted.count(), asked);

        LineEventPage second;
        second.events = { twoEvents().events.front() };
        m_model->setPage(LineEventModel::pageRows, second);
        QCOMPARE(last.data().toString(), QStringLiteral("e-1"));
        QVERIFY(!last.data(LineEventModel::LoadingRole).toBool());
    }

    void anotherLineReplacesEverything()
    {
        m_model->reset(twoEvents(), secondsLine(), berlin());
        m_model->reset({}, {}, QTimeZone::utc());
        QCOMPARE(m_model->rowCount(), 0);
    }

private:
    std::unique_ptr<LineEventModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(LineEventModelTest)
#include "tst_line_event_model.moc"
