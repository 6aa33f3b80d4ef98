#pragma once

#include <string>
#include <string_view>

namespace quittance::http {

/// A strong entity tag, with its quotes: the first 128 bits of BLAKE2b over the bytes. The same
/// bytes have the same tag on every machine and in every version.
[[nodiscard]] std::string strongETag(std::string_view bytes);

/// True where one tag of an If-None-Match value, or "*", stands for the same content: weak
/// comparison (RFC 9110, 13.1.2). Answer a GET with 304 then.
[[nodiscard]] bool matchesIfNoneMatch(std::string_view headerValue, std::string_view etag);

/// True where If-Match allows the change: strong comparison (RFC 9110, 13.1.1), so a weak tag never
/// does.
[[nodiscard]] bool matchesIfMatch(std::string_view headerValue, std::string_view etag);

} // namespace quittance::http
