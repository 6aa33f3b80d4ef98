#pragma once

#include "core/domain/rating/rating.h"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

/// Random accounts whose plans use every model, discount, minimum and commitment.
namespace quittance::testing {

inline constexpr Month november { 2023 * 12 + 10 };
inline constexpr int daysOfNovember = 30;
inline constexpr std::int64_t nano = 1;
inline constexpr std::int64_t one = 1'000'000'000;

inline const std::array meters { Meter { "gpu-seconds", "GPU-s", 6 },
                                 Meter { "calls", "call", 0 } };

struct World {
    std::vector<UsageRow> usage;
    std::vector<PricePlan> versions;
    std::vector<Discount> discounts;
    Currency currency;
    std::optional<Date> heldFrom;

    [[nodiscard]] RatingInput input() const
    {
        return { usage,    versions,   meters,    TimeZone::utc(), november,
                 currency, TaxRate {}, discounts, heldFrom };
    }
};

inline std::int64_t anyOf(std::initializer_list<std::int64_t> values)
{
    return *rc::gen::elementOf(std::vector<std::int64_t>(values));
}

inline Date anyDay()
{
    return { firstDay(november).days + *rc::gen::inRange(-5, daysOfNovember + 5) };
}

/// Prices that cut every way: none, the finest, thirds of a cent, whole units.
inline Rate anyRate()
{
    return { anyOf({ 0, nano, 3'333'333, one / 2, 2 * one + 950'000'000, 40 * one }) };
}

inline std::vector<UsageRow> anyUsage()
{
    const auto count = *rc::gen::inRange(0, 12);
    std::vector<UsageRow> usage;
    for (int i = 0; i < count; ++i) {
        const bool isPod = *rc::gen::arbitrary<bool>();
        const auto scale = isPod ? 3'600'000'000 : 1;
        const auto quantity = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 40), rc::gen::inRange<std::int64_t>(-15, 1'500)
        );
        usage.push_back({ Date { firstDay(november).days + *rc::gen::inRange(0, daysOfNovember) },
                          isPod ? "gpu-seconds" : "calls",
                          *rc::gen::element<std::string>("", "a10", "h100"), "",
                          *rc::gen::element<std::string>("pod-1", "pod-2"),
                          quantity * scale + anyOf({ 0, 0, 1 }), 1 });
    }
    return usage;
}

inline Discount anyDiscount()
{
    Discount discount;
    discount.name = "Offer";
    if (*rc::gen::arbitrary<bool>())
        discount.millionths = anyOf({ 80'000, 125'000, 333'333, 1'000'000 });
    else
        discount.amount = { anyOf({ one / 100, 3 * one, 1'234'567'891, 500 * one }) };
    if (*rc::gen::arbitrary<bool>())
        discount.from = anyDay();
    if (*rc::gen::arbitrary<bool>())
        discount.until
            = Date { std::max(discount.from.value_or(anyDay()).days + 1, anyDay().days) };
    return discount;
}

inline std::vector<Discount> anyDiscounts()
{
    std::vector<Discount> list(static_cast<std::size_t>(anyOf({ 0, 0, 0, 1, 2 })));
    std::ranges::generate(list, anyDiscount);
    return list;
}

inline std::vector<PriceTier> anyTiers()
{
    std::vector<PriceTier> tiers;
    std::int64_t below = 0;
    for (auto count = anyOf({ 0, 1, 2 }); count > 0; --count) {
        below += anyOf({ 1, 7, 100 });
        tiers.push_back({ below, anyRate(), { anyOf({ 0, 5 * one }) } });
    }
    tiers.push_back({ std::nullopt, anyRate(), { anyOf({ 0, 2 * one + nano }) } });
    return tiers;
}

inline Price anyPrice(const std::string& sku, const std::string& meter)
{
    Price price;
    price.sku = sku;
    price.meter = meter;
    price.service = *rc::gen::element<std::string>("GPU pods", "API");
    price.name = *rc::gen::element<std::string>("One", "Two");
    price.unit = "unit";
    price.per = meter == "calls" ? anyOf({ 1, 7 }) : 3'600;
    price.model = *rc::gen::element(
        PriceModel::PerUnit, PriceModel::Graduated, PriceModel::Volume, PriceModel::Package
    );
    const bool hasTiers = price.model == PriceModel::Graduated || price.model == PriceModel::Volume;
    price.tiers = hasTiers ? anyTiers() : std::vector<PriceTier> {};
    price.rate = hasTiers ? Rate {} : anyRate();
    price.packageSize = price.model == PriceModel::Package ? anyOf({ 1, 3, 50 }) : 0;
    price.freeUnits = anyOf({ 0, 0, 1, 10, 100 });
    price.minimum = { sku == "*" ? 0 : anyOf({ 0, 0, 10 * one, 33'333'333'333 }) };
    price.discountMillionths = anyOf({ 0, 0, 80'000 });
    price.discountName = "Commitment";
    price.discounts = anyDiscounts();
    return price;
}

inline std::vector<Commitment> anyCommitments(const std::vector<Price>& prices)
{
    std::vector<Commitment> list;
    for (const std::string sku : { "commit-a", "commit-b" }) {
        if (prices.empty() || anyOf({ 0, 0, 1 }) == 0)
            continue;
        Commitment commitment { sku, "Commitment", "Commitments", { anyOf({ one, 777 * one }) } };
        if (*rc::gen::arbitrary<bool>())
            commitment.services = { prices.front().service };
        else if (*rc::gen::arbitrary<bool>() && prices.back().sku != "*")
            commitment.skus = { prices.back().sku };
        list.push_back(commitment);
    }
    return list;
}

inline PricePlan anyPlan(std::int32_t version, Date effective, Currency currency)
{
    PricePlan plan { "standard", version, effective, currency, "Standard", {} };
    for (const std::string meter : { "gpu-seconds", "calls" }) {
        for (const std::string sku : { "*", "", "h100" }) {
            if (*rc::gen::arbitrary<bool>())
                plan.prices.push_back(anyPrice(sku, meter));
        }
    }
    plan.discounts = anyDiscounts();
    plan.commitments = anyCommitments(plan.prices);
    return plan;
}

inline World anyWorld()
{
    World world;
    world.currency = Currency::find(*rc::gen::element<std::string>("USD", "JPY", "KWD")).value();
    const auto count = anyOf({ 1, 1, 2, 3 });
    for (int version = 1; version <= count; ++version)
        world.versions.push_back(anyPlan(version, version == 1 ? Date {} : anyDay(), world.currency)
        );
    world.usage = anyUsage();
    world.discounts = anyDiscounts();
    if (anyOf({ 0, 0, 1 }) == 1)
        world.heldFrom = anyDay();
    return world;
}

} // namespace quittance::testing
