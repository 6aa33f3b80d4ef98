#include "backend/accounts/people.h"
#include "backend/accounts/people_journal.h"
#include "backend/accounts/people_queries.h"
#include "backend/journal/secure.h"
#include "core/domain/text_rules.h"

#include <fmt/format.h>

namespace quittance::backend {

namespace {

using database::Transaction;

constexpr std::int64_t invitationMicros = 7 * microsPerDay;
constexpr std::size_t nameSizeMaxBytes = 200;

struct NewPerson {
    std::string email;
    std::string name;
    const std::vector<Grant>& grants;
};

Result<> checkGrant(Transaction& tx, const Grant& grant)
{
    if (grant.role == Role::UsageIntake)
        return failure(
            ErrorCode::InvalidArgument,
            "grants \"usage-intake\": is for service tokens, not for people"
        );
    if (grant.role == Role::Customer && !grant.account)
        return failure(ErrorCode::InvalidArgument, "grants \"customer\": needs an account");
    if (grant.account)
        QUITTANCE_CHECK(checkAccountExists(tx, "grants", *grant.account));
    return {};
}

Result<> checkNewPerson(Transaction& tx, const NewPerson& person)
{
    QUITTANCE_CHECK(checkEmail("email", person.email));
    QUITTANCE_CHECK(checkName("name", person.name, nameSizeMaxBytes));
    if (person.grants.empty())
        return failure(ErrorCode::InvalidArgument, "grants: at least one is needed");
    for (const Grant& grant : person.grants)
        QUITTANCE_CHECK(checkGrant(tx, grant));
    return {};
}

/// The id of a person with these grants who has not joined: a new one, or one who was invited
/// before.
Result<PersonId>
personToJoin(Transaction& tx, const Context& context, const Actor& actor, const NewPerson& person)
{
    QUITTANCE_CHECK(checkNewPerson(tx, person));
    const Instant now = context.clock.now();
    QUITTANCE_TRY(auto id, people_queries::insertPerson(tx, person.email, person.name, now));
    if (!id) {
        QUITTANCE_TRY(const auto known, people_queries::findByEmail(tx, person.email));
        if (!known || known->joined || known->disabled)
            return failure(
                ErrorCode::AlreadyExists,
                fmt::format("email \"{}\": belongs to a person already", person.email)
            );
        id = known->id;
        QUITTANCE_CHECK(people_queries::renamePerson(tx, *id, person.name));
        QUITTANCE_CHECK(people_queries::endInvitations(tx, *id, now));
    }
    QUITTANCE_CHECK(people_queries::replaceGrants(tx, *id, person.grants));
    JournalDraft draft = personDraft("person.invited", *id, person.email, person.name);
    draft.after = grantsText(person.grants);
    QUITTANCE_CHECK(appendJournal(tx, context, actor, draft));
    return *id;
}

auto invitationRefused()
{
    return failure(ErrorCode::Unauthenticated, "the invitation is unknown, used or out of date");
}

} // namespace

Result<Invitation> invitePerson(
    const Context& context, const Actor& actor, const std::string& email, const std::string& name,
    const std::vector<Grant>& grants
)
{
    const NewPerson person { lowerAscii(email), name, grants };
    const std::string token = newSecret(context.random, "qi_");
    const Instant now = context.clock.now();
    QUITTANCE_TRY(
        const PersonId id, context.database.write([&](Transaction& tx) -> Result<PersonId> {
            QUITTANCE_TRY(const PersonId invited, personToJoin(tx, context, actor, person));
            QUITTANCE_CHECK(people_queries::insertInvitation(
                tx, invited, hash256(token), now, Instant { now.micros + invitationMicros }
            ));
            return invited;
        })
    );
    return Invitation { id, token };
}

Result<PersonId> acceptInvitation(
    const Context& context, const std::string& token, const std::string& password,
    const std::string& address, const PasswordCost& cost
)
{
    const database::Bytes tokenHash = hash256(token);
    const Instant now = context.clock.now();
    // Looked at first: a hash of the password costs too much to be given to anyone who asks.
    QUITTANCE_TRY(const auto open, context.database.read([&](Transaction& tx) {
        return people_queries::findInvitation(tx, tokenHash, now);
    }));
    if (!open)
        return invitationRefused();
    QUITTANCE_CHECK(checkPassword(password));
    QUITTANCE_TRY(const std::string hash, hashPassword(context.random, password, cost));
    return context.database.write([&](Transaction& tx) -> Result<PersonId> {
        QUITTANCE_TRY(const auto person, people_queries::takeInvitation(tx, tokenHash, now));
        if (!person)
            return invitationRefused();
        QUITTANCE_CHECK(people_queries::setPassword(tx, *person, hash));
        const Actor joined { Actor::Kind::Person, *person, address, std::nullopt };
        QUITTANCE_CHECK(
            appendJournal(tx, context, joined, personDraft("person.joined", *person, "", ""))
        );
        return *person;
    });
}

Result<PersonId> addPersonWithPassword(
    const Context& context, const Actor& actor, const std::string& email, const std::string& name,
    const std::vector<Grant>& grants, const std::string& password, const PasswordCost& cost
)
{
    const NewPerson person { lowerAscii(email), name, grants };
    QUITTANCE_CHECK(checkPassword(password));
    QUITTANCE_TRY(const std::string hash, hashPassword(context.random, password, cost));
    return context.database.write([&](Transaction& tx) -> Result<PersonId> {
        QUITTANCE_TRY(const PersonId id, personToJoin(tx, context, actor, person));
        QUITTANCE_CHECK(people_queries::setPassword(tx, id, hash));
        QUITTANCE_CHECK(appendJournal(tx, context, actor, personDraft("person.joined", id, "", ""))
        );
        return id;
    });
}

} // namespace quittance::backend
