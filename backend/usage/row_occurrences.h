#pragma once

#include "core/formats/usage_mapper.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

namespace quittance::backend {

/// Says which hashes may have been seen before. Never wrong about a hash that was seen; wrong about
/// one in a few hundred that was not. Grows in layers, 16 bits a hash: 18 MiB for ten million.
class SeenFilter {
public:
    /// Adds the hash; true where it may have been there already.
    bool add(const formats::RowHash& hash);

private:
    struct Layer {
        std::vector<std::uint64_t> words;
        std::size_t room = 0; ///< hashes that it still takes
    };
    std::vector<Layer> m_layers;
};

/// Numbers identical rows of one input: 1, 2, ... Exact. The input is read twice, so that the
/// memory depends on how many different rows repeat and not on how many there are: first `notice`
/// for every row, then `number` for every row.
class RowOccurrences {
public:
    void notice(const formats::RowHash& hash);
    std::int64_t number(const formats::RowHash& hash);

private:
    struct Hasher {
        std::size_t operator()(const formats::RowHash& hash) const
        {
            std::size_t value = 0;
            std::memcpy(&value, hash.data(), sizeof value);
            return value;
        }
    };
    SeenFilter m_seen;
    std::unordered_map<formats::RowHash, std::int64_t, Hasher> m_repeating;
};

} // namespace quittance::backend
