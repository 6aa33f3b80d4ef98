#pragma once

#include "core/domain/result.h"
#include "core/formats/output_path.h"
#include "core/formats/record.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace quittance::backend {

/// Rows that an import refused, as CSV: input, row, column, value, reason, raw. Made with the first
/// of them; it appears under its name when `finish` succeeds, whole or not at all, but where that
/// is a device or a pipe, which gets the rows as they come.
class RejectsFile {
public:
    /// An empty path: rows are counted, not kept.
    explicit RejectsFile(std::filesystem::path path);
    RejectsFile(const RejectsFile&) = delete;
    RejectsFile& operator=(const RejectsFile&) = delete;
    ~RejectsFile(); ///< removes what was not finished

    /// StorageFull, PermissionDenied or Unavailable naming the file.
    Result<> add(std::string_view input, const formats::RowProblem& problem, std::string_view raw);
    /// The path; "" where no row was refused.
    Result<std::filesystem::path> finish();

private:
    Result<> open();
    Result<> checkWritten();

    std::filesystem::path m_path;
    formats::OutputPath m_output;
    std::optional<std::ofstream> m_file;
    std::string m_buffer;
};

/// The error that the system's last failed call on this file means.
[[nodiscard]] Error
fileError(const std::filesystem::path& path, std::string_view doing, int number);

} // namespace quittance::backend
