#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace quittance::testing {

/// A file or folder of the shared test data: below the folder that QUITTANCE_SHARED_DATA names, or
/// ../shared/data seen from the project. Where it is absent the skip is noted and std::nullopt
/// answered: the test then returns.
[[nodiscard]] std::optional<std::filesystem::path> sharedData(const std::filesystem::path& relative
);

/// Prints "SKIPPED: reason" on a line of its own, which the test script counts, and counts it for
/// the summary of main().
void noteSkip(const std::string& reason);
[[nodiscard]] const std::map<std::string, int>& skipCounts();

} // namespace quittance::testing
