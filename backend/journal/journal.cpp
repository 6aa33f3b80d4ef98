#include "backend/journal/journal.h"

#include "backend/journal/journal_queries.h"
#include "backend/journal/secure.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <iterator>

namespace quittance::backend {

namespace {

using database::Bytes;
using database::Transaction;

constexpr std::int64_t numberedPerStepMax = 100'000;
constexpr std::string_view canonicalVersion = "quittance-journal-1";

/// One field as a netstring ("5:hello,"): no text can run into its neighbour, and any language can
/// read it.
void appendField(std::string& canonical, std::string_view field)
{
    fmt::format_to(std::back_inserter(canonical), "{}:{},", field.size(), field);
}

void appendField(std::string& canonical, std::optional<std::int64_t> field)
{
    appendField(canonical, field ? std::to_string(*field) : std::string());
}

/// The fields in this order, for good: proofs hash these bytes. The number and id are not among
/// them: an entry gets its number after it is written, and its place in the sequence is proved by
/// the sequence.
std::string canonicalBytes(
    Instant at, const Actor& actor, const JournalDraft& draft,
    const std::optional<Bytes>& personalHash
)
{
    std::string canonical;
    appendField(canonical, canonicalVersion);
    appendField(canonical, at.micros);
    appendField(canonical, static_cast<std::int64_t>(actor.kind));
    appendField(canonical, actor.id);
    appendField(canonical, actor.viewingAccount);
    appendField(canonical, draft.account);
    appendField(canonical, draft.kind);
    appendField(canonical, draft.subjectType);
    appendField(canonical, draft.subjectId);
    appendField(canonical, draft.before);
    appendField(canonical, draft.after);
    appendField(canonical, personalHash ? hexText(*personalHash) : std::string());
    return canonical;
}

/// The remote address is personal data: it joins the personal part as "remoteAddress".
Result<std::string> personalText(const JournalDraft& draft, const Actor& actor)
{
    if (actor.address.empty())
        return draft.personal;
    boost::json::object personal;
    if (!draft.personal.empty()) {
        boost::json::error_code error;
        const boost::json::value parsed = boost::json::parse(draft.personal, error);
        if (error || !parsed.is_object())
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("journal {}: the personal part is not a JSON object", draft.kind)
            );
        personal = parsed.get_object();
    }
    personal["remoteAddress"] = actor.address;
    return boost::json::serialize(personal);
}

void checkProof(const journal_queries::ProofRow& row, std::vector<std::string>& faults)
{
    const JournalEntry& entry = row.entry;
    const auto fault = [&](std::string_view what) {
        faults.push_back(fmt::format("journal entry {} (number {}): {}", entry.id, entry.seq, what)
        );
    };
    if (canonicalBytes(entry.at, entry.actor, entry.draft, row.personalHash) != entry.canonical)
        fault("its fields differ from its canonical bytes");
    if (row.salt && !row.personalHash)
        fault("has a personal part that nothing binds");
    if (row.salt && row.personalHash
        && !sameBytes(saltedHash256(*row.salt, entry.draft.personal), *row.personalHash))
        fault("its personal part differs from its hash");
    if (entry.seq == 0 && !row.isPending)
        fault("has no number and waits for none");
    if (entry.seq != 0 && row.isPending)
        fault("waits for a number although it has one");
}

} // namespace

Result<> appendJournal(
    Transaction& tx, const Context& context, const Actor& actor, const JournalDraft& draft
)
{
    QUITTANCE_TRY(const std::string personal, personalText(draft, actor));
    std::optional<Bytes> hash;
    Bytes salt;
    if (!personal.empty()) {
        salt = randomBytes(context.random, saltSizeBytes);
        hash = saltedHash256(salt, personal);
    }
    const Instant at = context.clock.now();
    const std::string canonical = canonicalBytes(at, actor, draft, hash);
    QUITTANCE_TRY(
        const std::int64_t id,
        journal_queries::insertEntry(tx, { at, actor, draft, hash, canonical })
    );
    if (hash)
        QUITTANCE_CHECK(journal_queries::insertPersonal(tx, id, salt, personal));
    return journal_queries::insertPending(tx, id, draft.account);
}

Result<std::int64_t> sequenceJournal(const Context& context)
{
    // Looked at first, so that an idle installation writes nothing.
    QUITTANCE_TRY(const bool pending, context.database.read(journal_queries::anyPending));
    if (!pending)
        return context.database.read(lastJournalNumber);
    return context.database.write([](Transaction& tx) -> Result<std::int64_t> {
        // The row lock is the lease: it ends with the transaction, however that ends, and no second
        // sequencer can give numbers before this one's are visible.
        QUITTANCE_TRY(const bool locked, journal_queries::tryLockSequencer(tx));
        QUITTANCE_TRY(const std::int64_t last, lastJournalNumber(tx));
        if (!locked)
            return last;
        QUITTANCE_TRY(
            const std::int64_t numbered,
            journal_queries::numberPending(tx, last, numberedPerStepMax)
        );
        return last + numbered;
    });
}

Result<std::vector<JournalEntry>> readJournal(Transaction& tx, const JournalFilter& filter)
{
    std::vector<JournalEntry> entries;
    QUITTANCE_CHECK(journal_queries::readEntries(tx, filter, [&](JournalEntry& entry) -> Result<> {
        entries.push_back(std::move(entry));
        return {};
    }));
    return entries;
}

Result<std::vector<std::string>> checkJournal(Transaction& tx)
{
    std::vector<std::string> faults;
    std::int64_t last = 0;
    QUITTANCE_CHECK(journal_queries::readProofs(
        tx,
        [&](const journal_queries::ProofRow& row) -> Result<> {
            if (row.entry.seq != 0 && row.entry.seq != last + 1)
                faults.push_back(fmt::format("journal: number {} follows {}", row.entry.seq, last));
            if (row.entry.seq != 0)
                last = row.entry.seq;
            checkProof(row, faults);
            return {};
        }
    ));
    QUITTANCE_TRY(const auto orphans, journal_queries::numbersWithoutEntry(tx));
    for (const std::int64_t seq : orphans)
        faults.push_back(fmt::format("journal: number {} has no entry", seq));
    return faults;
}

} // namespace quittance::backend
