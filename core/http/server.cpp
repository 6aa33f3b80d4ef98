#include "core/http/server.h"

#include "core/http/connection.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace quittance::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t workersMin = 4;
constexpr std::size_t refusalsMax = 64; // connections over the limit that still get an answer
constexpr std::chrono::milliseconds acceptPause { 100 };

std::size_t workerCount(const ServerOptions& options)
{
    const std::size_t automatic
        = std::max<std::size_t>(workersMin, std::thread::hardware_concurrency() * 2U);
    return options.workers == 0 ? automatic : options.workers;
}

Result<tcp::endpoint> endpointOf(const ServerOptions& options)
{
    error_code error;
    const auto address = asio::ip::make_address(
        options.address == "localhost" ? "127.0.0.1" : options.address, error
    );
    if (error)
        return failure(
            ErrorCode::InvalidArgument, fmt::format("'{}' is no numeric address", options.address)
        );
    return tcp::endpoint(address, options.port);
}

Result<> loadCertificate(ServerCore& core)
{
    const auto& options = core.options;
    if (options.certificateFile.empty() && options.privateKeyFile.empty())
        return {};
    auto& tls = core.tls.emplace(asio::ssl::context::tls_server);
    error_code error;
    tls.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2
            | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1
            | asio::ssl::context::no_tlsv1_1,
        error
    );
    if (!error)
        tls.use_certificate_chain_file(options.certificateFile, error);
    if (error)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("cannot use certificate '{}': {}", options.certificateFile, error.message())
        );
    tls.use_private_key_file(options.privateKeyFile, asio::ssl::context::pem, error);
    if (error)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("cannot use private key '{}': {}", options.privateKeyFile, error.message())
        );
    return {};
}

} // namespace

struct Server::Impl {
    Impl(ServerOptions options, Handler handler, std::size_t workers)
        : core(std::move(options), std::move(handler), workers)
        , acceptor(core.io)
        , acceptTimer(core.io)
        , ioGuard(core.io.get_executor())
    {
    }

    Result<> listen();
    void accept();
    void onAccepted(tcp::socket socket);
    void runIo();
    void beginDrain(std::function<void()> ended);
    void abortAll();

    ServerCore core;
    tcp::acceptor acceptor;
    asio::steady_timer acceptTimer;
    // The I/O thread goes on until the last worker has handed its answer back.
    asio::executor_work_guard<asio::io_context::executor_type> ioGuard;
    std::uint16_t port = 0;
    std::thread ioThread;
    std::mutex stopMutex;
    bool stopped = false;
    bool drained = true;
};

Result<> Server::Impl::listen()
{
    QUITTANCE_TRY(const auto endpoint, endpointOf(core.options));
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error)
        port = acceptor.local_endpoint(error).port();
    if (error)
        return failure(
            ErrorCode::Unavailable,
            fmt::format(
                "cannot listen on {} port {}: {}", core.options.address, core.options.port,
                error.message()
            )
        );
    return {};
}

void Server::Impl::accept()
{
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
        if (core.draining)
            return;
        if (!error) {
            onAccepted(std::move(socket));
            return accept();
        }
        // Out of file descriptors, most likely: some will be free again soon.
        spdlog::warn("http: cannot accept a connection: {}", error.message());
        acceptTimer.expires_after(acceptPause);
        acceptTimer.async_wait([this](const error_code& cancelled) {
            if (!cancelled)
                accept();
        });
    });
}

void Server::Impl::onAccepted(tcp::socket socket)
{
    const auto count = core.connections.size();
    if (count >= core.options.connectionsMax + refusalsMax)
        return; // the socket closes here
    const auto connection
        = makeConnection(core, std::move(socket), count >= core.options.connectionsMax);
    core.connections.insert(connection);
    core.connectionCount = core.connections.size();
    connection->start();
}

void Server::Impl::runIo()
{
    for (;;) {
        try {
            core.io.run();
            return;
        } catch (const std::exception& exception) {
            spdlog::error("http: an I/O callback threw: {}", exception.what());
        }
    }
}

void Server::Impl::beginDrain(std::function<void()> ended)
{
    core.draining = true;
    error_code ignored;
    acceptor.close(ignored);
    acceptTimer.cancel();
    core.connectionsEnded = std::move(ended);
    const std::vector<std::shared_ptr<Connection>> all(
        core.connections.begin(), core.connections.end()
    );
    for (const auto& connection : all)
        connection->drain();
    if (core.connections.empty() && core.connectionsEnded)
        std::exchange(core.connectionsEnded, {})();
}

void Server::Impl::abortAll()
{
    core.connectionsEnded = {};
    const std::vector<std::shared_ptr<Connection>> all(
        core.connections.begin(), core.connections.end()
    );
    for (const auto& connection : all)
        connection->abort();
}

Server::Server(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

Server::~Server()
{
    stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler)
{
    const auto workers = workerCount(options);
    auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), workers);
    QUITTANCE_CHECK(loadCertificate(impl->core));
    QUITTANCE_CHECK(impl->listen());
    impl->accept();
    impl->ioThread = std::thread([raw = impl.get()] { raw->runIo(); });
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const
{
    return m_impl->port;
}

ServerStatistics Server::statistics() const
{
    const auto& core = m_impl->core;
    return { core.connectionCount, core.eventStreamCount, core.requestCount };
}

bool Server::stop(std::chrono::milliseconds drain)
{
    auto& impl = *m_impl;
    const std::scoped_lock lock(impl.stopMutex);
    if (std::exchange(impl.stopped, true))
        return impl.drained;
    const auto ended = std::make_shared<std::promise<void>>();
    auto future = ended->get_future();
    asio::post(impl.core.io, [&impl, ended] { impl.beginDrain([ended] { ended->set_value(); }); });
    impl.drained = future.wait_for(drain) == std::future_status::ready;
    asio::post(impl.core.io, [&impl] { impl.abortAll(); });
    impl.core.workers.join();
    impl.ioGuard.reset();
    impl.ioThread.join();
    return impl.drained;
}

} // namespace quittance::http
