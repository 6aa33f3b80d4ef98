#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Who, what, when, before, after - written in the transaction of the change. Change feed,
/// notifications and audit read it and nothing else. Append only: the database refuses updates and
/// deletions.
///
/// Tables: journal_entry(id $ID$, at, actor_kind, actor_id, viewing_account_id, account_id, kind,
/// subject_type, subject_id, before_text, after_text, personal_hash, canonical bytes),
/// journal_personal(entry_id, salt, personal_text: erasable, bound by personal_hash =
/// BLAKE2b-256(salt || text)), journal_sequence(seq PRIMARY KEY, entry_id UNIQUE, account_id),
/// journal_pending(entry_id: has no number yet), journal_sequencer(one row: locked by who numbers).
///
/// Canonical bytes: netstrings ("5:hello,") of "quittance-journal-1", at in microseconds, actor
/// kind, actor id, viewing account, account, kind, subject type, subject id, before, after and the
/// personal hash as hexadecimal; what is absent is empty.
namespace quittance::backend {

struct JournalDraft {
    std::string kind; ///< "bill.issued": subject type, dot, past participle
    std::optional<std::int64_t>
        account; ///< whose feed it belongs to; none for the whole installation
    std::string subjectType; ///< "bill"
    std::int64_t subjectId = 0;
    std::string before; ///< compact JSON of what changed, without personal data; "" where new
    std::string after;
    std::string personal; ///< compact JSON of names, addresses, e-mails, remote addresses; kept
                          ///< beside; "" where none
};

struct JournalEntry {
    std::int64_t seq = 0; ///< dense, from 1, in commit order
    std::int64_t id = 0;
    Instant at;
    Actor actor; ///< without address: that is personal data
    JournalDraft draft; ///< `personal` empty where erased or not asked for
    std::string canonical; ///< the exact bytes that later proofs hash
};

/// Appends within the caller's transaction. The entry gets its number (seq) from the sequencer
/// after commit.
Result<> appendJournal(
    database::Transaction& tx, const Context& context, const Actor& actor, const JournalDraft& draft
);

/// One step of the sequencer: numbers committed entries that have none yet, in one transaction,
/// oldest id first, and returns the highest number. Numbers become visible in order, so a reader of
/// seq > N never skips one, even where two transactions commit out of order. Only one program
/// numbers at a time (it locks the sequencer's row); others return what is there.
Result<std::int64_t> sequenceJournal(const Context& context);

Result<std::int64_t> lastJournalNumber(database::Transaction& tx);

struct JournalFilter {
    std::int64_t after = 0; ///< seq > after
    std::optional<std::int64_t> account; ///< entries of this account only
    std::optional<std::string> subjectType;
    int limit = 1000;
    bool withPersonal = false;
};
/// In order of seq.
Result<std::vector<JournalEntry>>
readJournal(database::Transaction& tx, const JournalFilter& filter);

/// What the journal says of one thing: its entries of this kind, with a number or not yet, oldest
/// first; without personal parts.
Result<std::vector<JournalEntry>> journalOf(
    database::Transaction& tx, std::string_view subjectType, std::int64_t subjectId,
    std::string_view kind
);

/// Recomputes canonical bytes and personal hashes and checks that numbers are dense; one line per
/// fault.
Result<std::vector<std::string>> checkJournal(database::Transaction& tx);

[[nodiscard]] database::Migration journalMigration(int number);

} // namespace quittance::backend
