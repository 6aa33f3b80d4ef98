#pragma once

#include "core/domain/random.h"
#include "core/domain/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quittance::backend {

/// What one guess costs. The default is libsodium's interactive limit: two passes over 64 MiB.
struct PasswordCost {
    std::uint64_t passes = 2;
    std::size_t memoryBytes = 67'108'864;

    /// The least that Argon2id takes: for tests and the demo, where hundreds of people sign in.
    [[nodiscard]] static constexpr PasswordCost least() { return { 1, 8192 }; }
};

/// Argon2id in the usual notation ("$argon2id$v=19$m=65536,t=2,p=1$salt$hash"), which carries its
/// own cost.
[[nodiscard]] Result<std::string>
hashPassword(Random& random, std::string_view password, const PasswordCost& cost);
[[nodiscard]] bool verifyPassword(const std::string& hash, std::string_view password);
/// Takes as long as verifyPassword of a hash of this cost, for a person who does not exist or has
/// no password.
void verifyNothing(std::string_view password, const PasswordCost& cost);

} // namespace quittance::backend
