#pragma once

#include "app/daemon/program.h"

#include <CLI/CLI.hpp>

#include <functional>

/// The command line of quittanced, one file a noun. Each adds its subcommands; the one that was
/// given sets `work`, which main runs.
namespace quittance::daemon {

struct CommandLine {
    CLI::App app {
        "The billing backend of a GPU cloud: meters, rates, bills, and serves the console."
    };
    Configuration configuration;
    std::function<Result<Exit>()> work;
};

void addServeCommand(CommandLine& line);
void addMigrateCommand(CommandLine& line);
void addDemoCommands(CommandLine& line);
void addAccountCommands(CommandLine& line);
void addPersonCommands(CommandLine& line);
void addTokenCommands(CommandLine& line);
void addPlanCommands(CommandLine& line);
void addUsageCommands(CommandLine& line);
void addBillCommands(CommandLine& line);
void addVerifyCommand(CommandLine& line);

/// Runs `work(session)` on an open database of the current schema.
[[nodiscard]] std::function<Result<Exit>()>
withSession(CommandLine& line, std::function<Result<Exit>(const Session&)> work);

/// An account by name or id.
[[nodiscard]] Result<AccountId> accountNamed(const Session& session, const std::string& name);

} // namespace quittance::daemon
