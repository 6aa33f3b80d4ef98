#include "core/domain/price_plan.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

namespace quittance {

using testing::detailOf;
using testing::outcomeOf;

namespace {

Price price(std::string sku, std::string meter)
{
    Price made;
    made.sku = std::move(sku);
    made.meter = std::move(meter);
    made.service = "GPU pods";
    made.name = "A10 pods";
    made.unit = "GPU-h";
    made.per = 3'600;
    made.rate = Rate { 1'000'000'000 };
    return made;
}

PricePlan plan()
{
    PricePlan made;
    made.code = "standard";
    made.version = 1;
    made.name = "Standard";
    made.prices = { price("*", "gpu-seconds"), price("a10", "gpu-seconds"), price("", "calls") };
    return made;
}

} // namespace

TEST_CASE("an exact row wins over the meter's general row")
{
    const auto standard = plan();
    CHECK(findPrice(standard, "a10", "gpu-seconds") == &standard.prices[1]);
    CHECK(findPrice(standard, "h100", "gpu-seconds") == standard.prices.data());
    CHECK(findPrice(standard, "", "gpu-seconds") == standard.prices.data());
    CHECK(findPrice(standard, "", "calls") == &standard.prices[2]);
    CHECK(findPrice(standard, "a10", "calls") == nullptr);
    CHECK(findPrice(standard, "a10", "tokens") == nullptr);
}

TEST_CASE("a good plan is accepted, free prices and full discounts too")
{
    auto standard = plan();
    standard.prices[0].rate = Rate { 0 };
    standard.prices[1].discountMillionths = 1'000'000;
    standard.prices[1].discountName = "Trial";
    CHECK(detailOf(validate(standard)).empty());
}

TEST_CASE("a bad plan is refused by row and field")
{
    struct Row {
        std::function<void(PricePlan&)> spoil;
        std::string says;
    };
    const std::vector<Row> rows {
        { [](PricePlan& p) { p.code.clear(); }, "code is empty" },
        { [](PricePlan& p) { p.name.clear(); }, "plan 'standard': name is empty" },
        { [](PricePlan& p) { p.prices.clear(); }, "no price rows" },
        { [](PricePlan& p) { p.prices[2].meter.clear(); },
          "price row 3 (sku '', meter ''): meter" },
        { [](PricePlan& p) { p.prices[1].service.clear(); }, "service is empty" },
        { [](PricePlan& p) { p.prices[1].name.clear(); }, "name is empty" },
        { [](PricePlan& p) { p.prices[1].unit.clear(); }, "unit is empty" },
        { [](PricePlan& p) { p.prices[1].per = 0; },
          "row 2 (sku 'a10', meter 'gpu-seconds'): per" },
        { [](PricePlan& p) { p.prices[1].per = -1; }, "per is less than 1" },
        { [](PricePlan& p) { p.prices[1].rate = Rate { -1 }; }, "rate is negative" },
        { [](PricePlan& p) { p.prices[1].discountMillionths = -1; }, "discount is not between" },
        { [](PricePlan& p) { p.prices[1].discountMillionths = 1'000'001; },
          "discount is not between" },
        { [](PricePlan& p) { p.prices[1].discountMillionths = 1; }, "discountName is empty" },
        { [](PricePlan& p) { p.prices.push_back(p.prices[1]); }, "price row 4 (sku 'a10'" },
        { [](PricePlan& p) { p.prices.push_back(p.prices[0]); }, "priced by an earlier row" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.says);
        auto standard = plan();
        row.spoil(standard);
        const auto result = validate(standard);
        CHECK(outcomeOf(result) == "invalid-argument");
        CHECK(detailOf(result).find(row.says) != std::string::npos);
    }
}

} // namespace quittance
