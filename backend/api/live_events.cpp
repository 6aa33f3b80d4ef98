#include "backend/api/live_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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
LiveEvents::open(std::vector<Grant> grants, Reader reader, std::int64_t feedNumber)
{
    std::shared_ptr<http::EventStream> stream = http::EventStream::create();
    stream->push(changeEvent(feedNumber));
    const std::lock_guard lock(m_mutex);
    m_listeners.push_back({ stream, std::move(grants), std::move(reader) });
    return stream;
}

/// False where its reader lost something: the stream ends, and whoever opens it anew hears what
/// they may hear then.
bool LiveEvents::refresh(Listener& listener)
{
    const auto keeps = [](const std::vector<Grant>& present, const Grant& grant) {
        return std::ranges::find(present, grant) != present.end();
    };
    const Result<Principal> reader = listener.reader();
    const bool isSame = reader && std::ranges::all_of(listener.grants, [&](const Grant& grant) {
                            return keeps(reader->grants, grant);
                        });
    if (isSame)
        listener.grants = reader->grants;
    else
        listener.stream->close();
    return isSame;
}

void LiveEvents::publish(
    const std::vector<std::optional<AccountId>>& accounts, std::int64_t feedNumber
)
{
    const std::lock_guard lock(m_mutex);
    if (accounts.empty())
        return;
    std::erase_if(m_listeners, [](Listener& listener) {
        return !listener.stream->isOpen() || !refresh(listener);
    });
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
