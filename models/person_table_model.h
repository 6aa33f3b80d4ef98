#pragma once

#include "core/domain/query.h"

#include <QtCore/QAbstractTableModel>

#include <map>
#include <vector>

namespace quittance::models {

/// Everyone who can sign in, with their roles in words.
class PersonTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Email, Roles, State, ColumnCount };
    enum Role { KeyRole = Qt::UserRole, DisabledRole, JoinedRole };

    explicit PersonTableModel(QObject* parent = nullptr);

    /// `accounts`: names for the accounts that roles are limited to.
    void setPeople(std::vector<PersonItem> people, std::map<AccountId, QString> accounts);
    [[nodiscard]] const PersonItem* personAt(int row) const;
    [[nodiscard]] static QString roleText(quittance::Role role); ///< "Finance"

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] QString text(const PersonItem& person, int column) const;
    [[nodiscard]] QString rolesText(const PersonItem& person) const;
    void sortPeople();

    std::vector<PersonItem> m_people;
    std::map<AccountId, QString> m_accounts;
    int m_sortColumn = -1; ///< none: as they came, by name
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace quittance::models
