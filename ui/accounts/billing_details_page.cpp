#include "ui/accounts/billing_details_page.h"

#include "models/format.h"
#include "ui/accounts/billing_facts.h"
#include "ui/accounts/billing_words.h"
#include "ui/accounts/profile_form.h"
#include "ui/accounts/terms_form.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/label.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/table_view.h"

#include <QBoxLayout>
#include <QResizeEvent>
#include <QStackedWidget>

#include <algorithm>

namespace quittance::ui {

namespace {

using models::BillingHistoryModel;

constexpr int narrowWidth = 620;

QString lines(const std::vector<std::string>& values)
{
    return toQt(values).join(QLatin1Char('\n'));
}

template <class Version, class Valid>
QString versionText(
    std::int32_t version, const std::vector<Version>& versions, Valid valid, const QLocale& locale,
    const QTimeZone& zone
)
{
    if (version == 0)
        return {};
    const auto found = std::find_if(versions.begin(), versions.end(), [&](const Version& one) {
        return valid(one).version == version;
    });
    if (found == versions.end())
        return QString::number(version);
    const Date day = fromQDate(toQDateTime(found->validFrom, zone).date());
    return BillingDetailsPage::tr("%1, from %2")
        .arg(QString::number(version), dateShort(day, locale));
}

} // namespace

BillingDetailsPage::BillingDetailsPage(
    const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent
)
    : Page(parent)
    , m_context(context)
    , m_selection(selection)
    , m_model(new BillingHistoryModel(context.locale, this))
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_profileForm(new ProfileForm)
    , m_termsForm(new TermsForm)
{
    auto* nobody = new Panel;
    nobody->body()->addWidget(m_empty);
    m_empty->setObjectName(QStringLiteral("noAccount"));
    m_empty->setContent(
        Icon::Accounts, tr("Choose an account"),
        tr("Billing details belong to one account: who is billed, where bills go, and until when "
           "they are to be paid."),
        tr("Choose an account")
    );
    m_stack->addWidget(nobody);
    m_stack->addWidget(makeContent());
    m_profileForm->hide();
    m_termsForm->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_profileForm);
    layout->addWidget(m_termsForm);
    connectAll();
}

QWidget* BillingDetailsPage::makeContent()
{
    auto* content = new QWidget;
    m_message = new InlineMessage;
    m_missing = new InlineMessage;
    m_profile = new BillingFacts(tr("Billing profile"));
    m_legalName = m_profile->addFact(tr("Legal name"));
    m_address = m_profile->addFact(tr("Address"));
    m_country = m_profile->addFact(tr("Country"));
    m_taxIds = m_profile->addFact(tr("Tax IDs"));
    m_purchaseOrder = m_profile->addFact(tr("Purchase order"));
    m_buyerReference = m_profile->addFact(tr("Buyer reference"));
    m_emails = m_profile->addFact(tr("Billing e-mails"));
    m_language = m_profile->addFact(tr("Language"));
    m_profileVersion = m_profile->addFact(tr("Version"));
    m_terms = new BillingFacts(tr("Payment terms"));
    m_entity = m_terms->addFact(tr("Billed by"));
    m_days = m_terms->addFact(tr("Days to pay"));
    m_termsVersion = m_terms->addFact(tr("Version"));
    m_facts = new QHBoxLayout;
    m_facts->setSpacing(space::panelGap);
    m_facts->addWidget(m_profile, 4);
    m_facts->addWidget(m_terms, 3);
    m_historyPanel = makeHistory();
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(m_message);
    layout->addWidget(m_missing);
    layout->addLayout(m_facts);
    layout->addWidget(m_historyPanel, 1);
    layout->addStretch();
    return content;
}

Panel* BillingDetailsPage::makeHistory()
{
    auto* panel = new Panel(tr("Versions"));
    panel->setSubtitle(tr("A bill keeps the version that was valid when it was issued"));
    panel->setBodyMargins(0, 0, 0, 0);
    m_history = new TableView;
    m_history->setObjectName(QStringLiteral("billingHistory"));
    m_history->setAccessibleName(tr("Versions"));
    m_history->setModel(m_model);
    m_history->setKeyRole(BillingHistoryModel::KeyRole);
    m_history->setCsvRole(BillingHistoryModel::CsvRole);
    m_history->setColumnFits({ { BillingHistoryModel::ValidFrom, 150, 0 },
                               { BillingHistoryModel::Part, 120, 0 },
                               { BillingHistoryModel::Version, 70, 0 },
                               { BillingHistoryModel::Change, 160, 1 } });
    m_history->setMemory(&m_context.memory, QStringLiteral("billing/table"));
    m_history->setEmptyState(
        Icon::Audit, tr("No version is stored here yet"),
        tr("They are loaded once the backend is reached.")
    );
    panel->body()->addWidget(m_history, 1);
    return panel;
}

void BillingDetailsPage::connectAll()
{
    connect(&m_selection, &ConsoleSelection::changed, this, &BillingDetailsPage::chooseAccount);
    connect(
        &m_context.queries, &client::Queries::billingDetailsChanged, this, &BillingDetailsPage::ask
    );
    connect(
        &m_context.sync, &client::Sync::statusChanged, this, &BillingDetailsPage::refreshActions
    );
    connect(
        &m_context.sync, &client::Sync::identityChanged, this, &BillingDetailsPage::refreshActions
    );
    connect(m_empty, &EmptyState::actionTriggered, this, &BillingDetailsPage::accountWanted);
    connect(m_profileForm, &SideForm::submitted, this, &BillingDetailsPage::saveProfile);
    connect(m_termsForm, &SideForm::submitted, this, &BillingDetailsPage::saveTerms);
    for (SideForm* form :
         { static_cast<SideForm*>(m_profileForm), static_cast<SideForm*>(m_termsForm) }) {
        connect(form, &SideForm::cancelled, this, [this] {
            m_profileForm->discard();
            closeDetail();
        });
    }
    connect(m_profileForm, &SideForm::reloadWanted, this, [this] {
        m_profileForm->discard();
        openProfileForm();
    });
    connect(m_termsForm, &SideForm::reloadWanted, this, &BillingDetailsPage::openTermsForm);
}

QString BillingDetailsPage::subtitle() const
{
    const auto& accounts = m_selection.accounts();
    const auto found = std::find_if(accounts.begin(), accounts.end(), [this](const auto& one) {
        return one.id == m_shownAccount;
    });
    return found == accounts.end() ? QString() : QString::fromStdString(found->name);
}

QList<QWidget*> BillingDetailsPage::headActions()
{
    if (m_editProfile == nullptr) {
        m_editTerms = new Button(Icon::Edit, tr("Edit payment terms"));
        m_editProfile = new Button(Icon::Edit, tr("Edit billing profile"), Button::Kind::Primary);
        connect(m_editTerms, &QAbstractButton::clicked, this, &BillingDetailsPage::openTermsForm);
        connect(
            m_editProfile, &QAbstractButton::clicked, this, &BillingDetailsPage::openProfileForm
        );
    }
    return { m_editTerms, m_editProfile };
}

QString BillingDetailsPage::statusText() const
{
    return account() ? tr("Versions: %1").arg(m_model->rowCount()) : QString();
}

std::optional<AccountId> BillingDetailsPage::account() const
{
    if (m_selection.account() || m_selection.accounts().size() != 1)
        return m_selection.account();
    return m_selection.accounts().front().id;
}

void BillingDetailsPage::shown()
{
    chooseAccount();
}

void BillingDetailsPage::forget()
{
    m_answers.drop();
    m_details.reset();
    m_shownAccount.reset();
    m_saving = false;
    m_message->clear();
    m_missing->clear();
    m_profileForm->discard();
    m_profileForm->hide();
    m_termsForm->hide();
    m_model->clear();
    for (Label* fact :
         { m_legalName, m_address, m_country, m_taxIds, m_purchaseOrder, m_buyerReference, m_emails,
           m_language, m_profileVersion, m_entity, m_days, m_termsVersion })
        BillingFacts::setFact(fact, {});
    m_stack->setCurrentIndex(0);
    refreshActions();
}

void BillingDetailsPage::chooseAccount()
{
    const std::optional<AccountId> chosen = account();
    if (chosen != m_shownAccount) {
        m_details.reset();
        m_message->clear();
        closeDetail();
        m_shownAccount = chosen;
        m_stack->setCurrentIndex(chosen ? 1 : 0);
        emit headChanged();
    }
    refreshActions();
    if (!chosen || !isVisible())
        return;
    m_context.intents.subscribeHistory(*chosen);
    const std::optional<Identity> identity = m_context.sync.identity();
    if (identity && allows(identity->grants, Permission::TermsEdit, chosen))
        m_context.intents.subscribeLegalEntities();
    ask();
}

void BillingDetailsPage::ask()
{
    m_answers.drop();
    if (!m_shownAccount)
        return;
    m_answers.whenDone(
        m_context.queries.billingDetails(*m_shownAccount), this,
        [this](const Result<BillingDetails>& details) {
            if (!details)
                return;
            showDetails(*details);
            emit statusChanged();
            emit loaded();
        }
    );
}

void BillingDetailsPage::showDetails(const BillingDetails& details)
{
    m_details = details;
    const ProfileItem& profile = details.profile;
    BillingFacts::setFact(
        m_profileVersion,
        versionText(
            profile.version, details.profileVersions,
            [](const ProfileVersion& one) { return one.profile; }, m_context.locale,
            m_selection.zone()
        )
    );
    BillingFacts::setFact(m_legalName, QString::fromStdString(profile.legalName));
    BillingFacts::setFact(m_address, lines(profile.addressLines));
    BillingFacts::setFact(m_country, countryName(profile.country));
    BillingFacts::setFact(m_taxIds, lines(profile.taxIds));
    BillingFacts::setFact(m_purchaseOrder, QString::fromStdString(profile.purchaseOrder));
    BillingFacts::setFact(m_buyerReference, QString::fromStdString(profile.buyerReference));
    BillingFacts::setFact(m_emails, lines(profile.emails));
    BillingFacts::setFact(m_language, languageName(profile.language));
    showTerms();
    m_model->setDetails(details, m_selection.zone());
    const QStringList missing = missingNames(profile);
    if (missing.isEmpty())
        m_missing->clear();
    else
        m_missing->showMessage(
            Tone::Warn,
            tr("Bills wait as drafts until the profile names: %1.")
                .arg(missing.join(QStringLiteral(", ")))
        );
    refreshActions();
}

void BillingDetailsPage::showTerms()
{
    const TermsItem& terms = m_details->terms;
    BillingFacts::setFact(
        m_termsVersion,
        versionText(
            terms.version, m_details->termsVersions,
            [](const TermsVersion& one) { return one.terms; }, m_context.locale, m_selection.zone()
        )
    );
    const auto& entities = m_details->legalEntities;
    const auto found = std::find_if(entities.begin(), entities.end(), [&](const auto& entity) {
        return entity.code == terms.legalEntity;
    });
    BillingFacts::setFact(
        m_entity,
        QString::fromStdString(found == entities.end() ? terms.legalEntity : found->legalName)
    );
    BillingFacts::setFact(m_days, m_context.locale.toString(terms.paymentDays));
}

QString BillingDetailsPage::blockedReason() const
{
    const std::optional<Identity> identity = m_context.sync.identity();
    if (identity && identity->viewingAccount)
        return tr("You see what the customer sees, read only.");
    return offlineReason(m_context.sync.status());
}

/// What can be done now, and why the rest cannot.
void BillingDetailsPage::refreshActions()
{
    if (m_editProfile == nullptr)
        return;
    const std::optional<Identity> identity = m_context.sync.identity();
    const auto may = [&](Permission permission) {
        return identity && m_shownAccount && allows(identity->grants, permission, m_shownAccount);
    };
    const bool mayProfile = may(Permission::ProfileEdit);
    m_editProfile->setVisible(mayProfile);
    m_editTerms->setVisible(may(Permission::TermsEdit));
    m_editTerms->setKind(mayProfile ? Button::Kind::Secondary : Button::Kind::Primary);
    const QString reason = blockedReason();
    const QString loading = m_details ? reason : tr("Loading");
    const bool open = m_profileForm->isVisibleTo(this) || m_termsForm->isVisibleTo(this);
    const QString begin = open ? tr("The form is open at the right.") : loading;
    m_editProfile->setBlocked(begin);
    m_editTerms->setBlocked(begin);
    const QString save = m_saving ? tr("Waiting for the answer") : reason;
    m_profileForm->setBlocked(save);
    m_termsForm->setBlocked(save);
}

void BillingDetailsPage::refreshPlaces()
{
    const bool open = m_profileForm->isVisibleTo(this) || m_termsForm->isVisibleTo(this);
    const int room = width() - (open ? m_profileForm->width() + space::panelGap : 0);
    const bool narrow = room < narrowWidth;
    m_facts->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_historyPanel->setVisible(!narrow);
}

void BillingDetailsPage::showForm(SideForm* form)
{
    m_message->clear();
    for (SideForm* other :
         { static_cast<SideForm*>(m_profileForm), static_cast<SideForm*>(m_termsForm) })
        other->setVisible(other == form);
    refreshPlaces();
    refreshActions();
}

void BillingDetailsPage::openProfileForm()
{
    if (!m_details)
        return;
    showForm(m_profileForm);
    m_profileForm->edit(m_details->profile);
}

void BillingDetailsPage::openTermsForm()
{
    if (!m_details)
        return;
    showForm(m_termsForm);
    m_termsForm->edit(m_details->terms, m_details->legalEntities);
}

bool BillingDetailsPage::closeDetail()
{
    if (!m_profileForm->isVisibleTo(this) && !m_termsForm->isVisibleTo(this))
        return false;
    showForm(nullptr);
    QWidget* back = m_editProfile != nullptr && m_editProfile->isEnabled()
        ? static_cast<QWidget*>(m_editProfile)
        : m_history;
    back->setFocus(Qt::OtherFocusReason);
    return true;
}

void BillingDetailsPage::saveProfile()
{
    m_saving = true;
    refreshActions();
    client::whenDone(
        m_context.intents.changeProfile(m_profileForm->profile()), this,
        [this, account = m_shownAccount](const Result<>& saved) {
            if (saved)
                m_profileForm->discard();
            if (account == m_shownAccount)
                finish(*m_profileForm, saved);
        }
    );
}

void BillingDetailsPage::saveTerms()
{
    m_saving = true;
    refreshActions();
    client::whenDone(
        m_context.intents.changeTerms(m_termsForm->terms()), this,
        [this, account = m_shownAccount](const Result<>& saved) {
            if (account == m_shownAccount)
                finish(*m_termsForm, saved);
        }
    );
}

void BillingDetailsPage::finish(SideForm& form, const Result<>& saved)
{
    m_saving = false;
    refreshActions();
    if (!saved) {
        form.showRefusal(saved.error(), errorText(saved.error()));
        return;
    }
    closeDetail();
    m_message->showMessage(
        Tone::Good,
        tr("Saved. It holds for bills issued from now on; issued bills stay as they are.")
    );
}

void BillingDetailsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    refreshPlaces();
}

} // namespace quittance::ui

#include "moc_billing_details_page.cpp"
