#pragma once

#include "core/domain/money.h"
#include "ui/widgets/icons.h"

#include <QTableView>
#include <QVariant>

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

class QMenu;

namespace quittance::ui {

class EmptyState;
class FlatHeaderView;
class ViewMemory;

/// A comma-separated line as RFC 4180 wants it; text that a spreadsheet would run as a formula gets
/// an apostrophe.
[[nodiscard]] QString csvField(const QString& text);

/// Every table of the console: flat header, rows chosen whole, sorting by pointer and by keyboard
/// (Up from the first row enters the header), copying as text and as CSV, a choice
/// of columns that is remembered, sums of what is chosen, words where it is empty, still bars while
/// it loads. Selection and scroll stay when the model is filled anew, if it gives its rows a key.
class TableView : public QTableView {
    Q_OBJECT
public:
    /// What one row adds to the sum of the selection; nothing for rows without an amount.
    using AmountOf = std::function<std::optional<Money>(const QModelIndex& rowIndex)>;

    explicit TableView(QWidget* parent = nullptr);
    ~TableView() override;

    void setModel(QAbstractItemModel* model) override;
    void setRowHeight(int pixels); ///< size::rowScanned unless set
    /// Wants room for so many rows, shows those of them that fit whole, and no scroll bar: for a
    /// look at a list that another page has whole.
    void setRowsWanted(int rows);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] int hoveredRow() const { return m_hoveredRow; } ///< -1 where none is

    /// The role of column 0 that names a row for good (a bill's id): without it a model reset
    /// forgets the selection.
    void setKeyRole(int role);
    /// The role whose value CSV gets (exact, without grouping); DisplayRole unless set.
    void setCsvRole(int role);
    void setAmountOf(AmountOf amountOf);
    /// Brings rows `first` to `last` into the model, and calls `then` once they are there; never
    /// where they cannot be brought.
    using BringRows = std::function<void(int first, int last, std::function<void()> then)>;
    /// Of a model that holds the rows that were looked at: `loadingRole` is true for the others.
    /// Copies and sums of what is chosen wait for all of it.
    void setBringRows(int loadingRole, BringRows bringRows);

    /// How columns share the width: a usual width (0: by content) and a share of what is left or
    /// missing (0: none). What is left goes first to the content that would be cut, from left to
    /// right; no column gets narrower than its content while another can give. Columns that are not
    /// named are by content. A person's own widths, once made, win.
    struct ColumnFit {
        int column = 0;
        int minimum = 0;
        int stretch = 0;
    };
    void setColumnFits(std::vector<ColumnFit> fits);
    /// Remembers widths, order, hidden columns and sorting below `key`; restores them now. Call it
    /// after setModel.
    void setMemory(ViewMemory* memory, const QString& key);
    void setColumnShownAtFirst(int column, bool shown); ///< before setMemory
    /// Hides a column while it says nothing (of one account's bills, whose they are). Not the
    /// person's choice, so it is not remembered, and lifting it brings back only what it hid.
    void setColumnSuppressed(int column, bool suppressed);

    /// Shown in place of rows when there are none and nothing is loading.
    void setEmptyState(
        Icon meaning, const QString& title, const QString& help, const QString& action = {}
    );
    /// The next filling of the model is what sync brought: rows that are new, or read otherwise
    /// than before, are marked for a moment. Needs a key role.
    void expectChanges();
    void setLoading(bool loading);
    [[nodiscard]] bool isLoading() const { return m_loading; }

    /// Ticks for the columns, for a button in a filter row. The caller's.
    [[nodiscard]] QMenu* makeColumnMenu(QWidget* parent);

    /// The chosen rows in shown order, or all rows where none is chosen; shown columns only, with
    /// their headers.
    [[nodiscard]] QString textOfSelection() const; ///< tab-separated
    [[nodiscard]] QString csvOfSelection() const;
    [[nodiscard]] QString csvOfAll() const;
    void copySelection(); ///< both forms, on the clipboard

    [[nodiscard]] QList<int> selectedRows() const; ///< from top to bottom
    void selectKey(const QVariant& key); ///< and scrolls to it; nothing where it is not there

signals:
    /// `totals`: one a currency, in order of its code; empty without an AmountOf.
    void sumOfSelectionChanged(int rows, const std::vector<quittance::Money>& totals);
    void emptyActionTriggered();
    /// The context menu is about to show: add to it. `index` is invalid beside rows.
    void contextMenuAboutToShow(QMenu* menu, const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void
    selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Kept;
    class Changes;

    void addSortMenu(QMenu& menu);
    void noteRows();
    void markChanges();
    void paintChanges();
    [[nodiscard]] QString textOfRow(int row) const;
    void keepPlace();
    void restorePlace();
    void afterRowsChanged();
    void placeEmptyState();
    void fitColumns();
    void fitRows();
    [[nodiscard]] int growToContent(const std::vector<ColumnFit>& fits, int left);
    void shareWidth(const std::vector<ColumnFit>& fits, int left);
    void saveColumns();
    void restoreColumns();
    void showHeaderMenu(const QPoint& position);
    void paintLoading();
    void emitSum();
    void withWholeSelection(const std::function<void()>& then);
    [[nodiscard]] std::optional<std::pair<int, int>> missingRows() const;
    [[nodiscard]] std::vector<Money> sumOf(const QList<int>& rows) const;
    [[nodiscard]] int contentWidth(int column) const;
    [[nodiscard]] int rowOfKey(const QVariant& key) const;
    [[nodiscard]] QList<int> shownColumns() const;
    [[nodiscard]] QByteArray ownColumns();
    [[nodiscard]] QString csvOf(const QList<int>& rows) const;

    FlatHeaderView* m_header;
    EmptyState* m_empty;
    std::unique_ptr<Kept> m_kept;
    std::unique_ptr<Changes> m_changes;
    ViewMemory* m_memory = nullptr;
    QString m_memoryKey;
    std::vector<ColumnFit> m_fits;
    AmountOf m_amountOf;
    BringRows m_bringRows;
    int m_loadingRole = -1;
    bool m_isBringing = false;
    std::set<int> m_suppressed;
    int m_keyRole = -1;
    int m_csvRole = Qt::DisplayRole;
    bool m_loading = false;
    bool m_fitting = false;
    bool m_ownWidths = false;
    int m_rowsWanted = 0; ///< 0: all, which scroll
    int m_hoveredRow = -1;
};

} // namespace quittance::ui
