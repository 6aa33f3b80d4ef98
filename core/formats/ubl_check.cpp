#include "core/formats/ubl_check.h"

#include "core/formats/ubl_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance::formats {

namespace {

constexpr std::array prefixes {
    XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "cbc" },
    XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2", "cac" },
    XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2", "ext" },
    XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "" },
    XmlPrefix { "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "" },
};

void note(RuleVerdict& verdict, const RuleInput& input, Outcome outcome)
{
    if (outcome.state == RuleState::NotApplicable)
        return;
    if (outcome.state == RuleState::Satisfied) {
        if (verdict.state == RuleState::NotApplicable)
            verdict.state = RuleState::Satisfied;
        return;
    }
    verdict.state = RuleState::Failed;
    if (++verdict.failureCount > ruleFailuresMax)
        return;
    const auto& place = outcome.place == nullptr ? input.element : *outcome.place;
    verdict.failures.push_back({ pathOf(place), place.line,
                                 outcome.detail.empty()
                                     ? input.rule.text
                                     : fmt::format("{}: {}", input.rule.text, outcome.detail) });
}

RuleVerdict judge(const UblView& view, const Rule& rule)
{
    RuleVerdict verdict { rule.id, rule.text, RuleState::NotApplicable, {}, 0 };
    for (const auto* const element : elementsOf(view, rule.context)) {
        const RuleInput input { view, *element, rule };
        note(verdict, input, rule.test(input));
    }
    return verdict;
}

} // namespace

std::string_view wireName(RuleState state)
{
    switch (state) {
    case RuleState::Satisfied:
        return "satisfied";
    case RuleState::Failed:
        return "failed";
    case RuleState::NotApplicable:
        break;
    }
    return "not-applicable";
}

std::size_t UblVerdict::count(RuleState state) const
{
    return static_cast<std::size_t>(std::ranges::count(rules, state, &RuleVerdict::state));
}

Result<UblVerdict> checkUbl(std::string_view bytes)
{
    QUITTANCE_TRY(const auto document, parseXml(bytes, prefixes));
    const auto& root = *document.root;
    if (root.name != "Invoice" && root.name != "CreditNote")
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("<{}> is neither a UBL 2.1 Invoice nor a CreditNote", root.name)
        );
    const auto view = viewOf(root);
    UblVerdict verdict;
    verdict.kind = root.name == "Invoice" ? DocumentKind::Invoice : DocumentKind::CreditNote;
    verdict.number = textAt(root, "cbc:ID");
    for (const auto group :
         { presenceRules(), conditionRules(), decimalRules(), codeRules(), vatRules() })
        for (const auto& rule : group)
            verdict.rules.push_back(judge(view, rule));
    return verdict;
}

} // namespace quittance::formats
