#include "core/formats/record.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace quittance::formats {

namespace {

constexpr std::size_t printableBytesMax = 100;

void appendPrintable(std::string& out, char byte, bool keepHighBytes)
{
    const auto code = static_cast<unsigned char>(byte);
    constexpr unsigned char firstPrintable = 0x20;
    constexpr unsigned char firstHigh = 0x7f;
    if (code < firstPrintable || code == firstHigh || (code > firstHigh && !keepHighBytes))
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
    else
        out += byte;
}

/// The longest start of `text` of at most `bytesMax` bytes that cuts no character of UTF-8.
std::string_view cut(std::string_view text, std::size_t bytesMax)
{
    if (text.size() <= bytesMax)
        return text;
    constexpr unsigned char continuationMask = 0xc0;
    constexpr unsigned char continuationBits = 0x80;
    auto length = bytesMax;
    while (length > 0
           && (static_cast<unsigned char>(text[length]) & continuationMask) == continuationBits)
        --length;
    return text.substr(0, length);
}

} // namespace

std::string printable(std::string_view bytes)
{
    const auto shown = cut(bytes, printableBytesMax);
    const auto isUtf8 = simdjson::validate_utf8(shown.data(), shown.size());
    std::string out;
    for (const auto byte : shown)
        appendPrintable(out, byte, isUtf8);
    if (shown.size() < bytes.size())
        out += "...";
    return out;
}

std::string toText(const RowProblem& problem)
{
    auto out = fmt::format("row {}", problem.row);
    if (!problem.column.empty())
        out += fmt::format(", column {}, value \"{}\"", problem.column, problem.value);
    return out + ": " + problem.reason;
}

} // namespace quittance::formats
