#pragma once

#include "core/domain/result.h"
#include "core/http/message.h"

#include <string>
#include <string_view>

namespace quittance::http {

/// Encodes every byte but the unreserved ones (RFC 3986, 2.3), so the result fits a path segment
/// and a query alike.
[[nodiscard]] std::string percentEncode(std::string_view text);

/// MalformedInput for a '%' without two hexadecimal digits after it, and for an encoded NUL.
[[nodiscard]] Result<std::string> percentDecode(std::string_view text);

/// "a=1&b=x%20y" to names and values; '+' is a space, as forms write it. A name without '=' has an
/// empty value.
[[nodiscard]] Result<NamedValues> parseQuery(std::string_view query);
[[nodiscard]] std::string formatQuery(const NamedValues& values); ///< without '?'

struct Target {
    std::string path;
    std::string rawPath;
    NamedValues query;
};

/// The request-target of RFC 9112, 3.2: origin form ("/a?b=c"), absolute form ("http://host/a"), or
/// "*".
[[nodiscard]] Result<Target> parseTarget(std::string_view target);

} // namespace quittance::http
