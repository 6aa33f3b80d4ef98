#include "core/domain/rating/rating.h"

#include <fmt/format.h>

#include <array>

namespace quittance {

namespace {

constexpr std::int64_t millionth = 1'000'000;
constexpr int percentDigits = 4; // millionths as percent
constexpr int meterDigitsMax = 9;
constexpr int amountDigitsShown = 9;
constexpr int quantityDigitsShown = 6;

Result<> refuse(const BillLine& line)
{
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "line {} (sku '{}') has a unit, digits or discount that no price has", line.number,
            line.sku
        )
    );
}

bool isMillionths(std::int64_t value)
{
    return value >= 0 && value <= millionth;
}

Result<> checkLine(const BillLine& line)
{
    if (line.per < 1 || line.quantityDigits < 0 || line.quantityDigits > meterDigitsMax
        || !isMillionths(line.discountMillionths))
        return refuse(line);
    return {};
}

ExactAmount nanos(Int128 value)
{
    return { value, powerOfTen(rateDigits) };
}

Result<ExactAmount> units(const BillLine& line, const PriceStep& step)
{
    return quotient(
        std::array<Int128, 2> { step.quantity, step.rate.nanos },
        std::array<Int128, 3> { powerOfTen(line.quantityDigits), line.per, powerOfTen(rateDigits) }
    );
}

Result<ExactAmount> timesRate(const PriceStep& step)
{
    return quotient(
        std::array<Int128, 2> { step.quantity, step.rate.nanos },
        std::array<Int128, 1> { powerOfTen(rateDigits) }
    );
}

Result<ExactAmount> lessPercent(const ExactAmount& before, std::int64_t millionths)
{
    return quotient(
        std::array<Int128, 2> { before.numerator, millionth - millionths },
        std::array<Int128, 2> { before.denominator, millionth }
    );
}

Result<ExactAmount> lessAmount(const ExactAmount& before, Rate amount)
{
    if (before.numerator <= 0)
        return before;
    QUITTANCE_TRY(const auto left, sum(before, nanos(-Int128 { amount.nanos })));
    return left.numerator < 0 ? ExactAmount {} : left;
}

Result<ExactAmount> atLeast(const ExactAmount& before, Rate amount)
{
    const ExactAmount minimum = nanos(amount.nanos);
    QUITTANCE_TRY(const bool isUnder, isLess(before, minimum));
    return isUnder ? minimum : before;
}

/// What the line would be without what was billed is a whole amount, as that was: so is what lies
/// between them.
Result<ExactAmount> lessBilled(const ExactAmount& before, Rate billed, int exponent)
{
    QUITTANCE_TRY(const Int128 whole, atDigits(before, exponent));
    return sum({ whole, powerOfTen(exponent) }, nanos(-Int128 { billed.nanos }));
}

Result<ExactAmount> plus(const ExactAmount& before, const Result<ExactAmount>& more)
{
    QUITTANCE_CHECK(more);
    return sum(before, *more);
}

/// What the sum of the steps before it, in currency units, becomes by a step.
Result<ExactAmount> after(const BillLine& line, const PriceStep& step, const ExactAmount& before)
{
    switch (step.kind) {
    case StepKind::Free:
        return before;
    case StepKind::Units:
        return plus(before, units(line, step));
    case StepKind::Packages:
    case StepKind::Flat:
        return plus(before, timesRate(step));
    case StepKind::PercentOff:
        if (!isMillionths(step.millionths))
            return failure(refuse(line).error());
        return lessPercent(before, step.millionths);
    case StepKind::AmountOff:
        return lessAmount(before, step.rate);
    case StepKind::Minimum:
        return atLeast(before, step.rate);
    case StepKind::Commitment:
        return sum(before, nanos(step.rate.nanos));
    case StepKind::Covered:
        return sum(before, nanos(-Int128 { step.rate.nanos }));
    case StepKind::Billed:
        return lessBilled(before, step.rate, line.amount.currency.exponent());
    }
    return before;
}

std::string soldText(const BillLine& line, std::int64_t quantity)
{
    return formatFixed(
        divideRoundedWide(
            Int128 { quantity } * powerOfTen(quantityDigitsShown),
            Int128 { line.per } * powerOfTen(line.quantityDigits), Rounding::HalfEven
        ),
        quantityDigitsShown, true
    );
}

bool isSoldExact(const BillLine& line, std::int64_t quantity)
{
    return Int128 { quantity } * powerOfTen(quantityDigitsShown)
        % (Int128 { line.per } * powerOfTen(line.quantityDigits))
        == 0;
}

/// All but the amount.
StepArithmetic shownStep(const BillLine& line, const PriceStep& step)
{
    StepArithmetic shown;
    shown.kind = step.kind;
    shown.tier = step.tier;
    shown.name = step.name;
    if (step.kind == StepKind::Free || step.kind == StepKind::Units) {
        shown.quantity = soldText(line, step.quantity);
        shown.quantityIsExact = isSoldExact(line, step.quantity);
    }
    if (step.kind == StepKind::Packages || step.kind == StepKind::Flat)
        shown.quantity = std::to_string(step.quantity);
    if (step.kind == StepKind::Packages)
        shown.size = std::to_string(step.size);
    if (step.kind == StepKind::PercentOff)
        shown.percent = formatFixed(step.millionths, percentDigits, true);
    else if (step.kind != StepKind::Free)
        shown.rate = toText(step.rate);
    return shown;
}

/// quantity / per * rate - discount, in 10^-exponent of currency units, of a line without steps.
Result<ExactAmount> plainAmount(const BillLine& line, int exponent)
{
    return quotient(
        std::array<Int128, 4> { line.quantity, line.rate.nanos, millionth - line.discountMillionths,
                                powerOfTen(exponent) },
        std::array<Int128, 4> { powerOfTen(line.quantityDigits), line.per, powerOfTen(rateDigits),
                                millionth }
    );
}

} // namespace

std::vector<PriceStep> stepsOf(const BillLine& line)
{
    if (!line.steps.empty())
        return line.steps;
    std::vector<PriceStep> steps(1);
    steps[0].quantity = line.quantity;
    steps[0].rate = line.rate;
    if (line.discountMillionths == 0)
        return steps;
    PriceStep discount;
    discount.kind = StepKind::PercentOff;
    discount.name = line.discountName;
    discount.millionths = line.discountMillionths;
    steps.push_back(std::move(discount));
    return steps;
}

Result<ExactAmount> exactAmount(const BillLine& line)
{
    QUITTANCE_CHECK(checkLine(line));
    if (line.steps.empty())
        return plainAmount(line, line.amount.currency.exponent());
    ExactAmount exact;
    for (const PriceStep& step : line.steps) {
        QUITTANCE_TRY(exact, after(line, step, exact));
    }
    return quotient(
        std::array<Int128, 2> { exact.numerator, powerOfTen(line.amount.currency.exponent()) },
        std::array<Int128, 1> { exact.denominator }
    );
}

Result<LineArithmetic> explain(const BillLine& line)
{
    QUITTANCE_CHECK(checkLine(line));
    const int exponent = line.amount.currency.exponent();
    const auto text
        = [&](Int128 value) { return formatTrimmed(value, amountDigitsShown, exponent); };
    LineArithmetic shown;
    // What is shown adds up as shown: each amount is the difference of two shown sums.
    ExactAmount exact;
    Int128 before = 0;
    std::vector<Int128> amounts;
    for (const PriceStep& step : stepsOf(line)) {
        QUITTANCE_TRY(exact, after(line, step, exact));
        QUITTANCE_TRY(const Int128 now, atDigits(exact, amountDigitsShown));
        amounts.push_back(now - before);
        shown.steps.push_back(shownStep(line, step));
        shown.steps.back().amount = text(amounts.back());
        before = now;
    }
    const Int128 amount = Int128 { line.amount.minor } * powerOfTen(amountDigitsShown - exponent);
    shown.meterQuantity = formatFixed(line.quantity, line.quantityDigits, true);
    shown.quantity = soldText(line, line.quantity);
    shown.quantityIsExact = isSoldExact(line, line.quantity);
    if (line.steps.empty()) {
        shown.rate = toText(line.rate);
        shown.gross = text(amounts.front());
        shown.discount = amounts.size() == 1 ? "" : text(-amounts.back());
    }
    shown.exact = text(before);
    shown.rounding = text(amount - before);
    shown.amount = amountText(line.amount);
    return shown;
}

} // namespace quittance
