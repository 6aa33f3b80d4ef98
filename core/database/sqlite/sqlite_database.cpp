#include "core/database/sqlite/sqlite_database.h"

#include "core/database/pool.h"
#include "core/database/sqlite/connection.h"
#include "core/database/sqlite/sqlite_dialect.h"
#include "core/database/sqlite/sqlite_transaction.h"

#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>

namespace quittance::database::sqlite {

namespace {

using Work = std::function<Result<>(Transaction&)>;

/// One waiting writer.
struct Job {
    explicit Job(const Work& change)
        : work(change)
    {
    }
    const Work& work;
    Result<> outcome;
    bool isDone = false;
};

/// Runs changes on the one connection that writes; used by one thread at a time.
class Writer {
public:
    Writer(const Database& database, std::unique_ptr<Connection> connection)
        : m_database(database)
        , m_connection(std::move(connection))
    {
    }

    [[nodiscard]] bool isReadOnly() const { return m_connection->isReadOnly(); }

    /// Runs the jobs that `next` gives until it gives none, in one transaction. Their outcomes are
    /// final when it returns.
    template <class Next> void runGroup(Next next)
    {
        const WriteScope scope(m_database);
        std::vector<Job*> pending;
        for (Job* job = next(); job != nullptr; job = next()) {
            job->outcome = runOne(*job, pending);
            if (job->outcome)
                pending.push_back(job);
        }
        if (pending.empty())
            return;
        if (auto committed = m_connection->run("COMMIT"); !committed)
            failAll(pending, committed.error());
    }

private:
    // The first change of a transaction needs no savepoint: undoing it is undoing the transaction.
    // So a large change that is alone does not pay for the copies of pages that a savepoint keeps.
    Result<> runOne(const Job& job, std::vector<Job*>& pending)
    {
        const bool isFirst = pending.empty();
        QUITTANCE_CHECK(m_connection->run(isFirst ? "BEGIN IMMEDIATE" : "SAVEPOINT change"));
        SqliteTransaction transaction(*m_connection);
        Result<> outcome = runGuarded(job.work, transaction);
        if (!outcome)
            undo(isFirst, pending, outcome.error());
        else if (!isFirst)
            return m_connection->run("RELEASE change");
        return outcome;
    }

    void undo(bool isFirst, std::vector<Job*>& pending, const Error& reason)
    {
        const bool isWhole = isFirst || !m_connection->isInTransaction()
            || !m_connection->run("ROLLBACK TO change") || !m_connection->run("RELEASE change");
        if (isWhole)
            failAll(pending, reason);
    }

    // After a full disk SQLite may have rolled back the whole transaction, and with it the changes
    // before this one.
    void failAll(std::vector<Job*>& pending, const Error& reason)
    {
        if (m_connection->isInTransaction())
            static_cast<void>(m_connection->run("ROLLBACK"));
        for (Job* job : pending)
            job->outcome = failure(reason);
        pending.clear();
    }

    const Database& m_database;
    std::unique_ptr<Connection> m_connection;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(Location location, Options options, std::unique_ptr<Connection> writer)
        : m_location(std::move(location))
        , m_options(std::move(options))
        , m_writer(*this, std::move(writer))
        , m_readers(
              m_options.readersMax, std::chrono::milliseconds(m_options.busyTimeoutMs),
              [this] { return Connection::open(m_location, m_options, Role::Reader); }
          )
    {
        if (!m_options.singleThreaded && !m_writer.isReadOnly())
            m_thread = std::thread([this] { writeUntilStopped(); });
    }

    ~SqliteDatabase() override
    {
        if (!m_thread.joinable())
            return;
        {
            const std::lock_guard lock(m_mutex);
            m_isStopping = true;
        }
        m_hasWork.notify_one();
        m_thread.join();
    }

    Result<> runRead(const Work& work) override
    {
        QUITTANCE_TRY(const auto connection, m_readers.acquire());
        QUITTANCE_CHECK(connection->run("BEGIN"));
        SqliteTransaction transaction(*connection);
        Result<> outcome = runGuarded(work, transaction);
        if (connection->isInTransaction()) {
            Result<> ended = connection->run("ROLLBACK"); // Nothing was written.
            if (outcome && !ended)
                return ended;
        }
        return outcome;
    }

    Result<> runWrite(const Work& work) override
    {
        if (m_writer.isReadOnly())
            return failure(
                ErrorCode::ReadOnly,
                fmt::format("{}: the database is read-only: it cannot be changed", m_location.name)
            );
        QUITTANCE_CHECK(WriteScope::check(*this));
        Job job(work);
        if (m_options.singleThreaded)
            runAlone(job);
        else
            runInGroup(job);
        return std::move(job.outcome);
    }

    void interrupt() override
    {
        m_readers.forEachLeased([](Connection& connection) { connection.interrupt(); });
    }

    [[nodiscard]] const Dialect& dialect() const override { return sqlite::dialect(); }

private:
    void runAlone(Job& job)
    {
        const std::lock_guard lock(m_mutex);
        Job* next = &job;
        m_writer.runGroup([&next] { return std::exchange(next, nullptr); });
    }

    void runInGroup(Job& job)
    {
        std::unique_lock lock(m_mutex);
        m_queue.push_back(&job);
        m_hasWork.notify_one();
        m_isDone.wait(lock, [&job] { return job.isDone; });
    }

    void writeUntilStopped()
    {
        while (waitForWork()) {
            std::vector<Job*> group;
            m_writer.runGroup([this, &group] { return nextOfGroup(group); });
            {
                const std::lock_guard lock(m_mutex);
                for (Job* job : group)
                    job->isDone = true;
            }
            m_isDone.notify_all();
        }
    }

    bool waitForWork()
    {
        std::unique_lock lock(m_mutex);
        m_hasWork.wait(lock, [this] { return m_isStopping || !m_queue.empty(); });
        m_groupEnd = std::chrono::steady_clock::now() + groupTime;
        return !m_queue.empty();
    }

    // A change that arrives while its predecessors run joins them. The limits keep the first from
    // waiting long.
    Job* nextOfGroup(std::vector<Job*>& group)
    {
        const std::lock_guard lock(m_mutex);
        const bool isFull = group.size() == changesPerGroupMax
            || (!group.empty() && std::chrono::steady_clock::now() >= m_groupEnd);
        if (isFull || m_queue.empty())
            return nullptr;
        Job* job = m_queue.front();
        m_queue.pop_front();
        group.push_back(job);
        return job;
    }

    static constexpr std::size_t changesPerGroupMax = 256;
    static constexpr std::chrono::milliseconds groupTime { 20 };

    Location m_location;
    Options m_options;
    Writer m_writer;
    Pool<Connection> m_readers;
    std::mutex m_mutex;
    std::condition_variable m_hasWork;
    std::condition_variable m_isDone;
    std::deque<Job*> m_queue;
    std::chrono::steady_clock::time_point m_groupEnd;
    bool m_isStopping = false;
    std::thread m_thread;
};

// SQLite's memdb file system is one memory for all connections of a name, without the table locks
// of a shared cache.
Location memoryLocation()
{
    static std::atomic<std::uint64_t> count = 0;
    return { fmt::format("file:/quittance-{}?vfs=memdb", ++count), true, {} };
}

// Absolute: every connection of a Database is the same file, even if the program changes its folder
// meanwhile.
Result<Location> fileLocation(std::string_view file, const Options& options)
{
    if (file.empty())
        return failure(ErrorCode::InvalidArgument, "the database URL names no file: sqlite:FILE");
    std::error_code error;
    const auto path = std::filesystem::absolute(file, error);
    if (error)
        return failure(ErrorCode::InvalidArgument, fmt::format("{}: {}", file, error.message()));
    if (!options.sqliteVfs.empty())
        return Location { path.string(), false, options.sqliteVfs };
    if (std::filesystem::is_directory(path, error))
        return failure(ErrorCode::InvalidArgument, fmt::format("{} is a folder", path.string()));
    if (!std::filesystem::is_directory(path.parent_path(), error))
        return failure(
            ErrorCode::NotFound,
            fmt::format("{}: there is no folder {}", path.string(), path.parent_path().string())
        );
    const bool mustExist = options.readOnly || !options.createIfMissing;
    if (mustExist && !std::filesystem::exists(path, error))
        return failure(
            ErrorCode::NotFound, fmt::format("{}: there is no such database", path.string())
        );
    return Location { path.string(), false, {} };
}

} // namespace

Result<std::unique_ptr<Database>> openDatabase(std::string_view file, const Options& options)
{
    Location location = memoryLocation();
    if (file != ":memory:") {
        QUITTANCE_TRY(location, fileLocation(file, options));
    }
    QUITTANCE_TRY(auto writer, Connection::open(location, options, Role::Writer));
    return std::make_unique<SqliteDatabase>(std::move(location), options, std::move(writer));
}

} // namespace quittance::database::sqlite
