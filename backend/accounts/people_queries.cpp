#include "backend/accounts/people_queries.h"

#include "backend/journal/schema.h"

#include <fmt/format.h>

#include <map>

namespace quittance::backend {

namespace people_queries {

namespace {

using database::Row;
using database::Transaction;

std::optional<Instant> instantOrNull(const Row& row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return Instant { row.integer(column) };
}

database::Value nullable(std::optional<Instant> instant)
{
    return instant ? database::Value(instant->micros) : database::Value();
}

PersonId firstInteger(const Row& row)
{
    return row.integer(0);
}

Grant grantOf(const Row& row, int column)
{
    return { static_cast<Role>(row.integer(column)), row.integerOrNull(column + 1) };
}

Result<std::vector<Person>> peopleWhere(
    Transaction& tx, std::string_view condition, std::initializer_list<database::Value> args
)
{
    return tx.queryAll<Person>(
        fmt::format(
            "SELECT id, email, name, disabled_at, password_hash FROM person {}"
            " ORDER BY id",
            condition
        ),
        args,
        [](const Row& row) {
            int column = 0;
            Person person;
            person.id = row.integer(column);
            person.email = row.string(++column);
            person.name = row.string(++column);
            person.disabled = !row.isNull(++column);
            person.joined = !row.isNull(++column);
            return person;
        }
    );
}

Result<std::optional<Person>> personWhere(
    Transaction& tx, std::string_view condition, std::initializer_list<database::Value> args
)
{
    QUITTANCE_TRY(auto people, peopleWhere(tx, condition, args));
    if (people.empty())
        return std::nullopt;
    QUITTANCE_TRY(people.front().grants, grantsOf(tx, people.front().id));
    return std::move(people.front());
}

constexpr std::string_view tokenColumns
    = "id, name, role, account_id, created_at, expires_at, revoked_at";

ServiceToken tokenOf(const Row& row)
{
    int column = 0;
    ServiceToken token;
    token.id = row.integer(column);
    token.name = row.string(++column);
    token.role = static_cast<Role>(row.integer(++column));
    token.account = row.integerOrNull(++column);
    token.createdAt = Instant { row.integer(++column) };
    token.expires = instantOrNull(row, ++column);
    token.revokedAt = instantOrNull(row, ++column);
    return token;
}

Result<std::vector<ServiceToken>> tokensWhere(
    Transaction& tx, std::string_view condition, std::initializer_list<database::Value> args
)
{
    return tx.queryAll<ServiceToken>(
        fmt::format("SELECT {} FROM service_token {} ORDER BY id", tokenColumns, condition), args,
        tokenOf
    );
}

Result<std::optional<ServiceToken>>
tokenWhere(Transaction& tx, std::string_view condition, std::initializer_list<database::Value> args)
{
    QUITTANCE_TRY(auto tokens, tokensWhere(tx, condition, args));
    if (tokens.empty())
        return std::nullopt;
    return std::move(tokens.front());
}

} // namespace

Result<std::optional<PersonId>>
insertPerson(Transaction& tx, const std::string& email, const std::string& name, Instant now)
{
    return tx.queryFirst<PersonId>(
        "INSERT INTO person (email, name, created_at)"
        " VALUES ($1, $2, $3)"
        " ON CONFLICT (email) DO NOTHING RETURNING id",
        { email, name, now.micros }, firstInteger
    );
}

Result<> renamePerson(Transaction& tx, PersonId person, const std::string& name)
{
    QUITTANCE_CHECK(tx.execute("UPDATE person SET name = $1 WHERE id = $2", { name, person }));
    return {};
}

Result<std::optional<Person>> findByEmail(Transaction& tx, const std::string& email)
{
    return personWhere(tx, "WHERE email = $1", { email });
}

Result<> setPassword(Transaction& tx, PersonId person, const std::string& passwordHash)
{
    QUITTANCE_CHECK(
        tx.execute("UPDATE person SET password_hash = $1 WHERE id = $2", { passwordHash, person })
    );
    return {};
}

Result<std::int64_t> markDisabled(Transaction& tx, PersonId person, Instant now)
{
    return tx.execute(
        "UPDATE person SET disabled_at = $1 WHERE id = $2 AND disabled_at IS NULL",
        { now.micros, person }
    );
}

Result<> replaceGrants(Transaction& tx, PersonId person, const std::vector<Grant>& grants)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM person_grant WHERE person_id = $1", { person }));
    for (const Grant& grant : grants)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO person_grant (person_id, role, account_scope, account_id)"
            " VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (person_id, role, account_scope) DO NOTHING",
            { person, static_cast<std::int64_t>(grant.role), grant.account.value_or(0),
              database::nullable(grant.account) }
        ));
    return {};
}

Result<> insertInvitation(
    Transaction& tx, PersonId person, const Bytes& tokenHash, Instant now, Instant expires
)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO invitation (token_hash, person_id, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4)",
        { tokenHash, person, now.micros, expires.micros }
    ));
    return {};
}

Result<> endInvitations(Transaction& tx, PersonId person, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "UPDATE invitation SET used_at = $1 WHERE person_id = $2 AND used_at IS NULL",
        { now.micros, person }
    ));
    return {};
}

Result<std::optional<PersonId>> findInvitation(Transaction& tx, const Bytes& tokenHash, Instant now)
{
    return tx.queryFirst<PersonId>(
        "SELECT i.person_id FROM invitation i JOIN person p ON p.id = i.person_id"
        " WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2"
        " AND p.disabled_at IS NULL",
        { tokenHash, now.micros }, firstInteger
    );
}

Result<std::optional<PersonId>> takeInvitation(Transaction& tx, const Bytes& tokenHash, Instant now)
{
    return tx.queryFirst<PersonId>(
        "UPDATE invitation SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL"
        " AND expires_at > $2 AND person_id IN (SELECT id FROM person WHERE disabled_at IS NULL)"
        " RETURNING person_id",
        { tokenHash, now.micros }, firstInteger
    );
}

Result<std::optional<Credentials>> findCredentials(Transaction& tx, const std::string& email)
{
    return tx.queryFirst<Credentials>(
        "SELECT id, name, COALESCE(password_hash, ''), disabled_at"
        " FROM person WHERE email = $1",
        { email },
        [](const Row& row) {
            int column = 0;
            Credentials credentials;
            credentials.person = row.integer(column);
            credentials.name = row.string(++column);
            credentials.passwordHash = row.string(++column);
            credentials.disabled = !row.isNull(++column);
            return credentials;
        }
    );
}

Result<std::int64_t> nextAttempt(Transaction& tx, const Bytes& emailHash)
{
    return tx.queryInteger(
        "INSERT INTO sign_in_guard (email_hash, attempts) VALUES ($1, 1)"
        " ON CONFLICT (email_hash)"
        " DO UPDATE SET attempts = sign_in_guard.attempts + 1"
        " RETURNING attempts",
        { emailHash }
    );
}

Result<std::int64_t> countAttempts(Transaction& tx, const Bytes& emailHash, Instant after)
{
    return tx.queryInteger(
        "SELECT COUNT(*) FROM sign_in_attempt WHERE email_hash = $1 AND at > $2",
        { emailHash, after.micros }
    );
}

Result<> insertAttempt(Transaction& tx, const Bytes& emailHash, std::int64_t number, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO sign_in_attempt (email_hash, number, at) VALUES ($1, $2, $3)",
        { emailHash, number, now.micros }
    ));
    return {};
}

Result<> deleteAttempts(Transaction& tx, const Bytes& emailHash)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM sign_in_attempt WHERE email_hash = $1", { emailHash }));
    return {};
}

Result<> insertSession(Transaction& tx, const NewSession& session)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO person_session (token_hash, person_id, created_at,"
        " expires_at, viewing_account_id) VALUES ($1, $2, $3, $4, $5)",
        { session.tokenHash, session.person, session.created.micros, session.expires.micros,
          database::nullable(session.viewingAccount) }
    ));
    return {};
}

Result<std::optional<FoundSession>>
findSession(Transaction& tx, const Bytes& tokenHash, Instant now)
{
    return tx.queryFirst<FoundSession>(
        "SELECT s.person_id, s.viewing_account_id, p.name, p.email"
        " FROM person_session s JOIN person p ON p.id = s.person_id"
        " WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2"
        " AND p.disabled_at IS NULL",
        { tokenHash, now.micros },
        [](const Row& row) {
            int column = 0;
            FoundSession session;
            session.person = row.integer(column);
            session.viewingAccount = row.integerOrNull(++column);
            session.name = row.string(++column);
            session.email = row.string(++column);
            return session;
        }
    );
}

Result<std::int64_t> endSession(Transaction& tx, const Bytes& tokenHash, Instant now)
{
    return tx.execute(
        "UPDATE person_session SET ended_at = $1"
        " WHERE token_hash = $2 AND ended_at IS NULL AND expires_at > $1",
        { now.micros, tokenHash }
    );
}

Result<> endSessions(Transaction& tx, PersonId person, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "UPDATE person_session SET ended_at = $1 WHERE person_id = $2 AND ended_at IS NULL",
        { now.micros, person }
    ));
    return {};
}

Result<std::vector<Grant>> grantsOf(Transaction& tx, PersonId person)
{
    return tx.queryAll<Grant>(
        "SELECT role, account_id FROM person_grant WHERE person_id = $1"
        " ORDER BY role, account_scope",
        { person }, [](const Row& row) { return grantOf(row, 0); }
    );
}

Result<std::int64_t>
insertServiceToken(Transaction& tx, const ServiceToken& token, const Bytes& tokenHash)
{
    return tx.queryInteger(
        "INSERT INTO service_token (name, role, account_id, token_hash,"
        " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " RETURNING id",
        { token.name, static_cast<std::int64_t>(token.role), database::nullable(token.account),
          tokenHash, token.createdAt.micros, nullable(token.expires) }
    );
}

Result<std::optional<ServiceToken>> findServiceToken(Transaction& tx, std::int64_t id)
{
    return tokenWhere(tx, "WHERE id = $1", { id });
}

Result<std::optional<ServiceToken>>
findValidServiceToken(Transaction& tx, const Bytes& tokenHash, Instant now)
{
    return tokenWhere(
        tx,
        "WHERE token_hash = $1 AND revoked_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > $2)",
        { tokenHash, now.micros }
    );
}

Result<std::int64_t> markRevoked(Transaction& tx, std::int64_t token, Instant now)
{
    return tx.execute(
        "UPDATE service_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
        { now.micros, token }
    );
}

Result<> createTables(Transaction& tx)
{
    return createSchema(tx, R"(CREATE TABLE person (
    id $ID$,
    email TEXT NOT NULL UNIQUE CHECK (email <> '' AND email = LOWER(email)),
    name TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);
CREATE TABLE person_grant (
    person_id BIGINT NOT NULL REFERENCES person (id),
    role BIGINT NOT NULL CHECK (role > 0),
    account_scope BIGINT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    PRIMARY KEY (person_id, role, account_scope),
    CHECK (account_scope = COALESCE(account_id, 0))
) $WITHOUT_ROWID$;
CREATE INDEX person_grant_account ON person_grant (account_id);
CREATE TABLE invitation (
    token_hash $BYTES$ NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX invitation_person ON invitation (person_id);
CREATE TABLE person_session (
    token_hash $BYTES$ NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    viewing_account_id BIGINT REFERENCES account (id)
);
CREATE INDEX person_session_person ON person_session (person_id);
CREATE TABLE sign_in_guard (
    email_hash $BYTES$ NOT NULL PRIMARY KEY,
    attempts BIGINT NOT NULL
);
CREATE TABLE sign_in_attempt (
    email_hash $BYTES$ NOT NULL REFERENCES sign_in_guard (email_hash),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (email_hash, number)
) $WITHOUT_ROWID$;
CREATE TABLE service_token (
    id $ID$,
    name TEXT NOT NULL CHECK (name <> ''),
    role BIGINT NOT NULL,
    account_id BIGINT REFERENCES account (id),
    token_hash $BYTES$ NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
)");
}

} // namespace people_queries

using namespace people_queries;

Result<std::vector<Person>> listPeople(database::Transaction& tx)
{
    QUITTANCE_TRY(auto people, peopleWhere(tx, "", {}));
    std::map<PersonId, std::vector<Grant>> grants;
    QUITTANCE_CHECK(tx.query(
        "SELECT person_id, role, account_id FROM person_grant"
        " ORDER BY person_id, role, account_scope",
        {},
        [&](const Row& row) -> Result<> {
            grants[row.integer(0)].push_back(grantOf(row, 1));
            return {};
        }
    ));
    for (Person& person : people)
        person.grants = std::move(grants[person.id]);
    return people;
}

Result<Person> findPerson(database::Transaction& tx, PersonId person)
{
    QUITTANCE_TRY(auto found, personWhere(tx, "WHERE id = $1", { person }));
    if (!found)
        return failure(ErrorCode::NotFound, fmt::format("person {} does not exist", person));
    return std::move(*found);
}

Result<std::vector<ServiceToken>> listServiceTokens(database::Transaction& tx)
{
    return tokensWhere(tx, "", {});
}

Result<> forgetEndedSessions(database::Transaction& tx, Instant endedBefore)
{
    for (const std::string_view statement :
         { "DELETE FROM person_session WHERE COALESCE(ended_at, expires_at) < $1",
           "DELETE FROM invitation WHERE COALESCE(used_at, expires_at) < $1",
           "DELETE FROM sign_in_attempt WHERE at < $1" })
        QUITTANCE_CHECK(tx.execute(statement, { endedBefore.micros }));
    QUITTANCE_CHECK(tx.execute("DELETE FROM sign_in_guard WHERE NOT EXISTS"
                               " (SELECT 1 FROM sign_in_attempt a"
                               " WHERE a.email_hash = sign_in_guard.email_hash)"));
    return {};
}

database::Migration peopleMigration(int number)
{
    return { number, "people", createTables };
}

} // namespace quittance::backend
