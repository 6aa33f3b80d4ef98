#include "models/bill_table_model.h"
#include "tests/ui/flows/fault_server.h"
#include "tests/ui/flows/flow_test.h"
#include "ui/bills/bill_detail.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QFile>
#include <QLineEdit>
#include <QMetaEnum>

#include <memory>

using namespace quittance;
using namespace quittance::flows;
using models::BillTableModel;
using Fault = FaultServer::Fault;

namespace {

constexpr QLatin1String noAnswer("The backend does not answer.");
constexpr QLatin1String otherAnswer("The backend answered something else than expected.");

struct FaultRow {
    Fault fault;
    QString words;
};

std::vector<FaultRow> faults()
{
    // Of bytes that are no HTTP, Qt says what it says of a connection that closes.
    return { { Fault::Garbage, noAnswer },       { Fault::Html, otherAnswer },
             { Fault::BadGateway, otherAnswer }, { Fault::OtherJson, otherAnswer },
             { Fault::Empty, otherAnswer },      { Fault::ClosesAtOnce, noAnswer },
             { Fault::NeverAnswers, noAnswer } };
}

} // namespace

/// Something else than the backend stands at its address.
class FaultFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_demo.make());
        m_backend = std::make_unique<BackendProcess>(m_demo);
    }
    void init() { openConsole(); }
    void cleanup()
    {
        m_session.reset();
        m_backend->stop();
    }
    void cleanupTestCase() { m_backend.reset(); }

    void signInSaysIt_data() { addFaults(); }
    void signInSaysIt()
    {
        QFETCH(Fault, fault);
        QFETCH(QString, words);
        ui::SignInPage& page = *m_session->window().signIn();
        {
            FaultServer server(fault);
            QVERIFY(server.listen(QHostAddress::LocalHost, m_backend->port()));
            m_session->signIn(m_demo.adminEmail(), m_demo.password());
            FLOW_TRY(server.requests() > 0);
            FLOW_TRY2(says(page, words), allWords(page));
            QVERIFY(m_session->window().isSigningIn());
            QCOMPARE(field(page, QStringLiteral("E-mail"))->text(), m_demo.adminEmail());
        }
        QVERIFY(m_backend->start());
        signIn(m_demo.adminEmail());
    }

    void whileSignedInStoredDataStays_data() { addFaults(); }
    void whileSignedInStoredDataStays()
    {
        QFETCH(Fault, fault);
        QFETCH(QString, words);
        QVERIFY(m_backend->start());
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        m_backend->stop();
        {
            FaultServer server(fault);
            QVERIFY(server.listen(QHostAddress::LocalHost, m_backend->port()));
            const auto* bar = m_session->window().findChild<ui::OfflineBar*>();
            FLOW_TRY(bar->isVisible() && server.requests() > 0);
            if (words == otherAnswer)
                FLOW_TRY2(
                    says(*bar, QStringLiteral("Something else answers there.")), allWords(*bar)
                );
            QVERIFY(says(*bar, QStringLiteral("Reading, search and saved documents work.")));
            theWindowWorks();
            if (QTest::currentTestFailed())
                return;
            noFalseDocumentIsKept(words);
            if (QTest::currentTestFailed())
                return;
        }
        QVERIFY(m_backend->start());
        QTest::keyClick(&m_session->window(), Qt::Key_F5);
        FLOW_TRY(m_session->isLive());
        FLOW_TRY(!m_session->window().findChild<ui::OfflineBar*>()->isVisible());
        QCOMPARE(bills().model()->rowCount(), 9);
        theDocumentIsTheBackends();
    }

private:
    static void addFaults()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<QString>("words");
        for (const FaultRow& row : faults())
            QTest::newRow(QMetaEnum::fromType<Fault>().valueToKey(static_cast<int>(row.fault)))
                << row.fault << row.words;
    }
    void theWindowWorks()
    {
        auto* search = m_session->window().findChild<QLineEdit*>(QStringLiteral("billSearch"));
        type(search, QStringLiteral("kite"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 3);
        type(search, {});
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        QVERIFY(pressRow(bills(), 8));
        m_number = columnTexts(bills(), BillTableModel::Number).at(8);
        FLOW_TRY(says(detail(), QStringLiteral("Bill ") + m_number));
    }
    /// What the fault answers to the question for a PDF is not saved as one.
    void noFalseDocumentIsKept(const QString& words)
    {
        m_session->nextFile = m_session->file(QStringLiteral("fault.pdf"));
        FLOW_TRY(!button(detail(), QStringLiteral("PDF"))->isEnabled());
        // Asked for all the same, as in the moment before it is known that something is wrong.
        detail().download(QStringLiteral("pdf"));
        FLOW_TRY2(says(detail(), words), allWords(detail()));
        QVERIFY(!QFile::exists(m_session->nextFile));
    }
    void theDocumentIsTheBackends()
    {
        FLOW_TRY(press(detail(), QStringLiteral("PDF")));
        FLOW_TRY(QFile::exists(m_session->nextFile));
        QCOMPARE(
            contentOf(m_session->nextFile), m_backend->exported(m_number, QStringLiteral("pdf"))
        );
    }

    QString m_number;
};

int main(int argc, char** argv)
{
    return runFlow<FaultFlow>(argc, argv);
}

#include "tst_fault_flow.moc"
