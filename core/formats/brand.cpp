#include "core/formats/brand.h"

#include "core/formats/json_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace quittance::formats {

namespace {

constexpr int percentDigits = 4; // a TaxRate counts 1e-6, which is 1e-4 of a percent

bool isColour(std::string_view text)
{
    constexpr std::size_t length = std::string_view("#rrggbb").size();
    return text.size() == length && text.front() == '#'
        && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

std::string colour(JsonObject& object, std::string_view key)
{
    std::string text = object.wantedText(key);
    if (object.isGood() && !isColour(text))
        object.refuse(key, "must be a colour like #2f5fd0");
    return text;
}

BillParty readParty(JsonObject& object)
{
    BillParty party;
    party.legalName = object.wantedText("legalName");
    party.addressLines = object.texts("address");
    party.country = object.wantedText("country");
    party.taxIds = object.texts("taxIds");
    party.email = object.wantedText("email");
    return party;
}

TaxRate readTax(JsonObject& object)
{
    constexpr std::int64_t wholeMillionths = 1'000'000;
    TaxRate tax;
    tax.category = object.text("taxCategory", "O");
    if (!object.has("taxPercent"))
        return tax;
    const Result<std::int64_t> percent = parseFixed(object.decimal("taxPercent"), percentDigits);
    if (!percent)
        object.refuse("taxPercent", percent.error().detail);
    else if (*percent < 0 || *percent > wholeMillionths)
        object.refuse("taxPercent", "should be 0 to 100");
    else
        tax.millionths = *percent;
    return tax;
}

/// It begins every number of a bill, which names files and is typed on command lines.
std::string readSeries(JsonObject& object)
{
    constexpr std::size_t lengthMax = 20;
    constexpr std::string_view allowed
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    std::string series = object.wantedText("series");
    if (series.size() > lengthMax || series.find_first_not_of(allowed) != std::string::npos)
        object.refuse("series", "should be at most 20 letters, digits and dashes");
    return series;
}

/// Two companies of one code would be one, and of one series give a number twice.
void refuseTwice(JsonObject& object, const std::vector<BrandEntity>& entities)
{
    std::set<std::string_view> codes;
    std::set<std::string_view> series;
    for (std::size_t i = 0; i < entities.size(); ++i) {
        if (!codes.insert(entities[i].code).second)
            object.refuse(fmt::format("entities[{}].code", i), "is an earlier company's already");
        if (!series.insert(entities[i].series).second)
            object.refuse(fmt::format("entities[{}].series", i), "is an earlier company's already");
    }
}

Rounding readRounding(JsonObject& object)
{
    const std::string name = object.text("taxRounding", "half-away-from-zero");
    if (name == "half-even")
        return Rounding::HalfEven;
    if (name != "half-away-from-zero")
        object.refuse("taxRounding", R"(must be "half-away-from-zero" or "half-even")");
    return Rounding::HalfAwayFromZero;
}

BrandEntity readEntity(JsonObject& object)
{
    BrandEntity entity;
    entity.code = object.wantedText("code");
    entity.party = readParty(object);
    entity.bankLines = object.texts("bank");
    entity.series = readSeries(object);
    const Result<Currency> currency = Currency::find(object.wantedText("taxCurrency"));
    if (currency)
        entity.taxCurrency = *currency;
    else if (object.isGood())
        object.refuse("taxCurrency", currency.error().detail);
    entity.tax = readTax(object);
    entity.taxNote = object.text("taxNote", "");
    entity.taxRounding = readRounding(object);
    object.close();
    return entity;
}

Result<std::string> readFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, fmt::format("cannot read {}", file.string()));
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The "logo" of a brand file, before the rest is read.
Result<std::string> logoName(std::string_view json)
{
    QUITTANCE_TRY(JsonObject object, JsonObject::parse(json, "brand file"));
    std::string name = object.text("logo", "");
    QUITTANCE_CHECK(object.error());
    return name;
}

} // namespace

Result<Brand> parseBrand(std::string_view json, std::string logoSvg)
{
    QUITTANCE_TRY(JsonObject object, JsonObject::parse(json, "brand file"));
    Brand brand;
    brand.name = object.wantedText("name");
    brand.logoSvg = std::move(logoSvg);
    static_cast<void>(object.text("logo", ""));
    brand.accentLight = colour(object, "accentLight");
    brand.accentDark = colour(object, "accentDark");
    brand.website = object.text("website", "");
    brand.supportEmail = object.text("supportEmail", "");
    for (JsonObject& entity : object.objects("entities"))
        brand.entities.push_back(readEntity(entity));
    refuseTwice(object, brand.entities);
    if (object.isGood() && brand.entities.empty())
        object.refuse("entities", "must name at least one company that bills");
    object.close();
    QUITTANCE_CHECK(object.error());
    return brand;
}

Result<BrandFile> readBrandFile(const std::filesystem::path& file)
{
    BrandFile read;
    QUITTANCE_TRY(read.json, readFile(file));
    QUITTANCE_TRY(const std::string logo, logoName(read.json));
    if (!logo.empty()) {
        QUITTANCE_TRY(read.logoSvg, readFile(file.parent_path() / logo));
    }
    return read;
}

Result<Brand> readBrand(const std::filesystem::path& file)
{
    QUITTANCE_TRY(BrandFile read, readBrandFile(file));
    return parseBrand(read.json, std::move(read.logoSvg));
}

} // namespace quittance::formats
