#pragma once

#include "core/domain/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace quittance::formats {

/// One INPUT of a command line, as a stream of plain bytes: a plain file, a .gz or .xz file (known
/// by its content, not by its name), or standard input. Memory does not grow with the size of the
/// input.
class Input {
public:
    /// `path` is a file, or "-" for standard input. NotFound, PermissionDenied, InvalidArgument (a
    /// folder).
    [[nodiscard]] static Result<Input> open(const std::string& path);
    /// Bytes in memory, compressed or not, under a name for messages.
    [[nodiscard]] static Result<Input> fromMemory(std::string name, std::string bytes);

    Input(Input&& other) noexcept;
    Input& operator=(Input&& other) noexcept;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input();

    /// The next block, valid until the next call; empty at the end. MalformedInput where compressed
    /// data ends early or is damaged (the blocks that came before are good), Unavailable where the
    /// system cannot read. An error stays: the next call gives it again.
    [[nodiscard]] Result<std::string_view> read();

    [[nodiscard]] const std::string& name() const; ///< for messages: the path, or "standard input"
    [[nodiscard]] std::int64_t bytesRead() const; ///< of the file as it lies there, for progress
    [[nodiscard]] std::optional<std::int64_t> sizeBytes() const; ///< none for pipes

private:
    struct Source;
    explicit Input(std::unique_ptr<Source> source);
    std::unique_ptr<Source> m_source;
};

} // namespace quittance::formats
