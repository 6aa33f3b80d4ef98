#include "app/daemon/commands/commands.h"
#include "backend/accounts/people.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace quittance::daemon {

namespace {

using backend::ServiceToken;

struct AddOptions {
    std::string name;
    std::string scope;
    std::string account;
    std::string expires;
    bool json = false;
};

Result<Exit> add(const Session& session, const AddOptions& options)
{
    QUITTANCE_TRY(const Role role, roleFromWireName(options.scope));
    std::optional<AccountId> account;
    if (!options.account.empty()) {
        QUITTANCE_TRY(account, accountNamed(session, options.account));
    }
    std::optional<Instant> expires;
    if (!options.expires.empty()) {
        QUITTANCE_TRY(expires, parseInstant(options.expires));
    }
    QUITTANCE_TRY(
        const backend::ServiceTokenCreated created,
        backend::addServiceToken(
            session.context(), Session::actor(), options.name, role, account, expires
        )
    );
    if (options.json)
        printJson(boost::json::object { { "id", created.token.id }, { "secret", created.secret } });
    else
        fmt::print("token {}, secret (shown once): {}\n", created.token.id, created.secret);
    return Exit::Done;
}

boost::json::value instantJson(const std::optional<Instant>& instant)
{
    return instant ? boost::json::value(toText(*instant)) : boost::json::value(nullptr);
}

boost::json::object tokenJson(const ServiceToken& token)
{
    return { { "id", token.id },
             { "name", token.name },
             { "scope", wireName(token.role) },
             { "account",
               token.account ? boost::json::value(*token.account) : boost::json::value(nullptr) },
             { "createdAt", toText(token.createdAt) },
             { "expires", instantJson(token.expires) },
             { "revokedAt", instantJson(token.revokedAt) } };
}

Result<Exit> list(const Session& session, bool json)
{
    QUITTANCE_TRY(
        const std::vector<ServiceToken> tokens, session.database().read(backend::listServiceTokens)
    );
    boost::json::array rows;
    for (const ServiceToken& token : tokens) {
        if (json)
            rows.push_back(tokenJson(token));
        else
            fmt::print(
                "{:>6}  {:<32} {:<14} {}\n", token.id, token.name, wireName(token.role),
                token.revokedAt ? "revoked" : "active"
            );
    }
    if (json)
        printJson(rows);
    return Exit::Done;
}

} // namespace

void addTokenCommands(CommandLine& line)
{
    Command noun = line.add("token", "Service tokens for programs");

    Command addCommand = noun.add("add", "Add a token; its secret is shown once");
    auto options = std::make_shared<AddOptions>();
    addCommand.option("name", options->name).required();
    addCommand.option("--scope", options->scope, "usage-intake or read-only").required();
    addCommand.option("--account", options->account, "Only this account (name or id)");
    addCommand.option("--expires", options->expires, "When it ends: 2027-01-01T00:00:00Z");
    addCommand.flag("--json", options->json);
    addCommand.runOn([options](const Session& session) { return add(session, *options); });

    Command revokeCommand = noun.add("revoke", "End a token");
    auto id = std::make_shared<std::int64_t>(0);
    revokeCommand.option("id", *id).required();
    revokeCommand.runOn([id](const Session& session) -> Result<Exit> {
        QUITTANCE_CHECK(backend::revokeServiceToken(session.context(), Session::actor(), *id));
        fmt::print("revoked {}\n", *id);
        return Exit::Done;
    });

    Command listCommand = noun.add("list", "All tokens");
    auto json = std::make_shared<bool>(false);
    listCommand.flag("--json", *json);
    listCommand.runOn([json](const Session& session) { return list(session, *json); });
}

} // namespace quittance::daemon
