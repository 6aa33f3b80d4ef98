#include "core/http/url.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace quittance::http {

namespace {

constexpr int hexBase = 16;
constexpr std::string_view hexDigits = "0123456789ABCDEF";

bool isUnreserved(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z')
        || (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_'
        || letter == '~';
}

Result<char> decodedByte(std::string_view twoDigits)
{
    unsigned value = 0;
    const auto* const end = twoDigits.data() + twoDigits.size();
    const auto parsed = std::from_chars(twoDigits.data(), end, value, hexBase);
    if (twoDigits.size() != 2 || parsed.ptr != end || parsed.ec != std::errc())
        return failure(ErrorCode::MalformedInput, "'%' is not followed by two hexadecimal digits");
    if (value == 0)
        return failure(ErrorCode::MalformedInput, "an encoded NUL is not allowed");
    return static_cast<char>(static_cast<unsigned char>(value));
}

Result<std::string> formDecode(std::string_view text)
{
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percentDecode(spaced);
}

/// What is left of an absolute form behind scheme and authority.
std::string_view withoutAuthority(std::string_view target)
{
    for (const std::string_view scheme : { "http://", "https://" }) {
        if (!equalsIgnoringCase(target.substr(0, scheme.size()), scheme))
            continue;
        const auto pathStart = target.find_first_of("/?", scheme.size());
        return pathStart == std::string_view::npos ? std::string_view("/")
                                                   : target.substr(pathStart);
    }
    return target;
}

} // namespace

std::string percentEncode(std::string_view text)
{
    std::string encoded;
    encoded.reserve(text.size());
    for (const char letter : text) {
        if (isUnreserved(letter)) {
            encoded += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        encoded += '%';
        encoded += hexDigits[byte / hexBase];
        encoded += hexDigits[byte % hexBase];
    }
    return encoded;
}

Result<std::string> percentDecode(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        QUITTANCE_TRY(const char byte, decodedByte(text.substr(at + 1, 2)));
        decoded += byte;
        at += 2;
    }
    return decoded;
}

Result<NamedValues> parseQuery(std::string_view query)
{
    NamedValues values;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty())
            continue;
        const auto equals = std::min(pair.find('='), pair.size());
        QUITTANCE_TRY(auto name, formDecode(pair.substr(0, equals)));
        QUITTANCE_TRY(auto value, formDecode(pair.substr(std::min(equals + 1, pair.size()))));
        values.add(std::move(name), std::move(value));
    }
    return values;
}

std::string formatQuery(const NamedValues& values)
{
    std::string query;
    for (const auto& [name, value] : values) {
        if (!query.empty())
            query += '&';
        query += percentEncode(name) + '=' + percentEncode(value);
    }
    return query;
}

Result<Target> parseTarget(std::string_view target)
{
    target = withoutAuthority(target);
    target = target.substr(0, target.find('#'));
    const auto queryStart = std::min(target.find('?'), target.size());
    const auto rawPath
        = queryStart == 0 && !target.empty() ? std::string_view("/") : target.substr(0, queryStart);
    if (rawPath.empty() || (rawPath.front() != '/' && rawPath != "*"))
        return failure(ErrorCode::MalformedInput, "the request target does not start with '/'");
    QUITTANCE_TRY(auto path, percentDecode(rawPath));
    QUITTANCE_TRY(auto query, parseQuery(target.substr(std::min(queryStart + 1, target.size()))));
    return Target { std::move(path), std::string(rawPath), std::move(query) };
}

} // namespace quittance::http
