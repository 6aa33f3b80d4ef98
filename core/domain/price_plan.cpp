#include "core/domain/price_plan.h"

#include <fmt/format.h>

#include <algorithm>
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
    if (price.discountMillionths < 0 || price.discountMillionths > millionth)
        return refuse(row, price, "discount", "is not between 0 and 100%");
    if (price.discountMillionths > 0 && price.discountName.empty())
        return refuse(row, price, "discountName", "is empty although there is a discount");
    return {};
}

} // namespace

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
    return {};
}

} // namespace quittance
