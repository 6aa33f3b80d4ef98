#include "ui/accounts/terms_form.h"

#include "ui/accounts/billing_words.h"
#include "ui/widgets/choice_field.h"
#include "ui/widgets/form_field.h"

#include <algorithm>

namespace quittance::ui {

namespace {

/// The entity that bills now is offered also before the list of all was loaded.
std::vector<Picker::Choice>
choicesOf(const std::vector<LegalEntityItem>& entities, const std::string& current)
{
    std::vector<Picker::Choice> choices;
    choices.reserve(entities.size() + 1);
    for (const LegalEntityItem& entity : entities)
        choices.push_back({ QString::fromStdString(entity.code),
                            QString::fromStdString(entity.legalName), countryName(entity.country) }
        );
    const QString code = QString::fromStdString(current);
    const bool known = std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
        return choice.id == code;
    });
    if (!known)
        choices.push_back({ code, code, {} });
    return choices;
}

} // namespace

TermsForm::TermsForm(QWidget* parent)
    : SideForm(tr("Edit payment terms"), tr("Save terms"), parent)
    , m_entity(new ChoiceField(
          tr("Billed by"), tr("Its name, tax IDs and bank details stand on the bills.")
      ))
    , m_days(new FormField(tr("Days to pay"), tr("From the day of issue to the due day.")))
{
    setObjectName(QStringLiteral("termsForm"));
    addRow(m_entity, "legalEntity");
    addRow(m_days, "paymentDays");
    m_days->setCheck(wrongPaymentDays);
}

void TermsForm::edit(const TermsItem& terms, const std::vector<LegalEntityItem>& entities)
{
    m_account = terms.account;
    m_version = terms.version;
    m_entity->picker()->setChoices(choicesOf(entities, terms.legalEntity));
    m_entity->setValue(QString::fromStdString(terms.legalEntity));
    m_days->setValue(QString::number(terms.paymentDays));
    open();
}

TermsItem TermsForm::terms() const
{
    return { m_account, m_version, m_entity->value().toStdString(), m_days->value().toInt() };
}

} // namespace quittance::ui

#include "moc_terms_form.cpp"
