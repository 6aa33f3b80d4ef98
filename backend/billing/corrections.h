#pragma once

#include "backend/billing/make_bill.h"
#include "backend/billing/stored_bill.h"

#include <span>
#include <string>
#include <vector>

/// Usage that came in after its month was billed, and the lines that bill it.
///
/// The account's earliest open bill after that month has them: what is still a draft, else the one
/// that is being made. A month is rated with the plan versions that its bill knew. Where these do
/// not price what came late, all versions of today rate it, and the corrections after that one too.
namespace quittance::backend {

/// Those of the account's months that were billed before `month` and have grown since, and whose
/// corrections belong on its bill; in order. `billed`: all of the account, in order.
Result<std::vector<BilledMonth>> lateMonths(
    database::Transaction& tx, AccountId account, Month month, std::span<const BilledMonth> billed
);

struct Correction {
    std::string number; ///< of the corrected bill
    CorrectedUse use;
    RatedUsage rated; ///< numbered from 1
    std::vector<PricePlan> versions; ///< that priced it
};

/// The correction of one bill by the usage of this moment: from the daily sums, less what that bill
/// and its issued corrections say.
Result<Correction>
correctBill(database::Transaction& tx, const AccountRecord& account, BillId corrected);

/// Up to where the usage of a bill's month was billed.
struct Billed {
    std::int64_t usageBatch = 0;
    std::int32_t planVersionMax = 0;
};
/// What was billed of the month of `corrected` when a bill up to `usageBatch` corrected it: by its
/// own bill, or by the last correction before.
Result<Billed>
billedBefore(database::Transaction& tx, const StoredBill& corrected, std::int64_t usageBatch);

/// Puts the correction's lines behind those that are there.
Result<> append(RatedUsage& rated, RatedUsage correction);

} // namespace quittance::backend
