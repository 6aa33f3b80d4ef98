#pragma once

#include "client/ports/when_done.h"
#include "models/billing_history_model.h"
#include "ui/shell/console_context.h"
#include "ui/shell/page.h"

class QBoxLayout;
class QStackedWidget;

namespace quittance::ui {

class BillingFacts;
class Button;
class EmptyState;
class InlineMessage;
class Label;
class Panel;
class ProfileForm;
class SideForm;
class TableView;
class TermsForm;

/// Who is billed for the chosen account and how: the billing profile, which the customer changes,
/// the terms, which finance changes, and how both came to be. Forms open at the right.
class BillingDetailsPage : public Page {
    Q_OBJECT
public:
    BillingDetailsPage(
        const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent = nullptr
    );

    [[nodiscard]] QString title() const override { return tr("Billing details"); }
    [[nodiscard]] PeriodUse periodUse() const override { return PeriodUse::None; }
    [[nodiscard]] QString subtitle() const override;
    [[nodiscard]] QList<QWidget*> headActions() override;
    [[nodiscard]] QString statusText() const override;
    void shown() override;
    void forget() override;
    bool closeDetail() override;

    void openProfileForm();
    void openTermsForm();
    [[nodiscard]] ProfileForm* profileForm() const { return m_profileForm; }
    [[nodiscard]] TermsForm* termsForm() const { return m_termsForm; }
    [[nodiscard]] TableView* historyTable() const { return m_history; }
    [[nodiscard]] InlineMessage* message() const { return m_message; }

signals:
    void loaded();
    /// All accounts are chosen, and the person wants to choose one.
    void accountWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeContent();
    Panel* makeHistory();
    void connectAll();
    [[nodiscard]] std::optional<AccountId> account() const;
    [[nodiscard]] QString blockedReason() const;
    void chooseAccount();
    void ask();
    void showDetails(const BillingDetails& details);
    void showTerms();
    void refreshActions();
    void refreshPlaces();
    void showForm(SideForm* form);
    void saveProfile();
    void saveTerms();
    void finish(SideForm& form, const Result<>& saved);

    const ConsoleContext& m_context;
    ConsoleSelection& m_selection;
    models::BillingHistoryModel* m_model;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QBoxLayout* m_facts = nullptr;
    InlineMessage* m_message = nullptr; ///< what came of the last save
    InlineMessage* m_missing = nullptr; ///< what a bill needs and the profile lacks
    BillingFacts* m_profile = nullptr;
    BillingFacts* m_terms = nullptr;
    TableView* m_history = nullptr;
    Panel* m_historyPanel = nullptr;
    ProfileForm* m_profileForm;
    TermsForm* m_termsForm;
    Button* m_editProfile = nullptr;
    Button* m_editTerms = nullptr;
    Label* m_legalName = nullptr;
    Label* m_address = nullptr;
    Label* m_country = nullptr;
    Label* m_taxIds = nullptr;
    Label* m_purchaseOrder = nullptr;
    Label* m_buyerReference = nullptr;
    Label* m_emails = nullptr;
    Label* m_language = nullptr;
    Label* m_profileVersion = nullptr;
    Label* m_entity = nullptr;
    Label* m_days = nullptr;
    Label* m_termsVersion = nullptr;
    std::optional<BillingDetails> m_details;
    std::optional<AccountId> m_shownAccount;
    bool m_saving = false;
    client::NewestAnswer m_answers;
};

} // namespace quittance::ui
