#pragma once

#include "core/domain/money.h"
#include "core/domain/time.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <string>

/// What a model shows, as a person would read it.
namespace quittance::testing {

inline Money money(std::int64_t minor, const std::string& currency = "USD")
{
    return Money { minor, Currency::find(currency).value() };
}

inline Date day(const std::string& text)
{
    return parseDate(text).value();
}

inline Instant at(const std::string& text)
{
    return parseInstant(text).value();
}

inline Month month(const std::string& text)
{
    return parseMonth(text).value();
}

/// "NL-1 | Acme | Nov 2023"
inline QString rowText(const QAbstractItemModel& model, int row, int role = Qt::DisplayRole)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells.append(model.index(row, column).data(role).toString());
    return cells.join(QStringLiteral(" | "));
}

inline QStringList rowTexts(const QAbstractItemModel& model, int role = Qt::DisplayRole)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows.append(rowText(model, row, role));
    return rows;
}

/// One column from top to bottom: "3 1 2".
inline QString columnText(const QAbstractItemModel& model, int column)
{
    QStringList cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells.append(model.index(row, column).data().toString());
    return cells.join(QLatin1Char(' '));
}

inline QString headerText(const QAbstractItemModel& model)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells.append(model.headerData(column, Qt::Horizontal).toString());
    return cells.join(QStringLiteral(" | "));
}

/// The columns that stand at the right: "Due Total".
inline QString rightAligned(const QAbstractItemModel& model)
{
    QStringList names;
    for (int column = 0; column < model.columnCount(); ++column) {
        const QVariant header = model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole);
        const QVariant cell = model.index(0, column).data(Qt::TextAlignmentRole);
        if (header != cell)
            return QStringLiteral("header and cells differ");
        if (header.value<Qt::Alignment>().testFlag(Qt::AlignRight))
            names.append(model.headerData(column, Qt::Horizontal).toString());
    }
    return names.join(QStringLiteral(", "));
}

} // namespace quittance::testing
