#include "backend/accounts/people.h"
#include "backend/accounts/people_journal.h"
#include "backend/accounts/people_queries.h"
#include "backend/journal/secure.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace quittance::backend {

namespace {

using database::Transaction;
namespace json = boost::json;

constexpr std::size_t nameSizeMaxBytes = 100;

Result<> checkToken(const ServiceToken& token)
{
    QUITTANCE_CHECK(checkName("name", token.name, nameSizeMaxBytes));
    if (token.role != Role::UsageIntake && token.role != Role::ReadOnly)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "role \"{}\": a service token is usage-intake or read-only", wireName(token.role)
            )
        );
    if (token.expires && *token.expires <= token.createdAt)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("expires \"{}\": has passed", toText(*token.expires))
        );
    return {};
}

JournalDraft tokenDraft(std::string_view kind, const ServiceToken& token)
{
    JournalDraft draft;
    draft.kind = kind;
    draft.account = token.account;
    draft.subjectType = "token";
    draft.subjectId = token.id;
    return draft;
}

std::string textOf(const ServiceToken& token)
{
    json::object text { { "name", token.name }, { "role", wireName(token.role) } };
    if (token.expires)
        text["expires"] = toText(*token.expires);
    return json::serialize(text);
}

} // namespace

Result<ServiceTokenCreated> addServiceToken(
    const Context& context, const Actor& actor, const std::string& name, Role role,
    std::optional<AccountId> account, std::optional<Instant> expires
)
{
    ServiceTokenCreated created;
    created.token = { 0, name, role, account, context.clock.now(), expires, std::nullopt };
    QUITTANCE_CHECK(checkToken(created.token));
    created.secret = newSecret(context.random, "qt_");
    return context.database.write([&](Transaction& tx) -> Result<ServiceTokenCreated> {
        if (account)
            QUITTANCE_CHECK(checkAccountExists(tx, "account", *account));
        QUITTANCE_TRY(
            created.token.id,
            people_queries::insertServiceToken(tx, created.token, hash256(created.secret))
        );
        JournalDraft draft = tokenDraft("token.created", created.token);
        draft.after = textOf(created.token);
        QUITTANCE_CHECK(appendJournal(tx, context, actor, draft));
        return created;
    });
}

Result<> revokeServiceToken(const Context& context, const Actor& actor, std::int64_t token)
{
    return context.database.write([&](Transaction& tx) -> Result<> {
        QUITTANCE_TRY(const auto known, people_queries::findServiceToken(tx, token));
        if (!known)
            return failure(ErrorCode::NotFound, fmt::format("token {} does not exist", token));
        QUITTANCE_TRY(
            const std::int64_t changed, people_queries::markRevoked(tx, token, context.clock.now())
        );
        if (changed == 0)
            return {};
        return appendJournal(tx, context, actor, tokenDraft("token.revoked", *known));
    });
}

} // namespace quittance::backend
