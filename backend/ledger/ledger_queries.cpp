#include "backend/ledger/ledger_queries.h"

#include "backend/journal/schema.h"

namespace quittance::backend::ledger_queries {

namespace {

using database::Row;
using database::Transaction;

/// Columns: account, posting, reference, currency, amount.
Result<std::vector<PostingFault>> faults(Transaction& tx, std::string_view sql)
{
    return tx.queryAll<PostingFault>(sql, {}, [](const Row& row) {
        int column = 0;
        PostingFault fault;
        fault.account = row.integer(column);
        fault.posting = row.integer(++column);
        fault.reference = row.string(++column);
        fault.currency = row.string(++column);
        fault.amount = row.integer(++column);
        return fault;
    });
}

/// Columns: id, account, kind, reference, effect date, booked at, ledger account, currency, amount.
StoredPosting postingOf(const Row& row)
{
    int column = 0;
    StoredPosting stored;
    stored.id = row.integer(column);
    stored.posting.account = row.integer(++column);
    stored.posting.kind = row.string(++column);
    stored.posting.reference = row.string(++column);
    stored.posting.effectDate = Date { row.int32(++column) };
    stored.bookedAt = Instant { row.integer(++column) };
    return stored;
}

Result<LedgerEntry> entryOf(const Row& row)
{
    int column = 6;
    LedgerEntry entry;
    entry.account = static_cast<LedgerAccount>(row.integer(column));
    QUITTANCE_TRY(const Currency currency, Currency::find(row.text(++column)));
    entry.amount = Money { row.integer(++column), currency };
    return entry;
}

} // namespace

Result<std::optional<std::int64_t>>
insertPosting(Transaction& tx, const Posting& posting, Instant bookedAt)
{
    // DO NOTHING rather than a failed statement: that would spoil the caller's whole transaction.
    return tx.queryFirst<std::int64_t>(
        "INSERT INTO ledger_posting (account_id, kind, reference, effect_date, booked_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (reference) DO NOTHING RETURNING id",
        { posting.account, posting.kind, posting.reference,
          std::int64_t { posting.effectDate.days }, bookedAt.micros },
        [](const Row& row) { return row.integer(0); }
    );
}

Result<> insertEntry(
    Transaction& tx, AccountId account, std::int64_t posting, std::int64_t number,
    const LedgerEntry& entry
)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO ledger_entry"
        " (account_id, posting_id, entry_number, ledger_account, currency, amount_minor)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        { account, posting, number, static_cast<std::int64_t>(entry.account),
          entry.amount.currency.code(), entry.amount.minor }
    ));
    return {};
}

Result<std::vector<StoredPosting>> readPostings(Transaction& tx, std::string_view referencePrefix)
{
    // Text is compared by its bytes in both engines, so a prefix is a range; nothing sorts after
    // this character.
    const std::string first(referencePrefix);
    const std::string last = first + "\U0010FFFF";
    std::vector<StoredPosting> postings;
    QUITTANCE_CHECK(tx.query(
        "SELECT p.id, p.account_id, p.kind, p.reference, p.effect_date, p.booked_at,"
        " e.ledger_account, e.currency, e.amount_minor"
        " FROM ledger_posting p"
        " JOIN ledger_entry e ON e.account_id = p.account_id AND e.posting_id = p.id"
        " WHERE p.reference >= $1 AND p.reference < $2 ORDER BY p.id, e.entry_number",
        { first, last },
        [&](const Row& row) -> Result<> {
            if (postings.empty() || postings.back().id != row.integer(0))
                postings.push_back(postingOf(row));
            QUITTANCE_TRY(const LedgerEntry entry, entryOf(row));
            postings.back().posting.entries.push_back(entry);
            return {};
        }
    ));
    return postings;
}

Result<std::vector<PostingFault>> unbalancedPostings(Transaction& tx)
{
    return faults(
        tx,
        "SELECT e.account_id, e.posting_id, COALESCE(p.reference, ''), e.currency,"
        " CAST(SUM(e.amount_minor) AS BIGINT)"
        " FROM ledger_entry e"
        " LEFT JOIN ledger_posting p ON p.account_id = e.account_id AND p.id = e.posting_id"
        " GROUP BY e.account_id, e.posting_id, p.reference, e.currency"
        " HAVING SUM(e.amount_minor) <> 0 ORDER BY e.account_id, e.posting_id, e.currency"
    );
}

Result<std::vector<PostingFault>> postingsUnderTwoEntries(Transaction& tx)
{
    return faults(
        tx,
        "SELECT p.account_id, p.id, p.reference, '', COUNT(e.posting_id)"
        " FROM ledger_posting p"
        " LEFT JOIN ledger_entry e ON e.account_id = p.account_id AND e.posting_id = p.id"
        " GROUP BY p.account_id, p.id, p.reference"
        " HAVING COUNT(e.posting_id) < 2 ORDER BY p.account_id, p.id"
    );
}

Result<std::vector<PostingFault>> entriesWithoutPosting(Transaction& tx)
{
    return faults(
        tx,
        "SELECT e.account_id, e.posting_id, '', e.currency, e.amount_minor"
        " FROM ledger_entry e"
        " LEFT JOIN ledger_posting p ON p.account_id = e.account_id AND p.id = e.posting_id"
        " WHERE p.id IS NULL ORDER BY e.account_id, e.posting_id, e.entry_number"
    );
}

Result<std::vector<PostingFault>> unbalancedCurrencies(Transaction& tx)
{
    return faults(
        tx,
        "SELECT 0, 0, '', currency, CAST(SUM(amount_minor) AS BIGINT) FROM ledger_entry"
        " GROUP BY currency HAVING SUM(amount_minor) <> 0 ORDER BY currency"
    );
}

Result<> createTables(Transaction& tx)
{
    return createSchema(
        tx,
        R"(CREATE TABLE ledger_chart (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
INSERT INTO ledger_chart (number, name) VALUES (1, 'receivable'), (2, 'revenue'), (3, 'tax-payable'),
    (4, 'customer-credit'), (5, 'bank'), (6, 'gateway-in-transit'), (7, 'suspense');
CREATE TABLE ledger_posting (
    account_id BIGINT NOT NULL,
    id $ID$,
    kind TEXT NOT NULL CHECK (kind <> ''),
    reference TEXT NOT NULL UNIQUE CHECK (reference <> ''),
    effect_date BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    UNIQUE (account_id, id)
);
CREATE TABLE ledger_entry (
    account_id BIGINT NOT NULL,
    posting_id BIGINT NOT NULL,
    entry_number BIGINT NOT NULL CHECK (entry_number > 0),
    ledger_account BIGINT NOT NULL REFERENCES ledger_chart (number),
    currency TEXT NOT NULL CHECK (LENGTH(currency) = 3),
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (account_id, posting_id, entry_number),
    FOREIGN KEY (account_id, posting_id) REFERENCES ledger_posting (account_id, id)
) $WITHOUT_ROWID$;
)",
        { "ledger_chart", "ledger_posting", "ledger_entry" }
    );
}

} // namespace quittance::backend::ledger_queries

namespace quittance::backend {

Result<std::vector<LedgerBalance>> ledgerBalances(database::Transaction& tx)
{
    std::vector<LedgerBalance> balances;
    QUITTANCE_CHECK(tx.query(
        "SELECT account_id, ledger_account, currency,"
        " CAST(SUM(amount_minor) AS BIGINT) FROM ledger_entry"
        " GROUP BY account_id, ledger_account, currency"
        " HAVING SUM(amount_minor) <> 0"
        " ORDER BY account_id, ledger_account, currency",
        {},
        [&](const database::Row& row) -> Result<> {
            int column = 0;
            LedgerBalance balance;
            balance.account = row.integer(column);
            balance.ledgerAccount = static_cast<LedgerAccount>(row.integer(++column));
            QUITTANCE_TRY(const Currency currency, Currency::find(row.text(++column)));
            balance.amount = Money { row.integer(++column), currency };
            balances.push_back(balance);
            return {};
        }
    ));
    return balances;
}

Result<Money> receivableBalance(database::Transaction& tx, AccountId account, Currency currency)
{
    QUITTANCE_TRY(
        const std::int64_t minor,
        tx.queryInteger(
            "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM ledger_entry"
            " WHERE account_id = $1 AND ledger_account = $2 AND currency = $3",
            { account, static_cast<std::int64_t>(LedgerAccount::Receivable), currency.code() }
        )
    );
    return Money { minor, currency };
}

database::Migration ledgerMigration(int number)
{
    return { number, "ledger", ledger_queries::createTables };
}

} // namespace quittance::backend
