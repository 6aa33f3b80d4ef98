#include "core/formats/window.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace quittance::formats {

namespace {

struct Signature {
    std::string_view bytes;
    std::string_view what;
};

using namespace std::string_view_literals;
constexpr std::array signatures {
    Signature { "\xff\xfe\0\0"sv, "UTF-32 text; save it as UTF-8" },
    Signature { "\0\0\xfe\xff"sv, "UTF-32 text; save it as UTF-8" },
    Signature { "\xff\xfe"sv, "UTF-16 text; save it as UTF-8" },
    Signature { "\xfe\xff"sv, "UTF-16 text; save it as UTF-8" },
    Signature { "PK\x03\x04"sv, "a ZIP archive or spreadsheet; unpack it, or save it as CSV" },
    Signature { "BZh"sv, "a bzip2 file; unpack it, or use .gz or .xz" },
    Signature { "\x28\xb5\x2f\xfd"sv, "a zstd file; unpack it, or use .gz or .xz" },
    Signature { "\x1f\x8b"sv, "compressed twice; unpack it once" },
    Signature { "PAR1"sv, "a Parquet file; export it as CSV or NDJSON" },
    Signature { "\x7f"
                "ELF"sv,
                "a program" },
    Signature { "%PDF"sv, "a PDF document" },
};
constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t sniffedBytes = 4096;

Result<> refuseForeign(std::string_view start, const std::string& name)
{
    for (const auto& signature : signatures)
        if (start.starts_with(signature.bytes))
            return failure(
                ErrorCode::MalformedInput, fmt::format("{}: is {}", name, signature.what)
            );
    if (start.substr(0, sniffedBytes).find('\0') != std::string_view::npos)
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("{}: is binary, not text (it has zero bytes near its start)", name)
        );
    return {};
}

} // namespace

Window::Window(Input& input)
    : m_input(&input)
{
}

std::size_t Window::paddingBytes()
{
    return simdjson::SIMDJSON_PADDING;
}

Result<> Window::more()
{
    if (m_atEnd)
        return {};
    QUITTANCE_TRY(const auto block, m_input->read());
    if (block.empty()) {
        m_atEnd = true;
        return {};
    }
    const auto kept = m_end - m_begin;
    if (m_begin > 0 && kept > 0)
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, kept);
    m_begin = 0;
    m_end = kept + block.size();
    if (m_buffer.size() < m_end + paddingBytes())
        m_buffer.resize(std::max(m_end + paddingBytes(), m_buffer.size() * 2));
    std::memcpy(m_buffer.data() + kept, block.data(), block.size());
    return {};
}

Result<> beginText(Window& window)
{
    // An input that breaks off in its first block still gives the rows before; its error comes
    // again after them.
    while (!window.atEnd() && window.bytes().size() < sniffedBytes)
        if (auto step = window.more(); !step) {
            if (window.bytes().empty())
                return failure(std::move(step).error());
            break;
        }
    QUITTANCE_CHECK(refuseForeign(window.bytes(), window.name()));
    if (window.bytes().starts_with(byteOrderMark))
        window.consume(byteOrderMark.size());
    return {};
}

bool isText(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size())
        && (bytes.empty() || std::memchr(bytes.data(), 0, bytes.size()) == nullptr);
}

} // namespace quittance::formats
