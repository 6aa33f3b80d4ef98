#pragma once

#include <cstdint>
#include <string>

namespace quittance::bench {

enum class Keys : std::uint8_t {
    Random, ///< UUIDs of version 4: no two rows that follow each other are near in an index
    Rising, ///< UUIDs of version 7: each is greater than the one before
};

enum class Machines : std::uint8_t {
    Shared, ///< 1,000 machines, each of one flavour, used by every team
    OwnEach, ///< every row has a machine of its own, as sessions of pods do: no two rows share a
             ///< sum
};

/// A CSV file of machine use, in order of its start, the same for the same arguments, with the
/// header "id,team,machine,flavour,gpus,started,seconds". Its rows lie evenly in `months` months
/// from May 2024, of 20 teams and 6 flavours; no row passes the end of its month.
struct UsageFile {
    std::int64_t rows = 0;
    Keys keys = Keys::Random;
    int months = 1;
    Machines machines = Machines::Shared;
};

void writeUsageFile(const std::string& path, const UsageFile& file);

/// The mapping for it, as a person would write it from docs/usage-mappings.md.
void writeUsageMapping(const std::string& path);

} // namespace quittance::bench
