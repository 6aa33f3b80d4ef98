#include "backend/accounts/passwords.h"

#include "backend/journal/secure.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace quittance::backend {

namespace {

constexpr std::size_t kibibyte = 1024;
static_assert(saltSizeBytes == crypto_pwhash_SALTBYTES);

Result<database::Bytes>
argon2id(std::string_view password, const database::Bytes& salt, const PasswordCost& cost)
{
    ensureCryptoReady();
    database::Bytes hash(hashSizeBytes);
    const int outcome = crypto_pwhash(
        reinterpret_cast<unsigned char*>(hash.data()), hash.size(), password.data(),
        password.size(), reinterpret_cast<const unsigned char*>(salt.data()), cost.passes,
        cost.memoryBytes, crypto_pwhash_ALG_ARGON2ID13
    );
    if (outcome != 0)
        return failure(
            ErrorCode::Busy,
            fmt::format(
                "password: {} MiB of memory for its hash are not to be had",
                cost.memoryBytes / (kibibyte * kibibyte)
            )
        );
    return hash;
}

} // namespace

Result<std::string>
hashPassword(Random& random, std::string_view password, const PasswordCost& cost)
{
    // Written here rather than by libsodium, so that the salt comes from the one source of chance.
    const database::Bytes salt = randomBytes(random, saltSizeBytes);
    QUITTANCE_TRY(const database::Bytes hash, argon2id(password, salt, cost));
    return fmt::format(
        "$argon2id$v=19$m={},t={},p=1${}${}", cost.memoryBytes / kibibyte, cost.passes,
        base64Text(salt), base64Text(hash)
    );
}

bool verifyPassword(const std::string& hash, std::string_view password)
{
    ensureCryptoReady();
    std::array<char, crypto_pwhash_STRBYTES> text {};
    if (hash.size() >= text.size())
        return false;
    std::copy(hash.begin(), hash.end(), text.begin());
    return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

void verifyNothing(std::string_view password, const PasswordCost& cost)
{
    // The answer is "no" in any case; only the time counts.
    static_cast<void>(argon2id(password, database::Bytes(saltSizeBytes), cost));
}

} // namespace quittance::backend
