#pragma once

#include "core/domain/bill.h"
#include "core/domain/result.h"

#include <string>

namespace quittance::formats {

/// A bill's lines as CSV (RFC 4180, UTF-8, CRLF), one row a line, then one a tax category and rate,
/// then the total. Numbers are exact decimals with a point, dates ISO 8601, so that programs read
/// it; text that a spreadsheet would run is escaped. Columns: kind (line, tax, total), bill, line,
/// service, name, sku, meter, period_start, period_end, quantity, unit, rate, discount_percent,
/// tax_category, tax_percent, net, tax, total, currency; and corrects, the number of the bill that
/// a line corrects, on bills with such lines. The same bill gives the same bytes.
[[nodiscard]] Result<std::string> billCsv(const Bill& bill);

} // namespace quittance::formats
