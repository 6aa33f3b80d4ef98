#include "core/formats/usage_mapping.h"

#include "core/domain/meters.h"
#include "core/formats/json_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::size_t measuresMax = 32;
constexpr std::size_t sourceBytesMax = 100;

ColumnIndex columnIndex(UsageMapping& mapping, const std::string& name)
{
    const auto found = std::ranges::find(mapping.columns, name);
    if (found == mapping.columns.end()) {
        mapping.columns.push_back(name);
        return mapping.columns.size() - 1;
    }
    return static_cast<ColumnIndex>(found - mapping.columns.begin());
}

ColumnIndex readColumn(JsonObject& json, UsageMapping& mapping)
{
    return columnIndex(mapping, json.wantedText("column"));
}

/// "gpu-{model}-{size}"; a brace of the text itself is doubled.
void readTemplate(
    JsonObject& json, std::string_view text, UsageMapping& mapping, TextExpression& out
)
{
    std::string literal;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = text[at];
        if ((byte == '{' || byte == '}') && text.substr(at + 1, 1) == text.substr(at, 1)) {
            literal += byte;
            ++at;
        } else if (byte == '{') {
            const auto close = text.find('}', at);
            if (close == std::string_view::npos || close == at + 1)
                return json.refuse("template", "has a { without a column name and }");
            if (!literal.empty())
                out.pieces.push_back({ std::exchange(literal, {}), std::nullopt });
            out.pieces.push_back(
                { {}, columnIndex(mapping, std::string(text.substr(at + 1, close - at - 1))) }
            );
            at = close;
        } else if (byte == '}')
            return json.refuse("template", "has a } without a {");
        else
            literal += byte;
    }
    if (!literal.empty())
        out.pieces.push_back({ std::move(literal), std::nullopt });
}

void readTextMap(JsonObject& json, TextExpression& out)
{
    auto map = json.object("map");
    if (!map)
        return;
    for (const auto& key : map->keys())
        out.map.emplace(key, map->text(key));
    if (out.map.empty())
        json.refuse("map", "is empty");
}

std::optional<std::string> optionalText(JsonObject& json, std::string_view key)
{
    return json.has(key) ? std::optional(json.text(key)) : std::nullopt;
}

TextExpression readText(JsonObject& json, UsageMapping& mapping, bool isNeeded)
{
    TextExpression out;
    out.isNeeded = isNeeded;
    const auto kinds = static_cast<int>(json.has("column")) + static_cast<int>(json.has("constant"))
        + static_cast<int>(json.has("template"));
    if (kinds != 1)
        json.refuse("", R"(needs one of "column", "constant" and "template")");
    else if (json.has("constant"))
        out.pieces.push_back({ json.text("constant"), std::nullopt });
    else if (json.has("column"))
        out.pieces.push_back({ {}, readColumn(json, mapping) });
    else
        readTemplate(json, json.wantedText("template"), mapping, out);
    if (json.has("splitAt"))
        out.splitAt = json.wantedText("splitAt");
    out.lowerCase = json.flag("lowerCase", false);
    out.ifEmpty = optionalText(json, "ifEmpty");
    out.otherwise = optionalText(json, "default");
    readTextMap(json, out);
    if (out.otherwise && out.map.empty())
        json.refuse("default", R"(is of no use without "map"; perhaps "ifEmpty" is meant)");
    json.close();
    return out;
}

std::optional<TextExpression>
readOptionalText(JsonObject& json, std::string_view key, UsageMapping& mapping, bool isNeeded)
{
    auto object = json.object(key);
    if (!object)
        return std::nullopt;
    return readText(*object, mapping, isNeeded);
}

ExactDecimal readDecimal(JsonObject& json, std::string_view key)
{
    const auto value = parseExact(json.decimal(key));
    if (!value)
        json.refuse(key, "is not a decimal number");
    else if (value->mantissa < 0)
        json.refuse(key, "is negative");
    return value.value_or(ExactDecimal {});
}

NumberExpression::Factor readFactor(JsonObject& json, UsageMapping& mapping)
{
    using Kind = NumberExpression::Factor::Kind;
    NumberExpression::Factor out;
    const auto kinds = static_cast<int>(json.has("column")) + static_cast<int>(json.has("constant"))
        + static_cast<int>(json.has("duration"));
    if (kinds != 1)
        json.refuse("", R"(needs one of "column", "constant", "duration" and "product")");
    else if (json.has("column")) {
        out.kind = Kind::Column;
        out.column = readColumn(json, mapping);
        if (json.has("ifEmpty"))
            out.ifEmpty = readDecimal(json, "ifEmpty");
    } else if (json.has("constant"))
        out.constant = readDecimal(json, "constant");
    else {
        out.kind = Kind::Duration;
        if (!json.flag("duration", true))
            json.refuse("duration", "should be true");
    }
    return out;
}

Fit readFit(JsonObject& json)
{
    const auto name = json.text("rounding", "exact");
    if (name == "half-even")
        return Fit::HalfEven;
    if (name == "down")
        return Fit::Down;
    if (name != "exact")
        json.refuse("rounding", R"(should be "exact", "half-even" or "down")");
    return Fit::Exact;
}

NumberExpression readNumber(JsonObject& json, UsageMapping& mapping)
{
    constexpr std::int64_t divisorMax = 1'000'000'000'000'000;
    NumberExpression out;
    if (json.has("product")) {
        for (auto& factor : json.objects("product")) {
            out.factors.push_back(readFactor(factor, mapping));
            factor.close();
        }
        if (out.factors.empty())
            json.refuse("product", "is empty");
    } else
        out.factors.push_back(readFactor(json, mapping));
    if (json.has("scale")) {
        NumberExpression::Factor scale;
        scale.constant = readDecimal(json, "scale");
        out.factors.push_back(scale);
    }
    if (json.has("divideBy"))
        out.divisor = json.integer("divideBy", 1, divisorMax);
    out.fit = readFit(json);
    json.close();
    return out;
}

struct TimeDefaults {
    std::optional<std::string> format;
    std::optional<std::string> zone;
    std::optional<std::string> epoch;
};

TimeDefaults readTimeDefaults(JsonObject& json)
{
    auto time = json.object("time");
    if (!time)
        return {};
    TimeDefaults out { optionalText(*time, "format"), optionalText(*time, "zone"),
                       optionalText(*time, "epoch") };
    time->close();
    return out;
}

void readEpoch(JsonObject& json, const std::string& text, TimeRule& rule)
{
    const auto epoch = parseInstant(text);
    if (epoch)
        rule.epoch = *epoch;
    else
        json.refuse(
            "epoch", fmt::format("\"{}\" is not a time such as 2023-07-01T00:00:00Z", text)
        );
}

TimeRule readTimeRule(JsonObject& json, const TimeDefaults& defaults)
{
    TimeRule out;
    const auto own = [&json](std::string_view key, const std::optional<std::string>& otherwise) {
        return json.has(key) ? std::optional(json.text(key)) : otherwise;
    };
    const auto name = own("format", defaults.format);
    const auto format = name ? timeFormatFromName(*name) : std::nullopt;
    if (!format)
        json.refuse(
            "format",
            "should be \"rfc3339\", \"local\", \"seconds\", \"milliseconds\", \"microseconds\" or "
            "\"nanoseconds\" (here, or in \"time\")"
        );
    out.format = format.value_or(TimeFormat::Rfc3339);
    const auto zone = own("zone", defaults.zone);
    const auto epoch = own("epoch", defaults.epoch);
    if (out.format == TimeFormat::Local) {
        if (!zone)
            json.refuse(
                "zone",
                R"(is missing: a local time needs its zone, such as "UTC" (here, or in "time"))"
            );
        out.zone = zone.value_or("UTC");
    } else if (json.has("zone"))
        json.refuse("zone", "is of no use here: only \"local\" times have one");
    if (out.format == TimeFormat::Rfc3339 || out.format == TimeFormat::Local) {
        if (json.has("epoch"))
            json.refuse("epoch", "is of no use here: only counted times have one");
    } else if (epoch)
        readEpoch(json, *epoch, out);
    return out;
}

std::optional<TimeExpression> readTime(
    JsonObject& json, std::string_view key, UsageMapping& mapping, const TimeDefaults& defaults
)
{
    auto object = json.object(key);
    if (!object)
        return std::nullopt;
    TimeExpression out;
    out.column = readColumn(*object, mapping);
    out.rule = readTimeRule(*object, defaults);
    auto parser = TimeParser::create(out.rule);
    if (!parser)
        object->refuse(
            "zone", fmt::format("\"{}\" is not a time zone that is known", out.rule.zone)
        );
    if (const auto text = optionalText(*object, "ifEmpty"); text && parser) {
        const auto instant = parser->parse(*text);
        if (instant)
            out.ifEmpty = *instant;
        else
            object->refuse("ifEmpty", instant.error().detail);
    }
    object->close();
    return out;
}

void readTimes(JsonObject& json, UsageMapping& mapping)
{
    const auto defaults = readTimeDefaults(json);
    mapping.start = readTime(json, "start", mapping, defaults);
    mapping.end = readTime(json, "end", mapping, defaults);
    if (auto duration = json.object("duration"))
        mapping.duration = readNumber(*duration, mapping);
    if (mapping.start && mapping.end && mapping.duration)
        json.refuse("duration", R"(is one too many: "start" and "end" are there)");
    if (!mapping.start && !mapping.end)
        json.refuse("start", R"(is missing (or "end" with "duration"))");
    if (!mapping.start && mapping.end && !mapping.duration)
        json.refuse("duration", "is missing: \"end\" alone does not say when the use began");
    if (mapping.duration)
        for (const auto& factor : mapping.duration->factors)
            if (factor.kind == NumberExpression::Factor::Kind::Duration)
                json.refuse("duration", "cannot be made of itself");
}

bool isPlainName(std::string_view name)
{
    constexpr std::size_t nameBytesMax = 60;
    return !name.empty() && name.size() <= nameBytesMax
        && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-")
        == std::string_view::npos;
}

std::vector<Meter> readMeters(JsonObject& json)
{
    constexpr int meterDigitsMax = 9;
    std::vector<Meter> out;
    for (auto& entry : json.objects("meters")) {
        Meter meter { entry.wantedText("name"), entry.wantedText("unit"),
                      static_cast<int>(entry.integer("digits", 0, meterDigitsMax)) };
        entry.close();
        const auto* const standard = findStandardMeter(meter.name);
        if (!isPlainName(meter.name))
            entry.refuse("name", "should be lower case letters, digits and dashes");
        else if (standard != nullptr && *standard != meter)
            entry.refuse(
                "name",
                fmt::format(
                    "\"{}\" is a standard meter with unit {} and {} digits", meter.name,
                    standard->unit, standard->digits
                )
            );
        else if (std::ranges::find(out, meter.name, &Meter::name) != out.end())
            entry.refuse("name", "is there twice");
        out.push_back(std::move(meter));
    }
    return out;
}

Meter findMeter(JsonObject& json, const std::vector<Meter>& declared)
{
    const auto name = json.wantedText("meter");
    if (const auto own = std::ranges::find(declared, name, &Meter::name); own != declared.end())
        return *own;
    if (const auto* const standard = findStandardMeter(name))
        return *standard;
    json.refuse(
        "meter", fmt::format(R"("{}" is no standard meter and is not declared in "meters")", name)
    );
    return {};
}

bool usesDuration(const NumberExpression& number)
{
    return std::ranges::any_of(number.factors, [](const auto& factor) {
        return factor.kind == NumberExpression::Factor::Kind::Duration;
    });
}

void readMeasures(JsonObject& json, UsageMapping& mapping)
{
    const auto declared = readMeters(json);
    for (auto& entry : json.objects("measures")) {
        Measure measure;
        measure.meter = findMeter(entry, declared);
        if (auto quantity = entry.object("quantity"))
            measure.quantity = readNumber(*quantity, mapping);
        else
            entry.refuse("quantity", "is missing");
        if (usesDuration(measure.quantity) && !mapping.end && !mapping.duration)
            entry.refuse(
                "quantity", R"(uses the duration, but there is no "end" and no "duration")"
            );
        measure.sku = readOptionalText(entry, "sku", mapping, true);
        measure.omitZero = entry.flag("omitZero", false);
        entry.close();
        if (std::ranges::any_of(mapping.measures, [&measure](const auto& other) {
                return other.meter.name == measure.meter.name;
            }))
            entry.refuse("meter", "is there twice");
        mapping.measures.push_back(std::move(measure));
    }
    if (mapping.measures.empty())
        json.refuse("measures", "is missing or empty");
    if (mapping.measures.size() > measuresMax)
        json.refuse("measures", fmt::format("has more than {}", measuresMax));
}

SkipCondition readCondition(JsonObject& json, UsageMapping& mapping)
{
    SkipCondition out;
    out.column = readColumn(json, mapping);
    out.negated = json.flag("not", false);
    const auto kinds = static_cast<int>(json.has("empty")) + static_cast<int>(json.has("equals"))
        + static_cast<int>(json.has("in")) + static_cast<int>(json.has("prefix"));
    if (kinds != 1)
        json.refuse("", R"(needs one of "empty", "equals", "in" and "prefix")");
    else if (json.has("empty")) {
        if (!json.flag("empty", true))
            json.refuse(
                "empty", "should be true (with \"not\": true for a column that has a value)"
            );
    } else if (json.has("prefix")) {
        out.kind = SkipCondition::Kind::Prefix;
        out.values = { json.wantedText("prefix") };
    } else {
        out.kind = SkipCondition::Kind::In;
        out.values = json.has("in") ? json.texts("in") : std::vector { json.text("equals") };
        if (out.values.empty())
            json.refuse("in", "is empty");
    }
    return out;
}

void readSkips(JsonObject& json, UsageMapping& mapping)
{
    for (auto& entry : json.objects("skip")) {
        SkipRule rule;
        rule.reason = entry.wantedText("reason");
        rule.conditions.push_back(readCondition(entry, mapping));
        for (auto& more : entry.objects("and")) {
            rule.conditions.push_back(readCondition(more, mapping));
            more.close();
        }
        entry.close();
        mapping.skips.push_back(std::move(rule));
    }
}

MappingAccount readConstantAccount(JsonObject& json)
{
    MappingAccount out;
    out.name = json.wantedText("name");
    const auto currency = Currency::find(json.wantedText("currency"));
    if (currency)
        out.currency = *currency;
    else
        json.refuse("currency", currency.error().detail);
    out.timeZone = json.text("timeZone", "UTC");
    if (!TimeZone::find(out.timeZone))
        json.refuse(
            "timeZone", fmt::format("\"{}\" is not a time zone that is known", out.timeZone)
        );
    out.plan = json.text("plan", "");
    json.close();
    return out;
}

void readAccount(JsonObject& json, UsageMapping& mapping)
{
    auto account = json.object("account");
    if (!account)
        return;
    if (account->has("name"))
        mapping.account = readConstantAccount(*account);
    else
        mapping.accountColumn = readText(*account, mapping, true);
}

void readCsvOptions(JsonObject& json, UsageMapping& mapping)
{
    auto csv = json.object("csv");
    if (!csv)
        return;
    if (mapping.format != RecordFormat::Csv)
        json.refuse("csv", "is of no use with this \"format\"");
    const auto delimiter = csv->text("delimiter", ",");
    constexpr std::string_view allowed = ",;\t|";
    if (delimiter.size() != 1 || allowed.find(delimiter.front()) == std::string_view::npos)
        csv->refuse("delimiter", "should be a comma, a semicolon, a tab or |");
    else
        mapping.delimiter = delimiter.front();
    mapping.headerless = csv->texts("columns");
    csv->close();
}

void readFormat(JsonObject& json, UsageMapping& mapping)
{
    const auto format = json.text("format");
    if (format == "ndjson")
        mapping.format = RecordFormat::Ndjson;
    else if (format != "csv")
        json.refuse("format", R"(should be "csv" or "ndjson")");
    readCsvOptions(json, mapping);
}

void readAll(JsonObject& json, UsageMapping& mapping)
{
    mapping.description = json.text("description", "");
    mapping.source = json.wantedText("source");
    if (mapping.source.size() > sourceBytesMax)
        json.refuse("source", fmt::format("is longer than {} bytes", sourceBytesMax));
    readFormat(json, mapping);
    mapping.emptyValues = json.texts("emptyValues");
    readAccount(json, mapping);
    for (const auto& name : json.texts("id"))
        mapping.id.push_back(columnIndex(mapping, name));
    mapping.resource = readOptionalText(json, "resource", mapping, false);
    mapping.project = readOptionalText(json, "project", mapping, false);
    mapping.sku = readOptionalText(json, "sku", mapping, true);
    readTimes(json, mapping);
    readMeasures(json, mapping);
    readSkips(json, mapping);
    json.close();
}

} // namespace

std::vector<Meter> UsageMapping::meters() const
{
    std::vector<Meter> out;
    for (const auto& measure : measures)
        out.push_back(measure.meter);
    return out;
}

Result<UsageMapping> parseUsageMapping(std::string_view text, std::string_view what)
{
    QUITTANCE_TRY(auto json, JsonObject::parse(text, what));
    UsageMapping mapping;
    readAll(json, mapping);
    QUITTANCE_CHECK(json.error());
    return mapping;
}

} // namespace quittance::formats
