#pragma once

#include "backend/billing/bill_journal.h"
#include "backend/billing/stored_bill.h"
#include "backend/journal/context.h"
#include "core/formats/brand.h"

namespace quittance::backend {

/// Renders an issued bill in every format and keeps the bytes with their hashes: what is served
/// ever after. The hashes, for the journal.
Result<std::vector<DocumentHash>> archiveDocuments(
    database::Transaction& tx, const Context& context, const formats::Brand& brand,
    const StoredBill& stored
);

} // namespace quittance::backend
