#pragma once

#include "core/domain/result.h"

#include <string_view>

/// A JSON object that has one key twice means two things, of which every parser takes another: so
/// what a caller sends, and a file that a person wrote, is refused that has one.
namespace quittance {

/// MalformedInput naming the key. What is no JSON at all passes: who parses it says where.
[[nodiscard]] Result<> checkJsonKeysOnce(std::string_view text);

} // namespace quittance
