#include "ui/people/people_page.h"

#include "models/format.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/cell_delegate.h"
#include "ui/widgets/choice_field.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/label.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QVBoxLayout>

namespace quittance::ui {

namespace {

using models::PersonTableModel;

constexpr int formWidth = 424;

Badge stateBadge(const QModelIndex& index)
{
    const QString text = index.data().toString();
    if (index.data(PersonTableModel::DisabledRole).toBool())
        return { text, Tone::Muted, BadgeShape::Slash };
    if (!index.data(PersonTableModel::JoinedRole).toBool())
        return { text, Tone::Warn, BadgeShape::Clock };
    return { text, Tone::Good, BadgeShape::Check };
}

} // namespace

PeoplePage::PeoplePage(const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_selection(selection)
    , m_model(new PersonTableModel(this))
    , m_table(new TableView)
    , m_message(new InlineMessage)
    , m_name(new FormField(tr("Name")))
    , m_email(new FormField(tr("E-mail"), tr("They sign in with it.")))
    , m_role(new ChoiceField(tr("Role"), tr("Finance and admin see all accounts.")))
    , m_account(new ChoiceField(tr("Account"), tr("The only one they see.")))
    , m_send(new Button(tr("Invite"), Button::Kind::Primary))
    , m_form(makeForm())
{
    auto* list = new Panel;
    list->setBodyMargins(0, 0, 0, 0);
    list->body()->setSpacing(0);
    list->body()->addWidget(m_message);
    list->body()->addWidget(m_table, 1);
    m_table->setObjectName(QStringLiteral("people"));
    m_table->setAccessibleName(tr("People"));
    m_table->setModel(m_model);
    m_table->setKeyRole(PersonTableModel::KeyRole);
    m_table->setRowHeight(size::rowRead);
    auto* delegate = new CellDelegate(m_table);
    delegate->setDescribe([](const QModelIndex& index, Cell& cell) {
        if (index.column() == PersonTableModel::State)
            cell.badge = stateBadge(index);
        if (index.data(PersonTableModel::DisabledRole).toBool())
            cell.tone = Tone::Muted;
    });
    m_table->setItemDelegate(delegate);
    m_table->setColumnFits({ { PersonTableModel::Name, 150, 2 },
                             { PersonTableModel::Email, 220, 3 },
                             { PersonTableModel::Roles, 180, 3 },
                             { PersonTableModel::State, 110, 0 } });
    m_table->horizontalHeader()->setSortIndicator(PersonTableModel::Name, Qt::AscendingOrder);
    m_table->setMemory(&context.memory, QStringLiteral("people/table"));
    m_table->setSortingEnabled(true);
    m_table->setEmptyState(Icon::People, tr("Nobody yet"), tr("Invite the first person."));
    m_form->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::panelGap);
    layout->addWidget(list, 1);
    layout->addWidget(m_form);
    connect(&context.queries, &client::Queries::peopleChanged, this, &PeoplePage::ask);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &PeoplePage::refreshActions
    );
    connect(m_model, &QAbstractItemModel::modelReset, this, &PeoplePage::refreshActions);
    connect(&context.sync, &client::Sync::statusChanged, this, &PeoplePage::refreshActions);
}

Panel* PeoplePage::makeForm()
{
    auto* form = new Panel(tr("Invite a person"));
    form->setFixedWidth(formWidth);
    form->setHeaderLine(true);
    form->setBodyMargins(
        space::panelPadding, space::panelPadding, space::panelPadding, space::panelPadding
    );
    form->body()->setSpacing(space::formRowGap);
    m_name->setCheck([](const QString& value) {
        return value.isEmpty() ? tr("Say who it is.") : QString();
    });
    m_email->setCheck([](const QString& value) {
        const qsizetype at = value.indexOf(QLatin1Char('@'));
        return at > 0 && at < value.size() - 1 ? QString() : tr("This is not an e-mail address.");
    });
    m_role->picker()->setChoices({ { QStringLiteral("customer"), tr("Customer"),
                                     tr("one account") },
                                   { QStringLiteral("finance"), tr("Finance"), tr("all accounts") },
                                   { QStringLiteral("admin"), tr("Admin"), tr("all accounts") } });
    form->body()->addWidget(m_name);
    form->body()->addWidget(m_email);
    form->body()->addWidget(m_role);
    form->body()->addWidget(m_account);
    form->body()->addStretch();
    auto* cancel = new Button(tr("Cancel"));
    form->footer()->addStretch();
    form->footer()->addWidget(cancel);
    form->footer()->addWidget(m_send);
    connect(cancel, &QAbstractButton::clicked, this, [this] { closeDetail(); });
    connect(m_send, &QAbstractButton::clicked, this, &PeoplePage::invite);
    connect(m_email->edit(), &QLineEdit::returnPressed, this, &PeoplePage::invite);
    connect(m_role, &FormRow::edited, this, [this] {
        m_account->setVisible(m_role->value() == QLatin1String("customer"));
    });
    return form;
}

QList<QWidget*> PeoplePage::headActions()
{
    if (m_invite == nullptr) {
        m_disable = new Button(Icon::DisablePerson, tr("Disable"));
        m_invite = new Button(Icon::AddPerson, tr("Invite a person"), Button::Kind::Primary);
        connect(m_disable, &QAbstractButton::clicked, this, &PeoplePage::disable);
        connect(m_invite, &QAbstractButton::clicked, this, &PeoplePage::openForm);
        refreshActions();
    }
    return { m_disable, m_invite };
}

QString PeoplePage::statusText() const
{
    return tr("People: %1").arg(m_model->rowCount());
}

void PeoplePage::shown()
{
    ask();
}

void PeoplePage::forget()
{
    m_answers.drop();
    m_message->clear();
    m_name->setValue({});
    m_email->setValue({});
    m_form->hide();
    refreshActions();
    m_table->clearSelection();
    m_model->setPeople({}, {});
}

bool PeoplePage::closeDetail()
{
    if (!m_form->isVisible())
        return false;
    m_form->hide();
    refreshActions();
    return true;
}

void PeoplePage::openForm()
{
    std::vector<Picker::Choice> accounts;
    for (const AccountItem& account : m_selection.accounts())
        accounts.push_back({ QString::number(account.id), QString::fromStdString(account.name), {} }
        );
    m_account->picker()->setChoices(std::move(accounts));
    m_form->show();
    refreshActions();
    m_name->edit()->setFocus();
}

void PeoplePage::ask()
{
    if (!isFront())
        return;
    m_answers.whenDone(
        m_context.queries.people(), this,
        [this](const Result<std::vector<PersonItem>>& people) {
            if (!people)
                return;
            std::map<AccountId, QString> names;
            for (const AccountItem& account : m_selection.accounts())
                names[account.id] = QString::fromStdString(account.name);
            m_model->setPeople(*people, std::move(names));
            emit statusChanged();
            emit loaded();
        }
    );
}

/// What can be done now, and why the rest cannot.
void PeoplePage::refreshActions()
{
    const QString offline = offlineReason(m_context.sync.status());
    m_send->setBlocked(m_inviting ? tr("Waiting for the answer") : offline);
    if (m_disable == nullptr)
        return;
    m_invite->setBlocked(
        m_form->isVisibleTo(this) ? tr("The form is open at the right.") : offline
    );
    const QList<int> rows = m_table->selectedRows();
    const PersonItem* person = rows.size() == 1 ? m_model->personAt(rows.front()) : nullptr;
    if (person == nullptr) {
        m_disable->setBlocked(tr("Choose a person first."));
        m_disable->setText(tr("Disable"));
        return;
    }
    m_disable->setText(tr("Disable %1").arg(QString::fromStdString(person->name)));
    m_disable->setBlocked(person->disabled ? tr("This person is disabled already.") : offline);
}

void PeoplePage::invite()
{
    const bool complete = m_name->check();
    if (!m_email->check() || !complete || !m_send->isEnabled())
        return;
    const Result<Role> role = roleFromWireName(m_role->value().toStdString());
    if (!role)
        return;
    Grant grant { *role, std::nullopt };
    if (*role == Role::Customer)
        grant.account = m_account->value().toLongLong();
    const QString email = m_email->value();
    m_inviting = true;
    refreshActions();
    client::whenDone(
        m_context.intents.invitePerson(email, m_name->value(), { grant }), this,
        [this, email](const Result<QString>& token) {
            m_inviting = false;
            refreshActions();
            if (!token) {
                m_email->setError(errorText(token.error()));
                return;
            }
            m_message->showMessage(
                Tone::Good,
                tr("Invited %1. Hand over this invitation, it is shown once and valid 7 days: %2")
                    .arg(email, *token),
                {}, *token
            );
            m_name->setValue({});
            m_email->setValue({});
            closeDetail();
        }
    );
}

void PeoplePage::disable()
{
    const QList<int> rows = m_table->selectedRows();
    const PersonItem* person = rows.size() == 1 ? m_model->personAt(rows.front()) : nullptr;
    if (person == nullptr)
        return;
    const QString name = QString::fromStdString(person->name);
    client::whenDone(
        m_context.intents.disablePerson(person->id), this,
        [this, name](const Result<>& done) {
            if (done)
                m_message->showMessage(Tone::Good, tr("%1 can no longer sign in.").arg(name));
            else
                m_message->showMessage(Tone::Bad, errorText(done.error()));
        }
    );
}

} // namespace quittance::ui

#include "moc_people_page.cpp"
