#pragma once

#include "client/store/store.h"
#include "core/contract/messages.h"
#include "core/contract/scopes.h"
#include "core/domain/result.h"
#include "core/domain/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Fills the store from a backend: a state machine without sockets, threads or sleeping. Whoever
/// drives it asks nextRequest(now), sends it, and gives the answer back; so the console drives it
/// from a worker thread, and tests and the simulation from a loop.
namespace quittance::client {

/// What to ask the backend for. One is under way at a time.
struct SyncRequest {
    enum class Kind : std::uint8_t { Snapshot, Changes };
    Kind kind = Kind::Snapshot;
    std::uint64_t id = 0;
    std::string scope;
    std::int64_t cursor = 0; ///< Changes: what follows this

    bool operator==(const SyncRequest&) const = default;
};

enum class SyncConnection : std::uint8_t { SignedOut, Connecting, Live, Offline };

struct LoadProgress {
    std::string scope; ///< that is loaded now; empty between two
    std::int64_t loaded = 0;
    std::int64_t total = -1; ///< -1: not known
    /// Of the scopes that are to be loaded: one load to a person, from the first to the last.
    std::int64_t scopesLoaded = 0;
    std::int64_t scopes = 1;

    /// How far the whole of it is, in thousandths.
    [[nodiscard]] std::int64_t thousandths() const;
};

class SyncMachine {
public:
    /// First wait after a failure, doubled with each further one up to the last.
    static constexpr std::int64_t firstWaitMicros = 1 * microsPerSecond;
    static constexpr std::int64_t lastWaitMicros = 60 * microsPerSecond;
    /// How often a scope is asked about although no event said that something changed.
    static constexpr std::int64_t pollMicros = 60 * microsPerSecond;
    /// Bills of so many accounts are kept at all times; of more, those that a page subscribed.
    static constexpr std::size_t standingAccountsMax = 100;

    /// How many bytes the opened scopes of a kind may take: contract::diskBudgetBytes, or a test's.
    using Budget = std::int64_t (*)(contract::Scope::Kind);

    explicit SyncMachine(Store& store, Budget budget = contract::diskBudgetBytes);

    /// Starts (or goes on) syncing for this caller; what another installation or person left is
    /// removed first.
    Result<> start(const contract::Me& me);
    /// The session ended; what is stored stays readable.
    void stop();
    /// A page wants this scope; it is loaded soon and kept up to date until others that were opened
    /// later fill the budget of its kind (contract::diskBudgetBytes). What was dropped is among the
    /// changed scopes; opening the page again loads it again.
    void subscribe(const std::string& scope);
    /// The live stream said that the feed has reached this number.
    void hint(std::int64_t feedNumber);
    /// A person asked: try now, whatever the back-off says, and ask about every scope.
    void retryNow();
    /// Ends a first load that runs, of this scope and of those that would follow; they are tried
    /// again when something asks for them (retryNow, subscribe).
    void cancelLoading();

    /// What to send now, if anything. Its answer must come back through one of the functions below.
    [[nodiscard]] std::optional<SyncRequest> nextRequest(Instant now);
    /// When nextRequest is worth asking again, if nothing happens before.
    [[nodiscard]] Instant nextWakeUp(Instant now) const;

    // A snapshot arrives in pieces. Each returns an error where the answer leaves the contract or
    // the store refuses; the caller then drops the connection and reports it through failed().
    Result<> snapshotStarted(std::uint64_t id, const contract::SnapshotHeader& header);
    Result<> snapshotItems(std::uint64_t id, const std::vector<contract::Item>& items);
    Result<> snapshotEnded(std::uint64_t id, const contract::SnapshotEnd& end, Instant now);
    Result<> changesArrived(std::uint64_t id, const contract::ChangePage& page, Instant now);
    /// Unauthenticated signs out; NotFound drops the scope, and so does TooLarge (a scope that is
    /// not standing and alone leaves its budget); Conflict loads it anew; all else is being
    /// offline.
    void failed(std::uint64_t id, const Error& error, Instant now);

    [[nodiscard]] SyncConnection connection() const { return m_connection; }
    /// When all standing scopes were last known to be complete.
    [[nodiscard]] std::optional<Instant> lastSync() const { return m_lastSync; }
    [[nodiscard]] std::optional<Instant> offlineSince() const { return m_offlineSince; }
    [[nodiscard]] std::optional<Instant> nextTry() const;
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }
    [[nodiscard]] std::optional<LoadProgress> loading() const;
    /// A first load was cancelled: what is stored is not all there is.
    [[nodiscard]] bool isIncomplete() const;
    /// Scopes whose stored content changed since the last call.
    [[nodiscard]] std::vector<std::string> takeChangedScopes();

private:
    struct ScopeWork {
        ScopeState stored;
        std::int64_t hinted = 0; ///< the feed is known to have reached this
        std::int64_t hintedAtRequest = 0;
        std::optional<Instant> askedAt;
        bool wanted = true; ///< false after a cancelled load
        bool standing = false; ///< kept at all times, whatever it takes
        bool more = false; ///< the last page said that more follows
    };

    [[nodiscard]] bool needsAsking(const ScopeWork& work, Instant now) const;
    [[nodiscard]] SyncRequest makeRequest(const std::string& scope, ScopeWork& work, Instant now);
    [[nodiscard]] ScopeWork* current(std::uint64_t id);
    void answered(ScopeWork& work, Instant now);
    Result<> updateStandingScopes();
    ScopeWork& addScope(const std::string& scope);
    void addStandingScope(const std::string& scope) { addScope(scope).standing = true; }
    Result<> checkBudget() const;
    Result<> keepToBudget(const std::string& loaded);
    void updateLastSync();

    Store& m_store;
    Budget m_budget;
    SyncConnection m_connection = SyncConnection::SignedOut;
    std::map<std::string, ScopeWork> m_scopes;
    std::optional<SyncRequest> m_underWay;
    std::uint64_t m_lastId = 0;
    int m_failures = 0;
    std::optional<Instant> m_failedAt;
    std::optional<Instant> m_lastSync;
    std::optional<Instant> m_offlineSince;
    std::optional<Error> m_problem;
    std::optional<LoadProgress> m_loading;
    std::int64_t m_loadedBytes = 0;
    std::vector<std::string> m_changed;
    bool m_maySeePeople = false;
    std::int64_t m_hint = 0;
};

} // namespace quittance::client
