#include "ui/widgets/cost_chart_data.h"

#include "models/cost_table_model.h"
#include "models/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace quittance::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(CostChart)
};

ColumnChartData::Category category(Date day, CostStep step, const QLocale& locale)
{
    switch (step) {
    case CostStep::Day:
        return { locale.toString(civil(day).day), weekdayText(day, locale) };
    case CostStep::Week:
        return { dateShort(day, locale, day), Texts::tr("Week of %1").arg(dateShort(day, locale)) };
    case CostStep::Month:
        return { monthShort(monthOf(day), locale), monthText(monthOf(day), locale) };
    }
    return {};
}

/// The series that have no colour of their own, summed.
ColumnChartData::Series other(const CostAnswer& answer)
{
    ColumnChartData::Series sum { Texts::tr("Other"), otherColour(),
                                  std::vector<qint64>(answer.steps.size()), false };
    for (std::size_t i = ownSeriesMax; i < answer.series.size(); ++i) {
        for (std::size_t step = 0; step < sum.values.size(); ++step)
            sum.values[step] += answer.series[i].amounts[step];
    }
    return sum;
}

ColumnChartData::Line comparison(const CostAnswer& answer, const QString& name)
{
    ColumnChartData::Line line { name, {} };
    line.values.assign(answer.previous.begin(), answer.previous.end());
    return line;
}

} // namespace

QString colourGroup(CostGroup split)
{
    return QString::number(static_cast<int>(split));
}

ColumnChartData costChartData(
    const CostAnswer& answer, CostGroup split, CostStep step, SeriesColours& colours,
    const QString& lineName, const QLocale& locale
)
{
    ColumnChartData data;
    data.exponent = answer.currency.exponent();
    data.unit = currencyText(answer.currency);
    for (const Date day : answer.steps)
        data.categories.push_back(category(day, step, locale));
    const std::size_t own = std::min(answer.series.size(), ownSeriesMax);
    QStringList names;
    for (std::size_t i = 0; i < own; ++i)
        names.append(models::CostTableModel::keyText(split, answer.series[i].key));
    const QString group = colourGroup(split);
    colours.learn(group, names);
    for (std::size_t i = 0; i < own; ++i) {
        const std::vector<std::int64_t>& amounts = answer.series[i].amounts;
        const QString name = names[static_cast<qsizetype>(i)];
        data.series.push_back(
            { name, colours.colourOf(group, name), { amounts.begin(), amounts.end() }, false }
        );
    }
    if (answer.series.size() > ownSeriesMax)
        data.series.push_back(other(answer));
    if (!lineName.isEmpty())
        data.comparison = comparison(answer, lineName);
    return data;
}

} // namespace quittance::ui
