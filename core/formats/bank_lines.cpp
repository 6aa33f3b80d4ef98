#include "core/formats/bank_lines.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace quittance::formats {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

char capital(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Letters and digits alone, in capitals.
std::string bare(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (isDigit(c) || isCapital(capital(c)))
            out.push_back(capital(c));
    return out;
}

/// ISO 13616: country, two check digits, the account; the whole is 1 modulo 97 (ISO 7064).
bool isIban(std::string_view text)
{
    constexpr std::size_t sizeMin = 15;
    constexpr std::size_t sizeMax = 34;
    constexpr std::size_t head = 4;
    constexpr int modulus = 97;
    constexpr int ten = 10;
    if (text.size() < sizeMin || text.size() > sizeMax || !isCapital(text[0]) || !isCapital(text[1])
        || !isDigit(text[2]) || !isDigit(text[3]))
        return false;
    int rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[(i + head) % text.size()];
        const int value = isDigit(c) ? c - '0' : c - 'A' + ten;
        rest = (rest * (value < ten ? ten : ten * ten) + value) % modulus;
    }
    return rest == 1;
}

/// What follows one of the words at the start of the line; "" where none does.
std::string after(std::string_view line, std::span<const std::string_view> words)
{
    for (const auto word : words) {
        if (line.size() <= word.size()
            || !std::equal(word.begin(), word.end(), line.begin(), [](char a, char b) {
                   return capital(a) == capital(b);
               }))
            continue;
        const char next = line[word.size()];
        if (next == ' ' || next == ':' || next == '.')
            return bare(line.substr(word.size()));
    }
    return {};
}

constexpr std::array<std::string_view, 1> ibanWords { "IBAN" };
constexpr std::array<std::string_view, 5> bankWords { "BIC", "SWIFT", "ABA", "Routing number",
                                                      "Sort code" };
constexpr std::array<std::string_view, 3> accountWords { "Account number", "Account no",
                                                         "Account" };

} // namespace

BankAccount readBankLines(std::span<const std::string> lines)
{
    BankAccount account;
    std::string national;
    for (const auto& line : lines) {
        auto iban = after(line, ibanWords);
        if (iban.empty())
            iban = bare(line);
        if (account.id.empty() && isIban(iban)) {
            account.id = iban;
            account.isIban = true;
        }
        if (account.institution.empty())
            account.institution = after(line, bankWords);
        if (national.empty())
            national = after(line, accountWords);
    }
    if (account.id.empty())
        account.id = national;
    return account;
}

} // namespace quittance::formats
