#pragma once

#include "core/formats/ubl_check.h"
#include "core/formats/ubl_codes.h"
#include "core/formats/ubl_view.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The rules of EN 16931 as tables.
namespace quittance::formats {

struct Rule;
struct VatCategory;

struct RuleInput {
    const UblView& view;
    const XmlElement& element;
    const Rule& rule;
};

/// Of one element. `detail` says what stands there where that helps; `place` where it is another
/// element than the one tried.
struct Outcome {
    RuleState state = RuleState::Satisfied;
    std::string detail;
    const XmlElement* place = nullptr;
};
using RuleTest = Outcome (*)(const RuleInput& input);

struct Rule {
    std::string id;
    std::string text;
    std::string_view context; ///< see elementsOf
    RuleTest test = nullptr;
    std::string_view path {}; ///< what the test looks for in the element
    const VatCategory* category = nullptr;
};

[[nodiscard]] inline Outcome holds(bool condition, std::string detail = {})
{
    return { condition ? RuleState::Satisfied : RuleState::Failed, std::move(detail) };
}
[[nodiscard]] inline Outcome notApplicable()
{
    return { RuleState::NotApplicable, {} };
}
/// |a - b| < 1, as the official rules compare tax. False where either is no number.
[[nodiscard]] bool
isWithinOne(const std::optional<ExactDecimal>& a, const std::optional<ExactDecimal>& b);
/// amount * percent / 100, rounded to cents, each taken positive.
[[nodiscard]] std::optional<ExactDecimal> taxOn(ExactDecimal amount, ExactDecimal percent);
[[nodiscard]] ExactDecimal absolute(ExactDecimal value);
[[nodiscard]] std::string decimalText(const std::optional<ExactDecimal>& value);

[[nodiscard]] std::span<const Rule> presenceRules(); ///< BR-01 to BR-67
[[nodiscard]] std::span<const Rule> conditionRules(); ///< BR-CO-*
[[nodiscard]] std::span<const Rule> decimalRules(); ///< BR-DEC-*
[[nodiscard]] std::span<const Rule> codeRules(); ///< BR-CL-*
[[nodiscard]] std::span<const Rule> vatRules(); ///< BR-S-*, BR-Z-*, ...

} // namespace quittance::formats
