#pragma once

#include "ui/shell/page.h"
#include "ui/widgets/stacked_column_chart.h"

class QStandardItemModel;

namespace quittance::ui {
class FigureTile;
class TableView;
} // namespace quittance::ui

/// Pages made of every widget, laid out as the reference pictures are, to be looked at and
/// measured.
namespace gallery {

[[nodiscard]] quittance::ui::ColumnChartData costsByDay();
[[nodiscard]] QStandardItemModel* billModel(int rows, QObject* parent);
constexpr int keyRole = 0x0101; ///< of billModel: a row's id
constexpr int stateRole = 0x0102;
constexpr int minorRole = 0x0103; ///< open amount

class OverviewPage final : public quittance::ui::Page {
    Q_OBJECT
public:
    OverviewPage();
    [[nodiscard]] QString title() const override { return QStringLiteral("Overview"); }
    [[nodiscard]] QList<QWidget*> headActions() override;
    [[nodiscard]] QString statusText() const override;
    [[nodiscard]] quittance::ui::StackedColumnChart* chart() const { return m_chart; }
    [[nodiscard]] quittance::ui::TableView* table() const { return m_table; }

private:
    QWidget* makeTiles();
    QWidget* makeChart();
    QWidget* makeTable();

    quittance::ui::StackedColumnChart* m_chart = nullptr;
    quittance::ui::TableView* m_table = nullptr;
};

class PartsPage final : public quittance::ui::Page {
    Q_OBJECT
public:
    PartsPage();
    [[nodiscard]] QString title() const override { return QStringLiteral("Parts"); }
    [[nodiscard]] QString subtitle() const override
    {
        return QStringLiteral("7,569.35 of 12,261.44 USD");
    }
    [[nodiscard]] std::vector<quittance::ui::Crumb> crumbs() const override;
    void chooseCrumb(const QString& id) override { lastCrumb = id; }
    [[nodiscard]] bool find(const QString& text) override;
    [[nodiscard]] bool closeDetail() override;

    QString lastCrumb;
    QString lastFind;
    bool detailOpen = false;

private:
    QWidget* makeForm();
    QWidget* makeBadges();
    QWidget* makeCells();
    QWidget* makeStates();
};

} // namespace gallery
