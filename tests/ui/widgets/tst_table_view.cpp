#include "tests/ui/widgets/gallery.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/view_memory.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::ui;

namespace {

/// A model that is filled anew in one reset, as a model of stored rows is.
class ResettingModel final : public QAbstractTableModel {
public:
    void setKeys(std::vector<int> keys)
    {
        beginResetModel();
        m_keys = std::move(keys);
        endResetModel();
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent) const override
    {
        return parent.isValid() ? 0 : 2;
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DisplayRole && role != gallery::keyRole)
            return {};
        return m_keys[static_cast<std::size_t>(index.row())];
    }

private:
    std::vector<int> m_keys;
};

std::vector<int> numbers(int from, int to)
{
    std::vector<int> keys;
    for (int key = from; key <= to; ++key)
        keys.push_back(key);
    return keys;
}

} // namespace

class TableViewTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_table = std::make_unique<TableView>();
        m_table->resize(640, 300);
    }
    void cleanup() { m_table.reset(); }

    void copiesTextAndCsv()
    {
        m_table->setModel(gallery::billModel(5, m_table.get()));
        m_table->selectRow(4);
        m_table->selectionModel()->select(
            m_table->model()->index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows
        );
        m_table->show();
        QTest::keyClick(m_table.get(), Qt::Key_C, Qt::ControlModifier);
        const QMimeData* mime = QApplication::clipboard()->mimeData();
        QCOMPARE(
            mime->text(),
            QStringLiteral("2026-1231\tWeek 48\t4 Dec\t840.00\t0.00\tPaid\n"
                           "2026-1187\tOct 2026\t2 Dec\t11,640.20\t11,640.20\tDue soon\n")
        );
        QCOMPARE(
            QString::fromUtf8(mime->data(QStringLiteral("text/csv"))),
            QStringLiteral("Number,Period,Due,Total USD,Open USD,State\r\n"
                           "2026-1231,Week 48,4 Dec,840.00,0.00,Paid\r\n"
                           "2026-1187,Oct 2026,2 Dec,\"11,640.20\",\"11,640.20\",Due soon\r\n")
        );
    }

    void csvFields_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("field");
        QTest::newRow("plain") << "Acme"
                               << "Acme";
        QTest::newRow("comma") << "a,b"
                               << "\"a,b\"";
        QTest::newRow("quote") << "a\"b"
                               << "\"a\"\"b\"";
        QTest::newRow("line break") << "a\nb"
                                    << "\"a\nb\"";
        QTest::newRow("formula") << "=SUM(A1)"
                                 << "'=SUM(A1)";
        QTest::newRow("formula after at") << "@now"
                                          << "'@now";
        QTest::newRow("negative number") << "-12.50"
                                         << "-12.50";
        QTest::newRow("typographic minus")
            << QStringLiteral("\u221212.50") << QStringLiteral("\u221212.50");
        QTest::newRow("minus text") << "-x"
                                    << "'-x";
    }
    void csvFields()
    {
        QFETCH(QString, text);
        QFETCH(QString, field);
        QCOMPARE(csvField(text), field);
    }

    void hiddenColumnsAreNotCopiedAndAreRemembered()
    {
        TransientViewMemory memory;
        m_table->setModel(gallery::billModel(2, m_table.get()));
        m_table->setMemory(&memory, QStringLiteral("bills/columns"));
        const std::unique_ptr<QMenu> menu(m_table->makeColumnMenu(nullptr));
        menu->actions().at(1)->setChecked(false);
        QVERIFY(m_table->isColumnHidden(1));
        m_table->horizontalHeader()->moveSection(0, 2);
        m_table->selectRow(1);
        QCOMPARE(
            m_table->textOfSelection(), QStringLiteral("4 Dec\t2026-1231\t840.00\t0.00\tPaid\n")
        );

        TableView again;
        again.setModel(gallery::billModel(2, &again));
        again.setMemory(&memory, QStringLiteral("bills/columns"));
        QVERIFY(again.isColumnHidden(1));
        QCOMPARE(again.horizontalHeader()->logicalIndex(0), 1);
        QCOMPARE(again.horizontalHeader()->visualIndex(0), 2);
    }

    void columnsOfAnotherVersionAreForgotten()
    {
        TransientViewMemory memory;
        m_table->setModel(gallery::billModel(2, m_table.get()));
        m_table->setMemory(&memory, QStringLiteral("key"));
        const std::unique_ptr<QMenu> menu(m_table->makeColumnMenu(nullptr));
        menu->actions().at(1)->setChecked(false);
        ResettingModel other;
        TableView again;
        again.setModel(&other);
        again.setMemory(&memory, QStringLiteral("key"));
        QVERIFY(!again.isColumnHidden(1));
    }

    void theLastColumnCannotBeHidden()
    {
        ResettingModel model;
        m_table->setModel(&model);
        const std::unique_ptr<QMenu> menu(m_table->makeColumnMenu(nullptr));
        menu->actions().at(0)->setChecked(false);
        const std::unique_ptr<QMenu> later(m_table->makeColumnMenu(nullptr));
        QVERIFY(!later->actions().at(1)->isEnabled());
        QVERIFY(later->actions().at(0)->isEnabled());
        m_table->setModel(nullptr);
    }

    void sumsTheSelectionByCurrency()
    {
        m_table->setModel(gallery::billModel(5, m_table.get()));
        const Currency euro = Currency::find("EUR").value();
        m_table->setAmountOf([euro](const QModelIndex& row) -> std::optional<Money> {
            if (row.row() == 0)
                return std::nullopt;
            const Currency currency = row.row() == 4 ? euro : Currency();
            return Money { row.data(gallery::minorRole).toLongLong(), currency };
        });
        std::vector<Money> totals;
        int rows = 0;
        connect(
            m_table.get(), &TableView::sumOfSelectionChanged, this,
            [&](int chosen, const std::vector<Money>& sums) {
                rows = chosen;
                totals = sums;
            }
        );
        m_table->selectAll();
        QCOMPARE(rows, 5);
        QCOMPARE(totals.size(), std::size_t { 2 });
        QVERIFY((totals[0] == Money { 1'164'020, euro }));
        QVERIFY((totals[1] == Money { 84'000, Currency() }));
        m_table->clearSelection();
        QCOMPARE(rows, 0);
        QVERIFY(totals.empty());
    }

    void selectionAndScrollStayOverAReset()
    {
        ResettingModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest
        );
        m_table->setKeyRole(gallery::keyRole);
        m_table->setModel(&model);
        model.setKeys(numbers(1, 200));
        m_table->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_table.get()));
        m_table->selectRow(100);
        m_table->verticalScrollBar()->setValue(95 * size::rowScanned + 7);
        // Two rows came before; key 101 is now two rows further down.
        model.setKeys(numbers(-1, 198));
        QCOMPARE(m_table->selectedRows(), QList<int> { 102 });
        QCOMPARE(m_table->currentIndex().row(), 102);
        QCOMPARE(m_table->verticalScrollBar()->value(), 97 * size::rowScanned + 7);
        // Emptied and filled again is one change to a person.
        model.setKeys({});
        model.setKeys(numbers(1, 200));
        QCOMPARE(m_table->selectedRows(), QList<int> { 100 });
        // What is gone is gone.
        model.setKeys(numbers(150, 160));
        QVERIFY(m_table->selectedRows().isEmpty());
        m_table->setModel(nullptr);
    }

    void emptyStateShowsOnlyWhenNothingLoads()
    {
        ResettingModel model;
        m_table->setModel(&model);
        m_table->setEmptyState(
            Icon::Bills, QStringLiteral("No bills yet"),
            QStringLiteral("The first comes on 2 December."), QStringLiteral("Show all")
        );
        m_table->show();
        auto* empty = m_table->findChild<EmptyState*>();
        QVERIFY(empty->isVisible());
        m_table->setLoading(true);
        QVERIFY(!empty->isVisible());
        m_table->setLoading(false);
        model.setKeys({ 1 });
        QVERIFY(!empty->isVisible());
        model.setKeys({});
        QVERIFY(empty->isVisible());
        const QSignalSpy pressed(m_table.get(), &TableView::emptyActionTriggered);
        QTest::mouseClick(empty->findChild<QAbstractButton*>(), Qt::LeftButton);
        QCOMPARE(pressed.count(), 1);
        m_table->setModel(nullptr);
    }

    void columnsFillTheWidth()
    {
        m_table->setColumnFits({ { 0, 100, 1 }, { 1, 100, 3 }, { 2, 50, 0 } });
        m_table->setModel(gallery::billModel(3, m_table.get()));
        m_table->resize(900, 300);
        m_table->show();
        QCOMPARE(m_table->horizontalHeader()->length(), m_table->viewport()->width());
        QCOMPARE(m_table->columnWidth(2), 50);
        const int stretched = m_table->columnWidth(1) - 100;
        QVERIFY(std::abs(stretched - 3 * (m_table->columnWidth(0) - 100)) <= 3);
    }

    void numbersAndTextsTakeTheModelsSide()
    {
        QCOMPARE(
            alignmentFrom(QVariant(static_cast<int>(Qt::AlignRight))), Qt::Alignment(Qt::AlignRight)
        );
        QCOMPARE(
            alignmentFrom(QVariant::fromValue(Qt::AlignRight | Qt::AlignTop)),
            Qt::AlignRight | Qt::AlignTop
        );
    }

    void arrowsStartAtTheFirstRowWithoutChoosingIt()
    {
        m_table->setModel(gallery::billModel(5, m_table.get()));
        m_table->show();
        m_table->activateWindow();
        m_table->setFocus();
        QTRY_VERIFY(m_table->hasFocus());
        QCOMPARE(m_table->currentIndex().row(), 0);
        QVERIFY(m_table->selectedRows().isEmpty());
        QTest::keyClick(m_table.get(), Qt::Key_Down);
        QCOMPARE(m_table->selectedRows(), QList<int> { 1 });
    }

private:
    std::unique_ptr<TableView> m_table;
};

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    TableViewTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_table_view.moc"
