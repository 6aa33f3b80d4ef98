#include "core/formats/json_object.h"

#include "core/domain/json_keys.h"

#include <boost/json/stream_parser.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::size_t depthMax = 32;

std::string lineAndColumn(std::string_view text, std::size_t at)
{
    const auto before = text.substr(0, at);
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto lineBegin = before.rfind('\n');
    const auto column = lineBegin == std::string_view::npos ? at + 1 : at - lineBegin;
    return fmt::format("line {}, column {}", line, column);
}

std::string_view view(const boost::json::string& text)
{
    return { text.data(), text.size() };
}

} // namespace

Result<JsonObject> JsonObject::parse(std::string_view text, std::string_view what)
{
    boost::json::parse_options options;
    options.max_depth = depthMax;
    boost::json::stream_parser parser({}, options);
    boost::json::error_code error;
    const auto read = parser.write_some(text.data(), text.size(), error);
    if (!error)
        parser.finish(error);
    if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        error = boost::json::error::extra_data;
    if (error)
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("{}: {}: is not JSON: {}", what, lineAndColumn(text, read), error.message())
        );
    if (const auto once = checkJsonKeysOnce(text); !once)
        return failure(once.error().code, fmt::format("{}: {}", what, once.error().detail));
    auto shared = std::make_shared<Shared>();
    shared->document = parser.release();
    shared->what = what;
    const auto* const object = shared->document.if_object();
    if (object == nullptr)
        return failure(ErrorCode::MalformedInput, fmt::format("{}: is not a JSON object", what));
    return JsonObject(std::move(shared), *object, {});
}

JsonObject::JsonObject(
    std::shared_ptr<Shared> shared, const boost::json::object& object, std::string path
)
    : m_shared(std::move(shared))
    , m_object(&object)
    , m_path(std::move(path))
{
}

bool JsonObject::has(std::string_view key) const
{
    return m_object->contains(key);
}

std::string JsonObject::pathOf(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : fmt::format("{}.{}", m_path, key);
}

void JsonObject::refuse(std::string_view key, std::string_view why)
{
    if (!m_shared->error)
        m_shared->error = Error {
            ErrorCode::InvalidArgument,
            fmt::format("{}: {}: {}", m_shared->what, key.empty() ? m_path : pathOf(key), why)
        };
}

Result<> JsonObject::error() const
{
    if (m_shared->error)
        return failure(*m_shared->error);
    return {};
}

void JsonObject::close()
{
    for (const auto& entry : *m_object)
        if (const std::string_view key(entry.key().data(), entry.key().size());
            !m_asked.contains(key))
            refuse(key, "is not a key that is known here");
}

const boost::json::value* JsonObject::find(std::string_view key)
{
    m_asked.emplace(key);
    return m_object->if_contains(key);
}

const boost::json::value* JsonObject::need(std::string_view key)
{
    const auto* const found = find(key);
    if (found == nullptr)
        refuse(key, "is missing");
    return found;
}

std::string JsonObject::text(std::string_view key)
{
    const auto* const found = need(key);
    if (found == nullptr)
        return {};
    if (const auto* const string = found->if_string())
        return std::string(view(*string));
    refuse(key, "should be a text");
    return {};
}

std::string JsonObject::text(std::string_view key, std::string_view otherwise)
{
    return find(key) == nullptr ? std::string(otherwise) : text(key);
}

std::string JsonObject::wantedText(std::string_view key)
{
    auto value = text(key);
    if (value.empty())
        refuse(key, "should not be empty");
    return value;
}

bool JsonObject::flag(std::string_view key, bool otherwise)
{
    const auto* const found = find(key);
    if (found == nullptr)
        return otherwise;
    if (const auto* const value = found->if_bool())
        return *value;
    refuse(key, "should be true or false");
    return otherwise;
}

std::int64_t JsonObject::integer(std::string_view key, std::int64_t lowest, std::int64_t highest)
{
    const auto* const found = need(key);
    if (found == nullptr)
        return lowest;
    const auto* const value = found->if_int64();
    if (value != nullptr && *value >= lowest && *value <= highest)
        return *value;
    refuse(key, fmt::format("should be a whole number from {} to {}", lowest, highest));
    return lowest;
}

std::string JsonObject::decimal(std::string_view key)
{
    const auto* const found = need(key);
    if (found == nullptr)
        return "0";
    if (const auto* const string = found->if_string())
        return std::string(view(*string));
    if (const auto* const whole = found->if_int64())
        return fmt::format("{}", *whole);
    refuse(key, "should be a decimal number in quotes, such as \"0.5\"");
    return "0";
}

std::vector<std::string> JsonObject::texts(std::string_view key)
{
    std::vector<std::string> out;
    const auto* const found = find(key);
    if (found == nullptr)
        return out;
    const auto* const array = found->if_array();
    if (array == nullptr)
        refuse(key, "should be a list of texts");
    else
        for (const auto& entry : *array) {
            if (const auto* const string = entry.if_string())
                out.emplace_back(view(*string));
            else
                refuse(key, "should be a list of texts");
        }
    return out;
}

std::optional<JsonObject> JsonObject::object(std::string_view key)
{
    const auto* const found = find(key);
    if (found == nullptr)
        return std::nullopt;
    if (const auto* const object = found->if_object())
        return JsonObject(m_shared, *object, pathOf(key));
    refuse(key, "should be an object");
    return std::nullopt;
}

std::vector<JsonObject> JsonObject::objects(std::string_view key)
{
    std::vector<JsonObject> out;
    const auto* const found = find(key);
    if (found == nullptr)
        return out;
    const auto* const array = found->if_array();
    if (array == nullptr) {
        refuse(key, "should be a list of objects");
        return out;
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
        const auto place = fmt::format("{}[{}]", key, i);
        if (const auto* const object = (*array)[i].if_object())
            out.push_back(JsonObject(m_shared, *object, pathOf(place)));
        else
            refuse(place, "should be an object");
    }
    return out;
}

std::vector<std::string> JsonObject::keys()
{
    std::vector<std::string> out;
    for (const auto& entry : *m_object) {
        out.emplace_back(entry.key().data(), entry.key().size());
        m_asked.insert(out.back());
    }
    return out;
}

} // namespace quittance::formats
