#pragma once

#include "client/ports/when_done.h"
#include "models/bill_table_model.h"
#include "ui/shell/console_context.h"
#include "ui/shell/page.h"

class QAction;
class QSplitter;
class QTimer;

namespace quittance::ui {

class BillDetail;
class Button;
class InlineMessage;
class Picker;
class SearchField;
class TableView;

/// Bills and drafts: a filter row over one table; the chosen bill opens at the right, or below
/// where it is narrow.
class BillsPage : public Page {
    Q_OBJECT
public:
    BillsPage(
        const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent = nullptr
    );

    [[nodiscard]] QString title() const override { return tr("Bills"); }
    [[nodiscard]] PeriodUse periodUse() const override { return PeriodUse::MonthOrAll; }
    [[nodiscard]] QList<QWidget*> headActions() override;
    [[nodiscard]] QString statusText() const override;
    void shown() override;
    void forget() override;
    bool find(const QString& text) override;
    bool closeDetail() override;

    void openBill(BillId bill);
    [[nodiscard]] TableView* table() const { return m_table; }
    [[nodiscard]] BillDetail* detail() const { return m_detail; }
    [[nodiscard]] SearchField* searchField() const { return m_search; }

signals:
    /// The first page of the last question is on screen.
    void loaded();
    /// It is known how many bills answer the last question, and what they owe.
    void counted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFilterRow();
    void setUpTable();
    void connectAll();
    [[nodiscard]] BillQuery question() const;
    void ask();
    void count();
    void showFirstPage(const BillPage& page);
    void showTotals(const BillTotals& totals);
    void loadPage(qint64 offset);
    void loadRows(qint64 offset, int count, const std::function<void()>& then);
    void chooseRow();
    void shareRoom();
    void addToMenu(QMenu* menu, const QModelIndex& index);
    void blockUnlessHere(QAction& action, BillId bill, const QString& format);
    void exportList();
    void exportTo(const QString& file);

    const ConsoleContext& m_context;
    ConsoleSelection& m_selection;
    models::BillTableModel* m_model;
    SearchField* m_search;
    Picker* m_state;
    Picker* m_issued;
    InlineMessage* m_message;
    TableView* m_table;
    BillDetail* m_detail;
    QSplitter* m_splitter;
    Button* m_export = nullptr;
    int m_sortColumn = models::BillTableModel::Issued;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    client::NewestAnswer m_answers;
    bool m_bySync = false; ///< the next question is asked because sync changed the bills
    BillQuery m_asked;
    QFuture<Result<BillPage>> m_firstPage;
    QFuture<Result<BillTotals>> m_counting;
    bool m_isCounted = false; ///< what was asked last
    /// What m_asked comes to, as far as is known: of a list that is asked for again, what it came
    /// to before.
    std::optional<BillTotals> m_totals;
    QTimer* m_patience; ///< past it, the status says that it is being counted
    QString m_selectionText;
};

} // namespace quittance::ui
