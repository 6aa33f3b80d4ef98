#include "core/domain/tax_ids.h"

#include "core/domain/text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace quittance {

namespace {

/// In a pattern 9 is a digit, a is a capital letter, * is either, and anything else is itself.
/// Alternatives are parted by |. `prefix` is what makes an id of this country recognisable
/// anywhere; "" where nothing does.
struct Format {
    std::string_view country;
    std::string_view prefix;
    std::string_view patterns;
};

constexpr std::array formats {
    Format { "AT", "AT", "ATU99999999" },
    Format { "BE", "BE", "BE9999999999" },
    Format { "BG", "BG", "BG999999999|BG9999999999" },
    Format { "CY", "CY", "CY99999999a" },
    Format { "CZ", "CZ", "CZ99999999|CZ999999999|CZ9999999999" },
    Format { "DE", "DE", "DE999999999" },
    Format { "DK", "DK", "DK99999999" },
    Format { "EE", "EE", "EE999999999" },
    Format { "ES", "ES", "ESa9999999a|ES99999999a|ESa99999999" },
    Format { "FI", "FI", "FI99999999" },
    Format { "FR", "FR", "FR**999999999" },
    Format { "GR", "EL", "EL999999999" },
    Format { "HR", "HR", "HR99999999999" },
    Format { "HU", "HU", "HU99999999" },
    Format { "IE", "IE", "IE9999999a|IE9999999aa|IE9a99999a|IE9+99999a|IE9*99999a" },
    Format { "IT", "IT", "IT99999999999" },
    Format { "LT", "LT", "LT999999999|LT999999999999" },
    Format { "LU", "LU", "LU99999999" },
    Format { "LV", "LV", "LV99999999999" },
    Format { "MT", "MT", "MT99999999" },
    Format { "NL", "NL", "NL999999999B99" },
    Format { "PL", "PL", "PL9999999999" },
    Format { "PT", "PT", "PT999999999" },
    Format { "RO", "RO",
             "RO99|RO999|RO9999|RO99999|RO999999|RO9999999|RO99999999|RO999999999|RO9999999999" },
    Format { "SE", "SE", "SE999999999999" },
    Format { "SI", "SI", "SI99999999" },
    Format { "SK", "SK", "SK9999999999" },
    Format { "GB", "GB", "GB999999999|GB999999999999|GBGD999|GBHA999" },
    Format { "GB", "XI", "XI999999999|XI999999999999|XIGD999|XIHA999" },
    Format { "CH", "CHE", "CHE999999999|CHE999999999MWST|CHE999999999TVA|CHE999999999IVA" },
    Format { "LI", "", "CHE999999999|CHE999999999MWST|99999" },
    Format { "NO", "NO", "NO999999999|NO999999999MVA|999999999|999999999MVA" },
    Format { "IS", "", "IS99999|IS999999|99999|999999" },
    Format { "US", "", "999999999|US999999999" },
    Format { "CA", "", "999999999|999999999RT9999" },
    Format { "MX", "", "aaa999999***|aaaa999999***" },
    Format { "BR", "", "99999999999999|99999999999" },
    Format { "AU", "", "99999999999|AU99999999999" },
    Format { "NZ", "", "99999999|999999999|9999999999999" },
    Format { "IN", "", "99aaaaa9999a***|IN99aaaaa9999a***" },
    Format { "JP", "", "T9999999999999|9999999999999" },
    Format { "KR", "", "9999999999" },
    Format { "SG", "", "99999999a|999999999a|a99aa9999a|M*9999999*" },
    Format { "TW", "", "99999999" },
    Format { "ZA", "", "9999999999" },
    Format { "AE", "", "999999999999999" },
    Format { "SA", "", "999999999999999" },
    Format { "TR", "", "9999999999|99999999999" },
    Format { "IL", "", "999999999" },
    Format { "RS", "", "999999999" },
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool fits(char c, char pattern)
{
    switch (pattern) {
    case '9':
        return isDigit(c);
    case 'a':
        return isCapital(c);
    case '*':
        return isDigit(c) || isCapital(c);
    default:
        return c == pattern;
    }
}

bool fitsAny(std::string_view id, std::string_view patterns)
{
    while (!patterns.empty()) {
        const std::string_view pattern = patterns.substr(0, patterns.find('|'));
        if (std::equal(id.begin(), id.end(), pattern.begin(), pattern.end(), fits))
            return true;
        patterns.remove_prefix(std::min(pattern.size() + 1, patterns.size()));
    }
    return false;
}

std::string withoutSeparators(std::string_view id)
{
    std::string bare;
    for (const char c : id)
        if (c != ' ' && c != '.' && c != '-')
            bare.push_back(c);
    return bare;
}

bool isPlain(std::string_view id)
{
    constexpr std::size_t sizeMin = 4;
    constexpr std::size_t sizeMax = 20;
    return id.size() >= sizeMin && id.size() <= sizeMax
        && std::all_of(id.begin(), id.end(), [](char c) {
               return isDigit(c) || isCapital(c) || (c >= 'a' && c <= 'z') || c == '-';
           });
}

Result<> refused(std::string_view country, std::string_view id, std::string_view rule)
{
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "taxIds \"{}\" (country {}): needs {}", id,
            country.empty() ? std::string_view("none") : country, rule
        )
    );
}

} // namespace

Result<> checkTaxId(std::string_view country, std::string_view taxId)
{
    constexpr std::size_t sizeMaxBytes = 40;
    QUITTANCE_CHECK(checkText("taxIds", taxId, sizeMaxBytes));
    const std::string bare = withoutSeparators(taxId);
    std::string known; // the formats that this id might have been meant to have
    for (const Format& format : formats) {
        const bool isOwn = format.country == country;
        const bool isCarried = !format.prefix.empty() && bare.starts_with(format.prefix);
        if ((isOwn || isCarried) && fitsAny(bare, format.patterns))
            return {};
        // A prefix alone proves nothing in a country whose own format is not known: there it may be
        // the start of a name.
        if (isOwn || (isCarried && country.empty()))
            known += fmt::format("{}{}", known.empty() ? "" : "|", format.patterns);
    }
    if (!known.empty())
        return refused(country, taxId, known + " (9 digit, a letter, * either)");
    if (!isPlain(taxId))
        return refused(country, taxId, "4 to 20 letters, digits and dashes");
    return {};
}

std::string exampleTaxId(std::string_view country)
{
    const auto* const known = std::ranges::find(formats, country, &Format::country);
    if (known == formats.end())
        return {};
    std::string example(known->patterns.substr(0, known->patterns.find('|')));
    char digit = '0';
    for (char& c : example) {
        if (c == '9' || c == '*')
            c = digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
        else if (c == 'a')
            c = 'X';
    }
    return example;
}

} // namespace quittance
