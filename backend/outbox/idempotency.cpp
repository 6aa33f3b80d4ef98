#include "backend/outbox/idempotency.h"

#include "backend/journal/secure.h"
#include "backend/outbox/outbox_queries.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

using database::Transaction;

Result<> checkKey(const std::string& key)
{
    const auto isVisible = [](char c) { return c > ' ' && c < '\x7f'; };
    if (!key.empty() && key.size() <= idempotencyKeySizeMax
        && std::all_of(key.begin(), key.end(), isVisible))
        return {};
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "Idempotency-Key: needs 1 to {} visible ASCII characters", idempotencyKeySizeMax
        )
    );
}

Result<std::optional<StoredAnswer>> answerOfKnownKey(
    Transaction& tx, const Context& context, const IdempotentRequest& request,
    const outbox_queries::StoredRequest& stored
)
{
    if (stored.status)
        return StoredAnswer { static_cast<int>(*stored.status), stored.body };
    const Instant now = context.clock.now();
    QUITTANCE_TRY(
        const std::int64_t claimed,
        outbox_queries::claimKeyAgain(
            tx, request, now, Instant { now.micros + idempotencyClaimMicros }
        )
    );
    if (claimed == 0)
        return failure(
            ErrorCode::Busy,
            fmt::format("{}: the same request is being worked on", request.requestLine)
        );
    return std::nullopt;
}

} // namespace

Result<std::optional<StoredAnswer>>
beginIdempotent(Transaction& tx, const Context& context, const IdempotentRequest& request)
{
    QUITTANCE_CHECK(checkKey(request.key));
    const Instant now = context.clock.now();
    const database::Bytes hash = hash256(request.body);
    QUITTANCE_TRY(
        const bool isNew,
        outbox_queries::insertKey(
            tx, request, hash, now, Instant { now.micros + idempotencyClaimMicros }
        )
    );
    if (isNew)
        return std::nullopt;
    QUITTANCE_TRY(const auto stored, outbox_queries::findKey(tx, request));
    if (!stored)
        return failure(
            ErrorCode::Busy,
            fmt::format("{}: the same request just ended; try again", request.requestLine)
        );
    if (stored->requestLine != request.requestLine || stored->requestHash != hash)
        return failure(
            ErrorCode::Conflict,
            fmt::format("Idempotency-Key {} came before with another request", request.key)
        );
    return answerOfKnownKey(tx, context, request, *stored);
}

Result<>
finishIdempotent(Transaction& tx, const IdempotentRequest& request, const StoredAnswer& answer)
{
    QUITTANCE_TRY(const std::int64_t changed, outbox_queries::storeAnswer(tx, request, answer));
    if (changed == 1)
        return {};
    return failure(
        ErrorCode::Precondition, fmt::format("Idempotency-Key {} is not claimed", request.key)
    );
}

Result<> abandonIdempotent(Transaction& tx, const IdempotentRequest& request)
{
    QUITTANCE_CHECK(outbox_queries::deleteUnanswered(tx, request));
    return {};
}

} // namespace quittance::backend
