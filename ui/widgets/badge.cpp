#include "ui/widgets/badge.h"

#include "models/format.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace quittance::ui {
namespace {

constexpr int shapeEdge = 10;
constexpr int sidePadding = 8;
constexpr int shapeGap = 4;

void stroke(QPainter& painter, const QColor& colour, double width)
{
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
}

void fill(QPainter& painter, const QColor& colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
}

void drawRing(QPainter& painter, const QRectF& box, const QColor& colour, bool dotted)
{
    QPen pen(colour, dotted ? 1.9 : 1.6, Qt::SolidLine, Qt::RoundCap);
    if (dotted)
        pen.setDashPattern({ 0.05, 1.68 });
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(box.adjusted(1, 1, -1, -1));
}

void drawClock(QPainter& painter, const QRectF& box, const QColor& colour)
{
    drawRing(painter, box, colour, false);
    stroke(painter, colour, 1.4);
    painter.drawPolyline(QPolygonF { QPointF(box.center().x(), box.top() + 3), box.center(),
                                     QPointF(box.center().x() + 2, box.center().y() + 1) });
}

void drawTriangle(QPainter& painter, const QRectF& box, const QColor& colour)
{
    fill(painter, colour);
    painter.drawPolygon(QPolygonF { QPointF(box.center().x(), box.top() + 0.5),
                                    box.bottomRight() - QPointF(0, 0.5),
                                    box.bottomLeft() - QPointF(0, 0.5) });
}

void drawHalf(QPainter& painter, const QRectF& box, const QColor& colour)
{
    constexpr int quarter = 90 * 16;
    drawRing(painter, box, colour, false);
    fill(painter, colour);
    painter.drawPie(box.adjusted(1, 1, -1, -1), quarter, 2 * quarter);
}

void drawSlash(QPainter& painter, const QRectF& box, const QColor& colour)
{
    drawRing(painter, box, colour, false);
    stroke(painter, colour, 1.4);
    painter.drawLine(
        QPointF(box.right() - 2.6, box.top() + 2.6), QPointF(box.left() + 2.6, box.bottom() - 2.6)
    );
}

void drawDiamond(QPainter& painter, const QRectF& box, const QColor& colour)
{
    fill(painter, colour);
    painter.drawPolygon(QPolygonF {
        QPointF(box.center().x(), box.top()), QPointF(box.right(), box.center().y()),
        QPointF(box.center().x(), box.bottom()), QPointF(box.left(), box.center().y()) });
}

void drawCheck(QPainter& painter, const QRectF& box, const QColor& colour)
{
    stroke(painter, colour, 1.8);
    painter.drawPolyline(QPolygonF { QPointF(box.left() + 1, box.center().y() + 0.5),
                                     QPointF(box.left() + 3.8, box.bottom() - 2),
                                     QPointF(box.right() - 1, box.top() + 2) });
}

void drawTwoDots(QPainter& painter, const QRectF& box, const QColor& colour)
{
    drawRing(
        painter, QRectF(box.left() - 1, box.top() + 2, 7, 7).adjusted(-1, -1, 1, 1), colour, false
    );
    fill(painter, colour);
    painter.drawEllipse(QRectF(box.right() - 5, box.top() + 2.5, 6, 6));
}

void drawShape(QPainter& painter, const QRectF& box, BadgeShape shape, const QColor& colour)
{
    switch (shape) {
    case BadgeShape::None:
        return;
    case BadgeShape::DottedRing:
    case BadgeShape::Ring:
        return drawRing(painter, box, colour, shape == BadgeShape::DottedRing);
    case BadgeShape::Clock:
        return drawClock(painter, box, colour);
    case BadgeShape::Triangle:
        return drawTriangle(painter, box, colour);
    case BadgeShape::Half:
        return drawHalf(painter, box, colour);
    case BadgeShape::Check:
        return drawCheck(painter, box, colour);
    case BadgeShape::Slash:
        return drawSlash(painter, box, colour);
    case BadgeShape::Diamond:
        return drawDiamond(painter, box, colour);
    case BadgeShape::Square:
        fill(painter, colour);
        return painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 1.5, 1.5);
    case BadgeShape::TwoDots:
        return drawTwoDots(painter, box, colour);
    }
}

int shapeWidth(const Badge& badge)
{
    return badge.shape == BadgeShape::None ? 0 : shapeEdge + shapeGap;
}

} // namespace

Badge badgeOf(ShownState state)
{
    switch (state) {
    case ShownState::Draft:
        return { stateText(state), Tone::Muted, BadgeShape::DottedRing };
    case ShownState::Open:
        return { stateText(state), Tone::Accent, BadgeShape::Ring };
    case ShownState::DueSoon:
        return { stateText(state), Tone::Warn, BadgeShape::Clock };
    case ShownState::Overdue:
        return { stateText(state), Tone::Bad, BadgeShape::Triangle };
    case ShownState::PartPaid:
        return { stateText(state), Tone::Accent, BadgeShape::Half };
    case ShownState::Paid:
        return { stateText(state), Tone::Good, BadgeShape::Check };
    case ShownState::Void:
        return { stateText(state), Tone::Muted, BadgeShape::Slash };
    case ShownState::Objection:
        return { stateText(state), Tone::Warn, BadgeShape::Diamond };
    case ShownState::Closed:
        return { stateText(state), Tone::Muted, BadgeShape::Square };
    }
    return {};
}

QSize badgeSize(const Badge& badge)
{
    const QFontMetrics metrics(fontOf(TextRole::HelpStrong));
    return { 2 * sidePadding + shapeWidth(badge) + metrics.horizontalAdvance(badge.text),
             size::badge };
}

void drawBadge(QPainter& painter, const QRect& rect, const Badge& badge, const Colours& colours)
{
    constexpr int badgeCorner = 5;
    if (badge.text.isEmpty())
        return;
    QRect box(rect.topLeft(), badgeSize(badge).boundedTo(QSize(rect.width(), size::badge)));
    box.moveTop(rect.top() + (rect.height() - size::badge) / 2);
    const QColor colour = colours.of(badge.tone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    drawRoundedBox(painter, box, colours.softOf(badge.tone), QColor(), badgeCorner);
    const QRectF shape(
        box.left() + sidePadding, box.top() + (size::badge - shapeEdge) / 2.0, shapeEdge, shapeEdge
    );
    drawShape(painter, shape, badge.shape, colour);
    const QFont font = fontOf(TextRole::HelpStrong);
    const QRect text = box.adjusted(sidePadding + shapeWidth(badge), 0, -sidePadding / 2, 0);
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(
        text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        QFontMetrics(font).elidedText(badge.text, Qt::ElideRight, text.width())
    );
    painter.restore();
}

BadgeLabel::BadgeLabel(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void BadgeLabel::setBadge(const Badge& badge)
{
    if (badge == m_badge)
        return;
    m_badge = badge;
    setAccessibleName(badge.text);
    updateGeometry();
    update();
}

QSize BadgeLabel::sizeHint() const
{
    return m_badge.text.isEmpty() ? QSize(0, size::badge) : badgeSize(m_badge);
}

void BadgeLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    drawBadge(painter, rect(), m_badge, coloursOf(palette()));
}

} // namespace quittance::ui

#include "moc_badge.cpp"
