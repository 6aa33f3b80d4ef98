#pragma once

#include "core/domain/result.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace quittance::database {

/// Connections that are kept, opened when first needed, each leased to one caller at a time.
template <class Connection> class Pool {
public:
    using Factory = std::function<Result<std::unique_ptr<Connection>>()>;

    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection)
            : m_pool(&pool)
            , m_connection(std::move(connection))
        {
        }
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease()
        {
            if (m_connection)
                m_pool->giveBack(std::move(m_connection), m_isBroken);
        }
        [[nodiscard]] Connection& operator*() const { return *m_connection; }
        [[nodiscard]] Connection* operator->() const { return m_connection.get(); }
        /// The connection is closed instead of kept.
        void discard() { m_isBroken = true; }

    private:
        Pool* m_pool;
        std::unique_ptr<Connection> m_connection;
        bool m_isBroken = false;
    };

    Pool(int connectionsMax, std::chrono::milliseconds wait, Factory factory)
        : m_connectionsMax(static_cast<std::size_t>(std::max(connectionsMax, 1)))
        , m_wait(wait)
        , m_factory(std::move(factory))
    {
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() = default;

    /// Busy where none came free in time.
    [[nodiscard]] Result<Lease> acquire()
    {
        std::unique_lock lock(m_mutex);
        const bool isFree = m_changed.wait_for(lock, m_wait, [this] {
            return !m_idle.empty() || m_open < m_connectionsMax;
        });
        if (!isFree)
            return failure(ErrorCode::Busy, "all connections of the database are in use");
        if (!m_idle.empty()) {
            std::unique_ptr<Connection> connection = std::move(m_idle.back());
            m_idle.pop_back();
            m_leased.push_back(connection.get());
            return Lease(*this, std::move(connection));
        }
        ++m_open;
        lock.unlock();
        return openOne();
    }

    /// Calls `use` for each leased connection; none is given back meanwhile.
    template <class Use> void forEachLeased(Use use)
    {
        const std::lock_guard lock(m_mutex);
        for (Connection* connection : m_leased)
            use(*connection);
    }

    /// Closes idle connections: after the server went away they are all as dead as the one that
    /// noticed.
    void closeIdle()
    {
        const std::lock_guard lock(m_mutex);
        m_open -= m_idle.size();
        m_idle.clear();
    }

private:
    Result<Lease> openOne()
    {
        auto connection = m_factory();
        const std::lock_guard lock(m_mutex);
        if (!connection) {
            --m_open;
            m_changed.notify_one();
            return failure(std::move(connection).error());
        }
        m_leased.push_back(connection->get());
        return Lease(*this, std::move(*connection));
    }

    void giveBack(std::unique_ptr<Connection> connection, bool isBroken)
    {
        const std::lock_guard lock(m_mutex);
        std::erase(m_leased, connection.get());
        if (isBroken)
            --m_open;
        else
            m_idle.push_back(std::move(connection));
        m_changed.notify_one();
    }

    std::size_t m_connectionsMax;
    std::chrono::milliseconds m_wait;
    Factory m_factory;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Connection>> m_idle;
    std::vector<Connection*> m_leased;
    std::size_t m_open = 0;
};

} // namespace quittance::database
