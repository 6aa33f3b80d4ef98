#include "core/formats/bill_csv.h"

#include "core/domain/rating/rating.h"
#include "core/formats/csv.h"

#include <algorithm>
#include <array>
#include <span>

namespace quittance::formats {

namespace {

constexpr int percentDigits = 4;

enum Column : std::uint8_t {
    Kind,
    Number,
    Line,
    Service,
    Name,
    Sku,
    Meter,
    PeriodStart,
    PeriodEnd,
    Quantity,
    Unit,
    UnitRate,
    DiscountPercent,
    TaxCategory,
    TaxPercent,
    Net,
    Tax,
    Total,
    CurrencyCode,
    Corrects, ///< last, and only where a line corrects another bill
    ColumnCount,
};

using CsvRow = std::array<std::string, ColumnCount>;

const CsvRow titles {
    "kind",
    "bill",
    "line",
    "service",
    "name",
    "sku",
    "meter",
    "period_start",
    "period_end",
    "quantity",
    "unit",
    "rate",
    "discount_percent",
    "tax_category",
    "tax_percent",
    "net",
    "tax",
    "total",
    "currency",
    "corrects",
};

std::string percent(std::int64_t millionths)
{
    return formatFixed(millionths, percentDigits, true);
}

CsvRow started(const Bill& bill, std::string_view kind)
{
    CsvRow row;
    row[Kind] = kind;
    row[Number] = bill.summary.number;
    row[CurrencyCode] = bill.summary.total.currency.code();
    return row;
}

void putTax(CsvRow& row, const TaxRate& tax)
{
    row[TaxCategory] = tax.category;
    row[TaxPercent] = percent(tax.millionths);
}

Result<CsvRow> lineRecord(const Bill& bill, const BillLine& line)
{
    QUITTANCE_TRY(const LineArithmetic steps, explain(line));
    CsvRow row = started(bill, "line");
    row[Line] = std::to_string(line.number);
    row[Service] = line.service;
    row[Name] = line.name;
    row[Sku] = line.sku;
    row[Meter] = line.meter;
    row[PeriodStart] = toText(line.period.begin);
    row[PeriodEnd] = toText(line.period.end);
    row[Quantity] = steps.quantity;
    row[Unit] = line.unit;
    row[UnitRate] = steps.rate; // none where tiers or a minimum say it
    row[DiscountPercent] = percent(line.discountMillionths);
    putTax(row, line.tax);
    row[Net] = amountText(line.amount);
    if (line.corrects)
        row[Corrects] = line.corrects->number;
    return row;
}

CsvRow taxRecord(const Bill& bill, const TaxTotal& tax)
{
    CsvRow row = started(bill, "tax");
    putTax(row, tax.tax);
    row[Net] = amountText(tax.net);
    row[Tax] = amountText(tax.amount);
    return row;
}

CsvRow totalRecord(const Bill& bill)
{
    CsvRow row = started(bill, "total");
    row[Net] = amountText(bill.summary.net);
    row[Tax] = amountText(bill.summary.tax);
    row[Total] = amountText(bill.summary.total);
    return row;
}

} // namespace

Result<std::string> billCsv(const Bill& bill)
{
    std::string text;
    CsvWriter writer(text);
    // Documents of bills without corrections are the bytes that they were before there were any.
    const bool corrects = std::ranges::any_of(bill.lines, [](const BillLine& line) {
        return line.corrects.has_value();
    });
    const auto write = [&](const CsvRow& row) {
        writer.row(std::span(row).first(corrects ? ColumnCount : Corrects));
    };
    write(titles);
    for (const BillLine& line : bill.lines) {
        QUITTANCE_TRY(const CsvRow row, lineRecord(bill, line));
        write(row);
    }
    for (const TaxTotal& tax : bill.taxes)
        write(taxRecord(bill, tax));
    write(totalRecord(bill));
    return text;
}

} // namespace quittance::formats
