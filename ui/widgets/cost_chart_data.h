#pragma once

#include "core/domain/query.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/theme.h"

#include <QLocale>

namespace quittance::ui {

/// So many series, the largest, have a colour of their own; the rest is "Other".
constexpr std::size_t ownSeriesMax = 7;

/// The name of a split's list of colours.
[[nodiscard]] QString colourGroup(CostGroup split);

/// A cost answer as a chart: at most ownSeriesMax series and "Other", the period before as a line.
/// `lineName`: what the line is called in the legend.
[[nodiscard]] ColumnChartData costChartData(
    const CostAnswer& answer, CostGroup split, CostStep step, SeriesColours& colours,
    const QString& lineName, const QLocale& locale
);

} // namespace quittance::ui
