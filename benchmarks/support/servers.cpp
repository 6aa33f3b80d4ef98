#include "benchmarks/support/servers.h"

#include "benchmarks/support/report.h"
#include "core/contract/codec.h"
#include "core/http/client.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace quittance::bench {

namespace {

std::string serverUrl()
{
    const char* url = std::getenv("QUITTANCE_TEST_POSTGRES"); // NOLINT(concurrency-mt-unsafe)
    if (url == nullptr)
        stop("QUITTANCE_TEST_POSTGRES is not set; scripts/bench sets it");
    return url;
}

void runOnServer(const std::string& sql)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> server(
        PQconnectdb(serverUrl().c_str()), PQfinish
    );
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer(
        PQexec(server.get(), sql.c_str()), PQclear
    );
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
        stop(PQerrorMessage(server.get()));
}

/// The URL names the database after the slashes: postgresql:///postgres?host=...
std::string withDatabase(const std::string& url, const std::string& name)
{
    const std::size_t authority = url.find("//") + 2;
    const std::size_t slash = url.find('/', authority);
    const std::size_t end = std::min(url.find('?'), url.size());
    return fmt::format("{}/{}{}", url.substr(0, slash), name, url.substr(end));
}

} // namespace

BenchDatabase::BenchDatabase(database::Engine engine)
    : m_url("sqlite:" + m_folder.file("bench.db"))
{
    if (engine == database::Engine::Sqlite)
        return;
    static std::atomic<int> count = 0;
    m_name = fmt::format("quittance_bench_{}_{}", getpid(), ++count);
    runOnServer("CREATE DATABASE " + m_name);
    m_url = withDatabase(serverUrl(), m_name);
}

BenchDatabase::~BenchDatabase()
{
    if (!m_name.empty())
        runOnServer(fmt::format("DROP DATABASE {} WITH (FORCE)", m_name));
}

Command BenchDatabase::quittanced(const Command& words) const
{
    Command command { program("quittanced"), "--database", m_url };
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

std::string nameOf(database::Engine engine)
{
    return engine == database::Engine::Sqlite ? "SQLite" : "PostgreSQL";
}

DemoServer::DemoServer(database::Engine engine, int accounts, int months)
    : m_database(engine)
{
    const Finished made
        = run(m_database.quittanced({ "demo", "create", "--accounts", std::to_string(accounts),
                                      "--months", std::to_string(months), "--json" }));
    const boost::json::value report = boost::json::parse(made.output);
    m_bills = report.at("bills").as_int64();
    m_events = report.at("events").as_int64();
    m_email = report.at("email").as_string();
    m_password = report.at("password").as_string();
    m_daemon
        = std::make_unique<Running>(m_database.quittanced({ "serve", "--listen", "127.0.0.1:0" }));
    const std::string line = m_daemon->readLine();
    m_port = std::stoi(line.substr(line.rfind(':') + 1));
}

std::string DemoServer::url() const
{
    return fmt::format("http://127.0.0.1:{}", m_port);
}

std::string DemoServer::authorization() const
{
    http::Client client;
    http::ClientRequest request;
    request.method = http::Method::Post;
    request.url = url() + "/v1/sessions";
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Idempotency-Key", "benchmark-sign-in");
    request.body = contract::toText(contract::SignInRequest { m_email, m_password });
    const Result<http::Response> answer = client.send(request);
    if (!answer)
        bench::stop(answer.error().detail);
    const auto session = contract::fromText<contract::SessionView>(answer->body);
    if (!session)
        bench::stop("sign-in answered " + answer->body);
    return "Bearer " + session->token;
}

} // namespace quittance::bench
