#pragma once

#include "core/http/server.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace quittance::http {

/// A server on a free port of this machine.
[[nodiscard]] inline std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {})
{
    return testing::valueOf(Server::start(std::move(options), std::move(handler)));
}

[[nodiscard]] inline std::string urlOf(const Server& server, const std::string& target)
{
    return "http://127.0.0.1:" + std::to_string(server.port()) + target;
}

/// True as soon as the condition holds; false where it does not within ten seconds.
template <class Condition> [[nodiscard]] bool eventually(Condition condition)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

} // namespace quittance::http
