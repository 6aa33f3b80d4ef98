#include "app/daemon/commands/commands.h"
#include "app/daemon/program.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <string>

namespace {

using quittance::daemon::CommandLine;
using quittance::daemon::Exit;

/// A core file would hold tokens and people's data.
void forbidCoreFiles()
{
    const rlimit none { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
}

int run(int argc, char** argv)
{
    CommandLine line;
    quittance::daemon::addServeCommand(line);
    quittance::daemon::addMigrateCommand(line);
    quittance::daemon::addDemoCommands(line);
    quittance::daemon::addAccountCommands(line);
    quittance::daemon::addPersonCommands(line);
    quittance::daemon::addTokenCommands(line);
    quittance::daemon::addPlanCommands(line);
    quittance::daemon::addUsageCommands(line);
    quittance::daemon::addBillCommands(line);
    quittance::daemon::addVerifyCommand(line);
    if (const auto ended = line.parse(argc, argv))
        return *ended;
    quittance::Result<Exit> outcome = line.run();
    if (outcome) {
        // What a command prints may still wait in a buffer.
        if (const auto written = quittance::daemon::flushStandardOutput(); !written)
            outcome = quittance::failure(written.error());
    }
    if (outcome)
        return static_cast<int>(*outcome);
    fmt::print(stderr, "quittanced: {}\n", outcome.error().detail);
    return static_cast<int>(Exit::Failed);
}

} // namespace

int main(int argc, char** argv)
{
    forbidCoreFiles();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("quittanced"));
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fputs("quittanced: ", stderr);
        std::fputs(error.what(), stderr);
        std::fputs("\n", stderr);
        return static_cast<int>(Exit::Failed);
    }
}
