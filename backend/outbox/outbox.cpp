#include "backend/outbox/outbox.h"

#include "backend/journal/secure.h"
#include "backend/outbox/outbox_queries.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

using database::Transaction;

constexpr std::int64_t firstWaitMicros = 5 * microsPerSecond;
constexpr std::int64_t longestWaitMicros = 3600 * microsPerSecond;

Result<> attemptEnded(std::int64_t rowsChanged, const OutboxItem& item)
{
    if (rowsChanged == 1)
        return {};
    return failure(
        ErrorCode::Conflict,
        fmt::format(
            "outbox {}: attempt {} was taken over by another program", item.key, item.attempts
        )
    );
}

} // namespace

std::int64_t outboxBackOffMicros(int attempts)
{
    std::int64_t wait = firstWaitMicros;
    for (int attempt = 1; attempt < attempts && wait < longestWaitMicros; ++attempt)
        wait *= 2;
    return std::min(wait, longestWaitMicros);
}

Result<bool> enqueue(Transaction& tx, const Context& context, const OutboxDraft& draft)
{
    if (draft.key.empty() || draft.kind.empty())
        return failure(ErrorCode::InvalidArgument, "outbox: an item needs a key and a kind");
    const database::Bytes hash = hash256(draft.payload);
    QUITTANCE_TRY(
        const bool isNew, outbox_queries::insertItem(tx, draft, hash, context.clock.now())
    );
    if (isNew)
        return true;
    QUITTANCE_TRY(const auto content, outbox_queries::findContent(tx, draft.key));
    if (!content || content->kind != draft.kind || content->payloadHash != hash)
        return failure(
            ErrorCode::Conflict, fmt::format("outbox: key {} stands for something else", draft.key)
        );
    return false;
}

Result<std::optional<OutboxItem>>
nextDue(Transaction& tx, Instant now, std::optional<std::string_view> kind)
{
    const Instant leaseEnd { now.micros + outboxLeaseMicros };
    return outbox_queries::claimDue(tx, now, leaseEnd, kind.value_or(""));
}

Result<> succeeded(Transaction& tx, const OutboxItem& item)
{
    QUITTANCE_TRY(
        const std::int64_t changed,
        outbox_queries::endAttempt(tx, item, OutboxState::Done, item.nextAt, "")
    );
    return attemptEnded(changed, item);
}

Result<> failed(Transaction& tx, Instant now, const OutboxItem& item, const std::string& error)
{
    const bool givesUp = item.attempts >= outboxAttemptsMax;
    const Instant nextAt { now.micros + outboxBackOffMicros(item.attempts) };
    QUITTANCE_TRY(
        const std::int64_t changed,
        outbox_queries::endAttempt(
            tx, item, givesUp ? OutboxState::GaveUp : OutboxState::Waiting, nextAt, error
        )
    );
    return attemptEnded(changed, item);
}

} // namespace quittance::backend
