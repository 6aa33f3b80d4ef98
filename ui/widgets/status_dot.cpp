#include "ui/widgets/status_dot.h"

#include <QPainter>

namespace quittance::ui {
namespace {
constexpr int dotEdge = 8;
}

StatusDot::StatusDot(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusDot::setState(Tone tone, const QString& text)
{
    if (tone == m_tone && text == m_text)
        return;
    m_tone = tone;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize StatusDot::sizeHint() const
{
    const QFontMetrics metrics(fontOf(TextRole::Body));
    return { dotEdge + space::small + metrics.horizontalAdvance(m_text) + 2,
             metrics.height() + space::tiny };
}

void StatusDot::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.of(m_tone));
    painter.drawEllipse(QRectF(0, (height() - dotEdge) / 2.0, dotEdge, dotEdge));
    painter.setFont(fontOf(TextRole::Body));
    const bool calm = m_tone == Tone::Good || m_tone == Tone::Muted || m_tone == Tone::Normal;
    painter.setPen(calm ? c.muted : c.of(m_tone));
    painter.drawText(
        rect().adjusted(dotEdge + space::small, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_text
    );
}

} // namespace quittance::ui

#include "moc_status_dot.cpp"
