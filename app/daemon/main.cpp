#include "app/daemon/commands/commands.h"
#include "app/daemon/program.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

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
    line.app.allow_config_extras(CLI::config_extras_mode::error);
    line.app.set_version_flag("--version", QUITTANCE_VERSION);
    line.app.add_option(
        "--database", line.configuration.database,
        "sqlite:FILE or postgresql://HOST/NAME; a password belongs in a PGPASSFILE"
    );
    line.app.add_option(
        "--brand", line.configuration.brandFile,
        "The brand file; what migrate or demo create was given if left"
    );
    line.app.add_option(
        "--sandbox-clock", line.configuration.sandboxClock,
        "A clock that stands still at this instant, for demos and tests"
    );
    line.app
        .add_option(
            "--payment-provider", line.configuration.paymentProvider, "none, sandbox or live"
        )
        ->check(CLI::IsMember({ "none", "sandbox", "live" }));
    line.app.require_subcommand(1);
    line.app.fallthrough();
}

/// In one line.
std::string wrongUse(const CommandLine& line, const CLI::ParseError& error)
{
    constexpr std::string_view unknownKey = "INI was not able to parse ";
    std::string text = error.what();
    std::ranges::replace(text, '\n', ' ');
    const std::vector<std::string> unknown = line.app.remaining(true);
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !unknown.empty())
        return fmt::format("there is no command \"{}\"", unknown.front());
    if (!text.starts_with(unknownKey))
        return text;
    return fmt::format(
        "{}: there is no option \"{}\"", line.app.get_config_ptr()->as<std::string>(),
        text.substr(unknownKey.size())
    );
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
        if (error.get_exit_code() == 0) // --help, --version
            return line.app.exit(error);
        fmt::print(stderr, "quittanced: {} (--help tells more)\n", wrongUse(line, error));
        return static_cast<int>(Exit::Usage);
    }
    quittance::Result<Exit> outcome = line.work();
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
