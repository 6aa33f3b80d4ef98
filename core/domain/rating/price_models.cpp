#include "core/domain/rating/price_models.h"

#include <algorithm>
#include <cstddef>

namespace quittance {

namespace {

/// Past every counter, which is a sum of 64-bit quantities.
constexpr Int128 endless = Int128 { 1 } << 126;

Int128 magnitude(Int128 value)
{
    return value < 0 ? -value : value;
}

Int128 withSignOf(Int128 sign, Int128 size)
{
    return sign < 0 ? -size : size;
}

/// The counter of one part on the scale that the model prices: after the allowance.
class Model {
public:
    Model(const Price& price, const CounterPart& part)
        : m_price(price)
        , m_part(part)
        , m_unit(Int128 { price.per } * powerOfTen(part.meterDigits))
    {
    }

    Result<std::vector<PriceStep>> steps()
    {
        QUITTANCE_TRY(m_free, multiply(m_price.freeUnits, m_unit));
        if (m_price.freeUnits > 0)
            QUITTANCE_CHECK(addUnits(StepKind::Free, 0, free(m_part.after) - free(m_part.before)));
        m_before = m_part.before - free(m_part.before);
        m_after = m_part.after - free(m_part.after);
        QUITTANCE_CHECK(addModel());
        return std::move(m_steps);
    }

private:
    [[nodiscard]] Int128 free(Int128 counter) const
    {
        return withSignOf(counter, std::min(magnitude(counter), m_free));
    }

    Result<> addModel()
    {
        switch (m_price.model) {
        case PriceModel::PerUnit:
            return addUnits(StepKind::Units, 0, m_after - m_before);
        case PriceModel::Graduated:
            return addGraduated();
        case PriceModel::Volume:
            return addVolume();
        case PriceModel::Package:
            return addPackages();
        }
        return {};
    }

    Result<> addUnits(StepKind kind, std::size_t tier, Int128 quantity)
    {
        if (quantity == 0)
            return {};
        PriceStep step;
        step.kind = kind;
        step.tier = static_cast<std::int32_t>(tier);
        QUITTANCE_TRY(step.quantity, narrow(quantity));
        if (kind == StepKind::Units)
            step.rate = tier == 0 ? m_price.rate : m_price.tiers[tier - 1].rate;
        m_steps.push_back(std::move(step));
        return {};
    }

    void addFlat(std::size_t tier, int times)
    {
        const Rate flat = m_price.tiers[tier - 1].flat;
        if (times == 0 || flat.nanos == 0)
            return;
        PriceStep step;
        step.kind = StepKind::Flat;
        step.tier = static_cast<std::int32_t>(tier);
        step.quantity = times;
        step.rate = flat;
        m_steps.push_back(std::move(step));
    }

    /// How often the part enters what begins after `lower`; less than zero where it leaves it.
    [[nodiscard]] int entries(Int128 lower) const
    {
        return static_cast<int>(m_after > lower) - static_cast<int>(m_before > lower);
    }

    /// Where the tier ends on the counter.
    [[nodiscard]] Result<Int128> endOf(const PriceTier& tier) const
    {
        if (!tier.upTo)
            return endless;
        return multiply(*tier.upTo, m_unit);
    }

    Result<> addGraduated()
    {
        Int128 lower = 0;
        for (std::size_t tier = 1; tier <= m_price.tiers.size(); ++tier) {
            QUITTANCE_TRY(const Int128 upper, endOf(m_price.tiers[tier - 1]));
            const auto inside = [&](Int128 counter) {
                const Int128 size = std::clamp(magnitude(counter), lower, upper) - lower;
                return withSignOf(counter, size);
            };
            QUITTANCE_CHECK(addUnits(StepKind::Units, tier, inside(m_after) - inside(m_before)));
            addFlat(tier, entries(lower));
            lower = upper;
        }
        return {};
    }

    Result<> addVolume()
    {
        const Int128 month = magnitude(m_part.month - free(m_part.month));
        std::size_t tier = 1;
        for (; tier < m_price.tiers.size(); ++tier) {
            QUITTANCE_TRY(const Int128 upper, endOf(m_price.tiers[tier - 1]));
            if (month <= upper)
                break;
        }
        QUITTANCE_CHECK(addUnits(StepKind::Units, tier, m_after - m_before));
        addFlat(tier, entries(0));
        return {};
    }

    Result<> addPackages()
    {
        QUITTANCE_TRY(const Int128 size, multiply(m_price.packageSize, m_unit));
        const auto started = [&](Int128 counter) {
            const Int128 whole = magnitude(counter) / size;
            return withSignOf(counter, whole + (magnitude(counter) % size == 0 ? 0 : 1));
        };
        const Int128 count = started(m_after) - started(m_before);
        PriceStep step; // none started is said too: the use lies in one that an earlier line paid
        step.kind = StepKind::Packages;
        QUITTANCE_TRY(step.quantity, narrow(count));
        step.size = m_price.packageSize;
        step.rate = m_price.rate;
        m_steps.push_back(std::move(step));
        return {};
    }

    const Price& m_price;
    const CounterPart& m_part;
    Int128 m_unit; ///< one unit sold on the counter
    Int128 m_free = 0;
    Int128 m_before = 0;
    Int128 m_after = 0;
    std::vector<PriceStep> m_steps;
};

} // namespace

Result<std::vector<PriceStep>> modelSteps(const Price& price, const CounterPart& part)
{
    return Model(price, part).steps();
}

} // namespace quittance
