#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <string>
#include <string_view>

/// Rules for text that people type. Each refusal is InvalidArgument that names field, value and
/// rule.
namespace quittance::backend {

/// Well-formed UTF-8 without control characters, at most `sizeMaxBytes`; empty is allowed.
[[nodiscard]] Result<>
checkText(std::string_view field, std::string_view value, std::size_t sizeMaxBytes);
/// checkText, and not empty, and no blank at either end.
[[nodiscard]] Result<>
checkName(std::string_view field, std::string_view value, std::size_t sizeMaxBytes);
/// name@domain as mail servers everywhere accept it: visible ASCII (a domain beyond it in its xn--
/// form), one @, a dot in the domain, at most 254 bytes (RFC 5321).
[[nodiscard]] Result<> checkEmail(std::string_view field, std::string_view value);
/// Letters of ASCII in lower case; others stay. Sign-in compares e-mails so.
[[nodiscard]] std::string lowerAscii(std::string_view text);
/// Two letters assigned by ISO 3166-1; empty is allowed.
[[nodiscard]] Result<> checkCountry(std::string_view field, std::string_view value);
/// The shape of BCP 47: "en", "pt-BR", "zh-Hans-CN".
[[nodiscard]] Result<> checkLanguage(std::string_view field, std::string_view value);

} // namespace quittance::backend
