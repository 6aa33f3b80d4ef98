#include "ui/costs/costs_page.h"

#include "models/format.h"
#include "ui/costs/filter_chip.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/cost_chart_data.h"
#include "ui/widgets/label.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/table_view.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QImage>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <tuple>

namespace quittance::ui {

namespace {

using models::CostTableModel;

constexpr int questionWidth = 248;
constexpr int chartHeightMin = 160;
constexpr int tableHeightMin = size::tableHeader + 6 * size::rowScanned;
constexpr int narrowWidth = 900;

constexpr QLatin1String allCrumb("all");

QString idOf(CostGroup group)
{
    return QString::number(static_cast<int>(group));
}

CostGroup groupOf(const QString& id)
{
    return static_cast<CostGroup>(id.toInt());
}

/// What to look at after one value of a group was chosen.
CostGroup deeper(CostGroup group)
{
    switch (group) {
    case CostGroup::Account:
    case CostGroup::Project:
        return CostGroup::Service;
    case CostGroup::Service:
        return CostGroup::Sku;
    case CostGroup::Sku:
    case CostGroup::Resource:
        return CostGroup::Resource;
    }
    return group;
}

Date lastDayOf(Month month)
{
    return Date { firstDay(next(month)).days - 1 };
}

QWidget* asked(const QString& caption, QWidget* control)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::tiny);
    layout->addWidget(new Label(caption, TextRole::Help, Tone::Muted));
    layout->addWidget(control);
    return widget;
}

} // namespace

CostsPage::CostsPage(const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_selection(selection)
    , m_model(new CostTableModel(context.locale, this))
    , m_split(new Picker(tr("Split by")))
    , m_step(new SegmentedControl(tr("Step")))
    , m_range(new Picker(tr("Period")))
    , m_total(new Label({}, TextRole::Figure))
    , m_currency(new Label({}, TextRole::Help, Tone::Muted))
    , m_change(new Label({}, TextRole::Body, Tone::Muted))
    , m_message(new InlineMessage)
    , m_legend(new LegendWidget)
    , m_chart(new StackedColumnChart)
    , m_table(new TableView)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(makeQuestion());
    layout->addWidget(makeAnswer(), 1);
    setUpTable();
    connectAll();
}

QWidget* CostsPage::makeQuestion()
{
    auto* panel = new Panel(tr("Question"));
    panel->setFixedWidth(questionWidth);
    panel->body()->setSpacing(space::medium);
    m_split->setObjectName(QStringLiteral("costSplit"));
    std::vector<Picker::Choice> groups;
    for (const CostGroup group : { CostGroup::Service, CostGroup::Sku, CostGroup::Project,
                                   CostGroup::Resource, CostGroup::Account })
        groups.push_back({ idOf(group), CostTableModel::groupText(group), {} });
    m_split->setChoices(groups);
    m_split->setLabelShown(false);
    m_step->addSegment(QStringLiteral("0"), tr("Day"));
    m_step->addSegment(QStringLiteral("1"), tr("Week"));
    m_step->addSegment(QStringLiteral("2"), tr("Month"));
    m_range->setObjectName(QStringLiteral("costRange"));
    m_range->setChoices({ { QStringLiteral("1"), tr("1 month"), {} },
                          { QStringLiteral("3"), tr("3 months"), {} },
                          { QStringLiteral("12"), tr("12 months"), {} } });
    m_range->setLabelShown(false);
    panel->body()->addWidget(asked(tr("Split by"), m_split));
    panel->body()->addWidget(asked(tr("Step"), m_step));
    panel->body()->addWidget(asked(tr("Period"), m_range));
    panel->body()->addWidget(new HairLine);
    panel->body()->addWidget(new Label(tr("Filter"), TextRole::Help, Tone::Muted));
    m_filters = new QVBoxLayout;
    m_filters->setSpacing(space::small);
    panel->body()->addLayout(m_filters);
    m_noFilter = new Label(
        tr("Open a row or press a part of a column to look into it."), TextRole::Help, Tone::Muted
    );
    m_noFilter->setWordWrap(true);
    panel->body()->addWidget(m_noFilter);
    panel->body()->addStretch();
    return panel;
}

QWidget* CostsPage::makeAnswer()
{
    auto* chartPanel = new Panel;
    auto* head = new QHBoxLayout;
    head->setSpacing(space::small);
    head->addWidget(m_total, 0, Qt::AlignBaseline);
    head->addWidget(m_currency, 0, Qt::AlignBaseline);
    head->addSpacing(space::small);
    head->addWidget(m_change, 1, Qt::AlignBaseline);
    chartPanel->body()->addLayout(head);
    chartPanel->body()->addWidget(m_message);
    chartPanel->body()->addWidget(m_legend);
    chartPanel->body()->addWidget(m_chart, 1);
    m_chart->setLegend(m_legend);
    m_chart->setMinimumHeight(chartHeightMin);
    m_chart->setEmptyText(tr("No costs in this period"));
    auto* tablePanel = new Panel;
    tablePanel->setBodyMargins(0, 0, 0, 0);
    tablePanel->body()->addWidget(m_table, 1);
    m_table->setMinimumHeight(tableHeightMin);
    auto* answer = new QWidget;
    auto* layout = new QVBoxLayout(answer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(chartPanel, 3);
    layout->addWidget(tablePanel, 2);
    return answer;
}

void CostsPage::setUpTable()
{
    m_table->setObjectName(QStringLiteral("costs"));
    m_table->setAccessibleName(tr("Costs"));
    m_table->setModel(m_model);
    m_table->setKeyRole(CostTableModel::KeyRole);
    m_table->setCsvRole(CostTableModel::CsvRole);
    auto* delegate = new CellDelegate(m_table);
    delegate->setDescribe([this](const QModelIndex& index, Cell& cell) {
        const bool isTotal = index.data(CostTableModel::TotalRole).toBool();
        cell.strong = isTotal || index.column() == CostTableModel::Amount;
        const QString name = index.siblingAtColumn(CostTableModel::Name).data().toString();
        // As the chart has it, whatever the rows are sorted by.
        const bool isOwn = !isTotal && index.data(CostTableModel::RankRole).toUInt() < ownSeriesMax;
        const QColor colour
            = isOwn ? m_context.colours.colourOf(colourGroup(m_asked.split), name) : otherColour();
        if (index.column() == CostTableModel::Name && !isTotal)
            cell.swatch = colour;
        if (index.column() == CostTableModel::Trend) {
            cell.sparkline = index.data(CostTableModel::TrendRole).value<QList<qint64>>();
            cell.swatch = colour;
        }
        if (index.column() == CostTableModel::Share) {
            cell.share = index.data(CostTableModel::ShareRole).toDouble();
            cell.swatch = colour;
        }
        if (index.column() == CostTableModel::Previous)
            cell.tone = Tone::Muted;
    });
    m_table->setItemDelegate(delegate);
    m_table->setColumnFits({ { CostTableModel::Name, 150, 4 },
                             { CostTableModel::Trend, 120, 2 },
                             { CostTableModel::Share, 92, 2 },
                             { CostTableModel::Amount, 120, 1 },
                             { CostTableModel::Previous, 110, 1 },
                             { CostTableModel::Change, 110, 1 },
                             { CostTableModel::ChangePercent, 80, 0 } });
    m_table->horizontalHeader()->setSortIndicator(CostTableModel::Amount, Qt::DescendingOrder);
    m_table->setMemory(&m_context.memory, QStringLiteral("costs/table"));
    m_table->setSortingEnabled(true);
    m_table->setAmountOf([this](const QModelIndex& index) -> std::optional<Money> {
        const QModelIndex row = m_model->index(index.row(), 0);
        if (row.data(CostTableModel::TotalRole).toBool())
            return std::nullopt; // it would count the others twice
        const qint64 minor = m_model->index(index.row(), CostTableModel::Amount)
                                 .data(CostTableModel::SortRole)
                                 .toLongLong();
        return Money { minor, m_model->answer().currency };
    });
    m_table->setEmptyState(
        Icon::Costs, tr("No costs in this period"), tr("Choose another period or remove a filter.")
    );
}

void CostsPage::connectAll()
{
    connect(m_split, &Picker::chosen, this, &CostsPage::ask);
    connect(m_step, &SegmentedControl::chosen, this, &CostsPage::ask);
    connect(m_range, &Picker::chosen, this, &CostsPage::ask);
    connect(&m_selection, &ConsoleSelection::changed, this, &CostsPage::ask);
    connect(&m_context.queries, &client::Queries::costsChanged, this, &CostsPage::ask);
    const auto drillRow = [this](const QModelIndex& index) {
        const QVariant key = m_model->index(index.row(), 0).data(CostTableModel::KeyRole);
        if (key.isValid())
            drillInto(key.toString());
    };
    // Return or, as the desktop has it, a click or two: each is an activation.
    connect(m_table, &QAbstractItemView::activated, this, drillRow);
    connect(
        m_table, &TableView::sumOfSelectionChanged, this,
        [this](int rows, const std::vector<Money>& totals) {
            m_selectionText = rows == 0 || totals.empty()
                ? QString()
                : tr("Selected: %1, total %2")
                      .arg(rows)
                      .arg(moneyText(totals.front(), m_context.locale));
            emit statusChanged();
        }
    );
    connect(m_chart, &StackedColumnChart::chosen, this, [this](int /*category*/, int series) {
        const auto& all = m_model->answer().series;
        if (series >= 0 && static_cast<std::size_t>(series) < std::min(all.size(), ownSeriesMax))
            drillInto(QString::fromStdString(all[static_cast<std::size_t>(series)].key));
    });
}

QList<QWidget*> CostsPage::headActions()
{
    if (m_picture == nullptr) {
        m_picture = new Button(Icon::Export, tr("Picture"));
        m_csv = new Button(Icon::Table, tr("CSV"));
        connect(m_picture, &QAbstractButton::clicked, this, &CostsPage::savePicture);
        connect(m_csv, &QAbstractButton::clicked, this, &CostsPage::saveTable);
    }
    return { m_picture, m_csv };
}

QString CostsPage::subtitle() const
{
    return dateRangeText(m_asked.first, m_asked.last, m_context.locale);
}

std::vector<Crumb> CostsPage::crumbs() const
{
    if (m_filter.empty())
        return {};
    std::vector<Crumb> crumbs { { allCrumb, tr("All costs") } };
    for (std::size_t i = 0; i < m_filter.size(); ++i)
        crumbs.push_back({ QString::number(i),
                           CostTableModel::keyText(m_filter[i].first, m_filter[i].second) });
    return crumbs;
}

void CostsPage::chooseCrumb(const QString& id)
{
    const std::size_t kept = id == allCrumb ? 0 : static_cast<std::size_t>(id.toInt()) + 1;
    if (kept < m_filter.size())
        m_split->setCurrent(idOf(m_filter[kept].first));
    m_filter.resize(std::min(kept, m_filter.size()));
    showFilters();
    ask();
}

QString CostsPage::statusText() const
{
    const CostAnswer& answer = m_model->answer();
    QString text = tr("Rows: %1, equal to the bills to the cent. Total %2 before tax")
                       .arg(answer.series.size())
                       .arg(moneyText({ answer.total, answer.currency }, m_context.locale));
    if (!m_selectionText.isEmpty())
        text += QStringLiteral(". ") + m_selectionText;
    return text;
}

void CostsPage::shown()
{
    ask();
}

void CostsPage::forget()
{
    m_answers.drop();
    m_filter.clear();
    showFilters();
    m_split->setCurrent(idOf(CostGroup::Service));
    m_step->setCurrent(QStringLiteral("0"));
    m_range->setCurrent(QStringLiteral("1"));
    for (Label* label : { m_total, m_currency, m_change })
        label->clear();
    m_message->clear();
    m_chart->setData({});
    m_table->clearSelection();
    m_model->setAnswer({}, CostGroup::Service);
    emit headChanged();
}

void CostsPage::setSplit(CostGroup split)
{
    m_split->setCurrent(idOf(split));
    ask();
}

void CostsPage::setStep(CostStep step)
{
    m_step->setCurrent(QString::number(static_cast<int>(step)));
    ask();
}

void CostsPage::drillInto(const QString& key)
{
    const CostGroup group = groupOf(m_split->current());
    const std::pair<CostGroup, std::string> filter { group, key.toStdString() };
    if (std::find(m_filter.begin(), m_filter.end(), filter) != m_filter.end())
        return;
    m_filter.push_back(filter);
    m_split->setCurrent(idOf(deeper(group)));
    showFilters();
    ask();
}

std::pair<Date, Date> CostsPage::period() const
{
    const int months = std::max(1, m_range->current().toInt());
    const Month month = m_selection.month();
    const Date today = m_selection.today(m_context.sync.now());
    const Date first = firstDay(next(month, 1 - months));
    // A month that still runs is compared with the same days of the month before.
    const Date last = monthOf(today) == month ? today : lastDayOf(month);
    return { first, last };
}

CostQuery CostsPage::question() const
{
    CostQuery query;
    query.account = m_selection.account();
    std::tie(query.first, query.last) = period();
    query.split = groupOf(m_split->current());
    query.step = static_cast<CostStep>(m_step->current().toInt());
    query.filter = m_filter;
    return query;
}

void CostsPage::ask()
{
    if (!isFront())
        return;
    m_asked = this->question();
    m_answers.whenDone(
        m_context.queries.costs(m_asked), this,
        [this](const Result<CostAnswer>& answer) {
            showReadProblem(*m_message, answer ? nullptr : &answer.error());
            if (!answer)
                return;
            show(*answer);
            emit loaded();
        }
    );
}

void CostsPage::show(const CostAnswer& answer)
{
    const QLocale& locale = m_context.locale;
    const QString before = dateRangeText(answer.previousFirst, answer.previousLast, locale);
    m_total->setText(amountText({ answer.total, answer.currency }, locale));
    m_currency->setText(currencyText(answer.currency));
    QString change
        = tr("%1 (%2) on %3")
              .arg(
                  amountText(
                      { answer.total - answer.previousTotal, answer.currency }, locale, Sign::Both
                  ),
                  changeText(answer.previousTotal, answer.total, locale), before
              );
    if (const QString others = currencyListText(answer.otherCurrencies, locale); !others.isEmpty())
        change += tr(". Not in this sum: %1").arg(others);
    m_change->setText(change);
    m_model->setAnswer(answer, m_asked.split);
    m_chart->setData(
        costChartData(answer, m_asked.split, m_asked.step, m_context.colours, before, locale)
    );
    emit headChanged();
    emit statusChanged();
}

void CostsPage::showFilters()
{
    while (QLayoutItem* item = m_filters->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (std::size_t i = 0; i < m_filter.size(); ++i) {
        auto* chip = new FilterChip(
            CostTableModel::groupText(m_filter[i].first),
            CostTableModel::keyText(m_filter[i].first, m_filter[i].second)
        );
        connect(chip, &QAbstractButton::clicked, this, [this, i] { removeFilter(i); });
        m_filters->addWidget(chip);
    }
    m_noFilter->setVisible(m_filter.empty());
}

void CostsPage::removeFilter(std::size_t index)
{
    if (index >= m_filter.size())
        return;
    m_filter.erase(m_filter.begin() + static_cast<std::ptrdiff_t>(index));
    showFilters();
    ask();
}

void CostsPage::savePicture()
{
    constexpr QSize pictureSize(1200, 640);
    const QString file
        = m_context.pickSaveFile(this, QStringLiteral("costs.png"), tr("Pictures (*.png)"));
    QBuffer png;
    m_chart->picture(pictureSize, QString(title() + QLatin1Char(' ') + subtitle()), false)
        .save(&png, "PNG");
    saveFile(file, png.data(), *m_message);
}

void CostsPage::saveTable()
{
    const QString file
        = m_context.pickSaveFile(this, QStringLiteral("costs.csv"), tr("CSV files (*.csv)"));
    saveFile(file, m_table->csvOfAll().toUtf8(), *m_message);
}

// Where it is narrow, amount, share and change in percent stay; the rest is in the CSV and in the
// column menu.
void CostsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool narrow = event->size().width() < narrowWidth;
    if (narrow == m_narrow)
        return;
    m_narrow = narrow;
    for (const int column :
         { CostTableModel::Trend, CostTableModel::Previous, CostTableModel::Change })
        m_table->setColumnSuppressed(column, narrow);
}

} // namespace quittance::ui

#include "moc_costs_page.cpp"
