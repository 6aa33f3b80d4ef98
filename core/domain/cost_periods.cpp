#include "core/domain/cost_periods.h"

#include <algorithm>

namespace quittance {

namespace {

constexpr int daysPerWeek = 7;

Date lastDayOf(Month month)
{
    return Date { firstDay(next(month)).days - 1 };
}

Date startOfStep(CostStep step, Date day)
{
    switch (step) {
    case CostStep::Day:
        return day;
    case CostStep::Week:
        return mondayOf(day);
    case CostStep::Month:
        return firstDay(monthOf(day));
    }
    return day;
}

Date startOfNextStep(CostStep step, Date day)
{
    switch (step) {
    case CostStep::Day:
        return Date { day.days + 1 };
    case CostStep::Week:
        return Date { mondayOf(day).days + daysPerWeek };
    case CostStep::Month:
        return firstDay(next(monthOf(day)));
    }
    return day;
}

} // namespace

std::vector<Date> stepsOf(CostStep step, Date first, Date last)
{
    std::vector<Date> steps;
    for (Date day = first; day <= last; day = startOfNextStep(step, day))
        steps.push_back(day);
    return steps;
}

std::size_t stepIndex(CostStep step, Date first, Date day)
{
    if (step == CostStep::Month)
        return static_cast<std::size_t>(monthOf(day).index - monthOf(first).index);
    const auto days = startOfStep(step, day).days - startOfStep(step, first).days;
    return static_cast<std::size_t>(step == CostStep::Week ? days / daysPerWeek : days);
}

std::size_t alignedStep(CostStep step, Date first, Date previousFirst, Date previousDay)
{
    if (step == CostStep::Month)
        return stepIndex(step, previousFirst, previousDay);
    return stepIndex(step, first, Date { first.days + previousDay.days - previousFirst.days });
}

std::pair<Date, Date> periodBefore(Date first, Date last)
{
    if (civil(first).day != 1) {
        const std::int32_t length = last.days - first.days + 1;
        return { Date { first.days - length }, Date { first.days - 1 } };
    }
    const int months = monthOf(last).index - monthOf(first).index + 1;
    const Date previousFirst = firstDay(next(monthOf(first), -months));
    if (last == lastDayOf(monthOf(last)))
        return { previousFirst, Date { first.days - 1 } };
    const Month lastMonth = next(monthOf(last), -months);
    const Date sameDay { firstDay(lastMonth).days + civil(last).day - 1 };
    return { previousFirst, std::min(sameDay, lastDayOf(lastMonth)) };
}

} // namespace quittance
