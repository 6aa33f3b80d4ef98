#include "backend/usage/row_occurrences.h"

namespace quittance::backend {

namespace {

constexpr std::size_t firstLayerHashes = std::size_t { 1 } << 17U;
constexpr std::size_t growth = 8;
constexpr std::size_t bitsPerHash = 16;
constexpr std::size_t wordBits = 64;
constexpr int probes = 4;

/// Two independent halves of the hash, which is good already.
struct Halves {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};

Halves halvesOf(const formats::RowHash& hash)
{
    Halves halves;
    std::memcpy(&halves.first, hash.data(), sizeof halves.first);
    std::memcpy(&halves.second, hash.data() + sizeof halves.first, sizeof halves.second);
    halves.second |= 1U; // a step that visits every bit
    return halves;
}

/// Calls visit(word, mask) for each bit of the hash.
template <class Words, class Visit> void forEachBit(Words& words, Halves halves, Visit visit)
{
    const std::uint64_t bits = words.size() * wordBits; // a power of two
    for (int i = 0; i < probes; ++i) {
        const std::uint64_t bit = halves.first & (bits - 1);
        visit(words[bit / wordBits], std::uint64_t { 1 } << (bit % wordBits));
        halves.first += halves.second;
    }
}

bool holds(const std::vector<std::uint64_t>& words, Halves halves)
{
    bool all = true;
    forEachBit(words, halves, [&](std::uint64_t word, std::uint64_t mask) {
        all = all && (word & mask) != 0;
    });
    return all;
}

} // namespace

bool SeenFilter::add(const formats::RowHash& hash)
{
    const Halves halves = halvesOf(hash);
    for (const Layer& layer : m_layers) {
        if (holds(layer.words, halves))
            return true;
    }
    if (m_layers.empty() || m_layers.back().room == 0) {
        const std::size_t hashes = m_layers.empty()
            ? firstLayerHashes
            : m_layers.back().words.size() * wordBits / bitsPerHash * growth;
        m_layers.push_back({ std::vector<std::uint64_t>(hashes * bitsPerHash / wordBits), hashes });
    }
    Layer& last = m_layers.back();
    --last.room;
    forEachBit(last.words, halves, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
    return false;
}

void RowOccurrences::notice(const formats::RowHash& hash)
{
    if (m_seen.add(hash))
        m_repeating.try_emplace(hash, 0);
}

std::int64_t RowOccurrences::number(const formats::RowHash& hash)
{
    const auto found = m_repeating.find(hash);
    return found == m_repeating.end() ? 1 : ++found->second;
}

} // namespace quittance::backend
