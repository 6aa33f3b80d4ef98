#include "tests/ui/accounts/fake_ports.h"
#include "ui/bills/bill_detail.h"
#include "ui/widgets/bars.h"

#include <QTest>

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

    void aBillThatIsGoneClosesAndOneThatCannotBeReadSaysSo()
    {
        bool closed = false;
        connect(m_detail.get(), &BillDetail::closed, this, [&] { closed = true; });
        auto* message = m_detail->findChild<InlineMessage*>();
        m_queries->billAnswer = failure(ErrorCode::Corrupt, "page 7");
        m_detail->showBill(3, {});
        QTRY_VERIFY(message->text().contains(QStringLiteral("could not be read")));
        QVERIFY(!closed);
        m_queries->billAnswer = failure(ErrorCode::NotFound, "gone");
        m_detail->refresh();
        QTRY_VERIFY(closed);
    }

private:
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
