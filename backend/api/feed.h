#pragma once

#include "backend/accounts/people.h"
#include "backend/journal/context.h"
#include "core/contract/messages.h"
#include "core/contract/scopes.h"
#include "core/http/message.h"

/// Scopes answered from the journal and the features: see core/contract/scopes.h.
namespace quittance::backend {

/// What the caller must be allowed for the scope; NotFound where they may not know of it.
Result<> requireScope(const Principal& principal, const contract::Scope& scope);

/// What changed after `cursor`: each thing once, whole. Conflict where the cursor is ahead of this
/// installation, and for the events of a line whose bill changed: take a snapshot again.
Result<contract::ChangePage> scopeChanges(
    const Context& context, const Principal& principal, const contract::Scope& scope,
    std::int64_t cursor, int limit
);

/// The whole scope, a page of items at a time, so that memory stays flat. The cursor in its header
/// was read first: what changes while it streams comes again through the feed.
Result<http::Producer>
scopeSnapshot(const Context& context, const Principal& principal, const contract::Scope& scope);

} // namespace quittance::backend
