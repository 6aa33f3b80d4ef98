#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What leaves the house: written in the transaction of the change that asks for it, delivered
/// afterwards, at least once. The other side knows a repeat by the key, which is kept for ever. A
/// state machine without threads or sockets: who delivers calls `nextDue`, does it, and reports
/// `succeeded` or `failed`.
///
/// Table: outbox(id $ID$, key UNIQUE, kind, payload, payload_hash, created_at, next_at, attempts,
/// state, last_error).
namespace quittance::backend {

enum class OutboxState : std::uint8_t { Waiting = 1, Done = 2, GaveUp = 3 };

struct OutboxDraft {
    std::string key; ///< "mail/bill/17/issued": the same thing never leaves twice under one key
    std::string kind; ///< "mail": who delivers it
    std::string payload; ///< what the deliverer of this kind reads
    std::optional<Instant> notBefore; ///< default: at once
};

struct OutboxItem {
    std::int64_t id = 0;
    std::string key;
    std::string kind;
    std::string payload;
    Instant createdAt;
    Instant nextAt; ///< when it is due (again)
    int attempts = 0; ///< begun, this one included
    OutboxState state = OutboxState::Waiting;
    std::string lastError;
};

/// How long a claimed item is kept from other programs: after that its deliverer counts as dead.
constexpr std::int64_t outboxLeaseMicros = 120 * microsPerSecond;
/// Waits 5 s after the first failure, doubles up to an hour, and gives up after this many attempts
/// (about 13 hours).
constexpr int outboxAttemptsMax = 20;
[[nodiscard]] std::int64_t outboxBackOffMicros(int attempts);

/// True where it is new, false where the same stands there already; Conflict where the key stands
/// for something else.
Result<bool> enqueue(database::Transaction& tx, const Context& context, const OutboxDraft& draft);

/// Claims the item that is due the longest, of this kind or of any: counts the attempt and sets its
/// next time to the end of the lease, so that it comes again if the deliverer dies. Nothing where
/// none is due.
Result<std::optional<OutboxItem>> nextDue(
    database::Transaction& tx, Instant now, std::optional<std::string_view> kind = std::nullopt
);

/// Ends the attempt that `item` stands for. Conflict where another program has claimed it since:
/// what this one did has happened, and the other side knows the repeat by the key.
Result<> succeeded(database::Transaction& tx, const OutboxItem& item);
/// To be tried again after the back-off, or given up. `error` is one line for people.
Result<>
failed(database::Transaction& tx, Instant now, const OutboxItem& item, const std::string& error);

Result<std::optional<OutboxItem>> findOutboxItem(database::Transaction& tx, std::string_view key);

/// How long the payload of what was delivered is kept, to see what it said. Its key and hash are
/// kept for ever: nothing leaves the house twice.
constexpr std::int64_t deliveredPayloadsKeptMicros = 30 * microsPerDay;
/// Empties the payloads of what was delivered and created before this instant; key and hash stay.
/// Returns how many.
Result<std::int64_t> forgetPayloads(database::Transaction& tx, Instant createdBefore);

[[nodiscard]] database::Migration outboxMigration(int number);

} // namespace quittance::backend
