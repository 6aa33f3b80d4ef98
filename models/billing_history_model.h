#pragma once

#include "core/domain/query.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QLocale>
#include <QtCore/QTimeZone>

#include <vector>

namespace quittance::models {

/// How an account came to be billed as it is: a row a version of its profile or its terms, the
/// newest first, with what it changed in words.
class BillingHistoryModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { ValidFrom, Part, Version, Change, ColumnCount };
    enum Role {
        KeyRole = Qt::UserRole, ///< "profile/3"
        CsvRole, ///< exact text
    };

    explicit BillingHistoryModel(const QLocale& locale, QObject* parent = nullptr);

    /// `zone`: the account's, in which it is shown from when a version is valid.
    void setDetails(const BillingDetails& details, const QTimeZone& zone);
    void clear();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        Instant validFrom;
        bool isProfile = true;
        std::int32_t version = 0;
        QString change;
    };
    void addProfiles(const std::vector<ProfileVersion>& versions);
    void addTerms(const BillingDetails& details);
    [[nodiscard]] QString text(const Row& row, int column) const;

    QLocale m_locale;
    QTimeZone m_zone;
    std::vector<Row> m_rows;
};

} // namespace quittance::models
