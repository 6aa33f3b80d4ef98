#include "client/sync/sync_machine.h"
#include "tests/client/store/store_world.h"

using namespace quittance;
using namespace quittance::testing;
using client::SyncConnection;
using client::SyncMachine;
using client::SyncRequest;

namespace {

contract::Me me(std::int64_t person = 1, Role role = Role::Finance)
{
    contract::Me me;
    me.person = person;
    me.installation = "here";
    me.grants = { { role, role == Role::Customer ? std::optional<AccountId>(1) : std::nullopt } };
    return me;
}

Error error(ErrorCode code)
{
    return { code, "said the test" };
}

/// A machine that a test answers by hand.
class SyncWorld : public StoreWorld {
public:
    explicit SyncWorld(SyncMachine::Budget budget = contract::diskBudgetBytes)
        : machine(*store, budget)
    {
    }

    void start(const contract::Me& who = me()) { REQUIRE(detailOf(machine.start(who)) == ""); }
    /// "snapshot accounts", "changes bills:1 after 7", "" for nothing.
    std::string ask()
    {
        const std::optional<SyncRequest> request = machine.nextRequest(now);
        if (!request)
            return "";
        last = *request;
        return request->kind == SyncRequest::Kind::Snapshot
            ? "snapshot " + request->scope
            : fmt::format("changes {} after {}", request->scope, request->cursor);
    }
    Result<> trySnapshot(
        const std::vector<contract::Item>& items, std::int64_t cursor, std::int64_t saidItems
    )
    {
        QUITTANCE_CHECK(machine.snapshotStarted(last.id, { last.scope, cursor, -1 }));
        QUITTANCE_CHECK(machine.snapshotItems(last.id, items));
        return machine.snapshotEnded(last.id, { saidItems }, now);
    }
    void snapshot(const std::vector<contract::Item>& items, std::int64_t cursor)
    {
        REQUIRE(
            detailOf(trySnapshot(items, cursor, static_cast<std::int64_t>(items.size()))) == ""
        );
    }
    void changes(const std::vector<contract::Item>& items, std::int64_t cursor, bool more = false)
    {
        REQUIRE(detailOf(machine.changesArrived(last.id, { items, cursor, more }, now)) == "");
    }
    void fail(ErrorCode code) { machine.failed(last.id, error(code), now); }
    void wait(std::int64_t micros) { now.micros += micros; }
    /// Answers the first loads of accounts, people and one account's bills with cursor 10.
    void loadAll()
    {
        REQUIRE(ask() == "snapshot accounts");
        snapshot({ account(1, "Zeta") }, 10);
        REQUIRE(ask() == "snapshot bills:1");
        snapshot({ BillMaker(1, 1, "2023-10").change() }, 10);
        REQUIRE(ask() == "snapshot people");
        snapshot({}, 10);
        REQUIRE(ask().empty());
    }

    SyncMachine machine;
    SyncRequest last;
};

} // namespace

TEST_CASE("the first load asks who is billed, then what, one request at a time")
{
    SyncWorld world;
    CHECK(world.ask().empty());
    CHECK(world.machine.connection() == SyncConnection::SignedOut);
    world.start();
    CHECK(world.machine.connection() == SyncConnection::Connecting);
    CHECK(world.ask() == "snapshot accounts");
    CHECK(world.ask().empty());
    world.snapshot({ account(1, "Zeta"), account(2, "Acme") }, 10);
    CHECK(world.machine.connection() == SyncConnection::Live);
    CHECK_FALSE(world.machine.lastSync().has_value());
    CHECK(world.ask() == "snapshot bills:1");
    world.snapshot({}, 10);
    CHECK(world.ask() == "snapshot bills:2");
    world.snapshot({ BillMaker(4, 2, "2023-10").change() }, 11);
    CHECK(world.ask() == "snapshot people");
    world.snapshot({}, 11);
    CHECK(world.ask().empty());
    CHECK(world.machine.lastSync() == world.now);
    CHECK(
        world.machine.takeChangedScopes()
        == std::vector<std::string> { "accounts", "bills:1", "bills:2", "people" }
    );
    CHECK(world.machine.takeChangedScopes().empty());
    CHECK(valueOf(world.store->billCount()) == 1);
}

TEST_CASE("a customer asks for no people")
{
    SyncWorld world;
    world.start(me(1, Role::Customer));
    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({ account(1, "Zeta") }, 10);
    REQUIRE(world.ask() == "snapshot bills:1");
    world.snapshot({}, 10);
    CHECK(world.ask().empty());
}

TEST_CASE("a machine that starts again goes on from the stored cursors")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    SyncMachine second(*world.store);
    REQUIRE(detailOf(second.start(me())) == "");
    CHECK(second.lastSync() == world.now);
    const std::optional<SyncRequest> request = second.nextRequest(world.now);
    REQUIRE(request.has_value());
    CHECK(request->kind == SyncRequest::Kind::Changes);
    CHECK(request->scope == "accounts");
    CHECK(request->cursor == 10);

    // Somebody else begins with nothing.
    SyncMachine other(*world.store);
    REQUIRE(detailOf(other.start(me(2))) == "");
    CHECK(other.nextRequest(world.now)->kind == SyncRequest::Kind::Snapshot);
    CHECK(valueOf(world.store->billCount()) == 0);
}

TEST_CASE("a hint asks every scope at once, a quiet minute asks them too")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.hint(10);
    CHECK(world.ask().empty());
    world.machine.hint(12);
    CHECK(world.ask() == "changes accounts after 10");
    world.changes({}, 12);
    CHECK(world.ask() == "changes bills:1 after 10");
    world.changes({ BillMaker(2, 1, "2023-11").change(12) }, 12);
    CHECK(world.ask() == "changes people after 10");
    // Short of what was hinted: asking again at once would not help.
    world.changes({}, 11);
    CHECK(world.ask().empty());
    CHECK(valueOf(world.store->billCount()) == 2);

    CHECK(world.machine.nextWakeUp(world.now).micros == world.now.micros + SyncMachine::pollMicros);
    world.wait(SyncMachine::pollMicros - 1);
    CHECK(world.ask().empty());
    world.wait(1);
    CHECK(world.ask() == "changes accounts after 12");
}

TEST_CASE("a page that says more is asked on at once")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.hint(30);
    REQUIRE(world.ask() == "changes accounts after 10");
    world.changes({ account(2, "Acme") }, 20, true);
    CHECK(world.ask() == "changes accounts after 20");
    world.changes({}, 30);
    // The new account's bills stand among the scopes from now on.
    CHECK(world.ask() == "changes bills:1 after 10");
    world.changes({}, 30);
    CHECK(world.ask() == "snapshot bills:2");
}

TEST_CASE("a hint that comes while an answer is under way is not lost")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.hint(12);
    REQUIRE(world.ask() == "changes accounts after 10");
    world.machine.hint(13);
    world.changes({}, 12);
    CHECK(world.ask() == "changes accounts after 12");
}

TEST_CASE("a conflict loads the scope anew; what was stored stays readable until then")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.hint(12);
    REQUIRE(world.ask() == "changes accounts after 10");
    world.fail(ErrorCode::Conflict);
    CHECK(world.machine.connection() == SyncConnection::Live);
    CHECK(valueOf(world.store->accounts()).size() == 1);
    CHECK(world.ask() == "snapshot accounts");
    world.snapshot({ account(1, "Renamed") }, 2);
    CHECK(valueOf(world.store->accounts()).front().name == "Renamed");
    CHECK(valueOf(world.store->scope("accounts")).cursor == 2);
}

TEST_CASE("an ended session signs out and keeps what is stored")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.hint(12);
    REQUIRE_FALSE(world.ask().empty());
    world.fail(ErrorCode::Unauthenticated);
    CHECK(world.machine.connection() == SyncConnection::SignedOut);
    CHECK(world.machine.problem()->code == ErrorCode::Unauthenticated);
    CHECK(world.ask().empty());
    world.machine.subscribe("bills:1");
    CHECK(world.ask().empty());
    CHECK(valueOf(world.store->billCount()) == 1);
}

TEST_CASE("a scope that is not there for this caller is dropped with what it held")
{
    for (const ErrorCode code : { ErrorCode::NotFound, ErrorCode::PermissionDenied }) {
        SyncWorld world;
        world.start();
        world.loadAll();
        static_cast<void>(world.machine.takeChangedScopes());
        world.machine.hint(12);
        REQUIRE(world.ask() == "changes accounts after 10");
        world.changes({}, 12);
        REQUIRE(world.ask() == "changes bills:1 after 10");
        world.fail(code);
        CHECK(valueOf(world.store->billCount()) == 0);
        CHECK(world.machine.takeChangedScopes() == std::vector<std::string> { "bills:1" });
        CHECK(world.machine.connection() == SyncConnection::Live);
        CHECK(world.ask() == "changes people after 10");
    }
}

TEST_CASE("failures wait longer and longer, up to a minute; an answer starts anew")
{
    SyncWorld world;
    world.start();
    const Instant offlineFrom = world.now;
    for (const std::int64_t seconds : { 1, 2, 4, 8, 16, 32, 60, 60 }) {
        CAPTURE(seconds);
        REQUIRE(world.ask() == "snapshot accounts");
        world.fail(ErrorCode::Unavailable);
        CHECK(world.machine.connection() == SyncConnection::Offline);
        CHECK(world.machine.problem()->code == ErrorCode::Unavailable);
        CHECK(world.machine.offlineSince() == offlineFrom);
        CHECK(world.machine.nextTry()->micros == world.now.micros + seconds * microsPerSecond);
        CHECK(world.machine.nextWakeUp(world.now) == *world.machine.nextTry());
        world.wait(seconds * microsPerSecond - 1);
        CHECK(world.ask().empty());
        world.wait(1);
    }
    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({}, 1);
    CHECK(world.machine.connection() == SyncConnection::Live);
    CHECK_FALSE(world.machine.offlineSince().has_value());
    CHECK_FALSE(world.machine.nextTry().has_value());
    CHECK_FALSE(world.machine.problem().has_value());
    REQUIRE(world.ask() == "snapshot people");
    world.fail(ErrorCode::Timeout);
    CHECK(world.machine.nextTry()->micros == world.now.micros + microsPerSecond);
}

TEST_CASE("what is stored is asked about again as soon, and all of it once the backend is back")
{
    SyncWorld world;
    world.start();
    for (const std::string scope : { "snapshot accounts", "snapshot people" }) {
        REQUIRE(world.ask() == scope);
        world.snapshot({}, 1);
    }
    REQUIRE(world.ask().empty());
    world.machine.hint(2);
    for (const std::int64_t seconds : { 1, 2, 4, 8 }) {
        CAPTURE(seconds);
        REQUIRE(world.ask() == "changes accounts after 1");
        world.fail(ErrorCode::Unavailable);
        CHECK(
            world.machine.nextWakeUp(world.now).micros
            == world.now.micros + seconds * microsPerSecond
        );
        world.wait(seconds * microsPerSecond);
    }
    REQUIRE(world.ask() == "changes accounts after 1");
    world.changes({}, 2);
    CHECK(world.machine.connection() == SyncConnection::Live);
    REQUIRE(world.ask() == "changes people after 1");
    world.changes({}, 2);
    CHECK(world.ask().empty());
}

TEST_CASE(
    "without a word from the live stream a lost backend is asked again in seconds, not in a minute"
)
{
    SyncWorld world;
    world.start();
    for (const std::string scope : { "snapshot accounts", "snapshot people" }) {
        REQUIRE(world.ask() == scope);
        world.snapshot({}, 1);
    }
    world.wait(SyncMachine::pollMicros);
    REQUIRE(world.ask() == "changes accounts after 1");
    world.fail(ErrorCode::Unavailable);
    world.wait(SyncMachine::firstWaitMicros);
    CHECK(world.machine.nextWakeUp(world.now) == world.now);
    CHECK(world.ask() == "changes accounts after 1");
}

TEST_CASE("a person who asks is not made to wait")
{
    SyncWorld world;
    world.start();
    REQUIRE_FALSE(world.ask().empty());
    world.fail(ErrorCode::Unavailable);
    CHECK(world.ask().empty());
    world.machine.retryNow();
    CHECK(world.ask() == "snapshot accounts");
    world.snapshot({}, 1);
    REQUIRE(world.ask() == "snapshot people");
    world.snapshot({}, 1);
    CHECK(world.ask().empty());
    world.machine.retryNow();
    CHECK(world.ask() == "changes accounts after 1");
}

TEST_CASE("an answer that leaves the contract is refused, and what was stored stays")
{
    SyncWorld world;
    world.start();
    REQUIRE(world.ask() == "snapshot accounts");
    CHECK(
        outcomeOf(world.machine.snapshotStarted(world.last.id, { "people", 1, -1 })) == "bad-answer"
    );
    world.fail(ErrorCode::BadAnswer);
    world.machine.retryNow();

    // Shorter than it says: cut off on the way.
    REQUIRE(world.ask() == "snapshot accounts");
    CHECK(outcomeOf(world.trySnapshot({ account(1, "Zeta") }, 5, 2)) == "bad-answer");
    world.fail(ErrorCode::BadAnswer);
    CHECK(valueOf(world.store->accounts()).empty());
    CHECK_FALSE(valueOf(world.store->scope("accounts")).complete);
    world.machine.retryNow();

    // Not what the contract says an account is.
    REQUIRE(world.ask() == "snapshot accounts");
    CHECK(outcomeOf(world.trySnapshot({ { 0, "account", "1", 7 } }, 5, 1)) == "malformed-input");
    world.fail(ErrorCode::MalformedInput);
    CHECK(world.machine.connection() == SyncConnection::Offline);
    world.machine.retryNow();

    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({}, 5);
    REQUIRE(world.ask() == "snapshot people");
    world.snapshot({}, 5);
    world.machine.retryNow();
    REQUIRE(world.ask() == "changes accounts after 5");
    CHECK(
        outcomeOf(world.machine.changesArrived(world.last.id, { {}, 4, false }, world.now))
        == "bad-answer"
    );
}

TEST_CASE("an answer to a request that is no longer under way changes nothing")
{
    SyncWorld world;
    world.start();
    REQUIRE(world.ask() == "snapshot accounts");
    const std::uint64_t old = world.last.id;
    world.fail(ErrorCode::Timeout);
    world.machine.retryNow();
    REQUIRE(world.ask() == "snapshot accounts");
    CHECK(outcomeOf(world.machine.snapshotStarted(old, { "accounts", 1, -1 })) == "cancelled");
    CHECK(outcomeOf(world.machine.snapshotItems(old, {})) == "cancelled");
    CHECK(outcomeOf(world.machine.snapshotEnded(old, { 0 }, world.now)) == "cancelled");
    CHECK(outcomeOf(world.machine.changesArrived(old, {}, world.now)) == "cancelled");
    world.machine.failed(old, error(ErrorCode::Unauthenticated), world.now);
    CHECK(world.machine.connection() != SyncConnection::SignedOut);
    // Items before a header are not of this snapshot either.
    CHECK(outcomeOf(world.machine.snapshotItems(world.last.id, {})) == "cancelled");
    world.snapshot({ account(1, "Zeta") }, 3);
    CHECK(valueOf(world.store->accounts()).size() == 1);
}

TEST_CASE("a cancelled load waits until somebody asks for it again")
{
    SyncWorld world;
    world.start();
    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({ account(1, "Zeta") }, 10);
    REQUIRE(world.ask() == "snapshot bills:1");
    const std::uint64_t cancelled = world.last.id;
    REQUIRE(detailOf(world.machine.snapshotStarted(cancelled, { "bills:1", 10, 100 })) == "");
    REQUIRE(
        detailOf(world.machine.snapshotItems(cancelled, { BillMaker(1, 1, "2023-10").change() }))
        == ""
    );
    REQUIRE(world.machine.loading().has_value());
    CHECK(world.machine.loading()->loaded == 1);
    CHECK(world.machine.loading()->total == 100);
    CHECK_FALSE(world.machine.isIncomplete());
    world.machine.cancelLoading();
    CHECK_FALSE(world.machine.loading().has_value());
    CHECK(outcomeOf(world.machine.snapshotItems(cancelled, {})) == "cancelled");
    // What would have followed is cancelled too, and nothing of it is taken for all there is.
    CHECK(world.ask().empty());
    CHECK(world.machine.isIncomplete());
    CHECK(valueOf(world.store->billCount()) == 0);

    world.machine.subscribe("bills:1");
    CHECK(world.ask() == "snapshot bills:1");
    world.snapshot({ BillMaker(1, 1, "2023-10").change() }, 10);
    CHECK(valueOf(world.store->billCount()) == 1);

    // Changes are not a load: there is nothing to cancel.
    world.machine.hint(11);
    REQUIRE(world.ask() == "changes accounts after 10");
    world.machine.cancelLoading();
    CHECK(world.ask().empty());
    world.changes({}, 11);
}

TEST_CASE("the first load is one, from the first account to the last")
{
    SyncWorld world;
    world.start();
    std::vector<std::int64_t> seen;
    const auto note = [&] {
        const auto load = world.machine.loading();
        seen.push_back(load ? load->thousandths() : -1);
    };
    note();
    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({ account(1, "Zeta"), account(2, "Acme") }, 10);
    note(); // accounts is one of four: two accounts' bills and people follow
    REQUIRE(world.ask() == "snapshot bills:1");
    note(); // nothing of it is here yet, and the bar stays
    const contract::SnapshotHeader header { "bills:1", 10, 2 };
    REQUIRE(detailOf(world.machine.snapshotStarted(world.last.id, header)) == "");
    REQUIRE(
        detailOf(world.machine.snapshotItems(world.last.id, { BillMaker(1, 1, "2023-10").change() })
        )
        == ""
    );
    note();
    world.machine.cancelLoading();
    note();
    CHECK(seen == std::vector<std::int64_t> { -1, 250, 250, 375, -1 });

    // Going on begins where it was left: what is here is not asked for again.
    world.machine.retryNow();
    CHECK_FALSE(world.machine.isIncomplete());
    CHECK(world.ask() == "changes accounts after 10");
    world.changes({}, 10);
    CHECK(world.ask() == "snapshot bills:1");
    world.snapshot({}, 10);
    CHECK(world.machine.loading()->thousandths() == 500);
}

TEST_CASE("a view has a store of its own: what was here is there at once when it ends")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    contract::Me customer = me(1, Role::Customer);
    customer.viewingAccount = 1;
    world.start(customer);
    CHECK(valueOf(world.store->billCount()) == 0);
    REQUIRE(world.ask() == "snapshot accounts");
    world.snapshot({ account(1, "Zeta") }, 20);
    REQUIRE(world.ask() == "snapshot bills:1");
    world.snapshot(
        { BillMaker(1, 1, "2023-10").change(), BillMaker(2, 1, "2023-11").change() }, 20
    );
    CHECK(valueOf(world.store->billCount()) == 2);
    world.start(customer); // the line was cut meanwhile
    CHECK(valueOf(world.store->billCount()) == 2);

    world.start();
    CHECK(valueOf(world.store->billCount()) == 1);
    CHECK(world.ask() == "changes accounts after 10");
}

TEST_CASE("an opened page's scope is loaded once and kept up to date")
{
    SyncWorld world;
    world.start();
    world.loadAll();
    world.machine.subscribe("events:1:1:1");
    CHECK(world.ask() == "snapshot events:1:1:1");
    world.snapshot({ event("a", "2023-10-02T10:00:00Z") }, 10);
    world.machine.subscribe("events:1:1:1");
    CHECK(world.ask().empty());
    world.machine.hint(11);
    REQUIRE(world.ask() == "changes accounts after 10");
    world.changes({}, 11);
    REQUIRE(world.ask() == "changes bills:1 after 10");
    world.changes({}, 11);
    CHECK(world.ask() == "changes events:1:1:1 after 10");
}

TEST_CASE("opened scopes make room for each other; standing ones stay whatever they take")
{
    // Room for the events of two lines, and for no bill at all.
    SyncWorld world([](contract::Scope::Kind kind) -> std::int64_t {
        return kind == contract::Scope::Kind::LineEvents ? 500 : 0;
    });
    world.start();
    world.loadAll();
    CHECK(valueOf(world.store->billCount()) == 1);
    for (const std::string scope : { "events:1:1:1", "events:1:1:2" }) {
        world.machine.subscribe(scope);
        REQUIRE(world.ask() == "snapshot " + scope);
        world.snapshot({ event("a", "2023-10-02T10:00:00Z") }, 10);
    }
    world.machine.subscribe("events:1:1:1"); // looked at again
    static_cast<void>(world.machine.takeChangedScopes());
    world.machine.subscribe("events:1:1:3");
    REQUIRE(world.ask() == "snapshot events:1:1:3");
    world.snapshot({ event("a", "2023-10-02T10:00:00Z") }, 10);
    CHECK(
        world.machine.takeChangedScopes()
        == std::vector<std::string> { "events:1:1:3", "events:1:1:2" }
    );
    CHECK_FALSE(valueOf(world.store->scope("events:1:1:2")).complete);
    CHECK(valueOf(world.store->scope("events:1:1:1")).complete);

    // What was dropped is no longer asked about, until its page is opened again.
    world.machine.retryNow();
    std::string asked;
    while (const auto request = world.machine.nextRequest(world.now)) {
        asked += request->scope + " ";
        REQUIRE(
            detailOf(world.machine.changesArrived(request->id, { {}, 10, false }, world.now)) == ""
        );
    }
    CHECK(asked == "accounts bills:1 events:1:1:1 events:1:1:3 people ");
    world.machine.subscribe("events:1:1:2");
    CHECK(world.ask() == "snapshot events:1:1:2");
    CHECK(valueOf(world.store->billCount()) == 1);
}

TEST_CASE("a scope that alone leaves its budget is not kept, and the rest goes on")
{
    SyncWorld world([](contract::Scope::Kind) -> std::int64_t { return 500; });
    world.start();
    world.loadAll();
    world.machine.subscribe("events:1:1:1");
    REQUIRE(world.ask() == "snapshot events:1:1:1");
    const Result<> taken = world.trySnapshot(
        { event("a", "2023-10-02T10:00:00Z"), event("b", "2023-10-02T10:00:00Z"),
          event("c", "2023-10-02T10:00:00Z") },
        10, 3
    );
    REQUIRE(outcomeOf(taken) == "too-large");
    world.fail(taken.error().code);
    CHECK(world.machine.connection() == SyncConnection::Live);
    CHECK(world.ask().empty());
    CHECK(valueOf(world.store->scopes()).size() == 3);
}
