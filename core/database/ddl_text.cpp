#include "core/database/ddl_text.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdint>

namespace quittance::database {

namespace {

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t endOfWord(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    while (end < text.size() && isWordPart(text[end]))
        ++end;
    return end;
}

} // namespace

std::size_t skipQuotedOrComment(std::string_view text, std::size_t begin)
{
    const char first = text[begin];
    if (first == '\'' || first == '"') {
        const std::size_t end = text.find(first, begin + 1);
        return end == std::string_view::npos ? text.size() : end + 1;
    }
    if (text.substr(begin).starts_with("--")) {
        const std::size_t end = text.find('\n', begin);
        return end == std::string_view::npos ? text.size() : end;
    }
    return begin;
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string withWordReplaced(std::string_view text, std::string_view word, std::string_view to)
{
    std::string answer;
    std::string_view previous;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = skipQuotedOrComment(text, at);
        if (end == at && isWordPart(text[at])) {
            end = endOfWord(text, at);
            const std::string_view found = text.substr(at, end - at);
            answer += found == word && previous != "AS" ? to : found;
            previous = found;
        } else {
            end = end == at ? at + 1 : end;
            answer += text.substr(at, end - at);
        }
        at = end;
    }
    return answer;
}

bool beginsWith(std::string_view statement, std::string_view words)
{
    std::size_t at = 0;
    while (at < statement.size()) {
        if (std::isspace(static_cast<unsigned char>(statement[at])) != 0)
            ++at;
        else if (statement.substr(at).starts_with("--"))
            at = skipQuotedOrComment(statement, at);
        else
            break;
    }
    return statement.substr(at).starts_with(words);
}

std::string fingerprint(std::string_view text)
{
    constexpr std::uint64_t offsetBasis = 0xcbf29ce484222325U;
    constexpr std::uint64_t prime = 0x100000001b3U;
    std::uint64_t hash = offsetBasis;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    return fmt::format("{:016x}", hash);
}

} // namespace quittance::database
