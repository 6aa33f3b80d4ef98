#pragma once

#include "core/contract/messages.h"
#include "core/contract/scopes.h"
#include "core/database/database.h"

namespace quittance::client {

/// Puts one item of a scope into the tables, or removes it where its data is null. Putting the same
/// item twice changes nothing. MalformedInput where the item is not what the contract says.
Result<>
writeItem(database::Transaction& tx, const contract::Scope& scope, const contract::Item& item);

/// Removes everything that belongs to the scope.
Result<> clearScope(database::Transaction& tx, const contract::Scope& scope);

/// How much the items of an opened scope take. Scopes of which there is one of a kind are not
/// counted: there is nothing to choose among.
Result<std::int64_t> scopeBytes(database::Transaction& tx, const contract::Scope& scope);

/// Contract bytes as the database's.
[[nodiscard]] database::Bytes toBytes(std::string_view text);
[[nodiscard]] std::string_view asText(std::span<const std::byte> bytes);

} // namespace quittance::client
