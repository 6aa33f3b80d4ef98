#include "backend/journal/journal.h"
#include "backend/journal/secure.h"
#include "tests/backend/foundation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

JournalDraft draft(std::int64_t subject, std::optional<std::int64_t> account = std::nullopt)
{
    JournalDraft made;
    made.kind = "bill.issued";
    made.account = account;
    made.subjectType = "bill";
    made.subjectId = subject;
    made.after = R"({"total":"1.00"})";
    return made;
}

Result<> append(const Context& context, const JournalDraft& entry, const Actor& actor = commandLine)
{
    return context.database.write([&](Transaction& tx) {
        return appendJournal(tx, context, actor, entry);
    });
}

std::vector<JournalEntry> entriesAfter(const Context& context, std::int64_t after)
{
    JournalFilter filter;
    filter.after = after;
    return valueOf(context.database.read([&](Transaction& tx) { return readJournal(tx, filter); }));
}

std::vector<std::int64_t> subjectsOf(const std::vector<JournalEntry>& entries)
{
    std::vector<std::int64_t> subjects;
    subjects.reserve(entries.size());
    for (const JournalEntry& entry : entries)
        subjects.push_back(entry.draft.subjectId);
    return subjects;
}

/// Opened once, by whoever gets there.
class Gate {
public:
    void open()
    {
        const std::scoped_lock lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isOpen; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isOpen = false;
};

} // namespace

TEST_CASE("Entries get dense numbers in the order of commits and are read back whole")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        CHECK(valueOf(sequenceJournal(context)) == 0);
        JournalDraft second = draft(2, 7);
        second.before = R"({"state":"draft"})";
        second.personal = R"({"name":"Ada"})";
        const Actor person { Actor::Kind::Person, 3, "192.0.2.1", 7 };
        REQUIRE(detailOf(append(context, draft(1))) == "");
        REQUIRE(detailOf(append(context, second, person)) == "");
        CHECK(entriesAfter(context, 0).empty()); // not before the sequencer has been
        CHECK(valueOf(sequenceJournal(context)) == 2);
        CHECK(valueOf(sequenceJournal(context)) == 2);

        const auto entries = entriesAfter(context, 0);
        REQUIRE(entries.size() == 2);
        CHECK(entries[0].seq == 1);
        CHECK(entries[1].seq == 2);
        CHECK(entries[1].at == foundation.clock.now());
        CHECK(entries[1].actor == Actor { Actor::Kind::Person, 3, "", 7 });
        CHECK(entries[1].draft.kind == "bill.issued");
        CHECK(entries[1].draft.account == 7);
        CHECK(entries[1].draft.subjectType == "bill");
        CHECK(entries[1].draft.before == second.before);
        CHECK(entries[1].draft.after == second.after);
        CHECK(entries[1].draft.personal.empty());
        CHECK(foundation.read(checkJournal).empty());
    });
}

TEST_CASE("A reader asks for an account, a type of subject, a page")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        for (std::int64_t subject = 1; subject <= 6; ++subject) {
            JournalDraft entry
                = draft(subject, subject % 2 == 0 ? std::optional(9L) : std::nullopt);
            if (subject > 3)
                entry.subjectType = "account";
            REQUIRE(append(context, entry).has_value());
        }
        REQUIRE(valueOf(sequenceJournal(context)) == 6);
        struct Case {
            JournalFilter filter;
            std::vector<std::int64_t> subjects;
        };
        const std::vector<Case> cases {
            { { 0, std::nullopt, std::nullopt, 1000, false }, { 1, 2, 3, 4, 5, 6 } },
            { { 4, std::nullopt, std::nullopt, 1000, false }, { 5, 6 } },
            { { 6, std::nullopt, std::nullopt, 1000, false }, {} },
            { { 0, 9, std::nullopt, 1000, false }, { 2, 4, 6 } },
            { { 2, 9, "account", 1000, false }, { 4, 6 } },
            { { 0, std::nullopt, "bill", 1000, false }, { 1, 2, 3 } },
            { { 1, std::nullopt, std::nullopt, 2, false }, { 2, 3 } },
            { { 0, 8, std::nullopt, 1000, false }, {} },
        };
        for (const Case& each : cases) {
            const auto found
                = foundation.read([&](Transaction& tx) { return readJournal(tx, each.filter); });
            CHECK(subjectsOf(found) == each.subjects);
        }
    });
}

TEST_CASE("A change that is rolled back leaves no entry and no gap")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        const auto outcome = context.database.write([&](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(appendJournal(tx, context, commandLine, draft(1)));
            return failure(ErrorCode::Precondition, "not this time");
        });
        CHECK(outcomeOf(outcome) == "precondition");
        REQUIRE(append(context, draft(2)).has_value());
        CHECK(valueOf(sequenceJournal(context)) == 1);
        CHECK(subjectsOf(entriesAfter(context, 0)) == std::vector<std::int64_t> { 2 });
    });
}

TEST_CASE("A transaction that began first and commits last is not skipped by a reader in between")
{
    // SQLite has one writer at a time: there the order cannot come about.
    TestDatabase db(database::Engine::Postgres);
    Foundation foundation(db, { journalMigration });
    const Context context = foundation.context();
    Gate appended;
    Gate released;
    std::thread slow([&] {
        const auto outcome = context.database.write([&](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(appendJournal(tx, context, commandLine, draft(1)));
            appended.open();
            released.wait();
            return {};
        });
        CHECK(outcomeOf(outcome) == "ok");
    });
    appended.wait();
    REQUIRE(append(context, draft(2)).has_value());
    const std::int64_t cursor = valueOf(sequenceJournal(context));
    const auto before = entriesAfter(context, 0);
    released.open();
    slow.join();
    CHECK(cursor == 1);
    CHECK(subjectsOf(before) == std::vector<std::int64_t> { 2 });
    CHECK(valueOf(sequenceJournal(context)) == 2);
    const auto after = entriesAfter(context, cursor);
    CHECK(subjectsOf(after) == std::vector<std::int64_t> { 1 });
    CHECK(after.front().id < before.front().id); // so it did come out of order
}

TEST_CASE("A reader that follows the feed sees each of many concurrent changes once")
{
    constexpr int writers = 6;
    constexpr int changesEach = 40;
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, { journalMigration });
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            std::atomic<int> working = writers;
            std::atomic<int> failed = 0;
            std::vector<std::int64_t> numbers;
            std::multiset<std::int64_t> subjects;
            const auto follow = [&] {
                for (bool isLast = false; !isLast;) {
                    isLast = working == 0;
                    if (!sequenceJournal(context))
                        ++failed;
                    for (const JournalEntry& entry :
                         entriesAfter(context, numbers.empty() ? 0 : numbers.back())) {
                        numbers.push_back(entry.seq);
                        subjects.insert(entry.draft.subjectId);
                    }
                }
            };
            runTogether(writers + 2, [&](int i) {
                if (i == writers)
                    return follow();
                if (i > writers) { // a second sequencer, as of another daemon
                    while (working > 0)
                        failed += sequenceJournal(context) ? 0 : 1;
                    return;
                }
                for (int k = 0; k < changesEach; ++k)
                    failed += append(context, draft(i * changesEach + k, i)) ? 0 : 1;
                --working;
            });
            follow();
            CHECK(failed == 0);
            REQUIRE(numbers.size() == writers * changesEach);
            for (std::size_t i = 0; i < numbers.size(); ++i)
                REQUIRE(numbers[i] == static_cast<std::int64_t>(i) + 1);
            for (std::int64_t subject = 0; subject < writers * changesEach; ++subject)
                REQUIRE(subjects.count(subject) == 1);
            CHECK(foundation.read(checkJournal).empty());
        },
        patient
    );
}

TEST_CASE("The canonical bytes are fixed for good")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        JournalDraft entry = draft(17, 5);
        entry.before = "{}";
        REQUIRE(append(context, entry, { Actor::Kind::Person, 3, "", 5 }).has_value());
        REQUIRE(append(context, draft(-1)).has_value());
        REQUIRE(sequenceJournal(context).has_value());
        const auto entries = entriesAfter(context, 0);
        CHECK(
            entries[0].canonical
            == "19:quittance-journal-1,16:1700000000000000,1:2,1:3,1:5,1:5,11:bill.issued,4:bill,"
               "2:17,2:{},16:{\"total\":\"1.00\"},0:,"
        );
        CHECK(
            entries[1].canonical
            == "19:quittance-journal-1,16:1700000000000000,1:4,1:0,0:,0:,11:bill.issued,4:bill,"
               "2:-1,0:,16:{\"total\":\"1.00\"},0:,"
        );
    });
}

TEST_CASE("Personal data stand beside and can be erased without breaking the proof")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        JournalDraft entry = draft(1);
        entry.personal = R"({"email":"ada@example.com"})";
        REQUIRE(append(context, entry, { Actor::Kind::Person, 3, "192.0.2.1", {} }).has_value());
        REQUIRE(append(context, draft(2), { Actor::Kind::Person, 3, "192.0.2.1", {} }).has_value());
        REQUIRE(append(context, draft(3)).has_value());
        REQUIRE(sequenceJournal(context).has_value());
        JournalFilter filter;
        filter.withPersonal = true;
        const auto read = [&](Transaction& tx) { return readJournal(tx, filter); };
        auto entries = foundation.read(read);
        CHECK(
            entries[0].draft.personal
            == R"({"email":"ada@example.com","remoteAddress":"192.0.2.1"})"
        );
        CHECK(entries[1].draft.personal == R"({"remoteAddress":"192.0.2.1"})");
        CHECK(entries[2].draft.personal.empty());
        for (const JournalEntry& each : entries) {
            CHECK(each.canonical.find("ada") == std::string::npos);
            CHECK(each.canonical.find("192.0.2.1") == std::string::npos);
        }
        CHECK(foundation.read(checkJournal).empty());
        REQUIRE(foundation.execute("DELETE FROM journal_personal") == "ok");
        CHECK(foundation.read(checkJournal).empty());
        entries = foundation.read(read);
        CHECK(entries[0].draft.personal.empty());
    });
}

TEST_CASE("Two equal personal parts have different hashes")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        JournalDraft entry = draft(1);
        entry.personal = R"({"email":"ada@example.com"})";
        REQUIRE(append(context, entry).has_value());
        REQUIRE(append(context, entry).has_value());
        CHECK(foundation.integer("SELECT COUNT(DISTINCT personal_hash) FROM journal_entry") == 2);
    });
}

TEST_CASE("A personal part that is no JSON object is refused")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        JournalDraft entry = draft(1);
        entry.personal = "ada@example.com";
        const auto outcome = append(
            foundation.context(), entry, { Actor::Kind::Person, 3, "192.0.2.1", std::nullopt }
        );
        CHECK(outcomeOf(outcome) == "invalid-argument");
    });
}

TEST_CASE("The database itself refuses to change the journal")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { journalMigration });
        const Context context = foundation.context();
        REQUIRE(append(context, draft(1)).has_value());
        REQUIRE(valueOf(sequenceJournal(context)) == 1);
        for (const std::string sql : {
                 "UPDATE journal_entry SET after_text = ''",
                 "DELETE FROM journal_entry",
                 "UPDATE journal_sequence SET seq = 2",
                 "DELETE FROM journal_sequence",
                 "INSERT INTO journal_sequence (seq, entry_id) VALUES (2, 1)",
                 "INSERT INTO journal_sequence (seq, entry_id) VALUES (2, 99)",
             }) {
            CAPTURE(sql);
            CHECK(foundation.execute(sql) != "ok");
        }
        CHECK(foundation.execute("SELECT 1") == "ok");
        CHECK(foundation.read(checkJournal).empty());
    });
}

TEST_CASE("A change behind the guards is found and named")
{
    struct Case {
        std::string table;
        std::string sql;
        std::string fault;
    };
    const std::vector<Case> cases {
        { "journal_entry", "UPDATE journal_entry SET after_text = '{}' WHERE id = 2",
          "journal entry 2 (number 2): its fields differ" },
        { "journal_entry", "UPDATE journal_entry SET actor_id = 9 WHERE id = 1",
          "journal entry 1 (number 1): its fields differ" },
        { "journal_personal", "UPDATE journal_personal SET personal_text = '{}'",
          "journal entry 2 (number 2): its personal part differs" },
        { "journal_sequence", "DELETE FROM journal_sequence WHERE seq = 2",
          "journal: number 3 follows 1" },
        { "journal_sequence", "DELETE FROM journal_sequence WHERE seq = 3",
          "journal entry 3 (number 0): has no number" },
        { "journal_entry", "UPDATE journal_entry SET personal_hash = NULL WHERE id = 2",
          "journal entry 2 (number 2): has a personal part that nothing binds" },
    };
    for (const Case& each : cases)
        forEachDatabase([&](TestDatabase& db) {
            CAPTURE(each.sql);
            Foundation foundation(db, { journalMigration });
            const Context context = foundation.context();
            for (std::int64_t subject = 1; subject <= 3; ++subject) {
                JournalDraft entry = draft(subject);
                if (subject == 2)
                    entry.personal = R"({"name":"Ada"})";
                REQUIRE(append(context, entry).has_value());
            }
            REQUIRE(valueOf(sequenceJournal(context)) == 3);
            foundation.changeDespiteGuards(each.table, each.sql);
            const auto faults = foundation.read(checkJournal);
            CHECK_MESSAGE(holds(faults, each.fault), fmt::format("{}", fmt::join(faults, "; ")));
        });
}
