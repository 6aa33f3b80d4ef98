// The floor of `usage import` on PostgreSQL: the same file, the same rows, the same uniqueness, the
// server's own durability, and nothing else. Each 10,000 rows are copied into a temporary table and
// inserted from there, which was found fastest.
//
//   peer_import_postgres URL INPUT

#include "benchmarks/peers/usage_rows.h"

#include <libpq-fe.h>

#include <vector>

namespace {

using quittance::peers::stop;
using quittance::peers::UsageRow;

constexpr std::uint16_t columns = 11;

class Floor {
public:
    explicit Floor(const char* url)
        : m_connection(PQconnectdb(url))
    {
        if (PQstatus(m_connection) != CONNECTION_OK)
            stop(PQerrorMessage(m_connection));
        const std::string table
            = " usage (account_id BIGINT NOT NULL, source_id BIGINT NOT NULL, event_id TEXT NOT "
              "NULL, "
              "meter_id BIGINT NOT NULL, sku_id BIGINT NOT NULL, project_id BIGINT NOT NULL, "
              "resource TEXT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, "
              "quantity BIGINT NOT NULL, batch BIGINT NOT NULL, "
              "PRIMARY KEY (account_id, source_id, event_id))";
        run("CREATE TABLE" + table, PGRES_COMMAND_OK);
        run("CREATE TEMPORARY TABLE fresh (LIKE usage) ON COMMIT DELETE ROWS", PGRES_COMMAND_OK);
    }
    Floor(const Floor&) = delete;
    Floor& operator=(const Floor&) = delete;
    ~Floor() { PQfinish(m_connection); }

    void store(const std::vector<UsageRow>& rows)
    {
        run("BEGIN", PGRES_COMMAND_OK);
        run("COPY fresh FROM STDIN (FORMAT binary)", PGRES_COPY_IN);
        m_buffer.assign("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        for (const UsageRow& row : rows)
            append(row);
        put(std::uint16_t { 0xffff });
        if (PQputCopyData(m_connection, m_buffer.data(), static_cast<int>(m_buffer.size())) != 1
            || PQputCopyEnd(m_connection, nullptr) != 1)
            stop(PQerrorMessage(m_connection));
        while (PGresult* result = PQgetResult(m_connection))
            expect(result, PGRES_COMMAND_OK);
        run("INSERT INTO usage SELECT * FROM fresh ON CONFLICT DO NOTHING", PGRES_COMMAND_OK);
        run("COMMIT", PGRES_COMMAND_OK);
        ++m_batch;
    }

private:
    void run(const std::string& sql, ExecStatusType expected)
    {
        expect(PQexec(m_connection, sql.c_str()), expected);
    }
    void expect(PGresult* result, ExecStatusType expected)
    {
        const ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status != expected)
            stop(PQerrorMessage(m_connection));
    }
    template <class Unsigned> void put(Unsigned value)
    {
        constexpr unsigned byteBits = 8;
        for (unsigned shift = sizeof(value) * byteBits; shift > 0;) {
            shift -= byteBits;
            m_buffer.push_back(static_cast<char>((value >> shift) & 0xffU));
        }
    }
    void putInteger(std::int64_t value)
    {
        put(static_cast<std::uint32_t>(sizeof(value)));
        put(static_cast<std::uint64_t>(value));
    }
    void putText(std::string_view text)
    {
        put(static_cast<std::uint32_t>(text.size()));
        m_buffer.append(text);
    }
    void append(const UsageRow& row)
    {
        put(columns);
        putInteger(1);
        putInteger(1);
        putText(row.id);
        putInteger(1);
        putInteger(row.sku);
        putInteger(row.project);
        putText(row.resource);
        putInteger(row.startedAt);
        putInteger(row.endedAt);
        putInteger(row.quantity);
        putInteger(m_batch);
    }

    PGconn* m_connection;
    std::string m_buffer;
    std::int64_t m_batch = 1;
};

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        stop("usage: peer_import_postgres URL INPUT");
    Floor floor(argv[1]);
    quittance::peers::forEachBatch(argv[2], true, [&floor](const std::vector<UsageRow>& rows) {
        floor.store(rows);
    });
    return 0;
}
