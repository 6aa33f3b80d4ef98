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

TEST_CASE("a mistake in a price model is refused by row and field")
{
    struct Row {
        std::function<void(PricePlan&)> spoil;
        std::string says;
    };
    const auto tiered = [](PricePlan& p) {
        p.prices[1].model = PriceModel::Graduated;
        p.prices[1].rate = {};
        p.prices[1].tiers = { { 10, Rate { 2 }, {} }, { std::nullopt, Rate { 1 }, {} } };
    };
    const std::vector<Row> rows {
        { [](PricePlan& p) { p.prices[1].model = PriceModel::Volume; }, "tiers are missing" },
        { [&](PricePlan& p) { p.prices[1].tiers = { {} }; }, "tiers stand in a row" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].rate = Rate { 1 }; }, "rate stands beside" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].tiers[0].upTo = 0; },
          "row 2 (sku 'a10', meter 'gpu-seconds'): tiers 1: ends at 0, not after 0" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].tiers[0].upTo.reset(); },
          "tiers 1: has no end" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].tiers[1].upTo = 20; },
          "tiers 2: the last one has an end" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].tiers[1].rate = Rate { -1 }; },
          "tiers 2: a price is negative" },
        { [&](PricePlan& p) { tiered(p), p.prices[1].tiers[1].flat = Rate { -1 }; },
          "tiers 2: a price is negative" },
        { [](PricePlan& p) { p.prices[1].model = PriceModel::Package; }, "packageSize is less" },
        { [](PricePlan& p) { p.prices[1].packageSize = 1; }, "packageSize stands in a row" },
        { [](PricePlan& p) { p.prices[1].freeUnits = -1; }, "freeUnits is negative" },
        { [](PricePlan& p) { p.prices[1].minimum = Rate { -1 }; }, "minimum is negative" },
        { [](PricePlan& p) { p.prices[0].minimum = Rate { 1 }; }, "minimum needs a SKU" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.says);
        auto standard = plan();
        row.spoil(standard);
        CHECK(outcomeOf(validate(standard)) == "invalid-argument");
        CHECK(detailOf(validate(standard)).find(row.says) != std::string::npos);
    }
    auto standard = plan();
    tiered(standard);
    CHECK(outcomeOf(validate(standard)) == "ok");
}

TEST_CASE("a mistake in a discount or a commitment is refused with its place")
{
    struct Row {
        std::function<void(PricePlan&)> spoil;
        std::string says;
    };
    const Discount offer { "Offer", 80'000, {}, Date { 10 }, Date { 20 } };
    const Commitment promise { "commit", "Commitment", "Commitments", Rate { 1 } };
    const std::vector<Row> rows {
        { [](PricePlan& p) { p.discounts[0].name.clear(); },
          "plan 'standard': discount 1: name is empty" },
        { [](PricePlan& p) { p.prices[1].discounts[0].name.clear(); },
          "row 2 (sku 'a10', meter 'gpu-seconds'): discount 1: name is empty" },
        { [](PricePlan& p) { p.discounts[0].millionths = 1'000'001; }, "percent is not between" },
        { [](PricePlan& p) { p.discounts[0].amount = Rate { -1 }; }, "amount is negative" },
        { [](PricePlan& p) { p.discounts[0].amount = Rate { 1 }; }, "is not either a percentage" },
        { [](PricePlan& p) { p.discounts[0].millionths = 0; }, "is not either a percentage" },
        { [](PricePlan& p) { p.discounts[0].until = p.discounts[0].from; },
          "until 1970-01-11 is not after from 1970-01-11" },
        { [](PricePlan& p) { p.commitments[0].sku.clear(); }, "commitment 1 (sku ''): sku is not" },
        { [](PricePlan& p) { p.commitments[0].name.clear(); }, "name is empty" },
        { [](PricePlan& p) { p.commitments[0].service.clear(); }, "service is empty" },
        { [](PricePlan& p) { p.commitments[0].amount = {}; }, "amount is not above zero" },
        { [](PricePlan& p) { p.commitments.push_back(p.commitments[0]); },
          "commitment 2 (sku 'commit'): sku is that of an earlier" },
        { [](PricePlan& p) { p.commitments[0].services = { "Bare metal" }; },
          "covers service 'Bare metal', which no row prices" },
        { [](PricePlan& p) {
             p.prices.erase(p.prices.begin());
             p.commitments[0].skus = { "b200" };
         },
          "covers SKU 'b200', which no row prices" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.says);
        auto standard = plan();
        standard.discounts = { offer };
        standard.prices[1].discounts = { offer };
        standard.commitments = { promise };
        REQUIRE(outcomeOf(validate(standard)) == "ok");
        row.spoil(standard);
        CHECK(outcomeOf(validate(standard)) == "invalid-argument");
        CHECK(detailOf(validate(standard)).find(row.says) != std::string::npos);
    }
}

TEST_CASE("price models have names that lead back to them")
{
    for (const auto model :
         { PriceModel::PerUnit, PriceModel::Graduated, PriceModel::Volume, PriceModel::Package })
        CHECK(priceModelFromWireName(wireName(model)).value() == model);
    CHECK(outcomeOf(priceModelFromWireName("tiers")) == "invalid-argument");
}

} // namespace quittance
