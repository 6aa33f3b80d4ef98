#pragma once

#include "core/contract/messages.h"
#include "core/contract/scopes.h"
#include "core/database/database.h"
#include "core/domain/query.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
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
    explicit Store(std::unique_ptr<database::Database> database);

    // ---- sync ----

    /// Binds the store to an installation and a caller ("installation/person/viewing"). What
    /// another one left is removed.
    Result<> bind(std::string_view owner);
    [[nodiscard]] Result<std::vector<ScopeState>> scopes();
    [[nodiscard]] Result<ScopeState> scope(std::string_view scope);
    /// A first load: items are staged with the scope's generation, so that what was stored before
    /// stays readable until finishSnapshot replaces it in one transaction. A load that dies leaves
    /// nothing visible.
    Result<> beginSnapshot(std::string_view scope);
    Result<> addSnapshotItems(std::string_view scope, const std::vector<contract::Item>& items);
    Result<> finishSnapshot(std::string_view scope, std::int64_t cursor, Instant now);
    /// Applies changes and moves the cursor in one transaction; the same page twice changes
    /// nothing.
    Result<> applyChanges(std::string_view scope, const contract::ChangePage& page, Instant now);
    /// The feed said that nothing is new.
    Result<> markSynced(std::string_view scope, std::int64_t cursor, Instant now);
    Result<> dropScope(std::string_view scope);

    // ---- queries: see core/domain/query.h ----

    [[nodiscard]] Result<std::vector<AccountItem>> accounts();
    [[nodiscard]] Result<BillPage>
    bills(const BillQuery& query, Date today, std::int64_t offset, int limit);
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

    /// Makes running queries end with Cancelled: a newer question outdated them.
    void interrupt() { m_database->interrupt(); }

private:
    std::unique_ptr<database::Database> m_database;
};

} // namespace quittance::client
