#include "core/formats/ubl_rules.h"

#include <algorithm>
#include <functional>

namespace quittance::formats {

namespace {

/// The paths of a rule, parted by |.
bool anyOf(std::string_view paths, const std::function<bool(std::string_view)>& test)
{
    while (!paths.empty()) {
        const auto path = paths.substr(0, paths.find('|'));
        paths.remove_prefix(std::min(path.size() + 1, paths.size()));
        if (test(path))
            return true;
    }
    return false;
}

Outcome isThere(const RuleInput& input)
{
    return holds(anyOf(input.rule.path, [&](std::string_view path) {
        return first(input.element, path) != nullptr;
    }));
}

Outcome isFilled(const RuleInput& input)
{
    return holds(anyOf(input.rule.path, [&](std::string_view path) {
        return !textAt(input.element, path).empty();
    }));
}

Outcome hasAttribute(const RuleInput& input)
{
    return holds(attribute(input.element, input.rule.path) != nullptr);
}

Outcome isNotNegative(const RuleInput& input)
{
    const auto* const amount = first(input.element, input.rule.path);
    if (amount == nullptr)
        return notApplicable();
    const auto value = decimalOf(amount);
    return holds(value && value->mantissa >= 0, normalizedText(*amount));
}

Outcome endsAfterStart(const RuleInput& input)
{
    const auto start = textAt(input.element, "cbc:StartDate");
    const auto end = textAt(input.element, "cbc:EndDate");
    if (start.empty() || end.empty())
        return notApplicable();
    return holds(end >= start, start + " to " + end);
}

Outcome hasQuantityUnit(const RuleInput& input)
{
    for (const auto* const name : { "cbc:InvoicedQuantity", "cbc:CreditedQuantity" })
        if (const auto* const quantity = first(input.element, name))
            return holds(attribute(*quantity, "unitCode") != nullptr);
    return holds(false);
}

Outcome hasVatCategory(const RuleInput& input)
{
    return holds(std::ranges::any_of(
        select(input.element, input.rule.path),
        [](const auto* category) {
            return isVatScheme(*category) && first(*category, "cbc:ID") != nullptr;
        }
    ));
}

bool isCreditTransfer(const XmlElement& means)
{
    const auto code = textAt(means, "cbc:PaymentMeansCode");
    return code == "30" || code == "58";
}

Outcome accountOfTransfer(const RuleInput& input)
{
    if (!isCreditTransfer(*input.element.parent))
        return notApplicable();
    return holds(!textAt(input.element, "cbc:ID").empty());
}

Outcome transferHasAccount(const RuleInput& input)
{
    if (!isCreditTransfer(input.element))
        return notApplicable();
    return holds(first(input.element, "cac:PayeeFinancialAccount/cbc:ID") != nullptr);
}

Outcome atMostOne(const RuleInput& input)
{
    const auto count = select(input.element, input.rule.path).size();
    return count == 0 ? notApplicable() : holds(count == 1, std::to_string(count));
}

Outcome cardIsMasked(const RuleInput& input)
{
    constexpr std::size_t digitsMax = 10;
    const auto number = textAt(input.element, "cbc:PrimaryAccountNumberID");
    return holds(!number.empty() && number.size() <= digitsMax);
}

Outcome taxCurrencyHasTotal(const RuleInput& input)
{
    const auto currency = textAt(input.element, "cbc:TaxCurrencyCode");
    if (currency.empty())
        return notApplicable();
    const auto amounts = select(input.element, "cac:TaxTotal/cbc:TaxAmount");
    return holds(
        std::ranges::any_of(
            amounts,
            [&](const auto* amount) {
                const auto* const of = attribute(*amount, "currencyID");
                return of != nullptr && *of == currency;
            }
        ),
        currency
    );
}

/// The payee is named only where it is another party than the seller.
Outcome payeeIsAnother(const RuleInput& input)
{
    const auto name = textAt(input.element, "cac:PartyName/cbc:Name");
    if (name.empty())
        return holds(false);
    const auto* const seller = first(*input.view.root, "cac:AccountingSupplierParty/cac:Party");
    if (seller == nullptr)
        return holds(true);
    const auto id = textAt(input.element, "cac:PartyIdentification/cbc:ID");
    const bool sameId = !id.empty()
        && std::ranges::any_of(
            select(*seller, "cac:PartyIdentification/cbc:ID"),
            [&](const auto* other) { return normalizedText(*other) == id; }
        );
    return holds(name != textAt(*seller, "cac:PartyName/cbc:Name") && !sameId, name);
}

Outcome breakdownHasRate(const RuleInput& input)
{
    for (const auto* const category : select(input.element, "cac:TaxCategory"))
        if ((isVatScheme(*category) && first(*category, "cbc:Percent") != nullptr)
            || textAt(*category, "cbc:ID") == "O")
            return holds(true);
    return holds(false);
}

Outcome representativeHasVat(const RuleInput& input)
{
    return holds(hasVatNumber(&input.element));
}

Outcome hasNameAndValue(const RuleInput& input)
{
    return holds(
        first(input.element, "cbc:Name") != nullptr && first(input.element, "cbc:Value") != nullptr
    );
}

constexpr std::string_view legalName
    = "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName";
constexpr std::string_view buyerLegalName
    = "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName";
constexpr std::string_view sellerAddress
    = "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress";
constexpr std::string_view buyerAddress = "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress";
constexpr std::string_view sellerEndpoint = "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID";
constexpr std::string_view buyerEndpoint = "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID";
constexpr std::string_view representativeAddress = "cac:TaxRepresentativeParty/cac:PostalAddress";
constexpr std::string_view country = "cac:Country/cbc:IdentificationCode";
constexpr std::string_view reason = "cbc:AllowanceChargeReason|cbc:AllowanceChargeReasonCode";
constexpr std::string_view linePeriods
    = "//cac:InvoiceLine/cac:InvoicePeriod|//cac:CreditNoteLine/cac:InvoicePeriod";
constexpr std::string_view subtotals = "//cac:TaxTotal/cac:TaxSubtotal";
constexpr std::string_view totals = "cac:LegalMonetaryTotal";

std::vector<Rule> documentRules()
{
    return {
        { "BR-01", "a specification identifier (BT-24)", "document", isFilled,
          "cbc:CustomizationID" },
        { "BR-02", "an invoice number (BT-1)", "document", isFilled, "cbc:ID" },
        { "BR-03", "an issue date (BT-2)", "document", isFilled, "cbc:IssueDate" },
        { "BR-04", "a type code (BT-3)", "document", isFilled,
          "cbc:InvoiceTypeCode|cbc:CreditNoteTypeCode" },
        { "BR-05", "a currency (BT-5)", "document", isFilled, "cbc:DocumentCurrencyCode" },
        { "BR-06", "the seller's name (BT-27)", "document", isFilled, legalName },
        { "BR-07", "the buyer's name (BT-44)", "document", isFilled, buyerLegalName },
        { "BR-08", "the seller's address (BG-5)", "document", isThere, sellerAddress },
        { "BR-09", "the country of the seller's address (BT-40)", sellerAddress, isFilled,
          country },
        { "BR-10", "the buyer's address (BG-8)", "document", isThere, buyerAddress },
        { "BR-11", "the country of the buyer's address (BT-55)", buyerAddress, isFilled, country },
        { "BR-12", "the sum of the lines' net amounts (BT-106)", totals, isThere,
          "cbc:LineExtensionAmount" },
        { "BR-13", "the total without VAT (BT-109)", totals, isThere, "cbc:TaxExclusiveAmount" },
        { "BR-14", "the total with VAT (BT-112)", totals, isThere, "cbc:TaxInclusiveAmount" },
        { "BR-15", "the amount due (BT-115)", totals, isThere, "cbc:PayableAmount" },
        { "BR-16", "at least one line (BG-25)", "document", isThere,
          "cac:InvoiceLine|cac:CreditNoteLine" },
        { "BR-17", "the payee's name (BT-59), where the payee is another than the seller",
          "cac:PayeeParty", payeeIsAnother },
        { "BR-18", "the tax representative's name (BT-62)", "cac:TaxRepresentativeParty", isFilled,
          "cac:PartyName/cbc:Name" },
        { "BR-19", "the tax representative's address (BG-12)", "cac:TaxRepresentativeParty",
          isThere, "cac:PostalAddress" },
        { "BR-20", "the country of the tax representative's address (BT-69)", representativeAddress,
          isFilled, country },
    };
}

std::vector<Rule> lineRules()
{
    return {
        { "BR-21", "a line's identifier (BT-126)", "lines", isFilled, "cbc:ID" },
        { "BR-22", "a line's quantity (BT-129)", "lines", isThere,
          "cbc:InvoicedQuantity|cbc:CreditedQuantity" },
        { "BR-23", "the unit of a line's quantity (BT-130)", "lines", hasQuantityUnit },
        { "BR-24", "a line's net amount (BT-131)", "lines", isThere, "cbc:LineExtensionAmount" },
        { "BR-25", "the name of a line's item (BT-153)", "lines", isFilled, "cac:Item/cbc:Name" },
        { "BR-26", "the net price of a line's item (BT-146)", "lines", isThere,
          "cac:Price/cbc:PriceAmount" },
        { "BR-27", "a net price (BT-146) that is not negative", "lines", isNotNegative,
          "cac:Price/cbc:PriceAmount" },
        { "BR-28", "a gross price (BT-148) that is not negative", "lines", isNotNegative,
          "cac:Price/cac:AllowanceCharge/cbc:BaseAmount" },
        { "BR-29", "an invoicing period that ends on or after its start (BT-73, BT-74)",
          "cac:InvoicePeriod", endsAfterStart },
        { "BR-30", "a line's period that ends on or after its start (BT-134, BT-135)", linePeriods,
          endsAfterStart },
        { "BR-31", "the amount of a document allowance (BT-92)", "allowances", isThere,
          "cbc:Amount" },
        { "BR-32", "the VAT category of a document allowance (BT-95)", "allowances", hasVatCategory,
          "cac:TaxCategory" },
        { "BR-33", "the reason of a document allowance (BT-97, BT-98)", "allowances", isThere,
          reason },
        { "BR-36", "the amount of a document charge (BT-99)", "charges", isThere, "cbc:Amount" },
        { "BR-37", "the VAT category of a document charge (BT-102)", "charges", hasVatCategory,
          "cac:TaxCategory" },
        { "BR-38", "the reason of a document charge (BT-104, BT-105)", "charges", isThere, reason },
        { "BR-41", "the amount of a line's allowance (BT-136)", "line allowances", isThere,
          "cbc:Amount" },
        { "BR-42", "the reason of a line's allowance (BT-139, BT-140)", "line allowances", isThere,
          reason },
        { "BR-43", "the amount of a line's charge (BT-141)", "line charges", isThere,
          "cbc:Amount" },
        { "BR-44", "the reason of a line's charge (BT-144, BT-145)", "line charges", isThere,
          reason },
    };
}

std::vector<Rule> taxAndPaymentRules()
{
    return {
        { "BR-45", "the taxable amount of a VAT breakdown (BT-116)", subtotals, isThere,
          "cbc:TaxableAmount" },
        { "BR-46", "the tax of a VAT breakdown (BT-117)", subtotals, isThere, "cbc:TaxAmount" },
        { "BR-47", "the category of a VAT breakdown (BT-118)", subtotals, hasVatCategory,
          "cac:TaxCategory" },
        { "BR-48", "the rate of a VAT breakdown (BT-119), unless it is outside the scope of VAT",
          subtotals, breakdownHasRate },
        { "BR-49", "the code of the payment means (BT-81)", "cac:PaymentMeans", isThere,
          "cbc:PaymentMeansCode" },
        { "BR-50", "the account that a credit transfer goes to (BT-84)",
          "cac:PaymentMeans/cac:PayeeFinancialAccount", accountOfTransfer },
        { "BR-51", "at most ten digits of a card's number (BT-87)",
          "cac:PaymentMeans/cac:CardAccount", cardIsMasked },
        { "BR-52", "the reference of a supporting document (BT-122)",
          "//cac:AdditionalDocumentReference", isFilled, "cbc:ID" },
        { "BR-53", "the VAT total in the VAT accounting currency (BT-111)", "document",
          taxCurrencyHasTotal },
        { "BR-54", "name and value of an item's attribute (BT-160, BT-161)",
          "//cac:AdditionalItemProperty", hasNameAndValue },
        { "BR-55", "the number of a preceding invoice (BT-25)", "cac:BillingReference", isThere,
          "cac:InvoiceDocumentReference/cbc:ID" },
        { "BR-56", "the tax representative's VAT identifier (BT-63)", "cac:TaxRepresentativeParty",
          representativeHasVat },
        { "BR-57", "the country of the address of delivery (BT-80)",
          "//cac:Delivery/cac:DeliveryLocation/cac:Address", isThere, country },
        { "BR-61", "the account of a credit transfer (BT-84)", "cac:PaymentMeans",
          transferHasAccount },
        { "BR-62", "the scheme of the seller's electronic address (BT-34)", sellerEndpoint,
          hasAttribute, "schemeID" },
        { "BR-63", "the scheme of the buyer's electronic address (BT-49)", buyerEndpoint,
          hasAttribute, "schemeID" },
        { "BR-64", "the scheme of an item's standard identifier (BT-157)",
          "//cac:Item/cac:StandardItemIdentification/cbc:ID", hasAttribute, "schemeID" },
        { "BR-65", "the scheme of an item's classification (BT-158)",
          "//cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode", hasAttribute,
          "listID" },
        { "BR-66", "at most one payment card (BG-18)", "document", atMostOne,
          "cac:PaymentMeans/cac:CardAccount" },
        { "BR-67", "at most one direct debit mandate (BG-19)", "document", atMostOne,
          "cac:PaymentMeans/cac:PaymentMandate" },
    };
}

std::vector<Rule> joined(std::vector<Rule> rules, const std::vector<Rule>& more)
{
    rules.insert(rules.end(), more.begin(), more.end());
    return rules;
}

} // namespace

std::span<const Rule> presenceRules()
{
    static const auto rules = joined(joined(documentRules(), lineRules()), taxAndPaymentRules());
    return rules;
}

} // namespace quittance::formats
