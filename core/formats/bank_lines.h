#pragma once

#include <span>
#include <string>

namespace quittance::formats {

/// What a payment order needs, as far as printed bank details say it.
struct BankAccount {
    std::string id; ///< IBAN without blanks, or a national account number; "" where none is named
    std::string institution; ///< BIC, or a national code of the bank
    bool isIban = false; ///< its check digits are right

    bool operator==(const BankAccount&) const = default;
};

/// Reads bank details as they are printed: "IBAN DE02 1203 0000 0000 2020 51", "BIC BYLADEM1001",
/// "Account 000123456789", "ABA 125000024"; a colon may follow the word. An IBAN is found without
/// its word too, by its check digits; one that is wrong is no account.
[[nodiscard]] BankAccount readBankLines(std::span<const std::string> lines);

} // namespace quittance::formats
