#include "core/formats/bill_csv.h"

#include "core/domain/rating/rating.h"
#include "core/formats/csv.h"

#include <array>

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
    ColumnCount,
};

using Record = std::array<std::string, ColumnCount>;

std::string percent(std::int64_t millionths)
{
    return formatFixed(millionths, percentDigits, true);
}

Record started(const Bill& bill, std::string_view kind)
{
    Record record;
    record[Kind] = kind;
    record[Number] = bill.summary.number;
    record[CurrencyCode] = bill.summary.total.currency.code();
    return record;
}

void putTax(Record& record, const TaxRate& tax)
{
    record[TaxCategory] = tax.category;
    record[TaxPercent] = percent(tax.millionths);
}

Result<Record> lineRecord(const Bill& bill, const BillLine& line)
{
    QUITTANCE_TRY(const LineArithmetic steps, explain(line));
    Record record = started(bill, "line");
    record[Line] = std::to_string(line.number);
    record[Service] = line.service;
    record[Name] = line.name;
    record[Sku] = line.sku;
    record[Meter] = line.meter;
    record[PeriodStart] = toText(line.period.begin);
    record[PeriodEnd] = toText(line.period.end);
    record[Quantity] = steps.quantity;
    record[Unit] = line.unit;
    record[UnitRate] = toText(line.rate);
    record[DiscountPercent] = percent(line.discountMillionths);
    putTax(record, line.tax);
    record[Net] = amountText(line.amount);
    return record;
}

Record taxRecord(const Bill& bill, const TaxTotal& tax)
{
    Record record = started(bill, "tax");
    putTax(record, tax.tax);
    record[Net] = amountText(tax.net);
    record[Tax] = amountText(tax.amount);
    return record;
}

Record totalRecord(const Bill& bill)
{
    Record record = started(bill, "total");
    record[Net] = amountText(bill.summary.net);
    record[Tax] = amountText(bill.summary.tax);
    record[Total] = amountText(bill.summary.total);
    return record;
}

} // namespace

Result<std::string> billCsv(const Bill& bill)
{
    std::string text;
    CsvWriter writer(text);
    writer.row({ "kind", "bill", "line", "service", "name", "sku", "meter", "period_start",
                 "period_end", "quantity", "unit", "rate", "discount_percent", "tax_category",
                 "tax_percent", "net", "tax", "total", "currency" });
    for (const BillLine& line : bill.lines) {
        QUITTANCE_TRY(const Record record, lineRecord(bill, line));
        writer.row(record);
    }
    for (const TaxTotal& tax : bill.taxes)
        writer.row(taxRecord(bill, tax));
    writer.row(totalRecord(bill));
    return text;
}

} // namespace quittance::formats
