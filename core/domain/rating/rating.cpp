#include "core/domain/rating/rating.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace quittance {

namespace {

constexpr std::int64_t millionth = 1'000'000;
constexpr int meterDigitsMax = 9;
constexpr int amountDigitsShown = 9;
constexpr int quantityDigitsShown = 6;

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
using LineKey = std::tuple<std::size_t, std::string_view, std::string_view>; // span, meter, sku

struct LineDraft {
    Int128 quantity = 0;
    std::map<Place, Share> shares;
};

struct RatedLine {
    BillLine line;
    std::vector<CostRow> costs;
};

std::vector<PlanSpan> spansOf(const RatingInput& input)
{
    std::vector<const PricePlan*> versions;
    versions.reserve(input.versions.size());
    for (const auto& version : input.versions)
        versions.push_back(&version);
    std::ranges::sort(versions, [](const PricePlan* a, const PricePlan* b) {
        return std::tie(a->effective, a->version) < std::tie(b->effective, b->version);
    });
    const Date first = firstDay(input.month);
    const Date end = firstDay(next(input.month));
    std::vector<PlanSpan> spans;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const Date from = std::max(first, versions[i]->effective);
        const Date to = i + 1 < versions.size() ? std::min(end, versions[i + 1]->effective) : end;
        // Empty for versions of other months, and for one that another replaces on its own first
        // day.
        if (from < to)
            spans.push_back({ versions[i], from, to });
    }
    return spans;
}

std::optional<std::size_t> spanAt(std::span<const PlanSpan> spans, Date day)
{
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (spans[i].first <= day && day < spans[i].end)
            return i;
    }
    return std::nullopt;
}

Result<> addTo(std::int64_t& sum, std::int64_t value, const UsageRow& row)
{
    if (__builtin_add_overflow(sum, value, &sum))
        return failure(
            ErrorCode::Overflow,
            fmt::format("the use of meter '{}', sku '{}' leaves 64 bits", row.meter, row.sku)
        );
    return {};
}

Result<> addRow(LineDraft& draft, const UsageRow& row)
{
    auto& share = draft.shares[Place { row.day, row.project, row.resource }];
    QUITTANCE_CHECK(addTo(share.quantity, row.quantity, row));
    draft.quantity += row.quantity;
    return addTo(share.events, row.events, row);
}

/// Collects rows by line, and apart from them the rows that nothing prices.
class Collector {
public:
    Collector(const RatingInput& input, std::span<const PlanSpan> spans)
        : m_spans(spans)
        , m_first(firstDay(input.month))
        , m_end(firstDay(next(input.month)))
    {
    }

    [[nodiscard]] Result<> add(const UsageRow& row)
    {
        if (row.day < m_first || m_end <= row.day)
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("use on {} is not of the month that is rated", toText(row.day))
            );
        const auto span = spanAt(m_spans, row.day);
        if (!span)
            return addUnpriced(row);
        const LineKey key { *span, row.meter, row.sku };
        auto place = m_lines.find(key);
        if (place == m_lines.end()) {
            if (findPrice(*m_spans[*span].plan, row.sku, row.meter) == nullptr)
                return addUnpriced(row);
            place = m_lines.try_emplace(key).first;
        }
        return addRow(place->second, row);
    }

    [[nodiscard]] const std::map<LineKey, LineDraft>& lines() const { return m_lines; }

    [[nodiscard]] std::vector<UnpricedUsage> unpriced() const
    {
        std::vector<UnpricedUsage> list;
        list.reserve(m_unpriced.size());
        for (const auto& [key, use] : m_unpriced)
            list.push_back(use);
        return list;
    }

private:
    [[nodiscard]] Result<> addUnpriced(const UsageRow& row)
    {
        auto [place, isNew] = m_unpriced.try_emplace(
            { row.meter, row.sku }, UnpricedUsage { row.meter, row.sku, 0, 0, row.day }
        );
        auto& use = place->second;
        use.firstDay = std::min(use.firstDay, row.day);
        QUITTANCE_CHECK(addTo(use.quantity, row.quantity, row));
        return addTo(use.events, row.events, row);
    }

    std::span<const PlanSpan> m_spans;
    Date m_first;
    Date m_end;
    std::map<LineKey, LineDraft> m_lines;
    std::map<std::pair<std::string_view, std::string_view>, UnpricedUsage> m_unpriced;
};

Result<Meter> findMeter(std::span<const Meter> meters, std::string_view name)
{
    const auto found = std::ranges::find(meters, name, &Meter::name);
    if (found == meters.end())
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("the plan prices meter '{}', which does not exist", name)
        );
    return *found;
}

Result<std::int64_t> amountOf(const BillLine& line)
{
    QUITTANCE_TRY(const auto exact, exactAmount(line));
    QUITTANCE_TRY(
        const auto minor, divideRounded(exact.numerator, exact.denominator, Rounding::HalfEven)
    );
    if (minor == std::numeric_limits<std::int64_t>::min())
        return failure(
            ErrorCode::Overflow, fmt::format("the amount of sku '{}' leaves 64 bits", line.sku)
        );
    return minor;
}

Result<BillLine>
makeLine(const RatingInput& input, const PlanSpan& span, const LineKey& key, Int128 quantity)
{
    const auto [index, meterName, sku] = key;
    QUITTANCE_TRY(const auto meter, findMeter(input.meters, meterName));
    const auto& price = *findPrice(*span.plan, sku, meterName);
    BillLine line;
    line.sku = sku;
    line.meter = meterName;
    line.service = price.service;
    line.name = price.name;
    line.period = { input.zone.startOf(span.first), input.zone.startOf(span.end) };
    QUITTANCE_TRY(line.quantity, narrow(quantity));
    line.quantityDigits = meter.digits;
    line.meterUnit = meter.unit;
    line.unit = price.unit;
    line.per = price.per;
    line.rate = price.rate;
    line.discountMillionths = price.discountMillionths;
    line.discountName = price.discountName;
    line.plan = span.plan->code;
    line.planVersion = span.plan->version;
    line.tax = input.tax;
    line.amount.currency = input.currency;
    QUITTANCE_TRY(line.amount.minor, amountOf(line));
    return line;
}

/// Splits `minor` over the rows that `isIn` picks, by the magnitude of their quantities.
template <class Predicate>
void splitOver(std::vector<CostRow>& rows, std::int64_t minor, Predicate isIn)
{
    std::vector<CostRow*> picked;
    std::vector<std::int64_t> weights;
    for (auto& row : rows) {
        if (!isIn(row.quantity))
            continue;
        picked.push_back(&row);
        // The magnitude of the lowest number needs one bit more than there is; one unit less
        // changes no share by a cent.
        constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
        weights.push_back(row.quantity == lowest ? -(lowest + 1) : std::abs(row.quantity));
    }
    if (picked.empty())
        return;
    const auto parts = splitByLargestRemainder(minor, weights);
    for (std::size_t i = 0; i < parts.size(); ++i)
        picked[i]->amountMinor = parts[i];
}

/// Use and corrections of it are split apart: use gets the rounding of its own exact amount,
/// corrections the rest. Shares of one common total would not do: where the two nearly cancel, they
/// would be many times what was used.
Result<> splitAmount(const BillLine& line, std::vector<CostRow>& rows)
{
    const auto isUse = [](std::int64_t quantity) { return quantity > 0; };
    const auto isCorrection = [](std::int64_t quantity) { return quantity < 0; };
    Int128 used = 0;
    for (const auto& row : rows)
        used += isUse(row.quantity) ? row.quantity : 0;
    BillLine use = line;
    QUITTANCE_TRY(use.quantity, narrow(used));
    QUITTANCE_TRY(const auto useMinor, amountOf(use));
    QUITTANCE_TRY(const auto correctionMinor, narrow(Int128 { line.amount.minor } - useMinor));
    splitOver(rows, useMinor, isUse);
    splitOver(rows, correctionMinor, isCorrection);
    return {};
}

Result<RatedLine>
rateLine(const RatingInput& input, const PlanSpan& span, const LineKey& key, const LineDraft& draft)
{
    RatedLine rated;
    QUITTANCE_TRY(rated.line, makeLine(input, span, key, draft.quantity));
    rated.costs.reserve(draft.shares.size());
    for (const auto& [place, share] : draft.shares) {
        const auto [day, project, resource] = place;
        rated.costs.push_back(CostRow { 0, day, std::string(project), std::string(resource),
                                        share.quantity, 0, share.events });
    }
    QUITTANCE_CHECK(splitAmount(rated.line, rated.costs));
    return rated;
}

Result<> checkCurrencies(const RatingInput& input, std::span<const PlanSpan> spans)
{
    for (const auto& span : spans) {
        if (span.plan->currency != input.currency)
            return failure(
                ErrorCode::CurrencyMismatch,
                fmt::format(
                    "plan '{}' version {} is in {}, the account in {}", span.plan->code,
                    span.plan->version, span.plan->currency.code(), input.currency.code()
                )
            );
    }
    return {};
}

/// Numbers the lines in their order and puts all together.
Result<RatedUsage> assemble(std::vector<RatedLine> rated, Currency currency)
{
    std::ranges::sort(rated, [](const RatedLine& a, const RatedLine& b) {
        const auto key = [](const BillLine& line) {
            return std::tie(line.service, line.name, line.sku, line.meter, line.planVersion);
        };
        return key(a.line) < key(b.line);
    });
    RatedUsage result;
    result.net = Money { 0, currency };
    result.lines.reserve(rated.size());
    for (auto& [line, costs] : rated) {
        QUITTANCE_TRY(result.net, add(result.net, line.amount));
        line.number = static_cast<std::int32_t>(result.lines.size() + 1);
        for (auto& cost : costs) {
            cost.line = line.number;
            result.costs.push_back(std::move(cost));
        }
        result.lines.push_back(std::move(line));
    }
    return result;
}

Int128 greatestCommonDivisor(Int128 a, Int128 b)
{
    while (b != 0)
        a = std::exchange(b, a % b);
    return a < 0 ? -a : a;
}

/// The product of the numerators over that of the denominators. Common factors go first: they are
/// what would leave 128 bits (an hour of 3600 s, powers of ten) although the amount is small.
template <std::size_t over, std::size_t under>
Result<ExactAmount>
quotient(std::array<Int128, over> numerators, std::array<Int128, under> denominators)
{
    for (auto& numerator : numerators) {
        for (auto& denominator : denominators) {
            const Int128 common = greatestCommonDivisor(numerator, denominator);
            numerator /= common;
            denominator /= common;
        }
    }
    ExactAmount result { 1, 1 };
    for (const Int128 numerator : numerators) {
        QUITTANCE_TRY(result.numerator, multiply(result.numerator, numerator));
    }
    for (const Int128 denominator : denominators) {
        QUITTANCE_TRY(result.denominator, multiply(result.denominator, denominator));
    }
    return result;
}

Result<> checkLine(const BillLine& line)
{
    if (line.per < 1 || line.quantityDigits < 0 || line.quantityDigits > meterDigitsMax
        || line.discountMillionths < 0 || line.discountMillionths > millionth)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "line {} (sku '{}') has a unit, digits or discount that no price has", line.number,
                line.sku
            )
        );
    return {};
}

/// quantity / per * rate * `parts` / 1'000'000, in currency units.
Result<ExactAmount> partOfGross(const BillLine& line, std::int64_t partMillionths, int exponent)
{
    QUITTANCE_CHECK(checkLine(line));
    return quotient(
        std::array<Int128, 4> { line.quantity, line.rate.nanos, partMillionths,
                                powerOfTen(exponent) },
        std::array<Int128, 4> { powerOfTen(line.quantityDigits), line.per, powerOfTen(rateDigits),
                                millionth }
    );
}

/// A fraction of currency units to `digits` decimals.
Result<Int128> atDigits(const ExactAmount& exact, int digits)
{
    const Int128 scale = powerOfTen(digits);
    const Int128 common = greatestCommonDivisor(scale, exact.denominator);
    QUITTANCE_TRY(const auto scaled, multiply(exact.numerator, scale / common));
    return divideRoundedWide(scaled, exact.denominator / common, Rounding::HalfEven);
}

} // namespace

Result<RatedUsage> rateUsage(const RatingInput& input)
{
    const auto spans = spansOf(input);
    QUITTANCE_CHECK(checkCurrencies(input, spans));
    Collector collector(input, spans);
    for (const auto& row : input.usage)
        QUITTANCE_CHECK(collector.add(row));
    std::vector<RatedLine> rated;
    for (const auto& [key, draft] : collector.lines()) {
        if (draft.quantity == 0)
            continue;
        QUITTANCE_TRY(auto line, rateLine(input, spans[std::get<0>(key)], key, draft));
        rated.push_back(std::move(line));
    }
    QUITTANCE_TRY(auto result, assemble(std::move(rated), input.currency));
    result.unpriced = collector.unpriced();
    return result;
}

Result<ExactAmount> exactAmount(const BillLine& line)
{
    return partOfGross(line, millionth - line.discountMillionths, line.amount.currency.exponent());
}

Result<LineArithmetic> explain(const BillLine& line)
{
    const int exponent = line.amount.currency.exponent();
    const auto text
        = [&](Int128 value) { return formatTrimmed(value, amountDigitsShown, exponent); };
    QUITTANCE_TRY(const auto grossExact, partOfGross(line, millionth, 0));
    QUITTANCE_TRY(const auto netExact, partOfGross(line, millionth - line.discountMillionths, 0));
    QUITTANCE_TRY(const Int128 gross, atDigits(grossExact, amountDigitsShown));
    QUITTANCE_TRY(const Int128 exact, atDigits(netExact, amountDigitsShown));
    const Int128 amount = Int128 { line.amount.minor } * powerOfTen(amountDigitsShown - exponent);
    const Int128 sold = Int128 { line.quantity } * powerOfTen(quantityDigitsShown);
    const Int128 unitsPerSold = Int128 { line.per } * powerOfTen(line.quantityDigits);

    LineArithmetic steps;
    steps.meterQuantity = formatFixed(line.quantity, line.quantityDigits, true);
    steps.quantity = formatFixed(
        divideRoundedWide(sold, unitsPerSold, Rounding::HalfEven), quantityDigitsShown, true
    );
    steps.quantityIsExact = sold % unitsPerSold == 0;
    steps.rate = toText(line.rate);
    // What is shown adds up as shown: the discount and the rounding are differences of the shown
    // steps.
    steps.gross = text(gross);
    steps.discount = line.discountMillionths == 0 ? "" : text(gross - exact);
    steps.exact = text(exact);
    steps.rounding = text(amount - exact);
    steps.amount = amountText(line.amount);
    return steps;
}

Result<std::vector<TaxTotal>>
totalTaxes(std::span<const BillLine> lines, Currency currency, Rounding rounding)
{
    std::map<TaxRate, Money> nets;
    for (const auto& line : lines) {
        auto& net = nets.try_emplace(line.tax, Money { 0, currency }).first->second;
        QUITTANCE_TRY(net, add(net, line.amount));
    }
    std::vector<TaxTotal> totals;
    totals.reserve(nets.size());
    for (const auto& [tax, net] : nets) {
        QUITTANCE_TRY(
            const auto minor,
            divideRounded(Int128 { net.minor } * tax.millionths, millionth, rounding)
        );
        totals.push_back({ tax, net, Money { minor, currency } });
    }
    return totals;
}

} // namespace quittance
