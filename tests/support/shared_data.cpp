#include "tests/support/shared_data.h"

#include <cstdlib>
#include <iostream>

namespace quittance::testing {

namespace {

std::map<std::string, int>& counts()
{
    static std::map<std::string, int> byReason;
    return byReason;
}

std::filesystem::path sharedDataFolder()
{
    // Tests read the environment before they start any thread.
    const char* const named = std::getenv("QUITTANCE_SHARED_DATA"); // NOLINT(concurrency-mt-unsafe)
    return named != nullptr ? std::filesystem::path(named)
                            : std::filesystem::path("../shared/data");
}

} // namespace

std::optional<std::filesystem::path> sharedData(const std::filesystem::path& relative)
{
    auto path = sharedDataFolder() / relative;
    std::error_code error;
    if (std::filesystem::exists(path, error))
        return path;
    noteSkip("shared data are absent (QUITTANCE_SHARED_DATA)");
    return std::nullopt;
}

void noteSkip(const std::string& reason)
{
    ++counts()[reason];
    std::cout << "SKIPPED: " << reason << std::endl; // flushed: a later crash must not lose it
}

const std::map<std::string, int>& skipCounts()
{
    return counts();
}

} // namespace quittance::testing
