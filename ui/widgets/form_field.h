#pragma once

#include "ui/widgets/form_row.h"

class QLineEdit;

namespace quittance::ui {

/// A row with one line of text.
class FormField : public FormRow {
    Q_OBJECT
public:
    explicit FormField(const QString& label, const QString& help = {}, QWidget* parent = nullptr);

    [[nodiscard]] QLineEdit* edit() const { return m_edit; }
    [[nodiscard]] QString value() const override;
    void setValue(const QString& value) override;

private:
    FormField(const QString& label, const QString& help, QLineEdit* edit, QWidget* parent);

    QLineEdit* m_edit;
};

} // namespace quittance::ui
