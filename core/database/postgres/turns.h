#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace quittance::database::postgres {

/// Who may run a change now: many beside each other, or one alone. Who waits to be alone is not
/// overtaken: those that come later wait behind it. (std::shared_mutex promises no such order.)
class Turns {
public:
    enum class Kind : std::uint8_t { BesideOthers, Alone };

    /// A turn, from its beginning to its end.
    class Turn {
    public:
        Turn(Turns& turns, Kind kind)
            : m_turns(turns)
            , m_kind(kind)
        {
            m_turns.begin(m_kind);
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() { m_turns.end(m_kind); }

    private:
        Turns& m_turns;
        Kind m_kind;
    };

private:
    void begin(Kind kind)
    {
        std::unique_lock lock(m_mutex);
        if (kind == Kind::Alone) {
            ++m_alone;
            m_changed.wait(lock, [this] { return m_running == 0; });
        } else {
            m_changed.wait(lock, [this] { return m_alone == 0; });
        }
        ++m_running;
    }

    void end(Kind kind)
    {
        const std::scoped_lock lock(m_mutex);
        --m_running;
        m_alone -= kind == Kind::Alone ? 1 : 0;
        m_changed.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_running = 0;
    int m_alone = 0; ///< that run or wait to run alone
};

} // namespace quittance::database::postgres
