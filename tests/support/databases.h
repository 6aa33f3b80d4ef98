#pragma once

#include "core/database/database.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace quittance::testing {

/// A folder of its own, removed with all it holds.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// "sqlite:FOLDER/name"
    [[nodiscard]] std::string sqliteUrl(std::string_view name) const;

private:
    std::filesystem::path m_path;
};

/// An empty database on one engine: a file in a folder of its own, or a schema of its own in the
/// database that QUITTANCE_TEST_POSTGRES names, chosen by the URL. It goes when this goes.
class TestDatabase {
public:
    explicit TestDatabase(database::Engine engine, const database::Options& options = {});
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;
    ~TestDatabase();

    [[nodiscard]] database::Engine engine() const { return m_engine; }
    [[nodiscard]] bool isSqlite() const { return m_engine == database::Engine::Sqlite; }
    /// For a second Database, another program, or a process that is killed.
    [[nodiscard]] const std::string& url() const { return m_url; }
    [[nodiscard]] database::Database& database() const { return *m_database; }
    [[nodiscard]] database::Database* operator->() const { return m_database.get(); }
    /// Closes it and opens it again, as a restarted program does.
    void reopen(const database::Options& options = {});
    void close() { m_database.reset(); }
    /// Another Database on the same data, as another process has it.
    [[nodiscard]] std::unique_ptr<database::Database>
    openAnother(const database::Options& options = {}) const;

private:
    database::Engine m_engine;
    TemporaryFolder m_folder;
    std::string m_schema;
    std::string m_url;
    std::unique_ptr<database::Database> m_database;
};

/// "SQLite", "PostgreSQL"
[[nodiscard]] std::string_view nameOf(database::Engine engine);

/// Runs the test on an empty SQLite and on an empty PostgreSQL; failures say which. A
/// QUITTANCE_TEST_POSTGRES that is missing is a failure, not a skip. Not to be used around SUBCASE:
/// a subcase inside would run on one engine only.
void forEachDatabase(
    const std::function<void(TestDatabase&)>& test, const database::Options& options = {}
);

} // namespace quittance::testing
