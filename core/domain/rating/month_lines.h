#pragma once

#include "core/domain/rating/rating.h"

#include <cstddef>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

/// The middle of rating: a month's use, collected, to lines. For rating.cpp.
namespace quittance {

/// A plan version and the days [first, end) of the month on which it is in force.
struct PlanSpan {
    const PricePlan* plan = nullptr;
    Date first;
    Date end;
};

struct Share {
    std::int64_t quantity = 0;
    std::int64_t events = 0;
};

/// The place of a cost: views into the caller's rows, which outlive the rating.
using Place = std::tuple<Date, std::string_view, std::string_view>; // day, project, resource
using MeterSku = std::pair<std::string_view, std::string_view>;

/// The use of one SKU and meter in one span.
struct SpanUse {
    std::map<Place, Share> shares;
};
using MonthUse = std::map<std::size_t, SpanUse>; // by span

/// The lines of the month with their costs, numbered; nothing is unpriced here. `use` has an entry
/// for every SKU and meter that has a minimum, too.
[[nodiscard]] Result<RatedUsage> rateLines(
    const RatingInput& input, std::span<const PlanSpan> spans,
    const std::map<MeterSku, MonthUse>& use
);

} // namespace quittance
