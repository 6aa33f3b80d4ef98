#pragma once

#include <QtCore/QAbstractTableModel>
#include <QtCore/QString>
#include <QtWidgets/QTableView>

/// A bare table as Qt has it: the barest window that shows as many rows as the Bills page.
namespace quittance::peers {

class BareModel final : public QAbstractTableModel {
public:
    BareModel(int rows, int columns)
        : m_rows(rows)
        , m_columns(columns)
    {
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : m_rows;
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : m_columns;
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DisplayRole)
            return {};
        return QStringLiteral("%1 of %2").arg(index.column()).arg(index.row());
    }

private:
    int m_rows;
    int m_columns;
};

} // namespace quittance::peers
