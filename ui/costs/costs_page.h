#pragma once

#include "client/ports/when_done.h"
#include "models/cost_table_model.h"
#include "ui/shell/console_context.h"
#include "ui/shell/page.h"

#include <vector>

class QVBoxLayout;

namespace quittance::ui {

class Button;
class InlineMessage;
class Label;
class LegendWidget;
class Panel;
class Picker;
class SegmentedControl;
class StackedColumnChart;
class TableView;

/// Costs: the question at the left, the chart and below it the table of the same rows. Pressing a
/// row or a part of a column filters by it and looks one level deeper.
class CostsPage : public Page {
    Q_OBJECT
public:
    CostsPage(
        const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent = nullptr
    );

    [[nodiscard]] QString title() const override { return tr("Costs"); }
    [[nodiscard]] QString subtitle() const override;
    [[nodiscard]] std::vector<Crumb> crumbs() const override;
    void chooseCrumb(const QString& id) override;
    [[nodiscard]] QList<QWidget*> headActions() override;
    [[nodiscard]] QString statusText() const override;
    void shown() override;
    void forget() override;

    [[nodiscard]] TableView* table() const { return m_table; }
    [[nodiscard]] StackedColumnChart* chart() const { return m_chart; }
    void setSplit(CostGroup split);
    void setStep(CostStep step);
    void drillInto(const QString& key);

signals:
    void loaded();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeQuestion();
    QWidget* makeAnswer();
    void setUpTable();
    void connectAll();
    [[nodiscard]] CostQuery question() const;
    [[nodiscard]] std::pair<Date, Date> period() const;
    void ask();
    void show(const CostAnswer& answer);
    void showFilters();
    void removeFilter(std::size_t index);
    void savePicture();
    void saveTable();

    const ConsoleContext& m_context;
    ConsoleSelection& m_selection;
    models::CostTableModel* m_model;
    Picker* m_split;
    SegmentedControl* m_step;
    Picker* m_range;
    QVBoxLayout* m_filters = nullptr;
    Label* m_noFilter = nullptr;
    Label* m_total;
    Label* m_currency;
    Label* m_change;
    QString m_selectionText;
    InlineMessage* m_message;
    LegendWidget* m_legend;
    StackedColumnChart* m_chart;
    TableView* m_table;
    Button* m_picture = nullptr;
    Button* m_csv = nullptr;
    std::vector<std::pair<CostGroup, std::string>> m_filter;
    bool m_narrow = false;
    CostQuery m_asked;
    client::NewestAnswer m_answers;
};

} // namespace quittance::ui
