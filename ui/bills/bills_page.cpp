#include "ui/bills/bills_page.h"

#include "models/format.h"
#include "ui/bills/bill_detail.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/flat_header_view.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace quittance::ui {

namespace {

using models::BillTableModel;

constexpr int detailWidth = 472;
constexpr int narrowWidth = 1080;
constexpr int toneBad = 1;
constexpr int toneMuted = 2;

std::vector<ShownState> statesOf(const QString& id)
{
    if (id == QLatin1String("open"))
        return { ShownState::Open, ShownState::DueSoon, ShownState::Overdue, ShownState::PartPaid };
    if (id == QLatin1String("overdue"))
        return { ShownState::Overdue };
    if (id == QLatin1String("draft"))
        return { ShownState::Draft };
    if (id == QLatin1String("paid"))
        return { ShownState::Paid, ShownState::Closed };
    return {};
}

QString sumText(const std::vector<Money>& sums, const QLocale& locale)
{
    QStringList texts;
    for (const Money& sum : sums) {
        if (sum.minor != 0)
            texts.append(moneyText(sum, locale));
    }
    return texts.join(QStringLiteral(" + "));
}

void describeCell(const QModelIndex& index, Cell& cell)
{
    if (index.data(BillTableModel::LoadingRole).toBool()) {
        cell.loading = true;
        return;
    }
    const int tone = index.data(BillTableModel::ToneRole).toInt();
    if (tone == toneBad)
        cell.tone = Tone::Bad;
    else if (tone == toneMuted)
        cell.tone = Tone::Muted;
    if (index.column() == BillTableModel::State)
        cell.badge
            = badgeOf(static_cast<ShownState>(index.data(BillTableModel::StateRole).toInt()));
}

/// Whether the same bills answer, in whatever order.
bool isSameList(BillQuery one, const BillQuery& other)
{
    one.sort = other.sort;
    one.descending = other.descending;
    return one == other;
}

} // namespace

BillsPage::BillsPage(const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_selection(selection)
    , m_model(new BillTableModel(context.locale, this))
    , m_search(new SearchField(tr("Number, SKU, resource")))
    , m_state(new Picker(tr("State")))
    , m_issued(new Picker(tr("Issued")))
    , m_message(new InlineMessage)
    , m_table(new TableView)
    , m_detail(new BillDetail(context))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_patience(new QTimer(this))
{
    auto* list = new Panel;
    list->setBodyMargins(0, 0, 0, 0);
    list->body()->setSpacing(0);
    list->body()->addWidget(makeFilterRow());
    list->body()->addWidget(m_message);
    list->body()->addWidget(m_table, 1);
    setUpTable();
    m_detail->hide();
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(space::panelGap);
    m_splitter->addWidget(list);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    connectAll();
}

QWidget* BillsPage::makeFilterRow()
{
    m_search->setObjectName(QStringLiteral("billSearch"));
    m_state->setObjectName(QStringLiteral("billState"));
    m_state->setChoices({ { QStringLiteral("any"), tr("any"), {} },
                          { QStringLiteral("open"), tr("to be paid"), {} },
                          { QStringLiteral("overdue"), tr("overdue"), {} },
                          { QStringLiteral("draft"), tr("draft"), {} },
                          { QStringLiteral("paid"), tr("paid"), {} } });
    m_issued->setChoices({ { QStringLiteral("any"), tr("any time"), {} },
                           { QStringLiteral("3"), tr("3 months"), {} },
                           { QStringLiteral("12"), tr("12 months"), {} } });
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(space::medium, space::medium, space::medium, space::medium);
    layout->setSpacing(space::small);
    m_search->setToolTip(tr("By number, account, period, amount, service, SKU, project or resource")
    );
    layout->addWidget(m_search, 1);
    layout->addWidget(m_state);
    layout->addWidget(m_issued);
    Button* columns = makeIconButton(Icon::Columns, tr("Columns"));
    connect(columns, &QAbstractButton::clicked, this, [this, columns] {
        QMenu* menu = m_table->makeColumnMenu(columns);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(columns->mapToGlobal(QPoint(0, columns->height())));
    });
    layout->addWidget(columns);
    return row;
}

void BillsPage::setUpTable()
{
    m_table->setObjectName(QStringLiteral("bills"));
    m_table->setAccessibleName(tr("Bills"));
    m_table->setModel(m_model);
    m_table->setKeyRole(BillTableModel::KeyRole);
    m_table->setCsvRole(BillTableModel::CsvRole);
    m_table->setBringRows(
        BillTableModel::LoadingRole,
        [this](int first, int last, const std::function<void()>& then) {
            loadRows(first, last - first + 1, then);
        }
    );
    m_table->setAmountOf([this](const QModelIndex& index) -> std::optional<Money> {
        const BillSummary* bill = m_model->billAt(index.row());
        return bill == nullptr ? std::nullopt : std::optional(bill->total);
    });
    auto* delegate = new CellDelegate(m_table);
    delegate->setDescribe(describeCell);
    m_table->setItemDelegate(delegate);
    m_table->setColumnFits({ { BillTableModel::Number, 128, 2 },
                             { BillTableModel::Account, 110, 3 },
                             { BillTableModel::Period, 78, 1 },
                             { BillTableModel::Issued, 88, 1 },
                             { BillTableModel::Due, 98, 1 },
                             { BillTableModel::Total, 92, 2 },
                             { BillTableModel::Open, 92, 2 },
                             { BillTableModel::State, 100, 1 } });
    m_table->horizontalHeader()->setSortIndicator(m_sortColumn, m_sortOrder);
    m_table->setMemory(&m_context.memory, QStringLiteral("bills/table"));
    m_sortColumn = m_table->horizontalHeader()->sortIndicatorSection();
    m_sortOrder = m_table->horizontalHeader()->sortIndicatorOrder();
    m_table->setSortingEnabled(true);
    m_table->setEmptyState(
        Icon::Bills, tr("No bill matches"),
        tr("Change the filter or the period, or wait for the next bill.")
    );
}

void BillsPage::connectAll()
{
    connect(m_search, &SearchField::searchChanged, this, &BillsPage::ask);
    connect(m_search, &SearchField::movedToResults, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_state, &Picker::chosen, this, &BillsPage::ask);
    connect(m_issued, &Picker::chosen, this, &BillsPage::ask);
    connect(&m_selection, &ConsoleSelection::changed, this, &BillsPage::ask);
    connect(&m_context.queries, &client::Queries::billsChanged, this, [this] {
        m_bySync = true;
        ask();
        if (m_detail->isVisible())
            m_detail->refresh();
    });
    connect(m_model, &BillTableModel::pageWanted, this, &BillsPage::loadPage, Qt::QueuedConnection);
    connect(m_model, &BillTableModel::sortWanted, this, [this](int column, Qt::SortOrder order) {
        m_sortColumn = column;
        m_sortOrder = order;
        ask();
    });
    connect(m_table, &QAbstractItemView::clicked, this, &BillsPage::chooseRow);
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        if (const BillSummary* bill = m_model->billAt(index.row()))
            openBill(bill->id);
    });
    connect(m_table, &TableView::contextMenuAboutToShow, this, &BillsPage::addToMenu);
    connect(
        m_table, &TableView::sumOfSelectionChanged, this,
        [this](int rows, const std::vector<Money>& totals) {
            m_selectionText = rows == 0
                ? QString()
                : tr("Selected: %1, total %2").arg(rows).arg(sumText(totals, m_context.locale));
            emit statusChanged();
            chooseRow();
        }
    );
    connect(m_detail, &BillDetail::closed, this, [this] { closeDetail(); });
    constexpr int patienceMs = 200;
    m_patience->setSingleShot(true);
    m_patience->setInterval(patienceMs);
    connect(m_patience, &QTimer::timeout, this, &Page::statusChanged);
}

QList<QWidget*> BillsPage::headActions()
{
    if (m_export == nullptr) {
        m_export = new Button(Icon::Export, tr("Export list"));
        connect(m_export, &QAbstractButton::clicked, this, &BillsPage::exportList);
    }
    return { m_export };
}

QString BillsPage::statusText() const
{
    QString text = m_totals ? tr("Documents: %1").arg(m_totals->count) : tr("Counting documents…");
    const QString open = m_totals ? sumText(m_totals->openSums, m_context.locale) : QString();
    if (!open.isEmpty())
        text += tr(", open %1").arg(open);
    if (!m_selectionText.isEmpty())
        text += QStringLiteral(". ") + m_selectionText;
    return text;
}

void BillsPage::shown()
{
    ask();
}

void BillsPage::forget()
{
    m_answers.drop();
    m_firstPage.cancel();
    m_counting.cancel();
    m_patience->stop();
    m_search->clear();
    m_state->setCurrent(QStringLiteral("any"));
    m_issued->setCurrent(QStringLiteral("any"));
    m_message->clear();
    m_detail->hide();
    m_detail->forget();
    m_totals.reset();
    m_table->clearSelection();
    m_model->clear();
}

bool BillsPage::find(const QString& text)
{
    m_search->setText(text);
    ask();
    return true;
}

bool BillsPage::closeDetail()
{
    if (!m_detail->isVisible())
        return false;
    if (m_detail->closeEvents())
        return true;
    m_detail->hide();
    m_table->clearSelection();
    m_table->setFocus();
    return true;
}

BillQuery BillsPage::question() const
{
    constexpr int daysPerMonth = 31;
    BillQuery query;
    query.account = m_selection.account();
    query.text = m_search->text().trimmed().toStdString();
    query.states = statesOf(m_state->current());
    query.month = m_selection.listMonth();
    const int months = m_issued->current().toInt();
    if (months > 0)
        query.issuedFrom
            = Date { m_selection.today(m_context.sync.now()).days - months * daysPerMonth };
    query.sort = BillTableModel::sortColumn(m_sortColumn);
    query.descending = m_sortOrder == Qt::DescendingOrder;
    return query;
}

void BillsPage::ask()
{
    if (!isFront())
        return;
    const bool bySync = std::exchange(m_bySync, false);
    BillQuery query = question();
    if (!isSameList(query, m_asked))
        m_totals.reset();
    m_isCounted = false;
    // What nobody waits for any more must not keep others waiting.
    m_firstPage.cancel();
    m_counting.cancel();
    m_firstPage = m_context.queries.bills(query, 0, BillTableModel::pageRows);
    m_answers.whenDone(m_firstPage, this, [this, bySync](const Result<BillPage>& page) {
        showReadProblem(*m_message, page ? nullptr : &page.error());
        if (!page)
            return;
        if (bySync)
            m_table->expectChanges();
        showFirstPage(*page);
        count();
    });
    m_patience->start();
    m_asked = std::move(query);
}

/// Only now, so that it takes nothing from the first rows.
void BillsPage::count()
{
    m_counting = m_context.queries.billTotals(m_asked);
    m_answers.whenMoreIsDone(m_counting, this, [this](const Result<BillTotals>& totals) {
        if (totals)
            showTotals(*totals);
        else
            showReadProblem(*m_message, &totals.error());
    });
}

void BillsPage::showFirstPage(const BillPage& page)
{
    m_table->setColumnSuppressed(BillTableModel::Account, m_selection.isOneAccount());
    m_model->reset(page, m_totals.value_or(BillTotals()), m_selection.today(m_context.sync.now()));
    m_table->setLoading(false);
    emit loaded();
}

void BillsPage::showTotals(const BillTotals& totals)
{
    m_patience->stop();
    m_isCounted = true;
    m_totals = totals;
    m_model->setTotals(totals);
    emit statusChanged();
    emit counted();
}

void BillsPage::loadPage(qint64 offset)
{
    loadRows(offset, BillTableModel::pageRows, [] {});
}

void BillsPage::loadRows(qint64 offset, int count, const std::function<void()>& then)
{
    m_answers.whenMoreIsDone(
        m_context.queries.bills(question(), offset, count), this,
        [this, then](const Result<BillPage>& page) {
            showReadProblem(*m_message, page ? nullptr : &page.error());
            if (!page)
                return;
            m_model->setPage(*page);
            then();
        }
    );
}

void BillsPage::chooseRow()
{
    const QList<int> rows = m_table->selectedRows();
    if (rows.size() != 1)
        return;
    const BillSummary* bill = m_model->billAt(rows.front());
    if (bill != nullptr && (bill->id != m_detail->billId() || !m_detail->isVisible()))
        openBill(bill->id);
}

void BillsPage::openBill(BillId bill)
{
    m_detail->showBill(bill, m_selection.today(m_context.sync.now()));
    if (m_detail->isVisible())
        return;
    m_detail->show();
    shareRoom();
}

/// Beside each other the detail has its width; below each other the table keeps some rows, the
/// chosen one among them.
void BillsPage::shareRoom()
{
    constexpr int tableHeight = 202; // filter row, header and four whole rows
    if (m_splitter->orientation() == Qt::Horizontal)
        m_splitter->setSizes({ width() - detailWidth, detailWidth });
    else
        m_splitter->setSizes({ tableHeight, height() - tableHeight - m_splitter->handleWidth() });
    // Once the splitter has placed both.
    QTimer::singleShot(0, m_table, [this] { m_table->scrollTo(m_table->currentIndex()); });
}

void BillsPage::addToMenu(QMenu* menu, const QModelIndex& index)
{
    const BillSummary* bill = index.isValid() ? m_model->billAt(index.row()) : nullptr;
    if (bill == nullptr)
        return;
    menu->addSeparator();
    menu->setToolTipsVisible(true);
    const BillId id = bill->id;
    menu->addAction(tr("Open"), this, [this, id] { openBill(id); });
    for (const QString& format : { QStringLiteral("pdf"), QStringLiteral("csv") }) {
        QAction* save = menu->addAction(tr("Save as %1").arg(format.toUpper()));
        connect(save, &QAction::triggered, this, [this, id, format] {
            openBill(id);
            m_detail->download(format);
        });
        if (format == QLatin1String("pdf"))
            blockUnlessHere(*save, id, format);
    }
    if (!bill->number.empty()) {
        const QString number = QString::fromStdString(bill->number);
        menu->addAction(tr("Copy number"), this, [number] {
            QApplication::clipboard()->setText(number);
        });
    }
}

/// What needs the backend while it is not reached, unless it came before: disabled, and says why.
void BillsPage::blockUnlessHere(QAction& action, BillId bill, const QString& format)
{
    const QString offline = offlineReason(m_context.sync.status());
    if (offline.isEmpty())
        return;
    action.setEnabled(false);
    action.setToolTip(offline);
    client::whenDone(
        m_context.queries.hasDocument(bill, format), &action,
        [&action](const Result<bool>& saved) { action.setEnabled(saved && *saved); }
    );
}

void BillsPage::exportList()
{
    const QString file
        = m_context.pickSaveFile(this, QStringLiteral("bills.csv"), tr("CSV files (*.csv)"));
    if (!file.isEmpty())
        exportTo(file);
}

void BillsPage::exportTo(const QString& file)
{
    if (!m_isCounted) {
        connect(
            this, &BillsPage::counted, this, [this, file] { exportTo(file); },
            Qt::SingleShotConnection
        );
        return;
    }
    // Rows that nobody scrolled to are in the store alone until now.
    const quint64 newest = m_answers.newest();
    client::whenDone(
        m_context.queries.bills(question(), 0, std::max(1, m_model->rowCount())), this,
        [this, newest, file](const Result<BillPage>& page) {
            if (!page) {
                m_message->showMessage(Tone::Bad, errorText(page.error()));
            } else if (newest != m_answers.newest()) {
                exportTo(file); // the list changed meanwhile
            } else {
                m_model->setPage(*page);
                saveFile(file, m_table->csvOfAll().toUtf8(), *m_message);
            }
        }
    );
}

void BillsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool narrow = event->size().width() < narrowWidth;
    m_splitter->setOrientation(narrow ? Qt::Vertical : Qt::Horizontal);
    if (m_detail->isVisible())
        shareRoom();
}

} // namespace quittance::ui

#include "moc_bills_page.cpp"
