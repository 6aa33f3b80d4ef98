#include "ui/widgets/choice_field.h"

#include "ui/widgets/picker.h"

namespace quittance::ui {

ChoiceField::ChoiceField(const QString& label, const QString& help, QWidget* parent)
    : ChoiceField(label, help, new Picker(label), parent)
{
}

ChoiceField::ChoiceField(const QString& label, const QString& help, Picker* picker, QWidget* parent)
    : FormRow(label, help, picker, parent)
    , m_picker(picker)
{
    m_picker->setLabelShown(false);
    connect(m_picker, &Picker::chosen, this, &FormRow::edited);
}

QString ChoiceField::value() const
{
    return m_picker->current();
}

void ChoiceField::setValue(const QString& value)
{
    m_picker->setCurrent(value);
}

} // namespace quittance::ui

#include "moc_choice_field.cpp"
