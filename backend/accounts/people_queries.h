#pragma once

#include "backend/accounts/people.h"

/// The SQL of people, sessions, invitations and service tokens. Secrets come here as hashes only.
namespace quittance::backend::people_queries {

using database::Bytes;

/// Nothing where the e-mail is taken.
Result<std::optional<PersonId>> insertPerson(
    database::Transaction& tx, const std::string& email, const std::string& name, Instant now
);
Result<> renamePerson(database::Transaction& tx, PersonId person, const std::string& name);
Result<std::optional<Person>> findByEmail(database::Transaction& tx, const std::string& email);
Result<> setPassword(database::Transaction& tx, PersonId person, const std::string& passwordHash);
/// 0 where the person is disabled already.
Result<std::int64_t> markDisabled(database::Transaction& tx, PersonId person, Instant now);
Result<>
replaceGrants(database::Transaction& tx, PersonId person, const std::vector<Grant>& grants);

Result<> insertInvitation(
    database::Transaction& tx, PersonId person, const Bytes& tokenHash, Instant now, Instant expires
);
Result<> endInvitations(database::Transaction& tx, PersonId person, Instant now);
/// Whom an open invitation is for.
Result<std::optional<PersonId>>
findInvitation(database::Transaction& tx, const Bytes& tokenHash, Instant now);
/// Uses it up; nothing where it is not open.
Result<std::optional<PersonId>>
takeInvitation(database::Transaction& tx, const Bytes& tokenHash, Instant now);

struct Credentials {
    PersonId person = 0;
    std::string name;
    std::string passwordHash; ///< "" where none is set
    bool disabled = false;
};
Result<std::optional<Credentials>>
findCredentials(database::Transaction& tx, const std::string& email);

/// Counts one more attempt and returns its number; attempts of one e-mail go through here one by
/// one.
Result<std::int64_t> nextAttempt(database::Transaction& tx, const Bytes& emailHash);
Result<std::int64_t>
countAttempts(database::Transaction& tx, const Bytes& emailHash, Instant after);
Result<>
insertAttempt(database::Transaction& tx, const Bytes& emailHash, std::int64_t number, Instant now);
Result<> deleteAttempts(database::Transaction& tx, const Bytes& emailHash);

struct NewSession {
    Bytes tokenHash;
    PersonId person = 0;
    Instant created;
    Instant expires;
    std::optional<AccountId> viewingAccount;
};
Result<> insertSession(database::Transaction& tx, const NewSession& session);
struct FoundSession {
    PersonId person = 0;
    std::optional<AccountId> viewingAccount;
    std::string name;
    std::string email;
};
/// One that has not ended, of a person who is not disabled.
Result<std::optional<FoundSession>>
findSession(database::Transaction& tx, const Bytes& tokenHash, Instant now);
Result<std::int64_t> endSession(database::Transaction& tx, const Bytes& tokenHash, Instant now);
Result<> endSessions(database::Transaction& tx, PersonId person, Instant now);
Result<std::vector<Grant>> grantsOf(database::Transaction& tx, PersonId person);

Result<std::int64_t>
insertServiceToken(database::Transaction& tx, const ServiceToken& token, const Bytes& tokenHash);
Result<std::optional<ServiceToken>> findServiceToken(database::Transaction& tx, std::int64_t id);
Result<std::optional<ServiceToken>>
findValidServiceToken(database::Transaction& tx, const Bytes& tokenHash, Instant now);
/// 0 where it is revoked already.
Result<std::int64_t> markRevoked(database::Transaction& tx, std::int64_t token, Instant now);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::people_queries
