#pragma once

#include "core/domain/query.h"
#include "core/domain/time.h"

#include <cstddef>
#include <utility>
#include <vector>

/// The steps of a cost chart and the period that it is compared with. Pure calendar arithmetic.
namespace quittance {

/// The first day of each step that touches first..last: days, weeks from Monday, months. The first
/// step begins at `first` itself, so that no step holds days outside the question.
[[nodiscard]] std::vector<Date> stepsOf(CostStep step, Date first, Date last);
/// Which of those steps `day` (>= first) belongs to.
[[nodiscard]] std::size_t stepIndex(CostStep step, Date first, Date day);
/// Which step a day of the period before is drawn at: months by month, else by its distance from
/// that period's start.
[[nodiscard]] std::size_t
alignedStep(CostStep step, Date first, Date previousFirst, Date previousDay);

/// The period to compare with. From a first of a month: the same days of as many months before (1
/// to 26 November with 1 to 26 October; a whole month with the whole month before, whatever its
/// length). Else as many days right before.
[[nodiscard]] std::pair<Date, Date> periodBefore(Date first, Date last);

} // namespace quittance
