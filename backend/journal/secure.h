#pragma once

#include "core/database/database.h"
#include "core/domain/random.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// What the backend takes from libsodium: chance, hashes, comparison. libsodium is made ready once,
/// at first use; a program in which it cannot start ends, because nothing secret would be safe
/// there.
namespace quittance::backend {

/// The system's source of chance, for every real installation.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override;
};

constexpr std::size_t hashSizeBytes = 32;
constexpr std::size_t saltSizeBytes = 16;
constexpr std::size_t secretSizeBytes = 32;

/// BLAKE2b-256.
[[nodiscard]] database::Bytes hash256(std::string_view text);
/// BLAKE2b-256 of salt || text.
[[nodiscard]] database::Bytes saltedHash256(std::span<const std::byte> salt, std::string_view text);

/// Takes the same time wherever the two differ; false where the sizes do.
[[nodiscard]] bool sameBytes(std::span<const std::byte> a, std::span<const std::byte> b);

[[nodiscard]] database::Bytes randomBytes(Random& random, std::size_t sizeBytes);
[[nodiscard]] std::string hexText(std::span<const std::byte> bytes); ///< lower case
/// base64url without padding (RFC 4648, section 5): what tokens are written in.
[[nodiscard]] std::string urlText(std::span<const std::byte> bytes);
/// base64 without padding: what password hashes are written in.
[[nodiscard]] std::string base64Text(std::span<const std::byte> bytes);

/// libsodium ready for use by code that calls it directly (password hashes).
void ensureCryptoReady();

} // namespace quittance::backend
