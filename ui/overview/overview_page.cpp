#include "ui/overview/overview_page.h"

#include "core/domain/cost_periods.h"
#include "models/format.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/cost_chart_data.h"
#include "ui/widgets/figure_tile.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace quittance::ui {

namespace {

using models::BillTableModel;

// At 1024 x 700 everything still stands on the page whole.
constexpr int billsMin = 2;
constexpr int billsMax = 6;
constexpr int chartHeightMin = 132;

void describeCell(const QModelIndex& index, Cell& cell)
{
    if (index.data(BillTableModel::ToneRole).toInt() == 1)
        cell.tone = Tone::Bad;
    if (index.column() == BillTableModel::State)
        cell.badge
            = badgeOf(static_cast<ShownState>(index.data(BillTableModel::StateRole).toInt()));
}

QString dueText(const Debt& debt, Date today)
{
    return debt.nextDue ? OverviewPage::tr("next due %1").arg(daysAwayText(*debt.nextDue, today))
                        : OverviewPage::tr("nothing is due");
}

/// "4.00 overdue since 16 Nov 2025", and of all that is owed, whose sum stands above, without it.
QString overdueText(const Debt& debt, Date today, const QLocale& locale)
{
    const QString since
        = debt.overdueSince ? dateShort(*debt.overdueSince, locale, today) : QString();
    return debt.overdueMinor == debt.owed.minor
        ? OverviewPage::tr("Overdue since %1").arg(since)
        : OverviewPage::tr("%1 overdue since %2")
              .arg(amountText({ debt.overdueMinor, debt.owed.currency }, locale), since);
}

/// After what is overdue, where the room is short: a date.
QString nextText(const Debt& debt, Date today, const QLocale& locale)
{
    return debt.nextDue
        ? OverviewPage::tr("next due %1").arg(dateShort(*debt.nextDue, locale, today))
        : QString();
}

QString listed(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

/// One of several currencies.
FigureTile::Figure figureOf(const Debt& debt, Date today, const QLocale& locale)
{
    const QString amount = amountText(debt.owed, locale);
    const QString currency = currencyText(debt.owed.currency);
    if (debt.overdueMinor > 0)
        return { amount, currency,
                 debt.overdueMinor < debt.owed.minor ? OverviewPage::tr("part overdue")
                                                     : OverviewPage::tr("overdue"),
                 Tone::Bad,
                 listed({ overdueText(debt, today, locale), nextText(debt, today, locale) }) };
    return { amount, currency,
             debt.nextDue ? OverviewPage::tr("due %1").arg(daysAwayText(*debt.nextDue, today))
                          : QString(),
             Tone::Muted, dueText(debt, today) };
}

} // namespace

OverviewPage::OverviewPage(
    const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent
)
    : Page(parent)
    , m_context(context)
    , m_selection(selection)
    , m_message(new InlineMessage)
    , m_owed(new FigureTile(owedCaption()))
    , m_month(new FigureTile(tr("This month so far")))
    , m_lastMonth(new FigureTile(tr("Last month")))
    , m_chartPanel(makeChart())
    , m_all(new LinkButton(tr("All bills")))
    , m_model(new BillTableModel(context.locale, this))
    , m_bills(new TableView)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(m_message);
    layout->addWidget(makeTiles());
    layout->addWidget(m_chartPanel, 1);
    layout->addWidget(makeBills());
    for (FigureTile* tile : { m_owed, m_month, m_lastMonth })
        tile->setLoading(true);
    connect(&selection, &ConsoleSelection::changed, this, &OverviewPage::ask);
    connect(&context.queries, &client::Queries::billsChanged, this, &OverviewPage::ask);
    connect(m_all, &QAbstractButton::clicked, this, &OverviewPage::allBillsWanted);
    connect(m_bills, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        if (const BillSummary* bill = m_model->billAt(index.row()))
            emit billChosen(bill->id);
    });
    connect(m_bills, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
        if (const BillSummary* bill = m_model->billAt(index.row()))
            emit billChosen(bill->id);
    });
}

QWidget* OverviewPage::makeTiles()
{
    auto* tiles = new QWidget;
    auto* layout = new QHBoxLayout(tiles);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    for (FigureTile* tile : { m_owed, m_month, m_lastMonth })
        layout->addWidget(tile, 1);
    return tiles;
}

Panel* OverviewPage::makeChart()
{
    auto* panel = new Panel(tr("Cost by service before tax"));
    m_chart = new StackedColumnChart;
    m_legend = new LegendWidget;
    m_chart->setLegend(m_legend);
    m_chart->setMinimumHeight(chartHeightMin);
    // It takes what the rows below leave, not what it would like best.
    m_chart->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_chart->setEmptyText(tr("No costs in this month yet"));
    panel->body()->setSpacing(space::small);
    panel->body()->addWidget(m_legend);
    panel->body()->addWidget(m_chart, 1);
    return panel;
}

Panel* OverviewPage::makeBills()
{
    auto* panel = new Panel(tr("Last bills"));
    panel->addHeaderWidget(m_all);
    m_bills->setObjectName(QStringLiteral("lastBills"));
    m_bills->setAccessibleName(tr("Last bills"));
    m_bills->setModel(m_model);
    m_bills->setKeyRole(BillTableModel::KeyRole);
    m_bills->setCsvRole(BillTableModel::CsvRole);
    auto* delegate = new CellDelegate(m_bills);
    delegate->setDescribe(describeCell);
    m_bills->setItemDelegate(delegate);
    m_bills->setColumnFits({ { BillTableModel::Number, 132, 2 },
                             { BillTableModel::Account, 110, 3 },
                             { BillTableModel::Period, 82, 1 },
                             { BillTableModel::Issued, 98, 1 },
                             { BillTableModel::Due, 98, 1 },
                             { BillTableModel::Total, 110, 2 },
                             { BillTableModel::Open, 110, 2 },
                             { BillTableModel::State, 104, 1 } });
    m_bills->setEmptyState(
        Icon::Bills, tr("No bills yet"), tr("The first one comes when a month has ended.")
    );
    m_bills->setMinimumHeight(size::tableHeader + billsMin * size::rowScanned);
    m_bills->setRowsWanted(billsMax);
    // A table that ends with its panel would show two lines there.
    panel->setBodyMargins(0, 0, 0, space::small);
    panel->body()->addWidget(m_bills, 1);
    return panel;
}

void OverviewPage::shown()
{
    ask();
}

void OverviewPage::forget()
{
    m_answers.drop();
    for (FigureTile* tile : { m_owed, m_month, m_lastMonth })
        tile->setLoading(true);
    m_chart->setData({});
    m_bills->clearSelection();
    m_model->clear();
    m_status.clear();
}

void OverviewPage::ask()
{
    if (!isFront() || m_selection.month() == Month {})
        return; // which months there are is still being read
    m_answers.whenDone(
        m_context.queries.overview(m_selection.account(), m_selection.month()), this,
        [this](const Result<OverviewAnswer>& answer) {
            showReadProblem(*m_message, answer ? nullptr : &answer.error());
            if (!answer)
                return;
            show(*answer);
            emit loaded();
        }
    );
}

void OverviewPage::show(const OverviewAnswer& answer)
{
    for (FigureTile* tile : { m_owed, m_month, m_lastMonth })
        tile->setLoading(false);
    showOwed(answer);
    showMonths(answer);
    showChart(answer);
    BillPage page;
    page.bills = answer.lastBills;
    m_bills->setColumnSuppressed(BillTableModel::Account, m_selection.isOneAccount());
    makeRoom();
    m_model->reset(page, {}, m_selection.today(m_context.sync.now()));
    const client::SyncStatus status = m_context.sync.status();
    m_status = tr("Documents on this computer: %1").arg(status.storedBills);
    if (const QString others = currencyListText(answer.costs.otherCurrencies, m_context.locale);
        !others.isEmpty())
        m_status
            += tr(". Costs in %1 only; left out: %2").arg(currencyText(answer.currency), others);
    emit statusChanged();
}

/// The chart gets most of a low page, and where accounts and currencies stand in the rows, a narrow
/// page has no room for every date.
void OverviewPage::makeRoom()
{
    constexpr int withoutRows = 440;
    constexpr int heightPerRow = 50;
    m_bills->setRowsWanted(std::clamp((height() - withoutRows) / heightPerRow, billsMin, billsMax));
    constexpr int narrowWidth = 900;
    m_bills->setColumnSuppressed(
        BillTableModel::Issued, !m_selection.isOneAccount() && width() < narrowWidth
    );
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    makeRoom();
}

QString OverviewPage::owedCaption() const
{
    if (!isStaff(m_context.sync.identity()))
        return tr("You owe");
    return m_selection.isOneAccount() ? tr("The customer owes") : tr("Customers owe");
}

void OverviewPage::showOwed(const OverviewAnswer& answer)
{
    const QLocale& locale = m_context.locale;
    const Date today = m_selection.today(m_context.sync.now());
    m_owed->setCaption(owedCaption());
    if (answer.debts.size() > 1) {
        std::vector<FigureTile::Figure> figures;
        figures.reserve(answer.debts.size());
        for (const Debt& debt : answer.debts)
            figures.push_back(figureOf(debt, today, locale));
        m_owed->setFigures(std::move(figures));
        return;
    }
    const Debt debt
        = answer.debts.empty() ? Debt { { 0, answer.currency }, 0, {}, {} } : answer.debts.front();
    m_owed->setFigure(amountText(debt.owed, locale), currencyText(debt.owed.currency));
    if (debt.overdueMinor > 0)
        m_owed->setHelp(overdueText(debt, today, locale), nextText(debt, today, locale), Tone::Bad);
    else
        m_owed->setHelp({}, answer.debts.empty() ? tr("All bills are paid") : dueText(debt, today));
}

void OverviewPage::showMonths(const OverviewAnswer& answer)
{
    const QLocale& locale = m_context.locale;
    const Month month = m_selection.month();
    const Month before = next(month, -1);
    const QString unit = currencyText(answer.currency);
    const bool isPart = !answer.costs.otherCurrencies.empty();
    const Date today = m_selection.today(m_context.sync.now());
    const bool runs = month == monthOf(today);
    const Date last = runs ? today : Date { firstDay(next(month)).days - 1 };
    const auto [sameFirst, sameLast] = periodBefore(firstDay(month), last);
    const auto caption
        = [&](const QString& words) { return isPart ? tr("%1, %2 only").arg(words, unit) : words; };
    m_month->setCaption(caption(runs ? tr("This month so far") : monthText(month, locale)));
    m_lastMonth->setCaption(caption(runs ? tr("Last month") : monthText(before, locale)));
    m_month->setFigure(amountText({ answer.monthToDateMinor, answer.currency }, locale), unit);
    m_month->setHelp(
        changeText(answer.lastMonthSameDaysMinor, answer.monthToDateMinor, locale),
        tr("on %1").arg(dateRangeText(sameFirst, sameLast, locale))
    );
    m_lastMonth->setFigure(amountText({ answer.lastMonthMinor, answer.currency }, locale), unit);
    m_lastMonth->setHelp({}, tr("%1, before tax").arg(monthShort(before, locale)));
}

void OverviewPage::showChart(const OverviewAnswer& answer)
{
    const QLocale& locale = m_context.locale;
    m_chartPanel->setTitle(
        answer.costs.otherCurrencies.empty()
            ? tr("Cost by service before tax")
            : tr("Cost by service before tax, %1 only").arg(currencyText(answer.currency))
    );
    m_chart->setData(costChartData(
        answer.costs, CostGroup::Service, CostStep::Day, m_context.colours,
        dateRangeText(answer.costs.previousFirst, answer.costs.previousLast, locale), locale
    ));
}

} // namespace quittance::ui

#include "moc_overview_page.cpp"
