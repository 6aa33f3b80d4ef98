#include "core/domain/price_plan.h"

#include "core/domain/wire_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace quittance {

namespace {

constexpr std::int64_t millionth = 1'000'000;
constexpr std::string_view anySku = "*";

Result<> refuse(std::size_t row, const Price& price, std::string_view field, std::string_view why)
{
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "price row {} (sku '{}', meter '{}'): {} {}", row, price.sku, price.meter, field, why
        )
    );
}

/// Why a discount is none, "" where it is one.
std::string faultOf(const Discount& discount)
{
    if (discount.name.empty())
        return "name is empty";
    if (discount.millionths < 0 || discount.millionths > millionth)
        return "percent is not between 0 and 100%";
    if (discount.amount.nanos < 0)
        return "amount is negative";
    if ((discount.millionths > 0) == (discount.amount.nanos > 0))
        return "is not either a percentage or an amount above zero";
    if (discount.from && discount.until && *discount.until <= *discount.from)
        return fmt::format(
            "until {} is not after from {}", toText(*discount.until), toText(*discount.from)
        );
    return {};
}

/// Why the tiers are none, "" where they are.
std::string faultOf(const std::vector<PriceTier>& tiers)
{
    if (tiers.empty())
        return "are missing";
    std::int64_t below = 0;
    for (std::size_t i = 0; i < tiers.size(); ++i) {
        const PriceTier& tier = tiers[i];
        const bool isLast = i + 1 == tiers.size();
        if (tier.rate.nanos < 0 || tier.flat.nanos < 0)
            return fmt::format("{}: a price is negative", i + 1);
        if (isLast && tier.upTo)
            return fmt::format("{}: the last one has an end, so that nothing prices more", i + 1);
        if (!isLast && !tier.upTo)
            return fmt::format("{}: has no end although another one follows", i + 1);
        if (tier.upTo && *tier.upTo <= below)
            return fmt::format("{}: ends at {}, not after {}", i + 1, *tier.upTo, below);
        below = tier.upTo.value_or(below);
    }
    return {};
}

Result<> validateModel(std::size_t row, const Price& price)
{
    const bool hasTiers = price.model == PriceModel::Graduated || price.model == PriceModel::Volume;
    if (const std::string fault = hasTiers ? faultOf(price.tiers) : ""; !fault.empty())
        return refuse(row, price, "tiers", fault);
    if (hasTiers && price.rate.nanos != 0)
        return refuse(row, price, "rate", "stands beside tiers, which have the rates");
    if (!hasTiers && !price.tiers.empty())
        return refuse(row, price, "tiers", "stand in a row whose model has none");
    if (price.model == PriceModel::Package && price.packageSize < 1)
        return refuse(row, price, "packageSize", "is less than 1");
    if (price.model != PriceModel::Package && price.packageSize != 0)
        return refuse(row, price, "packageSize", "stands in a row that sells no packages");
    if (price.freeUnits < 0)
        return refuse(row, price, "freeUnits", "is negative");
    if (price.minimum.nanos < 0)
        return refuse(row, price, "minimum", "is negative");
    if (price.minimum.nanos > 0 && price.sku == anySku)
        return refuse(row, price, "minimum", "needs a SKU, which '*' is not");
    return {};
}

Result<> validateDiscounts(std::size_t row, const Price& price)
{
    if (price.discountMillionths < 0 || price.discountMillionths > millionth)
        return refuse(row, price, "discount", "is not between 0 and 100%");
    if (price.discountMillionths > 0 && price.discountName.empty())
        return refuse(row, price, "discountName", "is empty although there is a discount");
    for (std::size_t i = 0; i < price.discounts.size(); ++i) {
        if (const auto fault = faultOf(price.discounts[i]); !fault.empty())
            return refuse(row, price, fmt::format("discount {}:", i + 1), fault);
    }
    return {};
}

Result<> validateRow(std::size_t row, const Price& price)
{
    if (price.meter.empty())
        return refuse(row, price, "meter", "is empty");
    if (price.service.empty())
        return refuse(row, price, "service", "is empty");
    if (price.name.empty())
        return refuse(row, price, "name", "is empty");
    if (price.unit.empty())
        return refuse(row, price, "unit", "is empty");
    if (price.per < 1)
        return refuse(row, price, "per", "is less than 1");
    if (price.rate.nanos < 0)
        return refuse(row, price, "rate", "is negative");
    QUITTANCE_CHECK(validateModel(row, price));
    return validateDiscounts(row, price);
}

/// The service or SKU that the commitment covers and no row has, "" where there is none.
std::string unknownTarget(const PricePlan& plan, const Commitment& commitment)
{
    for (const std::string& service : commitment.services) {
        if (std::ranges::find(plan.prices, service, &Price::service) == plan.prices.end())
            return fmt::format("service '{}'", service);
    }
    const bool hasAnySku = std::ranges::find(plan.prices, anySku, &Price::sku) != plan.prices.end();
    for (const std::string& sku : commitment.skus) {
        if (sku == anySku
            || (!hasAnySku && std::ranges::find(plan.prices, sku, &Price::sku) == plan.prices.end()
            ))
            return fmt::format("SKU '{}'", sku);
    }
    return {};
}

Result<> validateCommitments(const PricePlan& plan)
{
    std::set<std::string_view> seen;
    std::size_t number = 0;
    for (const Commitment& commitment : plan.commitments) {
        ++number;
        const auto refuseIt = [&](std::string_view why) {
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("commitment {} (sku '{}'): {}", number, commitment.sku, why)
            );
        };
        if (commitment.sku.empty() || commitment.sku == anySku)
            return refuseIt("sku is not the name of one");
        if (!seen.insert(commitment.sku).second)
            return refuseIt("sku is that of an earlier commitment");
        if (commitment.name.empty())
            return refuseIt("name is empty");
        if (commitment.service.empty())
            return refuseIt("service is empty");
        if (commitment.amount.nanos <= 0)
            return refuseIt("amount is not above zero");
        if (const auto target = unknownTarget(plan, commitment); !target.empty())
            return refuseIt(fmt::format("it covers {}, which no row prices", target));
    }
    return {};
}

Result<> validatePlanDiscounts(const PricePlan& plan)
{
    for (std::size_t i = 0; i < plan.discounts.size(); ++i) {
        if (const auto fault = faultOf(plan.discounts[i]); !fault.empty())
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("plan '{}': discount {}: {}", plan.code, i + 1, fault)
            );
    }
    return {};
}

constexpr std::array models {
    Named { PriceModel::PerUnit, std::string_view("per-unit") },
    Named { PriceModel::Graduated, std::string_view("graduated") },
    Named { PriceModel::Volume, std::string_view("volume") },
    Named { PriceModel::Package, std::string_view("package") },
};

} // namespace

std::string_view wireName(PriceModel model)
{
    return nameIn(models, model);
}

Result<PriceModel> priceModelFromWireName(std::string_view name)
{
    return valueIn(models, name, "price model");
}

const Price* findPrice(const PricePlan& plan, std::string_view sku, std::string_view meter)
{
    const Price* general = nullptr;
    for (const auto& price : plan.prices) {
        if (price.meter != meter)
            continue;
        if (price.sku == sku)
            return &price;
        if (price.sku == anySku)
            general = &price;
    }
    return general;
}

bool usesModel(const Price& price)
{
    return price.model != PriceModel::PerUnit || price.freeUnits != 0 || price.minimum.nanos != 0;
}

bool usesModels(const PricePlan& plan)
{
    return !plan.discounts.empty() || !plan.commitments.empty()
        || std::ranges::any_of(plan.prices, [](const Price& price) {
               return usesModel(price) || !price.discounts.empty();
           });
}

Result<> validate(const PricePlan& plan)
{
    if (plan.code.empty())
        return failure(ErrorCode::InvalidArgument, "the plan's code is empty");
    if (plan.name.empty())
        return failure(
            ErrorCode::InvalidArgument, fmt::format("plan '{}': name is empty", plan.code)
        );
    if (plan.prices.empty())
        return failure(
            ErrorCode::InvalidArgument, fmt::format("plan '{}': no price rows", plan.code)
        );
    std::set<std::pair<std::string_view, std::string_view>> seen;
    std::size_t row = 0;
    for (const auto& price : plan.prices) {
        ++row;
        QUITTANCE_CHECK(validateRow(row, price));
        if (!seen.emplace(price.sku, price.meter).second)
            return refuse(row, price, "sku and meter", "are priced by an earlier row already");
    }
    QUITTANCE_CHECK(validatePlanDiscounts(plan));
    return validateCommitments(plan);
}

} // namespace quittance
