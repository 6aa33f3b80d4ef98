#include "core/formats/ubl_rules.h"

#include <algorithm>

namespace quittance::formats {

namespace {

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

Outcome isOneOf(CodeList list, const std::string& code)
{
    return holds(isCode(list, code), "\"" + code + "\"");
}

/// The element's own text.
template <CodeList list> Outcome isCoded(const RuleInput& input)
{
    return isOneOf(list, normalizedText(input.element));
}

/// The attribute that the rule's path names; nothing to say where it is not there.
template <CodeList list> Outcome attributeIsCoded(const RuleInput& input)
{
    const auto* const code = attribute(input.element, input.rule.path);
    return code == nullptr ? notApplicable() : isOneOf(list, *code);
}

Outcome typeIsCoded(const RuleInput& input)
{
    return isOneOf(
        input.element.name == "cbc:InvoiceTypeCode" ? CodeList::InvoiceType
                                                    : CodeList::CreditNoteType,
        normalizedText(input.element)
    );
}

Outcome exemptionIsCoded(const RuleInput& input)
{
    return isOneOf(CodeList::Exemption, upper(normalizedText(input.element)));
}

/// Of an invoiced object (BT-18) or line object (BT-128), which type code 130 marks.
Outcome objectSchemeIsCoded(const RuleInput& input)
{
    if (textAt(*input.element.parent, "cbc:DocumentTypeCode") != "130")
        return notApplicable();
    return attributeIsCoded<CodeList::Reference>(input);
}

/// A creditor's identifier for direct debits (BT-90) has the scheme SEPA, of no other list.
Outcome partySchemeIsCoded(const RuleInput& input)
{
    const auto* const scheme = attribute(input.element, "schemeID");
    if (scheme == nullptr)
        return notApplicable();
    for (const auto* above = input.element.parent; above != nullptr; above = above->parent)
        if (*scheme == "SEPA"
            && (above->name == "cac:AccountingSupplierParty" || above->name == "cac:PayeeParty"))
            return holds(true);
    return isOneOf(CodeList::IdentifierScheme, *scheme);
}

template <CodeList list, bool charge> Outcome reasonIsCoded(const RuleInput& input)
{
    const auto indicator = textAt(*input.element.parent, "cbc:ChargeIndicator");
    if ((indicator == "true" || indicator == "1") != charge)
        return notApplicable();
    return isCoded<list>(input);
}

constexpr std::string_view reasonCodes = "//cac:AllowanceCharge/cbc:AllowanceChargeReasonCode";
constexpr std::string_view objectIds
    = "//cac:AdditionalDocumentReference/cbc:ID|//cac:DocumentReference/cbc:ID";

std::vector<Rule> codeTable()
{
    using enum CodeList;
    return {
        { "BR-CL-01", "a type code of UNTDID 1001",
          "//cbc:InvoiceTypeCode|//cbc:CreditNoteTypeCode", typeIsCoded },
        { "BR-CL-03", "a currency of ISO 4217 on every amount", "amounts",
          attributeIsCoded<Currency>, "currencyID" },
        { "BR-CL-04", "an invoice currency of ISO 4217", "//cbc:DocumentCurrencyCode",
          isCoded<Currency> },
        { "BR-CL-05", "a VAT accounting currency of ISO 4217", "//cbc:TaxCurrencyCode",
          isCoded<Currency> },
        { "BR-CL-06", "a tax point code of UNTDID 2005", "//cac:InvoicePeriod/cbc:DescriptionCode",
          isCoded<VatDate> },
        { "BR-CL-07", "an object identifier's scheme of UNTDID 1153", objectIds,
          objectSchemeIsCoded, "schemeID" },
        { "BR-CL-10", "a party identifier's scheme of ISO 6523, or SEPA",
          "//cac:PartyIdentification/cbc:ID", partySchemeIsCoded },
        { "BR-CL-11", "a registration's scheme of ISO 6523", "//cac:PartyLegalEntity/cbc:CompanyID",
          attributeIsCoded<IdentifierScheme>, "schemeID" },
        { "BR-CL-13", "a classification's scheme of UNTDID 7143",
          "//cac:CommodityClassification/cbc:ItemClassificationCode", attributeIsCoded<ItemClass>,
          "listID" },
        { "BR-CL-14", "a country of ISO 3166-1", "//cac:Country/cbc:IdentificationCode",
          isCoded<Country> },
        { "BR-CL-15", "a country of origin of ISO 3166-1",
          "//cac:OriginCountry/cbc:IdentificationCode", isCoded<Country> },
        { "BR-CL-16", "payment means of UNTDID 4461", "//cac:PaymentMeans/cbc:PaymentMeansCode",
          isCoded<PaymentMeans> },
        { "BR-CL-17", "a VAT category of UNTDID 5305", "//cac:TaxCategory/cbc:ID",
          isCoded<VatCategory> },
        { "BR-CL-18", "a line's VAT category of UNTDID 5305", "//cac:ClassifiedTaxCategory/cbc:ID",
          isCoded<VatCategory> },
        { "BR-CL-19", "an allowance's reason of UNTDID 5189", reasonCodes,
          reasonIsCoded<AllowanceReason, false> },
        { "BR-CL-20", "a charge's reason of UNTDID 7161", reasonCodes,
          reasonIsCoded<ChargeReason, true> },
        { "BR-CL-21", "a standard item identifier's scheme of ISO 6523",
          "//cac:StandardItemIdentification/cbc:ID", attributeIsCoded<IdentifierScheme>,
          "schemeID" },
        { "BR-CL-22", "an exemption reason of the VATEX list", "//cbc:TaxExemptionReasonCode",
          exemptionIsCoded },
        { "BR-CL-23", "a unit of UN/ECE Recommendation 20 or 21", "units", attributeIsCoded<Unit>,
          "unitCode" },
        { "BR-CL-24", "an attachment of a type that every receiver can open",
          "//cac:Attachment/cbc:EmbeddedDocumentBinaryObject", attributeIsCoded<MimeType>,
          "mimeCode" },
        { "BR-CL-25", "an electronic address's scheme of the EAS list", "//cbc:EndpointID",
          attributeIsCoded<EndpointScheme>, "schemeID" },
        { "BR-CL-26", "a delivery location's scheme of ISO 6523", "//cac:DeliveryLocation/cbc:ID",
          attributeIsCoded<IdentifierScheme>, "schemeID" },
    };
}

} // namespace

std::span<const Rule> codeRules()
{
    static const auto rules = codeTable();
    return rules;
}

} // namespace quittance::formats
