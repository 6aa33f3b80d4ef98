#pragma once

#include "backend/accounts/people.h"
#include "backend/api/live_events.h"
#include "backend/journal/context.h"
#include "core/formats/brand.h"
#include "core/http/message.h"
#include "core/http/router.h"
#include "core/http/server.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// The HTTP API: core/contract/openapi.yaml, route by route. A route parses, calls one use case,
/// answers.
namespace quittance::backend {

struct ApiOptions {
    formats::Brand brand;
    std::string version;
    std::string installation;
    int schema = 0;
    PasswordCost passwordCost;
};

class Metrics;

class Api {
public:
    Api(Context context, ApiOptions options);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// Blocking; any number of threads may call.
    [[nodiscard]] http::Response handle(http::Request request) const;
    [[nodiscard]] const http::Router& router() const { return m_router; }

    /// Numbers what was committed since the last call and tells the open event streams. Called by
    /// the program after writes and once a second; also sees what other programs on the same
    /// database committed.
    Result<std::int64_t> publishChanges();
    /// Ends the event streams: part of stopping.
    void closeStreams() { m_events.closeAll(); }
    /// For /metrics.
    void observe(const http::AccessRecord& record);

private:
    Context m_context;
    ApiOptions m_options;
    LiveEvents m_events;
    std::unique_ptr<Metrics> m_metrics;
    http::Router m_router;
    std::mutex m_publishing;
    std::int64_t m_published = -1; ///< the feed's number that the streams know; -1 before the first
};

} // namespace quittance::backend
