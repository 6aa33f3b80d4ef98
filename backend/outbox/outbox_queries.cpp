#include "backend/outbox/outbox_queries.h"

#include "backend/journal/schema.h"

namespace quittance::backend::outbox_queries {

namespace {

using database::Bytes;
using database::Row;
using database::Transaction;

Bytes bytesOf(const Row& row, int column)
{
    const auto bytes = row.bytes(column);
    return { bytes.begin(), bytes.end() };
}

std::int64_t stored(OutboxState state)
{
    return static_cast<std::int64_t>(state);
}

OutboxItem itemOf(const Row& row)
{
    int column = 0;
    OutboxItem item;
    item.id = row.integer(column);
    item.key = row.string(++column);
    item.kind = row.string(++column);
    item.payload = row.string(++column);
    item.createdAt = Instant { row.integer(++column) };
    item.nextAt = Instant { row.integer(++column) };
    item.attempts = row.int32(++column);
    item.state = static_cast<OutboxState>(row.integer(++column));
    item.lastError = row.string(++column);
    return item;
}
constexpr std::string_view itemColumns
    = "id, key, kind, payload, created_at, next_at, attempts, state, last_error";

} // namespace

Result<bool>
insertItem(Transaction& tx, const OutboxDraft& draft, const Bytes& payloadHash, Instant now)
{
    QUITTANCE_TRY(
        const std::int64_t inserted,
        tx.execute(
            "INSERT INTO outbox (key, kind, payload, payload_hash, created_at, next_at,"
            " attempts, state, last_error)"
            " VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '') ON CONFLICT (key) DO NOTHING",
            { draft.key, draft.kind, draft.payload, payloadHash, now.micros,
              draft.notBefore.value_or(now).micros, stored(OutboxState::Waiting) }
        )
    );
    return inserted == 1;
}

Result<std::optional<ItemContent>> findContent(Transaction& tx, std::string_view key)
{
    return tx.queryFirst<ItemContent>(
        "SELECT kind, payload_hash FROM outbox WHERE key = $1", { std::string(key) },
        [](const Row& row) {
            return ItemContent { row.string(0), bytesOf(row, 1) };
        }
    );
}

Result<std::optional<OutboxItem>>
claimDue(Transaction& tx, Instant now, Instant leaseEnd, std::string_view kindOrAny)
{
    return tx.queryFirst<OutboxItem>(
        "UPDATE outbox SET attempts = attempts + 1, next_at = $1 WHERE id ="
        " (SELECT id FROM outbox WHERE state = $2 AND next_at <= $3"
        " AND (CAST($4 AS TEXT) = '' OR kind = $4) ORDER BY next_at, id LIMIT 1"
            + std::string(tx.dialect().skipLocked()) + ") RETURNING " + std::string(itemColumns),
        { leaseEnd.micros, stored(OutboxState::Waiting), now.micros, std::string(kindOrAny) },
        itemOf
    );
}

Result<std::int64_t> endAttempt(
    Transaction& tx, const OutboxItem& item, OutboxState state, Instant nextAt,
    const std::string& error
)
{
    return tx.execute(
        "UPDATE outbox SET state = $1, next_at = $2, last_error = $3"
        " WHERE id = $4 AND state = $5 AND attempts = $6",
        { stored(state), nextAt.micros, error, item.id, stored(OutboxState::Waiting),
          std::int64_t { item.attempts } }
    );
}

Result<bool> insertKey(
    Transaction& tx, const IdempotentRequest& request, const Bytes& requestHash, Instant now,
    Instant claimedUntil
)
{
    QUITTANCE_TRY(
        const std::int64_t inserted,
        tx.execute(
            "INSERT INTO idempotency (principal, key, request_line, request_hash, status,"
            " body, created_at, claimed_until) VALUES ($1, $2, $3, $4, NULL, '', $5, $6)"
            " ON CONFLICT (principal, key) DO NOTHING",
            { request.principal, request.key, request.requestLine, requestHash, now.micros,
              claimedUntil.micros }
        )
    );
    return inserted == 1;
}

Result<std::optional<StoredRequest>> findKey(Transaction& tx, const IdempotentRequest& request)
{
    return tx.queryFirst<StoredRequest>(
        "SELECT request_line, request_hash, status, body, claimed_until FROM idempotency"
        " WHERE principal = $1 AND key = $2",
        { request.principal, request.key },
        [](const Row& row) {
            int column = 0;
            StoredRequest found;
            found.requestLine = row.string(column);
            found.requestHash = bytesOf(row, ++column);
            found.status = row.integerOrNull(++column);
            found.body = row.string(++column);
            found.claimedUntil = Instant { row.integer(++column) };
            return found;
        }
    );
}

Result<std::int64_t>
claimKeyAgain(Transaction& tx, const IdempotentRequest& request, Instant now, Instant claimedUntil)
{
    return tx.execute(
        "UPDATE idempotency SET claimed_until = $1"
        " WHERE principal = $2 AND key = $3 AND status IS NULL AND claimed_until <= $4",
        { claimedUntil.micros, request.principal, request.key, now.micros }
    );
}

Result<std::int64_t>
storeAnswer(Transaction& tx, const IdempotentRequest& request, const StoredAnswer& answer)
{
    return tx.execute(
        "UPDATE idempotency SET status = $1, body = $2"
        " WHERE principal = $3 AND key = $4 AND status IS NULL",
        { std::int64_t { answer.status }, answer.body, request.principal, request.key }
    );
}

Result<std::int64_t> deleteUnanswered(Transaction& tx, const IdempotentRequest& request)
{
    return tx.execute(
        "DELETE FROM idempotency WHERE principal = $1 AND key = $2 AND status IS NULL",
        { request.principal, request.key }
    );
}

Result<> createTables(Transaction& tx)
{
    return createSchema(
        tx,
        R"(CREATE TABLE outbox (
    id $ID$,
    key TEXT NOT NULL UNIQUE CHECK (key <> ''),
    kind TEXT NOT NULL CHECK (kind <> ''),
    payload TEXT NOT NULL,
    payload_hash $BYTES$ NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    last_error TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, next_at, id);
CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    request_line TEXT NOT NULL,
    request_hash $BYTES$ NOT NULL,
    status BIGINT,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    PRIMARY KEY (principal, key)
) $WITHOUT_ROWID$;
CREATE INDEX idempotency_age ON idempotency (created_at);
)"
    );
}

} // namespace quittance::backend::outbox_queries

namespace quittance::backend {

Result<std::optional<OutboxItem>> findOutboxItem(database::Transaction& tx, std::string_view key)
{
    return tx.queryFirst<OutboxItem>(
        "SELECT " + std::string(outbox_queries::itemColumns) + " FROM outbox WHERE key = $1",
        { std::string(key) }, outbox_queries::itemOf
    );
}

Result<std::int64_t> forgetPayloads(database::Transaction& tx, Instant createdBefore)
{
    return tx.execute(
        "UPDATE outbox SET payload = '' WHERE state = $1 AND created_at < $2 AND payload <> ''",
        { static_cast<std::int64_t>(OutboxState::Done), createdBefore.micros }
    );
}

Result<std::int64_t> forgetIdempotencyKeys(database::Transaction& tx, Instant createdBefore)
{
    return tx.execute("DELETE FROM idempotency WHERE created_at < $1", { createdBefore.micros });
}

database::Migration outboxMigration(int number)
{
    return { number, "outbox", outbox_queries::createTables };
}

} // namespace quittance::backend
