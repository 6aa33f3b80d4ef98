#include "core/formats/bank_lines.h"
#include "core/formats/bill_ubl.h"
#include "core/formats/ubl_check.h"
#include "core/formats/xml_tree.h"
#include "tests/core/formats/sample_bill.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

BillPrint northlake()
{
    return billPrint(valueOf(readBrand("resources/brand/northlake.json")), "northlake-de");
}

/// A bill in euros, all of one category.
Bill billOf(const std::string& category, std::int64_t millionths, int lines = 3)
{
    auto bill = sampleBill(lines);
    bill.summary.total.currency = valueOf(Currency::find("EUR"));
    for (auto& line : bill.lines)
        line.tax = { category, millionths };
    completeBill(bill);
    return bill;
}

/// Every element under its own name; the parts of a path parted by /.
XmlDocument read(const std::string& xml)
{
    static constexpr std::array prefixes {
        XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "b" },
        XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
                    "a" },
        XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "" },
        XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "" },
    };
    return valueOf(parseXml(xml, prefixes));
}

/// All texts along a path, parted by |.
std::string texts(const XmlDocument& document, std::string_view path)
{
    std::string out;
    for (const auto* const element : select(*document.root, path))
        out += (out.empty() ? "" : "|") + normalizedText(*element);
    return out;
}

std::string refusalOf(const Bill& bill, const BillPrint& print = northlake())
{
    const auto xml = billUbl(bill, print);
    if (xml)
        return {};
    CHECK(xml.error().code == ErrorCode::InvalidArgument);
    return xml.error().detail;
}

} // namespace

TEST_CASE("a bill is an Invoice that says what the bill says")
{
    const auto bill = billOf("S", 190'000);
    const auto xml = valueOf(billUbl(bill, northlake()));
    CHECK(xml == valueOf(billUbl(bill, northlake())));
    const auto document = read(xml);
    CHECK(document.root->name == "Invoice");
    struct Row {
        std::string_view path;
        std::string text;
    };
    const std::vector<Row> rows {
        { "b:CustomizationID", "urn:cen.eu:en16931:2017" },
        { "b:ID", "NL-2023-000123" },
        { "b:IssueDate", "2023-12-01" },
        { "b:DueDate", "2023-12-15" },
        { "b:InvoiceTypeCode", "380" },
        { "b:DocumentCurrencyCode", "EUR" },
        { "b:BuyerReference", "Team Vision" },
        { "a:InvoicePeriod/b:StartDate", "2023-11-01" },
        { "a:InvoicePeriod/b:EndDate", "2023-11-30" },
        { "a:OrderReference/b:ID", "PO-4711" },
        { "a:AccountingSupplierParty/a:Party/a:PostalAddress/b:StreetName", "Speicherstrasse 14" },
        { "a:AccountingSupplierParty/a:Party/a:PostalAddress/b:CityName", "Hamburg" },
        { "a:AccountingSupplierParty/a:Party/a:PostalAddress/b:PostalZone", "20457" },
        { "a:AccountingSupplierParty/a:Party/a:PartyTaxScheme/b:CompanyID", "DE136695976" },
        { "a:AccountingCustomerParty/a:Party/b:EndpointID", "ap@acme.example" },
        { "a:AccountingCustomerParty/a:Party/a:PostalAddress/b:CityName", "Cambridge CB4 0WA" },
        { "a:AccountingCustomerParty/a:Party/a:PartyTaxScheme/b:CompanyID", "GB123456789" },
        { "a:PaymentMeans/b:PaymentMeansCode", "58" },
        { "a:PaymentMeans/b:PaymentID", "NL-2023-000123" },
        { "a:PaymentMeans/a:PayeeFinancialAccount/b:ID", "DE02120300000000202051" },
        { "a:PaymentMeans/a:PayeeFinancialAccount/a:FinancialInstitutionBranch/b:ID",
          "BYLADEM1001" },
        { "a:PaymentTerms/b:Note", "Payable by 2023-12-15" },
        { "a:TaxTotal/a:TaxSubtotal/a:TaxCategory/b:ID", "S" },
        { "a:TaxTotal/a:TaxSubtotal/a:TaxCategory/b:Percent", "19" },
        { "a:TaxTotal/b:TaxAmount", amountText(bill.summary.tax) },
        { "a:LegalMonetaryTotal/b:LineExtensionAmount", amountText(bill.summary.net) },
        { "a:LegalMonetaryTotal/b:TaxInclusiveAmount", amountText(bill.summary.total) },
        { "a:LegalMonetaryTotal/b:PayableAmount", amountText(bill.summary.total) },
        { "a:InvoiceLine/b:ID", "1|2|3" },
        { "a:InvoiceLine/b:InvoicedQuantity", "1234.567891|2469.135782|3703.703673" },
        { "a:InvoiceLine/b:LineExtensionAmount",
          fmt::format(
              "{}|{}|{}", amountText(bill.lines[0].amount), amountText(bill.lines[1].amount),
              amountText(bill.lines[2].amount)
          ) },
        { "a:InvoiceLine/a:Price/b:PriceAmount", "2.95|2.95|2.95" },
        { "a:InvoiceLine/a:Price/b:BaseQuantity", "3600|3600|3600" },
        { "a:InvoiceLine/a:AllowanceCharge/b:MultiplierFactorNumeric", "8" },
        { "a:InvoiceLine/a:AllowanceCharge/b:AllowanceChargeReason", "Commitment discount" },
        { "a:InvoiceLine/a:Item/a:SellersItemIdentification/b:ID",
          "gpu-pod-h100|gpu-pod-h100|gpu-pod-h100" },
    };
    for (const auto& row : rows) {
        const std::string path(row.path);
        CAPTURE(path);
        CHECK(texts(document, row.path) == row.text);
    }
    const auto* const quantity = first(*document.root, "a:InvoiceLine/b:InvoicedQuantity");
    CHECK(*attribute(*quantity, "unitCode") == "SEC");
}

TEST_CASE("a line's net amount is quantity x price / base less its allowance, to half a cent")
{
    const auto bill = billOf("S", 190'000, 40);
    const auto document = read(valueOf(billUbl(bill, northlake())));
    const auto lines = select(*document.root, "a:InvoiceLine");
    REQUIRE(lines.size() == 40);
    const auto number = [](const XmlElement& from, std::string_view path, double absent) {
        const auto text = textAt(from, path);
        return text.empty() ? absent : std::stod(text);
    };
    for (const auto* const line : lines) {
        const auto net = number(*line, "b:InvoicedQuantity", 0)
                * number(*line, "a:Price/b:PriceAmount", 0)
                / number(*line, "a:Price/b:BaseQuantity", 1)
            - number(*line, "a:AllowanceCharge/b:Amount", 0);
        constexpr double halfCent = 0.005001;
        CHECK(std::abs(net - number(*line, "b:LineExtensionAmount", -1)) < halfCent);
    }
}

TEST_CASE("prices per million tokens are base quantities, and other units are told in words")
{
    auto bill = billOf("S", 190'000, 2);
    auto& tokens = bill.lines[0];
    tokens.meterUnit = "tokens";
    tokens.quantity = 12'345'678;
    tokens.quantityDigits = 0;
    tokens.unit = "million tokens";
    tokens.per = 1'000'000;
    tokens.rate = valueOf(parseRate("0.000000001"));
    auto& storage = bill.lines[1];
    storage.meterUnit = "MiB-s";
    storage.unit = "MiB-s";
    storage.per = 1;
    completeBill(bill);
    const auto document = read(valueOf(billUbl(bill, northlake())));
    CHECK(texts(document, "a:InvoiceLine/a:Price/b:PriceAmount") == "0.000000001|2.95");
    CHECK(texts(document, "a:InvoiceLine/a:Price/b:BaseQuantity") == "1000000");
    for (const auto* const quantity : select(*document.root, "a:InvoiceLine/b:InvoicedQuantity"))
        CHECK(*attribute(*quantity, "unitCode") == "C62");
    CHECK(
        texts(document, "a:InvoiceLine/a:Item/b:Description")
        == "GPU pods, measured in tokens, priced per 1000000 tokens (million tokens)|"
           "Model API, measured in MiB-s"
    );
}

TEST_CASE("a line that is priced in steps is one piece at its amount")
{
    auto bill = billOf("S", 190'000, 2);
    auto& scale = bill.lines[0];
    scale.rate = {};
    scale.discountMillionths = 0;
    scale.discountName.clear();
    scale.per = 1;
    scale.unit = scale.meterUnit = "GPU-s";
    scale.quantityDigits = 0;
    scale.quantity = 100;
    scale.steps = { { .kind = StepKind::Free, .quantity = 40 },
                    { .kind = StepKind::Units, .quantity = 60, .rate = valueOf(parseRate("2")) } };
    auto& promise = bill.lines[1];
    promise.meter.clear();
    promise.rate = {};
    promise.discountMillionths = 0;
    promise.discountName.clear();
    promise.quantity = 0;
    promise.steps = { { .kind = StepKind::Commitment, .rate = valueOf(parseRate("150")) },
                      { .kind = StepKind::Covered, .rate = valueOf(parseRate("120")) } };
    completeBill(bill);
    const auto document = read(valueOf(billUbl(bill, northlake())));
    CHECK(texts(document, "a:InvoiceLine/b:InvoicedQuantity") == "1|1");
    CHECK(texts(document, "a:InvoiceLine/b:LineExtensionAmount") == "120.00|30.00");
    CHECK(texts(document, "a:InvoiceLine/a:Price/b:PriceAmount") == "120.00|30.00");
    CHECK(
        texts(document, "a:InvoiceLine/a:Item/b:Description")
        == "GPU pods, 100 GPU-s, priced in steps|Model API"
    );
}

TEST_CASE("every VAT category becomes a document that satisfies the rules")
{
    struct Row {
        std::string category;
        std::int64_t millionths;
        std::string reasonCode;
        std::string reason;
        std::string_view note;
    };
    const std::vector<Row> rows {
        { "S", 190'000, "", "", "" },
        { "Z", 0, "", "", "" },
        { "E", 0, "", "Section 4 no. 11", "Section 4 no. 11" },
        { "AE", 0, "VATEX-EU-AE", "Reverse charge", "" },
        { "G", 0, "VATEX-EU-G", "Export outside the EU", "" },
        { "K", 0, "VATEX-EU-IC", "Intra-Community supply", "" },
        { "O", 0, "VATEX-EU-O", "Article 44", "Article 44" },
    };
    for (const auto& row : rows)
        for (const auto kind : { DocumentKind::Invoice, DocumentKind::CreditNote }) {
            CAPTURE(row.category);
            auto bill = billOf(row.category, row.millionths);
            bill.summary.kind = kind;
            auto print = northlake();
            print.taxNote = row.note;
            const auto xml = valueOf(billUbl(bill, print));
            CHECK(valueOf(checkUbl(xml)).isSatisfied());
            CHECK(valueOf(checkUbl(xml)).kind == kind);
            const auto document = read(xml);
            const std::string category = "a:TaxTotal/a:TaxSubtotal/a:TaxCategory/";
            CHECK(texts(document, category + "b:TaxExemptionReasonCode") == row.reasonCode);
            CHECK(texts(document, category + "b:TaxExemptionReason") == row.reason);
            // Outside the scope of VAT the number is an identifier, and no VAT number.
            CHECK(
                texts(document, "a:AccountingSupplierParty/a:Party/a:PartyIdentification/b:ID")
                == (row.category == "O" ? "DE136695976" : "")
            );
        }
}

TEST_CASE("several categories and rates stand beside each other")
{
    auto bill = billOf("S", 190'000, 4);
    bill.lines[1].tax = { "S", 70'000 };
    bill.lines[2].tax = { "AE", 0 };
    bill.lines[3].tax = { "E", 0 };
    completeBill(bill);
    auto print = northlake();
    print.taxNote = "Section 4 no. 11";
    const auto document = read(valueOf(billUbl(bill, print)));
    const std::string category = "a:TaxTotal/a:TaxSubtotal/a:TaxCategory/";
    CHECK(texts(document, category + "b:ID") == "AE|E|S|S");
    CHECK(texts(document, category + "b:Percent") == "0|0|7|19");
    CHECK(texts(document, category + "b:TaxExemptionReason") == "Reverse charge|Section 4 no. 11");
}

TEST_CASE("a credit note credits, and names the bill it corrects")
{
    auto bill = billOf("S", 190'000);
    bill.summary.kind = DocumentKind::CreditNote;
    bill.summary.number = "NL-C-2023-000001";
    bill.summary.due.reset();
    const auto xml = valueOf(billUbl(
        bill, northlake(), PrecedingBill { "NL-2023-000099", valueOf(parseDate("2023-11-01")) }
    ));
    const auto document = read(xml);
    CHECK(document.root->name == "CreditNote");
    CHECK(texts(document, "b:CreditNoteTypeCode") == "381");
    CHECK(
        texts(document, "a:BillingReference/a:InvoiceDocumentReference/b:ID") == "NL-2023-000099"
    );
    CHECK(
        texts(document, "a:BillingReference/a:InvoiceDocumentReference/b:IssueDate") == "2023-11-01"
    );
    CHECK(texts(document, "a:CreditNoteLine/b:ID") == "1|2|3");
    CHECK(
        texts(document, "a:CreditNoteLine/b:CreditedQuantity")
        == "1234.567891|2469.135782|3703.703673"
    );
    CHECK(texts(document, "a:PaymentMeans/b:PaymentMeansCode") == "");
    CHECK(texts(document, "a:PaymentTerms/b:Note") == "Credited to the account");
}

TEST_CASE("a correction is a negative quantity at the same price")
{
    auto bill = billOf("S", 190'000, 4);
    bill.lines[0].quantity = -bill.lines[0].quantity;
    completeBill(bill);
    const auto document = read(valueOf(billUbl(bill, northlake())));
    CHECK(
        texts(document, "a:InvoiceLine/b:InvoicedQuantity").starts_with("-1234.567891|2469.135782")
    );
}

TEST_CASE("an amount without decimals stays whole")
{
    auto bill = sampleBill(3);
    bill.summary.total.currency = valueOf(Currency::find("JPY"));
    completeBill(bill);
    const auto document = read(valueOf(billUbl(bill, northlake())));
    CHECK(
        texts(document, "a:LegalMonetaryTotal/b:PayableAmount") == amountText(bill.summary.total)
    );
    // An IBAN outside the euro is a credit transfer, but none of SEPA.
    CHECK(texts(document, "a:PaymentMeans/b:PaymentMeansCode") == "30");
}

TEST_CASE("what the standard cannot say is refused with its reason")
{
    SUBCASE("a draft")
    {
        auto bill = billOf("S", 190'000);
        bill.summary.number.clear();
        CHECK(refusalOf(bill).find("a draft has neither number nor date") != std::string::npos);
    }
    SUBCASE("three decimals")
    {
        auto bill = sampleBill(1);
        bill.summary.total.currency = valueOf(Currency::find("KWD"));
        completeBill(bill);
        CHECK(refusalOf(bill).find("those of KWD have 3") != std::string::npos);
    }
    SUBCASE("another category")
    {
        CHECK(refusalOf(billOf("L", 70'000)).find("VAT category \"L\"") != std::string::npos);
        CHECK(refusalOf(billOf("XX", 0)).find("VAT category \"XX\"") != std::string::npos);
    }
    SUBCASE("O beside another")
    {
        auto bill = billOf("S", 190'000);
        bill.lines[1].tax = { "O", 0 };
        completeBill(bill);
        CHECK(refusalOf(bill).find("BR-O-11") != std::string::npos);
    }
    SUBCASE("an exemption without a reason")
    {
        auto print = northlake();
        print.taxNote.clear();
        CHECK(refusalOf(billOf("E", 0), print).find("BR-E-10") != std::string::npos);
    }
    SUBCASE("a negative price")
    {
        auto bill = billOf("S", 190'000);
        bill.lines[1].rate.nanos = -1;
        completeBill(bill);
        CHECK(refusalOf(bill).find("line 2 has the negative price") != std::string::npos);
    }
    SUBCASE("reverse charge to a buyer without a number names the rule")
    {
        auto bill = billOf("AE", 0);
        bill.buyer.taxIds.clear();
        CHECK(refusalOf(bill).find("rule BR-AE-02 fails at /Invoice") != std::string::npos);
    }
    SUBCASE("no line")
    {
        CHECK(refusalOf(billOf("S", 190'000, 0)).find("rule BR-16 fails") != std::string::npos);
    }
    SUBCASE("a seller whose address has no country")
    {
        auto bill = billOf("S", 190'000);
        bill.seller.country.clear();
        CHECK(refusalOf(bill).find("rule BR-09 fails") != std::string::npos);
    }
}

TEST_CASE("tax ids: VAT numbers begin with their country, others are identifiers")
{
    struct Row {
        std::string country;
        std::string id;
        std::string vat;
        std::string other;
    };
    const std::vector<Row> rows {
        { "DE", "DE 136.695.976", "DE136695976", "" },
        { "GR", "EL123456789", "EL123456789", "" },
        { "GB", "XI123456789", "XI123456789", "" },
        { "DE", "ATU12345678", "ATU12345678", "" },
        { "CH", "CHE-123.456.789 MWST", "CHE123456789MWST", "" },
        { "NO", "999999999MVA", "", "999999999MVA" },
        { "US", "91-1234567", "", "91-1234567" },
        { "MX", "ATE010101AAA", "", "ATE010101AAA" },
    };
    for (const auto& row : rows) {
        CAPTURE(row.id);
        auto bill = billOf("S", 190'000, 1);
        bill.buyer.country = row.country;
        bill.buyer.taxIds = { row.id };
        const auto document = read(valueOf(billUbl(bill, northlake())));
        const std::string buyer = "a:AccountingCustomerParty/a:Party/";
        CHECK(texts(document, buyer + "a:PartyTaxScheme/b:CompanyID") == row.vat);
        CHECK(texts(document, buyer + "a:PartyIdentification/b:ID") == row.other);
    }
}

TEST_CASE("text of every kind goes in and comes out again")
{
    auto bill = billOf("S", 190'000, 1);
    bill.buyer.legalName = "Ünder & <Söhne> \"東京\"\x01 Co";
    bill.buyer.addressLines = { "1 Way", "Floor 3", "East Wing", "Room 9", "1012 AB Amsterdam" };
    const auto document = read(valueOf(billUbl(bill, northlake())));
    const std::string buyer = "a:AccountingCustomerParty/a:Party/";
    CHECK(
        texts(document, buyer + "a:PartyLegalEntity/b:RegistrationName")
        == "Ünder & <Söhne> \"東京\" Co"
    );
    CHECK(texts(document, buyer + "a:PostalAddress/b:AdditionalStreetName") == "Floor 3");
    CHECK(texts(document, buyer + "a:PostalAddress/a:AddressLine/b:Line") == "East Wing, Room 9");
    CHECK(texts(document, buyer + "a:PostalAddress/b:CityName") == "1012 AB Amsterdam");
}

TEST_CASE("bank details are read as they are printed")
{
    struct Row {
        std::vector<std::string> lines;
        BankAccount account;
    };
    const std::vector<Row> rows {
        { { "Northlake Cloud GmbH", "IBAN DE02 1203 0000 0000 2020 51", "BIC BYLADEM1001" },
          { "DE02120300000000202051", "BYLADEM1001", true } },
        { { "iban: de02 1203 0000 0000 2020 51" }, { "DE02120300000000202051", "", true } },
        { { "DE02120300000000202051" }, { "DE02120300000000202051", "", true } },
        { { "IBAN DE03 1203 0000 0000 2020 51" }, { "", "", false } }, // its check digits are wrong
        { { "ABA 125000024", "Account 000123456789" }, { "000123456789", "125000024", false } },
        { { "Routing number: 125000024", "Account number: 12-34" },
          { "1234", "125000024", false } },
        { { "by cheque" }, {} },
        { {}, {} },
    };
    for (const auto& row : rows) {
        const std::string first = row.lines.empty() ? "" : row.lines.front();
        CAPTURE(first);
        CHECK(readBankLines(row.lines) == row.account);
    }
}

TEST_CASE("bank details without an account stand in the terms")
{
    auto print = northlake();
    print.bankLines = { "by cheque" };
    const auto document = read(valueOf(billUbl(billOf("S", 190'000), print)));
    CHECK(texts(document, "a:PaymentMeans/b:PaymentMeansCode") == "");
    CHECK(texts(document, "a:PaymentTerms/b:Note") == "Payable by 2023-12-15, to by cheque");
}
