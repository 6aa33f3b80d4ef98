#include "app/daemon/commands/commands.h"
#include "backend/migrations.h"
#include "core/database/migration.h"

#include <fmt/format.h>

namespace quittance::daemon {

void addMigrateCommand(CommandLine& line)
{
    CLI::App* command
        = line.app.add_subcommand("migrate", "Bring the database's schema up to date");
    command->callback([&line] {
        line.work = [&line]() -> Result<Exit> {
            QUITTANCE_TRY(
                const std::unique_ptr<Session> session,
                Session::open(line.configuration, Session::Schema::Any)
            );
            QUITTANCE_TRY(
                const database::SchemaState state,
                database::migrate(session->database(), backend::backendMigrations())
            );
            QUITTANCE_CHECK(session->ensureBrandEntities());
            fmt::print("schema {}\n", state.current);
            return Exit::Done;
        };
    });
}

} // namespace quittance::daemon
