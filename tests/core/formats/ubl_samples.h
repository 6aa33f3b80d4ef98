#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

/// UBL documents that satisfy every rule, for tests that break one thing of them.
namespace quittance::testing {

inline constexpr std::string_view ublSpaces
    = R"(xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2")";

/// An invoice in which as many rules as one document can hold have something to say.
inline std::string fullInvoice()
{
    return fmt::format(
        R"(<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" {}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>INV-1</cbc:ID>
<cbc:IssueDate>2024-02-01</cbc:IssueDate>
<cbc:DueDate>2024-03-01</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>
<cac:InvoicePeriod><cbc:StartDate>2024-01-01</cbc:StartDate><cbc:EndDate>2024-01-31</cbc:EndDate><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-0</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>
<cac:AdditionalDocumentReference><cbc:ID schemeID="ABT">object</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID>usage</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="text/csv" filename="u.csv">YQ==</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty><cac:Party>
<cbc:EndpointID schemeID="0088">1</cbc:EndpointID>
<cac:PartyIdentification><cbc:ID schemeID="0002">S1</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>Northlake</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>A 1</cbc:StreetName><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>Northlake Cloud GmbH</cbc:RegistrationName><cbc:CompanyID schemeID="0060">R1</cbc:CompanyID></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
<cbc:EndpointID schemeID="EM">ap@acme.example</cbc:EndpointID>
<cac:PostalAddress><cbc:StreetName>B 2</cbc:StreetName><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Acme SA</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingCustomerParty>
<cac:PayeeParty><cac:PartyName><cbc:Name>Factor AG</cbc:Name></cac:PartyName></cac:PayeeParty>
<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Tax Rep</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>C 3</cbc:StreetName><cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>ATU12345678</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:TaxRepresentativeParty>
<cac:Delivery><cbc:ActualDeliveryDate>2024-01-31</cbc:ActualDeliveryDate><cac:DeliveryLocation><cbc:ID schemeID="0088">L1</cbc:ID><cac:Address><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:CardAccount><cbc:PrimaryAccountNumberID>4242</cbc:PrimaryAccountNumberID><cbc:NetworkID>N</cbc:NetworkID></cac:CardAccount><cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount><cac:PaymentMandate><cbc:ID>M1</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">7.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">70.00</cbc:BaseAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19.0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">10.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">100.10</cbc:BaseAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19.00</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">214.70</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">97.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount><cbc:AllowanceTotalAmount currencyID="EUR">7.00</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount currencyID="EUR">10.00</cbc:ChargeTotalAmount><cbc:PrepaidAmount currencyID="EUR">19.10</cbc:PrepaidAmount><cbc:PayableRoundingAmount currencyID="EUR">0.10</cbc:PayableRoundingAmount><cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="HUR">10</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">97.0</cbc:LineExtensionAmount>
<cac:InvoicePeriod><cbc:StartDate>2024-01-05</cbc:StartDate><cbc:EndDate>2024-01-06</cbc:EndDate></cac:InvoicePeriod>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>100</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">5.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">50.00</cbc:BaseAmount></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>ABL</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Packing</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">2.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">20.00</cbc:BaseAmount></cac:AllowanceCharge>
<cac:Item><cbc:Name>H100 pod</cbc:Name><cac:StandardItemIdentification><cbc:ID schemeID="0160">G1</cbc:ID></cac:StandardItemIdentification><cac:OriginCountry><cbc:IdentificationCode>IS</cbc:IdentificationCode></cac:OriginCountry><cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">81112</cbc:ItemClassificationCode></cac:CommodityClassification><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19.000</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory><cac:AdditionalItemProperty><cbc:Name>Zone</cbc:Name><cbc:Value>north</cbc:Value></cac:AdditionalItemProperty></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">10.0</cbc:PriceAmount><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">2.5</cbc:Amount><cbc:BaseAmount currencyID="EUR">12.5</cbc:BaseAmount></cac:AllowanceCharge></cac:Price>
</cac:InvoiceLine>
</Invoice>)",
        ublSpaces
    );
}

struct UblCategory {
    std::string_view code;
    std::string_view rules; ///< "BR-S"
    std::string_view percent; ///< "" for none
    std::string_view tax; ///< on 100.00
    std::string_view total;
    bool hasReason = false;
    bool hasVatNumbers = true;
};

/// A credit note whose line (100.00), allowance (5.00) and charge (5.00) are of one VAT category.
inline std::string creditNoteOf(const UblCategory& category)
{
    const auto percent = [&](std::string_view place) {
        return category.percent.empty()
            ? std::string()
            : fmt::format("<cbc:Percent>{}{}</cbc:Percent>", category.percent, place);
    };
    const auto scheme = [&](std::string_view number) {
        return fmt::format(
            "<cac:PartyTaxScheme><cbc:CompanyID>{}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT"
            "</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>",
            number
        );
    };
    const auto party = [&](std::string_view name, std::string_view number, std::string_view id) {
        return fmt::format(
            "<cac:{0}><cac:Party>{3}<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE"
            "</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{1}<cac:PartyLegalEntity>"
            "<cbc:RegistrationName>{2}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"
            "</cac:{0}>\n",
            name, category.hasVatNumbers ? scheme(number) : std::string(), name, id
        );
    };
    const auto adjustment = [&](bool charge, std::string_view place) {
        return fmt::format(
            "<cac:AllowanceCharge><cbc:ChargeIndicator>{0}</cbc:ChargeIndicator>"
            "<cbc:AllowanceChargeReason>why</cbc:AllowanceChargeReason><cbc:Amount "
            "currencyID=\"EUR\">5.00</cbc:Amount><cac:TaxCategory><cbc:ID>{1}</cbc:ID>{2}"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"
            "</cac:AllowanceCharge>\n",
            charge, category.code, percent(place)
        );
    };
    return fmt::format(
        R"(<n:CreditNote xmlns:n="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2" {spaces}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>CN-1</cbc:ID><cbc:IssueDate>2024-02-01</cbc:IssueDate>
<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:InvoicePeriod><cbc:StartDate>2024-01-01</cbc:StartDate></cac:InvoicePeriod>
{seller}{buyer}<cac:Delivery><cac:DeliveryLocation><cac:Address><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>
<cac:PaymentTerms><cbc:Note>Credited</cbc:Note></cac:PaymentTerms>
{allowance}{charge}<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount><cac:TaxCategory><cbc:ID>{code}</cbc:ID>{percent}{reason}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount><cbc:AllowanceTotalAmount currencyID="EUR">5.00</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount currencyID="EUR">5.00</cbc:ChargeTotalAmount><cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:CreditNoteLine><cbc:ID>1</cbc:ID><cbc:CreditedQuantity unitCode="C62">1</cbc:CreditedQuantity><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Tokens</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>{code}</cbc:ID>{linePercent}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">100</cbc:PriceAmount></cac:Price></cac:CreditNoteLine>
</n:CreditNote>)",
        fmt::arg("spaces", ublSpaces), fmt::arg("code", category.code),
        fmt::arg("tax", category.tax), fmt::arg("total", category.total),
        fmt::arg("percent", percent("")), fmt::arg("linePercent", percent(".0")),
        fmt::arg("allowance", adjustment(false, ".00")),
        fmt::arg("charge", adjustment(true, ".000")),
        fmt::arg(
            "reason",
            category.hasReason ? "<cbc:TaxExemptionReason>law</cbc:TaxExemptionReason>" : ""
        ),
        fmt::arg(
            "seller",
            party(
                "AccountingSupplierParty", "DE123456789",
                "<cac:PartyIdentification><cbc:ID>S1</cbc:ID></cac:PartyIdentification>"
            )
        ),
        fmt::arg("buyer", party("AccountingCustomerParty", "FR12345678901", ""))
    );
}

} // namespace quittance::testing
