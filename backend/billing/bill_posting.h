#pragma once

#include "backend/ledger/ledger.h"
#include "core/domain/bill.h"

#include <string>

namespace quittance::backend {

[[nodiscard]] std::string issueReference(BillId bill); ///< "bill/17/issued"
/// What the issue of a bill books: receivable, revenue, tax. Zero amounts are left out; no entries
/// at all for a bill of zero.
[[nodiscard]] Posting issuePosting(const Bill& bill);

} // namespace quittance::backend
