#include "tests/ui/widgets/gallery.h"

#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/figure_tile.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/label.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QTabBar>
#include <QVBoxLayout>

#include <array>

using namespace quittance;
using namespace quittance::ui;

namespace gallery {
namespace {

QString text(const char* latin1)
{
    return QString::fromUtf8(latin1);
}

struct BillRow {
    const char* number;
    const char* period;
    const char* due;
    const char* total;
    const char* open;
    qint64 openMinor;
    ShownState state;
};

constexpr auto billRows = std::to_array<BillRow>({
    { "Draft", "Nov 2026", "\u2013", "11,471.12", "\u2013", 0, ShownState::Draft },
    { "2026-1231", "Week 48", "4 Dec", "840.00", "0.00", 0, ShownState::Paid },
    { "2026-1214", "Week 47", "27 Nov", "840.00", "300.00", 30'000, ShownState::PartPaid },
    { "2026-1196", "Week 46", "20 Nov", "840.00", "540.00", 54'000, ShownState::Overdue },
    { "2026-1187", "Oct 2026", "2 Dec", "11,640.20", "11,640.20", 1'164'020, ShownState::DueSoon },
    { "CN-2026-0041", "Aug 2026", "\u2013", "\u2212214.20", "0.00", 0, ShownState::Closed },
    { "2026-1061", "Sep 2026", "1 Nov", "10,850.90", "0.00", 0, ShownState::Objection },
    { "2026-0977", "Aug 2026", "1 Oct", "9,913.86", "0.00", 0, ShownState::Void },
    { "2026-0914", "Jul 2026", "2 Sep", "10,461.33", "10,461.33", 1'046'133, ShownState::Open },
});

void describeBill(const QModelIndex& index, Cell& cell)
{
    constexpr int dueColumn = 2;
    constexpr int openColumn = 4;
    constexpr int stateColumn = 5;
    const auto state = static_cast<ShownState>(index.siblingAtColumn(0).data(stateRole).toInt());
    const bool open = index.siblingAtColumn(0).data(minorRole).toLongLong() > 0;
    if (index.column() == 0 && state == ShownState::Draft)
        cell.tone = Tone::Muted;
    if (index.column() == dueColumn && state == ShownState::Overdue)
        cell.tone = Tone::Bad;
    if (index.column() == openColumn) {
        cell.strong = open;
        cell.tone = open ? Tone::Normal : Tone::Muted;
    }
    if (index.column() == stateColumn)
        cell.badge = badgeOf(state);
}

} // namespace

ColumnChartData costsByDay()
{
    struct Service {
        const char* name;
        qint64 base;
        qint64 swing;
    };
    constexpr auto services = std::to_array<Service>({ { "H100 pods", 10'200, 9'000 },
                                                       { "A100 pods", 3'000, 800 },
                                                       { "Bare metal", 10'000, 400 },
                                                       { "Llama API", 5'000, 2'000 },
                                                       { "Object storage", 4'500, 300 },
                                                       { "Network", 2'200, 1'500 },
                                                       { "Other", 4'400, 600 } });
    constexpr int days = 30;
    constexpr int today = 26;
    ColumnChartData data;
    data.unit = text("USD");
    SeriesColours colours;
    for (int day = 1; day <= days; ++day)
        data.categories.push_back({ QString::number(day), text("%1 Nov").arg(day) });
    for (const Service& service : services) {
        ColumnChartData::Series series { text(service.name), {}, {}, false };
        series.colour = series.name == text("Other")
            ? otherColour()
            : colours.colourOf(QStringLiteral("services"), series.name);
        for (int day = 1; day <= days; ++day) {
            const qint64 busy = day >= 10 && day <= 16 ? 2 : 1;
            series.values.push_back(
                day > today ? 0
                            : service.base * busy / (day == today ? 2 : 1)
                        + service.swing * (day * 7 % 5) / 5
            );
        }
        data.series.push_back(series);
    }
    ColumnChartData::Series expected { text("Expected"), {}, {}, true };
    ColumnChartData::Line line { text("October"), {} };
    for (int day = 1; day <= days; ++day) {
        expected.values.push_back(day < today ? 0 : day == today ? 14'000 : 41'000 + day * 100);
        line.values.emplace_back(36'000 + (day * 37 % 11) * 1'500);
    }
    data.series.push_back(expected);
    data.comparison = line;
    return data;
}

QStandardItemModel* billModel(int rows, QObject* parent)
{
    auto* model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels({ text("Number"), text("Period"), text("Due"),
                                       text("Total USD"), text("Open USD"), text("State") });
    for (int row = 0; row < rows; ++row) {
        const BillRow& bill = billRows[static_cast<std::size_t>(row) % std::size(billRows)];
        QList<QStandardItem*> items;
        for (const char* value : { bill.number, bill.period, bill.due, bill.total, bill.open, "" })
            items.append(new QStandardItem(text(value)));
        items[5]->setText(badgeOf(bill.state).text);
        for (const int right : { 2, 3, 4 })
            items[right]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        items[0]->setData(row + 1, keyRole);
        items[0]->setData(static_cast<int>(bill.state), stateRole);
        items[0]->setData(bill.openMinor, minorRole);
        model->appendRow(items);
    }
    return model;
}

OverviewPage::OverviewPage()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(makeTiles());
    layout->addWidget(makeChart(), 5);
    layout->addWidget(makeTable(), 4);
}

QList<QWidget*> OverviewPage::headActions()
{
    return { new Button(Icon::Export, text("Statement")),
             new Button(text("Pay 12,480.20 USD"), Button::Kind::Primary) };
}

QString OverviewPage::statusText() const
{
    return text("Synced 26 Nov, 14:04:10. 23 bills, 14 months of costs on this computer");
}

QWidget* OverviewPage::makeTiles()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    const auto add = [layout, row](
                         const char* caption, const char* figure, const char* strong,
                         const char* rest, Tone tone
                     ) {
        auto* tile = new FigureTile(text(caption), row);
        tile->setFigure(text(figure), text("USD"));
        tile->setHelp(text(strong), text(rest), tone);
        layout->addWidget(tile, 1);
    };
    add("You owe", "12,480.20", "540.00 overdue", "the rest due in 6 days", Tone::Bad);
    add("This month so far", "12,261.44", "+14%", "on 1\u201326 October, before tax", Tone::Normal);
    add("Credit left", "1,200.00", "Lowers the next bill", "expires 31 Dec", Tone::Muted);
    add("Expected at month end", "14,300", "13,900 to 14,700", "4 days to go", Tone::Normal);
    return row;
}

QWidget* OverviewPage::makeChart()
{
    auto* panel = new Panel(text("Cost by service, day by day"), this);
    panel->setSubtitle(text("before tax"));
    panel->setBodyMargins(space::small, space::small, space::normal, space::small);
    auto* legend = new LegendWidget(panel);
    legend->setAlignedRight(true);
    m_chart = new StackedColumnChart(panel);
    m_chart->setLegend(legend);
    m_chart->setData(costsByDay());
    panel->addHeaderWidget(legend);
    panel->body()->addWidget(m_chart, 1);
    return panel;
}

QWidget* OverviewPage::makeTable()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    auto* bills = new Panel(text("Last bills"), row);
    bills->addHeaderWidget(new LinkButton(text("All 23 bills"), bills));
    bills->setBodyMargins(0, 0, 0, 0);
    m_table = new TableView(bills);
    auto* delegate = new CellDelegate(m_table);
    delegate->setDescribe(describeBill);
    m_table->setItemDelegate(delegate);
    m_table->setRowHeight(size::rowRead);
    m_table->setModel(billModel(9, m_table));
    m_table->setColumnFits(
        { { 0, 110, 2 }, { 1, 90, 1 }, { 2, 80, 1 }, { 3, 100, 1 }, { 4, 100, 1 }, { 5, 120, 1 } }
    );
    bills->body()->addWidget(m_table, 1);
    layout->addWidget(bills, 7);
    auto* needs = new Panel(text("Needs you"), row);
    needs->setHeaderLine(true);
    auto* nothing = new EmptyState(needs);
    nothing->setContent(
        Icon::Done, text("Nothing needs you"),
        text("Bills that are due and cards that expire show here.")
    );
    needs->body()->addWidget(nothing);
    layout->addWidget(needs, 4);
    return row;
}

PartsPage::PartsPage()
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(makeForm(), 0, 0, 2, 1);
    layout->addWidget(makeBadges(), 0, 1);
    layout->addWidget(makeStates(), 0, 2);
    layout->addWidget(makeCells(), 1, 1, 1, 2);
    layout->setColumnStretch(1, 3);
    layout->setColumnStretch(2, 3);
    layout->setRowStretch(1, 1);
}

std::vector<Crumb> PartsPage::crumbs() const
{
    return { { text("all"), text("All costs") }, { text("project"), text("Project training") } };
}

bool PartsPage::find(const QString& text)
{
    lastFind = text;
    return true;
}

bool PartsPage::closeDetail()
{
    return std::exchange(detailOpen, false);
}

QWidget* PartsPage::makeForm()
{
    auto* panel = new Panel(text("Question"), this);
    panel->setFixedWidth(248);
    auto* measure = new SegmentedControl(text("Measure"), panel);
    measure->addSegment(text("cost"), text("Cost"));
    measure->addSegment(text("quantity"), text("Quantity"));
    auto* wrong = new FormField(text("Valid to"), {}, panel);
    wrong->setValue(text("03 / 25"));
    wrong->setError(text(
        "This date has passed: March 2025. Cards are valid to the end of the month printed on them."
    ));
    auto* right = new FormField(text("Name on the card"), text("As it is printed"), panel);
    right->setValue(text("Ines Albrecht"));
    auto* disabled = new FormField(text("Server"), {}, panel);
    disabled->setValue(text("https://billing.example.com"));
    disabled->setEnabled(false);
    auto* state = new Picker(text("State"), panel);
    state->setChoices({ { text("any"), text("any"), {} },
                        { text("open"), text("open"), text("4") } });
    auto* blocked = new Button(text("Pay 11,640.20 USD"), Button::Kind::Primary, panel);
    blocked->setBlocked(text("Paying needs the network"));
    auto* checked = new CheckBox(text("Show costs before tax"), panel);
    checked->setChecked(true);
    for (QWidget* widget :
         { static_cast<QWidget*>(measure), static_cast<QWidget*>(state),
           static_cast<QWidget*>(new SearchField(text("Number, period, amount"), panel)),
           static_cast<QWidget*>(right), static_cast<QWidget*>(wrong),
           static_cast<QWidget*>(disabled), static_cast<QWidget*>(checked),
           static_cast<QWidget*>(new CheckBox(text("Hide services under 1%"), panel)),
           static_cast<QWidget*>(new HairLine(panel)), static_cast<QWidget*>(blocked),
           static_cast<QWidget*>(new Button(text("Refund 310.00 USD"), Button::Kind::Danger, panel)
           ),
           static_cast<QWidget*>(new Button(Icon::Save, text("PDF"), Button::Kind::Secondary, panel)
           ) })
        panel->body()->addWidget(widget);
    panel->body()->addStretch(1);
    return panel;
}

QWidget* PartsPage::makeBadges()
{
    auto* panel = new Panel(text("States"), this);
    auto* grid = new QGridLayout;
    grid->setSpacing(space::small);
    for (int state = 0; state <= static_cast<int>(ShownState::Closed); ++state) {
        auto* badge = new BadgeLabel(panel);
        badge->setBadge(badgeOf(static_cast<ShownState>(state)));
        grid->addWidget(badge, state / 3, state % 3);
    }
    auto* second = new BadgeLabel(panel);
    second->setBadge({ text("Needs second person"), Tone::Warn, BadgeShape::TwoDots });
    grid->addWidget(second, 3, 0, 1, 3);
    panel->body()->addLayout(grid);
    auto* tabs = new QTabBar(panel);
    for (const char* name : { "Lines 9", "Payments", "History", "Document" })
        tabs->addTab(text(name));
    panel->body()->addWidget(tabs);
    panel->body()->addStretch(1);
    auto* footerText
        = new Label(text("A later objection is still accepted"), TextRole::Help, Tone::Muted);
    footerText->setElided(true);
    panel->footer()->addWidget(footerText, 1);
    panel->footer()->addWidget(new Button(text("Object to a line")));
    return panel;
}

QWidget* PartsPage::makeStates()
{
    auto* panel = new Panel(text("Messages"), this);
    panel->addHeaderWidget(makeIconButton(Icon::Columns, text("Columns"), panel));
    panel->addHeaderWidget(makeIconButton(Icon::More, text("More"), panel));
    panel->addHeaderWidget(makeIconButton(Icon::Close, text("Close"), panel));
    const auto add = [panel](Tone tone, const char* words, const char* action, const char* detail) {
        auto* message = new InlineMessage(panel);
        message->showMessage(tone, text(words), text(action), text(detail));
        panel->body()->addWidget(message);
    };
    add(Tone::Bad, "The server did not accept the payment. Nothing was charged.", "Try again",
        "payment-refused 7f3a");
    add(Tone::Warn, "Usage events of this line are not on this computer.", "", "");
    add(Tone::Good, "Saved as Bill 2026-1187.pdf", "Open", "");
    auto* tile = new FigureTile(text("Loading"), panel);
    tile->setLoading(true);
    panel->body()->addWidget(tile);
    panel->body()->addStretch(1);
    return panel;
}

QWidget* PartsPage::makeCells()
{
    auto* panel = new Panel({}, this);
    panel->setBodyMargins(0, 0, 0, 0);
    auto* table = new TableView(panel);
    auto* model = new QStandardItemModel(0, 4, table);
    model->setHorizontalHeaderLabels({ text("Service"), text("1\u201326 Nov, by day"),
                                       text("Share"), text("November USD") });
    const ColumnChartData costs = costsByDay();
    for (const auto& series : costs.series) {
        QList<QStandardItem*> items { new QStandardItem(series.name), new QStandardItem,
                                      new QStandardItem(text("41%")),
                                      new QStandardItem(text("3,120.22")) };
        items[2]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        items[3]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        model->appendRow(items);
    }
    auto* delegate = new CellDelegate(table);
    delegate->setDescribe([costs](const QModelIndex& index, Cell& cell) {
        const auto& series = costs.series[static_cast<std::size_t>(index.row())];
        cell.swatch = series.expected ? QColor() : series.colour;
        cell.loading = series.expected;
        if (index.column() == 0 && index.row() == 0)
            cell.secondLine = text("two lines in one row");
        if (index.column() == 1)
            cell.sparkline = QList<qint64>(series.values.begin(), series.values.begin() + 26);
        if (index.column() == 2) {
            cell.share = 1.0 / (index.row() + 1);
            cell.tone = Tone::Muted;
        }
        if (index.column() == 3)
            cell.swatch = QColor();
    });
    table->setItemDelegate(delegate);
    table->setModel(model);
    table->setRowHeight(size::rowRead);
    table->setColumnFits({ { 0, 160, 1 }, { 1, 150, 0 }, { 2, 160, 0 }, { 3, 120, 1 } });
    table->setSortingEnabled(true);
    table->horizontalHeader()->setSortIndicator(3, Qt::DescendingOrder);
    table->selectRow(2);
    panel->body()->addWidget(table);
    return panel;
}

} // namespace gallery

#include "moc_gallery.cpp"
