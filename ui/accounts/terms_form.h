#pragma once

#include "core/domain/query.h"
#include "ui/widgets/side_form.h"

namespace quittance::ui {

class ChoiceField;
class FormField;

/// Finance's part of an account's billing details, to be changed.
class TermsForm : public SideForm {
    Q_OBJECT
public:
    explicit TermsForm(QWidget* parent = nullptr);

    void edit(const TermsItem& terms, const std::vector<LegalEntityItem>& entities);
    [[nodiscard]] TermsItem terms() const;

private:
    AccountId m_account = 0;
    std::int32_t m_version = 0;
    ChoiceField* m_entity;
    FormField* m_days;
};

} // namespace quittance::ui
