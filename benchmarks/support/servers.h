#pragma once

#include "benchmarks/support/process.h"
#include "core/database/database.h"

#include <memory>
#include <string>

namespace quittance::bench {

/// An empty database on one engine, by URL: a file in a folder of its own, or a database of its
/// own on the server that QUITTANCE_TEST_POSTGRES names. It goes when this goes.
class BenchDatabase {
public:
    explicit BenchDatabase(database::Engine engine);
    BenchDatabase(const BenchDatabase&) = delete;
    BenchDatabase& operator=(const BenchDatabase&) = delete;
    ~BenchDatabase();
    [[nodiscard]] const std::string& url() const { return m_url; }
    /// A command of quittanced on it.
    [[nodiscard]] Command quittanced(const Command& words) const;

private:
    ScratchFolder m_folder;
    std::string m_name; ///< of the database on the server; "" on SQLite
    std::string m_url;
};

[[nodiscard]] std::string nameOf(database::Engine engine);

/// The demo organisation in a database, served on a free loopback port.
class DemoServer {
public:
    DemoServer(database::Engine engine, int accounts, int months);

    [[nodiscard]] const BenchDatabase& database() const { return m_database; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::int64_t bills() const { return m_bills; }
    [[nodiscard]] std::int64_t events() const { return m_events; }
    [[nodiscard]] const std::string& email() const { return m_email; }
    [[nodiscard]] const std::string& password() const { return m_password; }
    /// The value of an Authorization header: the demo's administrator, signed in.
    [[nodiscard]] std::string authorization() const;
    void stop() { m_daemon.reset(); }

private:
    BenchDatabase m_database;
    std::unique_ptr<Running> m_daemon;
    int m_port = 0;
    std::int64_t m_bills = 0;
    std::int64_t m_events = 0;
    std::string m_email;
    std::string m_password;
};

} // namespace quittance::bench
