#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"
#include "core/domain/money.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Double entry, append only. Balances are derived, never stored. The database refuses updates,
/// deletions and a second posting of one reference.
///
/// Tables: ledger_chart(number, name), ledger_posting(account_id, id, kind, reference UNIQUE,
/// effect_date, booked_at), ledger_entry(account_id, posting_id, entry_number, ledger_account,
/// currency, amount_minor <> 0).
namespace quittance::backend {

/// The chart of accounts. Numbers are stored and never renumbered. Debits are positive.
enum class LedgerAccount : std::uint8_t {
    Receivable = 1,
    Revenue = 2,
    TaxPayable = 3,
    CustomerCredit = 4,
    Bank = 5,
    GatewayInTransit = 6,
    Suspense = 7
};
[[nodiscard]] std::string_view wireName(LedgerAccount account); ///< "receivable"

struct LedgerEntry {
    LedgerAccount account = LedgerAccount::Receivable;
    Money amount; ///< debit positive, credit negative, never zero
};

struct Posting {
    AccountId account = 0;
    std::string kind; ///< "bill.issued"
    std::string reference; ///< "bill/17/issued": unique over all postings
    Date effectDate; ///< the day it belongs to; the booking instant is the clock's
    std::vector<LedgerEntry> entries; ///< at least two; sum to zero per currency
};

/// InvalidArgument where entries do not sum to zero per currency or one is zero; AlreadyExists for
/// a repeated reference. Returns the posting's id.
Result<std::int64_t>
post(database::Transaction& tx, const Context& context, const Posting& posting);

struct LedgerBalance {
    AccountId account = 0;
    LedgerAccount ledgerAccount = LedgerAccount::Receivable;
    Money amount;
};
/// Per account, ledger account and currency; zero balances left out.
Result<std::vector<LedgerBalance>> ledgerBalances(database::Transaction& tx);
/// What the account owes by the ledger: the balance of Receivable in this currency.
Result<Money> receivableBalance(database::Transaction& tx, AccountId account, Currency currency);

struct StoredPosting {
    std::int64_t id = 0;
    Posting posting;
    Instant bookedAt;
};
Result<std::vector<StoredPosting>>
postingsByReference(database::Transaction& tx, std::string_view referencePrefix);

/// Every posting sums to zero, every entry has its posting, the whole sums to zero; one line per
/// fault.
Result<std::vector<std::string>> checkLedger(database::Transaction& tx);

[[nodiscard]] database::Migration ledgerMigration(int number);

} // namespace quittance::backend
