#include "core/domain/text_rules.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace quittance {

namespace {

constexpr std::size_t emailSizeMaxBytes = 254;

// ISO 3166-1 alpha-2, officially assigned; XK is used by the EU and banks for Kosovo.
constexpr std::string_view countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD "
                                       "BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY"
                                       " BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY "
                                       "CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK"
                                       " FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT "
                                       "GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR"
                                       " IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB "
                                       "LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK"
                                       " ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF "
                                       "NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM"
                                       " PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH "
                                       "SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF"
                                       " TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ "
                                       "VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

auto refused(std::string_view field, std::string_view value, std::string_view rule)
{
    return failure(ErrorCode::InvalidArgument, fmt::format("{} \"{}\": {}", field, value, rule));
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isLetterOrDigit(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9');
}

/// The first subtag is 2 or 3 letters, the others 1 to 8 letters or digits.
bool isLanguageTag(std::string_view value)
{
    const std::string_view first = value.substr(0, value.find('-'));
    if (first.size() < 2 || first.size() > 3 || !std::all_of(first.begin(), first.end(), isLetter))
        return false;
    std::string_view rest = value.substr(first.size());
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view part = rest.substr(0, rest.find('-'));
        if (part.empty() || part.size() > 8
            || !std::all_of(part.begin(), part.end(), isLetterOrDigit))
            return false;
        rest.remove_prefix(part.size());
    }
    return true;
}

bool startsCharacter(char c)
{
    constexpr unsigned char continuationMask = 0xC0;
    constexpr unsigned char continuation = 0x80;
    return (static_cast<unsigned char>(c) & continuationMask) != continuation;
}

} // namespace

Result<> checkText(std::string_view field, std::string_view value, std::size_t sizeMaxBytes)
{
    // The value itself is not repeated where it might not be printable.
    if (!simdjson::validate_utf8(value.data(), value.size()))
        return failure(ErrorCode::InvalidArgument, fmt::format("{}: is not UTF-8", field));
    if (std::any_of(value.begin(), value.end(), isControl))
        return failure(
            ErrorCode::InvalidArgument, fmt::format("{}: holds a control character", field)
        );
    if (value.size() > sizeMaxBytes)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("{}: is longer than {} bytes", field, sizeMaxBytes)
        );
    return {};
}

Result<> checkName(std::string_view field, std::string_view value, std::size_t sizeMaxBytes)
{
    QUITTANCE_CHECK(checkText(field, value, sizeMaxBytes));
    if (value.empty())
        return refused(field, value, "must not be empty");
    if (value.front() == ' ' || value.back() == ' ')
        return refused(field, value, "begins or ends with a blank");
    return {};
}

Result<> checkEmail(std::string_view field, std::string_view value)
{
    QUITTANCE_CHECK(checkText(field, value, emailSizeMaxBytes));
    const std::size_t at = value.find('@');
    const std::string_view name = value.substr(0, at);
    const std::string_view domain
        = at == std::string_view::npos ? std::string_view() : value.substr(at + 1);
    const std::size_t dot = domain.find('.');
    const bool isWhole = !name.empty() && dot != std::string_view::npos && dot > 0
        && domain.back() != '.' && domain.find('@') == std::string_view::npos
        && domain.find("..") == std::string_view::npos;
    const auto isVisibleAscii = [](char c) { return c > ' ' && c < '\x7f'; };
    if (!isWhole || !std::all_of(value.begin(), value.end(), isVisibleAscii)
        || value.find_first_of(",;<>\"()[]\\") != std::string_view::npos)
        return refused(field, value, "is not an e-mail address (name@domain)");
    return {};
}

std::string lowerAscii(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

Result<> checkCountry(std::string_view field, std::string_view value)
{
    constexpr std::size_t codeSize = 2;
    if (value.empty())
        return {};
    QUITTANCE_CHECK(checkText(field, value, emailSizeMaxBytes));
    if (value.size() != codeSize || !std::all_of(value.begin(), value.end(), isLetter)
        || countries.find(fmt::format(" {} ", value)) == std::string_view::npos)
        return refused(field, value, "is not a country of ISO 3166-1 (two capital letters)");
    return {};
}

std::vector<std::string_view> countryCodes()
{
    constexpr std::size_t codeSize = 2;
    std::vector<std::string_view> codes;
    codes.reserve(countries.size() / (codeSize + 1));
    for (std::size_t at = 1; at + codeSize < countries.size(); at += codeSize + 1)
        codes.push_back(countries.substr(at, codeSize));
    return codes;
}

Result<> checkLanguage(std::string_view field, std::string_view value)
{
    constexpr std::size_t sizeMaxBytes = 35; // RFC 5646, 4.4.1
    QUITTANCE_CHECK(checkText(field, value, sizeMaxBytes));
    if (!isLanguageTag(value))
        return refused(field, value, "is not a language tag (\"en\", \"pt-BR\")");
    return {};
}

Result<> checkPassword(std::string_view password)
{
    QUITTANCE_CHECK(checkText("password", password, passwordSizeMaxBytes));
    const auto characters = std::count_if(password.begin(), password.end(), startsCharacter);
    if (characters < static_cast<std::ptrdiff_t>(passwordSizeMinCharacters))
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("password: has fewer than {} characters", passwordSizeMinCharacters)
        );
    return {};
}

} // namespace quittance
