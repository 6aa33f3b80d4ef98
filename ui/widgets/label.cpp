#include "ui/widgets/label.h"

#include <QApplication>
#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace quittance::ui {

Label::Label(const QString& text, TextRole role, Tone tone, QWidget* parent)
    : QLabel(text, parent)
    , m_role(role)
    , m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    refresh();
}

void Label::setTone(Tone tone)
{
    m_tone = tone;
    refresh();
}

void Label::setRole(TextRole role)
{
    m_role = role;
    refresh();
}

void Label::setElided(bool elided)
{
    m_elided = elided;
    updateGeometry();
    update();
}

QSize Label::minimumSizeHint() const
{
    constexpr int charactersMin = 4;
    if (!m_elided)
        return QLabel::minimumSizeHint();
    return { fontMetrics().averageCharWidth() * charactersMin, fontMetrics().height() };
}

void Label::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange
        || event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::StyleChange)
        refresh();
}

void Label::paintEvent(QPaintEvent* event)
{
    if (!m_elided || !isCut()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    const QString cut = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    painter.drawText(contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine, cut);
}

bool Label::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_elided && toolTip().isEmpty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), isCut() ? text() : QString(), this);
        return true;
    }
    return QLabel::event(event);
}

bool Label::isCut() const
{
    return fontMetrics().horizontalAdvance(text()) > contentsRect().width();
}

void Label::refresh()
{
    const QFont wanted = fontOf(m_role);
    if (font() != wanted)
        setFont(wanted);
    QPalette own = QApplication::palette();
    const Colours colours = coloursOf(own);
    if (m_tone != Tone::Normal)
        own.setColor(QPalette::WindowText, colours.of(m_tone));
    own.setColor(QPalette::Disabled, QPalette::WindowText, colours.disabled);
    if (palette() != own)
        setPalette(own);
}

} // namespace quittance::ui

#include "moc_label.cpp"
