#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quittance::formats {

/// XML in UTF-8, an element a line, two blanks a level: the same calls give the same bytes.
/// Characters that XML 1.0 cannot hold become blanks.
class XmlWriter {
public:
    using Attribute = std::pair<std::string_view, std::string_view>;

    XmlWriter();
    void open(std::string_view name, std::span<const Attribute> attributes = {});
    void close();
    /// An element of text alone; nothing where the text is empty, since an empty element is no
    /// information.
    void text(std::string_view name, std::string_view text);
    void text(std::string_view name, std::string_view text, Attribute attribute);
    [[nodiscard]] std::string finish();

private:
    void indent();

    std::string m_out;
    std::vector<std::string> m_open;
};

} // namespace quittance::formats
