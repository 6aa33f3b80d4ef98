#include "ui/widgets/form_field.h"

#include <QLineEdit>

namespace quittance::ui {

FormField::FormField(const QString& label, const QString& help, QWidget* parent)
    : FormField(label, help, new QLineEdit, parent)
{
}

FormField::FormField(const QString& label, const QString& help, QLineEdit* edit, QWidget* parent)
    : FormRow(label, help, edit, parent)
    , m_edit(edit)
{
    connect(m_edit, &QLineEdit::textEdited, this, &FormRow::edited);
    connect(m_edit, &QLineEdit::returnPressed, this, &FormRow::submitted);
}

QString FormField::value() const
{
    return m_edit->text().trimmed();
}

void FormField::setValue(const QString& value)
{
    m_edit->setText(value);
}

} // namespace quittance::ui

#include "moc_form_field.cpp"
