#pragma once

#include "core/domain/result.h"
#include "core/http/message.h"

namespace quittance::backend {

/// The one mapping of errors to HTTP.
[[nodiscard]] int httpStatus(ErrorCode code);

/// application/problem+json with the code's stable name. What is wrong inside (Internal, Corrupt,
/// Busy, ...) is logged by the caller and answered without its detail; 503 says with Retry-After
/// when the same request, with the same Idempotency-Key, is worth sending again.
[[nodiscard]] http::Response problem(const Error& error);

/// For failures that the HTTP layer itself answers (no such route, a body too large, ...).
[[nodiscard]] http::Response problemForStatus(int status, std::string_view detail);

} // namespace quittance::backend
