#pragma once

#include "core/domain/bill.h"
#include "core/domain/permissions.h"
#include "core/domain/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What is synced is a scope. A scope has a snapshot (GET /v1/scopes/{scope}/snapshot, NDJSON: a
/// header line, then a line an item) and a feed of changes after a cursor (GET
/// /v1/scopes/{scope}/changes?cursor=). An item is the whole present state of one thing; a change
/// replaces or removes it, so applying one twice does no harm.
namespace quittance::contract {

struct Scope {
    enum class Kind : std::uint8_t {
        Accounts, ///< "accounts": every account that the caller may see, with its profile
        People, ///< "people": needs PeopleRead
        Bills, ///< "bills:{account}": bills and drafts with lines, and their cost rows
        LineEvents, ///< "events:{account}:{bill}:{line}": the usage events behind one line
        History, ///< "history:{account}": the versions of its profile and terms
        LegalEntities, ///< "legal-entities": who may be chosen to bill; needs TermsEdit somewhere
    };
    Kind kind = Kind::Accounts;
    std::optional<AccountId> account;
    BillId bill = 0;
    std::int32_t line = 0;

    bool operator==(const Scope&) const = default;
};

[[nodiscard]] std::string toText(const Scope& scope);
[[nodiscard]] Result<Scope> parseScope(std::string_view text);

/// What a subscriber must be allowed (on `scope.account` where it names one).
[[nodiscard]] Permission neededPermission(const Scope& scope);

/// How much of the console's disk the scopes of a kind that pages opened may take together, in
/// bytes of their items, before the least recently opened are dropped; also how long the first load
/// of one may be. Standing scopes are kept whatever they take.
[[nodiscard]] std::int64_t diskBudgetBytes(Scope::Kind kind);

} // namespace quittance::contract
