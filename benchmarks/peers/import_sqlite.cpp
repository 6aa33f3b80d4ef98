// The floor of `usage import` on SQLite: the same file, the same rows, the same uniqueness, the
// same durability, and nothing else.
//
//   peer_import_sqlite DATABASE INPUT [narrow] [integer-key] [unsorted] [roomy] [in-memory]
//   [no-sync]
//
// The words show what a figure hangs on: `narrow` stores key and quantity alone; `integer-key`
// takes 64 bits of the id instead of its text; `unsorted` inserts in the order of the file instead
// of sorting each 10,000 by key first; `roomy` takes 1 GiB of cache and 256 MiB of
// log instead of 64 and 16 MiB; `in-memory` leaves out the disk; `no-sync` the waiting for
// it.

#include "benchmarks/peers/usage_rows.h"

#include <sqlite3.h>

#include <cstring>
#include <set>
#include <vector>

namespace {

using quittance::peers::stop;
using quittance::peers::UsageRow;

class Floor {
public:
    Floor(const std::string& file, const std::set<std::string>& words)
        : m_isNarrow(words.contains("narrow"))
        , m_isIntegerKey(words.contains("integer-key"))
    {
        if (sqlite3_open(words.contains("in-memory") ? ":memory:" : file.c_str(), &m_database)
            != SQLITE_OK)
            stop("cannot open " + file);
        run("PRAGMA journal_mode = WAL");
        run(words.contains("no-sync") ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
        // As the product has them, unless asked for more.
        const bool isRoomy = words.contains("roomy");
        run(isRoomy ? "PRAGMA cache_size = -1048576" : "PRAGMA cache_size = -65536");
        run(isRoomy ? "PRAGMA wal_autocheckpoint = 65536" : "PRAGMA wal_autocheckpoint = 16384");
        makeTable();
    }
    Floor(const Floor&) = delete;
    Floor& operator=(const Floor&) = delete;
    ~Floor()
    {
        sqlite3_finalize(m_insert);
        sqlite3_close(m_database);
    }

    void store(const std::vector<UsageRow>& rows)
    {
        run("BEGIN IMMEDIATE");
        for (const UsageRow& row : rows)
            insert(row);
        run("COMMIT");
        ++m_batch;
    }

private:
    void run(const char* sql)
    {
        if (sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            stop(sqlite3_errmsg(m_database));
    }
    void makeTable()
    {
        const std::string key = m_isIntegerKey ? "INTEGER" : "TEXT";
        const std::string rest = m_isNarrow
            ? ""
            : "meter_id INTEGER NOT NULL, sku_id INTEGER NOT NULL, project_id INTEGER NOT NULL, "
              "resource TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, "
              "batch INTEGER NOT NULL, ";
        run(("CREATE TABLE usage (account_id INTEGER NOT NULL, source_id INTEGER NOT NULL, "
             "event_id "
             + key + " NOT NULL, quantity INTEGER NOT NULL, " + rest
             + "PRIMARY KEY (account_id, source_id, event_id)) STRICT, WITHOUT ROWID")
                .c_str());
        const char* sql = m_isNarrow
            ? "INSERT INTO usage (account_id, source_id, event_id, quantity) VALUES (1, 1, ?1, ?2) "
              "ON CONFLICT DO NOTHING"
            : "INSERT INTO usage (account_id, source_id, event_id, quantity, meter_id, sku_id, "
              "project_id, resource, started_at, ended_at, batch) "
              "VALUES (1, 1, ?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
        if (sqlite3_prepare_v3(m_database, sql, -1, SQLITE_PREPARE_PERSISTENT, &m_insert, nullptr)
            != SQLITE_OK)
            stop(sqlite3_errmsg(m_database));
    }
    void bindKey(std::string_view id)
    {
        if (!m_isIntegerKey) {
            sqlite3_bind_text(m_insert, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
            return;
        }
        // The first 16 digits of the UUID are its first half.
        std::uint64_t value = 0;
        for (const char digit : id.substr(0, 18))
            if (digit != '-')
                value = value * 16
                    + static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        std::int64_t key = 0;
        std::memcpy(&key, &value, sizeof(key));
        sqlite3_bind_int64(m_insert, 1, key);
    }
    void insert(const UsageRow& row)
    {
        bindKey(row.id);
        sqlite3_bind_int64(m_insert, 2, row.quantity);
        if (!m_isNarrow) {
            sqlite3_bind_int64(m_insert, 3, row.sku);
            sqlite3_bind_int64(m_insert, 4, row.project);
            sqlite3_bind_text(
                m_insert, 5, row.resource.data(), static_cast<int>(row.resource.size()),
                SQLITE_STATIC
            );
            sqlite3_bind_int64(m_insert, 6, row.startedAt);
            sqlite3_bind_int64(m_insert, 7, row.endedAt);
            sqlite3_bind_int64(m_insert, 8, m_batch);
        }
        if (sqlite3_step(m_insert) != SQLITE_DONE)
            stop(sqlite3_errmsg(m_database));
        sqlite3_reset(m_insert);
    }

    bool m_isNarrow;
    bool m_isIntegerKey;
    sqlite3* m_database = nullptr;
    sqlite3_stmt* m_insert = nullptr;
    std::int64_t m_batch = 1;
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3)
        stop("usage: peer_import_sqlite DATABASE INPUT [WORD...]");
    const std::set<std::string> words(argv + 3, argv + argc);
    Floor floor(argv[1], words);
    quittance::peers::forEachBatch(
        argv[2], !words.contains("unsorted"),
        [&floor](const std::vector<UsageRow>& rows) { floor.store(rows); }
    );
    return 0;
}
