#include "ui/widgets/avatar.h"

#include <QPainter>

namespace quittance::ui {

QString initialsOf(const QString& name)
{
    const QStringList words = name.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty())
        return {};
    const QString first = words.first().left(1).toUpper();
    return words.size() == 1 ? first : QString(first % words.last().left(1).toUpper());
}

void drawAvatar(
    QPainter& painter, const QRectF& circle, const QString& name, const Colours& colours
)
{
    constexpr double groundShare = 0.2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(blend(colours.accent, colours.panel, groundShare));
    painter.drawEllipse(circle);
    painter.setFont(fontOf(TextRole::Strong));
    painter.setPen(colours.accent);
    painter.drawText(circle, Qt::AlignCenter, initialsOf(name));
    painter.restore();
}

Avatar::Avatar(int diameter, QWidget* parent)
    : QWidget(parent)
{
    setFixedSize(diameter, diameter);
}

void Avatar::setName(const QString& name)
{
    m_name = name;
    setAccessibleName(name);
    update();
}

void Avatar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    drawAvatar(painter, rect(), m_name, coloursOf(palette()));
}

} // namespace quittance::ui

#include "moc_avatar.cpp"
