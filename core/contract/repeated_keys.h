#pragma once

#include "core/contract/codec.h"

#include <string_view>

/// A JSON object that has one key twice means two things, of which every parser takes another: so
/// what a caller sends is refused that has one.
namespace quittance::contract {

/// MalformedInput naming the key. What is no JSON at all passes: parseJson says where.
[[nodiscard]] Result<> checkKeysOnce(std::string_view text);

/// Like fromText, for what comes from outside.
template <class T> [[nodiscard]] Result<T> fromRequest(std::string_view text)
{
    QUITTANCE_CHECK(checkKeysOnce(text));
    return fromText<T>(text);
}

} // namespace quittance::contract
