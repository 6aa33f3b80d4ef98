#include "core/http/message.h"

#include <algorithm>
#include <array>

namespace quittance::http {

namespace {

struct MethodName {
    Method method;
    std::string_view name;
};

constexpr std::array methodNames {
    MethodName { Method::Get, "GET" },         MethodName { Method::Head, "HEAD" },
    MethodName { Method::Post, "POST" },       MethodName { Method::Put, "PUT" },
    MethodName { Method::Patch, "PATCH" },     MethodName { Method::Delete, "DELETE" },
    MethodName { Method::Options, "OPTIONS" },
};

struct Reason {
    int status;
    std::string_view phrase;
};

constexpr std::array reasons {
    Reason { 200, "OK" },
    Reason { 201, "Created" },
    Reason { 202, "Accepted" },
    Reason { 204, "No Content" },
    Reason { 206, "Partial Content" },
    Reason { 301, "Moved Permanently" },
    Reason { 302, "Found" },
    Reason { 303, "See Other" },
    Reason { 304, "Not Modified" },
    Reason { 400, "Bad Request" },
    Reason { 401, "Unauthorized" },
    Reason { 402, "Payment Required" },
    Reason { 403, "Forbidden" },
    Reason { 404, "Not Found" },
    Reason { 405, "Method Not Allowed" },
    Reason { 406, "Not Acceptable" },
    Reason { 408, "Request Timeout" },
    Reason { 409, "Conflict" },
    Reason { 410, "Gone" },
    Reason { 412, "Precondition Failed" },
    Reason { 413, "Content Too Large" },
    Reason { 415, "Unsupported Media Type" },
    Reason { 417, "Expectation Failed" },
    Reason { 422, "Unprocessable Content" },
    Reason { 423, "Locked" },
    Reason { 428, "Precondition Required" },
    Reason { 429, "Too Many Requests" },
    Reason { 431, "Request Header Fields Too Large" },
    Reason { 500, "Internal Server Error" },
    Reason { 501, "Not Implemented" },
    Reason { 502, "Bad Gateway" },
    Reason { 503, "Service Unavailable" },
    Reason { 504, "Gateway Timeout" },
    Reason { 505, "HTTP Version Not Supported" },
    Reason { 507, "Insufficient Storage" },
};

// The locale of the process must not decide what two header names have in common.
constexpr char lowered(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

template <NameCase nameCase> bool sameName(std::string_view left, std::string_view right)
{
    if constexpr (nameCase == NameCase::Sensitive)
        return left == right;
    else
        return equalsIgnoringCase(left, right);
}

} // namespace

std::string_view toString(Method method)
{
    const auto* const found = std::ranges::find(methodNames, method, &MethodName::method);
    return found == methodNames.end() ? std::string_view() : found->name;
}

std::optional<Method> methodFromString(std::string_view name)
{
    const auto* const found = std::ranges::find(methodNames, name, &MethodName::name);
    return found == methodNames.end() ? std::nullopt : std::optional(found->method);
}

bool equalsIgnoringCase(std::string_view left, std::string_view right)
{
    return std::ranges::equal(left, right, {}, lowered, lowered);
}

template <NameCase nameCase> void Fields<nameCase>::add(std::string name, std::string value)
{
    m_entries.emplace_back(std::move(name), std::move(value));
}

template <NameCase nameCase> void Fields<nameCase>::set(std::string_view name, std::string value)
{
    remove(name);
    add(std::string(name), std::move(value));
}

template <NameCase nameCase> void Fields<nameCase>::remove(std::string_view name)
{
    std::erase_if(m_entries, [name](const Entry& entry) {
        return sameName<nameCase>(entry.first, name);
    });
}

template <NameCase nameCase>
std::optional<std::string_view> Fields<nameCase>::find(std::string_view name) const
{
    const auto found = std::ranges::find_if(m_entries, [name](const Entry& entry) {
        return sameName<nameCase>(entry.first, name);
    });
    return found == m_entries.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

template <NameCase nameCase>
std::vector<std::string_view> Fields<nameCase>::findAll(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (const auto& [entryName, value] : m_entries) {
        if (sameName<nameCase>(entryName, name))
            values.emplace_back(value);
    }
    return values;
}

template <NameCase nameCase>
std::string_view Fields<nameCase>::valueOr(std::string_view name, std::string_view fallback) const
{
    return find(name).value_or(fallback);
}

template class Fields<NameCase::Sensitive>;
template class Fields<NameCase::Insensitive>;

Response Response::make(int status, std::string contentType, std::string body)
{
    Response response;
    response.status = status;
    response.contentType = std::move(contentType);
    response.body = std::move(body);
    return response;
}

Response Response::empty(int status)
{
    return make(status, {}, {});
}

Response Response::streamed(std::string contentType, Producer producer)
{
    auto response = make(200, std::move(contentType), {});
    response.stream = std::move(producer);
    return response;
}

Response Response::events(std::shared_ptr<EventStream> events)
{
    auto response = make(200, "text/event-stream", {});
    response.headers.set("Cache-Control", "no-store");
    response.stream = std::move(events);
    return response;
}

std::string_view reasonPhrase(int status)
{
    const auto* const found = std::ranges::find(reasons, status, &Reason::status);
    return found == reasons.end() ? std::string_view() : found->phrase;
}

Response plainFailure(int status, std::string_view detail)
{
    return Response::make(status, "text/plain; charset=utf-8", std::string(detail) + "\n");
}

} // namespace quittance::http
