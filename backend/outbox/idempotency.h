#pragma once

#include "backend/journal/context.h"

#include <cstdint>
#include <optional>
#include <string>

/// The same write twice has one effect and one answer. A writer that got no answer repeats its
/// request with the same key and is given the stored one.
///
/// Table: idempotency(principal, key: PRIMARY KEY, request_line, request_hash, status, body,
/// created_at, claimed_until).
///
/// Used in three steps: begin (in a transaction of its own, or in the writer's), the work, finish.
/// A program that dies between begin and finish leaves the key claimed for a minute; after that the
/// request may run again, so what the work does carries guards of its own (unique references,
/// expected versions).
namespace quittance::backend {

struct IdempotentRequest {
    std::string principal; ///< "person/7", "token/3": keys of two callers never meet
    std::string key; ///< Idempotency-Key: 1 to 200 visible ASCII characters
    std::string requestLine; ///< "POST /v1/accounts"
    std::string body; ///< its BLAKE2b-256 is stored, not the body
};

struct StoredAnswer {
    int status = 0; ///< of HTTP
    std::string body;

    bool operator==(const StoredAnswer&) const = default;
};

constexpr std::int64_t idempotencyClaimMicros = 60 * microsPerSecond;
constexpr std::size_t idempotencyKeySizeMax = 200;

/// Nothing: the key is claimed, do the work. A StoredAnswer: give it. Conflict: the key came with
/// another request. Busy: the same request is being worked on.
Result<std::optional<StoredAnswer>> beginIdempotent(
    database::Transaction& tx, const Context& context, const IdempotentRequest& request
);
/// Stores the answer for good. Precondition where the key is not claimed.
Result<> finishIdempotent(
    database::Transaction& tx, const IdempotentRequest& request, const StoredAnswer& answer
);
/// Gives the key back: the work failed in a way that a repeat may not (a transient error).
Result<> abandonIdempotent(database::Transaction& tx, const IdempotentRequest& request);

/// How long an Idempotency-Key of a request is kept; openapi.yaml tells callers. A console that
/// was offline for longer asks its person again. What the request made leave the house has a key of
/// its own in the outbox, which is kept for ever.
constexpr std::int64_t idempotencyKeysKeptMicros = 90 * microsPerDay;
/// Drops keys created before this instant. Returns how many.
Result<std::int64_t> forgetIdempotencyKeys(database::Transaction& tx, Instant createdBefore);

} // namespace quittance::backend
