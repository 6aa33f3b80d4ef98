#include "ui/widgets/form_field.h"

#include "ui/widgets/label.h"

#include <QEvent>
#include <QLineEdit>
#include <QStyle>
#include <QVBoxLayout>

namespace quittance::ui {

FormField::FormField(const QString& label, const QString& help, QWidget* parent)
    : QWidget(parent)
    , m_help(help)
    , m_edit(new QLineEdit(this))
    , m_below(new Label(help, TextRole::Help, Tone::Muted, this))
{
    auto* caption = new Label(label, TextRole::Strong, Tone::Normal, this);
    caption->setBuddy(m_edit);
    m_edit->setAccessibleName(label);
    m_edit->setAccessibleDescription(help);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::tiny);
    layout->addWidget(caption);
    layout->addWidget(m_edit);
    layout->addWidget(m_below);
    m_below->setWordWrap(true);
    m_below->setVisible(!help.isEmpty());
    setFocusProxy(m_edit);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textEdited, this, [this] { setError({}); });
}

QString FormField::value() const
{
    return m_edit->text().trimmed();
}

void FormField::setValue(const QString& value)
{
    m_edit->setText(value);
}

void FormField::setCheck(Check check)
{
    m_check = std::move(check);
}

bool FormField::check()
{
    const QString error = m_check ? m_check(value()) : QString();
    setError(error);
    return error.isEmpty();
}

void FormField::setError(const QString& error)
{
    const bool wrong = !error.isEmpty();
    m_below->setText(wrong ? error : m_help);
    m_below->setTone(wrong ? Tone::Bad : Tone::Muted);
    m_below->setRole(wrong ? TextRole::HelpStrong : TextRole::Help);
    m_below->setVisible(!m_below->text().isEmpty());
    m_edit->setAccessibleDescription(m_below->text());
    if (m_edit->property("invalid").toBool() == wrong)
        return;
    m_edit->setProperty("invalid", wrong);
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
}

bool FormField::eventFilter(QObject* watched, QEvent* event)
{
    // An untouched empty field is not wrong yet: only the form's button asks for it.
    if (watched == m_edit && event->type() == QEvent::FocusOut && !value().isEmpty())
        check();
    return QWidget::eventFilter(watched, event);
}

} // namespace quittance::ui
