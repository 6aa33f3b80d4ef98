#include "backend/accounts/people.h"
#include "backend/accounts/people_journal.h"
#include "backend/accounts/people_queries.h"
#include "backend/journal/secure.h"
#include "core/domain/text_rules.h"

namespace quittance::backend {

namespace {

using database::Bytes;
using database::Transaction;
using people_queries::Credentials;

constexpr std::int64_t sessionMicros = 30 * microsPerDay;
constexpr std::int64_t viewMicros = 3600 * microsPerSecond;
constexpr std::int64_t failureWindowMicros = 900 * microsPerSecond;
constexpr std::int64_t failuresMax = 10;
constexpr std::string_view sessionPrefix = "qs_";
constexpr std::string_view serviceTokenPrefix = "qt_";

struct Attempt {
    std::string email; ///< lower case; "" for what is no e-mail address and so belongs to nobody
    Bytes emailHash;
    const std::string& password;
    const std::string& address;
};

/// The attempt counts as a failure until it turns out to be none, so that many at once cannot all
/// slip through before the first of them has failed.
Result<> admit(const Context& context, const Attempt& attempt)
{
    return context.database.write([&](Transaction& tx) -> Result<> {
        const Instant now = context.clock.now();
        QUITTANCE_TRY(
            const std::int64_t number, people_queries::nextAttempt(tx, attempt.emailHash)
        );
        QUITTANCE_TRY(
            const std::int64_t recent,
            people_queries::countAttempts(
                tx, attempt.emailHash, Instant { now.micros - failureWindowMicros }
            )
        );
        if (recent >= failuresMax)
            return failure(
                ErrorCode::RateLimited,
                "too many failed sign-ins for this e-mail; try again in 15 minutes"
            );
        return people_queries::insertAttempt(tx, attempt.emailHash, number, now);
    });
}

Result<std::optional<Credentials>> credentialsOf(const Context& context, const Attempt& attempt)
{
    return context.database.read([&](Transaction& tx) {
        return people_queries::findCredentials(tx, attempt.email);
    });
}

/// One Argon2id in every case, so that the time tells nothing.
bool isRight(
    const std::optional<Credentials>& credentials, const std::string& password,
    const PasswordCost& cost
)
{
    if (password.size() > passwordSizeMaxBytes || !credentials
        || credentials->passwordHash.empty()) {
        verifyNothing(std::string_view(password).substr(0, passwordSizeMaxBytes), cost);
        return false;
    }
    return verifyPassword(credentials->passwordHash, password) && !credentials->disabled;
}

Result<SessionOpened> refuse(
    const Context& context, const Attempt& attempt, const std::optional<Credentials>& credentials
)
{
    QUITTANCE_CHECK(context.database.write([&](Transaction& tx) {
        const Actor nobody { Actor::Kind::System, 0, attempt.address, std::nullopt };
        return appendJournal(
            tx, context, nobody,
            personDraft("session.refused", credentials ? credentials->person : 0, attempt.email, "")
        );
    }));
    return failure(ErrorCode::Unauthenticated, "e-mail or password is wrong");
}

Result<SessionOpened>
openSession(const Context& context, const Attempt& attempt, const Credentials& credentials)
{
    SessionOpened session;
    session.token = newSecret(context.random, sessionPrefix);
    session.principal.actor
        = { Actor::Kind::Person, credentials.person, attempt.address, std::nullopt };
    session.principal.name = credentials.name;
    session.principal.email = attempt.email;
    const Instant now = context.clock.now();
    session.expires = { now.micros + sessionMicros };
    return context.database.write([&](Transaction& tx) -> Result<SessionOpened> {
        QUITTANCE_CHECK(people_queries::deleteAttempts(tx, attempt.emailHash));
        QUITTANCE_TRY(session.principal.grants, people_queries::grantsOf(tx, credentials.person));
        QUITTANCE_CHECK(people_queries::insertSession(
            tx, { hash256(session.token), credentials.person, now, session.expires, std::nullopt }
        ));
        QUITTANCE_CHECK(appendJournal(
            tx, context, session.principal.actor,
            personDraft("session.opened", credentials.person, "", "")
        ));
        return session;
    });
}

auto unknownToken()
{
    return failure(ErrorCode::Unauthenticated, "the session or token is unknown or has ended");
}

std::vector<Grant> customerOf(AccountId account)
{
    return { Grant { Role::Customer, account } };
}

Result<Principal>
principalOfSession(Transaction& tx, const Bytes& tokenHash, Instant now, const std::string& address)
{
    QUITTANCE_TRY(const auto session, people_queries::findSession(tx, tokenHash, now));
    if (!session)
        return unknownToken();
    Principal principal;
    principal.actor = { Actor::Kind::Person, session->person, address, session->viewingAccount };
    principal.name = session->name;
    principal.email = session->email;
    principal.readOnly = session->viewingAccount.has_value();
    if (session->viewingAccount) {
        principal.grants = customerOf(*session->viewingAccount);
        return principal;
    }
    QUITTANCE_TRY(principal.grants, people_queries::grantsOf(tx, session->person));
    return principal;
}

Result<Principal>
principalOfToken(Transaction& tx, const Bytes& tokenHash, Instant now, const std::string& address)
{
    QUITTANCE_TRY(const auto token, people_queries::findValidServiceToken(tx, tokenHash, now));
    if (!token)
        return unknownToken();
    Principal principal;
    principal.actor = { Actor::Kind::Token, token->id, address, std::nullopt };
    principal.grants = { Grant { token->role, token->account } };
    principal.name = token->name;
    principal.readOnly = token->role == Role::ReadOnly;
    return principal;
}

Result<> checkMayView(const Principal& principal, AccountId account)
{
    // Asked before the account is looked for: foreign and absent answer alike.
    if (principal.actor.kind == Actor::Kind::Person && !principal.readOnly
        && allows(principal.grants, Permission::ViewAsCustomer, account))
        return {};
    return failure(ErrorCode::PermissionDenied, "viewing as a customer is not allowed");
}

} // namespace

Result<SessionOpened> signIn(
    const Context& context, const std::string& email, const std::string& password,
    const std::string& address, const PasswordCost& cost
)
{
    const std::string lower = lowerAscii(email);
    const bool isAddress = checkEmail("email", lower).has_value();
    const Attempt attempt { isAddress ? lower : "", hash256(lower), password, address };
    QUITTANCE_CHECK(admit(context, attempt));
    QUITTANCE_TRY(const auto credentials, credentialsOf(context, attempt));
    if (!isRight(credentials, password, cost))
        return refuse(context, attempt, credentials);
    return openSession(context, attempt, *credentials);
}

Result<> signOut(const Context& context, const std::string& token)
{
    return context.database.write([&](Transaction& tx) -> Result<> {
        const Instant now = context.clock.now();
        const Bytes tokenHash = hash256(token);
        QUITTANCE_TRY(const auto session, people_queries::findSession(tx, tokenHash, now));
        if (!session)
            return unknownToken();
        QUITTANCE_CHECK(people_queries::endSession(tx, tokenHash, now));
        const Actor actor { Actor::Kind::Person, session->person, "", session->viewingAccount };
        JournalDraft draft = personDraft(
            session->viewingAccount ? "view.closed" : "session.closed", session->person, "", ""
        );
        draft.account = session->viewingAccount;
        return appendJournal(tx, context, actor, draft);
    });
}

Result<Principal>
authenticate(const Context& context, const std::string& token, const std::string& address)
{
    const Bytes tokenHash = hash256(token);
    const Instant now = context.clock.now();
    return context.database.read([&](Transaction& tx) {
        return token.starts_with(serviceTokenPrefix)
            ? principalOfToken(tx, tokenHash, now, address)
            : principalOfSession(tx, tokenHash, now, address);
    });
}

Result<SessionOpened>
viewAsCustomer(const Context& context, const Principal& principal, AccountId account)
{
    QUITTANCE_CHECK(checkMayView(principal, account));
    SessionOpened session;
    session.token = newSecret(context.random, sessionPrefix);
    session.principal = principal;
    session.principal.actor.viewingAccount = account;
    session.principal.grants = customerOf(account);
    session.principal.readOnly = true;
    const Instant now = context.clock.now();
    session.expires = { now.micros + viewMicros };
    return context.database.write([&](Transaction& tx) -> Result<SessionOpened> {
        QUITTANCE_CHECK(findAccount(tx, account));
        QUITTANCE_CHECK(people_queries::insertSession(
            tx, { hash256(session.token), principal.actor.id, now, session.expires, account }
        ));
        JournalDraft draft = personDraft("view.opened", principal.actor.id, "", "");
        draft.account = account;
        QUITTANCE_CHECK(appendJournal(tx, context, principal.actor, draft));
        return session;
    });
}

} // namespace quittance::backend
