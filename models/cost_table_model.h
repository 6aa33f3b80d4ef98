#pragma once

#include "core/domain/query.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QLocale>

#include <vector>

namespace quittance::models {

/// A cost answer as rows: one a series, in the order asked for (at first the largest above), and a
/// row of totals. The chart beside shows
/// the same answer, so the two always agree.
class CostTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Trend, Share, Amount, Previous, Change, ChangePercent, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole,
        KeyRole, ///< the value of the split; invalid for the totals
        TrendRole, ///< QList<qint64>: minor units, one a step
        ShareRole, ///< double 0..1
        CsvRole, ///< exact text
        TotalRole, ///< true for the row of totals
        RankRole, ///< int: which of the answer's series it is, the largest 0; invalid for the
                  ///< totals
    };

    explicit CostTableModel(const QLocale& locale, QObject* parent = nullptr);

    void setAnswer(const CostAnswer& answer, CostGroup split);
    [[nodiscard]] const CostAnswer& answer() const { return m_answer; }
    [[nodiscard]] static QString groupText(CostGroup group); ///< "Service"
    /// What stands for a value that usage does not name: "No project".
    [[nodiscard]] static QString keyText(CostGroup group, const std::string& key);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    struct Row {
        CostSeries series;
        bool isTotal = false;
        int rank = 0;
    };
    void sortRows();
    [[nodiscard]] QString text(const Row& row, int column) const;
    [[nodiscard]] QString csvText(const Row& row, int column) const;
    [[nodiscard]] QVariant sortKey(const Row& row, int column) const;
    [[nodiscard]] Money money(std::int64_t minor) const { return { minor, m_answer.currency }; }
    [[nodiscard]] double share(const Row& row) const;

    QLocale m_locale;
    CostAnswer m_answer;
    CostGroup m_split = CostGroup::Service;
    std::vector<Row> m_rows; ///< the totals last
    int m_sortColumn = Amount;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace quittance::models
