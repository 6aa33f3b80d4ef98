#include "ui/widgets/hover_card.h"

#include <QPainter>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr int shadow = 6;
constexpr int padding = 12;
constexpr int headHeight = 32;
constexpr int rowHeight = 21;
constexpr int swatchEdge = 10;
constexpr int columnGap = 32;
constexpr int anchorGap = 6;
} // namespace

HoverCard::HoverCard(QWidget* owner)
    : QWidget(owner->window())
    , m_owner(owner)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void HoverCard::setContent(const QString& title, const QString& total, std::vector<Row> rows)
{
    m_title = title;
    m_total = total;
    m_rows = std::move(rows);
    update();
}

QSize HoverCard::sizeHint() const
{
    const QFontMetrics strong(fontOf(TextRole::HelpStrong));
    int width = strong.horizontalAdvance(m_title) + columnGap + strong.horizontalAdvance(m_total);
    for (const Row& row : m_rows)
        width = std::max(
            width,
            swatchEdge + space::small + strong.horizontalAdvance(row.name) + columnGap
                + strong.horizontalAdvance(row.value)
        );
    const int height = headHeight + static_cast<int>(m_rows.size()) * rowHeight
        + (m_rows.empty() ? 0 : space::small);
    return { width + 2 * padding + 2 * shadow, height + 2 * shadow };
}

void HoverCard::showBeside(const QRect& anchor, int y)
{
    QWidget* window = m_owner->window();
    if (parentWidget() != window)
        setParent(window);
    const QSize wanted = sizeHint();
    const QRect room = window->rect();
    const QRect place(m_owner->mapTo(window, anchor.topLeft()), anchor.size());
    int x = place.right() + anchorGap - shadow;
    if (x + wanted.width() > room.right())
        x = place.left() - anchorGap + shadow - wanted.width();
    const int middle = m_owner->mapTo(window, QPoint(0, y)).y() - wanted.height() / 2;
    setGeometry(QRect(
        QPoint(std::max(x, 0), std::clamp(middle, 0, std::max(0, room.bottom() - wanted.height()))),
        wanted
    ));
    raise();
    show();
}

void HoverCard::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    for (int ring = shadow; ring > 0; --ring) {
        const int alpha = (c.dark ? 14 : 7) - ring / 2;
        const int inset = shadow - ring;
        drawRoundedBox(
            painter, rect().adjusted(inset, inset, -inset, -inset),
            QColor(0, 0, 0, std::max(alpha, 2)), QColor(), size::corner + ring
        );
    }
    const QRect card = rect().adjusted(shadow, shadow, -shadow, -shadow);
    drawRoundedBox(painter, card, c.dark ? c.soft : c.panel, c.border);
    const QRect inside = card.adjusted(padding, 0, -padding, 0);
    QRect line(inside.left(), inside.top(), inside.width(), headHeight);
    painter.setFont(fontOf(TextRole::HelpStrong));
    painter.setPen(c.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, m_total);
    if (!m_rows.empty())
        painter.fillRect(QRect(line.left(), line.bottom() - 1, line.width(), 1), c.line);
    line = QRect(line.left(), line.bottom() + 3, line.width(), rowHeight);
    for (const Row& row : m_rows) {
        if (row.swatch.isValid())
            drawRoundedBox(
                painter,
                QRectF(
                    line.left(), line.top() + (rowHeight - swatchEdge) / 2.0, swatchEdge, swatchEdge
                ),
                row.swatch, QColor(), 2
            );
        painter.setFont(fontOf(row.strong ? TextRole::HelpStrong : TextRole::Help));
        painter.drawText(
            line.adjusted(swatchEdge + space::small, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            row.name
        );
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.value);
        line.translate(0, rowHeight);
    }
}

} // namespace quittance::ui

#include "moc_hover_card.cpp"
