#pragma once

#include "backend/accounts/accounts.h"
#include "backend/accounts/passwords.h"

/// Who works here: people with roles, their sessions, invitations, and service tokens.
/// Passwords are Argon2id (libsodium, interactive limits); tokens are 32 random bytes, shown once,
/// stored as BLAKE2b-256. Journalled: person.invited, person.joined, person.disabled,
/// session.opened, session.closed, session.refused, view.opened, view.closed, token.created,
/// token.revoked. E-mails and addresses go to the personal part.
namespace quittance::backend {

using PersonId = std::int64_t;

struct Person {
    PersonId id = 0;
    std::string email; ///< unique, lower case
    std::string name;
    bool disabled = false;
    bool joined = false; ///< has set a password
    std::vector<Grant> grants;
};

struct Invitation {
    PersonId person = 0;
    std::string token; ///< shown once; valid 7 days
};

/// Whom a bearer token stands for.
struct Principal {
    Actor actor;
    std::vector<Grant> grants;
    std::string name;
    std::string email;
    bool readOnly = false; ///< viewing as a customer, or a read-only token
};

struct SessionOpened {
    std::string token;
    Instant expires;
    Principal principal;
};

/// E-mails are compared and stored in lower case. InvalidArgument names the field; AlreadyExists
/// for an e-mail of someone who has joined or was disabled. Inviting again someone who has not
/// joined ends the earlier invitation and sets name and grants anew. A customer's grant names an
/// account; UsageIntake is for service tokens only.
Result<Invitation> invitePerson(
    const Context& context, const Actor& actor, const std::string& email, const std::string& name,
    const std::vector<Grant>& grants
);
/// Unauthenticated for a wrong, used or old token; InvalidArgument for a password under 12
/// characters.
Result<PersonId> acceptInvitation(
    const Context& context, const std::string& token, const std::string& password,
    const std::string& address, const PasswordCost& cost = {}
);
/// For the command line and the demo: sets the password at once.
Result<PersonId> addPersonWithPassword(
    const Context& context, const Actor& actor, const std::string& email, const std::string& name,
    const std::vector<Grant>& grants, const std::string& password, const PasswordCost& cost = {}
);
/// Ends their sessions and invitations. Conflict for a person who would leave the installation
/// without an admin; the command line may, since it can add another.
Result<> disablePerson(const Context& context, const Actor& actor, PersonId person);
Result<std::vector<Person>> listPeople(database::Transaction& tx);
Result<Person> findPerson(database::Transaction& tx, PersonId person);

/// Unauthenticated, in the same time and words, for an unknown e-mail, a wrong password and a
/// disabled person. RateLimited after 10 failures of one e-mail within 15 minutes; who gets in is
/// not counted. `cost` is what a person without a password costs: the same as one with.
/// The session lasts 30 days.
Result<SessionOpened> signIn(
    const Context& context, const std::string& email, const std::string& password,
    const std::string& address, const PasswordCost& cost = {}
);
Result<> signOut(const Context& context, const std::string& token);
/// A session or service token to whom it stands for; Unauthenticated where unknown, ended or
/// revoked.
Result<Principal>
authenticate(const Context& context, const std::string& token, const std::string& address);
/// A read-only session of one hour with the grants of a customer of this account; journalled.
/// PermissionDenied for who lacks ViewAsCustomer there, whether the account exists or not, and for
/// tokens and sessions that only read.
Result<SessionOpened>
viewAsCustomer(const Context& context, const Principal& principal, AccountId account);

struct ServiceToken {
    std::int64_t id = 0;
    std::string name;
    Role role = Role::ReadOnly; ///< UsageIntake or ReadOnly
    std::optional<AccountId> account; ///< none: all accounts
    Instant createdAt;
    std::optional<Instant> expires;
    std::optional<Instant> revokedAt;
};
struct ServiceTokenCreated {
    ServiceToken token;
    std::string secret; ///< "qt_..." shown once
};
Result<ServiceTokenCreated> addServiceToken(
    const Context& context, const Actor& actor, const std::string& name, Role role,
    std::optional<AccountId> account, std::optional<Instant> expires
);
/// NotFound; revoking again changes nothing.
Result<> revokeServiceToken(const Context& context, const Actor& actor, std::int64_t token);
Result<std::vector<ServiceToken>> listServiceTokens(database::Transaction& tx);

/// How long ended sessions, ended invitations and counts of failed sign-ins are kept: long enough
/// to answer questions about last month. What happened stays in the journal.
constexpr std::int64_t endedSessionsKeptMicros = 30 * microsPerDay;
/// Drops sessions and invitations that ended before this instant, and counts of failures as old;
/// for a job.
Result<> forgetEndedSessions(database::Transaction& tx, Instant endedBefore);

[[nodiscard]] database::Migration peopleMigration(int number);

} // namespace quittance::backend
