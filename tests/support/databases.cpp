#include "tests/support/databases.h"

#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace quittance::testing {

namespace {

using database::Database;
using database::Engine;
using database::Options;

/// "drop cascades to 15 other objects"
void ignoreNotice(void* /*context*/, const PGresult* /*notice*/) { }

// Without Database, whose tests stand on this.
std::string runOnServer(const std::string& serverUrl, const std::string& sql)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> server(
        PQconnectdb(serverUrl.c_str()), PQfinish
    );
    PQsetNoticeReceiver(server.get(), ignoreNotice, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer(
        PQexec(server.get(), sql.c_str()), PQclear
    );
    return PQresultStatus(answer.get()) == PGRES_COMMAND_OK ? "" : PQerrorMessage(server.get());
}

std::string serverUrl()
{
    const char* url = std::getenv("QUITTANCE_TEST_POSTGRES"); // NOLINT(concurrency-mt-unsafe)
    return url == nullptr ? std::string() : std::string(url);
}

std::string uniqueName()
{
    static std::atomic<int> count = 0;
    return fmt::format("quittance_test_{}_{}", ::getpid(), ++count);
}

// A schema is made in milliseconds; a database of its own would be copied from a template, a second
// each. The server shows the name among its activity, so that a test can find its own connections.
std::string withSchema(const std::string& url, const std::string& name)
{
    return fmt::format(
        "{}{}options=-csearch_path%3D{}&application_name={}", url,
        url.find('?') == std::string::npos ? '?' : '&', name, name
    );
}

} // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "quittance-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("no temporary folder: " + pattern);
    m_path = pattern;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string TemporaryFolder::sqliteUrl(std::string_view name) const
{
    return "sqlite:" + (m_path / name).string();
}

TestDatabase::TestDatabase(Engine engine, const Options& options)
    : m_engine(engine)
    , m_url(m_folder.sqliteUrl("test.db"))
{
    if (!isSqlite()) {
        const std::string server = serverUrl();
        const std::string name = uniqueName();
        REQUIRE_MESSAGE(
            !server.empty(),
            "QUITTANCE_TEST_POSTGRES is not set: export "
            "QUITTANCE_TEST_POSTGRES=$(scripts/private-postgres "
            "start FOLDER)"
        );
        REQUIRE(runOnServer(server, "CREATE SCHEMA " + name) == "");
        m_schema = name;
        m_url = withSchema(server, name);
    }
    m_database = openAnother(options);
}

TestDatabase::~TestDatabase()
{
    close();
    if (!m_schema.empty())
        static_cast<void>(runOnServer(serverUrl(), fmt::format("DROP SCHEMA {} CASCADE", m_schema))
        );
}

void TestDatabase::reopen(const Options& options)
{
    close();
    m_database = openAnother(options);
}

std::unique_ptr<Database> TestDatabase::openAnother(const Options& options) const
{
    return valueOf(Database::open(m_url, options));
}

std::string_view nameOf(Engine engine)
{
    return engine == Engine::Sqlite ? "SQLite" : "PostgreSQL";
}

void forEachDatabase(const std::function<void(TestDatabase&)>& test, const Options& options)
{
    for (const Engine engine : { Engine::Sqlite, Engine::Postgres }) {
        CAPTURE(nameOf(engine));
        TestDatabase database(engine, options);
        test(database);
    }
}

} // namespace quittance::testing
