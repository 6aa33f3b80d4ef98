#pragma once

#include "client/ports/when_done.h"
#include "models/bill_table_model.h"
#include "ui/shell/console_context.h"
#include "ui/shell/page.h"

namespace quittance::ui {

class FigureTile;
class InlineMessage;
class LegendWidget;
class LinkButton;
class Panel;
class StackedColumnChart;
class TableView;

/// What is owed and by when, the month so far beside the last, cost by service, the last bills.
class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(
        const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent = nullptr
    );

    [[nodiscard]] QString title() const override { return tr("Overview"); }
    [[nodiscard]] QString statusText() const override { return m_status; }
    void shown() override;
    void forget() override;

signals:
    void billChosen(qint64 bill);
    void allBillsWanted();
    void loaded();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeTiles();
    Panel* makeChart();
    Panel* makeBills();
    void ask();
    void show(const OverviewAnswer& answer);
    void makeRoom();
    [[nodiscard]] QString owedCaption() const;
    void showOwed(const OverviewAnswer& answer);
    void showMonths(const OverviewAnswer& answer);
    void showChart(const OverviewAnswer& answer);

    const ConsoleContext& m_context;
    ConsoleSelection& m_selection;
    InlineMessage* m_message;
    FigureTile* m_owed;
    FigureTile* m_month;
    FigureTile* m_lastMonth;
    Panel* m_chartPanel;
    StackedColumnChart* m_chart;
    LegendWidget* m_legend;
    LinkButton* m_all;
    models::BillTableModel* m_model;
    TableView* m_bills;
    QString m_status;
    client::NewestAnswer m_answers;
};

} // namespace quittance::ui
