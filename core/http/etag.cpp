#include "core/http/etag.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <functional>

namespace quittance::http {

namespace {

constexpr std::size_t hashBytes = 16;
constexpr std::string_view weakPrefix = "W/";

std::string_view opaque(std::string_view etag)
{
    return etag.starts_with(weakPrefix) ? etag.substr(weakPrefix.size()) : etag;
}

/// The tags of a list; a comma inside the quotes belongs to the tag.
bool anyTag(std::string_view list, const std::function<bool(std::string_view)>& matches)
{
    while (!list.empty()) {
        const auto start = list.find_first_not_of(" \t,");
        if (start == std::string_view::npos)
            return false;
        list.remove_prefix(start);
        const auto opening = list.find('"');
        const auto closing
            = opening == std::string_view::npos ? opening : list.find('"', opening + 1);
        const auto size = closing == std::string_view::npos ? list.size() : closing + 1;
        if (matches(list.substr(0, size)))
            return true;
        list.remove_prefix(size);
    }
    return false;
}

bool isAny(std::string_view list)
{
    const auto start = list.find_first_not_of(" \t");
    return start != std::string_view::npos
        && list.substr(start, list.find_last_not_of(" \t") + 1 - start) == "*";
}

} // namespace

std::string strongETag(std::string_view bytes)
{
    std::array<unsigned char, hashBytes> hash {};
    crypto_generichash(
        hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(), nullptr, 0
    );
    std::array<char, hashBytes * 2 + 1> hex {};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return '"' + std::string(hex.data()) + '"';
}

bool matchesIfNoneMatch(std::string_view headerValue, std::string_view etag)
{
    return isAny(headerValue) || anyTag(headerValue, [etag](std::string_view tag) {
               return opaque(tag) == opaque(etag);
           });
}

bool matchesIfMatch(std::string_view headerValue, std::string_view etag)
{
    return isAny(headerValue) || anyTag(headerValue, [etag](std::string_view tag) {
               return tag == etag && !tag.starts_with(weakPrefix);
           });
}

} // namespace quittance::http
