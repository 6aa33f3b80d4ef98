#include "backend/journal/secure.h"

#include <sodium.h>

#include <cstdlib>

namespace quittance::backend {

namespace {

const unsigned char* raw(std::span<const std::byte> bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

const unsigned char* raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string encoded(std::span<const std::byte> bytes, int variant)
{
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), variant);
    text.pop_back(); // libsodium counts the closing NUL
    return text;
}

} // namespace

void ensureCryptoReady()
{
    // sodium_init() is safe to call from any thread and does its work once.
    if (sodium_init() < 0)
        std::abort();
}

void SystemRandom::fill(std::span<std::byte> bytes)
{
    ensureCryptoReady();
    randombytes_buf(bytes.data(), bytes.size());
}

database::Bytes hash256(std::string_view text)
{
    return saltedHash256({}, text);
}

database::Bytes saltedHash256(std::span<const std::byte> salt, std::string_view text)
{
    ensureCryptoReady();
    database::Bytes hash(hashSizeBytes);
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, hash.size());
    crypto_generichash_update(&state, raw(salt), salt.size());
    crypto_generichash_update(&state, raw(text), text.size());
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    return hash;
}

bool sameBytes(std::span<const std::byte> a, std::span<const std::byte> b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

database::Bytes randomBytes(Random& random, std::size_t sizeBytes)
{
    database::Bytes bytes(sizeBytes);
    random.fill(bytes);
    return bytes;
}

std::string hexText(std::span<const std::byte> bytes)
{
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), raw(bytes), bytes.size());
    text.pop_back();
    return text;
}

std::string urlText(std::span<const std::byte> bytes)
{
    return encoded(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string base64Text(std::span<const std::byte> bytes)
{
    return encoded(bytes, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

} // namespace quittance::backend
