#pragma once

#include "backend/ledger/ledger.h"

#include <functional>
#include <optional>

/// The ledger's SQL.
namespace quittance::backend::ledger_queries {

/// The posting's id, or nothing where the reference is taken.
Result<std::optional<std::int64_t>>
insertPosting(database::Transaction& tx, const Posting& posting, Instant bookedAt);
Result<> insertEntry(
    database::Transaction& tx, AccountId account, std::int64_t posting, std::int64_t number,
    const LedgerEntry& entry
);

Result<std::vector<StoredPosting>>
readPostings(database::Transaction& tx, std::string_view referencePrefix);

struct PostingFault {
    AccountId account = 0;
    std::int64_t posting = 0;
    std::string reference;
    std::string currency; ///< of the sum that is not zero
    std::int64_t amount = 0; ///< that sum, or the number of entries
};
Result<std::vector<PostingFault>> unbalancedPostings(database::Transaction& tx);
Result<std::vector<PostingFault>> postingsUnderTwoEntries(database::Transaction& tx);
Result<std::vector<PostingFault>> entriesWithoutPosting(database::Transaction& tx);
Result<std::vector<PostingFault>> unbalancedCurrencies(database::Transaction& tx);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::ledger_queries
