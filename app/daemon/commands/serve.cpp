#include "app/daemon/commands/commands.h"
#include "backend/api/api.h"
#include "backend/api/problems.h"
#include "backend/jobs/jobs.h"
#include "backend/journal/installation.h"
#include "backend/migrations.h"
#include "backend/periodic_jobs.h"
#include "core/http/server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace quittance::daemon {

namespace {

using namespace std::chrono_literals;

constexpr auto tick = 250ms;
constexpr auto drain = 10s;

struct ServeOptions {
    std::string listen = "127.0.0.1:8420";
    std::string certificate;
    std::string key;
    std::int64_t collectMinutes = 60;
    std::int64_t draftMinutes = 1440;
};

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

/// An IPv6 address stands in brackets before a port, as in a URL.
std::string withoutBrackets(const std::string& host)
{
    const bool isBracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return isBracketed ? host.substr(1, host.size() - 2) : host;
}

std::string toText(const Address& address, std::uint16_t port)
{
    const bool isIpv6 = address.host.find(':') != std::string::npos;
    return isIpv6 ? fmt::format("[{}]:{}", address.host, port)
                  : fmt::format("{}:{}", address.host, port);
}

Result<Address> parseAddress(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    Address address;
    const char* const end = text.data() + text.size();
    if (colon != std::string::npos && colon != 0) {
        const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
        if (stop == end && error == std::errc()) {
            address.host = withoutBrackets(text.substr(0, colon));
            return address;
        }
    }
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("--listen must be ADDRESS:PORT with a port of 0 to 65535, not \"{}\"", text)
    );
}

backend::BillSchedule scheduleOf(const ServeOptions& options)
{
    constexpr std::int64_t microsPerMinute = 60 * microsPerSecond;
    return { options.collectMinutes * microsPerMinute, options.draftMinutes * microsPerMinute };
}

http::ServerOptions serverOptions(const Address& address, const ServeOptions& options)
{
    http::ServerOptions server;
    server.address = address.host;
    server.port = address.port;
    server.certificateFile = options.certificate;
    server.privateKeyFile = options.key;
    return server;
}

/// SIGTERM and SIGINT, waited for by the main thread; blocked in all threads that are started
/// after. So it comes before the database is opened: a signal that one of its threads does not
/// block would end the program at once.
sigset_t blockStopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

bool stopSignalCame(const sigset_t& signals)
{
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(tick).count();
    const timespec wait { 0, static_cast<long>(nanoseconds) };
    return sigtimedwait(&signals, nullptr, &wait) > 0;
}

/// Periodic jobs, in a thread of their own: a long one must not keep the consoles from hearing of
/// changes.
class Worker {
public:
    Worker(const backend::Context& context, backend::JobRunner& jobs)
        : m_thread([this, &context, &jobs](const std::stop_token& stopped) {
            run(context, jobs, stopped);
        })
    {
    }

private:
    void run(const backend::Context& context, backend::JobRunner& jobs, const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            if (const auto ran = jobs.step(context); !ran)
                spdlog::error("jobs: {}", ran.error().detail);
            std::unique_lock lock(m_mutex);
            m_stopped.wait_for(lock, stop, tick, [] { return false; });
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_stopped;
    std::jthread m_thread;
};

/// Numbers what was committed and tells the consoles.
void publishUntilStopped(backend::Api& api, const sigset_t& signals)
{
    while (!stopSignalCame(signals)) {
        if (const auto published = api.publishChanges(); !published)
            spdlog::error("feed: {}", published.error().detail);
    }
}

Result<Exit> serve(const Session& session, const ServeOptions& options, const sigset_t& signals)
{
    QUITTANCE_TRY(const Address address, parseAddress(options.listen));
    QUITTANCE_CHECK(session.ensureBrandEntities());
    backend::ApiOptions apiOptions;
    apiOptions.brand = session.brand();
    apiOptions.version = QUITTANCE_VERSION;
    apiOptions.schema = backend::backendMigrations().back().number;
    QUITTANCE_TRY(apiOptions.installation, backend::installationId(session.context()));
    backend::Api api(session.context(), apiOptions);

    http::ServerOptions server = serverOptions(address, options);
    server.bodyBytesMax = [&api](http::Method method, std::string_view path) {
        return api.router().bodyBytesMax(method, path);
    };
    server.failure = [](int status, std::string_view detail) {
        return backend::problemForStatus(status, detail);
    };
    server.accessed = [&api](const http::AccessRecord& record) { api.observe(record); };
    QUITTANCE_TRY(
        const std::unique_ptr<http::Server> running,
        http::Server::start(
            server, [&api](http::Request request) { return api.handle(std::move(request)); }
        )
    );
    fmt::print("listening on {}\n", toText(address, running->port()));
    std::fflush(stdout);

    backend::JobRunner jobs(apiOptions.installation + "/" + std::to_string(getpid()));
    backend::addPeriodicJobs(jobs, session.brand(), scheduleOf(options));
    const Worker worker(session.context(), jobs);
    publishUntilStopped(api, signals);
    spdlog::info("stopping");
    api.closeStreams();
    running->stop(drain);
    return Exit::Done;
}

} // namespace

void addServeCommand(CommandLine& line)
{
    Command command = line.add("serve", "Serve the HTTP API");
    auto options = std::make_shared<ServeOptions>();
    command.option(
        "--listen", options->listen,
        "ADDRESS:PORT, 127.0.0.1:8420 or [::1]:8420; port 0 takes a free one"
    );
    command.option(
        "--tls-certificate", options->certificate, "PEM chain; with --tls-key for HTTPS"
    );
    command.option("--tls-key", options->key, "PEM private key");
    constexpr std::int64_t minutesMax = 35 * 24 * 60; // as long as usage may come in late
    command
        .option(
            "--collect-minutes", options->collectMinutes,
            "How long after a month's end usage of it is collected (default 60)"
        )
        .between(0, minutesMax);
    command
        .option(
            "--draft-minutes", options->draftMinutes,
            "How long its bill then stays a draft before it is issued (default 1440)"
        )
        .between(0, minutesMax);
    command.run([&line, options]() -> Result<Exit> {
        const sigset_t signals = blockStopSignals();
        QUITTANCE_TRY(
            const std::unique_ptr<Session> session,
            Session::open(line.configuration(), Session::Schema::Required)
        );
        return serve(*session, *options, signals);
    });
}

} // namespace quittance::daemon
