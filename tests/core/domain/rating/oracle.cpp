#include "tests/core/domain/rating/oracle.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace quittance::testing {

namespace {

const Fraction billion { Whole(1'000'000'000) };
const Fraction million { Whole(1'000'000) };

Fraction whole(const Whole& value)
{
    return { value };
}

/// The month as a list of days, each with the plan that holds on it.
struct Calendar {
    std::int32_t first = 0;
    std::int32_t end = 0;
    std::map<std::int32_t, const PricePlan*> planOn;

    [[nodiscard]] int size() const { return end - first; }
};

Calendar calendarOf(const RatingInput& input)
{
    Calendar calendar;
    calendar.first = firstDay(input.month).days;
    calendar.end = firstDay(next(input.month)).days;
    for (std::int32_t day = calendar.first; day < calendar.end; ++day) {
        const PricePlan* latest = nullptr;
        for (const auto& plan : input.versions) {
            if (plan.effective.days > day)
                continue;
            if (latest == nullptr || plan.effective.days > latest->effective.days
                || (plan.effective.days == latest->effective.days && plan.version > latest->version
                ))
                latest = &plan;
        }
        if (latest != nullptr)
            calendar.planOn[day] = latest;
    }
    return calendar;
}

const Price* priceIn(const PricePlan& plan, const std::string& sku, const std::string& meter)
{
    for (const auto& wanted : { sku, std::string("*") }) {
        for (const auto& price : plan.prices) {
            if (price.meter == meter && price.sku == wanted)
                return &price;
        }
    }
    return nullptr;
}

/// A day's part of an amount a month, in 1e-9: what the month has been given at its end less what
/// it had been given before.
Whole dayShare(const Calendar& calendar, Rate amount, std::int32_t day)
{
    const Whole nanos(amount.nanos);
    const int passed = day - calendar.first;
    return nanos * (passed + 1) / calendar.size() - nanos * passed / calendar.size();
}

bool holds(const Discount& discount, std::int32_t day)
{
    return (!discount.from || discount.from->days <= day)
        && (!discount.until || day < discount.until->days);
}

/// All discounts that could touch the price, in the order of their effect.
std::vector<const Discount*>
discountsFor(const RatingInput& input, const PricePlan& plan, const Price& price)
{
    std::vector<const Discount*> list;
    for (const auto& discount : price.discounts)
        list.push_back(&discount);
    for (const auto& discount : plan.discounts)
        list.push_back(&discount);
    for (const auto& discount : input.discounts)
        list.push_back(&discount);
    return list;
}

/// What a counter that stands at `x` meter units has cost this month, in currency units.
class Cost {
public:
    Cost(const Price& price, int digits, Fraction month)
        : m_price(price)
        , m_unit(whole(Whole(price.per)))
        , m_month(std::move(month))
    {
        for (int i = 0; i < digits; ++i)
            m_unit *= 10;
    }

    [[nodiscard]] Fraction at(const Fraction& counter) const
    {
        const Fraction sign = counter < 0 ? -1 : 1;
        const Fraction sold = abs(counter) / m_unit;
        const Fraction left = afterAllowance(sold);
        switch (m_price.model) {
        case PriceModel::PerUnit:
            return sign * left * rate(m_price.rate);
        case PriceModel::Graduated:
            return sign * graduated(left) + (counter > 0 ? graduatedFlats(left) : Fraction(0));
        case PriceModel::Volume:
            return sign * left * rate(volumeTier().rate)
                + (counter > 0 && left > 0 ? rate(volumeTier().flat) : Fraction(0));
        case PriceModel::Package:
            return sign * whole(packages(left)) * rate(m_price.rate);
        }
        return 0;
    }

private:
    static Fraction rate(Rate value) { return whole(Whole(value.nanos)) / billion; }

    [[nodiscard]] Fraction afterAllowance(const Fraction& sold) const
    {
        const Fraction free = whole(Whole(m_price.freeUnits));
        return sold > free ? Fraction(sold - free) : Fraction(0);
    }

    [[nodiscard]] Fraction graduated(const Fraction& sold) const
    {
        Fraction amount = 0;
        Fraction below = 0;
        for (const auto& tier : m_price.tiers) {
            Fraction top = sold;
            if (tier.upTo && whole(Whole(*tier.upTo)) < sold)
                top = whole(Whole(*tier.upTo));
            if (top > below)
                amount += (top - below) * rate(tier.rate);
            below = tier.upTo ? whole(Whole(*tier.upTo)) : sold;
        }
        return amount;
    }

    [[nodiscard]] Fraction graduatedFlats(const Fraction& sold) const
    {
        Fraction amount = 0;
        Fraction below = 0;
        for (const auto& tier : m_price.tiers) {
            if (sold > below)
                amount += rate(tier.flat);
            below = tier.upTo ? whole(Whole(*tier.upTo)) : sold;
        }
        return amount;
    }

    [[nodiscard]] const PriceTier& volumeTier() const
    {
        const Fraction sold = afterAllowance(abs(m_month) / m_unit);
        for (const auto& tier : m_price.tiers) {
            if (!tier.upTo || sold <= whole(Whole(*tier.upTo)))
                return tier;
        }
        return m_price.tiers.back();
    }

    [[nodiscard]] Whole packages(const Fraction& sold) const
    {
        const Fraction count = sold / whole(Whole(m_price.packageSize));
        const Whole full = numerator(count) / denominator(count);
        return whole(full) < count ? Whole(full + 1) : full;
    }

    const Price& m_price;
    Fraction m_unit;
    Fraction m_month;
};

struct Line {
    OracleLine shown;
    const PricePlan* plan = nullptr;
    const Price* price = nullptr;
};

class Computation {
public:
    explicit Computation(const RatingInput& input)
        : m_input(input)
        , m_calendar(calendarOf(input))
    {
        for (int i = 0; i < input.currency.exponent(); ++i)
            m_minor *= 10;
    }

    std::vector<OracleLine> lines()
    {
        std::set<std::pair<std::string, std::string>> keys; // meter, sku
        for (const auto& row : m_input.usage)
            keys.emplace(row.meter, row.sku);
        for (const auto& [day, plan] : m_calendar.planOn) {
            for (const auto& price : plan->prices) {
                if (price.minimum.nanos > 0)
                    keys.emplace(price.meter, price.sku);
            }
        }
        for (const auto& [meter, sku] : keys)
            addLines(meter, sku);
        sort();
        amountsOff();
        for (const auto& [meter, sku] : keys)
            minimum(meter, sku);
        commitments();
        sort();
        std::vector<OracleLine> shown;
        for (const auto& line : m_lines)
            shown.push_back(line.shown);
        return shown;
    }

private:
    void sort()
    {
        std::ranges::sort(m_lines, [](const Line& a, const Line& b) {
            const auto key = [](const OracleLine& line) {
                return std::tie(
                    line.service, line.name, line.sku, line.meter, line.version, line.firstDay
                );
            };
            return key(a.shown) < key(b.shown);
        });
    }

    void round(Line& line) const { line.shown.amountMinor = roundedHalfEven(line.shown.exact); }

    [[nodiscard]] int digitsOf(const std::string& meter) const
    {
        for (const auto& known : m_input.meters) {
            if (known.name == meter)
                return known.digits;
        }
        return 0;
    }

    /// A new line begins where the plan changes or one of the discounts begins or ends to hold.
    [[nodiscard]] bool isCut(const PricePlan& plan, const Price& price, std::int32_t day) const
    {
        const auto before = m_calendar.planOn.find(day - 1);
        if (before == m_calendar.planOn.end() || before->second != &plan)
            return true;
        return std::ranges::any_of(
            discountsFor(m_input, plan, price),
            [&](const Discount* discount) {
                return holds(*discount, day - 1) != holds(*discount, day);
            }
        );
    }

    [[nodiscard]] Whole useOn(const std::string& meter, const std::string& sku, int day) const
    {
        Whole use = 0;
        for (const auto& row : m_input.usage) {
            if (row.meter == meter && row.sku == sku && row.day.days == day)
                use += row.quantity;
        }
        return use;
    }

    void addLines(const std::string& meter, const std::string& sku)
    {
        std::vector<Line> lines;
        Whole month = 0;
        for (const auto& [day, plan] : m_calendar.planOn) {
            const auto* const price = priceIn(*plan, sku, meter);
            if (price == nullptr)
                continue;
            if (lines.empty() || lines.back().plan != plan || isCut(*plan, *price, day)) {
                Line line;
                line.plan = plan;
                line.price = price;
                line.shown
                    = { price->service, price->name, sku, meter, plan->version, day, day, 0, 0, 0 };
                lines.push_back(line);
            }
            const Whole use = useOn(meter, sku, day);
            lines.back().shown.quantity += use;
            lines.back().shown.endDay = day + 1;
            month += use;
        }
        Whole counter = 0;
        for (auto& line : lines) {
            const Cost cost(*line.price, digitsOf(meter), whole(month));
            const Whole before = counter;
            counter += line.shown.quantity;
            line.shown.exact = m_minor * (cost.at(whole(counter)) - cost.at(whole(before)));
            percentages(line);
            round(line);
            if (line.shown.quantity != 0)
                m_lines.push_back(line);
        }
    }

    void percentages(Line& line) const
    {
        const auto take = [&](std::int64_t millionths) {
            line.shown.exact *= (million - whole(Whole(millionths))) / million;
        };
        take(line.price->discountMillionths);
        for (const auto* const discount : discountsFor(m_input, *line.plan, *line.price)) {
            if (holds(*discount, line.shown.firstDay))
                take(discount->millionths);
        }
    }

    [[nodiscard]] bool isOfAccount(const Discount* discount) const
    {
        for (const auto& own : m_input.discounts) {
            if (&own == discount)
                return true;
        }
        return false;
    }

    /// A month's amount, for the days on which it holds, in minor units.
    [[nodiscard]] Fraction monthsAmount(const Discount* discount, const PricePlan* plan) const
    {
        Whole nanos = 0;
        for (std::int32_t day = m_calendar.first; day < m_calendar.end; ++day) {
            const auto there = m_calendar.planOn.find(day);
            const bool isPlans = there != m_calendar.planOn.end() && there->second == plan;
            if (holds(*discount, day) && (isOfAccount(discount) || isPlans))
                nanos += dayShare(m_calendar, discount->amount, day);
        }
        return whole(nanos) / billion * m_minor;
    }

    void amountsOff()
    {
        std::map<const Discount*, Fraction> left;
        for (auto& line : m_lines) {
            for (const auto* const discount : discountsFor(m_input, *line.plan, *line.price)) {
                if (discount->amount.nanos == 0 || !holds(*discount, line.shown.firstDay))
                    continue;
                if (!left.contains(discount))
                    left[discount] = monthsAmount(discount, line.plan);
                Fraction& pool = left[discount];
                if (pool <= 0 || line.shown.amountMinor <= 0)
                    continue;
                const Fraction shown = whole(line.shown.amountMinor);
                line.shown.exact
                    = line.shown.exact > pool ? Fraction(line.shown.exact - pool) : Fraction(0);
                pool = pool > shown ? Fraction(pool - shown) : Fraction(0);
                round(line);
            }
        }
    }

    [[nodiscard]] bool isHeld(std::int32_t day) const
    {
        return !m_input.heldFrom || m_input.heldFrom->days <= day;
    }

    void minimum(const std::string& meter, const std::string& sku)
    {
        Whole nanos = 0;
        std::set<const PricePlan*> plans;
        std::int32_t firstOfLast = 0;
        const PricePlan* last = nullptr;
        for (const auto& [day, plan] : m_calendar.planOn) {
            const auto* const price = priceIn(*plan, sku, meter);
            if (price == nullptr || price->sku == "*" || price->minimum.nanos == 0)
                continue;
            plans.insert(plan);
            if (!isHeld(day))
                continue;
            nanos += dayShare(m_calendar, price->minimum, day);
            firstOfLast = last == plan ? firstOfLast : day;
            last = plan;
        }
        if (last != nullptr)
            topUp(meter, sku, whole(nanos) / billion * m_minor, plans, last, firstOfLast);
    }

    void topUp(
        const std::string& meter, const std::string& sku, const Fraction& least,
        const std::set<const PricePlan*>& plans, const PricePlan* last, std::int32_t firstDay
    )
    {
        Fraction lacking = least;
        Line* host = nullptr;
        for (auto& line : m_lines) {
            if (line.shown.meter != meter || line.shown.sku != sku || !plans.contains(line.plan))
                continue;
            lacking -= whole(line.shown.amountMinor);
            if (line.plan == last
                && (host == nullptr || host->shown.firstDay < line.shown.firstDay))
                host = &line;
        }
        if (lacking <= 0)
            return;
        if (host == nullptr) {
            const auto* const price = priceIn(*last, sku, meter);
            Line line;
            line.plan = last;
            line.price = price;
            line.shown = { price->service, price->name, sku, meter, last->version,
                           firstDay,       endOf(last), 0,   0,     0 };
            m_lines.push_back(line);
            host = &m_lines.back();
        }
        host->shown.exact = lacking + whole(host->shown.amountMinor);
        round(*host);
    }

    [[nodiscard]] std::int32_t endOf(const PricePlan* plan) const
    {
        std::int32_t end = 0;
        for (const auto& [day, on] : m_calendar.planOn)
            end = on == plan ? day + 1 : end;
        return end;
    }

    static bool covers(const Commitment& commitment, const OracleLine& line)
    {
        if (commitment.services.empty() && commitment.skus.empty())
            return true;
        return std::ranges::find(commitment.services, line.service) != commitment.services.end()
            || std::ranges::find(commitment.skus, line.sku) != commitment.skus.end();
    }

    void commitments()
    {
        const auto used = m_lines;
        std::set<std::string> names;
        for (const auto& [day, plan] : m_calendar.planOn) {
            for (const auto& commitment : plan->commitments)
                names.insert(commitment.sku);
        }
        for (const auto& name : names)
            commitment(name, used);
    }

    void commitment(const std::string& sku, const std::vector<Line>& used)
    {
        Line line;
        Whole nanos = 0;
        for (const auto& [day, plan] : m_calendar.planOn) {
            for (const auto& one : plan->commitments) {
                if (one.sku != sku || !isHeld(day))
                    continue;
                nanos += dayShare(m_calendar, one.amount, day);
                const auto first = line.plan == nullptr ? day : line.shown.firstDay;
                line.plan = plan;
                line.shown
                    = { one.service, one.name, sku, "", plan->version, first, day + 1, 0, 0, 0 };
            }
        }
        line.shown.exact = whole(nanos) / billion * m_minor;
        for (const auto& other : used) {
            for (const auto& one : other.plan->commitments) {
                if (one.sku == sku && covers(one, other.shown))
                    line.shown.exact -= whole(other.shown.amountMinor);
            }
        }
        round(line);
        if (line.shown.amountMinor > 0)
            m_lines.push_back(line);
    }

    const RatingInput& m_input;
    Calendar m_calendar;
    Fraction m_minor = 1; ///< minor units in a currency unit
    std::vector<Line> m_lines;
};

} // namespace

Whole roundedHalfEven(const Fraction& amount)
{
    const Whole cut = numerator(amount) / denominator(amount);
    // Integer division cuts toward zero; the candidates around the amount are one to either side.
    Whole best = cut;
    for (const Whole& candidate : { Whole(cut - 1), Whole(cut + 1) }) {
        const Fraction distance = abs(Fraction(candidate) - amount);
        const Fraction bestDistance = abs(Fraction(best) - amount);
        if (distance < bestDistance || (distance == bestDistance && candidate % 2 == 0))
            best = candidate;
    }
    return best;
}

std::vector<OracleLine> oracleLines(const RatingInput& input)
{
    return Computation(input).lines();
}

} // namespace quittance::testing
