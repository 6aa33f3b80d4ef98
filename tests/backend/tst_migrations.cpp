#include "backend/migrations.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace quittance;
using namespace quittance::testing;

TEST_CASE("The backend's schema is one list, numbered from 1 without gaps, each name once")
{
    std::set<std::string> names;
    int number = 0;
    for (const database::Migration& migration : backend::backendMigrations()) {
        CHECK(migration.number == ++number);
        CHECK(names.insert(migration.name).second);
    }
    CHECK(names.contains("journal"));
    CHECK(names.contains("ledger"));
    CHECK(names.contains("people"));
}

TEST_CASE("An empty database is brought up to date once, on either engine")
{
    forEachDatabase([](TestDatabase& db) {
        const auto& migrations = backend::backendMigrations();
        const int last = static_cast<int>(migrations.size());
        CHECK(
            outcomeOf(database::requireCurrentSchema(db.database(), migrations)) == "schema-too-old"
        );
        CHECK(valueOf(database::migrate(db.database(), migrations)).current == last);
        CHECK(valueOf(database::migrate(db.database(), migrations)).current == last);
        CHECK(outcomeOf(database::requireCurrentSchema(db.database(), migrations)) == "ok");
        for (const std::string table :
             { "legal_entity", "account", "project", "person", "person_grant", "idempotency",
               "outbox", "job", "journal_sequence", "ledger_posting" }) {
            CAPTURE(table);
            CHECK(
                valueOf(db->read([&](database::Transaction& tx) {
                    return tx.queryInteger(tx.dialect().tableExists(), { table });
                }))
                == 1
            );
        }
    });
}
