#pragma once

#include "core/domain/bill.h"
#include "core/formats/bill_pdf.h"

#include <optional>
#include <string>

namespace quittance::formats {

/// The bill that a credit note corrects (BT-25, BT-26).
struct PrecedingBill {
    std::string number;
    std::optional<Date> issued;

    bool operator==(const PrecedingBill&) const = default;
};

/// An issued bill as an e-invoice: UBL 2.1 that satisfies EN 16931 (CustomizationID
/// urn:cen.eu:en16931:2017), an Invoice, or a CreditNote for DocumentKind::CreditNote, whose
/// amounts are what is credited: positive in both. The same bill gives the same bytes. What becomes
/// what is in docs/e-invoices.md.
///
/// What the standard cannot say is refused, as InvalidArgument with the reason, and this format
/// alone: drafts, currencies of more than two decimals, VAT categories but S, Z, E, AE, G, K and O,
/// O beside another, a negative price, an exemption without its reason. So is a document that
/// `checkUbl` finds at fault: the error names the rule.
[[nodiscard]] Result<std::string> billUbl(
    const Bill& bill, const BillPrint& print,
    const std::optional<PrecedingBill>& corrected = std::nullopt
);

/// The same before its rules are tried, so that `checkUbl` can say all that is at fault.
[[nodiscard]] Result<std::string> uncheckedUbl(
    const Bill& bill, const BillPrint& print,
    const std::optional<PrecedingBill>& corrected = std::nullopt
);

} // namespace quittance::formats
