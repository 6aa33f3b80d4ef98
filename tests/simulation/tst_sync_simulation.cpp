#include "backend/outbox/idempotency.h"
#include "backend/periodic_jobs.h"
#include "client/sync/sync_machine.h"
#include "core/domain/random.h"
#include "tests/backend/api/api_world.h"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <sstream>

using namespace quittance;
using namespace quittance::testing;
using client::SyncMachine;
using client::SyncRequest;
using http::Method;

namespace {

/// The whole backend and two consoles in one thread: clock, chance, faults and their order come
/// from the seed, so that a failure can be run again.
class Simulation {
public:
    explicit Simulation(std::uint64_t seed)
        : m_dice(seed)
        , m_db(database::Engine::Sqlite, singleThreaded())
        , m_world(m_db)
    {
        for (const std::string name : { "one", "two" }) {
            backend::JobRunner& daemon = m_daemons.emplace_back(name);
            backend::addPeriodicJobs(daemon, m_world.brand);
        }
        addConsole("admin", m_world.admin);
        addConsole("customer", m_world.customer);
    }

    /// Lives `steps` moments with faults, then lets the network be well.
    void live(int steps)
    {
        for (int i = 0; i < steps; ++i) {
            m_world.clock.advance(static_cast<std::int64_t>(m_dice.below(20)) * microsPerSecond);
            if (m_dice.below(50) == 0)
                m_world.clock.advance(2 * microsPerDay); // nobody is there at the weekend
            if (m_dice.below(3) == 0)
                work(m_daemons[m_dice.below(m_daemons.size())]);
            if (m_dice.below(4) == 0)
                happen();
            if (m_dice.below(2) == 0)
                publish();
            for (Console& console : m_consoles) {
                if (m_dice.below(40) == 0)
                    restart(console);
                if (m_dice.below(15) == 0)
                    console.machine->subscribe(someEvents());
                if (m_dice.below(15) == 0)
                    console.machine->subscribe(fmt::format("history:{}", m_world.acme));
                step(console, true);
            }
        }
        settle();
    }

    /// What the consoles hold is what the backend answers.
    void checkEqual()
    {
        for (Console& console : m_consoles) {
            CAPTURE(console.name);
            CHECK(console.machine->connection() == client::SyncConnection::Live);
            checkAccounts(console);
            checkEvents(console);
        }
    }

    /// So long that everybody's session has ended: what is kept for a time is forgotten.
    void sleepLong()
    {
        m_world.clock.advance(
            backend::idempotencyKeysKeptMicros + backend::endedSessionsKeptMicros
        );
        work(m_daemons.front());
        for (const std::string table : { "person_session", "idempotency" })
            CHECK(m_world.integer("SELECT COUNT(*) FROM " + table) == 0);
    }

    /// Of all that happened and all that is stored, on both sides.
    std::string hash()
    {
        backend::JournalFilter filter;
        filter.limit = 100'000;
        for (const auto& entry : m_world.read([&](database::Transaction& tx) {
                 return backend::readJournal(tx, filter);
             }))
            m_trace += entry.canonical;
        for (const backend::JobState& job : m_world.read(backend::listJobs)) {
            CHECK(job.lastError.empty());
            m_trace += fmt::format("{} {} {}\n", job.name, job.runs, job.nextAt.micros);
        }
        for (Console& console : m_consoles)
            for (const client::ScopeState& scope : valueOf(console.store->scopes()))
                m_trace += fmt::format(
                    "{} {} {} {}\n", console.name, scope.scope, scope.cursor,
                    scope.syncedAt.value_or(Instant {}).micros
                );
        return backend::hexText(backend::hash256(m_trace));
    }

    [[nodiscard]] int faults() const { return m_faults; }
    [[nodiscard]] int conflicts() const { return m_conflicts; }
    [[nodiscard]] int jobsRun() const { return m_jobsRun; }

private:
    struct Console {
        std::string name;
        std::string token;
        std::unique_ptr<client::Store> store;
        std::unique_ptr<SyncMachine> machine;
    };

    static database::Options singleThreaded()
    {
        database::Options options;
        options.singleThreaded = true;
        return options;
    }

    void addConsole(const std::string& name, const std::string& token)
    {
        client::Store::Options options;
        options.singleThreaded = true;
        Console console { name, token,
                          valueOf(client::Store::open(m_folder.sqliteUrl(name + ".db"), options)),
                          nullptr };
        restart(console);
        m_consoles.push_back(std::move(console));
    }

    /// As a console that was closed and opened again: only its store remains.
    void restart(Console& console)
    {
        note(console.name + " starts");
        console.machine = std::make_unique<SyncMachine>(*console.store);
        const Answer answer = m_world.get("/v1/me", console.token);
        REQUIRE(
            detailOf(console.machine->start(valueOf(contract::fromText<contract::Me>(answer.body))))
            == ""
        );
    }

    void note(const std::string& text) { m_trace += text + '\n'; }

    // ---- what happens at the backend ----

    /// One of the daemons looks for work, as each does all the time.
    void work(backend::JobRunner& daemon)
    {
        const int ran = valueOf(daemon.step(m_world.context()));
        if (ran > 0)
            note(fmt::format("{} jobs run", ran));
        m_jobsRun += ran;
    }

    void happen()
    {
        constexpr int kinds = 6;
        const std::uint64_t kind = m_dice.below(kinds);
        const AccountId account = m_dice.below(2) == 0 ? m_world.acme : m_world.zeta;
        note(fmt::format("happens {} {}", kind, account));
        ++m_happened;
        if (kind <= 1)
            m_world.use(
                account, fmt::format("s{}", m_happened),
                kind == 0 ? fmt::format("2023-12-{:02}T10:00:00Z", 1 + m_dice.below(14))
                          : toText(m_world.clock.now())
            );
        else if (kind <= 3)
            m_world.runMonth("2023-12", false);
        else if (kind == 4)
            change(account);
        else
            invite();
    }
    void change(AccountId account)
    {
        contract::ProfileView profile = m_world.view(account).profile;
        profile.purchaseOrder = fmt::format("PO-{}", m_happened);
        m_world.clock.advance(1);
        const Answer answer = m_world.write(
            Method::Put, fmt::format("/v1/accounts/{}/profile", account), m_world.admin,
            contract::toText(profile)
        );
        REQUIRE(answer.status == 200);
    }
    void invite()
    {
        const std::string form = fmt::format(
            R"({{"email":"p{}@x.example","name":"P","grants":[{{"role":"finance","account":null}}]}})",
            m_happened
        );
        REQUIRE(m_world.write(Method::Post, "/v1/people", m_world.admin, form).status == 201);
    }
    void publish()
    {
        const std::int64_t last = valueOf(m_world.api.publishChanges());
        for (Console& console : m_consoles)
            if (m_dice.below(3) != 0) // the stream may be down
                console.machine->hint(last);
    }
    /// The events behind a line of acme's newest bill: a draft that changes, where there is one.
    std::string someEvents()
    {
        const auto page = valueOf(contract::fromText<contract::Page<BillSummary>>(
            m_world.get(fmt::format("/v1/accounts/{}/bills", m_world.acme), m_world.admin).body
        ));
        return fmt::format("events:{}:{}:1", m_world.acme, page.items.back().id);
    }

    // ---- the network ----

    static ErrorCode codeOf(int status)
    {
        switch (status) {
        case 401:
            return ErrorCode::Unauthenticated;
        case 403:
            return ErrorCode::PermissionDenied;
        case 404:
            return ErrorCode::NotFound;
        case 409:
            return ErrorCode::Conflict;
        default:
            return ErrorCode::Unavailable;
        }
    }
    void fail(Console& console, const SyncRequest& request, ErrorCode code)
    {
        note(fmt::format("{} fails: {}", console.name, wireName(code)));
        ++m_faults;
        console.machine->failed(request.id, { code, "simulated" }, m_world.clock.now());
    }

    bool step(Console& console, bool withFaults)
    {
        const std::optional<SyncRequest> request
            = console.machine->nextRequest(m_world.clock.now());
        if (!request)
            return false;
        const bool isSnapshot = request->kind == SyncRequest::Kind::Snapshot;
        note(fmt::format("{} asks {} after {}", console.name, request->scope, request->cursor));
        const std::uint64_t fate = withFaults ? m_dice.below(8) : 7;
        if (fate == 0) {
            fail(console, *request, ErrorCode::Timeout); // lost on the way there, or back
            return true;
        }
        if (fate == 1) {
            fail(console, *request, ErrorCode::Unavailable);
            return true;
        }
        const Answer answer = m_world.get(
            isSnapshot
                ? fmt::format("/v1/scopes/{}/snapshot", request->scope)
                : fmt::format(
                    "/v1/scopes/{}/changes?cursor={}&limit=3", request->scope, request->cursor
                ),
            console.token
        );
        if (answer.status != 200) {
            m_conflicts += answer.status == 409 ? 1 : 0;
            fail(console, *request, codeOf(answer.status));
            return true;
        }
        std::string body = answer.body;
        if (fate == 2)
            body.resize(m_dice.below(body.size()));
        const Result<> taken = isSnapshot ? takeSnapshot(console, *request, body)
                                          : takeChanges(console, *request, body);
        if (!taken)
            fail(console, *request, taken.error().code);
        return true;
    }

    Result<> takeChanges(Console& console, const SyncRequest& request, const std::string& body)
    {
        QUITTANCE_TRY(const auto page, contract::fromText<contract::ChangePage>(body));
        return console.machine->changesArrived(request.id, page, m_world.clock.now());
    }
    Result<> takeSnapshot(Console& console, const SyncRequest& request, const std::string& body)
    {
        std::istringstream stream(body);
        std::string line;
        std::getline(stream, line);
        QUITTANCE_TRY(const auto header, contract::fromText<contract::SnapshotHeader>(line));
        QUITTANCE_CHECK(console.machine->snapshotStarted(request.id, header));
        while (std::getline(stream, line)) {
            if (line.starts_with("{\"end\"")) {
                QUITTANCE_TRY(const auto end, contract::fromText<contract::SnapshotEnd>(line));
                return console.machine->snapshotEnded(request.id, end, m_world.clock.now());
            }
            QUITTANCE_TRY(const auto item, contract::fromText<contract::Item>(line));
            QUITTANCE_CHECK(console.machine->snapshotItems(request.id, { item }));
        }
        return failure(ErrorCode::BadAnswer, "the snapshot has no end");
    }

    void settle()
    {
        m_world.publish();
        for (Console& console : m_consoles) {
            // Whoever closed the console in between opens the pages again that they had read.
            for (const client::ScopeState& scope : valueOf(console.store->scopes()))
                console.machine->subscribe(scope.scope);
            console.machine->retryNow();
            constexpr int requestsMax = 1000;
            int requests = 0;
            while (step(console, false))
                REQUIRE(++requests < requestsMax);
        }
    }

    // ---- the comparison ----

    void checkAccounts(Console& console)
    {
        const auto page = valueOf(contract::fromText<contract::Page<contract::AccountView>>(
            m_world.get("/v1/accounts", console.token).body
        ));
        CHECK(valueOf(console.store->accounts()).size() == page.items.size());
        std::int64_t bills = 0;
        for (const contract::AccountView& account : page.items) {
            const BillingDetails details = valueOf(console.store->billingDetails(account.id));
            CHECK(details.profile.version == account.profile.version);
            CHECK(details.profile.purchaseOrder == account.profile.purchaseOrder);
            if (details.historySyncedAt)
                CHECK(
                    details.profileVersions.front().profile.purchaseOrder
                    == account.profile.purchaseOrder
                );
            bills += checkBills(console, account.id);
        }
        CHECK(valueOf(console.store->billCount()) == bills);
        const Answer people = m_world.get("/v1/people", console.token);
        const std::size_t known = people.status == 200
            ? valueOf(contract::fromText<contract::Page<contract::PersonView>>(people.body))
                  .items.size()
            : 0;
        CHECK(valueOf(console.store->people()).size() == known);
    }

    std::int64_t checkBills(Console& console, AccountId account)
    {
        const auto page = valueOf(contract::fromText<contract::Page<BillSummary>>(
            m_world.get(fmt::format("/v1/accounts/{}/bills", account), console.token).body
        ));
        std::int64_t net = 0;
        for (const BillSummary& summary : page.items) {
            const std::string backend
                = m_world
                      .get(
                          fmt::format("/v1/accounts/{}/bills/{}", account, summary.id),
                          console.token
                      )
                      .body;
            CHECK(contract::toText(valueOf(console.store->bill(summary.id))) == backend);
            note(backend);
            net += summary.net.minor;
        }
        CostQuery query;
        query.account = account;
        query.first = valueOf(parseDate("2023-11-01"));
        query.last = valueOf(parseDate("2024-12-31"));
        CHECK(valueOf(console.store->costs(query)).total == net);
        return static_cast<std::int64_t>(page.items.size());
    }

    void checkEvents(Console& console)
    {
        for (const client::ScopeState& state : valueOf(console.store->scopes())) {
            CAPTURE(state.scope);
            const contract::Scope scope = valueOf(contract::parseScope(state.scope));
            if (scope.kind != contract::Scope::Kind::LineEvents)
                continue;
            const auto page = valueOf(contract::fromText<contract::Page<contract::EventView>>(
                m_world
                    .get(
                        fmt::format(
                            "/v1/accounts/{}/bills/{}/lines/{}/events", scope.account.value_or(0),
                            scope.bill, scope.line
                        ),
                        console.token
                    )
                    .body
            ));
            const LineEventPage held
                = valueOf(console.store->lineEvents(scope.bill, scope.line, 0, 1000));
            CHECK(held.complete);
            // Events that began at the same moment have no order between them.
            std::multiset<std::string> ids;
            for (const contract::EventView& event : page.items)
                ids.insert(event.id);
            std::multiset<std::string> heldIds;
            for (const LineEvent& event : held.events)
                heldIds.insert(event.id);
            CHECK(heldIds == ids);
        }
    }

    SeededRandom m_dice;
    TestDatabase m_db;
    ApiWorld m_world;
    TemporaryFolder m_folder;
    std::vector<Console> m_consoles;
    std::vector<backend::JobRunner> m_daemons;
    std::string m_trace;
    int m_happened = 0;
    int m_faults = 0;
    int m_conflicts = 0;
    int m_jobsRun = 0;
};

} // namespace

TEST_CASE("backend and two consoles agree after every kind of fault, twice to the same hash")
{
    int conflicts = 0;
    for (const std::uint64_t seed : { 1U, 2U, 3U }) {
        CAPTURE(seed);
        const auto run = [&] {
            Simulation simulation(seed);
            constexpr int steps = 250;
            simulation.live(steps);
            simulation.checkEqual();
            CHECK(simulation.faults() > 20);
            CHECK(simulation.jobsRun() > 10);
            simulation.sleepLong();
            conflicts += simulation.conflicts();
            return simulation.hash();
        };
        const std::string first = run();
        CHECK(first == run());
    }
    CHECK(conflicts > 0);
}

TEST_CASE("another seed is another life")
{
    const auto hashOf = [](std::uint64_t seed) {
        Simulation simulation(seed);
        simulation.live(20);
        return simulation.hash();
    };
    CHECK(hashOf(8) != hashOf(9));
}
