#pragma once

#include "core/domain/query.h"
#include "models/paged_rows.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QLocale>

#include <optional>
#include <set>

namespace quittance::models {

/// Bills as rows, a page at a time: the rows that are looked at are asked for by `pageWanted` and
/// given by `setPage`. The first page is shown before it is known how many there are; `setTotals`
/// brings the others. The filter, the order and the sums belong to the store; nothing is sorted
/// here.
class BillTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Account, Period, Issued, Due, Total, Open, State, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< exact: minor units, days, text without locale
        KeyRole, ///< the bill's id
        StateRole, ///< ShownState as int
        CsvRole, ///< exact text: "12480.20", "2026-11-20"
        LoadingRole, ///< true for a row whose page is on its way
        ToneRole, ///< 1: bad (overdue), 2: muted, else 0
    };
    static constexpr int pageRows = 200;

    explicit BillTableModel(const QLocale& locale, QObject* parent = nullptr);

    /// The answer to a new question: replaces everything. `known`: what the whole answer came to
    /// when it was last counted; nothing where it never was.
    void reset(const BillPage& firstPage, const BillTotals& known, Date today);
    void setTotals(const BillTotals& totals);
    void setPage(const BillPage& page);
    void clear();
    [[nodiscard]] const BillSummary* billAt(int row) const; ///< nullptr while its page is not here
    [[nodiscard]] int rowOf(BillId bill) const; ///< among the pages that are here; -1
    /// Set where every bill has this currency (until the totals are known: every bill of the first
    /// page): it then stands in the header.
    [[nodiscard]] std::optional<Currency> currency() const { return m_currency; }
    [[nodiscard]] static BillColumn sortColumn(int column);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override; ///< asks by sortWanted
    /// By KeyRole it looks at the rows that are here alone.
    [[nodiscard]] QModelIndexList match(
        const QModelIndex& start, int role, const QVariant& value, int hits, Qt::MatchFlags flags
    ) const override;

Q_SIGNALS:
    void pageWanted(qint64 offset);
    void sortWanted(int column, Qt::SortOrder order);

private:
    [[nodiscard]] QString text(const BillSummary& bill, int column) const;
    [[nodiscard]] QVariant sortKey(const BillSummary& bill, int column) const;
    [[nodiscard]] QString csvText(const BillSummary& bill, int column) const;
    [[nodiscard]] QString money(Money money) const;
    void setCount(int count);
    void setCurrency(std::optional<Currency> currency);

    QLocale m_locale;
    Date m_today;
    PagedRows<BillSummary> m_bills;
    mutable std::set<qint64> m_asked; ///< pages on their way
    std::optional<Currency> m_currency;
};

} // namespace quittance::models
