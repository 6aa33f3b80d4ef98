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
