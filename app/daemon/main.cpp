#include "app/daemon/commands/commands.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>

namespace {

using quittance::daemon::CommandLine;
using quittance::daemon::Exit;

/// A core file would hold tokens and people's data.
void forbidCoreFiles()
{
    const rlimit none { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
}

void addGlobalOptions(CommandLine& line)
{
    line.app.set_config("--config", "", "A file of these options (TOML)");
    line.app.set_version_flag("--version", QUITTANCE_VERSION);
    line.app.add_option(
        "--database", line.configuration.database,
        "sqlite:FILE or postgresql://HOST/NAME; a password belongs in a PGPASSFILE"
    );
    line.app.add_option("--brand", line.configuration.brandFile, "The brand file");
    line.app.add_option(
        "--sandbox-clock", line.configuration.sandboxClock,
        "A clock that stands still at this instant, for demos and tests"
    );
    line.app.require_subcommand(1);
    line.app.fallthrough();
}

int run(int argc, char** argv)
{
    CommandLine line;
    addGlobalOptions(line);
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
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return line.app.exit(error) == 0 ? 0 : static_cast<int>(Exit::Usage);
    }
    const quittance::Result<Exit> outcome = line.work();
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
