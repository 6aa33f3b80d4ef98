#include "ui/widgets/button.h"

#include <QFocusEvent>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr int sidePadding = 14;
constexpr int iconGap = 5;
constexpr int linkPadding = 2; // above and below; at its sides a link stands flush
constexpr int arrowEdge = 16;

QString withoutMnemonic(QString text)
{
    return text.remove(QLatin1Char('&'));
}
} // namespace

bool isKeyboardReason(Qt::FocusReason reason)
{
    return reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason
        || reason == Qt::ShortcutFocusReason;
}

void drawFocusRing(QPainter& painter, const QRectF& rect, const QColor& colour, double radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1);
    painter.restore();
}

struct Button::Look {
    QColor fill;
    QColor outline;
    QColor text;
    QColor ring;
};

Button::Button(const QString& text, Kind kind, QWidget* parent)
    : QPushButton(text, parent)
    , m_kind(kind)
{
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    setAutoDefault(false);
}

Button::Button(Icon meaning, const QString& text, Kind kind, QWidget* parent)
    : Button(text, kind, parent)
{
    m_symbol = meaning;
}

void Button::setSymbol(Icon meaning)
{
    m_symbol = meaning;
    updateGeometry();
    update();
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    updateGeometry();
    update();
}

void Button::setBlocked(const QString& reason)
{
    setEnabled(reason.isEmpty());
    setToolTip(reason);
    setAccessibleDescription(reason);
}

QSize Button::sizeHint() const
{
    const bool strong = m_kind == Kind::Primary || m_kind == Kind::Danger;
    const QFontMetrics metrics(fontOf(strong ? TextRole::Strong : TextRole::Body));
    if (text().isEmpty())
        return { size::control, size::control };
    // A text can change while the layout stays still; mnemonics are not drawn.
    const int symbol = m_symbol == Icon::None ? 0 : size::iconTable + iconGap;
    const int menuArrow = menu() == nullptr ? 0 : arrowEdge + iconGap;
    const QString shown = withoutMnemonic(text());
    return { metrics.horizontalAdvance(shown) + symbol + menuArrow + 2 * sidePadding,
             size::control };
}

Button::Look Button::look() const
{
    constexpr double hoverShare = 0.12;
    constexpr double pressShare = 0.22;
    constexpr double disabledShare = 0.75;
    const Colours c = coloursOf(palette());
    const double pressed = isDown() ? pressShare : underMouse() ? hoverShare : 0.0;
    if (!isEnabled()) {
        if (m_kind == Kind::Quiet)
            return { QColor(), QColor(), c.disabled, c.accent };
        return { c.soft, c.line, blend(c.muted, c.soft, disabledShare), c.accent };
    }
    switch (m_kind) {
    case Kind::Primary:
        return { blend(c.text, c.accent, pressed), QColor(), c.onAccent, c.text };
    case Kind::Danger:
        return { blend(c.text, c.bad, pressed), QColor(), c.dark ? c.window : c.panel, c.text };
    case Kind::Quiet:
        return { pressed > 0 || isChecked() ? c.soft : QColor(), QColor(),
                 isChecked() ? c.accent : c.text, c.accent };
    case Kind::Secondary:
        break;
    }
    if (isChecked())
        return { c.chosen(), c.accent, c.accent, c.accent };
    return { pressed > 0 ? blend(c.text, c.panel, pressed / 3) : c.panel, c.border, c.text,
             c.accent };
}

void Button::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Look now = look();
    drawRoundedBox(painter, rect(), now.fill, now.outline);
    if (hasFocus() && m_ring)
        drawFocusRing(painter, rect(), now.ring);
    paintContent(painter, now.text);
}

void Button::paintContent(QPainter& painter, const QColor& colour) const
{
    const bool strong = m_kind == Kind::Primary || m_kind == Kind::Danger;
    painter.setFont(fontOf(strong ? TextRole::Strong : TextRole::Body));
    painter.setPen(colour);
    const QString shown = withoutMnemonic(text());
    const int symbol
        = m_symbol == Icon::None ? 0 : size::iconTable + (shown.isEmpty() ? 0 : iconGap);
    const int arrow = menu() == nullptr ? 0 : arrowEdge + (shown.isEmpty() ? 0 : iconGap);
    const int content = painter.fontMetrics().horizontalAdvance(shown) + symbol + arrow;
    int x = (width() - content) / 2;
    if (m_symbol != Icon::None)
        drawIcon(
            painter, { x, (height() - size::iconTable) / 2, size::iconTable, size::iconTable },
            m_symbol, colour
        );
    x += symbol;
    painter.drawText(
        QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        shown
    );
    if (menu() != nullptr)
        drawChevron(
            painter,
            QRectF(
                x + content - symbol - arrowEdge, (height() - arrowEdge) / 2.0, arrowEdge, arrowEdge
            ),
            Qt::DownArrow, colour
        );
}

void Button::focusInEvent(QFocusEvent* event)
{
    m_ring = isKeyboardReason(event->reason());
    QPushButton::focusInEvent(event);
}

Button* makeIconButton(Icon meaning, const QString& name, QWidget* parent)
{
    auto* button = new Button(meaning, QString(), Button::Kind::Quiet, parent);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

CheckBox::CheckBox(const QString& text, QWidget* parent)
    : QCheckBox(text, parent)
{
    setAttribute(Qt::WA_Hover);
}

QSize CheckBox::sizeHint() const
{
    const QFontMetrics metrics(fontOf(TextRole::Body));
    return { size::iconTable + space::small + metrics.horizontalAdvance(withoutMnemonic(text()))
                 + space::tiny,
             std::max(size::badge, metrics.height() + space::tiny) };
}

bool CheckBox::hitButton(const QPoint& position) const
{
    return rect().contains(position);
}

void CheckBox::paintEvent(QPaintEvent* /*event*/)
{
    constexpr double boxCorner = 4;
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    const QRectF box(1, (height() - size::iconTable) / 2.0, size::iconTable, size::iconTable);
    const QColor fill = !isEnabled() ? c.soft : isChecked() ? c.accent : c.panel;
    const QColor outline = !isEnabled() ? c.line : isChecked() ? c.accent : c.muted;
    drawRoundedBox(painter, box, fill, outline, boxCorner);
    if (isChecked()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(
            isEnabled() ? c.onAccent : c.disabled, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin
        ));
        painter.drawPolyline(QPolygonF { box.topLeft() + QPointF(4, 8.3),
                                         box.topLeft() + QPointF(7, 11.2),
                                         box.topLeft() + QPointF(12.2, 5.2) });
    }
    if (hasFocus())
        drawFocusRing(
            painter, box.adjusted(-1, -1, 1, 1), isChecked() ? c.text : c.accent, boxCorner
        );
    painter.setFont(fontOf(TextRole::Body));
    painter.setPen(isEnabled() ? c.text : c.disabled);
    painter.drawText(
        rect().adjusted(size::iconTable + space::small, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
        withoutMnemonic(text())
    );
}

LinkButton::LinkButton(const QString& text, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void LinkButton::setArrow(bool arrow)
{
    m_arrow = arrow;
    updateGeometry();
}

void LinkButton::setRole(TextRole role)
{
    m_role = role;
    updateGeometry();
}

QSize LinkButton::sizeHint() const
{
    const QFontMetrics metrics(fontOf(m_role));
    return { metrics.horizontalAdvance(text()) + (m_arrow ? arrowEdge : 0),
             metrics.height() + 2 * linkPadding };
}

void LinkButton::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    const QColor colour = isEnabled() ? c.accent : c.disabled;
    QFont font = fontOf(m_role);
    font.setUnderline(underMouse() && isEnabled());
    painter.setFont(font);
    painter.setPen(colour);
    const QRect inside = rect().adjusted(0, 0, m_arrow ? -arrowEdge : 0, 0);
    painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text());
    if (m_arrow)
        drawChevron(
            painter,
            QRectF(width() - arrowEdge, (height() - arrowEdge) / 2.0, arrowEdge, arrowEdge),
            Qt::RightArrow, colour
        );
    if (hasFocus() && m_ring)
        drawFocusRing(painter, rect(), c.accent, space::tiny);
}

void LinkButton::focusInEvent(QFocusEvent* event)
{
    m_ring = isKeyboardReason(event->reason());
    QAbstractButton::focusInEvent(event);
}

} // namespace quittance::ui

#include "moc_button.cpp"
