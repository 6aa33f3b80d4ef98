#include "models/person_table_model.h"

#include <algorithm>
#include <utility>

namespace quittance::models {

PersonTableModel::PersonTableModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void PersonTableModel::setPeople(
    std::vector<PersonItem> people, std::map<AccountId, QString> accounts
)
{
    beginResetModel();
    m_people = std::move(people);
    m_accounts = std::move(accounts);
    sortPeople();
    endResetModel();
}

const PersonItem* PersonTableModel::personAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_people[static_cast<std::size_t>(row)] : nullptr;
}

QString PersonTableModel::roleText(quittance::Role role)
{
    switch (role) {
    case quittance::Role::Customer:
        return tr("Customer");
    case quittance::Role::Finance:
        return tr("Finance");
    case quittance::Role::Admin:
        return tr("Admin");
    case quittance::Role::UsageIntake:
        return tr("Usage intake");
    case quittance::Role::ReadOnly:
        return tr("Read only");
    }
    return {};
}

int PersonTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_people.size());
}

int PersonTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PersonTableModel::rolesText(const PersonItem& person) const
{
    QStringList roles;
    for (const Grant& grant : person.grants) {
        QString role = roleText(grant.role);
        if (grant.account) {
            const auto name = m_accounts.find(*grant.account);
            role = tr("%1 of %2")
                       .arg(
                           role,
                           name == m_accounts.end() ? tr("account %1").arg(*grant.account)
                                                    : name->second
                       );
        }
        roles.append(role);
    }
    return roles.join(QStringLiteral(", "));
}

QString PersonTableModel::text(const PersonItem& person, int column) const
{
    switch (column) {
    case Name:
        return QString::fromStdString(person.name);
    case Email:
        return QString::fromStdString(person.email);
    case Roles:
        return rolesText(person);
    case State:
        if (person.disabled)
            return tr("Disabled");
        return person.joined ? tr("Active") : tr("Invited");
    default:
        return {};
    }
}

QVariant PersonTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PersonItem& person = m_people[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(person, index.column());
    case KeyRole:
        return QVariant::fromValue(qint64 { person.id });
    case DisabledRole:
        return person.disabled;
    case JoinedRole:
        return person.joined;
    default:
        return {};
    }
}

QVariant PersonTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Email:
        return tr("E-mail");
    case Roles:
        return tr("Roles");
    case State:
        return tr("State");
    default:
        return {};
    }
}

void PersonTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    // A reset, and not a new layout: the view finds its rows again by their key.
    beginResetModel();
    sortPeople();
    endResetModel();
}

void PersonTableModel::sortPeople()
{
    if (m_sortColumn < 0)
        return;
    std::stable_sort(
        m_people.begin(), m_people.end(),
        [this](const PersonItem& a, const PersonItem& b) {
            const int order
                = QString::localeAwareCompare(text(a, m_sortColumn), text(b, m_sortColumn));
            return m_sortOrder == Qt::AscendingOrder ? order < 0 : order > 0;
        }
    );
}

} // namespace quittance::models

#include "moc_person_table_model.cpp"
