#include "ui/widgets/search_field.h"

#include "ui/widgets/icons.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>
#include <QTimer>

namespace quittance::ui {
namespace {
constexpr int pauseMs = 150;
}

SearchField::SearchField(const QString& placeholder, QWidget* parent)
    : QLineEdit(parent)
    , m_pause(new QTimer(this))
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    addAction(icon(Icon::Find, Tone::Muted), QLineEdit::LeadingPosition);
    // Not setClearButtonEnabled: its icon is the style's and does not follow the palette.
    auto* clearing = addAction(icon(Icon::Close, Tone::Muted), QLineEdit::TrailingPosition);
    clearing->setText(tr("Clear"));
    clearing->setToolTip(tr("Clear"));
    clearing->setVisible(false);
    connect(clearing, &QAction::triggered, this, &QLineEdit::clear);
    connect(this, &QLineEdit::textChanged, clearing, [clearing](const QString& text) {
        clearing->setVisible(!text.isEmpty());
    });

    m_pause->setSingleShot(true);
    m_pause->setInterval(pauseMs);
    connect(m_pause, &QTimer::timeout, this, &SearchField::emitNow);
    connect(this, &QLineEdit::textChanged, m_pause, qOverload<>(&QTimer::start));
}

void SearchField::setShortcutHint(const QString& hint)
{
    m_hint = hint;
    update();
}

void SearchField::setPause(int milliseconds)
{
    m_pause->setInterval(milliseconds);
}

void SearchField::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (text().isEmpty()) {
            emit left();
            event->ignore(); // closes what lies open around the field
        } else {
            clear();
        }
        return;
    case Qt::Key_Down:
        emitNow();
        emit movedToResults();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emitNow();
        emit movedToResults();
        break;
    default:
        break;
    }
    QLineEdit::keyPressEvent(event);
}

void SearchField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (m_hint.isEmpty() || !text().isEmpty() || hasFocus())
        return;
    QPainter painter(this);
    const QFont font = fontOf(TextRole::Help);
    painter.setFont(font);
    painter.setPen(coloursOf(palette()).muted);
    const int hintWidth = painter.fontMetrics().horizontalAdvance(m_hint);
    const int needed
        = fontMetrics().horizontalAdvance(placeholderText()) + hintWidth + 4 * space::normal;
    if (width() >= needed)
        painter.drawText(
            rect().adjusted(0, 0, -space::medium, 0), Qt::AlignRight | Qt::AlignVCenter, m_hint
        );
}

void SearchField::emitNow()
{
    m_pause->stop();
    if (text() == m_emitted)
        return;
    m_emitted = text();
    emit searchChanged(m_emitted);
}

} // namespace quittance::ui

#include "moc_search_field.cpp"
