#include "ui/widgets/empty_state.h"

#include "ui/widgets/button.h"
#include "ui/widgets/label.h"

#include <QEvent>
#include <QResizeEvent>
#include <QVBoxLayout>

namespace quittance::ui {
namespace {
constexpr int iconEdge = 32;
constexpr int helpWidthMax = 420;
constexpr int iconFromHeight = 150;
} // namespace

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new Label({}, TextRole::Strong, Tone::Normal, this))
    , m_help(new Label({}, TextRole::Body, Tone::Muted, this))
    , m_action(new Button(QString(), Button::Kind::Secondary, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::large, space::small, space::large, space::small);
    layout->setSpacing(space::small);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_title, 0, Qt::AlignHCenter);
    layout->addWidget(m_help);
    layout->addSpacing(space::tiny);
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_help->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_help->setWordWrap(true);
    m_help->setMaximumWidth(helpWidthMax);
    layout->setAlignment(m_help, Qt::Alignment());
    m_title->setAlignment(Qt::AlignHCenter);
    m_action->hide();
    connect(m_action, &QAbstractButton::clicked, this, &EmptyState::actionTriggered);
}

void EmptyState::setContent(
    Icon meaning, const QString& title, const QString& help, const QString& action
)
{
    m_meaning = meaning;
    m_title->setText(title);
    m_help->setText(help);
    m_help->setVisible(!help.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(help);
    refreshIcon();
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::resizeEvent(QResizeEvent* event)
{
    // Where there is little room the words go first.
    m_icon->setVisible(event->size().height() >= iconFromHeight);
    QWidget::resizeEvent(event);
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshIcon();
}

void EmptyState::refreshIcon()
{
    m_icon->setPixmap(
        iconPixmap(m_meaning, iconEdge, coloursOf(palette()).muted, devicePixelRatioF())
    );
}

} // namespace quittance::ui

#include "moc_empty_state.cpp"
