#include "core/formats/ubl_check.h"
#include "core/formats/ubl_codes.h"
#include "core/formats/xml_tree.h"
#include "tests/core/formats/ubl_samples.h"
#include "tests/support/results.h"
#include "tests/support/shared_data.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

std::string readText(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// "BR-02 BR-CO-10": what fails, in the order of the rules.
std::string failed(const std::string& xml)
{
    const auto verdict = checkUbl(xml);
    if (!verdict)
        return verdict.error().detail;
    std::string out;
    for (const auto& rule : verdict->rules)
        if (rule.state == RuleState::Failed)
            out += (out.empty() ? "" : " ") + rule.rule;
    return out;
}

RuleState stateOf(const std::string& xml, std::string_view id)
{
    const auto verdict = valueOf(checkUbl(xml));
    const auto found = std::ranges::find(verdict.rules, id, &RuleVerdict::rule);
    REQUIRE_MESSAGE(found != verdict.rules.end(), std::string(id));
    return found->state;
}

/// What stands between the first `from` and the end of the next `to` becomes `by`.
std::string
between(const std::string& xml, std::string_view from, std::string_view to, std::string_view by)
{
    const auto begin = xml.find(from);
    REQUIRE_MESSAGE(begin != std::string::npos, std::string(from));
    const auto end = xml.find(to, begin);
    REQUIRE_MESSAGE(end != std::string::npos, std::string(to));
    return std::string(xml).replace(begin, end + to.size() - begin, by);
}

std::string changed(std::string xml, std::string_view from, std::string_view by)
{
    const auto at = xml.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, std::string(from));
    return xml.replace(at, from.size(), by);
}

/// The rule that the change breaks, and what fails then: the rule and those it entails.
struct Breaking {
    std::string_view rule;
    std::string_view from;
    std::string_view by;
    std::string_view fails;
};

constexpr std::string_view no; // the text is taken out

// clang-format off
constexpr std::array breakings {
    Breaking { "BR-01", "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", no, "BR-01" },
    Breaking { "BR-02", "<cbc:ID>INV-1</cbc:ID>", "<cbc:ID> </cbc:ID>", "BR-02" },
    Breaking { "BR-03", "<cbc:IssueDate>2024-02-01</cbc:IssueDate>", no, "BR-03" },
    Breaking { "BR-04", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", no, "BR-04" },
    Breaking { "BR-05", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", no, "BR-05" },
    Breaking { "BR-06", "<cbc:RegistrationName>Northlake Cloud GmbH</cbc:RegistrationName>", no, "BR-06" },
    Breaking { "BR-07", "<cbc:RegistrationName>Acme SA</cbc:RegistrationName>", no, "BR-07" },
    Breaking { "BR-08", "<cac:PostalAddress><cbc:StreetName>A 1</cbc:StreetName><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>", no, "BR-08" },
    Breaking { "BR-09", "<cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>", no, "BR-09" },
    Breaking { "BR-10", "<cac:PostalAddress><cbc:StreetName>B 2</cbc:StreetName><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>", no, "BR-10" },
    Breaking { "BR-11", "<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>", no, "BR-11" },
    Breaking { "BR-12", "<cbc:LineExtensionAmount currencyID=\"EUR\">97.00</cbc:LineExtensionAmount>", no, "BR-12 BR-CO-10 BR-CO-13" },
    Breaking { "BR-13", "<cbc:TaxExclusiveAmount currencyID=\"EUR\">100.00</cbc:TaxExclusiveAmount>", no, "BR-13 BR-CO-13 BR-CO-15" },
    Breaking { "BR-14", "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00</cbc:TaxInclusiveAmount>", no, "BR-14 BR-CO-15 BR-CO-16" },
    Breaking { "BR-15", "<cbc:PayableAmount currencyID=\"EUR\">100.00</cbc:PayableAmount>", no, "BR-15 BR-CO-16" },
    Breaking { "BR-17", "<cbc:Name>Factor AG</cbc:Name>", "<cbc:Name>Northlake</cbc:Name>", "BR-17" },
    Breaking { "BR-17", "<cac:PartyName><cbc:Name>Factor AG</cbc:Name></cac:PartyName>", no, "BR-17" },
    Breaking { "BR-18", "<cbc:Name>Tax Rep</cbc:Name>", no, "BR-18" },
    Breaking { "BR-19", "<cac:PostalAddress><cbc:StreetName>C 3</cbc:StreetName><cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country></cac:PostalAddress>", no, "BR-19" },
    Breaking { "BR-20", "<cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode></cac:Country>", no, "BR-20" },
    Breaking { "BR-21", "<cac:InvoiceLine><cbc:ID>1</cbc:ID>", "<cac:InvoiceLine>", "BR-21" },
    Breaking { "BR-22", "<cbc:InvoicedQuantity unitCode=\"HUR\">10</cbc:InvoicedQuantity>", no, "BR-22 BR-23" },
    Breaking { "BR-23", " unitCode=\"HUR\"", no, "BR-23" },
    Breaking { "BR-24", "<cbc:LineExtensionAmount currencyID=\"EUR\">97.0</cbc:LineExtensionAmount>", no, "BR-24 BR-CO-10 BR-S-08" },
    Breaking { "BR-25", "<cbc:Name>H100 pod</cbc:Name>", no, "BR-25" },
    Breaking { "BR-26", "<cbc:PriceAmount currencyID=\"EUR\">10.0</cbc:PriceAmount>", no, "BR-26" },
    Breaking { "BR-27", ">10.0</cbc:PriceAmount>", ">-10.0</cbc:PriceAmount>", "BR-27" },
    Breaking { "BR-28", ">12.5</cbc:BaseAmount>", ">-12.5</cbc:BaseAmount>", "BR-28" },
    Breaking { "BR-29", "<cbc:StartDate>2024-01-01", "<cbc:StartDate>2024-02-01", "BR-29" },
    Breaking { "BR-30", "<cbc:StartDate>2024-01-05", "<cbc:StartDate>2024-01-07", "BR-30" },
    Breaking { "BR-31", "<cbc:Amount currencyID=\"EUR\">7.00</cbc:Amount>", no, "BR-31 BR-CO-11 BR-S-08" },
    Breaking { "BR-32", "<cbc:ID>S</cbc:ID><cbc:Percent>19.0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>", "<cbc:ID>S</cbc:ID><cbc:Percent>19.0</cbc:Percent><cac:TaxScheme><cbc:ID>GST</cbc:ID>", "BR-32" },
    Breaking { "BR-33", "<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason>", no, "BR-33 BR-CO-21" },
    Breaking { "BR-36", "<cbc:Amount currencyID=\"EUR\">10.00</cbc:Amount>", no, "BR-36 BR-CO-12 BR-S-08" },
    Breaking { "BR-37", "<cbc:ID>S</cbc:ID><cbc:Percent>19.00</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>", "<cbc:ID>S</cbc:ID><cbc:Percent>19.00</cbc:Percent><cac:TaxScheme><cbc:ID>GST</cbc:ID>", "BR-37" },
    Breaking { "BR-38", "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>", no, "BR-38 BR-CO-22" },
    Breaking { "BR-41", "<cbc:Amount currencyID=\"EUR\">5.00</cbc:Amount>", no, "BR-41" },
    Breaking { "BR-42", "<cbc:AllowanceChargeReasonCode>100</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>", no, "BR-42 BR-CO-23" },
    Breaking { "BR-43", "<cbc:Amount currencyID=\"EUR\">2.00</cbc:Amount>", no, "BR-43" },
    Breaking { "BR-44", "<cbc:AllowanceChargeReasonCode>ABL</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Packing</cbc:AllowanceChargeReason>", no, "BR-44 BR-CO-24" },
    Breaking { "BR-45", "<cbc:TaxableAmount currencyID=\"EUR\">100.00</cbc:TaxableAmount>", no, "BR-45 BR-CO-17 BR-S-08 BR-S-09" },
    Breaking { "BR-46", "<cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"EUR\">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">19.00</cbc:TaxAmount>", "<cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"EUR\">100.00</cbc:TaxableAmount>", "BR-46 BR-CO-14 BR-CO-17 BR-S-09" },
    Breaking { "BR-47", "<cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>", "<cbc:Percent>19</cbc:Percent>", "BR-47 BR-48" },
    Breaking { "BR-48", "<cbc:Percent>19</cbc:Percent>", no, "BR-48 BR-CO-17 BR-S-09" },
    Breaking { "BR-49", "<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>", no, "BR-49" },
    Breaking { "BR-50", "<cbc:ID>DE02120300000000202051</cbc:ID>", "<cbc:ID></cbc:ID>", "BR-50" },
    Breaking { "BR-51", ">4242<", ">4242424242424242<", "BR-51" },
    Breaking { "BR-52", "<cbc:ID>usage</cbc:ID>", no, "BR-52" },
    Breaking { "BR-53", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">214.70</cbc:TaxAmount></cac:TaxTotal>", no, "BR-53" },
    Breaking { "BR-54", "<cbc:Value>north</cbc:Value>", no, "BR-54" },
    Breaking { "BR-55", "<cbc:ID>INV-0</cbc:ID>", no, "BR-55" },
    Breaking { "BR-56", "<cbc:CompanyID>ATU12345678</cbc:CompanyID>", no, "BR-56" },
    Breaking { "BR-57", "<cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>", no, "BR-57" },
    Breaking { "BR-61", "<cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount>", no, "BR-61" },
    Breaking { "BR-62", "<cbc:EndpointID schemeID=\"0088\">", "<cbc:EndpointID>", "BR-62" },
    Breaking { "BR-63", " schemeID=\"EM\"", no, "BR-63" },
    Breaking { "BR-64", " schemeID=\"0160\"", no, "BR-64" },
    Breaking { "BR-65", " listID=\"STI\"", no, "BR-65" },
    Breaking { "BR-66", "<cac:CardAccount>", "<cac:CardAccount><cbc:PrimaryAccountNumberID>1</cbc:PrimaryAccountNumberID></cac:CardAccount><cac:CardAccount>", "BR-66" },
    Breaking { "BR-67", "<cac:PaymentMandate>", "<cac:PaymentMandate/><cac:PaymentMandate>", "BR-67" },
    Breaking { "BR-CO-03", "<cbc:DocumentCurrencyCode>", "<cbc:TaxPointDate>2024-01-31</cbc:TaxPointDate><cbc:DocumentCurrencyCode>", "BR-CO-03" },
    Breaking { "BR-CO-04", "<cbc:Percent>19.000</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>", "<cbc:Percent>19.000</cbc:Percent><cac:TaxScheme><cbc:ID>GST</cbc:ID>", "BR-CO-04" },
    Breaking { "BR-CO-09", "ATU12345678", "U12345678", "BR-CO-09" },
    Breaking { "BR-CO-10", ">97.00</cbc:LineExtensionAmount>", ">97.01</cbc:LineExtensionAmount>", "BR-CO-10 BR-CO-13" },
    Breaking { "BR-CO-11", ">7.00</cbc:AllowanceTotalAmount>", ">7.01</cbc:AllowanceTotalAmount>", "BR-CO-11 BR-CO-13" },
    Breaking { "BR-CO-12", ">10.00</cbc:ChargeTotalAmount>", ">10.01</cbc:ChargeTotalAmount>", "BR-CO-12 BR-CO-13" },
    Breaking { "BR-CO-13", ">100.00</cbc:TaxExclusiveAmount>", ">100.01</cbc:TaxExclusiveAmount>", "BR-CO-13 BR-CO-15" },
    Breaking { "BR-CO-14", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.00", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.01", "BR-CO-14 BR-CO-15" },
    Breaking { "BR-CO-15", ">119.00</cbc:TaxInclusiveAmount>", ">119.01</cbc:TaxInclusiveAmount>", "BR-CO-15 BR-CO-16" },
    Breaking { "BR-CO-15", "currencyID=\"SEK\"", "currencyID=\"EUR\"", "BR-53 BR-CO-15" },
    Breaking { "BR-CO-16", ">100.00</cbc:PayableAmount>", ">100.01</cbc:PayableAmount>", "BR-CO-16" },
    Breaking { "BR-CO-17", ">19.00</cbc:TaxAmount><cac:TaxCategory>", ">20.00</cbc:TaxAmount><cac:TaxCategory>", "BR-CO-14 BR-CO-17 BR-S-09" },
    Breaking { "BR-CO-19", "<cbc:StartDate>2024-01-01</cbc:StartDate><cbc:EndDate>2024-01-31</cbc:EndDate><cbc:DescriptionCode>35</cbc:DescriptionCode>", no, "BR-CO-19" },
    Breaking { "BR-CO-20", "<cbc:StartDate>2024-01-05</cbc:StartDate><cbc:EndDate>2024-01-06</cbc:EndDate>", no, "BR-CO-20" },
    Breaking { "BR-CO-21", "<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Discount</cbc:AllowanceChargeReason>", no, "BR-33 BR-CO-21" },
    Breaking { "BR-CO-22", "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>", no, "BR-38 BR-CO-22" },
    Breaking { "BR-CO-23", "<cbc:AllowanceChargeReasonCode>100</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Rebate</cbc:AllowanceChargeReason>", no, "BR-42 BR-CO-23" },
    Breaking { "BR-CO-24", "<cbc:AllowanceChargeReasonCode>ABL</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>Packing</cbc:AllowanceChargeReason>", no, "BR-44 BR-CO-24" },
    Breaking { "BR-CO-25", "<cbc:DueDate>2024-03-01</cbc:DueDate>", no, "BR-CO-25" },
    Breaking { "BR-DEC-01", ">7.00</cbc:Amount>", ">7.000</cbc:Amount>", "BR-DEC-01" },
    Breaking { "BR-DEC-02", ">70.00</cbc:BaseAmount>", ">70.000</cbc:BaseAmount>", "BR-DEC-02" },
    Breaking { "BR-DEC-05", ">10.00</cbc:Amount>", ">10.000</cbc:Amount>", "BR-DEC-05" },
    Breaking { "BR-DEC-06", ">100.10</cbc:BaseAmount>", ">100.101</cbc:BaseAmount>", "BR-DEC-06" },
    Breaking { "BR-DEC-09", ">97.00</cbc:LineExtensionAmount>", ">97.000</cbc:LineExtensionAmount>", "BR-DEC-09" },
    Breaking { "BR-DEC-10", ">7.00</cbc:AllowanceTotalAmount>", ">7.000</cbc:AllowanceTotalAmount>", "BR-DEC-10" },
    Breaking { "BR-DEC-11", ">10.00</cbc:ChargeTotalAmount>", ">10.000</cbc:ChargeTotalAmount>", "BR-DEC-11" },
    Breaking { "BR-DEC-12", ">100.00</cbc:TaxExclusiveAmount>", ">100.000</cbc:TaxExclusiveAmount>", "BR-DEC-12" },
    Breaking { "BR-DEC-13", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.00", "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">19.000", "BR-DEC-13" },
    Breaking { "BR-DEC-14", ">119.00</cbc:TaxInclusiveAmount>", ">119.000</cbc:TaxInclusiveAmount>", "BR-DEC-14" },
    Breaking { "BR-DEC-15", ">214.70<", ">214.701<", "BR-DEC-15" },
    Breaking { "BR-DEC-16", ">19.10</cbc:PrepaidAmount>", ">19.100</cbc:PrepaidAmount>", "BR-DEC-16" },
    Breaking { "BR-DEC-17", ">0.10</cbc:PayableRoundingAmount>", ">0.100</cbc:PayableRoundingAmount>", "BR-DEC-17" },
    Breaking { "BR-DEC-18", ">100.00</cbc:PayableAmount>", ">100.000</cbc:PayableAmount>", "BR-DEC-18" },
    Breaking { "BR-DEC-19", ">100.00</cbc:TaxableAmount>", ">100.000</cbc:TaxableAmount>", "BR-DEC-19" },
    Breaking { "BR-DEC-20", ">19.00</cbc:TaxAmount><cac:TaxCategory>", ">19.000</cbc:TaxAmount><cac:TaxCategory>", "BR-DEC-20" },
    Breaking { "BR-DEC-23", ">97.0</cbc:LineExtensionAmount>", ">97.000</cbc:LineExtensionAmount>", "BR-DEC-23" },
    Breaking { "BR-DEC-24", ">5.00</cbc:Amount>", ">5.000</cbc:Amount>", "BR-DEC-24" },
    Breaking { "BR-DEC-25", ">50.00</cbc:BaseAmount>", ">50.000</cbc:BaseAmount>", "BR-DEC-25" },
    Breaking { "BR-DEC-27", ">2.00</cbc:Amount>", ">2.000</cbc:Amount>", "BR-DEC-27" },
    Breaking { "BR-DEC-28", ">20.00</cbc:BaseAmount>", ">20.000</cbc:BaseAmount>", "BR-DEC-28" },
    Breaking { "BR-CL-01", ">380<", ">381<", "BR-CL-01" },
    Breaking { "BR-CL-03", "currencyID=\"EUR\">70.00", "currencyID=\"EURO\">70.00", "BR-CL-03" },
    Breaking { "BR-CL-04", ">EUR</cbc:DocumentCurrencyCode>", ">EURO</cbc:DocumentCurrencyCode>", "BR-CO-15 BR-CL-04" },
    Breaking { "BR-CL-05", ">SEK</cbc:TaxCurrencyCode>", ">KRONA</cbc:TaxCurrencyCode>", "BR-53 BR-CL-05" },
    Breaking { "BR-CL-06", ">35</cbc:DescriptionCode>", ">36</cbc:DescriptionCode>", "BR-CL-06" },
    Breaking { "BR-CL-07", "schemeID=\"ABT\"", "schemeID=\"A-B\"", "BR-CL-07" },
    Breaking { "BR-CL-10", "<cbc:ID schemeID=\"0002\">S1", "<cbc:ID schemeID=\"9999\">S1", "BR-CL-10" },
    Breaking { "BR-CL-11", "schemeID=\"0060\"", "schemeID=\"9999\"", "BR-CL-11" },
    Breaking { "BR-CL-13", "listID=\"STI\"", "listID=\"CPV\"", "BR-CL-13" },
    Breaking { "BR-CL-14", ">FR</cbc:IdentificationCode>", ">FX</cbc:IdentificationCode>", "BR-CL-14" },
    Breaking { "BR-CL-15", ">IS</cbc:IdentificationCode>", ">XX</cbc:IdentificationCode>", "BR-CL-15" },
    Breaking { "BR-CL-16", ">30</cbc:PaymentMeansCode>", ">300</cbc:PaymentMeansCode>", "BR-CL-16" },
    Breaking { "BR-CL-17", "<cbc:ID>S</cbc:ID><cbc:Percent>19.0</cbc:Percent>", "<cbc:ID>A</cbc:ID><cbc:Percent>19.0</cbc:Percent>", "BR-CL-17 BR-S-08" },
    Breaking { "BR-CL-18", "<cbc:ID>S</cbc:ID><cbc:Percent>19.000</cbc:Percent>", "<cbc:ID>A</cbc:ID><cbc:Percent>19.000</cbc:Percent>", "BR-CL-18 BR-S-08" },
    Breaking { "BR-CL-19", ">95</cbc:AllowanceChargeReasonCode>", ">FC</cbc:AllowanceChargeReasonCode>", "BR-CL-19" },
    Breaking { "BR-CL-20", ">ABL</cbc:AllowanceChargeReasonCode>", ">95</cbc:AllowanceChargeReasonCode>", "BR-CL-20" },
    Breaking { "BR-CL-21", "schemeID=\"0160\"", "schemeID=\"GTIN\"", "BR-CL-21" },
    Breaking { "BR-CL-22", "<cbc:Percent>19</cbc:Percent>", "<cbc:Percent>19</cbc:Percent><cbc:TaxExemptionReasonCode>LAW</cbc:TaxExemptionReasonCode>", "BR-CL-22 BR-S-10" },
    Breaking { "BR-CL-23", "unitCode=\"HUR\"", "unitCode=\"HOUR\"", "BR-CL-23" },
    Breaking { "BR-CL-24", "mimeCode=\"text/csv\"", "mimeCode=\"text/html\"", "BR-CL-24" },
    Breaking { "BR-CL-25", "schemeID=\"EM\"", "schemeID=\"MAIL\"", "BR-CL-25" },
    Breaking { "BR-CL-26", "<cbc:ID schemeID=\"0088\">L1", "<cbc:ID schemeID=\"GLN\">L1", "BR-CL-26" },
};

constexpr std::array categories {
    UblCategory { "S", "BR-S", "19", "19.00", "119.00" },
    UblCategory { "Z", "BR-Z", "0", "0.00", "100.00" },
    UblCategory { "E", "BR-E", "0", "0.00", "100.00", true },
    UblCategory { "AE", "BR-AE", "0", "0.00", "100.00", true },
    UblCategory { "K", "BR-IC", "0", "0.00", "100.00", true },
    UblCategory { "G", "BR-G", "0", "0.00", "100.00", true },
    UblCategory { "O", "BR-O", "", "0.00", "100.00", true, false },
    UblCategory { "L", "BR-AF", "7", "7.00", "107.00" },
    UblCategory { "M", "BR-AG", "4", "4.00", "104.00" },
};

constexpr std::string_view sellerScheme = "<cac:PartyTaxScheme><cbc:CompanyID>DE123456789";
constexpr std::string_view buyerScheme = "<cac:PartyTaxScheme><cbc:CompanyID>FR12345678901";
constexpr std::string_view schemeEnd = "</cac:PartyTaxScheme>";
// clang-format on

/// Rules that no document can fail: whether two words mean the same is for people to judge.
const std::set<std::string> neverFail { "BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08" };

std::string withVatNumbers(std::string xml)
{
    return changed(
        std::move(xml), "<cac:PartyLegalEntity>",
        "<cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>"
    );
}

/// The VAT breakdown becomes one of another category, at 0%.
std::string withBreakdownOf(const std::string& xml, std::string_view code)
{
    const auto at = xml.find("<cac:TaxSubtotal>");
    return xml.substr(0, at)
        + between(
               xml.substr(at), "<cac:TaxCategory>", "</cac:TaxCategory>",
               fmt::format(
                   "<cac:TaxCategory><cbc:ID>{}</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme>"
                   "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>",
                   code
               )
        );
}

/// The rate of the line, the allowance (".00") or the charge (".000") becomes another.
std::string withRate(const std::string& xml, const UblCategory& category, std::string_view place)
{
    if (category.percent.empty())
        return changed(
            xml,
            fmt::format(
                "<cbc:ID>O</cbc:ID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{}",
                place == ".0" ? "ClassifiedTaxCategory>" : "TaxCategory></cac:AllowanceCharge>"
            ),
            fmt::format(
                "<cbc:ID>O</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
                "</cac:TaxScheme></cac:{}",
                place == ".0" ? "ClassifiedTaxCategory>" : "TaxCategory></cac:AllowanceCharge>"
            )
        );
    return changed(
        xml, fmt::format("<cbc:Percent>{}{}</cbc:Percent>", category.percent, place),
        fmt::format(
            "<cbc:Percent>{}</cbc:Percent>",
            category.percent == "0" ? "5" : (category.code == "S" ? "0" : "-1")
        )
    );
}

} // namespace

TEST_CASE("the valid examples of EN 16931 satisfy every rule")
{
    const auto folder = sharedData("einvoice/en16931-examples");
    if (!folder) {
        MESSAGE("skipped: the shared examples are not here");
        return;
    }
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        CHECK(failed(readText(entry.path())) == "");
        ++files;
    }
    CHECK(files == 9);
}

TEST_CASE("one change breaks one rule and what it entails")
{
    const auto valid = fullInvoice();
    REQUIRE(failed(valid) == "");
    for (const auto& breaking : breakings) {
        const std::string rule(breaking.rule);
        CAPTURE(rule);
        CAPTURE(breaking.from);
        CHECK(stateOf(valid, rule) != RuleState::Failed);
        CHECK(failed(changed(valid, breaking.from, breaking.by)) == breaking.fails);
    }
    SUBCASE("no lines")
    {
        const auto none = between(valid, "<cac:InvoiceLine>", "</cac:InvoiceLine>", "");
        CHECK(failed(none) == "BR-16 BR-CO-10 BR-S-08");
    }
    SUBCASE("no VAT breakdown")
    {
        const auto none = between(valid, "<cac:TaxSubtotal>", "</cac:TaxSubtotal>", "");
        CHECK(failed(none) == "BR-CO-18 BR-S-01");
    }
    SUBCASE("nobody knows the seller")
    {
        auto nobody = between(valid, "<cac:PartyTaxScheme>", "</cac:PartyTaxScheme>", "");
        nobody = changed(nobody, "<cbc:CompanyID schemeID=\"0060\">R1</cbc:CompanyID>", "");
        nobody = changed(
            nobody,
            "<cac:PartyIdentification><cbc:ID schemeID=\"0002\">S1</cbc:ID>"
            "</cac:PartyIdentification>",
            ""
        );
        CHECK(failed(nobody) == "BR-CO-26");
    }
}

TEST_CASE("each VAT category has its ten rules")
{
    for (const auto& category : categories) {
        const std::string code(category.code);
        CAPTURE(code);
        const auto id = [&](int number) { return fmt::format("{}-{:02}", category.rules, number); };
        const auto valid = creditNoteOf(category);
        REQUIRE(failed(valid) == "");
        for (int number = 1; number <= 10; ++number)
            CHECK(stateOf(valid, id(number)) == RuleState::Satisfied);

        { // 01: its breakdown is there
            const std::string_view other = code == "Z" ? "E" : "Z";
            const bool isTaxed = category.tax != "0.00";
            const auto broken = failed(withBreakdownOf(valid, other));
            const auto rules = fmt::format("BR-{0}-08{1}", other, isTaxed ? " BR-Z-09" : "");
            if (code == "Z")
                CHECK(broken == "BR-Z-01 BR-E-08 BR-E-10");
            else if (code == "S")
                CHECK(broken == "BR-CO-17 BR-S-01 BR-Z-08 BR-Z-09");
            else
                CHECK(broken == fmt::format("{}{} {}", isTaxed ? "BR-CO-17 " : "", rules, id(1)));
        }
        { // 02 to 04: who must be known by number
            const auto all = fmt::format("{} {} {}", id(2), id(3), id(4));
            if (code == "O")
                CHECK(failed(withVatNumbers(valid)) == all);
            else
                CHECK(failed(between(valid, sellerScheme, schemeEnd, "")) == all);
            const auto noBuyer = code == "O" ? valid : between(valid, buyerScheme, schemeEnd, "");
            CHECK(failed(noBuyer) == (code == "AE" || code == "K" ? all : ""));
        }
        { // 05: the line's rate
            const auto broken = failed(withRate(valid, category, ".0"));
            const bool byRate = code == "S" || code == "L" || code == "M";
            CHECK(broken == (byRate ? id(5) + " " + id(8) : id(5)));
        }
        { // 06 and 07: the rates of allowance and charge
            const bool byRate = code == "S" || code == "L" || code == "M";
            CHECK(
                failed(withRate(valid, category, ".00")) == (byRate ? id(6) + " " + id(8) : id(6))
            );
            if (code != "O")
                CHECK(
                    failed(withRate(valid, category, ".000"))
                    == (byRate ? id(7) + " " + id(8) : id(7))
                );
        }
        { // 08: the breakdown's sum
            const auto broken = failed(
                changed(valid, ">100.00</cbc:TaxableAmount>", ">102.00</cbc:TaxableAmount>")
            );
            CHECK(broken == id(8));
        }
        { // 09: the tax
            const auto broken = failed(changed(
                valid, fmt::format(">{}</cbc:TaxAmount><cac:TaxCategory>", category.tax),
                ">50.00</cbc:TaxAmount><cac:TaxCategory>"
            ));
            CHECK(broken == "BR-CO-14 BR-CO-17 " + id(9));
        }
        { // 10: the reason of an exemption
            const std::string reason = "<cbc:TaxExemptionReason>law</cbc:TaxExemptionReason>";
            const auto at = valid.find("<cac:TaxScheme>", valid.find("<cac:TaxSubtotal>"));
            const auto broken = category.hasReason ? changed(valid, reason, "")
                                                   : std::string(valid).insert(at, reason);
            CHECK(failed(broken) == id(10));
        }
    }
}

TEST_CASE("what goes beyond the ten rules of a category")
{
    SUBCASE("an intra-community supply says when and where to")
    {
        const auto valid = creditNoteOf(categories[4]);
        CHECK(
            failed(between(valid, "<cac:InvoicePeriod>", "</cac:InvoicePeriod>", "")) == "BR-IC-11"
        );
        CHECK(failed(between(valid, "<cac:Delivery>", "</cac:Delivery>", "")) == "BR-IC-12");
    }
    SUBCASE("outside the scope goes with nothing else")
    {
        const auto valid = creditNoteOf(categories[6]);
        const std::string zero = "<cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent>";
        const std::string scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>";
        const auto line = changed(
            valid, "<cac:ClassifiedTaxCategory><cbc:ID>O</cbc:ID>",
            "<cac:ClassifiedTaxCategory>" + zero
        );
        CHECK(failed(line) == "BR-Z-01 BR-Z-02 BR-O-08 BR-O-12");
        const auto allowance
            = changed(valid, "<cac:TaxCategory><cbc:ID>O</cbc:ID>", "<cac:TaxCategory>" + zero);
        CHECK(failed(allowance) == "BR-Z-01 BR-Z-03 BR-O-08 BR-O-13");
        const auto charges = valid.find("<cbc:ChargeIndicator>true");
        const auto charge = valid.substr(0, charges)
            + changed(valid.substr(charges), "<cac:TaxCategory><cbc:ID>O</cbc:ID>",
                      "<cac:TaxCategory>" + zero);
        CHECK(failed(charge) == "BR-Z-01 BR-Z-04 BR-O-08 BR-O-14");
        const auto breakdown = changed(
            valid, "</cac:TaxSubtotal>",
            "</cac:TaxSubtotal><cac:TaxSubtotal><cbc:TaxableAmount "
            "currencyID=\"EUR\">0</cbc:TaxableAmount>"
            "<cbc:TaxAmount currencyID=\"EUR\">0</cbc:TaxAmount><cac:TaxCategory>"
                + zero + scheme + "</cac:TaxCategory></cac:TaxSubtotal>"
        );
        CHECK(failed(breakdown) == "BR-O-11");
    }
    SUBCASE("split payment is Italy's, and alone")
    {
        UblCategory split { "B", "BR-B", "22", "22.00", "122.00" };
        CHECK(failed(creditNoteOf(split)) == "BR-B-01");
        auto italian = creditNoteOf(split);
        for (const std::string country : { ">DE<", ">DE<", ">FR<" })
            italian = changed(italian, country, ">IT<");
        CHECK(failed(italian) == "");
        const auto both = changed(
            italian, "<cac:ClassifiedTaxCategory><cbc:ID>B", "<cac:ClassifiedTaxCategory><cbc:ID>S"
        );
        CHECK(failed(both) == "BR-S-01 BR-B-02");
    }
}

TEST_CASE("every rule is tried by a change above, or cannot fail")
{
    std::set<std::string> tried { "BR-16",    "BR-CO-18", "BR-CO-26", "BR-IC-11",
                                  "BR-IC-12", "BR-O-11",  "BR-O-12",  "BR-O-13",
                                  "BR-O-14",  "BR-B-01",  "BR-B-02" };
    for (const auto& breaking : breakings)
        tried.emplace(breaking.rule);
    for (const auto& category : categories)
        for (int number = 1; number <= 10; ++number)
            tried.insert(fmt::format("{}-{:02}", category.rules, number));
    std::set<std::string> ids;
    for (const auto& rule : valueOf(checkUbl(fullInvoice())).rules) {
        CHECK_MESSAGE(ids.insert(rule.rule).second, rule.rule);
        CHECK_MESSAGE((tried.contains(rule.rule) || neverFail.contains(rule.rule)), rule.rule);
    }
    CHECK(ids.size() == tried.size() + neverFail.size());
}

TEST_CASE("a verdict names the place, the line and what stands there")
{
    const auto broken = changed(
        fullInvoice(), ">97.0</cbc:LineExtensionAmount>", ">97.123</cbc:LineExtensionAmount>"
    );
    const auto verdict = valueOf(checkUbl(broken));
    CHECK(verdict.number == "INV-1");
    CHECK(verdict.kind == DocumentKind::Invoice);
    CHECK_FALSE(verdict.isSatisfied());
    const auto found = std::ranges::find(verdict.rules, "BR-DEC-23", &RuleVerdict::rule);
    REQUIRE(found->failures.size() == 1);
    CHECK(found->failureCount == 1);
    CHECK(found->failures[0].place == "/Invoice/cac:InvoiceLine/cbc:LineExtensionAmount");
    const auto before = broken.substr(0, broken.find("97.123"));
    CHECK(found->failures[0].line == 1 + std::ranges::count(before, '\n'));
    CHECK(
        found->failures[0].message == "at most two decimals in a line's net amount (BT-131): 97.123"
    );
    CHECK(stateOf(fullInvoice(), "BR-O-05") == RuleState::NotApplicable);
}

TEST_CASE("tax within less than one unit is within the official tolerance")
{
    const auto near = [](std::string_view tax, std::string_view total) {
        auto xml = creditNoteOf({ "S", "BR-S", "19", tax, total });
        return failed(xml);
    };
    CHECK(near("19.99", "119.99") == "");
    CHECK(near("20.00", "120.00") == "BR-CO-17 BR-S-09");
    CHECK(near("18.01", "118.01") == "");
}

TEST_CASE("what is no such document is refused with one line")
{
    struct Row {
        std::string name;
        std::string xml;
        ErrorCode code;
        std::string says;
    };
    const std::string bomb
        = "<!DOCTYPE Invoice [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
          "<Invoice>&b;</Invoice>";
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += "<a>";
    const std::vector<Row> rows {
        { "empty", "", ErrorCode::MalformedInput, "the file is empty" },
        { "text", "hello", ErrorCode::MalformedInput, "line 1" },
        { "unclosed", "<a>\n<b>\n</a>", ErrorCode::MalformedInput, "line 3" },
        { "cut", "<Invoice><cbc:ID", ErrorCode::MalformedInput, "not well-formed XML" },
        { "entities", bomb, ErrorCode::MalformedInput, "DOCTYPE" },
        { "external", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", ErrorCode::MalformedInput,
          "DOCTYPE" },
        { "deep", deep, ErrorCode::TooLarge, "deeper than 64" },
        { "huge", std::string(xmlSizeMaxBytes + 1, ' '), ErrorCode::TooLarge, "at most" },
        { "another document",
          "<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\"/>",
          ErrorCode::MalformedInput, "neither a UBL 2.1 Invoice nor a CreditNote" },
        { "no namespace", "<Invoice xmlns=\"urn:x\"/>", ErrorCode::MalformedInput,
          "neither a UBL 2.1 Invoice nor a CreditNote" },
        { "NUL", std::string("<a>\0</a>", 8), ErrorCode::MalformedInput, "line 1" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto verdict = checkUbl(row.xml);
        REQUIRE_FALSE(verdict);
        CHECK(verdict.error().code == row.code);
        CHECK(verdict.error().detail.find(row.says) != std::string::npos);
        CHECK(verdict.error().detail.find('\n') == std::string::npos);
    }
}

TEST_CASE("a damaged file is refused or judged, never more")
{
    const auto valid = fullInvoice();
    std::uint32_t state = 2024; // a linear congruential generator: the same files each time
    const auto next = [&](std::size_t below) {
        state = state * 1664525U + 1013904223U;
        return (state >> 8U) % below;
    };
    int refused = 0;
    int judged = 0;
    for (int round = 0; round < 1000; ++round) {
        auto damaged = valid;
        switch (next(3)) {
        case 0:
            damaged.resize(next(damaged.size()));
            break;
        case 1:
            damaged.erase(next(damaged.size()), next(40));
            break;
        default:
            damaged[next(damaged.size())] = static_cast<char>(next(256));
        }
        const auto verdict = checkUbl(damaged);
        ++(verdict ? judged : refused);
        if (!verdict)
            CHECK(verdict.error().detail.find('\n') == std::string::npos);
    }
    CHECK(refused > 500);
    CHECK(judged > 20);
}

TEST_CASE("a long document is read whole")
{
    const std::string note = "<cbc:Note>" + std::string(100'000, 'x') + "</cbc:Note>";
    std::string notes;
    for (int i = 0; i < 150; ++i)
        notes += note;
    CHECK(failed(changed(fullInvoice(), "<cbc:DueDate>", notes + "<cbc:DueDate>")) == "");
}

TEST_CASE("a document is read in the encoding that it declares, under any prefixes")
{
    auto latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
        + changed(fullInvoice(), "<cbc:ID>INV-1</cbc:ID>", "<cbc:ID>caf\xe9</cbc:ID>");
    CHECK(valueOf(checkUbl(latin)).number == "caf\xc3\xa9");
    CHECK(failed(latin) == "");
    for (const std::string prefix : { "cbc:", "cac:" })
        for (auto at = latin.find(prefix); at != std::string::npos; at = latin.find(prefix, at + 1))
            latin.replace(at, 3, prefix == "cbc:" ? "b" : "a");
    latin = changed(latin, "xmlns:cbc", "xmlns:b");
    latin = changed(latin, "xmlns:cac", "xmlns:a");
    CHECK(valueOf(checkUbl(latin)).number == "caf\xc3\xa9");
    CHECK(failed(latin) == "");
}

TEST_CASE("an empty document fails what it lacks and no more")
{
    const auto none = fmt::format(
        "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" {}/>", ublSpaces
    );
    CHECK(failed(none) == "BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-08 BR-10 BR-16 BR-CO-18");
}

TEST_CASE("code lists are those of the official rules")
{
    const auto file = sharedData("einvoice/en16931-ubl-codelists.csv");
    if (!file) {
        MESSAGE("skipped: the shared code lists are not here");
        return;
    }
    std::map<std::string, std::set<std::string>> lists;
    std::ifstream in(*file);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        const auto rule = line.find(',');
        const auto list = line.find(',', rule + 1);
        lists[line.substr(0, list)].insert(line.substr(list + 1));
    }
    const std::map<std::string, CodeList> known {
        { "BR-CL-01,0", CodeList::InvoiceType },      { "BR-CL-01,1", CodeList::CreditNoteType },
        { "BR-CL-03,0", CodeList::Currency },         { "BR-CL-04,0", CodeList::Currency },
        { "BR-CL-05,0", CodeList::Currency },         { "BR-CL-06,0", CodeList::VatDate },
        { "BR-CL-07,0", CodeList::Reference },        { "BR-CL-10,0", CodeList::IdentifierScheme },
        { "BR-CL-11,0", CodeList::IdentifierScheme }, { "BR-CL-13,0", CodeList::ItemClass },
        { "BR-CL-14,0", CodeList::Country },          { "BR-CL-15,0", CodeList::Country },
        { "BR-CL-16,0", CodeList::PaymentMeans },     { "BR-CL-17,0", CodeList::VatCategory },
        { "BR-CL-18,0", CodeList::VatCategory },      { "BR-CL-21,0", CodeList::IdentifierScheme },
        { "BR-CL-22,0", CodeList::Exemption },        { "BR-CL-23,0", CodeList::Unit },
        { "BR-CL-25,0", CodeList::EndpointScheme },   { "BR-CL-26,0", CodeList::IdentifierScheme },
    };
    int compared = 0;
    for (const auto& entry : lists) {
        const std::string name = entry.first;
        if (name == "BR-CL-10,1") // SEPA, which is in the rule itself
            continue;
        CAPTURE(name);
        const auto found = known.find(name);
        REQUIRE(found != known.end());
        const auto ours = codesOf(found->second);
        CHECK(std::set<std::string>(ours.begin(), ours.end()) == entry.second);
        ++compared;
    }
    CHECK(compared == static_cast<int>(known.size()));
}

TEST_CASE("codes are found whole")
{
    CHECK(isCode(CodeList::Unit, "C62"));
    CHECK_FALSE(isCode(CodeList::Unit, "C6"));
    CHECK_FALSE(isCode(CodeList::Unit, ""));
    CHECK_FALSE(isCode(CodeList::Unit, "C62 HUR"));
    CHECK(isCode(CodeList::ChargeReason, "FC"));
    CHECK(isCode(CodeList::AllowanceReason, "95"));
    CHECK(isCode(CodeList::MimeType, "application/pdf"));
}
