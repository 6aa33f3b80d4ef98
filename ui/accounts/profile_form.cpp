#include "ui/accounts/profile_form.h"

#include "ui/accounts/billing_words.h"
#include "ui/widgets/choice_field.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/lines_field.h"

namespace quittance::ui {

ProfileForm::ProfileForm(QWidget* parent)
    : SideForm(tr("Edit billing profile"), tr("Save profile"), parent)
    , m_legalName(new FormField(tr("Legal name"), tr("As it stands in the register.")))
    , m_address(new LinesField(tr("Address"), tr("As on an envelope, without the country."), 3))
    , m_country(new ChoiceField(tr("Country")))
    , m_taxIds(new LinesField(tr("Tax IDs"), taxIdHelp({}), 2))
    , m_purchaseOrder(
          new FormField(tr("Purchase order number"), tr("Optional. It is printed on every bill."))
      )
    , m_buyerReference(
          new FormField(tr("Buyer reference"), tr("Optional. Public buyers name it here."))
      )
    , m_emails(new LinesField(tr("Billing e-mails"), tr("Bills go to each. One a line."), 2))
    , m_language(new ChoiceField(
          tr("Language"), tr("Of documents and e-mails; English where there is no translation.")
      ))
{
    setObjectName(QStringLiteral("profileForm"));
    addRow(m_legalName, "legalName");
    addRow(m_address, "addressLines");
    addRow(m_country, "country");
    addRow(m_taxIds, "taxIds");
    addRow(m_purchaseOrder, "purchaseOrder");
    addRow(m_buyerReference, "buyerReference");
    addRow(m_emails, "emails");
    addRow(m_language, "language");
    m_legalName->setCheck(wrongLegalName);
    m_address->setCheck(wrongAddress);
    m_country->setCheck(wrongCountry);
    m_taxIds->setCheck([this](const QString& lines) {
        return wrongTaxIds(m_country->value(), lines);
    });
    m_purchaseOrder->setCheck(wrongText);
    m_buyerReference->setCheck(wrongText);
    m_emails->setCheck(wrongEmails);
    m_country->picker()->setChoices(countryChoices());
    connect(m_country, &FormRow::edited, this, [this] {
        m_taxIds->setHelp(taxIdHelp(m_country->value()));
        m_taxIds->check();
    });
}

void ProfileForm::edit(const ProfileItem& profile)
{
    if (profile.account != m_account || profile.version != m_version)
        fill(profile);
    open();
}

void ProfileForm::discard()
{
    m_version = -1;
}

void ProfileForm::fill(const ProfileItem& profile)
{
    m_account = profile.account;
    m_version = profile.version;
    m_legalName->setValue(QString::fromStdString(profile.legalName));
    m_address->setEntries(toQt(profile.addressLines));
    m_country->setValue(QString::fromStdString(profile.country));
    m_taxIds->setEntries(toQt(profile.taxIds));
    m_taxIds->setHelp(taxIdHelp(m_country->value()));
    m_purchaseOrder->setValue(QString::fromStdString(profile.purchaseOrder));
    m_buyerReference->setValue(QString::fromStdString(profile.buyerReference));
    m_emails->setEntries(toQt(profile.emails));
    m_language->picker()->setChoices(languageChoices(profile.language));
    m_language->setValue(QString::fromStdString(profile.language));
}

ProfileItem ProfileForm::profile() const
{
    ProfileItem profile;
    profile.account = m_account;
    profile.version = m_version;
    profile.legalName = m_legalName->value().toStdString();
    profile.addressLines = fromQt(m_address->entries());
    profile.country = m_country->value().toStdString();
    profile.taxIds = fromQt(m_taxIds->entries());
    profile.purchaseOrder = m_purchaseOrder->value().toStdString();
    profile.buyerReference = m_buyerReference->value().toStdString();
    profile.emails = fromQt(m_emails->entries());
    profile.language = m_language->value().toStdString();
    return profile;
}

} // namespace quittance::ui

#include "moc_profile_form.cpp"
