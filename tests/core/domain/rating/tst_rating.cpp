#include "core/domain/rating/corrections.h"
#include "core/domain/rating/rating.h"
#include "tests/support/results.h"
#include "tests/support/table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quittance {

using testing::detailOf;
using testing::outcomeOf;
using testing::TableCase;
using testing::TableCells;
using testing::TableRow;
using testing::textOf;
using testing::valueOf;

namespace {

constexpr std::string_view tablesFolder
    = "tests/core/domain/rating"; // seen from the project's folder
constexpr int percentDigits = 4; // 1% = 10'000 millionths

const std::array meters { Meter { "gpu-seconds", "GPU-s", 6 }, Meter { "calls", "call", 0 },
                          Meter { "bytes", "B", 0 } };

int digitsOf(std::string_view meter)
{
    const auto* const found = std::ranges::find(meters, meter, &Meter::name);
    return found == meters.end() ? 0 : found->digits;
}

std::int64_t number(const std::string& text, int digits = 0)
{
    return valueOf(parseFixed(text, digits));
}

Price priceOf(const TableRow& row)
{
    Price price;
    price.sku = row.at("sku");
    price.meter = row.at("meter");
    price.service = row.at("service");
    price.name = row.at("name");
    price.unit = row.at("unit");
    price.per = number(row.at("per"));
    price.rate = valueOf(parseRate(row.at("rate")));
    price.discountMillionths = number(row.get("discount", "0"), percentDigits);
    price.discountName = row.get("discount name", "");
    price.model = valueOf(priceModelFromWireName(row.get("model", "per-unit")));
    price.packageSize = number(row.get("package size", "0"));
    price.freeUnits = number(row.get("free", "0"));
    price.minimum = valueOf(parseRate(row.get("minimum", "0")));
    return price;
}

std::optional<Date> dayOrNone(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional(valueOf(parseDate(text)));
}

Discount discountOf(const TableRow& row)
{
    return { row.at("name"), number(row.get("percent", "0"), percentDigits),
             valueOf(parseRate(row.get("amount", "0"))), dayOrNone(row.get("from", "")),
             dayOrNone(row.get("until", "")) };
}

std::vector<std::string> namesOf(const std::string& text)
{
    return text.empty() ? std::vector<std::string> {} : std::vector { text };
}

PricePlan& versionOf(std::vector<PricePlan>& versions, const TableRow& row)
{
    const auto version = static_cast<std::int32_t>(number(row.at("version")));
    return *std::ranges::find(versions, version, &PricePlan::version);
}

Price& rowOf(PricePlan& version, const TableRow& row)
{
    return *std::ranges::find_if(version.prices, [&](const Price& price) {
        return price.sku == row.at("sku") && price.meter == row.at("meter");
    });
}

/// Tiers, discounts and commitments of the versions that the table of prices made.
void addModels(const TableCase& example, std::vector<PricePlan>& versions)
{
    for (const auto& row : example.table("tiers").rows) {
        PriceTier tier;
        if (const auto upTo = row.get("up to", ""); !upTo.empty())
            tier.upTo = number(upTo);
        tier.rate = valueOf(parseRate(row.at("rate")));
        tier.flat = valueOf(parseRate(row.get("flat", "0")));
        rowOf(versionOf(versions, row), row).tiers.push_back(tier);
    }
    for (const auto& row : example.table("discounts").rows) {
        const auto& scope = row.at("of");
        if (scope == "price")
            rowOf(versionOf(versions, row), row).discounts.push_back(discountOf(row));
        else if (scope == "plan")
            versionOf(versions, row).discounts.push_back(discountOf(row));
    }
    for (const auto& row : example.table("commitments").rows)
        versionOf(versions, row)
            .commitments.push_back({ row.at("sku"), row.at("name"), row.at("service"),
                                     valueOf(parseRate(row.at("amount"))),
                                     namesOf(row.get("services", "")),
                                     namesOf(row.get("skus", "")) });
}

std::vector<Discount> accountDiscounts(const TableCase& example)
{
    std::vector<Discount> discounts;
    for (const auto& row : example.table("discounts").rows) {
        if (row.at("of") == "account")
            discounts.push_back(discountOf(row));
    }
    return discounts;
}

std::vector<PricePlan> versionsOf(const TableCase& example, const std::string& currency)
{
    std::vector<PricePlan> versions;
    for (const auto& row : example.table("prices").rows) {
        const auto version = static_cast<std::int32_t>(number(row.at("version")));
        auto place = std::ranges::find(versions, version, &PricePlan::version);
        if (place == versions.end()) {
            versions.push_back({ "standard",
                                 version,
                                 valueOf(parseDate(row.at("effective"))),
                                 valueOf(Currency::find(row.get("currency", currency))),
                                 "Standard",
                                 {} });
            place = versions.end() - 1;
        }
        place->prices.push_back(priceOf(row));
    }
    addModels(example, versions);
    for (const PricePlan& version : versions)
        CHECK(outcomeOf(validate(version)) == "ok");
    return versions;
}

std::vector<UsageRow> usageOf(const TableCase& example, std::string_view table = "usage")
{
    std::vector<UsageRow> usage;
    for (const auto& row : example.table(table).rows) {
        const auto& meter = row.at("meter");
        usage.push_back({ valueOf(parseDate(row.at("day"))), meter, row.at("sku"),
                          row.at("project"), row.at("resource"),
                          number(row.at("quantity"), digitsOf(meter)), number(row.at("events")) });
    }
    return usage;
}

Result<RatedUsage> rate(const TableCase& example, const std::vector<UsageRow>& usage)
{
    REQUIRE(example.table("account").rows.size() == 1);
    const auto& account = example.table("account").rows.front();
    const auto versions = versionsOf(example, account.at("currency"));
    const auto discounts = accountDiscounts(example);
    return rateUsage({ usage, versions, meters, valueOf(TimeZone::find(account.at("zone"))),
                       valueOf(parseMonth(account.at("month"))),
                       valueOf(Currency::find(account.at("currency"))), TaxRate {}, discounts,
                       dayOrNone(account.get("held from", "")) });
}

/// Where use came late: its correction of the bill that was made of the rest.
Result<RatedUsage> rate(const TableCase& example)
{
    auto usage = usageOf(example);
    auto billed = rate(example, usage);
    if (!billed || !example.has("late"))
        return billed;
    for (const UsageRow& row : usageOf(example, "late"))
        usage.push_back(row);
    const CorrectedBill corrects {
        7, "TL-2023-000007", valueOf(parseMonth(example.table("account").rows.front().at("month")))
    };
    return correctionOf(*billed, valueOf(rate(example, usage)), corrects);
}

TableCells cellsOf(const BillLine& line)
{
    return { { "number", fmt::to_string(line.number) },
             { "sku", line.sku },
             { "meter", line.meter },
             { "service", line.service },
             { "name", line.name },
             { "plan", line.plan },
             { "version", fmt::to_string(line.planVersion) },
             { "quantity", formatFixed(line.quantity, line.quantityDigits, true) },
             { "unit", line.unit },
             { "rate", toText(line.rate) },
             { "discount", formatFixed(line.discountMillionths, percentDigits, true) },
             { "discount name", line.discountName },
             { "amount", amountText(line.amount) },
             { "begin", toText(line.period.begin) },
             { "end", toText(line.period.end) } };
}

TableCells cellsOf(const CostRow& cost, const RatedUsage& rated)
{
    const auto& line = rated.lines.at(static_cast<std::size_t>(cost.line - 1));
    return { { "line", fmt::to_string(cost.line) },
             { "day", toText(cost.day) },
             { "project", cost.project },
             { "resource", cost.resource },
             { "quantity", formatFixed(cost.quantity, line.quantityDigits, true) },
             { "amount", amountText({ cost.amountMinor, line.amount.currency }) },
             { "events", fmt::to_string(cost.events) } };
}

std::vector<TableCells> stepCells(const BillLine& line)
{
    std::vector<TableCells> cells;
    for (const auto& step : valueOf(explain(line)).steps)
        cells.push_back({ { "line", fmt::to_string(line.number) },
                          { "kind", std::string(wireName(step.kind)) },
                          { "tier", step.tier == 0 ? "" : fmt::to_string(step.tier) },
                          { "name", step.name },
                          { "quantity", step.quantity },
                          { "size", step.size },
                          { "rate", step.rate },
                          { "percent", step.percent },
                          { "amount", step.amount } });
    return cells;
}

TableCells cellsOf(const UnpricedUsage& use)
{
    return { { "meter", use.meter },
             { "sku", use.sku },
             { "quantity", formatFixed(use.quantity, digitsOf(use.meter), true) },
             { "events", fmt::to_string(use.events) },
             { "first", toText(use.firstDay) } };
}

void compare(
    const TableCase& example, std::string_view table, const std::vector<TableCells>& actual
)
{
    if (!example.has(table))
        return;
    const auto& expected = example.table(table);
    CHECK(textOf(expected.columns, actual) == textOf(expected));
}

void checkRated(const TableCase& example, const RatedUsage& rated)
{
    std::vector<TableCells> lines;
    std::vector<TableCells> costs;
    std::vector<TableCells> unpriced;
    std::vector<TableCells> steps;
    for (const auto& line : rated.lines)
        lines.push_back(cellsOf(line));
    for (const auto& line : rated.lines)
        std::ranges::copy(stepCells(line), std::back_inserter(steps));
    for (const auto& cost : rated.costs)
        costs.push_back(cellsOf(cost, rated));
    for (const auto& use : rated.unpriced)
        unpriced.push_back(cellsOf(use));
    compare(example, "lines", lines);
    compare(example, "steps", steps);
    compare(example, "costs", costs);
    compare(example, "unpriced", unpriced);
    CHECK(rated.unpriced.empty() == example.table("unpriced").rows.empty());
}

BillLine lineOf(const TableRow& row)
{
    BillLine line;
    line.quantityDigits = static_cast<int>(number(row.at("digits")));
    line.quantity = number(row.at("quantity"), line.quantityDigits);
    line.per = number(row.at("per"));
    line.rate = valueOf(parseRate(row.at("rate")));
    line.discountMillionths = number(row.get("discount", "0"), percentDigits);
    line.amount = valueOf(parseMoney(row.at("amount"), row.at("currency")));
    return line;
}

BillLine taxedLine(std::string category, std::int64_t millionths, std::int64_t minor)
{
    BillLine line;
    line.tax = { std::move(category), millionths };
    line.amount = Money { minor, {} };
    return line;
}

} // namespace

TEST_CASE("usage is rated as the tables say")
{
    int rated = 0;
    for (const auto& example : testing::readTableFolder(tablesFolder)) {
        if (!example.has("result"))
            continue;
        ++rated;
        INFO(example.name);
        const auto result = rate(example);
        const auto& expected = example.table("result").rows.at(0);
        CHECK(outcomeOf(result) == expected.at("outcome"));
        CHECK(detailOf(result) == expected.get("detail", ""));
        if (!result)
            continue;
        CHECK(amountText(result->net) == expected.at("net"));
        checkRated(example, *result);
    }
    CHECK(rated > 20);
}

TEST_CASE("a line explains its arithmetic, and the steps add up as shown")
{
    const auto examples = testing::readTableFile(std::string(tablesFolder) + "/arithmetic.table");
    const auto& table = examples.at(0).table("arithmetic");
    REQUIRE(!table.rows.empty());
    for (const auto& row : table.rows) {
        CAPTURE(row.line);
        const auto line = lineOf(row);
        const auto steps = valueOf(explain(line));
        CHECK(steps.meterQuantity == row.at("meter quantity"));
        CHECK(steps.quantity == row.at("sold"));
        CHECK(steps.quantityIsExact == (row.at("is exact") == "yes"));
        CHECK(steps.rate == row.at("shown rate"));
        CHECK(steps.gross == row.at("gross"));
        CHECK(steps.discount == row.at("less"));
        CHECK(steps.exact == row.at("exact"));
        CHECK(steps.rounding == row.at("rounding"));
        CHECK(steps.amount == row.at("amount"));
        const auto nanos
            = [](const std::string& text) { return text.empty() ? 0 : number(text, rateDigits); };
        CHECK(nanos(steps.gross) - nanos(steps.discount) == nanos(steps.exact));
        CHECK(nanos(steps.exact) + nanos(steps.rounding) == nanos(steps.amount));
        const auto exact = valueOf(exactAmount(line));
        CHECK(
            divideRounded(exact.numerator, exact.denominator, Rounding::HalfEven)
            == line.amount.minor
        );
    }
}

TEST_CASE("a line that no price makes is refused")
{
    BillLine line;
    line.quantity = 1;
    line.rate = Rate { 1 };
    CHECK(outcomeOf(exactAmount(line)) == "ok");
    for (const auto spoil :
         { +[](BillLine& l) { l.per = 0; }, +[](BillLine& l) { l.quantityDigits = 10; },
           +[](BillLine& l) { l.quantityDigits = -1; },
           +[](BillLine& l) { l.discountMillionths = 1'000'001; },
           +[](BillLine& l) { l.discountMillionths = -1; } }) {
        BillLine bad = line;
        spoil(bad);
        CHECK(outcomeOf(exactAmount(bad)) == "invalid-argument");
        CHECK(outcomeOf(explain(bad)) == "invalid-argument");
    }
}

TEST_CASE("the widest lines are exact or an overflow, never wrong")
{
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    BillLine line;
    line.quantity = highest;
    line.quantityDigits = 9;
    line.rate = Rate { highest };
    line.per = 1;
    CHECK(outcomeOf(exactAmount(line)) == "ok");
    line.discountMillionths = 1;
    CHECK(outcomeOf(exactAmount(line)) == "overflow");
    line.per = highest; // cancels the quantity
    CHECK(outcomeOf(exactAmount(line)) == "ok");
    line.quantity = std::numeric_limits<std::int64_t>::min();
    line.per = 1;
    line.rate = Rate { 0 };
    const auto exact = valueOf(exactAmount(line));
    CHECK(exact.numerator == 0);
    CHECK(exact.denominator > 0);
}

TEST_CASE("tax is taken from the sum of each category and rate")
{
    const std::vector lines { taxedLine("S", 190'000, 1'003), taxedLine("S", 70'000, 1'050),
                              taxedLine("S", 190'000, 1'002), taxedLine("AE", 0, 500),
                              taxedLine("S", 190'000, -5) };
    const auto totals = valueOf(totalTaxes(lines, {}, Rounding::HalfAwayFromZero));
    REQUIRE(totals.size() == 3);
    CHECK(totals[0] == TaxTotal { { "AE", 0 }, Money { 500, {} }, Money { 0, {} } });
    CHECK(totals[1] == TaxTotal { { "S", 70'000 }, Money { 1'050, {} }, Money { 74, {} } });
    CHECK(totals[2] == TaxTotal { { "S", 190'000 }, Money { 2'000, {} }, Money { 380, {} } });
    CHECK(valueOf(totalTaxes({}, {}, Rounding::HalfEven)).empty());
}

TEST_CASE("tax rounds as it is told, and refuses other currencies")
{
    // 10% of 0.25 is two and a half cents.
    const std::vector lines { taxedLine("S", 100'000, 25) };
    CHECK(valueOf(totalTaxes(lines, {}, Rounding::HalfEven))[0].amount.minor == 2);
    CHECK(valueOf(totalTaxes(lines, {}, Rounding::HalfAwayFromZero))[0].amount.minor == 3);
    const auto euro = valueOf(Currency::find("EUR"));
    CHECK(outcomeOf(totalTaxes(lines, euro, Rounding::HalfEven)) == "currency-mismatch");
}

} // namespace quittance
