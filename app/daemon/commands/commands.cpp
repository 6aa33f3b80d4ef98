#include "app/daemon/commands/commands.h"

#include "backend/accounts/accounts.h"

#include <utility>

namespace quittance::daemon {

std::function<Result<Exit>()>
withSession(CommandLine& line, std::function<Result<Exit>(const Session&)> work)
{
    return [&line, work = std::move(work)]() -> Result<Exit> {
        QUITTANCE_TRY(
            const std::unique_ptr<Session> session,
            Session::open(line.configuration, Session::Schema::Required)
        );
        return work(*session);
    };
}

Result<AccountId> accountNamed(const Session& session, const std::string& name)
{
    QUITTANCE_TRY(
        const backend::AccountRecord account,
        session.database().read([&](database::Transaction& tx) {
            return backend::findAccountByNameOrId(tx, name);
        })
    );
    return account.id;
}

} // namespace quittance::daemon
