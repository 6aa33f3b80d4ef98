#include "client/store/store.h"

#include "client/store/item_writer.h"
#include "client/store/store_schema.h"
#include "core/contract/codec.h"
#include "core/database/migration.h"

#include <fmt/format.h>

#include <utility>

namespace quittance::client {

using database::Row;
using database::Transaction;
using database::Value;

namespace {

const std::string ownerKey = "owner";

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
           "bill_data", "cost_row", "bill", "line_event", "document" })
        QUITTANCE_CHECK(tx.execute(fmt::format("DELETE FROM {}", table)));
    return {};
}

Result<> clearStaged(Transaction& tx, std::string_view scope)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM staged_item WHERE scope = $1", { std::string(scope) }));
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

Store::Store(std::unique_ptr<database::Database> database)
    : m_database(std::move(database))
{
}

Result<std::unique_ptr<Store>> Store::open(const std::string& url, const Options& options)
{
    database::Options databaseOptions;
    databaseOptions.sqliteVfs = options.sqliteVfs;
    databaseOptions.singleThreaded = options.singleThreaded;
    QUITTANCE_TRY(auto database, database::Database::open(url, databaseOptions));
    QUITTANCE_CHECK(database::migrate(*database, storeMigrations()));
    return std::make_unique<Store>(std::move(database));
}

Result<> Store::bind(std::string_view owner)
{
    return m_database->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_TRY(const std::optional<std::string> bound, findValue(tx, ownerKey));
        if (bound && *bound == owner)
            return {};
        QUITTANCE_CHECK(clearEverything(tx));
        return putValue(tx, ownerKey, owner);
    });
}

Result<std::vector<ScopeState>> Store::scopes()
{
    return m_database->read([&](Transaction& tx) {
        return tx.queryAll<ScopeState>(
            "SELECT scope, cursor, synced_at, complete FROM scope ORDER BY scope", {}, readScope
        );
    });
}

Result<ScopeState> Store::scope(std::string_view scope)
{
    return m_database->read([&](Transaction& tx) -> Result<ScopeState> {
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
    return m_database->write([&](Transaction& tx) { return clearStaged(tx, scope); });
}

Result<> Store::addSnapshotItems(std::string_view scope, const std::vector<contract::Item>& items)
{
    return m_database->write([&](Transaction& tx) -> Result<> {
        for (const contract::Item& item : items)
            QUITTANCE_CHECK(tx.execute(
                "INSERT INTO staged_item (scope, data) VALUES ($1, $2)",
                { std::string(scope), toBytes(contract::toText(item)) }
            ));
        return {};
    });
}

Result<> Store::finishSnapshot(std::string_view scope, std::int64_t cursor, Instant now)
{
    QUITTANCE_TRY(const contract::Scope parsed, contract::parseScope(scope));
    return m_database->write([&](Transaction& tx) -> Result<> {
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
    return m_database->write([&](Transaction& tx) -> Result<> {
        for (const contract::Item& change : page.changes)
            QUITTANCE_CHECK(writeItem(tx, parsed, change));
        return setScope(tx, scope, page.cursor, now);
    });
}

Result<> Store::markSynced(std::string_view scope, std::int64_t cursor, Instant now)
{
    return m_database->write([&](Transaction& tx) { return setScope(tx, scope, cursor, now); });
}

Result<> Store::dropScope(std::string_view scope)
{
    QUITTANCE_TRY(const contract::Scope parsed, contract::parseScope(scope));
    return m_database->write([&](Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(clearScope(tx, parsed));
        QUITTANCE_CHECK(clearStaged(tx, scope));
        QUITTANCE_CHECK(tx.execute("DELETE FROM scope WHERE scope = $1", { std::string(scope) }));
        return {};
    });
}

Result<>
Store::saveDocument(BillId bill, std::string_view format, std::string_view bytes, Instant now)
{
    return m_database->write([&](Transaction& tx) -> Result<> {
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
    return m_database->read([&](Transaction& tx) {
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
    return m_database->write([&](Transaction& tx) { return putValue(tx, key, value); });
}

Result<std::optional<std::string>> Store::value(std::string_view key)
{
    return m_database->read([&](Transaction& tx) { return findValue(tx, key); });
}

} // namespace quittance::client
