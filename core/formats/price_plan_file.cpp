#include "core/formats/price_plan_file.h"

#include "core/formats/json_object.h"

#include <limits>

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

Price readPrice(JsonObject& object)
{
    Price price;
    price.sku = object.text("sku");
    price.meter = object.wantedText("meter");
    price.service = object.wantedText("service");
    price.name = object.wantedText("name");
    price.unit = object.wantedText("unit");
    price.per = object.integer("per", 1, std::numeric_limits<std::int64_t>::max());
    price.rate = taken(object, "rate", parseRate(object.decimal("rate")));
    if (object.has("discountPercent")) {
        price.discountMillionths = taken(
            object, "discountPercent", parseFixed(object.decimal("discountPercent"), percentDigits)
        );
        price.discountName = object.wantedText("discountName");
    }
    object.close();
    return price;
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
    object.close();
    QUITTANCE_CHECK(object.error());
    QUITTANCE_CHECK(validate(plan));
    return plan;
}

} // namespace quittance::formats
