#pragma once

#include "core/domain/bill.h"
#include "core/domain/query.h"
#include "models/paged_rows.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QLocale>
#include <QtCore/QTimeZone>

#include <set>

namespace quittance::models {

/// The usage events behind one bill line, a page at a time, as BillTableModel does it.
class LineEventModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Start, End, Resource, Project, Id, Quantity, Share, ColumnCount };
    enum Role { KeyRole = Qt::UserRole, CsvRole, LoadingRole };
    static constexpr int pageRows = 500;

    explicit LineEventModel(const QLocale& locale, QObject* parent = nullptr);

    /// `zone`: the account's, in which start and end are shown.
    void reset(const LineEventPage& firstPage, const BillLine& line, const QTimeZone& zone);
    void setPage(qint64 offset, const LineEventPage& page);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;
    /// By KeyRole it looks at the rows that are here alone.
    [[nodiscard]] QModelIndexList match(
        const QModelIndex& start, int role, const QVariant& value, int hits, Qt::MatchFlags flags
    ) const override;

Q_SIGNALS:
    void pageWanted(qint64 offset);

private:
    [[nodiscard]] static QString keyOf(const LineEvent& event);
    [[nodiscard]] QString text(const LineEvent& event, int column) const;
    [[nodiscard]] QString csvText(const LineEvent& event, int column) const;

    QLocale m_locale;
    QTimeZone m_zone;
    QString m_unit;
    int m_digits = 0;
    PagedRows<LineEvent> m_events;
    mutable std::set<qint64> m_asked;
};

} // namespace quittance::models
