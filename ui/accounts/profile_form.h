#pragma once

#include "core/domain/query.h"
#include "ui/widgets/side_form.h"

namespace quittance::ui {

class ChoiceField;
class FormField;
class LinesField;

/// The customer's part of an account's billing details, to be changed.
class ProfileForm : public SideForm {
    Q_OBJECT
public:
    explicit ProfileForm(QWidget* parent = nullptr);

    /// Opens it. What was typed into this version before and not thrown away is there again.
    void edit(const ProfileItem& profile);
    void discard(); ///< the next edit() begins with what is valid
    [[nodiscard]] ProfileItem profile() const;

private:
    void fill(const ProfileItem& profile);

    AccountId m_account = 0;
    std::int32_t m_version = -1;
    FormField* m_legalName;
    LinesField* m_address;
    ChoiceField* m_country;
    LinesField* m_taxIds;
    FormField* m_purchaseOrder;
    FormField* m_buyerReference;
    LinesField* m_emails;
    ChoiceField* m_language;
};

} // namespace quittance::ui
