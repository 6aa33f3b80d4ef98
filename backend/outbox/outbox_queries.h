#pragma once

#include "backend/outbox/idempotency.h"
#include "backend/outbox/outbox.h"

/// The SQL of outbox and idempotency keys.
namespace quittance::backend::outbox_queries {

/// False where the key exists.
Result<bool> insertItem(
    database::Transaction& tx, const OutboxDraft& draft, const database::Bytes& payloadHash,
    Instant now
);
struct ItemContent {
    std::string kind;
    database::Bytes payloadHash;
};
Result<std::optional<ItemContent>> findContent(database::Transaction& tx, std::string_view key);
Result<std::optional<OutboxItem>>
claimDue(database::Transaction& tx, Instant now, Instant leaseEnd, std::string_view kindOrAny);
/// The number of rows changed: 0 where the attempt is no longer this one.
Result<std::int64_t> endAttempt(
    database::Transaction& tx, const OutboxItem& item, OutboxState state, Instant nextAt,
    const std::string& error
);

struct StoredRequest {
    std::string requestLine;
    database::Bytes requestHash;
    std::optional<std::int64_t> status;
    std::string body;
    Instant claimedUntil;
};
/// Claims a new key; false where it exists.
Result<bool> insertKey(
    database::Transaction& tx, const IdempotentRequest& request, const database::Bytes& requestHash,
    Instant now, Instant claimedUntil
);
Result<std::optional<StoredRequest>>
findKey(database::Transaction& tx, const IdempotentRequest& request);
/// Claims a key whose claim ended without an answer; 0 where another did.
Result<std::int64_t> claimKeyAgain(
    database::Transaction& tx, const IdempotentRequest& request, Instant now, Instant claimedUntil
);
Result<std::int64_t> storeAnswer(
    database::Transaction& tx, const IdempotentRequest& request, const StoredAnswer& answer
);
Result<std::int64_t> deleteUnanswered(database::Transaction& tx, const IdempotentRequest& request);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::outbox_queries
