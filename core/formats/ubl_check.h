#pragma once

#include "core/domain/bill.h"
#include "core/domain/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// What a rule says of one document. NotApplicable: nothing of what it governs is in it.
enum class RuleState : std::uint8_t { Satisfied, Failed, NotApplicable };
[[nodiscard]] std::string_view wireName(RuleState state
); ///< "satisfied", "failed", "not-applicable"

struct RuleFailure {
    std::string place; ///< "/Invoice/cac:InvoiceLine[2]/cbc:ID"
    int line = 0; ///< of the file
    std::string message; ///< what the rule asks, and what stands there instead

    bool operator==(const RuleFailure&) const = default;
};

struct RuleVerdict {
    std::string rule; ///< "BR-CO-10", as EN 16931-1 and its official UBL rules number it
    std::string text; ///< what it asks, in our words
    RuleState state = RuleState::NotApplicable;
    std::vector<RuleFailure> failures; ///< the first `ruleFailuresMax` of them
    std::size_t failureCount = 0;
};
constexpr std::size_t ruleFailuresMax = 20;

struct UblVerdict {
    DocumentKind kind = DocumentKind::Invoice; ///< Invoice or CreditNote
    std::string number; ///< BT-1, "" where there is none
    std::vector<RuleVerdict> rules; ///< every rule once, ordered by group and number

    [[nodiscard]] std::size_t count(RuleState state) const;
    [[nodiscard]] bool isSatisfied() const { return count(RuleState::Failed) == 0; }
};

/// Tries a UBL 2.1 Invoice or CreditNote by the rules BR-*, BR-CO-*, BR-DEC-*, BR-CL-* and those of
/// the VAT categories (BR-S, Z, E, AE, IC, G, O, AF, AG, B) of EN 16931-1, as its official UBL
/// binding reads them: where that allows a tolerance, so does this. docs/e-invoices.md lists what
/// is not checked. MalformedInput for what is no such document, TooLarge past the limits of
/// xml_tree.h.
[[nodiscard]] Result<UblVerdict> checkUbl(std::string_view bytes);

} // namespace quittance::formats
