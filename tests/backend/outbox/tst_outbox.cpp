#include "backend/journal/secure.h"
#include "backend/outbox/outbox.h"
#include "tests/backend/foundation.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <set>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

OutboxDraft mail(const std::string& key, const std::string& payload = "{}")
{
    return { key, "mail", payload, std::nullopt };
}

Result<bool> add(const Context& context, const OutboxDraft& draft)
{
    return context.database.write([&](Transaction& tx) { return enqueue(tx, context, draft); });
}

std::optional<OutboxItem>
claim(const Context& context, std::optional<std::string_view> kind = std::nullopt)
{
    return valueOf(context.database.write([&](Transaction& tx) {
        return nextDue(tx, context.clock.now(), kind);
    }));
}

Result<> fail(const Context& context, const OutboxItem& item)
{
    return context.database.write([&](Transaction& tx) {
        return failed(tx, context.clock.now(), item, "no answer");
    });
}

Result<> succeed(const Context& context, const OutboxItem& item)
{
    return context.database.write([&](Transaction& tx) { return succeeded(tx, item); });
}

std::string keyOf(const std::optional<OutboxItem>& item)
{
    return item ? item->key : "none";
}

} // namespace

TEST_CASE("A key is taken once and for ever, and stands for one thing")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        CHECK(valueOf(add(context, mail("bill/1"))));
        CHECK_FALSE(valueOf(add(context, mail("bill/1"))));
        CHECK(outcomeOf(add(context, mail("bill/1", "other"))) == "conflict");
        CHECK(outcomeOf(add(context, { "bill/1", "webhook", "{}", {} })) == "conflict");
        CHECK(outcomeOf(add(context, mail(""))) == "invalid-argument");
        REQUIRE(succeed(context, *claim(context)).has_value());
        CHECK_FALSE(valueOf(add(context, mail("bill/1"))));
        CHECK(keyOf(claim(context)) == "none");
        // Even where the payload was forgotten, the key still knows what it stood for.
        foundation.clock.advance(1);
        CHECK(
            valueOf(context.database.write([&](Transaction& tx) {
                return forgetPayloads(tx, foundation.clock.now());
            }))
            == 1
        );
        CHECK(foundation.text("SELECT payload FROM outbox").empty());
        CHECK_FALSE(valueOf(add(context, mail("bill/1"))));
        CHECK(outcomeOf(add(context, mail("bill/1", "other"))) == "conflict");
    });
}

TEST_CASE("What is due the longest comes first, each kind to its own deliverer")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        const Instant now = foundation.clock.now();
        REQUIRE(add(context, { "later", "mail", "", Instant { now.micros + 10 } }).has_value());
        REQUIRE(add(context, { "hook", "webhook", "", std::nullopt }).has_value());
        REQUIRE(add(context, { "early", "mail", "", Instant { now.micros - 5 } }).has_value());
        REQUIRE(add(context, { "now", "mail", "", std::nullopt }).has_value());
        CHECK(keyOf(claim(context, "mail")) == "early");
        CHECK(keyOf(claim(context, "mail")) == "now");
        CHECK(keyOf(claim(context, "mail")) == "none");
        CHECK(keyOf(claim(context)) == "hook");
        foundation.clock.advance(10);
        CHECK(keyOf(claim(context)) == "later");
        CHECK(keyOf(claim(context)) == "none");
    });
}

TEST_CASE("A failure waits longer each time, and is given up in the end")
{
    const std::vector<std::int64_t> seconds { 5,   10,  20,   40,   80,   160,
                                              320, 640, 1280, 2560, 3600, 3600 };
    for (std::size_t i = 0; i < seconds.size(); ++i)
        CHECK(outboxBackOffMicros(static_cast<int>(i) + 1) == seconds[i] * microsPerSecond);
    CHECK(outboxBackOffMicros(1'000'000) == 3600 * microsPerSecond);

    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        REQUIRE(add(context, mail("bill/1")).has_value());
        for (int attempt = 1; attempt <= outboxAttemptsMax; ++attempt) {
            const auto item = claim(context);
            REQUIRE(item.has_value());
            CHECK(item->attempts == attempt);
            CHECK(item->lastError == (attempt == 1 ? "" : "no answer"));
            REQUIRE(fail(context, *item).has_value());
            foundation.clock.advance(outboxBackOffMicros(attempt) - 1);
            CHECK(keyOf(claim(context)) == "none");
            foundation.clock.advance(1);
        }
        CHECK(keyOf(claim(context)) == "none");
        const auto item
            = foundation.read([](Transaction& tx) { return findOutboxItem(tx, "bill/1"); });
        CHECK(item->state == OutboxState::GaveUp);
        CHECK(item->lastError == "no answer");
        CHECK_FALSE(valueOf(add(context, mail("bill/1"))));
    });
}

TEST_CASE("An item whose deliverer died comes again, and the dead one's report is refused")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        REQUIRE(add(context, mail("bill/1")).has_value());
        const auto first = claim(context);
        foundation.clock.advance(outboxLeaseMicros - 1);
        CHECK(keyOf(claim(context)) == "none");
        foundation.clock.advance(1);
        const auto second = claim(context);
        REQUIRE(keyOf(second) == "bill/1");
        CHECK(outcomeOf(fail(context, *first)) == "conflict");
        CHECK(outcomeOf(succeed(context, *first)) == "conflict");
        CHECK(outcomeOf(succeed(context, *second)) == "ok");
        CHECK(outcomeOf(succeed(context, *second)) == "conflict");
        CHECK(foundation.integer("SELECT state FROM outbox") == 2);
    });
}

TEST_CASE("What a change asks for goes with the change")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        const auto outcome = context.database.write([&](Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(enqueue(tx, context, mail("bill/1")));
            return failure(ErrorCode::Precondition, "not this time");
        });
        CHECK(outcomeOf(outcome) == "precondition");
        CHECK(keyOf(claim(context)) == "none");
    });
}

TEST_CASE("Many deliverers at once take each item once")
{
    static constexpr int items = 40;
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, { outboxMigration });
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            for (int i = 0; i < items; ++i)
                REQUIRE(add(context, mail(fmt::format("bill/{}", i))).has_value());
            std::mutex mutex;
            std::multiset<std::string> taken;
            std::atomic<int> errors = 0;
            runTogether(4, [&](int) {
                for (;;) {
                    const auto item = context.database.write([&](Transaction& tx) {
                        return nextDue(tx, context.clock.now());
                    });
                    errors += item ? 0 : 1;
                    if (!item || !*item)
                        return;
                    const std::scoped_lock lock(mutex);
                    taken.insert((*item)->key);
                }
            });
            CHECK(errors == 0);
            CHECK(taken.size() == items);
            CHECK(std::set<std::string>(taken.begin(), taken.end()).size() == items);
        },
        patient
    );
}

TEST_CASE("The database itself refuses a second item of one key")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        REQUIRE(add(foundation.context(), mail("bill/1")).has_value());
        CHECK(
            foundation.execute("INSERT INTO outbox (key, kind, payload, payload_hash, created_at,"
                               " next_at, attempts, state, last_error) SELECT key, kind, payload,"
                               " payload_hash, 0, 0, 0, 1, '' FROM outbox")
            == "already-exists"
        );
    });
}
