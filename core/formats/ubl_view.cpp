#include "core/formats/ubl_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::formats {

namespace {

bool isLine(const XmlElement& element)
{
    return element.name == "cac:InvoiceLine" || element.name == "cac:CreditNoteLine";
}

bool isCharge(const XmlElement& element)
{
    const auto indicator = textAt(element, "cbc:ChargeIndicator");
    return indicator == "true" || indicator == "1";
}

void sortAllowance(UblView& view, const XmlElement& element)
{
    if (element.parent == view.root)
        (isCharge(element) ? view.charges : view.allowances).push_back(&element);
    else if (element.parent != nullptr && isLine(*element.parent))
        (isCharge(element) ? view.lineCharges : view.lineAllowances).push_back(&element);
}

void index(UblView& view, const XmlElement& element)
{
    view.byName[element.name].push_back(&element);
    if (attribute(element, "currencyID") != nullptr)
        view.withCurrency.push_back(&element);
    if (attribute(element, "unitCode") != nullptr)
        view.withUnit.push_back(&element);
    if (isLine(element) && element.parent == view.root)
        view.lines.push_back(&element);
    if (element.name == "cac:AllowanceCharge")
        sortAllowance(view, element);
    for (const auto& child : element.children)
        index(view, *child);
}

void addToSum(TaxedSum& sum, const std::optional<ExactDecimal>& amount)
{
    ++sum.parts;
    sum.amount = sum.amount && amount ? add(*sum.amount, *amount) : std::nullopt;
}

void addTaxed(
    UblView& view, TaxedKind kind, const XmlElement& owner, std::string_view categoryPath,
    std::string_view amountPath
)
{
    auto amount = decimalAt(owner, amountPath);
    if (amount && kind == TaxedKind::Allowance)
        amount->mantissa = -amount->mantissa;
    for (const auto* const category : select(owner, categoryPath)) {
        TaxedPart part { kind, category, textAt(*category, "cbc:ID"),
                         decimalAt(*category, "cbc:Percent"), isVatScheme(*category) };
        addToSum(view.sums[sumKey(part.code, std::nullopt)], amount);
        if (part.percent)
            addToSum(view.sums[sumKey(part.code, part.percent)], amount);
        view.taxed.push_back(std::move(part));
    }
}

void addBreakdowns(UblView& view)
{
    for (const auto* const subtotal : select(*view.root, "cac:TaxTotal/cac:TaxSubtotal"))
        for (const auto* const category : select(*subtotal, "cac:TaxCategory"))
            view.breakdowns.push_back({ subtotal, category, textAt(*category, "cbc:ID"),
                                        decimalAt(*category, "cbc:Percent"),
                                        isVatScheme(*category) });
}

/// `element` and what is above it are named like the steps of the path, the last first.
bool endsWithPath(const XmlElement* element, std::string_view path)
{
    while (element != nullptr) {
        const auto slash = path.rfind('/');
        const auto step = slash == std::string_view::npos ? path : path.substr(slash + 1);
        if (element->name != step)
            return false;
        if (slash == std::string_view::npos)
            return true;
        path = path.substr(0, slash);
        element = element->parent;
    }
    return false;
}

Elements anywhere(const UblView& view, std::string_view path)
{
    const auto slash = path.rfind('/');
    const auto found
        = view.byName.find(slash == std::string_view::npos ? path : path.substr(slash + 1));
    Elements out;
    if (found != view.byName.end())
        std::ranges::copy_if(found->second, std::back_inserter(out), [&](const auto* element) {
            return endsWithPath(element, path);
        });
    return out;
}

} // namespace

UblView viewOf(const XmlElement& root)
{
    UblView view;
    view.root = &root;
    index(view, root);
    for (const auto* const line : view.lines)
        addTaxed(
            view, TaxedKind::Line, *line, "cac:Item/cac:ClassifiedTaxCategory",
            "cbc:LineExtensionAmount"
        );
    for (const auto* const allowance : view.allowances)
        addTaxed(view, TaxedKind::Allowance, *allowance, "cac:TaxCategory", "cbc:Amount");
    for (const auto* const charge : view.charges)
        addTaxed(view, TaxedKind::Charge, *charge, "cac:TaxCategory", "cbc:Amount");
    addBreakdowns(view);
    return view;
}

Elements elementsOf(const UblView& view, std::string_view context)
{
    if (context == "document")
        return { view.root };
    if (context == "lines")
        return view.lines;
    if (context == "allowances")
        return view.allowances;
    if (context == "charges")
        return view.charges;
    if (context == "line allowances")
        return view.lineAllowances;
    if (context == "line charges")
        return view.lineCharges;
    if (context == "amounts")
        return view.withCurrency;
    if (context == "units")
        return view.withUnit;
    Elements out;
    while (!context.empty()) {
        const auto path = context.substr(0, context.find('|'));
        context.remove_prefix(std::min(path.size() + 1, context.size()));
        const auto found
            = path.starts_with("//") ? anywhere(view, path.substr(2)) : select(*view.root, path);
        out.insert(out.end(), found.begin(), found.end());
    }
    return out;
}

std::optional<ExactDecimal> decimalOf(const XmlElement* element)
{
    if (element == nullptr)
        return std::nullopt;
    const auto text = normalizedText(*element);
    // XML Schema's decimal has no exponent.
    if (text.find_first_of("eE") != std::string::npos)
        return std::nullopt;
    return parseExact(text);
}

std::optional<ExactDecimal> decimalAt(const XmlElement& from, std::string_view path)
{
    return decimalOf(first(from, path));
}

bool isVatScheme(const XmlElement& element)
{
    auto id = textAt(element, "cac:TaxScheme/cbc:ID");
    std::ranges::transform(id, id.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return id == "VAT";
}

bool hasVatNumber(const XmlElement* party)
{
    return party != nullptr
        && std::ranges::any_of(select(*party, "cac:PartyTaxScheme"), [](const auto* scheme) {
               return isVatScheme(*scheme) && first(*scheme, "cbc:CompanyID") != nullptr;
           });
}

std::string sumKey(std::string_view code, const std::optional<ExactDecimal>& percent)
{
    if (!percent)
        return std::string(code);
    return fmt::format(
        "{} {}e-{}", code, static_cast<std::int64_t>(percent->mantissa), percent->digits
    );
}

} // namespace quittance::formats
