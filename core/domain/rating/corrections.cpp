#include "core/domain/rating/corrections.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace quittance {

namespace {

/// What two lines of one month share if they are about the same use.
using LineKey = std::tuple<std::string_view, std::string_view, Instant>;
using Place = std::tuple<Date, std::string_view, std::string_view>;

LineKey keyOf(const BillLine& line)
{
    return { line.sku, line.meter, line.period.begin };
}

Place placeOf(const CostRow& cost)
{
    return { cost.day, cost.project, cost.resource };
}

bool isNothing(const CostRow& cost)
{
    return cost.quantity == 0 && cost.amountMinor == 0 && cost.events == 0;
}

enum class Sign : std::uint8_t { Plus, Minus };

Result<> addTo(std::int64_t& sum, std::int64_t value, Sign sign)
{
    QUITTANCE_TRY(
        sum, narrow(sign == Sign::Plus ? Int128 { sum } + value : Int128 { sum } - value)
    );
    return {};
}

/// One line that is summed up from several, with its costs by their places.
struct LineSum {
    BillLine line;
    std::map<Place, CostRow> costs;
};

Result<> addCost(LineSum& sum, const CostRow& cost, Sign sign)
{
    const auto [place, isNew] = sum.costs.try_emplace(placeOf(cost), cost);
    CostRow& row = place->second;
    if (isNew) {
        row.quantity = 0;
        row.amountMinor = 0;
        row.events = 0;
    }
    QUITTANCE_CHECK(addTo(row.quantity, cost.quantity, sign));
    QUITTANCE_CHECK(addTo(row.amountMinor, cost.amountMinor, sign));
    return addTo(row.events, cost.events, sign);
}

/// Costs stand in the order of their lines.
std::span<const CostRow> costsOf(std::span<const CostRow> costs, std::int32_t line)
{
    const auto begin = std::ranges::lower_bound(costs, line, {}, &CostRow::line);
    const auto end = std::ranges::upper_bound(costs, line, {}, &CostRow::line);
    return { begin, end };
}

Result<> addCosts(LineSum& sum, std::span<const CostRow> costs, Sign sign)
{
    for (const CostRow& cost : costs)
        QUITTANCE_CHECK(addCost(sum, cost, sign));
    return {};
}

Result<PriceStep> billedStep(const BillLine& billed, const CorrectedBill& corrects)
{
    const int digits = rateDigits - billed.amount.currency.exponent();
    PriceStep step;
    step.kind = StepKind::Billed;
    step.name = corrects.number;
    QUITTANCE_TRY(step.rate.nanos, narrow(Int128 { billed.amount.minor } * powerOfTen(digits)));
    return step;
}

/// The line of a month less what was billed of it; either may be lacking.
Result<LineSum> difference(
    const RatedUsage& again, const BillLine* now, const RatedUsage& billed, const BillLine* before,
    const CorrectedBill& corrects
)
{
    LineSum sum;
    BillLine& line = sum.line;
    line = now != nullptr ? *now : *before;
    line.steps = now != nullptr ? stepsOf(*now) : std::vector<PriceStep> {};
    line.rate = {};
    line.discountMillionths = 0;
    line.discountName.clear();
    line.corrects = corrects;
    if (now == nullptr) {
        line.quantity = 0;
        line.amount.minor = 0;
    } else {
        QUITTANCE_CHECK(addCosts(sum, costsOf(again.costs, now->number), Sign::Plus));
    }
    PriceStep step;
    step.kind = StepKind::Billed;
    step.name = corrects.number;
    if (before != nullptr) {
        QUITTANCE_CHECK(addTo(line.quantity, before->quantity, Sign::Minus));
        QUITTANCE_TRY(line.amount, subtract(line.amount, before->amount));
        QUITTANCE_CHECK(addCosts(sum, costsOf(billed.costs, before->number), Sign::Minus));
        QUITTANCE_TRY(step, billedStep(*before, corrects));
    }
    line.steps.push_back(std::move(step));
    return sum;
}

/// Numbers a line and puts it with its costs behind the others; nothing where it changes nothing.
Result<> append(RatedUsage& result, LineSum sum)
{
    std::erase_if(sum.costs, [](const auto& entry) { return isNothing(entry.second); });
    if (sum.costs.empty() && sum.line.quantity == 0 && sum.line.amount.minor == 0)
        return {};
    QUITTANCE_TRY(result.net, add(result.net, sum.line.amount));
    sum.line.number = static_cast<std::int32_t>(result.lines.size() + 1);
    for (auto& [place, cost] : sum.costs) {
        cost.line = sum.line.number;
        result.costs.push_back(cost);
    }
    result.lines.push_back(std::move(sum.line));
    return {};
}

std::map<LineKey, const BillLine*> byKey(const RatedUsage& rated)
{
    std::map<LineKey, const BillLine*> lines;
    for (const BillLine& line : rated.lines)
        lines[keyOf(line)] = &line;
    return lines;
}

} // namespace

Result<>
addBilled(RatedUsage& billed, std::span<const BillLine> lines, std::span<const CostRow> costs)
{
    RatedUsage sum;
    sum.net = billed.net;
    std::map<LineKey, LineSum> sums;
    for (const BillLine& line : billed.lines) {
        LineSum& one = sums[keyOf(line)];
        one.line = line;
        QUITTANCE_CHECK(addCosts(one, costsOf(billed.costs, line.number), Sign::Plus));
    }
    for (const BillLine& line : lines) {
        const auto [place, isNew] = sums.try_emplace(keyOf(line));
        LineSum& one = place->second;
        const BillLine before = one.line;
        one.line = line;
        if (!isNew) {
            QUITTANCE_CHECK(addTo(one.line.quantity, before.quantity, Sign::Plus));
            QUITTANCE_TRY(one.line.amount, add(line.amount, before.amount));
        }
        QUITTANCE_CHECK(addCosts(one, costsOf(costs, line.number), Sign::Plus));
    }
    sum.net.minor = 0;
    for (auto& [key, one] : sums)
        QUITTANCE_CHECK(append(sum, std::move(one)));
    billed = std::move(sum);
    return {};
}

Result<RatedUsage>
correctionOf(const RatedUsage& billed, const RatedUsage& again, const CorrectedBill& corrects)
{
    RatedUsage result;
    result.net = { 0, again.net.currency };
    auto before = byKey(billed);
    for (const BillLine& line : again.lines) {
        const auto found = before.find(keyOf(line));
        const BillLine* const was = found == before.end() ? nullptr : found->second;
        QUITTANCE_TRY(LineSum sum, difference(again, &line, billed, was, corrects));
        QUITTANCE_CHECK(append(result, std::move(sum)));
        if (found != before.end())
            before.erase(found);
    }
    for (const auto& [key, line] : before) {
        QUITTANCE_TRY(LineSum sum, difference(again, nullptr, billed, line, corrects));
        QUITTANCE_CHECK(append(result, std::move(sum)));
    }
    return result;
}

} // namespace quittance
