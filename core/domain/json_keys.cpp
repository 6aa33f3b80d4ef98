#include "core/domain/json_keys.h"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace quittance {

namespace {

namespace json = boost::json;

constexpr std::size_t depthMax = 32; // what nests deeper is refused where it is read

/// The keys of the objects that are open. Its functions and limits are what basic_parser asks for.
class
    KeyWatch { // NOLINTBEGIN(readability-identifier-naming,readability-convert-member-functions-to-static)
public:
    using error_code = json::error_code;

    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&)
    {
        m_open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, error_code&)
    {
        m_open.pop_back();
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, error_code&)
    {
        m_key.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view rest, std::size_t, error_code& error)
    {
        m_key.append(rest.data(), rest.size());
        std::vector<std::string>& keys = m_open.back();
        if (std::ranges::find(keys, m_key) != keys.end()) {
            repeated = m_key;
            error = json::error::syntax;
            return false;
        }
        keys.push_back(std::move(m_key));
        m_key.clear();
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }
    bool on_double(double, json::string_view, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

    std::optional<std::string> repeated;

private:
    std::vector<std::vector<std::string>> m_open;
    std::string m_key;
}; // NOLINTEND(readability-identifier-naming,readability-convert-member-functions-to-static)

} // namespace

Result<> checkJsonKeysOnce(std::string_view text)
{
    json::parse_options options;
    options.max_depth = depthMax;
    json::basic_parser<KeyWatch> parser(options);
    json::error_code error;
    parser.write_some(false, text.data(), text.size(), error);
    const std::optional<std::string>& repeated = parser.handler().repeated;
    if (!repeated)
        return {};
    return failure(
        ErrorCode::MalformedInput, fmt::format("the field \"{}\" is there twice", *repeated)
    );
}

} // namespace quittance
