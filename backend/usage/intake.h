#pragma once

#include "backend/journal/context.h"
#include "backend/usage/usage.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Usage as programs send it while it happens: a batch over the API. What is older than the window
/// enters by `usage import`, so that nobody changes a month unnoticed that was billed long ago.
namespace quittance::backend {

constexpr std::size_t intakeEventsMax = 10'000;
constexpr std::int64_t intakeBackMicros = 35 * microsPerDay;
constexpr std::int64_t intakeAheadMicros = 5 * 60 * microsPerSecond;

/// An event as it came: `quantity` is a decimal text, since the meter says how many decimals it
/// has.
struct IntakeEvent {
    std::int64_t row = 0; ///< from 1, as the sender counts
    UsageEvent event;
    std::string quantity;
};

struct IntakeRefusal {
    std::int64_t row = 0;
    std::string id;
    std::string reason;
};

struct IntakeReport {
    std::int64_t accepted = 0;
    std::int64_t repeated = 0;
    std::vector<IntakeRefusal> refused; ///< by row; they keep no other from being stored
};

/// Stores what is new in one transaction. An event whose start is more than 35 days ago, whose end
/// is more than 5 minutes ahead, of an account that is absent or that `mayWrite` denies (in the
/// same words), of an unknown meter, with a negative quantity or one that is none of its meter's is
/// refused; so is what addUsage refuses. Journalled: usage.received. TooLarge for more than 10,000.
Result<IntakeReport> receiveUsage(
    const Context& context, const Actor& actor, std::span<const IntakeEvent> events,
    const std::function<bool(AccountId)>& mayWrite, SumCheck check = SumCheck::ByDatabase
);

} // namespace quittance::backend
