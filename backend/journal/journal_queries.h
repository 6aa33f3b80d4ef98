#pragma once

#include "backend/journal/journal.h"

/// The journal's SQL.
namespace quittance::backend::journal_queries {

struct NewEntry {
    Instant at;
    const Actor& actor;
    const JournalDraft& draft;
    std::optional<database::Bytes> personalHash;
    const std::string& canonical;
};
Result<std::int64_t> insertEntry(database::Transaction& tx, const NewEntry& entry);
Result<> insertPersonal(
    database::Transaction& tx, std::int64_t entry, const database::Bytes& salt,
    const std::string& text
);
/// Marks the entry as one that has no number yet.
Result<>
insertPending(database::Transaction& tx, std::int64_t entry, std::optional<std::int64_t> account);

Result<bool> anyPending(database::Transaction& tx);
/// Locks the sequencer's row until the transaction ends; false where another program holds it.
Result<bool> tryLockSequencer(database::Transaction& tx);
/// Numbers up to `limit` pending entries from `last` + 1 on, oldest id first; returns how many.
Result<std::int64_t>
numberPending(database::Transaction& tx, std::int64_t last, std::int64_t limit);

Result<> readEntries(
    database::Transaction& tx, const JournalFilter& filter,
    const std::function<Result<>(JournalEntry&)>& entry
);

/// An entry with all that proves it, whether it has a number or not.
struct ProofRow {
    JournalEntry entry; ///< seq 0 where it has no number
    bool isPending = false;
    std::optional<database::Bytes> personalHash;
    std::optional<database::Bytes> salt; ///< none: no personal part, or erased
};
/// By number, entries without one last.
Result<> readProofs(database::Transaction& tx, const std::function<Result<>(const ProofRow&)>& row);
/// Numbers whose entry does not exist.
Result<std::vector<std::int64_t>> numbersWithoutEntry(database::Transaction& tx);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::journal_queries
