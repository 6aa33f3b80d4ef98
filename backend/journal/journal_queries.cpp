#include "backend/journal/journal_queries.h"

#include "backend/journal/schema.h"

namespace quittance::backend::journal_queries {

namespace {

using database::Row;
using database::Transaction;
using database::Value;

std::string asString(std::span<const std::byte> bytes)
{
    return { reinterpret_cast<const char*>(bytes.data()), bytes.size() };
}

database::Bytes asBytes(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return { bytes.begin(), bytes.end() };
}

std::optional<database::Bytes> bytesOrNull(const Row& row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    const auto bytes = row.bytes(column);
    return database::Bytes(bytes.begin(), bytes.end());
}

/// What entryOf reads, but for the personal part behind it.
constexpr std::string_view entryColumns
    = "SELECT s.seq, e.id, e.at, e.actor_kind, e.actor_id, e.viewing_account_id, e.account_id,"
      " e.kind, e.subject_type, e.subject_id, e.before_text, e.after_text, e.canonical";

JournalEntry entryOf(const Row& row)
{
    JournalEntry entry;
    int column = 0;
    entry.seq = row.isNull(column) ? 0 : row.integer(column);
    entry.id = row.integer(++column);
    entry.at = Instant { row.integer(++column) };
    entry.actor.kind = static_cast<Actor::Kind>(row.integer(++column));
    entry.actor.id = row.integer(++column);
    entry.actor.viewingAccount = row.integerOrNull(++column);
    entry.draft.account = row.integerOrNull(++column);
    entry.draft.kind = row.string(++column);
    entry.draft.subjectType = row.string(++column);
    entry.draft.subjectId = row.integer(++column);
    entry.draft.before = row.string(++column);
    entry.draft.after = row.string(++column);
    entry.canonical = asString(row.bytes(++column));
    if (!row.isNull(++column))
        entry.draft.personal = row.string(column);
    return entry;
}
constexpr int afterEntryColumns = 14;

} // namespace

Result<std::int64_t> insertEntry(Transaction& tx, const NewEntry& entry)
{
    return tx.queryInteger(
        "INSERT INTO journal_entry (at, actor_kind, actor_id, viewing_account_id, account_id, kind,"
        " subject_type, subject_id, before_text, after_text, personal_hash, canonical)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        { entry.at.micros, static_cast<std::int64_t>(entry.actor.kind), entry.actor.id,
          database::nullable(entry.actor.viewingAccount), database::nullable(entry.draft.account),
          entry.draft.kind, entry.draft.subjectType, entry.draft.subjectId, entry.draft.before,
          entry.draft.after, entry.personalHash ? Value(*entry.personalHash) : Value(),
          asBytes(entry.canonical) }
    );
}

Result<> insertPersonal(
    Transaction& tx, std::int64_t entry, const database::Bytes& salt, const std::string& text
)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO journal_personal (entry_id, salt, personal_text) VALUES ($1, $2, $3)",
        { entry, salt, text }
    ));
    return {};
}

Result<> insertPending(Transaction& tx, std::int64_t entry, std::optional<std::int64_t> account)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO journal_pending (entry_id, account_id) VALUES ($1, $2)",
        { entry, database::nullable(account) }
    ));
    return {};
}

Result<bool> anyPending(Transaction& tx)
{
    bool found = false;
    QUITTANCE_CHECK(tx.query(
        "SELECT entry_id FROM journal_pending LIMIT 1", {},
        [&](const Row&) -> Result<> {
            found = true;
            return {};
        }
    ));
    return found;
}

Result<bool> tryLockSequencer(Transaction& tx)
{
    bool locked = false;
    QUITTANCE_CHECK(tx.query(
        "SELECT only_row FROM journal_sequencer WHERE only_row = 1"
            + std::string(tx.dialect().skipLocked()),
        {},
        [&](const Row&) -> Result<> {
            locked = true;
            return {};
        }
    ));
    return locked;
}

Result<std::int64_t> numberPending(Transaction& tx, std::int64_t last, std::int64_t limit)
{
    QUITTANCE_TRY(
        const std::int64_t numbered,
        tx.execute(
            "INSERT INTO journal_sequence (seq, entry_id, account_id)"
            " SELECT CAST($1 AS BIGINT) + ROW_NUMBER() OVER (ORDER BY entry_id), entry_id, "
            "account_id"
            " FROM journal_pending ORDER BY entry_id LIMIT $2",
            { last, limit }
        )
    );
    QUITTANCE_CHECK(tx.execute(
        "DELETE FROM journal_pending WHERE entry_id IN"
        " (SELECT entry_id FROM journal_sequence WHERE seq > $1)",
        { last }
    ));
    return numbered;
}

Result<> readEntries(
    Transaction& tx, const JournalFilter& filter,
    const std::function<Result<>(JournalEntry&)>& entry
)
{
    // The personal part is joined only where asked for, so that it cannot leak into an answer.
    std::string sql = std::string(entryColumns)
        + ", p.personal_text FROM journal_sequence s JOIN journal_entry e ON e.id = s.entry_id"
          " LEFT JOIN journal_personal p ON p.entry_id = e.id AND CAST($1 AS BIGINT) = 1"
          " WHERE s.seq > $2 AND (CAST($3 AS TEXT) = '' OR e.subject_type = $3)";
    std::vector<Value> args { std::int64_t { filter.withPersonal ? 1 : 0 }, filter.after,
                              filter.subjectType.value_or(""), std::int64_t { filter.limit } };
    if (filter.account) {
        sql += " AND s.account_id = $5";
        args.emplace_back(*filter.account);
    }
    sql += " ORDER BY s.seq LIMIT $4";
    return tx.query(sql, std::span<const Value>(args), [&](const Row& row) -> Result<> {
        JournalEntry found = entryOf(row);
        return entry(found);
    });
}

Result<> readProofs(Transaction& tx, const std::function<Result<>(const ProofRow&)>& row)
{
    return tx.query(
        std::string(entryColumns)
            + ", p.personal_text, e.personal_hash, p.salt, w.entry_id"
              " FROM journal_entry e LEFT JOIN journal_sequence s ON s.entry_id = e.id"
              " LEFT JOIN journal_personal p ON p.entry_id = e.id"
              " LEFT JOIN journal_pending w ON w.entry_id = e.id"
              " ORDER BY CASE WHEN s.seq IS NULL THEN 1 ELSE 0 END, s.seq, e.id",
        {},
        [&](const Row& answer) -> Result<> {
            ProofRow proof;
            proof.entry = entryOf(answer);
            int column = afterEntryColumns;
            proof.personalHash = bytesOrNull(answer, column);
            proof.salt = bytesOrNull(answer, ++column);
            proof.isPending = !answer.isNull(++column);
            return row(proof);
        }
    );
}

Result<std::vector<std::int64_t>> numbersWithoutEntry(Transaction& tx)
{
    return tx.queryAll<std::int64_t>(
        "SELECT s.seq FROM journal_sequence s LEFT JOIN journal_entry e ON e.id = s.entry_id"
        " WHERE e.id IS NULL ORDER BY s.seq",
        {}, [](const Row& row) { return row.integer(0); }
    );
}

Result<> createTables(Transaction& tx)
{
    // Two tables refer to journal_entry without a constraint: checking it reads the page that every
    // other writer is adding to, and a serializable PostgreSQL then lets only one of two pass.
    return createSchema(
        tx,
        R"(CREATE TABLE journal_entry (
    id $ID$,
    at BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL CHECK (actor_kind BETWEEN 1 AND 4),
    actor_id BIGINT NOT NULL,
    viewing_account_id BIGINT,
    account_id BIGINT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject_type TEXT NOT NULL CHECK (subject_type <> ''),
    subject_id BIGINT NOT NULL,
    before_text TEXT NOT NULL,
    after_text TEXT NOT NULL,
    personal_hash $BYTES$,
    canonical $BYTES$ NOT NULL
);
CREATE INDEX journal_entry_subject ON journal_entry (subject_type, subject_id);
CREATE TABLE journal_personal (
    entry_id BIGINT NOT NULL PRIMARY KEY,
    salt $BYTES$ NOT NULL,
    personal_text TEXT NOT NULL
);
CREATE TABLE journal_pending (
    entry_id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT
);
CREATE TABLE journal_sequence (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    entry_id BIGINT NOT NULL UNIQUE REFERENCES journal_entry (id),
    account_id BIGINT
);
CREATE INDEX journal_sequence_account ON journal_sequence (account_id, seq);
CREATE TABLE journal_sequencer (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1)
);
INSERT INTO journal_sequencer (only_row) VALUES (1);
)",
        { "journal_entry", "journal_sequence" }
    );
}

} // namespace quittance::backend::journal_queries

namespace quittance::backend {

Result<std::vector<JournalEntry>> journalOf(
    database::Transaction& tx, std::string_view subjectType, std::int64_t subjectId,
    std::string_view kind
)
{
    return tx.queryAll<JournalEntry>(
        std::string(journal_queries::entryColumns)
            + ", CAST(NULL AS TEXT) FROM journal_entry e"
              " LEFT JOIN journal_sequence s ON s.entry_id = e.id"
              " WHERE e.subject_type = $1 AND e.subject_id = $2 AND e.kind = $3 ORDER BY e.id",
        { std::string(subjectType), subjectId, std::string(kind) }, journal_queries::entryOf
    );
}

Result<std::int64_t> lastJournalNumber(database::Transaction& tx)
{
    return tx.queryInteger("SELECT COALESCE(MAX(seq), 0) FROM journal_sequence");
}

database::Migration journalMigration(int number)
{
    return { number, "journal", journal_queries::createTables };
}

} // namespace quittance::backend
