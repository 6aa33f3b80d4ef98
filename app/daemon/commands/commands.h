#pragma once

#include "app/daemon/commands/command_line.h"

/// The commands of quittanced, one file a noun.
namespace quittance::daemon {

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

/// An account by name or id.
[[nodiscard]] Result<AccountId> accountNamed(const Session& session, const std::string& name);

} // namespace quittance::daemon
