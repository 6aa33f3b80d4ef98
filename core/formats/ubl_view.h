#pragma once

#include "core/formats/exact_decimal.h"
#include "core/formats/xml_tree.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A parsed UBL document as the rules look at it.
namespace quittance::formats {

using Elements = std::vector<const XmlElement*>;

enum class TaxedKind : std::uint8_t { Line, Allowance, Charge };

/// A line's, document allowance's or charge's VAT category. One element a category: a line that
/// wrongly has two stands here twice.
struct TaxedPart {
    TaxedKind kind = TaxedKind::Line;
    const XmlElement* category = nullptr;
    std::string code;
    std::optional<ExactDecimal> percent;
    bool isVat = false; ///< its tax scheme is VAT
};

/// One VAT breakdown (BG-23).
struct Breakdown {
    const XmlElement* subtotal = nullptr;
    const XmlElement* category = nullptr;
    std::string code;
    std::optional<ExactDecimal> percent;
    bool isVat = false;
};

/// What a VAT breakdown must add up to.
struct TaxedSum {
    std::optional<ExactDecimal> amount = ExactDecimal {}; ///< none: an amount is no number
    std::size_t parts = 0;
};

struct UblView {
    const XmlElement* root = nullptr;
    Elements lines;
    std::vector<TaxedPart> taxed;
    std::vector<Breakdown> breakdowns;
    std::map<std::string, TaxedSum, std::less<>> sums; ///< by code, and by code and rate
    std::map<std::string_view, Elements> byName; ///< every element, in the order of the document
    Elements withCurrency; ///< every element with a currencyID
    Elements withUnit; ///< every element with a unitCode
    /// Allowances and charges of the document and of lines; those of prices are apart.
    Elements allowances;
    Elements charges;
    Elements lineAllowances;
    Elements lineCharges;
};

[[nodiscard]] UblView viewOf(const XmlElement& root);

/// The elements that a rule governs. A path from the root ("cac:LegalMonetaryTotal"), one from
/// anywhere ("//cac:Delivery/cac:DeliveryLocation"), several parted by |, or one of the words:
/// "document", "lines", "allowances", "charges", "line allowances", "line charges",
/// "amounts", "units".
[[nodiscard]] Elements elementsOf(const UblView& view, std::string_view context);

/// An xs:decimal; none where it is something else or longer than 38 digits.
[[nodiscard]] std::optional<ExactDecimal> decimalOf(const XmlElement* element);
[[nodiscard]] std::optional<ExactDecimal> decimalAt(const XmlElement& from, std::string_view path);

/// Its cac:TaxScheme/cbc:ID is VAT.
[[nodiscard]] bool isVatScheme(const XmlElement& element);
/// Of a party: a tax scheme VAT with a number.
[[nodiscard]] bool hasVatNumber(const XmlElement* party);

/// Keys of UblView::sums.
[[nodiscard]] std::string sumKey(std::string_view code, const std::optional<ExactDecimal>& percent);

} // namespace quittance::formats
