#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace quittance {

/// The one source of chance, handed in: salts, tokens, keys. A program uses the system's; tests and
/// the demo a seeded one.
class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;
};

/// Repeats for the same seed (SplitMix64). Never for secrets of a real installation.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed)
        : m_state(seed)
    {
    }
    void fill(std::span<std::byte> bytes) override
    {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i % sizeof(word) == 0)
                word = next();
            bytes[i] = static_cast<std::byte>(word >> (8 * (i % sizeof(word))));
        }
    }
    [[nodiscard]] std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 <= result < bound; bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }

private:
    std::uint64_t m_state;
};

} // namespace quittance
