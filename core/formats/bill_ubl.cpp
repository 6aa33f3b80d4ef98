#include "core/formats/bill_ubl.h"

#include "core/domain/rating/rating.h"
#include "core/domain/tax_ids.h"
#include "core/domain/time_zone.h"
#include "core/formats/bank_lines.h"
#include "core/formats/ubl_check.h"
#include "core/formats/ubl_codes.h"
#include "core/formats/xml_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace quittance::formats {

namespace {

constexpr int percentDigits = 4; // millionths are 1e-4 of a percent

/// VAT categories that a bill may have, with the reason that an exemption needs: its code in the
/// VATEX list and its text where the bill names none. Exempt (E) has no code that fits every
/// exemption, and its reason is the law's: the bill must say it.
struct Category {
    std::string_view code;
    std::string_view reasonCode;
    std::string_view reason;
    bool isTaxed = false;
};
constexpr std::array categories {
    Category { "S", "", "", true },
    Category { "Z", "", "", true },
    Category { "E", "", "" },
    Category { "AE", "VATEX-EU-AE", "Reverse charge" },
    Category { "G", "VATEX-EU-G", "Export outside the EU" },
    Category { "K", "VATEX-EU-IC", "Intra-Community supply" },
    Category { "O", "VATEX-EU-O", "Not subject to VAT" },
};

const Category* findCategory(std::string_view code)
{
    const auto* const found = std::ranges::find(categories, code, &Category::code);
    return found == categories.end() ? nullptr : found;
}

struct UnitCode {
    std::string_view unit;
    std::string_view code;
};
/// UN/ECE Recommendation 20. A unit that is not here is counted as C62, "one": what one is, the
/// item's description says.
constexpr std::array unitCodes {
    UnitCode { "GPU-s", "SEC" },  UnitCode { "node-s", "SEC" }, UnitCode { "s", "SEC" },
    UnitCode { "GPU-h", "HUR" },  UnitCode { "node-h", "HUR" }, UnitCode { "h", "HUR" },
    UnitCode { "tokens", "C62" }, UnitCode { "calls", "C62" },  UnitCode { "day", "DAY" },
    UnitCode { "days", "DAY" },   UnitCode { "week", "WEE" },   UnitCode { "weeks", "WEE" },
    UnitCode { "month", "MON" },  UnitCode { "months", "MON" },
};

std::string_view unitCode(std::string_view unit)
{
    const auto* const found = std::ranges::find(unitCodes, unit, &UnitCode::unit);
    return found == unitCodes.end() ? std::string_view("C62") : found->code;
}

/// A line as EN 16931 says it: quantity x price / base - allowance = net.
struct UblLine {
    std::string quantity;
    std::string_view unit;
    std::string price;
    std::int64_t base = 1;
    Money gross;
    Money allowance;
    std::string allowancePercent; ///< "" where there is no allowance
    std::string allowanceReason;
    Money net;
    std::string description;
};

std::string describe(const BillLine& line)
{
    if (line.per == 1)
        return fmt::format("{}, measured in {}", line.service, line.meterUnit);
    return fmt::format(
        "{}, measured in {}, priced per {} {} ({})", line.service, line.meterUnit, line.per,
        line.meterUnit, line.unit
    );
}

/// What is priced in steps has no single price: it is one piece at its amount, and its use is told
/// in words.
Result<UblLine> ublLineOfSteps(const BillLine& line)
{
    QUITTANCE_TRY(const auto steps, explain(line));
    const bool isCredit = line.amount.minor < 0;
    UblLine out;
    out.quantity = isCredit ? "-1" : "1";
    out.unit = "C62";
    out.price
        = amountText(isCredit ? Money { -line.amount.minor, line.amount.currency } : line.amount);
    out.gross = line.amount;
    out.allowance = { 0, line.amount.currency };
    out.net = line.amount;
    out.description = line.meter.empty()
        ? line.service
        : fmt::format("{}, {} {}, priced in steps", line.service, steps.quantity, line.unit);
    return out;
}

/// The one place that knows how a bill's line was priced.
Result<UblLine> ublLine(const BillLine& line)
{
    if (!line.steps.empty())
        return ublLineOfSteps(line);
    if (line.rate.nanos < 0)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("line {} has the negative price {} (BR-27)", line.number, toText(line.rate))
        );
    auto undiscounted = line;
    undiscounted.discountMillionths = 0;
    QUITTANCE_TRY(const auto exact, exactAmount(undiscounted));
    QUITTANCE_TRY(
        const auto gross, divideRounded(exact.numerator, exact.denominator, Rounding::HalfEven)
    );
    UblLine out;
    out.quantity = formatFixed(line.quantity, line.quantityDigits, true);
    out.unit = unitCode(line.meterUnit);
    out.price = toText(line.rate);
    out.base = line.per;
    out.gross = { gross, line.amount.currency };
    QUITTANCE_TRY(out.allowance, subtract(out.gross, line.amount));
    if (line.discountMillionths != 0) {
        out.allowancePercent = formatFixed(line.discountMillionths, percentDigits, true);
        out.allowanceReason = line.discountName.empty() ? "Discount" : line.discountName;
    }
    out.net = line.amount;
    out.description = describe(line);
    return out;
}

/// A tax id as EN 16931 takes it.
struct PartyId {
    std::string value;
    bool isVat = false; ///< begins with its country, as BT-31 and BT-48 must
};

PartyId partyId(const std::string& taxId)
{
    std::string bare;
    std::ranges::copy_if(taxId, std::back_inserter(bare), [](char c) {
        return c != ' ' && c != '.' && c != '-';
    });
    constexpr std::size_t prefixSize = 2;
    const auto prefix = bare.substr(0, prefixSize);
    // Greece and Northern Ireland write other letters than their country's.
    const std::string country = prefix == "EL" ? "GR" : prefix == "XI" ? "GB" : prefix;
    // Letters alone prove nothing: "ATE010101AAA" is a Mexican number and none of Austria.
    if (isCode(CodeList::Country, country) && checkTaxId(country, bare))
        return { std::move(bare), true };
    return { taxId, false };
}

/// "20457 Hamburg" -> {"20457", "Hamburg"}; a line of another shape is the city as it stands.
struct CityLine {
    std::string zone;
    std::string city;
};
CityLine cityLine(const std::string& line)
{
    constexpr std::size_t zoneSizeMin = 4;
    constexpr std::size_t zoneSizeMax = 6;
    constexpr std::size_t nameSizeMin = 3; // "1012 AB Amsterdam" is another shape
    const auto digits = line.find_first_not_of("0123456789");
    if (digits == std::string::npos || digits < zoneSizeMin || digits > zoneSizeMax
        || line[digits] != ' ')
        return { "", line };
    auto name = line.substr(digits + 1);
    if (std::min(name.find(' '), name.size()) < nameSizeMin)
        return { "", line };
    return { line.substr(0, digits), std::move(name) };
}

enum class Role : std::uint8_t { Seller, Buyer };

class UblWriter {
public:
    UblWriter(const Bill& bill, const BillPrint& print, TimeZone zone)
        : m_bill(&bill)
        , m_print(&print)
        , m_zone(std::move(zone))
    {
    }

    Result<std::string> write(const std::optional<PrecedingBill>& corrected);

private:
    [[nodiscard]] bool isCreditNote() const
    {
        return m_bill->summary.kind == DocumentKind::CreditNote;
    }
    /// Outside the scope of VAT nobody's VAT number may stand in the document (BR-O-02).
    [[nodiscard]] bool isOutsideVat() const
    {
        return !m_bill->taxes.empty() && m_bill->taxes.front().tax.category == "O";
    }

    void head(const std::optional<PrecedingBill>& corrected);
    void period(const Interval& interval);
    void party(std::string_view name, const BillParty& party, Role role);
    void address(const BillParty& party);
    void partyIds(const std::vector<PartyId>& ids, Role role);
    void taxSchemes(const std::vector<PartyId>& ids, Role role);
    void taxScheme(std::string_view id, std::string_view scheme);
    void delivery();
    void payment();
    void paymentTerms(bool hasAccount);
    void taxTotal();
    void taxCategory(std::string_view name, const TaxRate& tax, bool withReason);
    [[nodiscard]] std::string exemptionReason(const Category& category) const;
    void totals();
    Result<> line(const BillLine& line);
    void item(const BillLine& line, const UblLine& said);
    void amount(std::string_view name, const Money& money);

    const Bill* m_bill;
    const BillPrint* m_print;
    TimeZone m_zone;
    XmlWriter m_xml;
};

Result<std::string> UblWriter::write(const std::optional<PrecedingBill>& corrected)
{
    const std::string_view root = isCreditNote() ? "CreditNote" : "Invoice";
    const auto space = fmt::format("urn:oasis:names:specification:ubl:schema:xsd:{}-2", root);
    const std::array<XmlWriter::Attribute, 3> spaces { {
        { "xmlns", space },
        { "xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" },
        { "xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" },
    } };
    m_xml.open(root, spaces);
    head(corrected);
    party("cac:AccountingSupplierParty", m_bill->seller, Role::Seller);
    party("cac:AccountingCustomerParty", m_bill->buyer, Role::Buyer);
    delivery();
    payment();
    taxTotal();
    totals();
    for (const auto& billLine : m_bill->lines)
        QUITTANCE_CHECK(line(billLine));
    m_xml.close();
    return m_xml.finish();
}

void UblWriter::head(const std::optional<PrecedingBill>& corrected)
{
    const auto& summary = m_bill->summary;
    m_xml.text("cbc:CustomizationID", "urn:cen.eu:en16931:2017");
    m_xml.text("cbc:ID", summary.number);
    m_xml.text("cbc:IssueDate", toText(*summary.issued));
    if (!isCreditNote() && summary.due)
        m_xml.text("cbc:DueDate", toText(*summary.due));
    if (isCreditNote())
        m_xml.text("cbc:CreditNoteTypeCode", "381");
    else
        m_xml.text("cbc:InvoiceTypeCode", "380");
    m_xml.text("cbc:DocumentCurrencyCode", summary.total.currency.code());
    m_xml.text("cbc:BuyerReference", m_bill->buyer.buyerReference);
    period(summary.period);
    if (!m_bill->buyer.purchaseOrder.empty()) {
        m_xml.open("cac:OrderReference");
        m_xml.text("cbc:ID", m_bill->buyer.purchaseOrder);
        m_xml.close();
    }
    if (corrected) {
        m_xml.open("cac:BillingReference");
        m_xml.open("cac:InvoiceDocumentReference");
        m_xml.text("cbc:ID", corrected->number);
        if (corrected->issued)
            m_xml.text("cbc:IssueDate", toText(*corrected->issued));
        m_xml.close();
        m_xml.close();
    }
}

/// Both days are inside the period, in the account's zone.
void UblWriter::period(const Interval& interval)
{
    m_xml.open("cac:InvoicePeriod");
    m_xml.text("cbc:StartDate", toText(m_zone.dateAt(interval.begin)));
    m_xml.text("cbc:EndDate", toText(m_zone.dateAt(Instant { interval.end.micros - 1 })));
    m_xml.close();
}

void UblWriter::party(std::string_view name, const BillParty& party, Role role)
{
    std::vector<PartyId> ids;
    for (const auto& taxId : party.taxIds)
        ids.push_back(partyId(taxId));
    m_xml.open(name);
    m_xml.open("cac:Party");
    m_xml.text("cbc:EndpointID", party.email, { "schemeID", "EM" });
    partyIds(ids, role);
    address(party);
    taxSchemes(ids, role);
    m_xml.open("cac:PartyLegalEntity");
    m_xml.text("cbc:RegistrationName", party.legalName);
    m_xml.close();
    if (!party.email.empty()) {
        m_xml.open("cac:Contact");
        m_xml.text("cbc:ElectronicMail", party.email);
        m_xml.close();
    }
    m_xml.close();
    m_xml.close();
}

/// Identifiers (BT-29, of which a seller may have several; BT-46, one): what is no VAT number, and
/// every tax id where there is no VAT.
void UblWriter::partyIds(const std::vector<PartyId>& ids, Role role)
{
    for (const auto& id : ids) {
        if (id.isVat && !isOutsideVat())
            continue;
        m_xml.open("cac:PartyIdentification");
        m_xml.text("cbc:ID", id.value);
        m_xml.close();
        if (role == Role::Buyer)
            break;
    }
}

/// The VAT number (BT-31, BT-48), and of a seller the other tax registration (BT-32); one of each.
void UblWriter::taxSchemes(const std::vector<PartyId>& ids, Role role)
{
    const auto vat = std::ranges::find(ids, true, &PartyId::isVat);
    if (vat != ids.end() && !isOutsideVat())
        taxScheme(vat->value, "VAT");
    const auto other = std::ranges::find(ids, false, &PartyId::isVat);
    if (role == Role::Seller && other != ids.end())
        taxScheme(other->value, "TAX");
}

void UblWriter::taxScheme(std::string_view id, std::string_view scheme)
{
    m_xml.open("cac:PartyTaxScheme");
    m_xml.text("cbc:CompanyID", id);
    m_xml.open("cac:TaxScheme");
    m_xml.text("cbc:ID", scheme);
    m_xml.close();
    m_xml.close();
}

/// The first line is the street, the last the city; what lies between adds to the street.
void UblWriter::address(const BillParty& party)
{
    auto lines = party.addressLines;
    CityLine city;
    if (lines.size() > 1) {
        city = cityLine(lines.back());
        lines.pop_back();
    }
    m_xml.open("cac:PostalAddress");
    if (!lines.empty())
        m_xml.text("cbc:StreetName", lines.front());
    if (lines.size() > 1)
        m_xml.text("cbc:AdditionalStreetName", lines[1]);
    m_xml.text("cbc:CityName", city.city);
    m_xml.text("cbc:PostalZone", city.zone);
    if (lines.size() > 2) {
        m_xml.open("cac:AddressLine");
        m_xml.text("cbc:Line", fmt::format("{}", fmt::join(lines.begin() + 2, lines.end(), ", ")));
        m_xml.close();
    }
    m_xml.open("cac:Country");
    m_xml.text("cbc:IdentificationCode", party.country);
    m_xml.close();
    m_xml.close();
}

/// Where an intra-community supply goes to, which BR-IC-12 asks for: the buyer's country.
void UblWriter::delivery()
{
    const bool isIntraCommunity = std::ranges::any_of(m_bill->taxes, [](const TaxTotal& tax) {
        return tax.tax.category == "K";
    });
    if (!isIntraCommunity)
        return;
    m_xml.open("cac:Delivery");
    m_xml.open("cac:DeliveryLocation");
    m_xml.open("cac:Address");
    m_xml.open("cac:Country");
    m_xml.text("cbc:IdentificationCode", m_bill->buyer.country);
    for (int level = 0; level < 4; ++level)
        m_xml.close();
}

/// A credit transfer to the account that the bill prints; a credit note asks for no payment.
void UblWriter::payment()
{
    const auto account = readBankLines(m_print->bankLines);
    const bool hasAccount = !account.id.empty() && !isCreditNote();
    if (hasAccount) {
        const bool isSepa = account.isIban && m_bill->summary.total.currency.code() == "EUR";
        m_xml.open("cac:PaymentMeans");
        m_xml.text("cbc:PaymentMeansCode", isSepa ? "58" : "30");
        m_xml.text("cbc:PaymentID", m_bill->summary.number);
        m_xml.open("cac:PayeeFinancialAccount");
        m_xml.text("cbc:ID", account.id);
        m_xml.text("cbc:Name", m_bill->seller.legalName);
        if (!account.institution.empty()) {
            m_xml.open("cac:FinancialInstitutionBranch");
            m_xml.text("cbc:ID", account.institution);
            m_xml.close();
        }
        m_xml.close();
        m_xml.close();
    }
    paymentTerms(hasAccount);
}

/// Says when, and where no account could be read also where to.
void UblWriter::paymentTerms(bool hasAccount)
{
    std::string note;
    if (isCreditNote())
        note = "Credited to the account";
    else if (m_bill->summary.due)
        note = fmt::format("Payable by {}", toText(*m_bill->summary.due));
    else
        note = "Payable on receipt";
    if (!hasAccount && !isCreditNote() && !m_print->bankLines.empty())
        note += fmt::format(", to {}", fmt::join(m_print->bankLines, ", "));
    m_xml.open("cac:PaymentTerms");
    m_xml.text("cbc:Note", note);
    m_xml.close();
}

void UblWriter::taxTotal()
{
    m_xml.open("cac:TaxTotal");
    amount("cbc:TaxAmount", m_bill->summary.tax);
    for (const auto& tax : m_bill->taxes) {
        m_xml.open("cac:TaxSubtotal");
        amount("cbc:TaxableAmount", tax.net);
        amount("cbc:TaxAmount", tax.amount);
        taxCategory("cac:TaxCategory", tax.tax, true);
        m_xml.close();
    }
    m_xml.close();
}

void UblWriter::taxCategory(std::string_view name, const TaxRate& tax, bool withReason)
{
    m_xml.open(name);
    m_xml.text("cbc:ID", tax.category);
    if (tax.category != "O")
        m_xml.text("cbc:Percent", formatFixed(tax.millionths, percentDigits, true));
    const auto* const category = findCategory(tax.category);
    if (withReason && !category->isTaxed) {
        m_xml.text("cbc:TaxExemptionReasonCode", category->reasonCode);
        m_xml.text("cbc:TaxExemptionReason", exemptionReason(*category));
    }
    m_xml.open("cac:TaxScheme");
    m_xml.text("cbc:ID", "VAT");
    m_xml.close();
    m_xml.close();
}

/// The bill's note belongs to the one category without tax that it has; of several to E alone.
std::string UblWriter::exemptionReason(const Category& category) const
{
    const auto exemptions = std::ranges::count_if(m_bill->taxes, [](const TaxTotal& tax) {
        return !findCategory(tax.tax.category)->isTaxed;
    });
    const bool isMeant = exemptions == 1 || category.code == "E";
    return isMeant && !m_print->taxNote.empty() ? m_print->taxNote : std::string(category.reason);
}

void UblWriter::totals()
{
    const auto& summary = m_bill->summary;
    m_xml.open("cac:LegalMonetaryTotal");
    amount("cbc:LineExtensionAmount", summary.net);
    amount("cbc:TaxExclusiveAmount", summary.net);
    amount("cbc:TaxInclusiveAmount", summary.total);
    amount("cbc:PayableAmount", summary.total);
    m_xml.close();
}

Result<> UblWriter::line(const BillLine& line)
{
    QUITTANCE_TRY(const auto said, ublLine(line));
    m_xml.open(isCreditNote() ? "cac:CreditNoteLine" : "cac:InvoiceLine");
    m_xml.text("cbc:ID", std::to_string(line.number));
    m_xml.text(
        isCreditNote() ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", said.quantity,
        { "unitCode", said.unit }
    );
    amount("cbc:LineExtensionAmount", said.net);
    if (line.period != m_bill->summary.period)
        period(line.period);
    if (!said.allowancePercent.empty()) {
        m_xml.open("cac:AllowanceCharge");
        m_xml.text("cbc:ChargeIndicator", "false");
        m_xml.text("cbc:AllowanceChargeReason", said.allowanceReason);
        m_xml.text("cbc:MultiplierFactorNumeric", said.allowancePercent);
        amount("cbc:Amount", said.allowance);
        amount("cbc:BaseAmount", said.gross);
        m_xml.close();
    }
    item(line, said);
    m_xml.open("cac:Price");
    m_xml.text("cbc:PriceAmount", said.price, { "currencyID", line.amount.currency.code() });
    if (said.base != 1)
        m_xml.text("cbc:BaseQuantity", std::to_string(said.base), { "unitCode", said.unit });
    m_xml.close();
    m_xml.close();
    return {};
}

void UblWriter::item(const BillLine& line, const UblLine& said)
{
    m_xml.open("cac:Item");
    m_xml.text("cbc:Description", said.description);
    m_xml.text("cbc:Name", line.name);
    if (!line.sku.empty()) {
        m_xml.open("cac:SellersItemIdentification");
        m_xml.text("cbc:ID", line.sku);
        m_xml.close();
    }
    taxCategory("cac:ClassifiedTaxCategory", line.tax, false);
    m_xml.close();
}

void UblWriter::amount(std::string_view name, const Money& money)
{
    m_xml.text(name, amountText(money), { "currencyID", money.currency.code() });
}

tl::unexpected<Error> refusal(const Bill& bill, std::string_view reason)
{
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "bill {} cannot be an EN 16931 e-invoice: {}",
            bill.summary.number.empty() ? "without a number" : bill.summary.number, reason
        )
    );
}

Result<> checkTaxes(const Bill& bill, const BillPrint& print)
{
    for (const auto& tax : bill.taxes) {
        const auto* const category = findCategory(tax.tax.category);
        if (category == nullptr)
            return refusal(
                bill,
                fmt::format(
                    "VAT category \"{}\" is not supported: S, Z, E, AE, G, K and O are",
                    tax.tax.category
                )
            );
        if (category->code == "O" && bill.taxes.size() > 1)
            return refusal(
                bill, "what is outside the scope of VAT (O) goes with no other category (BR-O-11)"
            );
        if (category->code == "E" && print.taxNote.empty())
            return refusal(
                bill, "an exemption (E) needs its reason (BR-E-10): a tax note of the legal entity"
            );
    }
    return {};
}

Result<> checkExpressible(const Bill& bill, const BillPrint& print)
{
    constexpr int decimalsMax = 2;
    const auto currency = bill.summary.total.currency;
    if (bill.summary.number.empty() || !bill.summary.issued)
        return refusal(bill, "a draft has neither number nor date of issue");
    if (currency.exponent() > decimalsMax)
        return refusal(
            bill,
            fmt::format(
                "its amounts have at most {} decimals (BR-DEC-*), those of {} have {}", decimalsMax,
                currency.code(), currency.exponent()
            )
        );
    return checkTaxes(bill, print);
}

/// The first rule at fault, so that nothing leaves that a receiver would send back.
Result<> checkWritten(const Bill& bill, std::string_view xml)
{
    QUITTANCE_TRY(const auto verdict, checkUbl(xml));
    const auto failed = std::ranges::find(verdict.rules, RuleState::Failed, &RuleVerdict::state);
    if (failed == verdict.rules.end())
        return {};
    return refusal(
        bill,
        fmt::format(
            "rule {} fails at {}: {}", failed->rule, failed->failures.front().place,
            failed->failures.front().message
        )
    );
}

} // namespace

Result<std::string> uncheckedUbl(
    const Bill& bill, const BillPrint& print, const std::optional<PrecedingBill>& corrected
)
{
    QUITTANCE_CHECK(checkExpressible(bill, print));
    QUITTANCE_TRY(const auto zone, TimeZone::find(bill.timeZone));
    UblWriter writer(bill, print, zone);
    auto xml = writer.write(corrected);
    if (!xml && xml.error().code == ErrorCode::InvalidArgument)
        return refusal(bill, xml.error().detail);
    return xml;
}

Result<std::string>
billUbl(const Bill& bill, const BillPrint& print, const std::optional<PrecedingBill>& corrected)
{
    QUITTANCE_TRY(auto xml, uncheckedUbl(bill, print, corrected));
    QUITTANCE_CHECK(checkWritten(bill, xml));
    return xml;
}

} // namespace quittance::formats
