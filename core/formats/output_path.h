#pragma once

#include <filesystem>

namespace quittance::formats {

/// Where the bytes of an output file are written, and where they end. A regular file is written
/// beside and renamed, so that a full disk leaves no half file; a link to one stays a link. What
/// is no regular file (a device, a pipe) is written to as it is: a rename would put a file in its
/// place.
struct OutputPath {
    std::filesystem::path target; ///< links followed
    std::filesystem::path written; ///< `target` itself, or a name beside it

    [[nodiscard]] bool isBeside() const { return written != target; }
};
[[nodiscard]] OutputPath outputPath(const std::filesystem::path& file);

} // namespace quittance::formats
