#include "backend/accounts/people.h"

#include "backend/accounts/people_journal.h"
#include "backend/accounts/people_queries.h"
#include "backend/journal/secure.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

using database::Transaction;
namespace json = boost::json;

/// Who disables another admin is one, so only oneself can be the last.
Result<> checkOtherAdmin(Transaction& tx, PersonId leaving)
{
    QUITTANCE_TRY(const auto people, listPeople(tx));
    const bool hasOther = std::ranges::any_of(people, [leaving](const Person& person) {
        return person.id != leaving && person.joined && !person.disabled
            && allows(person.grants, Permission::PeopleEdit, std::nullopt);
    });
    if (hasOther)
        return {};
    return failure(
        ErrorCode::Conflict, "nobody else may edit people: make another admin before you leave"
    );
}

} // namespace

JournalDraft personDraft(
    std::string_view kind, PersonId person, const std::string& email, const std::string& name
)
{
    JournalDraft draft;
    draft.kind = kind;
    draft.subjectType = "person";
    draft.subjectId = person;
    json::object personal;
    if (!email.empty())
        personal["email"] = email;
    if (!name.empty())
        personal["name"] = name;
    if (!personal.empty())
        draft.personal = json::serialize(personal);
    return draft;
}

std::string grantsText(const std::vector<Grant>& grants)
{
    json::array array;
    for (const Grant& grant : grants)
        array.push_back(json::object {
            { "role", wireName(grant.role) },
            { "account", grant.account ? json::value(*grant.account) : json::value(nullptr) } });
    return json::serialize(json::object { { "grants", std::move(array) } });
}

std::string newSecret(Random& random, std::string_view prefix)
{
    return fmt::format("{}{}", prefix, urlText(randomBytes(random, secretSizeBytes)));
}

Result<> disablePerson(const Context& context, const Actor& actor, PersonId person)
{
    return context.database.write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(findPerson(tx, person));
        if (actor.kind == Actor::Kind::Person && actor.id == person)
            QUITTANCE_CHECK(checkOtherAdmin(tx, person));
        const Instant now = context.clock.now();
        QUITTANCE_TRY(const std::int64_t changed, people_queries::markDisabled(tx, person, now));
        if (changed == 0)
            return {};
        QUITTANCE_CHECK(people_queries::endSessions(tx, person, now));
        QUITTANCE_CHECK(people_queries::endInvitations(tx, person, now));
        return appendJournal(tx, context, actor, personDraft("person.disabled", person, "", ""));
    });
}

} // namespace quittance::backend
