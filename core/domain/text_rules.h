#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Rules for text that people type. Each refusal is InvalidArgument that names field, value and
/// rule.
namespace quittance {

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
/// All that checkCountry takes, in alphabetical order.
[[nodiscard]] std::vector<std::string_view> countryCodes();
/// The shape of BCP 47: "en", "pt-BR", "zh-Hans-CN".
[[nodiscard]] Result<> checkLanguage(std::string_view field, std::string_view value);

constexpr std::size_t passwordSizeMinCharacters = 12;
constexpr std::size_t passwordSizeMaxBytes = 1024;
/// checkText, and at least so many characters and at most so many bytes. The password is never part
/// of the refusal.
[[nodiscard]] Result<> checkPassword(std::string_view password);

/// What a billing profile has room for: an envelope's window, and EN 16931.
namespace profile_limits {
constexpr std::size_t fieldSizeMaxBytes = 200;
constexpr std::size_t addressLinesMax = 7;
constexpr std::size_t taxIdsMax = 5;
constexpr std::size_t emailsMax = 10;
} // namespace profile_limits
constexpr int paymentDaysMax = 365;

} // namespace quittance
