#include "app/daemon/commands/commands.h"
#include "backend/migrations.h"

#include <fmt/format.h>

namespace quittance::daemon {

void addMigrateCommand(CommandLine& line)
{
    Command command = line.add("migrate", "Bring the database's schema up to date");
    command.run([&line]() -> Result<Exit> {
        QUITTANCE_TRY(
            const std::unique_ptr<Session> session,
            Session::open(line.configuration(), Session::Schema::Migrate)
        );
        QUITTANCE_CHECK(session->bindBrand());
        QUITTANCE_CHECK(session->ensureBrandEntities());
        fmt::print("schema {}\n", backend::backendMigrations().back().number);
        return Exit::Done;
    });
}

} // namespace quittance::daemon
