#include "core/formats/price_plan_file.h"

#include "core/formats/json_object.h"

#include <limits>
#include <optional>
#include <utility>

namespace quittance::formats {

namespace {

constexpr int percentDigits = 4; // a discount counts 1e-6, which is 1e-4 of a percent

template <class T> T taken(JsonObject& object, std::string_view key, const Result<T>& value)
{
    if (value)
        return *value;
    if (object.isGood())
        object.refuse(key, value.error().detail);
    return {};
}

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

Rate readRate(JsonObject& object, std::string_view key)
{
    return taken(object, key, parseRate(object.decimal(key)));
}

Rate readRateOrZero(JsonObject& object, std::string_view key)
{
    return object.has(key) ? readRate(object, key) : Rate {};
}

std::int64_t readMillionths(JsonObject& object, std::string_view key)
{
    return taken(object, key, parseFixed(object.decimal(key), percentDigits));
}

std::optional<Date> readDay(JsonObject& object, std::string_view key)
{
    if (!object.has(key))
        return std::nullopt;
    return taken(object, key, parseDate(object.wantedText(key)));
}

std::vector<PriceTier> readTiers(JsonObject& price)
{
    std::vector<PriceTier> tiers;
    for (JsonObject& object : price.objects("tiers")) {
        PriceTier tier;
        if (object.has("upTo"))
            tier.upTo = object.integer("upTo", 1, highest);
        tier.rate = readRate(object, "rate");
        tier.flat = readRateOrZero(object, "flat");
        object.close();
        tiers.push_back(tier);
    }
    return tiers;
}

std::vector<Discount> readDiscounts(JsonObject& parent)
{
    std::vector<Discount> discounts;
    for (JsonObject& object : parent.objects("discounts")) {
        Discount discount;
        discount.name = object.wantedText("name");
        if (object.has("amount"))
            discount.amount = readRate(object, "amount");
        else
            discount.millionths = readMillionths(object, "percent");
        discount.from = readDay(object, "from");
        discount.until = readDay(object, "until");
        object.close();
        discounts.push_back(std::move(discount));
    }
    return discounts;
}

/// Only the keys that the model has are asked for, so that others are refused where they stand.
void readModel(JsonObject& object, Price& price)
{
    if (object.has("model"))
        price.model = taken(object, "model", priceModelFromWireName(object.wantedText("model")));
    if (price.model == PriceModel::Graduated || price.model == PriceModel::Volume)
        price.tiers = readTiers(object);
    else
        price.rate = readRate(object, "rate");
    if (price.model == PriceModel::Package)
        price.packageSize = object.integer("packageSize", 1, highest);
    if (object.has("freeUnits"))
        price.freeUnits = object.integer("freeUnits", 1, highest);
    price.minimum = readRateOrZero(object, "minimum");
}

Price readPrice(JsonObject& object)
{
    Price price;
    price.sku = object.text("sku");
    price.meter = object.wantedText("meter");
    price.service = object.wantedText("service");
    price.name = object.wantedText("name");
    price.unit = object.wantedText("unit");
    price.per = object.integer("per", 1, highest);
    readModel(object, price);
    if (object.has("discountPercent")) {
        price.discountMillionths = readMillionths(object, "discountPercent");
        price.discountName = object.wantedText("discountName");
    }
    price.discounts = readDiscounts(object);
    object.close();
    return price;
}

Commitment readCommitment(JsonObject& object)
{
    Commitment commitment;
    commitment.sku = object.wantedText("sku");
    commitment.name = object.wantedText("name");
    commitment.service = object.wantedText("service");
    commitment.amount = readRate(object, "amount");
    commitment.services = object.texts("services");
    commitment.skus = object.texts("skus");
    object.close();
    return commitment;
}

} // namespace

Result<PricePlan> parsePricePlan(std::string_view json)
{
    QUITTANCE_TRY(JsonObject object, JsonObject::parse(json, "price plan"));
    PricePlan plan;
    plan.code = object.wantedText("plan");
    plan.name = object.wantedText("name");
    plan.effective = taken(object, "effective", parseDate(object.wantedText("effective")));
    plan.currency = taken(object, "currency", Currency::find(object.wantedText("currency")));
    for (JsonObject& price : object.objects("prices"))
        plan.prices.push_back(readPrice(price));
    plan.discounts = readDiscounts(object);
    for (JsonObject& commitment : object.objects("commitments"))
        plan.commitments.push_back(readCommitment(commitment));
    object.close();
    QUITTANCE_CHECK(object.error());
    QUITTANCE_CHECK(validate(plan));
    return plan;
}

} // namespace quittance::formats
