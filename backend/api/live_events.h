#pragma once

#include "backend/accounts/people.h"
#include "core/http/event_stream.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace quittance::backend {

/// The open event streams of this program. Each hears "change" with the feed's number when
/// something changed that its reader may see, and nothing else. Who reads is asked for again at
/// every change: a stream ends with its session, and with what a person may no longer see. Any
/// thread may call.
class LiveEvents {
public:
    /// Who reads, as of now; an error where nobody may any more.
    using Reader = std::function<Result<Principal>()>;

    [[nodiscard]] std::shared_ptr<http::EventStream>
    open(std::vector<Grant> grants, Reader reader, std::int64_t feedNumber);

    /// `accounts`: whose entries were numbered; nothing in place of an account for what concerns
    /// the installation.
    void publish(const std::vector<std::optional<AccountId>>& accounts, std::int64_t feedNumber);
    void closeAll();

private:
    struct Listener {
        std::shared_ptr<http::EventStream> stream;
        std::vector<Grant> grants;
        Reader reader;
    };
    static bool refresh(Listener& listener);

    std::mutex m_mutex;
    std::vector<Listener> m_listeners;
};

} // namespace quittance::backend
