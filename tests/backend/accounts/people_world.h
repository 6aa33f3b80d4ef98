#pragma once

#include "backend/accounts/people.h"
#include "backend/journal/secure.h"
#include "tests/backend/foundation.h"

#include <initializer_list>

namespace quittance::testing {

inline constexpr std::initializer_list<Foundation::Make> peopleSchema { backend::journalMigration,
                                                                        backend::accountsMigration,
                                                                        backend::peopleMigration };

inline const std::string goodPassword = "correct horse battery";
inline constexpr backend::PasswordCost quick = backend::PasswordCost::least();

/// Two accounts (1 and 2) and one who administers, in a migrated database.
class PeopleWorld : public Foundation {
public:
    explicit PeopleWorld(TestDatabase& db)
        : Foundation(db, peopleSchema)
    {
        first = valueOf(backend::addAccount(context(), commandLine, named("first")));
        second = valueOf(backend::addAccount(context(), commandLine, named("second")));
    }

    static backend::NewAccount named(const std::string& name)
    {
        backend::NewAccount account;
        account.name = name;
        return account;
    }

    backend::PersonId
    add(const std::string& email, const std::vector<Grant>& grants = { { Role::Admin, {} } })
    {
        return valueOf(backend::addPersonWithPassword(
            context(), commandLine, email, "Ada", grants, goodPassword, quick
        ));
    }

    Result<backend::SessionOpened>
    signIn(const std::string& email, const std::string& password = goodPassword)
    {
        return backend::signIn(context(), email, password, "192.0.2.1", quick);
    }

    /// "kind" of each entry, in order, from after `seq`.
    std::vector<std::string> journalKinds(std::int64_t after = 0)
    {
        std::vector<std::string> kinds;
        for (const backend::JournalEntry& entry : journal(after))
            kinds.push_back(entry.draft.kind);
        return kinds;
    }
    std::vector<backend::JournalEntry> journal(std::int64_t after = 0)
    {
        REQUIRE(backend::sequenceJournal(context()).has_value());
        backend::JournalFilter filter;
        filter.after = after;
        filter.withPersonal = true;
        return read([&](database::Transaction& tx) { return backend::readJournal(tx, filter); });
    }
    std::int64_t journalEnd() { return valueOf(backend::sequenceJournal(context())); }

    AccountId first = 0;
    AccountId second = 0;
};

} // namespace quittance::testing
