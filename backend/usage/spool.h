#pragma once

#include "core/domain/result.h"

#include <filesystem>
#include <string>

namespace quittance::backend {

/// What can be read only once (standard input, a pipe), written to a temporary file that goes with
/// this object.
class Spool {
public:
    /// Reads the input to its end, uncompressed. Where the input breaks off, what came before is
    /// there and `broken` says why. StorageFull names the temporary file.
    static Result<Spool> fill(const std::string& input);
    Spool(Spool&& other) noexcept;
    Spool& operator=(Spool&&) = delete;
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    ~Spool();

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const Result<>& broken() const { return m_broken; }

private:
    explicit Spool(std::filesystem::path path);
    std::filesystem::path m_path;
    Result<> m_broken;
};

/// True for an input that can be read again from the start.
[[nodiscard]] bool isRereadable(const std::string& input);

} // namespace quittance::backend
