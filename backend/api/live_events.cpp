#include "backend/api/live_events.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

http::Event changeEvent(std::int64_t feedNumber)
{
    return { std::to_string(feedNumber), "change", fmt::format("{{\"cursor\":{}}}", feedNumber) };
}

bool concerns(const std::vector<Grant>& grants, std::optional<AccountId> account)
{
    return allows(grants, account ? Permission::ProfileRead : Permission::PeopleRead, account);
}

} // namespace

std::shared_ptr<http::EventStream>
LiveEvents::open(const Principal& principal, std::int64_t feedNumber)
{
    std::shared_ptr<http::EventStream> stream = http::EventStream::create();
    stream->push(changeEvent(feedNumber));
    const std::lock_guard lock(m_mutex);
    m_listeners.push_back({ stream, principal.grants });
    return stream;
}

void LiveEvents::publish(
    const std::vector<std::optional<AccountId>>& accounts, std::int64_t feedNumber
)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_listeners, [](const Listener& listener) { return !listener.stream->isOpen(); });
    for (const Listener& listener : m_listeners) {
        const bool hears = std::any_of(accounts.begin(), accounts.end(), [&](const auto& account) {
            return concerns(listener.grants, account);
        });
        if (hears)
            listener.stream->push(changeEvent(feedNumber));
    }
}

void LiveEvents::closeAll()
{
    const std::lock_guard lock(m_mutex);
    for (const Listener& listener : m_listeners)
        listener.stream->close();
    m_listeners.clear();
}

} // namespace quittance::backend
