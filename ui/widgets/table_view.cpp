#include "ui/widgets/table_view.h"

#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flat_header_view.h"
#include "ui/widgets/view_memory.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHash>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSet>
#include <QStyle>
#include <QVariantAnimation>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace quittance::ui {
namespace {

/// Chosen rows that are found again when a model is filled anew; past that the selection is given
/// up rather than the window held up.
constexpr qsizetype keptRowsMax = 500;
/// Rows whose content decides how wide a column is: about those of a high window.
constexpr int fittedRowsMax = 50;
/// Rows that are compared with what sync brings: the first pages, where bills change.
constexpr int changesRowsMax = 400;

QString plainText(const QVariant& value)
{
    return value.toString().replace(QChar(QChar::Nbsp), QLatin1Char(' '));
}

bool isNumber(const QString& text)
{
    bool ok = false;
    QString plain = text;
    plain.remove(QLatin1Char(',')).replace(QChar(0x2212), QLatin1Char('-'));
    (void)plain.toDouble(&ok);
    return ok;
}

} // namespace

QString csvField(const QString& text)
{
    QString field = text;
    const QString risky = QStringLiteral("=+-@\t\r");
    if (!field.isEmpty() && risky.contains(field.at(0)) && !isNumber(field))
        field.prepend(QLatin1Char('\''));
    const bool quoted = std::any_of(field.cbegin(), field.cend(), [](QChar c) {
        return c == QLatin1Char(',') || c == QLatin1Char('"') || c == QLatin1Char('\n')
            || c == QLatin1Char('\r');
    });
    if (!quoted)
        return field;
    field.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') % field % QLatin1Char('"');
}

/// Where the person was before the model was filled anew.
struct TableView::Kept {
    QList<QVariant> chosen;
    QVariant current;
    QVariant top;
    int scroll = 0;
};

/// Rows as they read before sync filled the model anew, and those that were found changed after.
class TableView::Changes {
public:
    bool expected = false;
    QHash<QString, QString> before; ///< key -> text
    QSet<QString> marked;
    QVariantAnimation fade;
};

TableView::TableView(QWidget* parent)
    : QTableView(parent)
    , m_header(new FlatHeaderView(Qt::Horizontal, this))
    , m_empty(new EmptyState(viewport()))
    , m_changes(std::make_unique<Changes>())
{
    setHorizontalHeader(m_header);
    setItemDelegate(new CellDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setCornerButtonEnabled(false);
    // What is below is drawn by the panel, its round corners too.
    viewport()->setAutoFillBackground(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setRowHeight(size::rowScanned);
    m_header->setResizeContentsPrecision(fittedRowsMax);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_header, &QWidget::customContextMenuRequested, this, &TableView::showHeaderMenu);
    connect(m_header, &QHeaderView::sectionMoved, this, &TableView::saveColumns);
    connect(m_header, &QHeaderView::sortIndicatorChanged, this, &TableView::saveColumns);
    connect(m_header, &QHeaderView::sectionResized, this, [this] {
        if (m_fitting || QGuiApplication::mouseButtons() == Qt::NoButton)
            return;
        m_ownWidths = true;
        saveColumns();
    });
    m_empty->hide();
    m_changes->fade.setStartValue(1.0);
    m_changes->fade.setEndValue(0.0);
    connect(&m_changes->fade, &QVariantAnimation::valueChanged, viewport(), [this] {
        viewport()->update();
    });
    connect(m_empty, &EmptyState::actionTriggered, this, &TableView::emptyActionTriggered);
}

TableView::~TableView() = default;

void TableView::setModel(QAbstractItemModel* model)
{
    if (this->model() != nullptr)
        this->model()->disconnect(this);
    QTableView::setModel(model);
    if (model == nullptr)
        return;
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &TableView::keepPlace);
    connect(model, &QAbstractItemModel::modelReset, this, &TableView::restorePlace);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &TableView::noteRows);
    connect(model, &QAbstractItemModel::modelReset, this, &TableView::afterRowsChanged);
    connect(model, &QAbstractItemModel::modelReset, this, &TableView::markChanges);
    connect(model, &QAbstractItemModel::rowsInserted, this, &TableView::afterRowsChanged);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &TableView::afterRowsChanged);
    connect(model, &QAbstractItemModel::dataChanged, this, &TableView::emitSum);
    afterRowsChanged();
}

void TableView::setRowHeight(int pixels)
{
    verticalHeader()->setMinimumSectionSize(pixels);
    verticalHeader()->setDefaultSectionSize(pixels);
}

void TableView::setRowsWanted(int rows)
{
    if (rows == m_rowsWanted)
        return;
    m_rowsWanted = rows;
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    updateGeometry();
    fitRows();
}

QSize TableView::sizeHint() const
{
    const QSize usual = QTableView::sizeHint();
    if (m_rowsWanted == 0)
        return usual;
    return { usual.width(),
             m_header->sizeHint().height()
                 + m_rowsWanted * verticalHeader()->defaultSectionSize() };
}

void TableView::setKeyRole(int role)
{
    m_keyRole = role;
}

void TableView::setCsvRole(int role)
{
    m_csvRole = role;
}

void TableView::setAmountOf(AmountOf amountOf)
{
    m_amountOf = std::move(amountOf);
}

void TableView::setBringRows(int loadingRole, BringRows bringRows)
{
    m_loadingRole = loadingRole;
    m_bringRows = std::move(bringRows);
}

std::optional<std::pair<int, int>> TableView::missingRows() const
{
    std::optional<std::pair<int, int>> missing;
    for (const int row : m_bringRows ? selectedRows() : QList<int>()) {
        if (model()->index(row, 0).data(m_loadingRole).toBool())
            missing = { missing ? missing->first : row, row };
    }
    return missing;
}

/// Calls `then` when every chosen row is here: at once where it is already.
void TableView::withWholeSelection(const std::function<void()>& then)
{
    if (const auto missing = missingRows())
        m_bringRows(missing->first, missing->second, then);
    else
        then();
}

void TableView::setColumnFits(std::vector<ColumnFit> fits)
{
    m_fits = std::move(fits);
    fitColumns();
}

void TableView::setMemory(ViewMemory* memory, const QString& key)
{
    m_memory = memory;
    m_memoryKey = key;
    restoreColumns();
}

void TableView::setColumnShownAtFirst(int column, bool shown)
{
    setColumnHidden(column, !shown);
}

void TableView::setColumnSuppressed(int column, bool suppressed)
{
    if (suppressed == m_suppressed.contains(column) || (suppressed && isColumnHidden(column)))
        return;
    if (suppressed)
        m_suppressed.insert(column);
    else
        m_suppressed.erase(column);
    setColumnHidden(column, suppressed);
    fitColumns();
}

void TableView::setEmptyState(
    Icon meaning, const QString& title, const QString& help, const QString& action
)
{
    m_empty->setContent(meaning, title, help, action);
    placeEmptyState();
}

void TableView::expectChanges()
{
    m_changes->expected = true;
}

QString TableView::textOfRow(int row) const
{
    QStringList texts;
    for (int column = 0; column < model()->columnCount(); ++column)
        texts.append(model()->index(row, column).data().toString());
    return texts.join(QLatin1Char('\t'));
}

void TableView::noteRows()
{
    m_changes->before.clear();
    if (!m_changes->expected || m_keyRole < 0)
        return;
    const int rows = std::min(model()->rowCount(), changesRowsMax);
    for (int row = 0; row < rows; ++row)
        if (const QVariant key = model()->index(row, 0).data(m_keyRole); key.isValid())
            m_changes->before.insert(key.toString(), textOfRow(row));
}

void TableView::markChanges()
{
    constexpr int fadeMs = 1600;
    constexpr qsizetype fewMax = 3;
    const bool expected = std::exchange(m_changes->expected, false);
    m_changes->marked.clear();
    m_changes->fade.stop();
    // A desktop without animations has none here; what was empty before is a first load.
    if (!expected || m_changes->before.isEmpty()
        || style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) <= 0)
        return;
    const int rows = std::min(model()->rowCount(), changesRowsMax);
    for (int row = 0; row < rows; ++row) {
        const QVariant key = model()->index(row, 0).data(m_keyRole);
        if (key.isValid() && m_changes->before.value(key.toString()) != textOfRow(row))
            m_changes->marked.insert(key.toString());
    }
    // Where most of it is new, marks would be noise.
    if (m_changes->marked.size() > std::max<qsizetype>(fewMax, rows / 2))
        m_changes->marked.clear();
    if (m_changes->marked.isEmpty())
        return;
    m_changes->fade.setDuration(fadeMs);
    m_changes->fade.start();
}

void TableView::paintChanges()
{
    constexpr double markShare = 0.18;
    if (m_changes->fade.state() != QAbstractAnimation::Running)
        return;
    QPainter painter(viewport());
    QColor mark = coloursOf(palette()).accent;
    mark.setAlphaF(static_cast<float>(markShare * m_changes->fade.currentValue().toDouble()));
    for (int row = std::max(0, rowAt(0)); row < model()->rowCount(); ++row) {
        const int top = rowViewportPosition(row);
        if (top > viewport()->height())
            return;
        if (m_changes->marked.contains(model()->index(row, 0).data(m_keyRole).toString()))
            painter.fillRect(QRect(0, top, viewport()->width(), rowHeight(row)), mark);
    }
}

void TableView::setLoading(bool loading)
{
    m_loading = loading;
    placeEmptyState();
    viewport()->update();
}

QMenu* TableView::makeColumnMenu(QWidget* parent)
{
    auto* menu = new QMenu(tr("Columns"), parent);
    for (int visual = 0; model() != nullptr && visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        auto* action = menu->addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        // The last one stays: a table without columns could not be brought back.
        action->setEnabled(isColumnHidden(column) || shownColumns().size() > 1);
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            m_suppressed.erase(column);
            setColumnHidden(column, !shown);
            fitColumns();
            saveColumns();
        });
    }
    return menu;
}

QList<int> TableView::selectedRows() const
{
    QList<int> rows;
    if (selectionModel() != nullptr)
        for (const QModelIndex& index : selectionModel()->selectedRows())
            rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

QList<int> TableView::shownColumns() const
{
    QList<int> columns;
    for (int visual = 0; visual < m_header->count(); ++visual)
        if (!m_header->isSectionHidden(m_header->logicalIndex(visual)))
            columns.append(m_header->logicalIndex(visual));
    return columns;
}

QString TableView::textOfSelection() const
{
    QString text;
    for (const int row : selectedRows()) {
        QStringList fields;
        for (const int column : shownColumns())
            fields.append(plainText(model()->index(row, column).data()));
        text += fields.join(QLatin1Char('\t')) % QLatin1Char('\n');
    }
    return text;
}

QString TableView::csvOf(const QList<int>& rows) const
{
    const QList<int> columns = shownColumns();
    QStringList header;
    for (const int column : columns)
        header.append(csvField(model()->headerData(column, Qt::Horizontal).toString()));
    QString csv = header.join(QLatin1Char(',')) % QStringLiteral("\r\n");
    for (const int row : rows) {
        QStringList fields;
        for (const int column : columns) {
            const QModelIndex index = model()->index(row, column);
            const QVariant exact = index.data(m_csvRole);
            fields.append(csvField(plainText(exact.isValid() ? exact : index.data())));
        }
        csv += fields.join(QLatin1Char(',')) % QStringLiteral("\r\n");
    }
    return csv;
}

QString TableView::csvOfSelection() const
{
    return model() == nullptr ? QString() : csvOf(selectedRows());
}

QString TableView::csvOfAll() const
{
    QList<int> rows;
    for (int row = 0; model() != nullptr && row < model()->rowCount(); ++row)
        rows.append(row);
    return model() == nullptr ? QString() : csvOf(rows);
}

void TableView::copySelection()
{
    if (selectedRows().isEmpty())
        return;
    withWholeSelection([this] {
        auto mime = std::make_unique<QMimeData>();
        mime->setText(textOfSelection());
        mime->setData(QStringLiteral("text/csv"), csvOfSelection().toUtf8());
        QGuiApplication::clipboard()->setMimeData(mime.release());
    });
}

void TableView::selectKey(const QVariant& key)
{
    const int row = rowOfKey(key);
    if (row < 0)
        return;
    selectRow(row);
    scrollTo(model()->index(row, 0));
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if (event->key() == Qt::Key_Up && isSortingEnabled() && currentIndex().row() <= 0) {
        m_header->enter();
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    const bool any = !selectedRows().isEmpty();
    auto* copy = menu.addAction(icon(Icon::Copy), tr("Copy"), this, &TableView::copySelection);
    copy->setShortcut(QKeySequence::Copy);
    copy->setEnabled(any);
    auto* csv = menu.addAction(tr("Copy as CSV"), this, [this] {
        withWholeSelection([this] { QGuiApplication::clipboard()->setText(csvOfSelection()); });
    });
    csv->setEnabled(any);
    const QModelIndex index = indexAt(event->pos());
    auto* cell = menu.addAction(tr("Copy this cell"), this, [index] {
        QGuiApplication::clipboard()->setText(plainText(index.data()));
    });
    cell->setEnabled(index.isValid());
    menu.addSeparator();
    addSortMenu(menu);
    menu.addMenu(makeColumnMenu(&menu));
    emit contextMenuAboutToShow(&menu, index);
    menu.exec(event->globalPos());
}

void TableView::addSortMenu(QMenu& menu)
{
    if (!isSortingEnabled())
        return;
    auto* sorts = menu.addMenu(tr("Sort by"));
    for (const int column : shownColumns()) {
        auto* action = sorts->addAction(
            model()->headerData(column, Qt::Horizontal).toString(), this,
            [this, column] { m_header->sortBy(column); }
        );
        action->setCheckable(true);
        action->setChecked(m_header->sortIndicatorSection() == column);
    }
}

void TableView::showHeaderMenu(const QPoint& position)
{
    const std::unique_ptr<QMenu> menu(makeColumnMenu(this));
    menu->addSeparator();
    menu->addAction(tr("Standard widths"), this, [this] {
        m_ownWidths = false;
        fitColumns();
        saveColumns();
    });
    menu->exec(m_header->mapToGlobal(position));
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitRows();
    fitColumns();
    placeEmptyState();
}

bool TableView::viewportEvent(QEvent* event)
{
    const QEvent::Type type = event->type();
    if (type == QEvent::HoverEnter || type == QEvent::HoverMove)
        m_hoveredRow = indexAt(static_cast<QHoverEvent*>(event)->position().toPoint()).row();
    else if (type == QEvent::HoverLeave || type == QEvent::Leave)
        m_hoveredRow = -1;
    return QTableView::viewportEvent(event);
}

void TableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (m_loading && model() != nullptr && model()->rowCount() == 0)
        paintLoading();
    paintChanges();
}

void TableView::paintLoading()
{
    constexpr int barHeight = 8;
    constexpr double shortShare = 0.45;
    constexpr double longShare = 0.7;
    const Colours c = coloursOf(palette());
    QPainter painter(viewport());
    const int height = verticalHeader()->defaultSectionSize();
    for (int row = 0; (row + 1) * height <= viewport()->height(); ++row) {
        const int bottom = (row + 1) * height;
        painter.fillRect(QRect(0, bottom - 1, viewport()->width(), 1), c.line);
        for (const int column : shownColumns()) {
            const CellPadding padding = cellPadding(this, column);
            const int room = columnWidth(column) - padding.left - padding.right;
            const int width
                = static_cast<int>(room * ((row + column) % 2 == 0 ? longShare : shortShare));
            const QRect bar(
                columnViewportPosition(column) + padding.left, bottom - (height + barHeight) / 2,
                width, barHeight
            );
            drawRoundedBox(painter, bar, c.soft, QColor(), barHeight / 2.0);
        }
    }
}

void TableView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    emitSum();
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update(); // the row's lines go through every cell, not the current one alone
}

void TableView::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    // Arrow keys need a row to start from; choosing it would already mean something.
    if (!currentIndex().isValid() && model() != nullptr && model()->rowCount() > 0)
        selectionModel()->setCurrentIndex(model()->index(0, 0), QItemSelectionModel::NoUpdate);
    viewport()->update();
}

void TableView::focusOutEvent(QFocusEvent* event)
{
    QTableView::focusOutEvent(event);
    viewport()->update();
}

std::vector<Money> TableView::sumOf(const QList<int>& rows) const
{
    std::map<std::string, Money> totals;
    for (const int row : rows) {
        const auto amount = m_amountOf ? m_amountOf(model()->index(row, 0)) : std::nullopt;
        if (!amount)
            continue;
        auto [at, isNew] = totals.try_emplace(amount->currency.code(), *amount);
        if (isNew)
            continue;
        // A sum past 64 bits cannot be shown; what was summed so far stands rather than a wrong
        // figure.
        if (const auto sum = add(at->second, *amount))
            at->second = *sum;
    }
    std::vector<Money> shown;
    shown.reserve(totals.size());
    for (const auto& [code, total] : totals)
        shown.push_back(total);
    return shown;
}

void TableView::emitSum()
{
    const QList<int> rows = selectedRows();
    const auto missing = missingRows();
    // A sum of the part that is here would be taken for that of the whole.
    emit sumOfSelectionChanged(
        static_cast<int>(rows.size()), missing ? std::vector<Money>() : sumOf(rows)
    );
    if (!missing || m_isBringing)
        return;
    m_isBringing = true;
    m_bringRows(missing->first, missing->second, [this] {
        m_isBringing = false;
        emitSum();
    });
}

int TableView::rowOfKey(const QVariant& key) const
{
    if (m_keyRole < 0 || !key.isValid() || model() == nullptr)
        return -1;
    const QModelIndexList found
        = model()->match(model()->index(0, 0), m_keyRole, key, 1, Qt::MatchExactly);
    return found.isEmpty() ? -1 : found.front().row();
}

void TableView::keepPlace()
{
    if (m_keyRole < 0 || model()->rowCount() == 0)
        return;
    const auto keyOf = [this](int row) { return model()->index(row, 0).data(m_keyRole); };
    auto kept = std::make_unique<Kept>();
    if (const QList<int> rows = selectedRows(); rows.size() <= keptRowsMax)
        for (const int row : rows)
            kept->chosen.append(keyOf(row));
    if (currentIndex().isValid())
        kept->current = keyOf(currentIndex().row());
    // A table that stands at its top stays there, whatever comes above.
    const int top = verticalScrollBar()->value() > 0 ? rowAt(0) : -1;
    if (top >= 0) {
        kept->top = keyOf(top);
        kept->scroll = -rowViewportPosition(top);
    }
    m_kept = std::move(kept);
}

void TableView::restorePlace()
{
    // A model that empties itself before it is filled keeps the place for the filling.
    if (!m_kept || model()->rowCount() == 0)
        return;
    const auto kept = std::move(m_kept);
    QItemSelection selection;
    for (const QVariant& key : kept->chosen)
        if (const int row = rowOfKey(key); row >= 0)
            selection.select(
                model()->index(row, 0), model()->index(row, model()->columnCount() - 1)
            );
    if (const int row = rowOfKey(kept->current); row >= 0)
        selectionModel()->setCurrentIndex(model()->index(row, 0), QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (const int row = rowOfKey(kept->top); row >= 0) {
        updateGeometries();
        verticalScrollBar()->setValue(row * verticalHeader()->defaultSectionSize() + kept->scroll);
    }
}

void TableView::afterRowsChanged()
{
    m_isBringing = false; // what was on its way is of rows that are no more
    if (m_kept && model()->rowCount() > 0)
        restorePlace();
    fitRows();
    fitColumns();
    placeEmptyState();
}

void TableView::placeEmptyState()
{
    const bool empty = !m_loading && (model() == nullptr || model()->rowCount() == 0)
        && !m_empty->title().isEmpty();
    m_empty->setGeometry(viewport()->rect());
    m_empty->setVisible(empty);
}

void TableView::fitColumns()
{
    if (m_ownWidths || model() == nullptr || m_header->count() == 0)
        return;
    const QScopedValueRollback guard(m_fitting, true);
    std::vector<ColumnFit> fits;
    int used = 0;
    for (const int column : shownColumns()) {
        const auto named = std::find_if(m_fits.begin(), m_fits.end(), [column](const auto& fit) {
            return fit.column == column;
        });
        fits.push_back(named == m_fits.end() ? ColumnFit { column, 0, 0 } : *named);
        const int minimum = fits.back().minimum;
        setColumnWidth(column, minimum > 0 ? minimum : contentWidth(column));
        used += columnWidth(column);
    }
    shareWidth(fits, growToContent(fits, viewport()->width() - used));
}

/// Words that would be cut get the spare room before anything else does. Returns what is left.
int TableView::growToContent(const std::vector<ColumnFit>& fits, int left)
{
    for (const ColumnFit& fit : fits) {
        const int width = columnWidth(fit.column);
        if (fit.stretch == 0 || left <= 0)
            continue;
        const int missing = std::clamp(contentWidth(fit.column) - width, 0, left);
        setColumnWidth(fit.column, width + missing);
        left -= missing;
    }
    return left;
}

void TableView::shareWidth(const std::vector<ColumnFit>& fits, int left)
{
    int stretchSum = 0;
    for (const ColumnFit& fit : fits)
        stretchSum += fit.stretch;
    for (const ColumnFit& fit : fits) {
        if (fit.stretch == 0 || left == 0)
            continue;
        // Where there is too little room, columns that stretch give back what their content does
        // not need.
        const int share = left * fit.stretch / stretchSum;
        const int before = columnWidth(fit.column);
        const int least = std::min(before, contentWidth(fit.column));
        const int width = std::max(before + share, least);
        left -= width - before;
        stretchSum -= fit.stretch;
        setColumnWidth(fit.column, width);
    }
}

void TableView::fitRows()
{
    if (m_rowsWanted == 0 || model() == nullptr)
        return;
    const int fitting = std::clamp(
        viewport()->height() / verticalHeader()->defaultSectionSize(), 1, m_rowsWanted
    );
    for (int row = 0; row < model()->rowCount(); ++row)
        setRowHidden(row, row >= fitting);
}

int TableView::contentWidth(int column) const
{
    return std::max(sizeHintForColumn(column), m_header->sectionSizeHint(column));
}

/// The header as the person arranged it.
QByteArray TableView::ownColumns()
{
    const QScopedValueRollback guard(m_fitting, true);
    for (const int column : m_suppressed)
        setColumnHidden(column, false);
    QByteArray state = m_header->saveState();
    for (const int column : m_suppressed)
        setColumnHidden(column, true);
    return state;
}

void TableView::saveColumns()
{
    if (m_memory == nullptr || m_fitting)
        return;
    m_memory->setValue(
        m_memoryKey,
        QVariantMap { { QStringLiteral("count"), m_header->count() },
                      { QStringLiteral("state"), ownColumns() },
                      { QStringLiteral("ownWidths"), m_ownWidths } }
    );
}

void TableView::restoreColumns()
{
    const QVariantMap saved
        = m_memory == nullptr ? QVariantMap() : m_memory->value(m_memoryKey).toMap();
    // A version with other columns cannot use what an older one kept.
    if (saved.value(QStringLiteral("count")).toInt() != m_header->count())
        return;
    const QScopedValueRollback guard(m_fitting, true);
    m_header->restoreState(saved.value(QStringLiteral("state")).toByteArray());
    m_ownWidths = saved.value(QStringLiteral("ownWidths")).toBool();
}

} // namespace quittance::ui

#include "moc_table_view.cpp"
