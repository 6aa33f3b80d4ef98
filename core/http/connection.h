#pragma once

// With C++20, Boost 1.81's coroutine headers use std::exchange without including it.
#include "core/http/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

/// Inside of core/http: one accepted socket.
namespace quittance::http {

/// A connection lives on the I/O thread: call all of it there. What it hands to the workers keeps
/// it alive.
class Connection {
public:
    Connection() = default;
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;

    virtual void start() = 0;
    virtual void drain()
        = 0; ///< closes if idle, ends an event stream, else closes behind the running request
    virtual void abort() = 0; ///< resets
};

/// What the connections of a server share.
struct ServerCore {
    ServerCore(ServerOptions optionsGiven, Handler handlerGiven, std::size_t workerCount)
        : options(std::move(optionsGiven))
        , handler(std::move(handlerGiven))
        , workers(workerCount)
    {
    }

    const ServerOptions options;
    const Handler handler;
    boost::asio::io_context io { 1 };
    boost::asio::thread_pool workers;
    std::optional<boost::asio::ssl::context> tls;
    std::unordered_set<std::shared_ptr<Connection>> connections; // I/O thread only
    std::function<void()> connectionsEnded; // I/O thread only; set while draining
    std::atomic<bool> draining = false;
    std::atomic<std::size_t> connectionCount = 0;
    std::atomic<std::size_t> eventStreamCount = 0;
    std::atomic<std::uint64_t> requestCount = 0;

    void remove(const std::shared_ptr<Connection>& connection)
    {
        connections.erase(connection);
        connectionCount = connections.size();
        if (connections.empty() && connectionsEnded)
            std::exchange(connectionsEnded, {})();
    }
};

/// `refused`: there are too many; the request is read and answered 503.
[[nodiscard]] std::shared_ptr<Connection>
makeConnection(ServerCore& core, boost::asio::ip::tcp::socket socket, bool refused);

} // namespace quittance::http
