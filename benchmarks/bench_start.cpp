// From starting `quittance` to its first page on the display, beside a bare Qt window: start. Runs
// itself again inside a session bus of its own with a keychain, because a start without one asks
// for a password first.

#include "benchmarks/support/process.h"
#include "benchmarks/support/report.h"
#include "benchmarks/support/servers.h"
#include "client/services/console_services.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFuture>

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace {

using namespace quittance;
using namespace quittance::bench;

constexpr double startMsMax = 300;
constexpr const char* insideMark = "QUITTANCE_BENCH_SESSION";

void runUntil(const std::function<bool()>& isDone)
{
    constexpr int patienceMs = 60'000;
    constexpr int sliceMs = 20;
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        if (timer.elapsed() > patienceMs)
            stop("the first sync did not end");
        QCoreApplication::processEvents(
            QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, sliceMs
        );
    }
}

/// A store as the last run of the console left it, and a session in the keychain.
void signInAndSync(const DemoServer& server, const std::string& storeFile)
{
    client::ConsoleServices::Options options;
    options.storeFile = QString::fromStdString(storeFile);
    const auto started = client::ConsoleServices::start(options);
    if (!started)
        stop(started.error().detail);
    client::ConsoleServices& services = **started;
    static_cast<void>(services.intents().signIn(
        QString::fromStdString(server.url()), QString::fromStdString(server.email()),
        QString::fromStdString(server.password())
    ));
    runUntil([&] {
        const client::SyncStatus status = services.sync().status();
        return status.connection == client::SyncStatus::Connection::Live && status.lastSync
            && !status.loading;
    });
}

double msToPaint(const Command& command)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point begin = Clock::now();
    Running running(command);
    if (running.readLine() != "painted")
        stop("the program did not say when it had painted");
    const Clock::time_point end = Clock::now();
    static_cast<void>(running.finish());
    return std::chrono::duration<double, std::milli>(end - begin).count();
}

double medianMsToPaint(const Command& command, int times)
{
    static_cast<void>(msToPaint(command)); // warms the caches
    std::vector<double> all;
    all.reserve(static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i)
        all.push_back(msToPaint(command));
    return median(all);
}

void measureStart(Report& report, const Arguments& arguments)
{
    const int times = arguments.size(11, 1);
    const ScratchFolder folder;
    DemoServer server(database::Engine::Sqlite, arguments.size(12, 2), arguments.size(14, 2));
    signInAndSync(server, folder.file("console.db"));
    const Command start { program("quittance"), "--data",     folder.file(""),
                          "--server",           server.url(), "--exit-after-first-page" };
    const double floor = medianMsToPaint({ program("peer_window") }, times);
    const auto add = [&](const std::string& measure) {
        report.add({ "start", "", measure, medianMsToPaint(start, times), "ms", floor,
                     "bare Qt window with a table", std::nullopt, startMsMax });
    };
    add("warm start to first page painted, backend running");
    server.stop();
    add("warm start to first page painted, no backend");
}

/// Replaces this program by itself inside a new session bus with an unlocked keychain.
[[noreturn]] void enterSession(int argc, char** argv)
{
    setenv(insideMark, "1", 1); // NOLINT(concurrency-mt-unsafe)
    constexpr const char* script
        = "printf benchmark | gnome-keyring-daemon --unlock --components=secrets >/dev/null "
          "2>&1 && exec \"$@\"";
    std::vector<char*> words;
    for (const char* word : { "dbus-run-session", "--", "sh", "-c", script, "sh" })
        words.push_back(const_cast<char*>(word)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    words.insert(words.end(), argv, argv + argc);
    words.push_back(nullptr);
    execvp(words.front(), words.data());
    stop("dbus-run-session cannot be run");
}

} // namespace

int main(int argc, char** argv)
{
    if (std::getenv(insideMark) == nullptr) // NOLINT(concurrency-mt-unsafe)
        enterSession(argc, argv);
    const Arguments arguments(argc, argv);
    const QCoreApplication application(argc, argv);
    Report report;
    if (arguments.wants("start"))
        measureStart(report, arguments);
    return report.print();
}
