#include "core/formats/ndjson.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace quittance::formats {

namespace ondemand = simdjson::ondemand;

/// Walks one object and keeps its leaves under their dotted names. The names of the line before are
/// compared with, not made again: lines of one file nearly always look alike.
struct NdjsonReader::Parser {
    ondemand::parser parser;
    std::vector<std::string> names;
    std::vector<std::string_view> values;
    std::uint64_t layout = 0;
    bool layoutChanged
        = false; ///< since the last good line: a broken line may have changed names too
    std::string path;
    std::size_t fieldsMax = 0;
    int depthMax = 0;
    std::string reason;

    bool parse(std::string_view line, std::size_t capacity);
    bool walkObject(ondemand::object object, int depth);
    bool walkArray(ondemand::array array, int depth);
    bool walkValue(ondemand::value value, int depth);
    bool leaf(std::string_view value);
    bool refuse(std::string why);
    bool refuse(simdjson::error_code error) { return refuse(simdjson::error_message(error)); }
    bool endLayout();
};

bool NdjsonReader::Parser::refuse(std::string why)
{
    reason = std::move(why);
    return false;
}

bool NdjsonReader::Parser::parse(std::string_view line, std::size_t capacity)
{
    values.clear();
    path.clear();
    ondemand::document document;
    if (const auto error = parser.iterate(line.data(), line.size(), capacity).get(document))
        return refuse(error);
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS)
        return refuse("is not a JSON object");
    if (!walkObject(object, 1))
        return false;
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return refuse("has text after the object");
    return endLayout();
}

bool NdjsonReader::Parser::walkObject(ondemand::object object, int depth)
{
    if (depth > depthMax)
        return refuse(fmt::format("is nested deeper than {} levels", depthMax));
    const auto prefix = path.size();
    for (auto result : object) {
        ondemand::field field;
        std::string_view key;
        if (const auto error = std::move(result).get(field))
            return refuse(error);
        if (const auto error = field.unescaped_key().get(key))
            return refuse(error);
        if (prefix > 0)
            path += '.';
        path += key;
        if (!walkValue(field.value(), depth))
            return false;
        path.resize(prefix);
    }
    return true;
}

bool NdjsonReader::Parser::walkArray(ondemand::array array, int depth)
{
    if (depth > depthMax)
        return refuse(fmt::format("is nested deeper than {} levels", depthMax));
    const auto prefix = path.size();
    std::size_t index = 0;
    for (auto result : array) {
        ondemand::value value;
        if (const auto error = result.get(value))
            return refuse(error);
        path += fmt::format(".{}", index++);
        if (!walkValue(value, depth))
            return false;
        path.resize(prefix);
    }
    return true;
}

bool NdjsonReader::Parser::walkValue(ondemand::value value, int depth)
{
    ondemand::json_type type {};
    if (const auto error = value.type().get(type))
        return refuse(error);
    switch (type) {
    case ondemand::json_type::object: {
        ondemand::object object;
        if (const auto error = value.get_object().get(object))
            return refuse(error);
        return walkObject(object, depth + 1);
    }
    case ondemand::json_type::array: {
        ondemand::array array;
        if (const auto error = value.get_array().get(array))
            return refuse(error);
        return walkArray(array, depth + 1);
    }
    case ondemand::json_type::string: {
        std::string_view text;
        if (const auto error = value.get_string().get(text))
            return refuse(error);
        if (text.find('\0') != std::string_view::npos)
            return refuse("has a zero character in a text");
        return leaf(text);
    }
    case ondemand::json_type::number: {
        // Kept as its digits: a double would lose some. Whether they are a number is seen where one
        // is wanted.
        auto token = value.raw_json_token();
        while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
            token.remove_suffix(1);
        if (token.find_first_not_of("0123456789.+-eE") != std::string_view::npos)
            return refuse(fmt::format("has \"{}\" where a number should be", printable(token)));
        return leaf(token);
    }
    case ondemand::json_type::boolean: {
        bool flag = false;
        if (const auto error = value.get_bool().get(flag))
            return refuse(error);
        return leaf(flag ? "true" : "false");
    }
    case ondemand::json_type::null: {
        bool isNull = false;
        if (value.is_null().get(isNull) != simdjson::SUCCESS || !isNull)
            return refuse("is not JSON");
        return leaf({});
    }
    }
    return refuse("is not JSON");
}

bool NdjsonReader::Parser::leaf(std::string_view value)
{
    const auto index = values.size();
    if (index == fieldsMax)
        return refuse(fmt::format("has more than {} fields", fieldsMax));
    if (index == names.size()) {
        names.push_back(path);
        layoutChanged = true;
    } else if (names[index] != path) {
        names[index] = path;
        layoutChanged = true;
    }
    values.push_back(value);
    return true;
}

bool NdjsonReader::Parser::endLayout()
{
    if (!layoutChanged && names.size() == values.size())
        return true;
    names.resize(values.size());
    ++layout;
    layoutChanged = false;
    std::unordered_set<std::string_view> seen;
    for (const auto& name : names)
        if (!seen.insert(name).second) {
            auto twice = fmt::format("has the field \"{}\" twice", printable(name));
            names.clear(); // so that the next line with these names is looked at again
            return refuse(std::move(twice));
        }
    return true;
}

NdjsonReader::NdjsonReader(Input& input, NdjsonOptions options)
    : m_window(input)
    , m_options(options)
    , m_parser(std::make_unique<Parser>())
{
    m_parser->fieldsMax = options.fieldsMax;
    m_parser->depthMax = options.depthMax;
}

NdjsonReader::~NdjsonReader() = default;

Result<> NdjsonReader::open()
{
    return beginText(m_window);
}

Result<Step> NdjsonReader::next()
{
    while (true) {
        QUITTANCE_TRY(const auto found, nextLine());
        if (!found)
            return Step::End;
        if (m_isTooLong)
            return refuse(fmt::format("is longer than {} bytes", m_options.lineBytesMax));
        if (m_record.raw.find_first_not_of(" \t") != std::string_view::npos)
            return readObject();
    }
}

/// Finds the next line; false at the end. What is left of a line that is too long is passed over.
Result<bool> NdjsonReader::nextLine()
{
    m_window.consume(std::exchange(m_lineBytes, 0));
    m_isTooLong = false;
    ++m_line;
    std::size_t searched = 0;
    while (true) {
        auto bytes = m_window.bytes();
        const auto lineEnd = bytes.find('\n', searched);
        const auto isLast = lineEnd == std::string_view::npos && m_window.atEnd();
        if (isLast && bytes.empty()) {
            m_record.raw = {}; // a line that was too long is consumed, and the one before it gone
            return m_isTooLong;
        }
        if (lineEnd != std::string_view::npos || isLast) {
            m_lineBytes = isLast ? bytes.size() : lineEnd + 1;
            auto line = bytes.substr(0, isLast ? bytes.size() : lineEnd);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            m_isTooLong = m_isTooLong || line.size() > m_options.lineBytesMax;
            m_record.raw = line;
            return true;
        }
        searched = bytes.size();
        if (searched > m_options.lineBytesMax) {
            m_isTooLong = true;
            m_window.consume(std::exchange(searched, 0));
        }
        QUITTANCE_CHECK(m_window.more());
    }
}

Step NdjsonReader::readObject()
{
    m_record.row = m_line;
    const auto line = m_record.raw;
    if (!m_parser->parse(line, line.size() + Window::paddingBytes()))
        return refuse(m_parser->reason);
    m_record.names = m_parser->names;
    m_record.values = m_parser->values;
    m_record.layout = m_parser->layout;
    return Step::Record;
}

Step NdjsonReader::refuse(std::string reason)
{
    m_problem = { m_line, {}, {}, std::move(reason) };
    return Step::Problem;
}

} // namespace quittance::formats
