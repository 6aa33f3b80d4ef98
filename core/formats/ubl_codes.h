#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace quittance::formats {

/// The code lists that EN 16931 names, as the rules BR-CL-* bind them. Complete as of the official
/// rules 1.3.16 (March 2026), allowance and charge reasons and MIME types as of EN 16931-1 itself.
enum class CodeList : std::uint8_t {
    InvoiceType, ///< UNTDID 1001, those of an invoice
    CreditNoteType, ///< UNTDID 1001, those of a credit note
    Currency, ///< ISO 4217
    VatDate, ///< UNTDID 2005, three of it
    Reference, ///< UNTDID 1153
    IdentifierScheme, ///< ISO/IEC 6523
    ItemClass, ///< UNTDID 7143
    Country, ///< ISO 3166-1 alpha-2, with 1A, XI and XK
    PaymentMeans, ///< UNTDID 4461
    VatCategory, ///< UNTDID 5305
    AllowanceReason, ///< UNTDID 5189
    ChargeReason, ///< UNTDID 7161
    Exemption, ///< CEF VATEX
    Unit, ///< UN/ECE Recommendation 20, and 21 with an X before
    MimeType,
    EndpointScheme ///< CEF EAS
};

[[nodiscard]] std::span<const std::string_view> codesOf(CodeList list); ///< in the order of bytes
[[nodiscard]] bool isCode(CodeList list, std::string_view code);

} // namespace quittance::formats
