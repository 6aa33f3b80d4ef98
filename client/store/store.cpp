#include "client/store/store.h"

#include "client/store/item_writer.h"
#include "client/store/store_schema.h"
#include "core/contract/codec.h"
#include "core/database/migration.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace quittance::client {

using database::Row;
using database::Transaction;
using database::Value;

namespace {

const std::string ownerKey = "owner";
constexpr std::string_view viewSuffix = "-view";
// Well within the time that a backend keeps a key.
constexpr std::int64_t intentKeptMicros = 30 * microsPerDay;

ScopeState readScope(const Row& row)
{
    ScopeState state { row.string(0), row.integer(1), std::nullopt, row.integer(3) != 0 };
    if (!row.isNull(2))
        state.syncedAt = Instant { row.integer(2) };
    return state;
}

Result<> setScope(Transaction& tx, std::string_view scope, std::int64_t cursor, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO scope (scope, cursor, synced_at, complete) VALUES ($1, $2, $3, 1) "
        "ON CONFLICT (scope) DO UPDATE SET cursor = excluded.cursor, synced_at = "
        "excluded.synced_at, "
        "complete = 1",
        { std::string(scope), cursor, now.micros }
    ));
    return {};
}

Result<std::optional<std::string>> findValue(Transaction& tx, std::string_view key)
{
    return tx.queryFirst<std::string>(
        "SELECT value FROM stored_value WHERE key = $1", { std::string(key) },
        [](const Row& row) { return row.string(0); }
    );
}

Result<> putValue(Transaction& tx, std::string_view key, std::string_view value)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO stored_value (key, value) VALUES ($1, $2) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        { std::string(key), std::string(value) }
    ));
    return {};
}

Result<> clearEverything(Transaction& tx)
{
    for (const std::string_view table :
         { "scope", "staged_item", "account", "account_history", "legal_entity", "person",
           "bill_data", "bill_summary", "cost_row", "cost_day", "bill", "line_event", "document",
           "intent" })
        QUITTANCE_CHECK(tx.execute(fmt::format("DELETE FROM {}", table)));
    // The index notes what was removed beside what it held.
    return database::sqlite::rebuildTextIndex(tx, billTextIndex());
}

/// What another owner left goes.
Result<> bindDatabase(database::Database& database, std::string_view owner)
{
    return database.write([&](Transaction& tx) -> Result<> {
        QUITTANCE_TRY(const std::optional<std::string> bound, findValue(tx, ownerKey));
        if (bound && *bound == owner)
            return {};
        QUITTANCE_CHECK(clearEverything(tx));
        return putValue(tx, ownerKey, owner);
    });
}

Result<> clearStaged(Transaction& tx, std::string_view scope)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM staged_item WHERE scope = $1", { std::string(scope) }));
    return {};
}

Result<> removeScope(Transaction& tx, const contract::Scope& scope)
{
    const std::string name = contract::toText(scope);
    QUITTANCE_CHECK(clearScope(tx, scope));
    QUITTANCE_CHECK(clearStaged(tx, name));
    QUITTANCE_CHECK(tx.execute("DELETE FROM scope WHERE scope = $1", { name }));
    return {};
}

// Staged bytes are read in pages: an open cursor over a table that the same transaction writes
// beside is not portable.
constexpr int stagedPageMax = 500;

Result<std::int64_t> writeStagedPage(
    Transaction& tx, const contract::Scope& scope, std::string_view name, std::int64_t afterId
)
{
    struct Staged {
        std::int64_t id = 0;
        std::string text;
    };
    QUITTANCE_TRY(
        const std::vector<Staged> page,
        tx.queryAll<Staged>(
            "SELECT id, data FROM staged_item WHERE scope = $1 AND id > $2 ORDER BY id LIMIT $3",
            { std::string(name), afterId, std::int64_t { stagedPageMax } },
            [](const Row& row) {
                return Staged { row.integer(0), std::string(asText(row.bytes(1))) };
            }
        )
    );
    for (const Staged& staged : page) {
        QUITTANCE_TRY(const contract::Item item, contract::fromText<contract::Item>(staged.text));
        QUITTANCE_CHECK(writeItem(tx, scope, item));
    }
    return page.empty() ? 0 : page.back().id;
}

} // namespace

Store::Store(std::string url, Options options, Shared database)
    : m_url(std::move(url))
    , m_options(std::move(options))
    , m_own(std::move(database))
{
    removeViewFiles(); // of a run that died while viewing
}

Store::~Store()
{
    (void)endView(); // what cannot be removed now is at the next start
}

Result<Store::Shared> Store::openDatabase(const std::string& url, const Options& options)
{
    database::Options databaseOptions;
    databaseOptions.sqliteVfs = options.sqliteVfs;
    databaseOptions.singleThreaded = options.singleThreaded;
    databaseOptions.overwriteDeleted = true;
    QUITTANCE_TRY(auto database, database::Database::open(url, databaseOptions));
    QUITTANCE_CHECK(database::migrate(*database, storeMigrations()));
    return Shared(std::move(database));
}

Result<std::unique_ptr<Store>> Store::open(const std::string& url, const Options& options)
{
    QUITTANCE_TRY(Shared database, openDatabase(url, options));
    return std::unique_ptr<Store>(new Store(url, options, std::move(database)));
}

Store::Shared Store::current() const
{
    const std::lock_guard lock(m_viewing);
    return m_view ? m_view : m_own;
}

void Store::interrupt()
{
    m_own->interrupt();
    current()->interrupt();
}

void Store::removeViewFiles() const
{
    const std::string file = fmt::format("{}{}", m_url.substr(m_url.find(':') + 1), viewSuffix);
    for (const char* const suffix : { "", "-wal", "-shm" }) {
        std::error_code ignored; // what stays is overwritten, and bound to its owner
        std::filesystem::remove(file + suffix, ignored);
    }
}

// A query that still runs keeps its database until it is done.
Result<> Store::endView()
{
    Shared view;
    {
        const std::lock_guard lock(m_viewing);
        view = std::exchange(m_view, nullptr);
    }
    if (!view)
        return {};
    Result<> cleared = view->write(clearEverything);
    view.reset();
    removeViewFiles();
    return cleared;
}

Result<> Store::bind(std::string_view owner)
{
    QUITTANCE_CHECK(endView());
    return bindDatabase(*m_own, owner);
}

Result<> Store::bindView(std::string_view owner)
{
    Shared view = current();
    if (view == m_own) {
        QUITTANCE_TRY(view, openDatabase(fmt::format("{}{}", m_url, viewSuffix), m_options));
    }
    QUITTANCE_CHECK(bindDatabase(*view, owner));
    const std::lock_guard lock(m_viewing);
    m_view = std::move(view);
    return {};
}

Result<std::vector<ScopeState>> Store::scopes()
{
    return current()->read([&](Transaction& tx) {
        return tx.queryAll<ScopeState>(
            "SELECT scope, cursor, synced_at, complete FROM scope ORDER BY scope", {}, readScope
        );
    });
}

Result<ScopeState> Store::scope(std::string_view scope)
{
    return current()->read([&](Transaction& tx) -> Result<ScopeState> {
        QUITTANCE_TRY(
            std::optional<ScopeState> state,
            tx.queryFirst<ScopeState>(
                "SELECT scope, cursor, synced_at, complete FROM scope WHERE scope = $1",
                { std::string(scope) }, readScope
            )
        );
        return state.value_or(ScopeState { std::string(scope), 0, std::nullopt, false });
    });
}

Result<> Store::beginSnapshot(std::string_view scope)
{
    return current()->write([&](Transaction& tx) { return clearStaged(tx, scope); });
}

Result<std::int64_t>
Store::addSnapshotItems(std::string_view scope, const std::vector<contract::Item>& items)
{
    return current()->write([&](Transaction& tx) -> Result<std::int64_t> {
        std::int64_t bytes = 0;
        for (const contract::Item& item : items) {
            const std::string text = contract::toText(item);
            QUITTANCE_CHECK(tx.execute(
                "INSERT INTO staged_item (scope, data) VALUES ($1, $2)",
                { std::string(scope), toBytes(text) }
            ));
            bytes += static_cast<std::int64_t>(text.size());
        }
        return bytes;
    });
}

Result<> Store::finishSnapshot(std::string_view scope, std::int64_t cursor, Instant now)
{
    QUITTANCE_TRY(const contract::Scope parsed, contract::parseScope(scope));
    return current()->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(clearScope(tx, parsed));
        std::int64_t last = 0;
        do {
            QUITTANCE_TRY(last, writeStagedPage(tx, parsed, scope, last));
        } while (last != 0);
        QUITTANCE_CHECK(clearStaged(tx, scope));
        return setScope(tx, scope, cursor, now);
    });
}

Result<> Store::applyChanges(std::string_view scope, const contract::ChangePage& page, Instant now)
{
    QUITTANCE_TRY(const contract::Scope parsed, contract::parseScope(scope));
    return current()->write([&](Transaction& tx) -> Result<> {
        for (const contract::Item& change : page.changes)
            QUITTANCE_CHECK(writeItem(tx, parsed, change));
        return setScope(tx, scope, page.cursor, now);
    });
}

Result<> Store::markSynced(std::string_view scope, std::int64_t cursor, Instant now)
{
    return current()->write([&](Transaction& tx) { return setScope(tx, scope, cursor, now); });
}

Result<> Store::dropScope(std::string_view scope)
{
    QUITTANCE_TRY(const contract::Scope parsed, contract::parseScope(scope));
    return current()->write([&](Transaction& tx) { return removeScope(tx, parsed); });
}

Result<> Store::markOpened(std::string_view scope)
{
    return current()->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_TRY(
            const std::int64_t last, tx.queryInteger("SELECT COALESCE(MAX(opened), 0) FROM scope")
        );
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO scope (scope, cursor, complete, opened) VALUES ($1, 0, 0, $2) "
            "ON CONFLICT (scope) DO UPDATE SET opened = excluded.opened",
            { std::string(scope), last + 1 }
        ));
        return {};
    });
}

Result<std::vector<std::string>> Store::dropOverBudget(
    contract::Scope::Kind kind, std::int64_t budgetBytes, const std::set<std::string>& kept
)
{
    using Names = std::vector<std::string>;
    return current()->write([&](Transaction& tx) -> Result<Names> {
        QUITTANCE_TRY(
            const Names names,
            tx.queryAll<std::string>(
                "SELECT scope FROM scope ORDER BY opened DESC, scope", {},
                [](const Row& row) { return row.string(0); }
            )
        );
        Names dropped;
        std::int64_t bytes = 0;
        bool isLatest = true;
        for (const std::string& name : names) {
            QUITTANCE_TRY(const contract::Scope scope, contract::parseScope(name));
            if (scope.kind != kind || kept.contains(name))
                continue;
            QUITTANCE_TRY(const std::int64_t size, scopeBytes(tx, scope));
            bytes += size;
            if (std::exchange(isLatest, false) || bytes <= budgetBytes)
                continue;
            QUITTANCE_CHECK(removeScope(tx, scope));
            dropped.push_back(name);
        }
        return dropped;
    });
}

Result<>
Store::saveDocument(BillId bill, std::string_view format, std::string_view bytes, Instant now)
{
    return current()->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO document (bill_id, format, saved_at, bytes) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (bill_id, format) DO UPDATE SET saved_at = excluded.saved_at, "
            "bytes = excluded.bytes",
            { bill, std::string(format), now.micros, toBytes(bytes) }
        ));
        return {};
    });
}

Result<std::optional<StoredDocument>> Store::document(BillId bill, std::string_view format)
{
    return current()->read([&](Transaction& tx) {
        return tx.queryFirst<StoredDocument>(
            "SELECT bytes, saved_at FROM document WHERE bill_id = $1 AND format = $2",
            { bill, std::string(format) },
            [](const Row& row) {
                return StoredDocument { std::string(asText(row.bytes(0))),
                                        Instant { row.integer(1) } };
            }
        );
    });
}

Result<> Store::setValue(std::string_view key, std::string_view value)
{
    return m_own->write([&](Transaction& tx) { return putValue(tx, key, value); });
}

Result<> Store::removeValue(std::string_view key)
{
    return m_own->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(tx.execute("DELETE FROM stored_value WHERE key = $1", { std::string(key) })
        );
        return {};
    });
}

Result<std::optional<std::string>> Store::value(std::string_view key)
{
    return m_own->read([&](Transaction& tx) { return findValue(tx, key); });
}

Result<std::string> Store::keepIntent(const StoredIntent& intent)
{
    return m_own->write([&](Transaction& tx) -> Result<std::string> {
        QUITTANCE_CHECK(tx.execute(
            "DELETE FROM intent WHERE made_at < $1", { intent.madeAt.micros - intentKeptMicros }
        ));
        QUITTANCE_TRY(
            const std::optional<std::string> unanswered,
            tx.queryFirst<std::string>(
                "SELECT key FROM intent WHERE method = $1 AND path = $2 AND body = $3 "
                "ORDER BY made_at, key",
                { intent.method, intent.path, intent.body },
                [](const Row& row) { return row.string(0); }
            )
        );
        if (unanswered)
            return *unanswered;
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO intent (key, method, path, body, made_at) VALUES ($1, $2, $3, $4, $5)",
            { intent.key, intent.method, intent.path, intent.body, intent.madeAt.micros }
        ));
        return intent.key;
    });
}

Result<> Store::forgetIntent(std::string_view key)
{
    return m_own->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(tx.execute("DELETE FROM intent WHERE key = $1", { std::string(key) }));
        return {};
    });
}

Result<std::vector<StoredIntent>> Store::unansweredIntents()
{
    return m_own->read([&](Transaction& tx) {
        return tx.queryAll<StoredIntent>(
            "SELECT key, method, path, body, made_at FROM intent ORDER BY made_at, key", {},
            [](const Row& row) {
                return StoredIntent { row.string(0), row.string(1), row.string(2), row.string(3),
                                      Instant { row.integer(4) } };
            }
        );
    });
}

} // namespace quittance::client
