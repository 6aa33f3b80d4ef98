#include "ui/widgets/cell_delegate.h"

#include "ui/widgets/table_view.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>
#include <QTreeView>

#include <algorithm>
#include <cmath>

namespace quittance::ui {
namespace {

constexpr int chosenBar = 3;
constexpr int swatchEdge = 10;
constexpr int shareBarWidth = 96;
constexpr int shareBarHeight = 6;
constexpr QLatin1String widestShare("100% ");

const QHeaderView* headerOf(const QWidget* view)
{
    if (const auto* table = qobject_cast<const QTableView*>(view))
        return table->horizontalHeader();
    if (const auto* tree = qobject_cast<const QTreeView*>(view))
        return tree->header();
    return nullptr;
}

bool isFirstColumn(const QWidget* view, int column)
{
    const auto* header = headerOf(view);
    if (header == nullptr)
        return true;
    for (int visual = 0; visual < header->visualIndex(column); ++visual)
        if (!header->isSectionHidden(header->logicalIndex(visual)))
            return false;
    return true;
}

bool isLastColumn(const QWidget* view, int column)
{
    const auto* header = headerOf(view);
    if (header == nullptr)
        return true;
    for (int visual = header->visualIndex(column) + 1; visual < header->count(); ++visual)
        if (!header->isSectionHidden(header->logicalIndex(visual)))
            return false;
    return true;
}

/// Rows are chosen whole, so they answer the pointer whole; of a cell alone Qt tells by itself.
bool isHovered(const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (const auto* table = qobject_cast<const TableView*>(option.widget))
        return table->hoveredRow() == index.row();
    return (option.state & QStyle::State_MouseOver) != 0;
}

void drawGround(
    QPainter& painter, const QStyleOptionViewItem& option, const Colours& c, const Cell& cell,
    const QModelIndex& index
)
{
    constexpr double hoverShare = 0.5;
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    const QRect& rect = option.rect;
    if (chosen)
        painter.fillRect(rect, c.chosen());
    else if (cell.group)
        painter.fillRect(rect, c.soft);
    else if (isHovered(option, index))
        painter.fillRect(rect, blend(c.soft, c.panel, hoverShare));
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.line);
    if (chosen && isFirstColumn(option.widget, index.column()))
        painter.fillRect(QRect(rect.left(), rect.top(), chosenBar, rect.height()), c.accent);
}

/// The row that the keyboard is on, when the table has the focus: two lines, so that it shows on
/// chosen rows too.
void drawCurrentRow(
    QPainter& painter, const QStyleOptionViewItem& option, const Colours& c,
    const QModelIndex& index
)
{
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    if (view == nullptr || !view->hasFocus() || view->currentIndex().row() != index.row()
        || view->currentIndex().parent() != index.parent())
        return;
    const QRect& rect = option.rect;
    painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), c.accent);
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.accent);
}

void drawSparkline(
    QPainter& painter, const QRect& rect, const QList<qint64>& values, const QColor& colour
)
{
    constexpr int verticalPadding = 6;
    constexpr double barShare = 0.7;
    constexpr double pitchMax = 5.0;
    constexpr double pitchWhole = 2.0; // from here on bars and gaps lie on whole pixels
    const qint64 highest = *std::max_element(values.cbegin(), values.cend());
    if (highest <= 0)
        return;
    const double room = std::min(
        pitchMax, static_cast<double>(rect.width()) / static_cast<double>(values.size())
    );
    const bool whole = room >= pitchWhole;
    const double pitch = whole ? std::floor(room) : room;
    const double width = whole ? pitch - 1 : pitch * barShare;
    const int bottom = rect.bottom() - verticalPadding;
    const int heightMax = rect.height() - 2 * verticalPadding;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const double share
            = std::max(0.0, static_cast<double>(values[i]) / static_cast<double>(highest));
        const double height = values[i] > 0 ? std::max(1.0, share * heightMax) : 0.0;
        const QRectF bar(
            rect.left() + static_cast<double>(i) * pitch, bottom - height + 1, width, height
        );
        painter.fillRect(bar, colour);
    }
}

int drawShare(
    QPainter& painter, const QRect& rect, double share, const QColor& colour, const Colours& c
)
{
    const int words = QFontMetrics(fontOf(TextRole::Strong)).horizontalAdvance(widestShare);
    const int width = std::clamp(rect.width() - words - space::small, 0, shareBarWidth);
    const double radius = shareBarHeight / 2.0;
    const QRectF track(rect.left(), rect.center().y() - radius + 1, width, shareBarHeight);
    drawRoundedBox(painter, track, c.soft, QColor(), radius);
    const double filled = std::clamp(share, 0.0, 1.0) * width;
    if (filled > 0)
        drawRoundedBox(
            painter, QRectF(track.topLeft(), QSizeF(std::max(filled, 2 * radius), shareBarHeight)),
            colour, QColor(), radius
        );
    return width + space::small;
}

int drawSwatch(QPainter& painter, const QRect& rect, const QColor& colour)
{
    const QRectF box(rect.left(), rect.center().y() - swatchEdge / 2.0 + 1, swatchEdge, swatchEdge);
    drawRoundedBox(painter, box, colour, QColor(), 2);
    return swatchEdge + space::small;
}

void drawLoading(QPainter& painter, const QRect& rect, const Cell& cell, const Colours& c)
{
    constexpr int barHeight = 8;
    constexpr double widthShare = 0.6;
    const int width = static_cast<int>(rect.width() * widthShare);
    const bool right = (cell.alignment & Qt::AlignRight) != 0;
    const QRect bar(
        right ? rect.right() - width : rect.left(), rect.center().y() - barHeight / 2, width,
        barHeight
    );
    drawRoundedBox(painter, bar, c.soft, QColor(), barHeight / 2.0);
}

QFont fontOfCell(const Cell& cell)
{
    return fontOf(cell.strong || cell.group ? TextRole::Strong : TextRole::Body);
}

QColor colourOfCell(const Cell& cell, const QStyleOptionViewItem& option, const Colours& c)
{
    if ((option.state & QStyle::State_Enabled) == 0)
        return c.disabled;
    return cell.group ? c.muted : c.of(cell.tone);
}

void drawTexts(
    QPainter& painter, const QRect& rect, const Cell& cell, const QStyleOptionViewItem& option,
    const Colours& c
)
{
    const QFont font = fontOfCell(cell);
    const Qt::Alignment across = cell.alignment & Qt::AlignHorizontal_Mask;
    // Names of series often differ at their end: what is cut is the middle.
    const Qt::TextElideMode elision = cell.swatch.isValid() ? Qt::ElideMiddle : Qt::ElideRight;
    QRect upper = rect;
    if (!cell.secondLine.isEmpty()) {
        const QFont help = fontOf(TextRole::Help);
        const int lines = QFontMetrics(font).height() + QFontMetrics(help).height() - 2;
        const int top = rect.top() + (rect.height() - lines) / 2;
        upper = QRect(rect.left(), top, rect.width(), QFontMetrics(font).height());
        const QRect lower(
            rect.left(), upper.bottom() - 1, rect.width(), QFontMetrics(help).height()
        );
        painter.setFont(help);
        painter.setPen(c.muted);
        painter.drawText(
            lower, static_cast<int>(across | Qt::AlignVCenter) | Qt::TextSingleLine,
            painter.fontMetrics().elidedText(cell.secondLine, Qt::ElideRight, lower.width())
        );
    }
    painter.setFont(font);
    painter.setPen(colourOfCell(cell, option, c));
    painter.drawText(
        upper, static_cast<int>(across | Qt::AlignVCenter) | Qt::TextSingleLine,
        painter.fontMetrics().elidedText(cell.text, elision, upper.width())
    );
}

void drawContent(
    QPainter& painter, QRect rect, const Cell& cell, const QStyleOptionViewItem& option,
    const Colours& c
)
{
    if (cell.loading)
        return drawLoading(painter, rect, cell, c);
    if (cell.badge)
        return drawBadge(painter, rect, *cell.badge, c);
    const QColor colour = cell.swatch.isValid() ? cell.swatch : c.muted;
    if (!cell.sparkline.isEmpty())
        return drawSparkline(painter, rect, cell.sparkline, colour);
    if (cell.share)
        rect.setLeft(rect.left() + drawShare(painter, rect, *cell.share, colour, c));
    else if (cell.swatch.isValid())
        rect.setLeft(rect.left() + drawSwatch(painter, rect, colour));
    drawTexts(painter, rect, cell, option, c);
}

QRect contentRect(const QStyleOptionViewItem& option, int column)
{
    const CellPadding padding = cellPadding(option.widget, column);
    return option.rect.adjusted(padding.left, 0, -padding.right, -1);
}

int contentWidth(const Cell& cell)
{
    if (cell.badge)
        return badgeSize(*cell.badge).width();
    const int text = std::max(
        QFontMetrics(fontOfCell(cell)).horizontalAdvance(cell.text),
        QFontMetrics(fontOf(TextRole::Help)).horizontalAdvance(cell.secondLine)
    );
    if (!cell.sparkline.isEmpty())
        return shareBarWidth;
    if (cell.share)
        return text + shareBarWidth + space::small;
    return text + (cell.swatch.isValid() ? swatchEdge + space::small : 0);
}

} // namespace

CellPadding cellPadding(const QWidget* view, int column)
{
    return { isFirstColumn(view, column) ? space::panelPadding : space::small,
             isLastColumn(view, column) ? space::panelPadding : space::small };
}

Qt::Alignment alignmentFrom(const QVariant& role)
{
    return role.metaType() == QMetaType::fromType<Qt::Alignment>()
        ? role.value<Qt::Alignment>()
        : Qt::Alignment::fromInt(role.toUInt());
}

CellDelegate::CellDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void CellDelegate::setDescribe(Describe describe)
{
    m_describe = std::move(describe);
}

Cell CellDelegate::cellOf(const QModelIndex& index) const
{
    Cell cell;
    cell.text = index.data(Qt::DisplayRole).toString();
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    if (alignment.isValid())
        cell.alignment = alignmentFrom(alignment) | Qt::AlignVCenter;
    if (m_describe)
        m_describe(index, cell);
    return cell;
}

void CellDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index
) const
{
    const Colours c = coloursOf(option.palette);
    const Cell cell = cellOf(index);
    painter->save();
    painter->setClipRect(option.rect);
    drawGround(*painter, option, c, cell, index);
    drawContent(*painter, contentRect(option, index.column()), cell, option, c);
    drawCurrentRow(*painter, option, c, index);
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Cell cell = cellOf(index);
    const CellPadding padding = cellPadding(option.widget, index.column());
    const int height = cell.secondLine.isEmpty() ? size::rowScanned : size::rowTwoLines;
    return { contentWidth(cell) + padding.left + padding.right + 1, height };
}

bool CellDelegate::helpEvent(
    QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
    const QModelIndex& index
)
{
    if (event->type() != QEvent::ToolTip || index.data(Qt::ToolTipRole).isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const Cell cell = cellOf(index);
    const bool cut = contentWidth(cell) > contentRect(option, index.column()).width();
    const QString whole = cell.badge ? cell.badge->text : cell.text;
    const QString second
        = cell.secondLine.isEmpty() ? QString() : QLatin1Char('\n') % cell.secondLine;
    QToolTip::showText(event->globalPos(), cut ? QString(whole % second) : QString(), view);
    return true;
}

BadgeDelegate::BadgeDelegate(int role, QObject* parent)
    : CellDelegate(parent)
{
    setDescribe([role](const QModelIndex& index, Cell& cell) {
        const QVariant state = index.data(role);
        if (state.isValid())
            cell.badge = badgeOf(static_cast<ShownState>(state.toInt()));
    });
}

} // namespace quittance::ui

#include "moc_cell_delegate.cpp"
