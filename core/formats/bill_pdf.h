#pragma once

#include "core/domain/bill.h"
#include "core/formats/brand.h"

#include <string>
#include <vector>

namespace quittance::formats {

/// What a bill prints beside the bill itself.
struct BillPrint {
    std::string brandName;
    std::string logoSvg;
    std::string accent = "#2f5fd0";
    std::string website;
    std::string supportEmail;
    std::vector<std::string> bankLines; ///< of the legal entity that bills
    std::string taxNote; ///< why there is no tax
};
/// Of the entity with this code, or (none has it) of the first.
[[nodiscard]] BillPrint billPrint(const Brand& brand, std::string_view entityCode);

/// A bill as PDF: A4 pages with brand, both parties, facts, lines by service, taxes, total, how to
/// pay, page numbers. The same bill gives the same bytes: the creation date is the issue date. A
/// bill without a number is marked as a draft.
[[nodiscard]] Result<std::string> billPdf(const Bill& bill, const BillPrint& print);

} // namespace quittance::formats
