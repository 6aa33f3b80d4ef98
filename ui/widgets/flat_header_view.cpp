#include "ui/widgets/flat_header_view.h"

#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/icons.h"

#include <QAbstractItemModel>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr int arrowEdge = 12;
constexpr int arrowGap = 4;
} // namespace

FlatHeaderView::FlatHeaderView(Qt::Orientation orientation, QWidget* parent)
    : QHeaderView(orientation, parent)
{
    setSectionsClickable(true);
    setSectionsMovable(true);
    setHighlightSections(false);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setMinimumSectionSize(space::huge);
    setFrameShape(QFrame::NoFrame);
    // What is below is drawn by the panel, its round corners too.
    viewport()->setAutoFillBackground(false);
}

QSize FlatHeaderView::sizeHint() const
{
    return { QHeaderView::sizeHint().width(), size::tableHeader };
}

void FlatHeaderView::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const
{
    const Colours c = coloursOf(palette());
    const bool sorts = isSortIndicatorShown() && sortIndicatorSection() == logicalIndex;
    const CellPadding padding = cellPadding(parentWidget(), logicalIndex);
    const Qt::Alignment across = alignmentOf(logicalIndex) & Qt::AlignHorizontal_Mask;
    QRect text = rect.adjusted(padding.left, 0, -padding.right, -1);
    painter->save();
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.line);
    painter->setFont(fontOf(TextRole::HelpStrong));
    painter->setPen(sorts ? c.text : c.muted);
    const QString words = model()->headerData(logicalIndex, orientation()).toString();
    if (sorts) {
        const int width = painter->fontMetrics().horizontalAdvance(words) + arrowEdge + arrowGap;
        const int left = (across & Qt::AlignRight) != 0
            ? std::max(text.left() - space::tiny, text.right() - width + 1)
            : text.left();
        const Qt::ArrowType arrow
            = sortIndicatorOrder() == Qt::DescendingOrder ? Qt::DownArrow : Qt::UpArrow;
        drawChevron(
            *painter, QRectF(left, (rect.height() - arrowEdge) / 2.0, arrowEdge, arrowEdge), arrow,
            c.text
        );
        text.setLeft(left + arrowEdge + arrowGap);
    }
    painter->drawText(
        text, static_cast<int>(across | Qt::AlignVCenter) | Qt::TextSingleLine,
        painter->fontMetrics().elidedText(words, Qt::ElideRight, text.width() + 1)
    );
    if (hasFocus() && logicalIndex == m_current)
        drawFocusRing(*painter, rect.adjusted(0, 1, 0, -1), c.accent);
    painter->restore();
}

void FlatHeaderView::sortBy(int logicalIndex)
{
    const bool again = sortIndicatorSection() == logicalIndex;
    setSortIndicator(
        logicalIndex,
        again && sortIndicatorOrder() == Qt::AscendingOrder ? Qt::DescendingOrder
                                                            : Qt::AscendingOrder
    );
}

void FlatHeaderView::enter()
{
    const int sorts = sortIndicatorSection();
    m_current = sorts < count() && !isSectionHidden(sorts) ? sorts : logicalIndex(0);
    if (isSectionHidden(m_current))
        moveBy(1);
    setFocus(Qt::OtherFocusReason);
    viewport()->update();
}

void FlatHeaderView::moveBy(int step)
{
    for (int visual = visualIndex(m_current) + step; visual >= 0 && visual < count();
         visual += step) {
        if (isSectionHidden(logicalIndex(visual)))
            continue;
        m_current = logicalIndex(visual);
        viewport()->update();
        return;
    }
}

void FlatHeaderView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        moveBy(isRightToLeft() ? 1 : -1);
        return;
    case Qt::Key_Right:
        moveBy(isRightToLeft() ? -1 : 1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        sortBy(m_current);
        return;
    case Qt::Key_Down:
    case Qt::Key_Escape:
        parentWidget()->setFocus(Qt::OtherFocusReason);
        return;
    default:
        // The rest is no key of a header; the window may want it.
        event->ignore();
    }
}

void FlatHeaderView::focusOutEvent(QFocusEvent* event)
{
    QHeaderView::focusOutEvent(event);
    viewport()->update();
}

bool FlatHeaderView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !isSortIndicatorShown())
        return QHeaderView::viewportEvent(event);
    const auto* help = static_cast<const QHelpEvent*>(event);
    const int section = logicalIndexAt(help->pos());
    const QString words
        = section < 0 ? QString() : model()->headerData(section, orientation()).toString();
    QToolTip::showText(
        help->globalPos(),
        words.isEmpty()
            ? QString()
            : tr("Sort by %1. By keyboard: Up from the first row, then Enter.").arg(words),
        this
    );
    return true;
}

void FlatHeaderView::paintEvent(QPaintEvent* /*event*/)
{
    // Fusion would fill what lies beside the columns with its gradient.
    QPainter painter(viewport());
    painter.fillRect(QRect(0, height() - 1, viewport()->width(), 1), coloursOf(palette()).line);
    for (int visual = 0; visual < count(); ++visual) {
        const int section = logicalIndex(visual);
        const QRect rect(
            sectionViewportPosition(section), 0, sectionSize(section), viewport()->height()
        );
        if (!isSectionHidden(section) && rect.intersects(viewport()->rect()))
            paintSection(&painter, rect, section);
    }
}

QSize FlatHeaderView::sectionSizeFromContents(int logicalIndex) const
{
    const QFontMetrics metrics(fontOf(TextRole::HelpStrong));
    const CellPadding padding = cellPadding(parentWidget(), logicalIndex);
    const QString words = model() == nullptr
        ? QString()
        : model()->headerData(logicalIndex, orientation()).toString();
    // Room for the arrow in every column: sorting by another one must not move anything.
    const int arrow = isSortIndicatorShown() ? arrowEdge + arrowGap : 0;
    return { metrics.horizontalAdvance(words) + padding.left + padding.right + arrow,
             size::tableHeader };
}

Qt::Alignment FlatHeaderView::alignmentOf(int logicalIndex) const
{
    QVariant alignment = model()->headerData(logicalIndex, orientation(), Qt::TextAlignmentRole);
    if (!alignment.isValid() && model()->rowCount() > 0)
        alignment = model()->index(0, logicalIndex).data(Qt::TextAlignmentRole);
    return alignment.isValid() ? alignmentFrom(alignment) : defaultAlignment();
}

} // namespace quittance::ui

#include "moc_flat_header_view.cpp"
