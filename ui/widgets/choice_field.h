#pragma once

#include "ui/widgets/form_row.h"

namespace quittance::ui {

class Picker;

/// A row in which one of several is chosen.
class ChoiceField : public FormRow {
    Q_OBJECT
public:
    explicit ChoiceField(const QString& label, const QString& help = {}, QWidget* parent = nullptr);

    [[nodiscard]] Picker* picker() const { return m_picker; }
    [[nodiscard]] QString value() const override; ///< the choice's id
    void setValue(const QString& value) override;

private:
    ChoiceField(const QString& label, const QString& help, Picker* picker, QWidget* parent);

    Picker* m_picker;
};

} // namespace quittance::ui
