#include "ui/widgets/form_row.h"

#include "ui/widgets/label.h"

#include <QEvent>
#include <QStyle>
#include <QVBoxLayout>

#include <utility>

namespace quittance::ui {

FormRow::FormRow(const QString& label, const QString& help, QWidget* editor, QWidget* parent)
    : QWidget(parent)
    , m_help(help)
    , m_editor(editor)
    , m_below(new Label(help, TextRole::Help, Tone::Muted, this))
{
    auto* caption = new Label(label, TextRole::Strong, Tone::Normal, this);
    caption->setBuddy(m_editor);
    m_editor->setAccessibleName(label);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::tiny);
    layout->addWidget(caption);
    layout->addWidget(m_editor);
    layout->addWidget(m_below);
    m_below->setWordWrap(true);
    setFocusProxy(m_editor);
    m_editor->installEventFilter(this);
    connect(this, &FormRow::edited, this, [this] { setError({}); });
    showBelow();
}

void FormRow::setHelp(const QString& help)
{
    m_help = help;
    showBelow();
}

void FormRow::setCheck(Check check)
{
    m_check = std::move(check);
}

bool FormRow::check()
{
    setError(m_check ? m_check(value()) : QString());
    return m_error.isEmpty();
}

void FormRow::setError(const QString& error)
{
    m_error = error;
    showBelow();
    const bool wrong = !error.isEmpty();
    if (m_editor->property("invalid").toBool() == wrong)
        return;
    m_editor->setProperty("invalid", wrong);
    m_editor->style()->unpolish(m_editor);
    m_editor->style()->polish(m_editor);
}

void FormRow::showBelow()
{
    const bool wrong = !m_error.isEmpty();
    m_below->setText(wrong ? m_error : m_help);
    m_below->setTone(wrong ? Tone::Bad : Tone::Muted);
    m_below->setRole(wrong ? TextRole::HelpStrong : TextRole::Help);
    m_below->setVisible(!m_below->text().isEmpty());
    m_editor->setAccessibleDescription(m_below->text());
}

bool FormRow::eventFilter(QObject* watched, QEvent* event)
{
    // An untouched empty field is not wrong yet: only the form's button asks for it.
    if (watched == m_editor && event->type() == QEvent::FocusOut && !value().isEmpty())
        check();
    return QWidget::eventFilter(watched, event);
}

} // namespace quittance::ui

#include "moc_form_row.cpp"
