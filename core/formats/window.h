#pragma once

#include "core/formats/input.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// The part of an input that a reader is looking at, in one piece. Behind it lie readable bytes
/// (simdjson's padding).
class Window {
public:
    explicit Window(Input& input);

    [[nodiscard]] std::string_view bytes() const
    {
        return { m_buffer.data() + m_begin, m_end - m_begin };
    }
    [[nodiscard]] bool atEnd() const { return m_atEnd; }
    [[nodiscard]] const std::string& name() const { return m_input->name(); }
    [[nodiscard]] static std::size_t paddingBytes();

    /// Appends the next block; what was consumed is dropped and every view into the window ends. At
    /// the end of the input, sets atEnd().
    [[nodiscard]] Result<> more();
    void consume(std::size_t bytes) { m_begin += bytes; }

private:
    Input* m_input;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_atEnd = false;
};

/// Refuses, by its first bytes, what is no UTF-8 text (UTF-16, ZIP, other archives, binary), and
/// drops a byte order mark. Reads the first block.
[[nodiscard]] Result<> beginText(Window& window);

/// True where all is UTF-8 without NUL.
[[nodiscard]] bool isText(std::string_view bytes);

} // namespace quittance::formats
