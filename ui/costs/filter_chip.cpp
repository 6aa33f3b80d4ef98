#include "ui/costs/filter_chip.h"

#include "ui/widgets/button.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <utility>

namespace quittance::ui {

namespace {

constexpr int chipHeight = 28;
constexpr int crossRoom = size::iconTable + space::small;

} // namespace

FilterChip::FilterChip(QString group, QString value, QWidget* parent)
    : QAbstractButton(parent)
    , m_group(std::move(group))
    , m_value(std::move(value))
{
    setText(QStringLiteral("%1: %2").arg(m_group, m_value));
    setToolTip(tr("Remove the filter %1").arg(text()));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize FilterChip::sizeHint() const
{
    const int group = QFontMetrics(fontOf(TextRole::Body)).horizontalAdvance(m_group);
    const int value = QFontMetrics(fontOf(TextRole::Strong)).horizontalAdvance(m_value);
    return { group + value + crossRoom + 3 * space::small, chipHeight };
}

QSize FilterChip::minimumSizeHint() const
{
    return { crossRoom + 2 * space::small, chipHeight };
}

void FilterChip::paintEvent(QPaintEvent* /*event*/)
{
    constexpr double hoverShare = 0.08;
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    const bool answers = underMouse() || isDown();
    drawRoundedBox(painter, rect(), answers ? blend(c.text, c.soft, hoverShare) : c.soft, {});
    const auto words = static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine;
    QRect room = rect().adjusted(space::small, 0, -space::small - crossRoom, 0);
    painter.setFont(fontOf(TextRole::Body));
    painter.setPen(c.muted);
    painter.drawText(room, words, m_group);
    room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(m_group) + space::small);
    painter.setFont(fontOf(TextRole::Strong));
    painter.setPen(c.text);
    painter.drawText(
        room, words, painter.fontMetrics().elidedText(m_value, Qt::ElideMiddle, room.width())
    );
    const QRect cross(
        width() - space::small - size::iconTable, (height() - size::iconTable) / 2, size::iconTable,
        size::iconTable
    );
    drawIcon(painter, cross, Icon::Close, answers ? c.text : c.muted);
    if (hasFocus())
        drawFocusRing(painter, rect(), c.accent);
}

} // namespace quittance::ui

#include "moc_filter_chip.cpp"
