#include "ui/widgets/flat_header_view.h"

#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/icons.h"

#include <QAbstractItemModel>
#include <QPainter>

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
    painter->fillRect(rect, c.panel);
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
    painter->restore();
}

void FlatHeaderView::paintEvent(QPaintEvent* event)
{
    // Fusion fills what lies right of the last column with its gradient; this is painted first, and
    // over it.
    QHeaderView::paintEvent(event);
    const int end = length() - offset();
    if (end >= viewport()->width())
        return;
    const Colours c = coloursOf(palette());
    QPainter painter(viewport());
    painter.fillRect(QRect(end, 0, viewport()->width() - end, height()), c.panel);
    painter.fillRect(QRect(end, height() - 1, viewport()->width() - end, 1), c.line);
}

QSize FlatHeaderView::sectionSizeFromContents(int logicalIndex) const
{
    const QFontMetrics metrics(fontOf(TextRole::HelpStrong));
    const CellPadding padding = cellPadding(parentWidget(), logicalIndex);
    const QString words = model() == nullptr
        ? QString()
        : model()->headerData(logicalIndex, orientation()).toString();
    // Room for the arrow always: sorting by another column must not move anything.
    return { metrics.horizontalAdvance(words) + padding.left + padding.right + arrowEdge + arrowGap,
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
