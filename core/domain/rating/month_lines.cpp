#include "core/domain/rating/month_lines.h"

#include "core/domain/rating/price_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace quittance {

namespace {

constexpr std::string_view anySku = "*";

/// A line that is being priced, with what it needs until all lines are known.
struct LineDraft {
    BillLine line;
    std::vector<CostRow> costs;
    std::size_t span = 0;
    Date first; ///< its days
    Date end;
    const Price* price = nullptr; ///< none for what a commitment lacks
    std::vector<PriceStep> steps;
    std::int64_t correctionMinor = 0; ///< of the amount, what negative rows take back
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

/// Use and corrections of it are split apart: corrections take back what they made the line cheaper
/// by, use gets the rest. Shares of one common total would not do: where the two nearly cancel,
/// they would be many times what was used.
Result<> splitAmount(LineDraft& draft)
{
    auto& rows = draft.costs;
    const auto isUse = [](std::int64_t quantity) { return quantity > 0; };
    const auto isCorrection = [](std::int64_t quantity) { return quantity < 0; };
    const auto has = [&](auto isIn) { return std::ranges::any_of(rows, isIn, &CostRow::quantity); };
    const std::int64_t minor = draft.line.amount.minor;
    if (!has(isUse) && !has(isCorrection)) {
        // What no use makes stands on the last of its days.
        rows.push_back({ 0, Date { draft.end.days - 1 }, "", "", 0, minor, 0 });
        return {};
    }
    const std::int64_t correction = has(isUse) ? draft.correctionMinor : minor;
    QUITTANCE_TRY(const auto use, narrow(Int128 { minor } - correction));
    splitOver(rows, use, isUse);
    splitOver(rows, correction, isCorrection);
    return {};
}

/// The order in which lines are numbered, and in which they take from amounts off.
bool isBefore(const LineDraft& a, const LineDraft& b)
{
    const auto key = [](const BillLine& line) {
        return std::tie(
            line.service, line.name, line.sku, line.meter, line.planVersion, line.period.begin
        );
    };
    return key(a.line) < key(b.line);
}

/// What days [first, end) of the month have of an amount a month. Cumulative and rounded down, so
/// that days that tile the month sum to the whole amount.
Int128 shareOf(Rate amount, Month month, Date first, Date end)
{
    const Date begin = firstDay(month);
    const Int128 days = firstDay(next(month)).days - begin.days;
    const auto until = [&](Date day) {
        return divideRoundedWide(
            Int128 { amount.nanos } * (day.days - begin.days), days, Rounding::Down
        );
    };
    return first < end ? until(end) - until(first) : 0;
}

bool holdsOn(const Discount& discount, Date day)
{
    return (!discount.from || *discount.from <= day) && (!discount.until || day < *discount.until);
}

/// One rate and at most one percentage need no steps: the line says them itself.
void setSteps(LineDraft& draft)
{
    const auto& steps = draft.steps;
    const bool isPlain = !steps.empty() && steps.size() <= 2 && steps[0].kind == StepKind::Units
        && steps[0].tier == 0 && steps[0].quantity == draft.line.quantity
        && (steps.size() == 1 || steps[1].kind == StepKind::PercentOff);
    BillLine& line = draft.line;
    line.steps = isPlain ? std::vector<PriceStep> {} : steps;
    line.rate = isPlain ? steps[0].rate : Rate {};
    const bool hasPercent = isPlain && steps.size() == 2;
    line.discountMillionths = hasPercent ? steps[1].millionths : 0;
    line.discountName = hasPercent ? steps[1].name : isPlain ? draft.price->discountName : "";
}

void addPercent(std::vector<PriceStep>& steps, std::string_view name, std::int64_t millionths)
{
    if (millionths == 0)
        return;
    PriceStep step;
    step.kind = StepKind::PercentOff;
    step.name = name;
    step.millionths = millionths;
    steps.push_back(std::move(step));
}

PriceStep amountStep(StepKind kind, std::int64_t nanos, std::string name = {})
{
    PriceStep step;
    step.kind = kind;
    step.name = std::move(name);
    step.rate = Rate { nanos };
    return step;
}

/// The month's lines, priced one after the other and then against each other.
class Rater {
public:
    Rater(const RatingInput& input, std::span<const PlanSpan> spans)
        : m_input(input)
        , m_spans(spans)
        , m_minorNanos(powerOfTen(rateDigits - input.currency.exponent()))
    {
    }

    Result<> rate(const std::map<MeterSku, MonthUse>& use)
    {
        for (const auto& [key, month] : use)
            QUITTANCE_CHECK(addLines(key, month));
        std::ranges::sort(m_lines, isBefore);
        QUITTANCE_CHECK(takeAmountsOff());
        for (const auto& [key, month] : use)
            QUITTANCE_CHECK(topUp(key));
        QUITTANCE_CHECK(addCommitments());
        std::ranges::sort(m_lines, isBefore);
        return {};
    }

    /// Numbers the lines in their order and puts all together.
    Result<RatedUsage> take()
    {
        RatedUsage result;
        result.net = Money { 0, m_input.currency };
        result.lines.reserve(m_lines.size());
        for (LineDraft& draft : m_lines) {
            QUITTANCE_CHECK(splitAmount(draft));
            QUITTANCE_TRY(result.net, add(result.net, draft.line.amount));
            draft.line.number = static_cast<std::int32_t>(result.lines.size() + 1);
            for (auto& cost : draft.costs) {
                cost.line = draft.line.number;
                result.costs.push_back(std::move(cost));
            }
            result.lines.push_back(std::move(draft.line));
        }
        return result;
    }

private:
    // ---- lines by themselves ----

    /// Every discount that the price can have in the span, in the order of their effect.
    [[nodiscard]] std::vector<const Discount*>
    discountsOf(std::size_t span, const Price& price) const
    {
        std::vector<const Discount*> all;
        const auto add = [&](std::span<const Discount> discounts) {
            for (const Discount& discount : discounts)
                all.push_back(&discount);
        };
        add(price.discounts);
        add(m_spans[span].plan->discounts);
        add(m_input.discounts);
        return all;
    }

    /// The days on which a line of this price begins: the span's first, and where a discount
    /// begins or ends.
    [[nodiscard]] std::vector<Date> cutsOf(std::size_t span, const Price& price) const
    {
        const PlanSpan& days = m_spans[span];
        std::set<Date> cuts { days.first, days.end };
        for (const Discount* const discount : discountsOf(span, price)) {
            for (const auto& day : { discount->from, discount->until }) {
                if (day && days.first < *day && *day < days.end)
                    cuts.insert(*day);
            }
        }
        return { cuts.begin(), cuts.end() };
    }

    [[nodiscard]] Result<LineDraft> makeDraft(
        std::size_t span, const Price& price, std::string_view sku, Date first, Date end
    ) const
    {
        QUITTANCE_TRY(const auto meter, findMeter(m_input.meters, price.meter));
        LineDraft draft;
        draft.span = span;
        draft.first = first;
        draft.end = end;
        draft.price = &price;
        BillLine& line = draft.line;
        line.sku = sku;
        line.meter = price.meter;
        line.service = price.service;
        line.name = price.name;
        line.quantityDigits = meter.digits;
        line.meterUnit = meter.unit;
        line.unit = price.unit;
        line.per = price.per;
        frame(draft);
        return draft;
    }

    void frame(LineDraft& draft) const
    {
        const PricePlan& plan = *m_spans[draft.span].plan;
        draft.line.period = { m_input.zone.startOf(draft.first), m_input.zone.startOf(draft.end) };
        draft.line.plan = plan.code;
        draft.line.planVersion = plan.version;
        draft.line.tax = m_input.tax;
        draft.line.amount.currency = m_input.currency;
    }

    Result<> addLines(const MeterSku& key, const MonthUse& month)
    {
        std::vector<LineDraft> drafts;
        Int128 total = 0;
        for (const auto& [span, use] : month) {
            const Price& price = *findPrice(*m_spans[span].plan, key.second, key.first);
            const auto cuts = cutsOf(span, price);
            auto share = use.shares.begin();
            for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
                QUITTANCE_TRY(
                    LineDraft draft, makeDraft(span, price, key.second, cuts[i], cuts[i + 1])
                );
                Int128 quantity = 0;
                for (; share != use.shares.end() && std::get<0>(share->first) < draft.end; ++share)
                    quantity += addCost(draft, *share);
                QUITTANCE_TRY(draft.line.quantity, narrow(quantity));
                total += quantity;
                if (quantity != 0)
                    drafts.push_back(std::move(draft));
            }
        }
        CounterPart part;
        part.month = total;
        for (LineDraft& draft : drafts) {
            part.before = part.after;
            part.after = part.before + draft.line.quantity;
            part.meterDigits = draft.line.quantityDigits;
            QUITTANCE_CHECK(price(draft, part));
            m_lines.push_back(std::move(draft));
        }
        return {};
    }

    static std::int64_t addCost(LineDraft& draft, const std::pair<const Place, Share>& entry)
    {
        const auto& [day, project, resource] = entry.first;
        const Share& share = entry.second;
        draft.costs.push_back({ 0, day, std::string(project), std::string(resource), share.quantity,
                                0, share.events });
        return share.quantity;
    }

    /// Allowance, model and percentages.
    Result<> price(LineDraft& draft, const CounterPart& part)
    {
        QUITTANCE_TRY(draft.steps, stepsUpTo(draft, part));
        QUITTANCE_CHECK(settle(draft));
        CounterPart use = part;
        use.after = part.before;
        for (const CostRow& row : draft.costs)
            use.after += std::max<std::int64_t>(row.quantity, 0);
        if (use.after == part.after)
            return {};
        LineDraft used = draft;
        QUITTANCE_TRY(used.line.quantity, narrow(use.after - use.before));
        QUITTANCE_TRY(used.steps, stepsUpTo(draft, use));
        QUITTANCE_CHECK(settle(used));
        QUITTANCE_TRY(
            draft.correctionMinor,
            narrow(Int128 { draft.line.amount.minor } - used.line.amount.minor)
        );
        return {};
    }

    [[nodiscard]] Result<std::vector<PriceStep>>
    stepsUpTo(const LineDraft& draft, const CounterPart& part) const
    {
        QUITTANCE_TRY(auto steps, modelSteps(*draft.price, part));
        addPercent(steps, draft.price->discountName, draft.price->discountMillionths);
        for (const Discount* const discount : discountsOf(draft.span, *draft.price)) {
            if (holdsOn(*discount, draft.first))
                addPercent(steps, discount->name, discount->millionths);
        }
        return steps;
    }

    static Result<> settle(LineDraft& draft)
    {
        setSteps(draft);
        QUITTANCE_TRY(draft.line.amount.minor, amountOf(draft.line));
        return {};
    }

    // ---- lines against each other ----

    /// What is left of an amount a month, in 1e-9.
    Int128& poolOf(const Discount& discount, std::size_t span)
    {
        // A discount of the account is one for the whole month, those of a plan one a version.
        const bool isOfAccount = std::ranges::any_of(m_input.discounts, [&](const Discount& own) {
            return &own == &discount;
        });
        Date first = isOfAccount ? firstDay(m_input.month) : m_spans[span].first;
        Date end = isOfAccount ? firstDay(next(m_input.month)) : m_spans[span].end;
        first = std::max(first, discount.from.value_or(first));
        end = std::min(end, discount.until.value_or(end));
        return m_pools.try_emplace(&discount, shareOf(discount.amount, m_input.month, first, end))
            .first->second;
    }

    Result<> takeAmountsOff()
    {
        for (LineDraft& draft : m_lines) {
            for (const Discount* const discount : discountsOf(draft.span, *draft.price)) {
                if (discount->amount.nanos > 0 && holdsOn(*discount, draft.first))
                    QUITTANCE_CHECK(takeOff(draft, *discount));
            }
        }
        return {};
    }

    Result<> takeOff(LineDraft& draft, const Discount& discount)
    {
        Int128& pool = poolOf(discount, draft.span);
        const Int128 before = Int128 { draft.line.amount.minor } * m_minorNanos;
        if (pool <= 0 || before <= 0)
            return {};
        QUITTANCE_TRY(const auto offered, narrow(pool));
        draft.steps.push_back(amountStep(StepKind::AmountOff, offered, discount.name));
        QUITTANCE_CHECK(settle(draft));
        // What it saved, as the customer sees it: in whole minor units where the line is used up.
        pool -= std::min(pool, before);
        return {};
    }

    /// The days of a span on which the account has the plan.
    [[nodiscard]] std::pair<Date, Date> heldDays(std::size_t span) const
    {
        const PlanSpan& days = m_spans[span];
        return { std::max(days.first, m_input.heldFrom.value_or(days.first)), days.end };
    }

    /// The row that has a minimum for this SKU in the span; none else.
    [[nodiscard]] const Price* minimumAt(std::size_t span, const MeterSku& key) const
    {
        const Price* const price = findPrice(*m_spans[span].plan, key.second, key.first);
        const bool has = price != nullptr && price->sku != anySku && price->minimum.nanos > 0;
        return has ? price : nullptr;
    }

    /// Less than the month's minimum of one SKU becomes it, on the last line that has one.
    Result<> topUp(const MeterSku& key)
    {
        Int128 minimum = 0;
        std::optional<std::size_t> last;
        std::set<std::size_t> spans;
        for (std::size_t span = 0; span < m_spans.size(); ++span) {
            const Price* const price = minimumAt(span, key);
            if (price == nullptr)
                continue;
            const auto [first, end] = heldDays(span);
            minimum += shareOf(price->minimum, m_input.month, first, end);
            spans.insert(span);
            if (first < end)
                last = span;
        }
        if (!last || minimum == 0)
            return {};
        Int128 charged = 0;
        LineDraft* host = nullptr;
        for (LineDraft& draft : m_lines) {
            if (draft.line.meter != key.first || draft.line.sku != key.second
                || !spans.contains(draft.span))
                continue;
            charged += Int128 { draft.line.amount.minor } * m_minorNanos;
            if (draft.span == *last && (host == nullptr || host->first < draft.first))
                host = &draft;
        }
        if (charged >= minimum)
            return {};
        return host != nullptr ? raise(*host, minimum, charged)
                               : addEmpty(*last, key, minimum - charged);
    }

    Result<> raise(LineDraft& host, Int128 minimum, Int128 charged) const
    {
        const Int128 own = Int128 { host.line.amount.minor } * m_minorNanos;
        QUITTANCE_TRY(const auto atLeast, narrow(minimum - (charged - own)));
        host.steps.push_back(amountStep(StepKind::Minimum, atLeast));
        return settle(host);
    }

    /// A line without use that a minimum makes.
    Result<> addEmpty(std::size_t span, const MeterSku& key, Int128 lacking)
    {
        const auto [first, end] = heldDays(span);
        QUITTANCE_TRY(
            LineDraft draft, makeDraft(span, *minimumAt(span, key), key.second, first, end)
        );
        QUITTANCE_TRY(const auto nanos, narrow(lacking));
        draft.steps.push_back(amountStep(StepKind::Minimum, nanos));
        QUITTANCE_CHECK(settle(draft));
        m_lines.push_back(std::move(draft));
        return {};
    }

    /// One commitment through the versions of the month.
    struct Promise {
        Int128 nanos = 0;
        Int128 coveredMinor = 0;
        Date first;
        Date end;
        std::size_t span = 0; ///< the last one
        const Commitment* commitment = nullptr; ///< as the last one has it
    };

    static bool covers(const Commitment& commitment, const BillLine& line)
    {
        if (commitment.services.empty() && commitment.skus.empty())
            return true;
        return std::ranges::find(commitment.services, line.service) != commitment.services.end()
            || std::ranges::find(commitment.skus, line.sku) != commitment.skus.end();
    }

    [[nodiscard]] std::map<std::string_view, Promise> promises() const
    {
        std::map<std::string_view, Promise> all;
        for (std::size_t span = 0; span < m_spans.size(); ++span) {
            const auto [first, end] = heldDays(span);
            if (end <= first)
                continue;
            for (const Commitment& commitment : m_spans[span].plan->commitments) {
                Promise& promise = all[commitment.sku];
                promise.nanos += shareOf(commitment.amount, m_input.month, first, end);
                promise.first = promise.commitment == nullptr ? first : promise.first;
                promise.end = end;
                promise.span = span;
                promise.commitment = &commitment;
            }
        }
        return all;
    }

    Result<> addCommitments()
    {
        auto all = promises();
        for (const LineDraft& draft : m_lines) {
            for (const Commitment& commitment : m_spans[draft.span].plan->commitments) {
                const auto promise = all.find(commitment.sku);
                if (promise != all.end() && covers(commitment, draft.line))
                    promise->second.coveredMinor += draft.line.amount.minor;
            }
        }
        for (const auto& [sku, promise] : all)
            QUITTANCE_CHECK(addShortfall(promise));
        return {};
    }

    Result<> addShortfall(const Promise& promise)
    {
        const Int128 covered = promise.coveredMinor * m_minorNanos;
        if (promise.nanos <= covered)
            return {};
        LineDraft draft;
        draft.span = promise.span;
        draft.first = promise.first;
        draft.end = promise.end;
        draft.line.sku = promise.commitment->sku;
        draft.line.service = promise.commitment->service;
        draft.line.name = promise.commitment->name;
        frame(draft);
        QUITTANCE_TRY(const auto promised, narrow(promise.nanos));
        QUITTANCE_TRY(const auto charged, narrow(covered));
        draft.steps.push_back(amountStep(StepKind::Commitment, promised));
        if (charged != 0)
            draft.steps.push_back(amountStep(StepKind::Covered, charged));
        QUITTANCE_CHECK(settle(draft));
        if (draft.line.amount.minor != 0)
            m_lines.push_back(std::move(draft));
        return {};
    }

    const RatingInput& m_input;
    std::span<const PlanSpan> m_spans;
    Int128 m_minorNanos; ///< 1e-9 in a minor unit
    std::vector<LineDraft> m_lines;
    std::map<const Discount*, Int128> m_pools;
};

} // namespace

Result<RatedUsage> rateLines(
    const RatingInput& input, std::span<const PlanSpan> spans,
    const std::map<MeterSku, MonthUse>& use
)
{
    Rater rater(input, spans);
    QUITTANCE_CHECK(rater.rate(use));
    return rater.take();
}

} // namespace quittance
