#include "tests/ui/accounts/fake_ports.h"
#include "ui/costs/costs_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/table_view.h"

#include <QLabel>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace quittance;
using namespace quittance::testing;
using namespace quittance::ui;

using models::CostTableModel;

class CostsPageTest : public QObject {
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
        CostAnswer answer;
        answer.currency = Currency::find("USD").value();
        answer.steps = { parseDate("2026-11-01").value() };
        answer.previous = { 0 };
        answer.series = { { "GPU pods", { 300 }, 300, 0 }, { "Storage", { 100 }, 100, 0 } };
        answer.total = 400;
        m_queries->costAnswer = answer;
        m_page = std::make_unique<CostsPage>(*m_context, *m_selection);
        m_page->resize(wide, 600);
        m_page->setVisible(true);
        m_page->setFront(true);
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 3);
    }
    void cleanup() { m_page.reset(); }

    void aNarrowPageUndoesNoChoiceOfColumns()
    {
        TableView* table = m_page->table();
        table->setColumnHidden(CostTableModel::Trend, true); // by the person
        m_page->resize(narrow, 600);
        QVERIFY(table->isColumnHidden(CostTableModel::Previous));
        m_page->resize(wide, 600);
        QVERIFY(!table->isColumnHidden(CostTableModel::Previous));
        QVERIFY(!table->isColumnHidden(CostTableModel::Change));
        QVERIFY(table->isColumnHidden(CostTableModel::Trend));
    }

    void theOrderThatWasChosenOutlivesAnAnswer()
    {
        TableView* table = m_page->table();
        table->sortByColumn(CostTableModel::Amount, Qt::AscendingOrder);
        QCOMPARE(name(0), QStringLiteral("Storage"));
        m_queries->costAnswer->series[0].total = 500;
        m_page->setFront(true);
        QTRY_COMPARE(
            table->model()->index(1, CostTableModel::Amount).data().toString(),
            QStringLiteral("5.00")
        );
        QCOMPARE(name(0), QStringLiteral("Storage"));
    }

    void otherCurrenciesAreNamed()
    {
        m_queries->costAnswer->otherCurrencies = { Currency::find("EUR").value() };
        m_page->setFront(true);
        QTRY_VERIFY(says(QStringLiteral("Not in this sum: EUR")));
    }

    void whatCannotBeReadIsSaid()
    {
        m_queries->costAnswer = failure(ErrorCode::Corrupt, "page 7");
        m_page->setFront(true);
        auto* message = m_page->findChild<InlineMessage*>();
        QTRY_VERIFY(message->text().contains(QStringLiteral("could not be read")));
    }

private:
    static constexpr int wide = 1200;
    static constexpr int narrow = 760;

    QString name(int row) { return m_page->table()->model()->index(row, 0).data().toString(); }
    bool says(const QString& text)
    {
        const QList<QLabel*> labels = m_page->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->text().contains(text);
        });
    }

    std::unique_ptr<FakeQueries> m_queries;
    std::unique_ptr<FakeIntents> m_intents;
    std::unique_ptr<FakeSync> m_sync;
    std::unique_ptr<TransientViewMemory> m_memory;
    std::unique_ptr<SeriesColours> m_colours;
    std::unique_ptr<ConsoleSelection> m_selection;
    std::unique_ptr<ConsoleContext> m_context;
    std::unique_ptr<CostsPage> m_page;
};

QTEST_MAIN(CostsPageTest)

#include "tst_costs_page.moc"
