#pragma once

#include "core/contract/messages.h"
#include "core/contract/scopes.h"
#include "core/database/database.h"
#include "core/domain/query.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The console's own database: what sync brought, as the contract's bytes plus the columns that are
/// sorted and searched by. Only sync writes bills, costs, accounts, people and events; windows
/// read. Free of Qt, so that it runs under sanitizers and in simulation. Every function may be
/// called from any thread.
namespace quittance::client {

/// How far a scope is. `cursor` continues its feed; a scope that is not complete starts again with
/// a snapshot.
struct ScopeState {
    std::string scope;
    std::int64_t cursor = 0;
    std::optional<Instant> syncedAt; ///< when it was last known to hold all there is
    bool complete = false;

    bool operator==(const ScopeState&) const = default;
};

/// A copy of a document that the backend issued.
struct StoredDocument {
    std::string bytes;
    Instant savedAt;
};

/// A write that a person asked for, as it is sent.
struct StoredIntent {
    std::string key; ///< Idempotency-Key
    std::string method;
    std::string path;
    std::string body;
    Instant madeAt;

    bool operator==(const StoredIntent&) const = default;
};

class Store {
public:
    struct Options {
        std::string sqliteVfs; ///< for fault injection in tests
        bool singleThreaded = false; ///< for simulation
    };

    /// "sqlite:FILE" made and migrated where needed. SchemaTooNew where a newer console wrote it;
    /// Corrupt where it is no database (the caller moves it aside and syncs anew: nothing in it is
    /// the only copy).
    [[nodiscard]] static Result<std::unique_ptr<Store>>
    open(const std::string& url, const Options& options);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    Store(Store&&) = delete;
    Store& operator=(Store&&) = delete;

    // ---- sync ----

    /// Binds the store to an installation and a caller ("installation/person/viewing"). What
    /// another one left is removed, and so is all of a view.
    Result<> bind(std::string_view owner);
    /// Somebody looks as another (a customer): from now on everything but values and intents is of
    /// a store of its own beside this one, until bind() brings back what is stored here, untouched.
    Result<> bindView(std::string_view owner);
    [[nodiscard]] Result<std::vector<ScopeState>> scopes();
    [[nodiscard]] Result<ScopeState> scope(std::string_view scope);
    /// A first load: items are staged with the scope's generation, so that what was stored before
    /// stays readable until finishSnapshot replaces it in one transaction. A load that dies leaves
    /// nothing visible.
    Result<> beginSnapshot(std::string_view scope);
    /// The bytes that were staged.
    Result<std::int64_t>
    addSnapshotItems(std::string_view scope, const std::vector<contract::Item>& items);
    Result<> finishSnapshot(std::string_view scope, std::int64_t cursor, Instant now);
    /// Applies changes and moves the cursor in one transaction; the same page twice changes
    /// nothing.
    Result<> applyChanges(std::string_view scope, const contract::ChangePage& page, Instant now);
    /// The feed said that nothing is new.
    Result<> markSynced(std::string_view scope, std::int64_t cursor, Instant now);
    Result<> dropScope(std::string_view scope);
    /// A page was opened that shows this scope: of all, it is the one to be dropped last.
    Result<> markOpened(std::string_view scope);
    /// Drops scopes of this kind, the least recently opened first, until the rest holds at most
    /// `budgetBytes` (the contract's bytes of its items), and says which. Those in `kept` are
    /// neither counted nor dropped; nor is the one that was opened last, which somebody reads.
    Result<std::vector<std::string>> dropOverBudget(
        contract::Scope::Kind kind, std::int64_t budgetBytes, const std::set<std::string>& kept
    );

    // ---- queries: see core/domain/query.h ----

    [[nodiscard]] Result<std::vector<AccountItem>> accounts();
    /// Of this account, or of the first by name; nothing where it is not stored.
    [[nodiscard]] Result<std::optional<std::string>> timeZone(std::optional<AccountId> account);
    [[nodiscard]] Result<BillPage>
    bills(const BillQuery& query, Date today, std::int64_t offset, int limit);
    /// Ends with Cancelled soon after `isOutdated` holds; it is asked now and then, in this thread.
    [[nodiscard]] Result<BillTotals>
    billTotals(const BillQuery& query, Date today, const std::function<bool()>& isOutdated);
    [[nodiscard]] Result<Bill> bill(BillId bill);
    [[nodiscard]] Result<LineEventPage>
    lineEvents(BillId bill, std::int32_t line, std::int64_t offset, int limit);
    [[nodiscard]] Result<CostAnswer> costs(const CostQuery& query);
    [[nodiscard]] Result<OverviewAnswer>
    overview(std::optional<AccountId> account, Month month, Date today);
    [[nodiscard]] Result<std::vector<PersonItem>> people();
    [[nodiscard]] Result<BillingDetails> billingDetails(AccountId account); ///< NotFound
    [[nodiscard]] Result<std::vector<Month>> months(std::optional<AccountId> account);
    [[nodiscard]] Result<std::int64_t> billCount();

    // ---- documents and small things that outlive a run ----

    Result<>
    saveDocument(BillId bill, std::string_view format, std::string_view bytes, Instant now);
    [[nodiscard]] Result<std::optional<StoredDocument>>
    document(BillId bill, std::string_view format);
    Result<> setValue(std::string_view key, std::string_view value); ///< never a secret
    [[nodiscard]] Result<std::optional<std::string>> value(std::string_view key);
    Result<> removeValue(std::string_view key);

    // ---- intents: stored with their key before they are sent ----

    /// Keeps the intent until forgetIntent, and gives the key to send it with: its own, or that of
    /// the same intent (method, path, body) of the last 30 days whose answer never came. So who
    /// asks again after a crash or a cut line repeats the request rather than making a second one.
    [[nodiscard]] Result<std::string> keepIntent(const StoredIntent& intent);
    Result<> forgetIntent(std::string_view key); ///< its answer is here
    [[nodiscard]] Result<std::vector<StoredIntent>> unansweredIntents(); ///< oldest first

    /// Makes running queries end with Cancelled: a newer question outdated them.
    void interrupt();

private:
    using Shared = std::shared_ptr<database::Database>;
    Store(std::string url, Options options, Shared database);
    [[nodiscard]] static Result<Shared> openDatabase(const std::string& url, const Options&);
    /// What is looked at: the view where there is one.
    [[nodiscard]] Shared current() const;
    Result<> endView();
    void removeViewFiles() const;

    std::string m_url;
    Options m_options;
    Shared m_own;
    mutable std::mutex m_viewing;
    Shared m_view;
};

} // namespace quittance::client
