#include "app/daemon/commands/commands.h"

#include "backend/accounts/accounts.h"

namespace quittance::daemon {

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
