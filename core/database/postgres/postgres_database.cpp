#include "core/database/postgres/postgres_database.h"

#include "core/database/pool.h"
#include "core/database/postgres/connection.h"
#include "core/database/postgres/errors.h"
#include "core/database/postgres/postgres_dialect.h"
#include "core/database/postgres/postgres_transaction.h"
#include "core/database/postgres/turns.h"

#include <algorithm>
#include <random>
#include <thread>

namespace quittance::database::postgres {

namespace {

using Work = std::function<Result<>(Transaction&)>;
using Clock = std::chrono::steady_clock;

constexpr int writersMax = 8;

/// A change that failed so often beside others runs alone from then on: a long one among many short
/// ones that touch the same rows would otherwise be overtaken every time.
constexpr int attemptsBesideOthers = 4;
/// On a slow machine the patience ends after few attempts; so many are made in any case.
constexpr int attemptsMin = 8;

/// Pauses before repeating: longer each time, at random, so that two that met do not meet again.
class Backoff {
public:
    explicit Backoff(std::chrono::milliseconds patience)
        : m_deadline(Clock::now() + patience)
    {
    }
    /// Attempts that failed so far.
    [[nodiscard]] int attempts() const { return m_attempts; }
    /// False where the patience is over.
    [[nodiscard]] bool pause()
    {
        if (++m_attempts >= attemptsMin && Clock::now() >= m_deadline)
            return false;
        thread_local std::minstd_rand random { std::random_device {}() };
        std::uniform_int_distribution<std::int64_t> wait(0, m_waitMax.count());
        std::this_thread::sleep_for(std::chrono::microseconds(wait(random)));
        constexpr std::chrono::microseconds longest(100'000);
        m_waitMax = std::min(m_waitMax * 2, longest);
        return true;
    }

private:
    Clock::time_point m_deadline;
    std::chrono::microseconds m_waitMax { 1'000 };
    int m_attempts = 0;
};

class PostgresDatabase final : public Database {
public:
    PostgresDatabase(std::string url, Options options)
        : m_url(std::move(url))
        , m_options(std::move(options))
        , m_patience(m_options.busyTimeoutMs)
        , m_readers(
              m_options.readersMax, m_patience,
              [this] { return Connection::open(m_url, m_options); }
          )
        , m_writers(writersMax, m_patience, [this] { return Connection::open(m_url, m_options); })
    {
    }

    [[nodiscard]] Result<> connect()
    {
        QUITTANCE_TRY(const auto connection, m_readers.acquire());
        return {};
    }

    Result<> runRead(const Work& work) override
    {
        return repeated(m_readers, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work);
    }

    // Serializable: what a change has read stays true until it commits, as with SQLite's one
    // writer.
    Result<> runWrite(const Work& work) override
    {
        if (m_options.readOnly)
            return failure(
                ErrorCode::ReadOnly, "the database was opened read-only: it cannot be changed"
            );
        QUITTANCE_CHECK(WriteScope::check(*this));
        const WriteScope scope(*this);
        return repeated(m_writers, "BEGIN ISOLATION LEVEL SERIALIZABLE, READ WRITE", work);
    }

    void interrupt() override
    {
        m_readers.forEachLeased([](Connection& connection) { connection.interrupt(); });
    }

    [[nodiscard]] const Dialect& dialect() const override { return postgres::dialect(); }

private:
    struct Attempt {
        Result<> outcome;
        bool isWorthRepeating = false;
    };

    // The one place where a transaction is run again from its start. What it reads is seen from its
    // first statement on, so a change waits for its turn before that.
    Result<> repeated(Pool<Connection>& pool, const std::string& begin, const Work& work)
    {
        Backoff backoff(m_patience);
        QUITTANCE_TRY(auto connection, leaseBegun(pool, begin));
        Attempt attempt = runInTurn(pool, *connection, work, backoff.attempts());
        while (attempt.isWorthRepeating && backoff.pause()) {
            QUITTANCE_CHECK(connection->run(begin));
            attempt = runInTurn(pool, *connection, work, backoff.attempts());
        }
        if (!connection->isIdle())
            connection.discard();
        return std::move(attempt.outcome);
    }

    // Reads take no turns: they hinder nobody, and one may run inside a change.
    Attempt
    runInTurn(const Pool<Connection>& pool, Connection& connection, const Work& work, int attempts)
    {
        if (&pool == &m_readers)
            return runOnce(connection, work);
        const Turns::Turn turn(
            m_turns,
            attempts < attemptsBesideOthers ? Turns::Kind::BesideOthers : Turns::Kind::Alone
        );
        return runOnce(connection, work);
    }

    // A kept connection may have died since (server restarted): then all have, and a new one is
    // tried once.
    static Result<Pool<Connection>::Lease>
    leaseBegun(Pool<Connection>& pool, const std::string& begin)
    {
        {
            QUITTANCE_TRY(auto connection, pool.acquire());
            const Result<> begun = connection->run(begin);
            if (begun)
                return connection;
            connection.discard();
            if (!connection->isBroken())
                return failure(begun.error());
        }
        pool.closeIdle();
        QUITTANCE_TRY(auto connection, pool.acquire());
        if (const Result<> begun = connection->run(begin); !begun) {
            connection.discard();
            return failure(begun.error());
        }
        return connection;
    }

    static Result<> commit(Connection& connection)
    {
        Result<> committed = connection.run("COMMIT");
        if (!committed && connection.isBroken())
            return failure(
                committed.error().code,
                "the connection was lost while committing; whether the change was stored is not "
                "known: "
                    + committed.error().detail
            );
        return committed;
    }

    static Attempt runOnce(Connection& connection, const Work& work)
    {
        connection.forgetErrors();
        PostgresTransaction transaction(connection);
        Result<> outcome = runGuarded(work, transaction);
        if (outcome) {
            outcome = commit(connection);
            const bool isRepeatable = !outcome && connection.isWorthRepeating();
            return { std::move(outcome), isRepeatable };
        }
        const bool isRepeatable = connection.isWorthRepeating();
        const Result<> undone
            = connection.run("ROLLBACK"); // Where it fails, the connection is dropped.
        return { std::move(outcome), isRepeatable && undone };
    }

    std::string m_url;
    Options m_options;
    std::chrono::milliseconds m_patience;
    Turns m_turns;
    Pool<Connection> m_readers;
    Pool<Connection> m_writers;
};

} // namespace

Result<std::unique_ptr<Database>> openDatabase(const std::string& url, const Options& options)
{
    QUITTANCE_CHECK(checkUrl(url));
    auto database = std::make_unique<PostgresDatabase>(url, options);
    QUITTANCE_CHECK(database->connect());
    return database;
}

} // namespace quittance::database::postgres
