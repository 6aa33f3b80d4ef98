#include "core/formats/brand.h"
#include "core/formats/price_plan_file.h"
#include "core/formats/usage_mapping.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

std::string fileText(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(stream), {} };
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

constexpr std::string_view modelsFile
    = R"({"plan":"p","name":"P","effective":"2023-01-01","currency":"USD","prices":[
    {"sku":"a","meter":"calls","service":"S","name":"N","unit":"calls","per":1000,
     "model":"graduated","tiers":[{"upTo":100,"rate":"1.5","flat":"2"},{"rate":"0.000000001"}],
     "freeUnits":5,"minimum":"10",
     "discounts":[{"name":"Offer","percent":"20","from":"2023-11-16","until":"2024-01-01"}]},
    {"sku":"b","meter":"calls","service":"S","name":"N","unit":"calls","per":1000,
     "model":"package","rate":"4.99","packageSize":10}],
    "discounts":[{"name":"Voucher","amount":"50"}],
    "commitments":[{"sku":"commit","name":"Promise","service":"C","amount":"1000",
     "services":["S"],"skus":["a","b"]}]})";

} // namespace

TEST_CASE("Every shipped price plan is a good plan")
{
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("resources/prices")) {
        CAPTURE(entry.path().string());
        const auto plan = parsePricePlan(fileText(entry.path()));
        CHECK(detailOf(plan) == "");
        ++count;
    }
    CHECK(count >= 1);
}

TEST_CASE("The standard plan prices all that the shipped mappings can give")
{
    const auto plan = valueOf(parsePricePlan(fileText("resources/prices/standard.json")));
    for (const auto& entry : std::filesystem::directory_iterator("resources/mappings")) {
        const auto mapping = valueOf(parseUsageMapping(fileText(entry.path())));
        REQUIRE(mapping.sku);
        std::vector<std::string> skus;
        for (const auto& [value, sku] : mapping.sku->map)
            skus.push_back(sku);
        if (mapping.sku->ifEmpty)
            skus.push_back(*mapping.sku->ifEmpty);
        for (const auto& piece : mapping.sku->pieces)
            if (!piece.column)
                skus.push_back(piece.literal);
        REQUIRE(!skus.empty());
        for (const auto& sku : skus)
            for (const auto& measure : mapping.measures) {
                CAPTURE(sku);
                CAPTURE(measure.meter.name);
                CHECK(findPrice(plan, sku, measure.meter.name) != nullptr);
            }
    }
}

TEST_CASE("A price plan file is closed: each mistake is named with its place")
{
    const std::string good
        = R"({"plan":"p","name":"P","effective":"2023-01-01","currency":"USD","prices":[
        {"sku":"a","meter":"calls","service":"S","name":"N","unit":"calls","per":1000,"rate":"0.5",
         "discountPercent":"8","discountName":"D"}]})";
    const auto plan = valueOf(parsePricePlan(good));
    CHECK(plan.prices.front().rate.nanos == 500'000'000);
    CHECK(plan.prices.front().discountMillionths == 80'000);
    struct Case {
        const char* what;
        const char* with;
        const char* place;
    };
    const std::vector<Case> cases {
        { "\"plan\"", "\"plam\"", "plan" },
        { "2023-01-01", "2023-02-30", "effective" },
        { "USD", "XXQ", "currency" },
        { "\"per\":1000", "\"per\":0", "prices[0].per" },
        { R"("rate":"0.5")", "\"rate\":0.5", "prices[0].rate" },
        { R"("rate":"0.5")", R"("rate":"0.0000000001")", "prices[0].rate" },
        { R"("rate":"0.5")", R"("rate":"-1")", "rate" },
        { "\"unit\"", "\"units\"", "prices[0].unit" },
        { R"(,"discountName":"D")", "", "prices[0].discountName" },
        { R"("discountPercent":"8")", R"("discountPercent":"108")", "discount" },
        { R"("sku":"a")", R"("sku":"a","colour":"red")", "prices[0].colour" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.with);
        const auto bad = parsePricePlan(replaced(good, each.what, each.with));
        CHECK(outcomeOf(bad) == "invalid-argument");
        CHECK(detailOf(bad).find(each.place) != std::string::npos);
    }
    CHECK(outcomeOf(parsePricePlan("plan")) == "malformed-input");
    const auto twice = parsePricePlan(replaced(good, R"("per":1000)", R"("per":1000,"per":1)"));
    CHECK(outcomeOf(twice) == "malformed-input");
    CHECK(detailOf(twice).find("\"per\" is there twice") != std::string::npos);
}

TEST_CASE("Models, discounts and commitments are read from a plan file")
{
    const auto plan = valueOf(parsePricePlan(modelsFile));
    REQUIRE(plan.prices.size() == 2);
    const auto& tiered = plan.prices[0];
    CHECK(tiered.model == PriceModel::Graduated);
    CHECK(tiered.freeUnits == 5);
    CHECK(tiered.minimum == Rate { 10'000'000'000 });
    REQUIRE(tiered.tiers.size() == 2);
    CHECK(tiered.tiers[0] == PriceTier { 100, Rate { 1'500'000'000 }, Rate { 2'000'000'000 } });
    CHECK(tiered.tiers[1] == PriceTier { std::nullopt, Rate { 1 }, Rate {} });
    REQUIRE(tiered.discounts.size() == 1);
    CHECK(
        tiered.discounts[0]
        == Discount { "Offer",
                      200'000,
                      {},
                      valueOf(parseDate("2023-11-16")),
                      valueOf(parseDate("2024-01-01")) }
    );
    CHECK(plan.prices[1].model == PriceModel::Package);
    CHECK(plan.prices[1].packageSize == 10);
    CHECK(plan.prices[1].rate == Rate { 4'990'000'000 });
    REQUIRE(plan.discounts.size() == 1);
    CHECK(
        plan.discounts[0]
        == Discount { "Voucher", 0, Rate { 50'000'000'000 }, std::nullopt, std::nullopt }
    );
    REQUIRE(plan.commitments.size() == 1);
    CHECK(
        plan.commitments[0]
        == Commitment { "commit",
                        "Promise",
                        "C",
                        Rate { 1'000'000'000'000 },
                        { "S" },
                        { "a", "b" } }
    );
}

TEST_CASE("Each mistake in models, discounts and commitments is named with its place")
{
    struct Case {
        const char* what;
        const char* with;
        const char* place;
    };
    const std::vector<Case> cases {
        { "graduated", "stairs", "prices[0].model: 'stairs' is not a price model" },
        { "graduated", "per-unit", "prices[0].rate" },
        { R"("upTo":100,)", "", "tiers 1: has no end" },
        { R"("upTo":100)", R"("upTo":0)", "prices[0].tiers[0].upTo" },
        { R"("upTo":100)", R"("upTo":1.5)", "prices[0].tiers[0].upTo" },
        { R"("rate":"1.5")", R"("rate":"x")", "prices[0].tiers[0].rate" },
        { R"("flat":"2")", R"("flat":2.5)", "prices[0].tiers[0].flat" },
        { R"("flat":"2")", R"("flt":"2")", "prices[0].tiers[0].flt" },
        { R"({"rate":"0.000000001"})", R"({"upTo":200,"rate":"1"})", "tiers 2: the last one" },
        { R"("freeUnits":5)", R"("freeUnits":-5)", "prices[0].freeUnits" },
        { R"("freeUnits":5)", R"("freeUnits":5,"rate":"1")", "prices[0].rate" },
        { R"("freeUnits":5)", R"("freeUnits":5,"packageSize":1)", "prices[0].packageSize" },
        { R"("minimum":"10")", R"("minimum":"-10")", "minimum is negative" },
        { R"("packageSize":10)", R"("packageSize":0)", "prices[1].packageSize" },
        { R"(,"packageSize":10)", "", "prices[1].packageSize" },
        { R"("packageSize":10)", R"("packageSize":10,"tiers":[])", "prices[1].tiers" },
        { R"("name":"Offer",)", "", "prices[0].discounts[0].name" },
        { R"("percent":"20")", R"("percent":"20.00001")", "prices[0].discounts[0].percent" },
        { R"("percent":"20")", R"("percent":"120")", "discount 1: percent is not between" },
        { R"("percent":"20")", R"("percent":"20","amount":"1")", "prices[0].discounts[0].percent" },
        { R"("percent":"20",)", "", "prices[0].discounts[0].percent" },
        { "2023-11-16", "2023-11-31", "prices[0].discounts[0].from" },
        { "2024-01-01", "2023-11-16", "until 2023-11-16 is not after from 2023-11-16" },
        { R"("amount":"50")", R"("amount":"much")", "discounts[0].amount" },
        { R"("sku":"commit")", R"("sku":"")", "commitments[0].sku" },
        { R"("name":"Promise",)", "", "commitments[0].name" },
        { R"("amount":"1000")", R"("amount":"0")", "commitment 1 (sku 'commit'): amount" },
        { R"("services":["S"])", R"("services":["T"])", "it covers service 'T'" },
        { R"("skus":["a","b"])", R"("skus":["a","d"])", "it covers SKU 'd'" },
        { R"("skus":["a","b"])", R"("skus":"a")", "commitments[0].skus" },
        { R"("skus":["a","b"])", R"("sku s":["a"])", "commitments[0].sku s" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.what);
        CAPTURE(each.with);
        const auto bad = parsePricePlan(replaced(std::string(modelsFile), each.what, each.with));
        CHECK(outcomeOf(bad) == "invalid-argument");
        CHECK(detailOf(bad).find(each.place) != std::string::npos);
        CAPTURE(detailOf(bad));
    }
}

TEST_CASE("The shipped brand")
{
    const auto brand = valueOf(readBrand("resources/brand/northlake.json"));
    CHECK(brand.name == "Northlake");
    CHECK(brand.logoSvg.starts_with("<svg"));
    CHECK(brand.entities.size() == 2);
    CHECK(brand.entities.front().tax == TaxRate { "S", 190'000 });
}

TEST_CASE("A brand file is closed: each mistake is named with its place")
{
    const auto good = fileText("resources/brand/northlake.json");
    struct Case {
        const char* what;
        const char* with;
        const char* place;
    };
    const std::vector<Case> cases {
        { R"("name": "Northlake")", R"("nam": "Northlake")", "name" },
        { "#2f5fd0", "blue", "accentLight" },
        { "\"EUR\"", "\"XXQ\"", "entities[0].taxCurrency" },
        { "\"19\"", "\"lots\"", "entities[0].taxPercent" },
        { R"("series": "NU")", R"("serie": "NU")", "entities[1].series" },
        { "\"website\"", "\"webpage\"", "webpage" },
        { "\"19\"", "\"1000000000\"", "entities[0].taxPercent: should be 0 to 100" },
        { "\"19\"", "\"-1\"", "entities[0].taxPercent: should be 0 to 100" },
        { R"("series": "NU")", R"("series": "A B/../%")", "entities[1].series: should be" },
        { R"("series": "NU")", R"("series": "NL")", "entities[1].series: is an earlier" },
        { "northlake-us", "northlake-de", "entities[1].code: is an earlier" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.with);
        const auto bad = parseBrand(replaced(good, each.what, each.with), "");
        CHECK(outcomeOf(bad) == "invalid-argument");
        CHECK(detailOf(bad).find(each.place) != std::string::npos);
    }
    CHECK(outcomeOf(readBrand("resources/brand/absent.json")) == "not-found");
}
