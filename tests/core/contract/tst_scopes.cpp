#include "core/contract/scopes.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::testing;
using contract::Scope;

TEST_CASE("a scope's text and value are the same thing")
{
    const std::vector<std::pair<std::string, Scope>> rows {
        { "accounts", { Scope::Kind::Accounts, {}, 0, 0 } },
        { "people", { Scope::Kind::People, {}, 0, 0 } },
        { "bills:7", { Scope::Kind::Bills, 7, 0, 0 } },
        { "events:7:41:2", { Scope::Kind::LineEvents, 7, 41, 2 } },
        { "history:7", { Scope::Kind::History, 7, 0, 0 } },
        { "legal-entities", { Scope::Kind::LegalEntities, {}, 0, 0 } },
    };
    for (const auto& [key, scope] : rows) {
        const std::string& text = key;
        CAPTURE(text);
        CHECK(valueOf(contract::parseScope(text)) == scope);
        CHECK(contract::toText(scope) == text);
        CHECK(contract::diskBudgetBytes(scope.kind) > 0);
    }
}

TEST_CASE("what is no scope is not found")
{
    for (const std::string text :
         { "", "planets", "accounts:1", "bills", "bills:", "bills:0", "bills:-1", "bills:x",
           "bills:1:2", "history", "history:0", "history:1:2", "legal-entities:1",
           "bills:99999999999999999999", "events:1:2", "events:1:2:0", "events:1:2:3:4",
           "events:1:2:9999999999", " accounts" }) {
        CAPTURE(text);
        CHECK(outcomeOf(contract::parseScope(text)) == "not-found");
    }
}
