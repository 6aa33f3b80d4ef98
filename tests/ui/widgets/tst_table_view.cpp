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
#include <QProxyStyle>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::ui;

namespace {

/// Keeps what a table said last of its selection.
class SelectionListener : public QObject {
public:
    explicit SelectionListener(const TableView& table)
    {
        connect(
            &table, &TableView::sumOfSelectionChanged, this,
            [this](int rows, const std::vector<Money>& sums) {
                m_rows = rows;
                m_sums = sums;
            }
        );
    }
    [[nodiscard]] int rows() const { return m_rows; }
    [[nodiscard]] const std::vector<Money>& sums() const { return m_sums; }

private:
    int m_rows = 0;
    std::vector<Money> m_sums;
};

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

/// A desktop's setting for animations.
class AnimationStyle final : public QProxyStyle {
public:
    explicit AnimationStyle(int animationMs)
        : m_animationMs(animationMs)
    {
    }
    int styleHint(
        StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* answer
    ) const override
    {
        return hint == SH_Widget_Animation_Duration
            ? m_animationMs
            : QProxyStyle::styleHint(hint, option, widget, answer);
    }

private:
    int m_animationMs;
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

    void copiesAndSumsWaitForRowsThatAreNotHere()
    {
        constexpr int loadingRole = Qt::UserRole + 9;
        QStandardItemModel model(4, 1);
        const auto setRow = [&](int row, bool here) {
            model.setData(model.index(row, 0), here ? QString::number(row + 1) : QString());
            model.setData(model.index(row, 0), !here, loadingRole);
        };
        for (int row = 0; row < model.rowCount(); ++row)
            setRow(row, row == 0 || row == 3);
        QString wanted;
        std::function<void()> bring;
        m_table->setModel(&model);
        m_table->setBringRows(loadingRole, [&](int first, int last, std::function<void()> then) {
            wanted += QStringLiteral("%1-%2 ").arg(first).arg(last);
            bring = [&, then = std::move(then)] {
                setRow(1, true);
                setRow(2, true);
                then();
            };
        });
        m_table->setAmountOf([](const QModelIndex& index) -> std::optional<Money> {
            return Money { index.data().toLongLong(), Currency::find("USD").value() };
        });
        const SelectionListener selected(*m_table);
        const auto said = [&selected] {
            const std::vector<Money>& sums = selected.sums();
            return QStringLiteral("%1: %2")
                .arg(selected.rows())
                .arg(sums.empty() ? -1 : sums.front().minor);
        };
        m_table->selectAll();
        QCOMPARE(wanted, QStringLiteral("1-2 "));
        QCOMPARE(said(), QStringLiteral("4: -1"));
        bring();
        QCOMPARE(said(), QStringLiteral("4: 10"));

        setRow(1, false);
        QApplication::clipboard()->setText(QStringLiteral("before"));
        m_table->copySelection();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
        bring();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("1\n2\n3\n4\n"));
        m_table->setModel(nullptr);
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
        const SelectionListener selected(*m_table);
        m_table->selectAll();
        QCOMPARE(selected.rows(), 5);
        QCOMPARE(selected.sums().size(), std::size_t { 2 });
        QVERIFY((selected.sums()[0] == Money { 1'164'020, euro }));
        QVERIFY((selected.sums()[1] == Money { 84'000, Currency() }));
        m_table->clearSelection();
        QCOMPARE(selected.rows(), 0);
        QVERIFY(selected.sums().empty());
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

    void roomGoesFirstToWhatWouldBeCut()
    {
        QStandardItemModel model(1, 2);
        model.setItem(
            0, 0, new QStandardItem(QStringLiteral("Bare metal nodes, 8× H100, monthly"))
        );
        model.setItem(0, 1, new QStandardItem(QStringLiteral("1")));
        m_table->setColumnFits({ { 0, 60, 1 }, { 1, 60, 9 } });
        m_table->setModel(&model);
        m_table->resize(400, 300);
        m_table->show();
        const QAbstractItemView& view = *m_table;
        QVERIFY(m_table->columnWidth(0) >= view.sizeHintForColumn(0));
        QCOMPARE(m_table->horizontalHeader()->length(), m_table->viewport()->width());
        m_table->setModel(nullptr);
    }

    void aLookAtAListShowsWholeRowsOnly()
    {
        ResettingModel model;
        model.setKeys(numbers(1, 8));
        m_table->setModel(&model);
        m_table->setRowsWanted(6);
        m_table->show();
        const int row = m_table->rowHeight(0);
        const int header = m_table->horizontalHeader()->height();
        QCOMPARE(m_table->sizeHint().height(), header + 6 * row);
        m_table->resize(500, header + 4 * row - 1);
        QVERIFY(!m_table->isRowHidden(2));
        QVERIFY(m_table->isRowHidden(3));
        QTRY_COMPARE(m_table->verticalScrollBar()->maximum(), 0);
        m_table->resize(500, header + 20 * row);
        QVERIFY(!m_table->isRowHidden(5));
        QVERIFY(m_table->isRowHidden(6));
        m_table->setModel(nullptr);
    }

    void aTableAtItsTopStaysThere()
    {
        ResettingModel model;
        model.setKeys(numbers(1, 60));
        m_table->setKeyRole(gallery::keyRole);
        m_table->setModel(&model);
        m_table->resize(500, 300);
        m_table->show();
        model.setKeys(numbers(0, 60));
        QCOMPARE(m_table->verticalScrollBar()->value(), 0);
        m_table->setModel(nullptr);
    }

    void thePointerMarksTheWholeRow()
    {
        m_table->setModel(gallery::billModel(5, m_table.get()));
        m_table->resize(500, 300);
        m_table->show();
        QCOMPARE(m_table->hoveredRow(), -1);
        const QPointF inside = m_table->visualRect(m_table->model()->index(2, 1)).center();
        QHoverEvent moves(QEvent::HoverMove, inside, inside, inside);
        QCoreApplication::sendEvent(m_table->viewport(), &moves);
        QCOMPARE(m_table->hoveredRow(), 2);
        QHoverEvent leaves(QEvent::HoverLeave, QPointF(-1, -1), QPointF(-1, -1), inside);
        QCoreApplication::sendEvent(m_table->viewport(), &leaves);
        QCOMPARE(m_table->hoveredRow(), -1);
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

    void theKeyboardSortsInTheHeader()
    {
        auto* model = gallery::billModel(5, m_table.get());
        m_table->setModel(model);
        m_table->setSortingEnabled(true);
        m_table->setColumnHidden(1, true);
        m_table->show();
        m_table->activateWindow();
        m_table->setFocus();
        QTRY_VERIFY(m_table->hasFocus());
        QHeaderView* header = m_table->horizontalHeader();
        header->setSortIndicator(0, Qt::AscendingOrder);
        m_table->setCurrentIndex(model->index(1, 0));
        QTest::keyClick(m_table.get(), Qt::Key_Up);
        QVERIFY(m_table->hasFocus());
        QTest::keyClick(m_table.get(), Qt::Key_Up);
        QVERIFY(header->hasFocus());

        struct Row {
            Qt::Key key;
            int column;
            Qt::SortOrder order;
        };
        const std::vector<Row> rows {
            { Qt::Key_Left, 0, Qt::AscendingOrder }, // there is nothing before the first
            { Qt::Key_Return, 0, Qt::DescendingOrder }, { Qt::Key_Right, 0, Qt::DescendingOrder },
            { Qt::Key_Space, 2, Qt::AscendingOrder }, // past the hidden one
            { Qt::Key_Space, 2, Qt::DescendingOrder },  { Qt::Key_Left, 2, Qt::DescendingOrder },
            { Qt::Key_Enter, 0, Qt::AscendingOrder },
        };
        for (const Row& row : rows) {
            QTest::keyClick(header, row.key);
            QCOMPARE(header->sortIndicatorSection(), row.column);
            QCOMPARE(header->sortIndicatorOrder(), row.order);
        }
        QTest::keyClick(header, Qt::Key_Down);
        QVERIFY(m_table->hasFocus());
        // Without sorting Up stays among the rows.
        m_table->setSortingEnabled(false);
        m_table->setCurrentIndex(model->index(0, 0));
        QTest::keyClick(m_table.get(), Qt::Key_Up);
        QVERIFY(m_table->hasFocus());
    }

    void whatSyncChangedIsMarkedForAMoment_data()
    {
        QTest::addColumn<int>("animationMs");
        QTest::addColumn<bool>("bySync");
        QTest::addColumn<QList<int>>("before");
        QTest::addColumn<QList<int>>("after");
        QTest::addColumn<bool>("isMarked");
        const QList<int> ten { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
        const QList<int> eleven { 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
        QTest::newRow("a new row") << 200 << true << ten << eleven << true;
        QTest::newRow("nothing changed") << 200 << true << ten << ten << false;
        QTest::newRow("a row went") << 200 << true << eleven << ten << false;
        QTest::newRow("by a filter") << 200 << false << ten << eleven << false;
        QTest::newRow("a desktop without animations") << 0 << true << ten << eleven << false;
        QTest::newRow("the first load") << 200 << true << QList<int>() << ten << false;
        QTest::newRow("another list")
            << 200 << true << QList<int> { 20, 21, 22, 23, 24 } << ten << false;
    }
    void whatSyncChangedIsMarkedForAMoment()
    {
        QFETCH(int, animationMs);
        QFETCH(bool, bySync);
        QFETCH(QList<int>, before);
        QFETCH(QList<int>, after);
        QFETCH(bool, isMarked);
        auto* style = new AnimationStyle(animationMs);
        style->setParent(m_table.get());
        m_table->setStyle(style);
        ResettingModel model;
        model.setKeys({ before.begin(), before.end() });
        m_table->setModel(&model);
        m_table->setKeyRole(gallery::keyRole);
        m_table->resize(640, 600); // so that what is above the first row is not out of sight
        m_table->show();
        const auto colourAbove = [this] {
            // The last column is empty at its left: nothing but the row's ground.
            const QRect first = m_table->visualRect(m_table->model()->index(0, 1));
            return m_table->viewport()->grab().toImage().pixelColor(first.center() + QPoint(20, 0));
        };
        if (bySync)
            m_table->expectChanges();
        model.setKeys({ after.begin(), after.end() });
        QTest::qWait(50);
        const QColor then = colourAbove();
        constexpr int longAfterMs = 2000;
        if (isMarked)
            QTest::qWait(longAfterMs);
        QCOMPARE(then != colourAbove(), isMarked);
        m_table->setModel(nullptr);
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
