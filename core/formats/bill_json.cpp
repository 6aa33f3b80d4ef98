#include "core/formats/bill_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <span>

namespace quittance::formats {

namespace {

namespace json = boost::json;
constexpr int percentDigits = 4; // millionths are 1e-4 of a percent

std::string percent(std::int64_t millionths)
{
    return formatFixed(millionths, percentDigits, true);
}

json::object money(const Money& value)
{
    return { { "amount", amountText(value) }, { "currency", value.currency.code() } };
}

json::array texts(std::span<const std::string> values)
{
    json::array out;
    for (const auto& value : values)
        out.emplace_back(value);
    return out;
}

json::object party(const BillParty& value)
{
    return { { "legalName", value.legalName },
             { "address", texts(value.addressLines) },
             { "country", value.country },
             { "taxIds", texts(value.taxIds) },
             { "purchaseOrder", value.purchaseOrder },
             { "buyerReference", value.buyerReference },
             { "email", value.email } };
}

Result<json::object> lineObject(const BillLine& line)
{
    QUITTANCE_TRY(const auto arithmetic, explain(line));
    json::object object { { "number", line.number },
                          { "service", line.service },
                          { "name", line.name },
                          { "sku", line.sku },
                          { "meter", line.meter },
                          { "periodStart", toText(line.period.begin) },
                          { "periodEnd", toText(line.period.end) },
                          { "meterQuantity",
                            formatFixed(line.quantity, line.quantityDigits, true) },
                          { "meterUnit", line.meterUnit },
                          { "quantity", arithmetic.quantity },
                          { "unit", line.unit },
                          { "per", line.per },
                          { "rate", arithmetic.rate },
                          { "discountPercent", percent(line.discountMillionths) },
                          { "discountName", line.discountName },
                          { "amount", money(line.amount) },
                          { "taxCategory", line.tax.category },
                          { "taxPercent", percent(line.tax.millionths) },
                          { "plan", line.plan },
                          { "planVersion", line.planVersion } };
    // Documents of lines without are the bytes that they were before there were steps.
    if (!line.steps.empty())
        object["steps"] = stepsJson(arithmetic);
    if (line.corrects)
        object["corrects"] = correctsJson(line);
    return object;
}

json::value dateOrNull(const std::optional<Date>& date)
{
    return date ? json::value(toText(*date)) : json::value();
}

json::object head(const Bill& bill, BillJsonContent content)
{
    const auto& summary = bill.summary;
    json::object out { { "number",
                         summary.number.empty() ? json::value() : json::value(summary.number) },
                       { "kind", wireName(summary.kind) },
                       { "account", summary.accountName },
                       { "period", toText(summary.periodMonth) },
                       { "periodStart", toText(summary.period.begin) },
                       { "periodEnd", toText(summary.period.end) },
                       { "timeZone", bill.timeZone },
                       { "issued", dateOrNull(summary.issued) },
                       { "due", dateOrNull(summary.due) },
                       { "language", bill.language },
                       { "net", money(summary.net) },
                       { "tax", money(summary.tax) },
                       { "total", money(summary.total) } };
    if (content == BillJsonContent::WithState) {
        out["state"] = wireName(summary.state);
        out["open"] = money(summary.open);
    }
    return out;
}

} // namespace

json::array stepsJson(const LineArithmetic& arithmetic)
{
    json::array steps;
    for (const StepArithmetic& step : arithmetic.steps)
        steps.push_back(json::object { { "kind", wireName(step.kind) },
                                       { "tier", step.tier },
                                       { "name", step.name },
                                       { "quantity", step.quantity },
                                       { "size", step.size },
                                       { "rate", step.rate },
                                       { "percent", step.percent },
                                       { "amount", step.amount } });
    return steps;
}

json::value correctsJson(const BillLine& line)
{
    if (!line.corrects)
        return {};
    return json::object { { "bill", line.corrects->number },
                          { "period", toText(line.corrects->month) } };
}

Result<std::string> billJson(const Bill& bill, BillJsonContent content)
{
    auto out = head(bill, content);
    out["seller"] = party(bill.seller);
    out["buyer"] = party(bill.buyer);
    json::array taxes;
    for (const auto& tax : bill.taxes)
        taxes.push_back(json::object { { "category", tax.tax.category },
                                       { "percent", percent(tax.tax.millionths) },
                                       { "net", money(tax.net) },
                                       { "tax", money(tax.amount) } });
    out["taxes"] = std::move(taxes);
    json::array lines;
    for (const auto& line : bill.lines) {
        QUITTANCE_TRY(auto object, lineObject(line));
        lines.push_back(std::move(object));
    }
    out["lines"] = std::move(lines);
    return json::serialize(out);
}

} // namespace quittance::formats
