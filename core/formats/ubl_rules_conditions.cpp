#include "core/formats/ubl_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::formats {

namespace {

using Decimal = std::optional<ExactDecimal>;
constexpr int centDigits = 2;

Decimal plus(const Decimal& a, const Decimal& b)
{
    return a && b ? add(*a, *b) : std::nullopt;
}

Decimal minus(const Decimal& a, const Decimal& b)
{
    return a && b ? subtract(*a, *b) : std::nullopt;
}

Decimal cents(const Decimal& value)
{
    return value ? roundedHalfUp(*value, centDigits) : std::nullopt;
}

/// Zero where it is not there, none where it is no number.
Decimal orZero(const XmlElement& from, std::string_view path)
{
    const auto* const element = first(from, path);
    return element == nullptr ? Decimal(ExactDecimal {}) : decimalOf(element);
}

Decimal sumOf(const Elements& elements, std::string_view path)
{
    Decimal sum = ExactDecimal {};
    for (const auto* const element : elements)
        sum = plus(sum, decimalAt(*element, path));
    return sum;
}

/// The document's amount is there and what it must be, all being numbers.
Outcome equals(const XmlElement& from, std::string_view path, const Decimal& expected)
{
    const auto* const element = first(from, path);
    if (element == nullptr)
        return holds(false, "it is not there");
    const auto stated = decimalOf(element);
    auto outcome = holds(
        stated && expected && *stated == *expected,
        fmt::format(
            "it says {}, the rest gives {}", normalizedText(*element), decimalText(expected)
        )
    );
    outcome.place = element;
    return outcome;
}

Outcome vatDateOnce(const RuleInput& input)
{
    const auto* const date = first(input.element, "cbc:TaxPointDate");
    const auto* const code = first(input.element, "cac:InvoicePeriod/cbc:DescriptionCode");
    if (date == nullptr && code == nullptr)
        return notApplicable();
    return holds(date == nullptr || code == nullptr);
}

Outcome lineHasVatCategory(const RuleInput& input)
{
    const auto categories = select(input.element, "cac:Item/cac:ClassifiedTaxCategory");
    return holds(std::ranges::any_of(categories, [](const auto* category) {
        return isVatScheme(*category) && first(*category, "cbc:ID") != nullptr;
    }));
}

/// That a reason's code and its text mean the same is for people to judge: the official rules
/// take it as true as well.
Outcome forPeopleToJudge(const RuleInput& input)
{
    const bool both = first(input.element, "cbc:AllowanceChargeReason") != nullptr
        && first(input.element, "cbc:AllowanceChargeReasonCode") != nullptr;
    return both ? holds(true) : notApplicable();
}

Outcome hasReason(const RuleInput& input)
{
    return holds(
        first(input.element, "cbc:AllowanceChargeReason") != nullptr
        || first(input.element, "cbc:AllowanceChargeReasonCode") != nullptr
    );
}

Outcome vatNumberHasCountry(const RuleInput& input)
{
    const auto* const number = first(input.element, "cbc:CompanyID");
    if (number == nullptr || !isVatScheme(input.element))
        return notApplicable();
    constexpr std::size_t prefixSize = 2;
    const auto prefix = normalizedText(*number).substr(0, prefixSize);
    // Greece writes EL there, as VIES does.
    return holds(prefix == "EL" || isCode(CodeList::Country, prefix), normalizedText(*number));
}

Outcome linesSum(const RuleInput& input)
{
    return equals(
        input.element, "cbc:LineExtensionAmount",
        cents(sumOf(input.view.lines, "cbc:LineExtensionAmount"))
    );
}

/// A total of allowances or charges stands there exactly where there are any.
Outcome adjustmentsSum(const RuleInput& input, const Elements& adjustments)
{
    const bool isThere = first(input.element, input.rule.path) != nullptr;
    if (!isThere)
        return adjustments.empty()
            ? notApplicable()
            : holds(false, fmt::format("{} of them, and no total", adjustments.size()));
    return equals(input.element, input.rule.path, cents(sumOf(adjustments, "cbc:Amount")));
}

Outcome allowancesSum(const RuleInput& input)
{
    return adjustmentsSum(input, input.view.allowances);
}

Outcome chargesSum(const RuleInput& input)
{
    return adjustmentsSum(input, input.view.charges);
}

Outcome totalWithoutVat(const RuleInput& input)
{
    return equals(
        input.element, "cbc:TaxExclusiveAmount",
        cents(minus(
            plus(
                decimalAt(input.element, "cbc:LineExtensionAmount"),
                orZero(input.element, "cbc:ChargeTotalAmount")
            ),
            orZero(input.element, "cbc:AllowanceTotalAmount")
        ))
    );
}

Outcome taxesSum(const RuleInput& input)
{
    const auto subtotals = select(input.element, "cac:TaxSubtotal");
    if (subtotals.empty())
        return notApplicable();
    return equals(input.element, "cbc:TaxAmount", cents(sumOf(subtotals, "cbc:TaxAmount")));
}

Elements taxTotalsIn(const XmlElement& root, std::string_view currency)
{
    auto amounts = select(root, "cac:TaxTotal/cbc:TaxAmount");
    std::erase_if(amounts, [&](const auto* amount) {
        const auto* const of = attribute(*amount, "currencyID");
        return of == nullptr || *of != currency;
    });
    return amounts;
}

Outcome totalWithVat(const RuleInput& input)
{
    const auto currency = textAt(input.element, "cbc:DocumentCurrencyCode");
    if (currency.empty())
        return notApplicable();
    const auto taxes = taxTotalsIn(input.element, currency);
    if (taxes.size() != 1)
        return holds(false, fmt::format("{} VAT totals in {}", taxes.size(), currency));
    const auto* const totals = first(input.element, "cac:LegalMonetaryTotal");
    if (totals == nullptr)
        return notApplicable();
    return equals(
        *totals, "cbc:TaxInclusiveAmount",
        cents(plus(decimalAt(*totals, "cbc:TaxExclusiveAmount"), decimalOf(taxes.front())))
    );
}

Outcome amountDue(const RuleInput& input)
{
    return equals(
        input.element, "cbc:PayableAmount",
        cents(plus(
            minus(
                decimalAt(input.element, "cbc:TaxInclusiveAmount"),
                orZero(input.element, "cbc:PrepaidAmount")
            ),
            orZero(input.element, "cbc:PayableRoundingAmount")
        ))
    );
}

Outcome taxIsAmountTimesRate(const RuleInput& input)
{
    const auto taxable = decimalAt(input.element, "cbc:TaxableAmount");
    const auto tax = decimalAt(input.element, "cbc:TaxAmount");
    const auto percent = orZero(input.element, "cac:TaxCategory/cbc:Percent");
    if (!taxable || !tax || !percent)
        return holds(false, "an amount is missing or no number");
    const auto detail = fmt::format(
        "{} at {}% is not {}", decimalText(*taxable), decimalText(*percent), decimalText(*tax)
    );
    const auto wholePercent = roundedHalfUp(*percent, 0);
    if (wholePercent && wholePercent->mantissa == 0)
        return holds(roundedHalfUp(*tax, 0) == ExactDecimal {}, detail);
    return holds(isWithinOne(absolute(*tax), taxOn(*taxable, *percent)), detail);
}

Outcome hasBreakdown(const RuleInput& input)
{
    return holds(first(input.element, "cac:TaxTotal/cac:TaxSubtotal") != nullptr);
}

Outcome periodIsFilled(const RuleInput& input)
{
    return holds(
        first(input.element, "cbc:StartDate") != nullptr
        || first(input.element, "cbc:EndDate") != nullptr
        || first(input.element, "cbc:DescriptionCode") != nullptr
    );
}

Outcome linePeriodIsFilled(const RuleInput& input)
{
    return holds(
        first(input.element, "cbc:StartDate") != nullptr
        || first(input.element, "cbc:EndDate") != nullptr
    );
}

/// Of an invoice: a credit note asks for no payment.
Outcome dueOrTerms(const RuleInput& input)
{
    if (input.view.root->name != "Invoice")
        return notApplicable();
    const auto due = decimalOf(&input.element);
    if (!due)
        return holds(false, normalizedText(input.element));
    if (due->mantissa <= 0)
        return notApplicable();
    return holds(
        !elementsOf(input.view, "//cbc:DueDate|//cbc:PaymentDueDate|//cac:PaymentTerms/cbc:Note")
             .empty()
    );
}

Outcome sellerIsKnown(const RuleInput& input)
{
    const auto* const party = first(input.element, "cac:Party");
    return holds(
        hasVatNumber(party)
        || (party != nullptr
            && (first(*party, "cac:PartyIdentification/cbc:ID") != nullptr
                || first(*party, "cac:PartyLegalEntity/cbc:CompanyID") != nullptr))
    );
}

constexpr std::string_view totals = "cac:LegalMonetaryTotal";

std::vector<Rule> conditionTable()
{
    return {
        { "BR-CO-03", "a tax point date (BT-7) or its code (BT-8), not both", "document",
          vatDateOnce },
        { "BR-CO-04", "a VAT category on every line (BT-151)", "lines", lineHasVatCategory },
        { "BR-CO-05", "a document allowance whose reason and its code say the same", "allowances",
          forPeopleToJudge },
        { "BR-CO-06", "a document charge whose reason and its code say the same", "charges",
          forPeopleToJudge },
        { "BR-CO-07", "a line allowance whose reason and its code say the same", "line allowances",
          forPeopleToJudge },
        { "BR-CO-08", "a line charge whose reason and its code say the same", "line charges",
          forPeopleToJudge },
        { "BR-CO-09", "a VAT identifier that begins with its country", "//cac:PartyTaxScheme",
          vatNumberHasCountry },
        { "BR-CO-10", "the sum of the lines (BT-106) is the sum of BT-131", totals, linesSum },
        { "BR-CO-11", "the sum of document allowances (BT-107) is the sum of BT-92", totals,
          allowancesSum, "cbc:AllowanceTotalAmount" },
        { "BR-CO-12", "the sum of document charges (BT-108) is the sum of BT-99", totals,
          chargesSum, "cbc:ChargeTotalAmount" },
        { "BR-CO-13", "the total without VAT (BT-109) is BT-106 - BT-107 + BT-108", totals,
          totalWithoutVat },
        { "BR-CO-14", "the VAT total (BT-110) is the sum of BT-117", "cac:TaxTotal", taxesSum },
        { "BR-CO-15", "the total with VAT (BT-112) is BT-109 + BT-110", "document", totalWithVat },
        { "BR-CO-16", "the amount due (BT-115) is BT-112 - BT-113 + BT-114", totals, amountDue },
        { "BR-CO-17", "the tax of a category (BT-117) is BT-116 x BT-119 / 100",
          "cac:TaxTotal/cac:TaxSubtotal", taxIsAmountTimesRate },
        { "BR-CO-18", "at least one VAT breakdown (BG-23)", "document", hasBreakdown },
        { "BR-CO-19", "start, end or code of the invoicing period (BG-14)", "cac:InvoicePeriod",
          periodIsFilled },
        { "BR-CO-20", "start or end of a line's period (BG-26)",
          "//cac:InvoiceLine/cac:InvoicePeriod|//cac:CreditNoteLine/cac:InvoicePeriod",
          linePeriodIsFilled },
        { "BR-CO-21", "reason or code of a document allowance (BT-97, BT-98)", "allowances",
          hasReason },
        { "BR-CO-22", "reason or code of a document charge (BT-104, BT-105)", "charges",
          hasReason },
        { "BR-CO-23", "reason or code of a line allowance (BT-139, BT-140)", "line allowances",
          hasReason },
        { "BR-CO-24", "reason or code of a line charge (BT-144, BT-145)", "line charges",
          hasReason },
        { "BR-CO-25", "a due date (BT-9) or payment terms (BT-20) where something is due",
          "cac:LegalMonetaryTotal/cbc:PayableAmount", dueOrTerms },
        { "BR-CO-26", "an identifier, registration or VAT number of the seller (BT-29 to BT-31)",
          "cac:AccountingSupplierParty", sellerIsKnown },
    };
}

Outcome haveCentsAtMost(const Elements& amounts)
{
    Outcome outcome = notApplicable();
    for (const auto* const amount : amounts) {
        const auto text = normalizedText(*amount);
        const auto point = text.find('.');
        if (point != std::string::npos && text.size() - point - 1 > centDigits)
            return { RuleState::Failed, text, amount };
        outcome = holds(true);
    }
    return outcome;
}

/// At most two decimals in every amount along the path.
Outcome hasCentsAtMost(const RuleInput& input)
{
    return haveCentsAtMost(select(input.element, input.rule.path));
}

/// In the VAT totals of the currency along the path.
Outcome taxTotalHasCents(const RuleInput& input)
{
    return haveCentsAtMost(taxTotalsIn(input.element, textAt(input.element, input.rule.path)));
}

std::vector<Rule> decimalTable()
{
    constexpr std::string_view subtotals = "//cac:TaxTotal/cac:TaxSubtotal";
    struct Entry {
        std::string_view id;
        std::string_view what;
        std::string_view context;
        std::string_view path;
        RuleTest test = hasCentsAtMost;
    };
    const std::vector<Entry> entries {
        { "BR-DEC-01", "a document allowance (BT-92)", "allowances", "cbc:Amount" },
        { "BR-DEC-02", "the base of a document allowance (BT-93)", "allowances", "cbc:BaseAmount" },
        { "BR-DEC-05", "a document charge (BT-99)", "charges", "cbc:Amount" },
        { "BR-DEC-06", "the base of a document charge (BT-100)", "charges", "cbc:BaseAmount" },
        { "BR-DEC-09", "the sum of the lines (BT-106)", totals, "cbc:LineExtensionAmount" },
        { "BR-DEC-10", "the sum of allowances (BT-107)", totals, "cbc:AllowanceTotalAmount" },
        { "BR-DEC-11", "the sum of charges (BT-108)", totals, "cbc:ChargeTotalAmount" },
        { "BR-DEC-12", "the total without VAT (BT-109)", totals, "cbc:TaxExclusiveAmount" },
        { "BR-DEC-13", "the VAT total (BT-110)", "document", "cbc:DocumentCurrencyCode",
          taxTotalHasCents },
        { "BR-DEC-14", "the total with VAT (BT-112)", totals, "cbc:TaxInclusiveAmount" },
        { "BR-DEC-15", "the VAT total in accounting currency (BT-111)", "document",
          "cbc:TaxCurrencyCode", taxTotalHasCents },
        { "BR-DEC-16", "the amount paid (BT-113)", totals, "cbc:PrepaidAmount" },
        { "BR-DEC-17", "the rounding (BT-114)", totals, "cbc:PayableRoundingAmount" },
        { "BR-DEC-18", "the amount due (BT-115)", totals, "cbc:PayableAmount" },
        { "BR-DEC-19", "the taxable amount of a category (BT-116)", subtotals,
          "cbc:TaxableAmount" },
        { "BR-DEC-20", "the tax of a category (BT-117)", subtotals, "cbc:TaxAmount" },
        { "BR-DEC-23", "a line's net amount (BT-131)", "lines", "cbc:LineExtensionAmount" },
        { "BR-DEC-24", "a line's allowance (BT-136)", "line allowances", "cbc:Amount" },
        { "BR-DEC-25", "the base of a line's allowance (BT-137)", "line allowances",
          "cbc:BaseAmount" },
        { "BR-DEC-27", "a line's charge (BT-141)", "line charges", "cbc:Amount" },
        { "BR-DEC-28", "the base of a line's charge (BT-142)", "line charges", "cbc:BaseAmount" },
    };
    std::vector<Rule> rules;
    rules.reserve(entries.size());
    for (const auto& entry : entries)
        rules.push_back({ std::string(entry.id),
                          fmt::format("at most two decimals in {}", entry.what), entry.context,
                          entry.test, entry.path });
    return rules;
}

} // namespace

bool isWithinOne(const std::optional<ExactDecimal>& a, const std::optional<ExactDecimal>& b)
{
    const auto difference = minus(a, b);
    if (!difference)
        return false;
    const auto rest = subtract(absolute(*difference), ExactDecimal { 1, 0 });
    return rest && rest->mantissa < 0;
}

std::optional<ExactDecimal> taxOn(ExactDecimal amount, ExactDecimal percent)
{
    const auto product = multiply(absolute(amount), percent);
    if (!product)
        return std::nullopt;
    return cents(multiply(*product, ExactDecimal { 1, centDigits }));
}

ExactDecimal absolute(ExactDecimal value)
{
    return { value.mantissa < 0 ? -value.mantissa : value.mantissa, value.digits };
}

std::string decimalText(const std::optional<ExactDecimal>& value)
{
    constexpr int digitsShownMax = 18;
    if (!value || value->digits > digitsShownMax)
        return "no number";
    return formatFixed(value->mantissa, value->digits);
}

std::span<const Rule> conditionRules()
{
    static const auto rules = conditionTable();
    return rules;
}

std::span<const Rule> decimalRules()
{
    static const auto rules = decimalTable();
    return rules;
}

} // namespace quittance::formats
