#include "core/formats/ubl_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace quittance::formats {

/// What EN 16931 asks of one VAT category; its rules differ in no more than this.
struct VatCategory {
    enum class Breakdowns : std::uint8_t { AtLeastOne, ExactlyOne };
    enum class Rate : std::uint8_t { Positive, NotNegative, Zero, None };
    enum class Parties : std::uint8_t {
        SellerRegistered, ///< a VAT or tax number of the seller, or a tax representative
        SellerHasVat, ///< a VAT number of the seller, or a tax representative
        BothHaveVat,
        SellerRegisteredBuyerKnown, ///< and a VAT or registration number of the buyer
        NoVat ///< no VAT number of anybody
    };

    std::string_view code; ///< of UNTDID 5305
    std::string_view rules; ///< "BR-S"
    std::string_view name;
    Breakdowns breakdowns = Breakdowns::ExactlyOne;
    Rate rate = Rate::Zero;
    Parties parties = Parties::SellerRegistered;
    bool needsReason = false; ///< else an exemption reason is refused
};

namespace {

using Category = VatCategory;

constexpr std::array categories {
    Category { "S", "BR-S", "standard rated", Category::Breakdowns::AtLeastOne,
               Category::Rate::Positive, Category::Parties::SellerRegistered, false },
    Category { "Z", "BR-Z", "zero rated", Category::Breakdowns::ExactlyOne, Category::Rate::Zero,
               Category::Parties::SellerRegistered, false },
    Category { "E", "BR-E", "exempt", Category::Breakdowns::ExactlyOne, Category::Rate::Zero,
               Category::Parties::SellerRegistered, true },
    Category { "AE", "BR-AE", "reverse charge", Category::Breakdowns::ExactlyOne,
               Category::Rate::Zero, Category::Parties::SellerRegisteredBuyerKnown, true },
    Category { "K", "BR-IC", "intra-community supply", Category::Breakdowns::ExactlyOne,
               Category::Rate::Zero, Category::Parties::BothHaveVat, true },
    Category { "G", "BR-G", "export outside the EU", Category::Breakdowns::ExactlyOne,
               Category::Rate::Zero, Category::Parties::SellerHasVat, true },
    Category { "O", "BR-O", "outside the scope of VAT", Category::Breakdowns::ExactlyOne,
               Category::Rate::None, Category::Parties::NoVat, true },
    Category { "L", "BR-AF", "IGIC", Category::Breakdowns::AtLeastOne, Category::Rate::NotNegative,
               Category::Parties::SellerRegistered, false },
    Category { "M", "BR-AG", "IPSI", Category::Breakdowns::AtLeastOne, Category::Rate::NotNegative,
               Category::Parties::SellerRegistered, false },
};

bool hasRates(const Category& category)
{
    return category.breakdowns == Category::Breakdowns::AtLeastOne;
}

std::size_t breakdownsOf(const UblView& view, const Category& category)
{
    return static_cast<std::size_t>(
        std::ranges::count(view.breakdowns, category.code, &Breakdown::code)
    );
}

Outcome hasItsBreakdown(const RuleInput& input)
{
    const auto& category = *input.rule.category;
    const auto count = breakdownsOf(input.view, category);
    const bool isUsed = std::ranges::find(input.view.taxed, category.code, &TaxedPart::code)
        != input.view.taxed.end();
    if (!isUsed && count == 0)
        return notApplicable();
    const auto detail = fmt::format("there are {}", count);
    return category.breakdowns == Category::Breakdowns::AtLeastOne
        ? holds(isUsed && count > 0, detail)
        : holds(count == 1, detail);
}

bool isRegistered(const XmlElement* party)
{
    return party != nullptr && first(*party, "cac:PartyTaxScheme/cbc:CompanyID") != nullptr;
}

bool satisfies(const XmlElement& root, Category::Parties parties)
{
    const auto* const seller = first(root, "cac:AccountingSupplierParty/cac:Party");
    const auto* const buyer = first(root, "cac:AccountingCustomerParty/cac:Party");
    const bool isRepresented = hasVatNumber(first(root, "cac:TaxRepresentativeParty"));
    const bool sellerHasVat = hasVatNumber(seller) || isRepresented;
    switch (parties) {
    case Category::Parties::SellerRegistered:
        return isRegistered(seller) || isRepresented;
    case Category::Parties::SellerHasVat:
        return sellerHasVat;
    case Category::Parties::BothHaveVat:
        return sellerHasVat && hasVatNumber(buyer);
    case Category::Parties::SellerRegisteredBuyerKnown:
        return (isRegistered(seller) || isRepresented)
            && (hasVatNumber(buyer)
                || (buyer != nullptr
                    && first(*buyer, "cac:PartyLegalEntity/cbc:CompanyID") != nullptr));
    case Category::Parties::NoVat:
        break;
    }
    return !sellerHasVat && !hasVatNumber(buyer);
}

/// Applies where the document has a line, an allowance or a charge of the category.
template <TaxedKind kind> Outcome partiesAreKnown(const RuleInput& input)
{
    const auto& category = *input.rule.category;
    const auto part = std::ranges::find_if(input.view.taxed, [&](const TaxedPart& one) {
        return one.kind == kind && one.code == category.code && one.isVat;
    });
    if (part == input.view.taxed.end())
        return notApplicable();
    return holds(satisfies(input.element, category.parties));
}

Outcome rateFits(const XmlElement& category, Category::Rate rate)
{
    const auto* const percent = first(category, "cbc:Percent");
    const auto value = decimalOf(percent);
    const auto detail = percent == nullptr ? std::string("none") : normalizedText(*percent);
    switch (rate) {
    case Category::Rate::Positive:
        return holds(value && value->mantissa > 0, detail);
    case Category::Rate::NotNegative:
        return holds(value && value->mantissa >= 0, detail);
    case Category::Rate::Zero:
        return holds(value && value->mantissa == 0, detail);
    case Category::Rate::None:
        break;
    }
    return holds(percent == nullptr, detail);
}

template <TaxedKind kind> Outcome rateIsRight(const RuleInput& input)
{
    Outcome outcome = notApplicable();
    for (const auto& part : input.view.taxed) {
        if (part.kind != kind || !part.isVat || part.code != input.rule.category->code)
            continue;
        outcome = rateFits(*part.category, input.rule.category->rate);
        if (outcome.state == RuleState::Failed) {
            outcome.place = part.category;
            return outcome;
        }
    }
    return outcome;
}

/// Goes over the breakdowns of the rule's category until one fails.
Outcome eachBreakdown(const RuleInput& input, Outcome (*test)(const RuleInput&, const Breakdown&))
{
    Outcome outcome = notApplicable();
    for (const auto& breakdown : input.view.breakdowns) {
        if (!breakdown.isVat || breakdown.code != input.rule.category->code)
            continue;
        outcome = test(input, breakdown);
        if (outcome.state == RuleState::Failed) {
            outcome.place = breakdown.subtotal;
            return outcome;
        }
    }
    return outcome;
}

Outcome taxableIsSum(const RuleInput& input)
{
    return eachBreakdown(input, [](const RuleInput& in, const Breakdown& breakdown) {
        const bool byRate = hasRates(*in.rule.category);
        if (byRate && !breakdown.percent)
            return notApplicable(); // without a rate there is nothing to compare: BR-48 fails
        const auto found
            = in.view.sums.find(sumKey(breakdown.code, byRate ? breakdown.percent : std::nullopt));
        const bool isThere = found != in.view.sums.end();
        const auto sum = isThere ? found->second.amount : ExactDecimal {};
        const auto taxable = decimalAt(*breakdown.subtotal, "cbc:TaxableAmount");
        const auto detail = fmt::format(
            "it says {}, lines, charges and allowances give {}", decimalText(taxable),
            decimalText(sum)
        );
        if (byRate)
            return holds(isThere && isWithinOne(taxable, sum), detail);
        return holds(taxable && sum && *taxable == *sum && !in.view.lines.empty(), detail);
    });
}

Outcome taxIsRight(const RuleInput& input)
{
    return eachBreakdown(input, [](const RuleInput& in, const Breakdown& breakdown) {
        const auto tax = decimalAt(*breakdown.subtotal, "cbc:TaxAmount");
        const auto detail = decimalText(tax);
        if (!hasRates(*in.rule.category))
            return holds(tax && tax->mantissa == 0, detail);
        const auto taxable = decimalAt(*breakdown.subtotal, "cbc:TaxableAmount");
        if (!tax || !taxable || !breakdown.percent)
            return holds(false, detail);
        return holds(isWithinOne(absolute(*tax), taxOn(*taxable, *breakdown.percent)), detail);
    });
}

Outcome reasonIsRight(const RuleInput& input)
{
    return eachBreakdown(input, [](const RuleInput& in, const Breakdown& breakdown) {
        const bool hasReason = first(*breakdown.category, "cbc:TaxExemptionReason") != nullptr
            || first(*breakdown.category, "cbc:TaxExemptionReasonCode") != nullptr;
        return holds(hasReason == in.rule.category->needsReason);
    });
}

std::string_view partiesText(Category::Parties parties)
{
    switch (parties) {
    case Category::Parties::SellerRegistered:
        return "needs a VAT or tax number of the seller, or a tax representative's";
    case Category::Parties::SellerHasVat:
        return "needs a VAT number of the seller or a tax representative's";
    case Category::Parties::BothHaveVat:
        return "needs VAT numbers of the seller (or its representative) and of the buyer";
    case Category::Parties::SellerRegisteredBuyerKnown:
        return "needs a VAT or tax number of the seller (or its representative), and a VAT or "
               "registration number of the buyer";
    case Category::Parties::NoVat:
        break;
    }
    return "goes with no VAT number of seller, representative or buyer";
}

std::string_view rateText(Category::Rate rate)
{
    switch (rate) {
    case Category::Rate::Positive:
        return "a rate above 0";
    case Category::Rate::NotNegative:
        return "a rate of 0 or more";
    case Category::Rate::Zero:
        return "the rate 0";
    case Category::Rate::None:
        break;
    }
    return "no rate";
}

std::vector<Rule> rulesOf(const Category& category)
{
    const auto rule = [&](int number, std::string text, RuleTest test) {
        return Rule { fmt::format("{}-{:02}", category.rules, number),
                      std::move(text),
                      "document",
                      test,
                      "",
                      &category };
    };
    const auto parties = partiesText(category.parties);
    const auto rate = rateText(category.rate);
    const auto& name = category.name;
    enum Number : std::uint8_t { One = 1, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten };
    return {
        rule(
            One,
            fmt::format(
                "{} one VAT breakdown of what is {}", hasRates(category) ? "at least" : "exactly",
                name
            ),
            hasItsBreakdown
        ),
        rule(Two, fmt::format("a line that is {} {}", name, parties), partiesAreKnown<TaxedKind::Line>),
        rule(Three, fmt::format("an allowance that is {} {}", name, parties), partiesAreKnown<TaxedKind::Allowance>),
        rule(Four, fmt::format("a charge that is {} {}", name, parties), partiesAreKnown<TaxedKind::Charge>),
        rule(Five, fmt::format("a line that is {} has {}", name, rate), rateIsRight<TaxedKind::Line>),
        rule(Six, fmt::format("an allowance that is {} has {}", name, rate), rateIsRight<TaxedKind::Allowance>),
        rule(Seven, fmt::format("a charge that is {} has {}", name, rate), rateIsRight<TaxedKind::Charge>),
        rule(
            Eight,
            fmt::format("the taxable amount (BT-116) of what is {} is the sum of its parts", name),
            taxableIsSum
        ),
        rule(
            Nine,
            fmt::format(
                "the tax (BT-117) of what is {} is {}", name,
                hasRates(category) ? "BT-116 x BT-119 / 100" : "0"
            ),
            taxIsRight
        ),
        rule(
            Ten,
            fmt::format(
                "the breakdown of what is {} has {}", name,
                category.needsReason ? "an exemption reason (BT-120, BT-121)"
                                     : "no exemption reason"
            ),
            reasonIsRight
        ),
    };
}

bool hasCategory(const UblView& view, std::string_view code)
{
    return std::ranges::find(view.breakdowns, code, &Breakdown::code) != view.breakdowns.end()
        || std::ranges::find(view.taxed, code, &TaxedPart::code) != view.taxed.end();
}

bool hasBreakdown(const UblView& view, std::string_view code)
{
    return std::ranges::find(view.breakdowns, code, &Breakdown::code) != view.breakdowns.end();
}

Outcome suppliedWhen(const RuleInput& input)
{
    if (!hasBreakdown(input.view, "K"))
        return notApplicable();
    const auto* const period = first(input.element, "cac:InvoicePeriod");
    return holds(
        !textAt(input.element, "cac:Delivery/cbc:ActualDeliveryDate").empty()
        || (period != nullptr && !period->children.empty())
    );
}

Outcome suppliedWhere(const RuleInput& input)
{
    if (!hasBreakdown(input.view, "K"))
        return notApplicable();
    return holds(!textAt(
                      input.element,
                      "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/"
                      "cbc:IdentificationCode"
    )
                      .empty());
}

Outcome noOtherBreakdown(const RuleInput& input)
{
    if (!hasBreakdown(input.view, "O"))
        return notApplicable();
    return holds(std::ranges::all_of(input.view.breakdowns, [](const Breakdown& breakdown) {
        return breakdown.code == "O";
    }));
}

template <TaxedKind kind> Outcome noOther(const RuleInput& input)
{
    if (!hasBreakdown(input.view, "O"))
        return notApplicable();
    for (const auto& part : input.view.taxed)
        if (part.kind == kind && part.code != "O")
            return { RuleState::Failed, part.code, part.category };
    return holds(true);
}

Outcome splitPaymentIsItalian(const RuleInput& input)
{
    if (!hasCategory(input.view, "B"))
        return notApplicable();
    const auto countries = elementsOf(input.view, "//cbc:IdentificationCode");
    return holds(std::ranges::all_of(countries, [](const auto* country) {
        return normalizedText(*country) == "IT";
    }));
}

Outcome splitPaymentAlone(const RuleInput& input)
{
    if (!hasCategory(input.view, "B"))
        return notApplicable();
    return holds(!hasCategory(input.view, "S"));
}

std::vector<Rule> vatTable()
{
    std::vector<Rule> rules;
    const auto append = [&](std::vector<Rule> more) {
        rules.insert(
            rules.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())
        );
    };
    for (const auto& category : categories) {
        append(rulesOf(category));
        if (category.code == "K")
            append({
                { "BR-IC-11", "an intra-community supply needs its date (BT-72) or period (BG-14)",
                  "document", suppliedWhen },
                { "BR-IC-12", "an intra-community supply needs the country of delivery (BT-80)",
                  "document", suppliedWhere },
            });
        if (category.code == "O")
            append({
                { "BR-O-11", "outside the scope of VAT goes with no other breakdown", "document",
                  noOtherBreakdown },
                { "BR-O-12", "outside the scope of VAT goes with no other line", "document",
                  noOther<TaxedKind::Line> },
                { "BR-O-13", "outside the scope of VAT goes with no other allowance", "document",
                  noOther<TaxedKind::Allowance> },
                { "BR-O-14", "outside the scope of VAT goes with no other charge", "document",
                  noOther<TaxedKind::Charge> },
            });
    }
    append({
        { "BR-B-01", "split payment is for domestic Italian invoices", "document",
          splitPaymentIsItalian },
        { "BR-B-02", "split payment goes with nothing that is standard rated", "document",
          splitPaymentAlone },
    });
    return rules;
}

} // namespace

std::span<const Rule> vatRules()
{
    static const auto rules = vatTable();
    return rules;
}

} // namespace quittance::formats
