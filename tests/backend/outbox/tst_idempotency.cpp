#include "backend/journal/secure.h"
#include "backend/outbox/idempotency.h"
#include "backend/outbox/outbox.h"
#include "tests/backend/foundation.h"

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

const IdempotentRequest request { "person/7", "key-1", "POST /v1/accounts", R"({"name":"A"})" };

Result<std::optional<StoredAnswer>> begin(const Context& context, const IdempotentRequest& asked)
{
    return context.database.write([&](Transaction& tx) {
        return beginIdempotent(tx, context, asked);
    });
}

Result<> finish(const Context& context, const IdempotentRequest& asked, const StoredAnswer& answer)
{
    return context.database.write([&](Transaction& tx) {
        return finishIdempotent(tx, asked, answer);
    });
}

IdempotentRequest with(std::string IdempotentRequest::*field, std::string value)
{
    IdempotentRequest other = request;
    other.*field = std::move(value);
    return other;
}

} // namespace

TEST_CASE("The same request again is given the stored answer")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        CHECK_FALSE(valueOf(begin(context, request)).has_value());
        CHECK(outcomeOf(begin(context, request)) == "busy");
        const StoredAnswer answer { 201, R"({"id":1})" };
        REQUIRE(detailOf(finish(context, request, answer)) == "");
        foundation.clock.advance(365 * microsPerDay);
        CHECK(valueOf(begin(context, request)) == answer);
        CHECK(outcomeOf(finish(context, request, { 500, "" })) == "precondition");
        CHECK(valueOf(begin(context, request)) == answer);
    });
}

TEST_CASE("A key with another request is a conflict, another principal's key is another key")
{
    struct Case {
        IdempotentRequest request;
        std::string outcome;
    };
    const std::vector<Case> cases {
        { with(&IdempotentRequest::body, R"({"name":"B"})"), "conflict" },
        { with(&IdempotentRequest::requestLine, "POST /v1/people"), "conflict" },
        { with(&IdempotentRequest::principal, "person/8"), "ok" },
        { with(&IdempotentRequest::key, "key-2"), "ok" },
        { with(&IdempotentRequest::key, ""), "invalid-argument" },
        { with(&IdempotentRequest::key, "a b"), "invalid-argument" },
        { with(&IdempotentRequest::key, "é"), "invalid-argument" },
        { with(&IdempotentRequest::key, std::string(201, 'k')), "invalid-argument" },
        { with(&IdempotentRequest::key, std::string(200, 'k')), "ok" },
    };
    for (const bool isFinished : { false, true })
        forEachDatabase([&](TestDatabase& db) {
            Foundation foundation(db, { outboxMigration });
            const Context context = foundation.context();
            REQUIRE(begin(context, request).has_value());
            if (isFinished)
                REQUIRE(finish(context, request, { 200, "" }).has_value());
            for (const Case& each : cases) {
                CAPTURE(each.request.key);
                CAPTURE(each.request.requestLine);
                CHECK(outcomeOf(begin(context, each.request)) == each.outcome);
            }
        });
}

TEST_CASE("A claim that nobody finishes ends after a minute")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        REQUIRE(begin(context, request).has_value());
        foundation.clock.advance(idempotencyClaimMicros - 1);
        CHECK(outcomeOf(begin(context, request)) == "busy");
        foundation.clock.advance(1);
        CHECK_FALSE(valueOf(begin(context, request)).has_value());
        CHECK(outcomeOf(begin(context, request)) == "busy");
    });
}

TEST_CASE("A key given back can be used again, an answered one cannot be given back")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        const auto abandon = [&] {
            return outcomeOf(context.database.write([](Transaction& tx) {
                return abandonIdempotent(tx, request);
            }));
        };
        REQUIRE(begin(context, request).has_value());
        CHECK(abandon() == "ok");
        CHECK_FALSE(valueOf(begin(context, request)).has_value());
        REQUIRE(finish(context, request, { 200, "done" }).has_value());
        CHECK(abandon() == "ok");
        CHECK(valueOf(begin(context, request))->body == "done");
    });
}

TEST_CASE("Old keys are forgotten, young ones kept")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, { outboxMigration });
        const Context context = foundation.context();
        REQUIRE(begin(context, request).has_value());
        foundation.clock.advance(microsPerDay);
        REQUIRE(begin(context, with(&IdempotentRequest::key, "young")).has_value());
        CHECK(
            valueOf(context.database.write([&](Transaction& tx) {
                return forgetIdempotencyKeys(tx, foundation.clock.now());
            }))
            == 1
        );
        CHECK(foundation.text("SELECT key FROM idempotency") == "young");
    });
}

TEST_CASE("Of many that send one request at once, one works")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, { outboxMigration });
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            std::atomic<int> working = 0;
            std::atomic<int> busy = 0;
            runTogether(8, [&](int) {
                const auto outcome = begin(context, request);
                working += outcome && !*outcome ? 1 : 0;
                busy += outcomeOf(outcome) == "busy" ? 1 : 0;
            });
            CHECK(working == 1);
            CHECK(busy == 7);
        },
        patient
    );
}
