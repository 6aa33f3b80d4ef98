#include "tests/ui/accounts/fake_ports.h"
#include "ui/bills/bill_detail.h"
#include "ui/bills/line_row.h"
#include "ui/widgets/bars.h"

#include <QAbstractButton>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace quittance;
using namespace quittance::testing;
using namespace quittance::ui;

namespace {

Bill draftThatLacks(std::vector<std::string> fields)
{
    Bill bill;
    bill.summary.id = 3;
    bill.summary.account = 1;
    bill.summary.missingFields = std::move(fields);
    return bill;
}

/// 150.5 thousand calls in two tiers, less 10%.
BillLine tieredLine()
{
    BillLine line;
    line.number = 1;
    line.meter = "calls";
    line.name = "Calls";
    line.quantity = 150'500;
    line.meterUnit = "call";
    line.unit = "k calls";
    line.per = 1'000;
    line.amount = Money { 632, Currency::find("USD").value() };
    line.steps = { { StepKind::Units, 1, "", 100'000, 0, Rate { 50'000'000 }, 0 },
                   { StepKind::Units, 2, "", 50'500, 0, Rate { 40'000'000 }, 0 },
                   { StepKind::PercentOff, 0, "Launch offer", 0, 0, {}, 100'000 } };
    return line;
}

/// 1242 h and 1393 s, of which not even six decimals say all.
BillLine discountedLine()
{
    BillLine line;
    line.number = 1;
    line.name = "H100 pods";
    line.quantity = 4'472'593;
    line.quantityDigits = 0;
    line.meterUnit = "GPU-s";
    line.unit = "GPU-h";
    line.per = 3'600;
    line.rate.nanos = 2'714'000'000;
    line.discountMillionths = 80'000;
    line.discountName = "Commitment";
    line.amount = Money { 310'209, Currency::find("USD").value() };
    return line;
}

} // namespace

class BillDetailTest : public QObject {
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
        m_detail = std::make_unique<BillDetail>(*m_context);
        m_detail->show();
    }
    void cleanup() { m_detail.reset(); }

    void aDraftSaysWhatItLacksUntilItIsComplete()
    {
        auto* message = m_detail->findChild<InlineMessage*>();
        m_queries->billAnswer = draftThatLacks({ "country", "emails" });
        m_detail->showBill(3, {});
        QTRY_COMPARE(
            message->text(),
            QStringLiteral("This bill waits as a draft. Missing: country, billing e-mail.")
        );
        m_queries->billAnswer = draftThatLacks({ "emails" });
        m_detail->refresh();
        QTRY_COMPARE(
            message->text(), QStringLiteral("This bill waits as a draft. Missing: billing e-mail.")
        );
        m_queries->billAnswer = draftThatLacks({});
        m_detail->refresh();
        QTRY_VERIFY(message->isHidden());
    }

    void aLineSaysHowItsAmountComesAbout()
    {
        Bill bill = draftThatLacks({});
        bill.summary.total = Money { 310'209, Currency::find("USD").value() };
        bill.lines = { discountedLine() };
        m_queries->billAnswer = bill;
        m_detail->showBill(3, {});
        QTRY_VERIFY(says(QStringLiteral("Amount USD")));
        const auto rows = m_detail->findChildren<LineRow*>();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(
            rows.front()->findChild<QAbstractButton*>()->accessibleName(),
            QStringLiteral("H100 pods, ≈ 1,242.3869 GPU-h × 2.714 USD − 8% = 3,102.09 USD")
        );
        rows.front()->setOpen(true);
        QVERIFY(says(QStringLiteral("4,472,593 GPU-seconds ÷ 3,600")));
        QVERIFY(says(QStringLiteral("≈ 1,242.386944")));
        QVERIFY(says(QStringLiteral("Commitment, 8%")));
    }

    void aLineWithoutASingleRateShowsItsPriceSteps()
    {
        Bill bill = draftThatLacks({});
        bill.summary.total = Money { 632, Currency::find("USD").value() };
        bill.lines = { tieredLine() };
        m_queries->billAnswer = bill;
        m_detail->showBill(3, {});
        QTRY_VERIFY(says(QStringLiteral("Amount USD")));
        auto* row = m_detail->findChild<LineRow*>();
        QVERIFY(row != nullptr);
        QCOMPARE(
            row->findChild<QAbstractButton*>()->accessibleName(),
            QStringLiteral("Calls, 150.5 k calls, price steps: 3 = 6.32 USD")
        );
        row->setOpen(true);
        for (const auto* const words :
             { "100 k calls × 0.05, tier 1", "5.00", "50.5 k calls × 0.04, tier 2", "2.02",
               "Launch offer, 10%", "0.702", "6.318", "0.002", "6.32" })
            QVERIFY2(says(QString::fromUtf8(words)), words);
    }

    void aCorrectionNamesItsBillAndWhatWasBilled()
    {
        Bill bill = draftThatLacks({});
        BillLine late = tieredLine();
        late.quantity = 500;
        late.amount.minor = 2;
        late.corrects = { 7, "NL-2023-000007", Month { 2023 * 12 + 9 } };
        PriceStep billed;
        billed.kind = StepKind::Billed;
        billed.name = "NL-2023-000007";
        billed.rate = Rate { 6'300'000'000 };
        late.steps.push_back(billed);
        bill.summary.total = late.amount;
        bill.lines = { late };
        m_queries->billAnswer = bill;
        m_detail->showBill(3, {});
        QTRY_VERIFY(says(QStringLiteral("Amount USD")));
        auto* row = m_detail->findChild<LineRow*>();
        QVERIFY(row != nullptr);
        QCOMPARE(
            row->findChild<QAbstractButton*>()->accessibleName(),
            QStringLiteral("Calls, correction of NL-2023-000007, October 2023, "
                           "0.5 k calls, price steps: 4 = 0.02 USD")
        );
        row->setOpen(true);
        for (const auto* const words :
             { "Rounded, less 6.30 billed by NL-2023-000007", "6.298", "0.02" })
            QVERIFY2(says(QString::fromUtf8(words)), words);
    }

    void aBillThatIsGoneClosesAndOneThatCannotBeReadSaysSo()
    {
        const QSignalSpy closed(m_detail.get(), &BillDetail::closed);
        auto* message = m_detail->findChild<InlineMessage*>();
        m_queries->billAnswer = failure(ErrorCode::Corrupt, "page 7");
        m_detail->showBill(3, {});
        QTRY_VERIFY(message->text().contains(QStringLiteral("could not be read")));
        QCOMPARE(closed.count(), 0);
        m_queries->billAnswer = failure(ErrorCode::NotFound, "gone");
        m_detail->refresh();
        QTRY_COMPARE(closed.count(), 1);
    }

    void offlineAPdfIsThereOnlyIfItCameBefore()
    {
        using Connection = client::SyncStatus::Connection;
        const auto* pdf = m_detail->findChild<QAbstractButton*>(QStringLiteral("billPdf"));
        const auto* csv = m_detail->findChild<QAbstractButton*>(QStringLiteral("billCsv"));
        m_detail->showBill(3, {});
        QVERIFY(pdf->isEnabled());
        m_sync->setConnection(Connection::Offline);
        QTRY_VERIFY(!pdf->isEnabled());
        QVERIFY(pdf->toolTip().contains(QStringLiteral("not on this computer yet")));
        QVERIFY(pdf->toolTip().contains(QStringLiteral("not reached now")));
        QVERIFY(csv->isEnabled()); // made here
        m_queries->isDocumentSaved = true;
        m_detail->showBill(4, {});
        QTRY_VERIFY(pdf->isEnabled());
        m_queries->isDocumentSaved = false;
        m_detail->showBill(3, {});
        QTRY_VERIFY(!pdf->isEnabled());
        m_sync->setConnection(Connection::Live);
        QVERIFY(pdf->isEnabled());
    }

private:
    [[nodiscard]] bool says(const QString& text) const
    {
        const auto labels = m_detail->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->text() == text;
        });
    }

    std::unique_ptr<FakeQueries> m_queries;
    std::unique_ptr<FakeIntents> m_intents;
    std::unique_ptr<FakeSync> m_sync;
    std::unique_ptr<TransientViewMemory> m_memory;
    std::unique_ptr<SeriesColours> m_colours;
    std::unique_ptr<ConsoleSelection> m_selection;
    std::unique_ptr<ConsoleContext> m_context;
    std::unique_ptr<BillDetail> m_detail;
};

QTEST_MAIN(BillDetailTest)

#include "tst_bill_detail.moc"
