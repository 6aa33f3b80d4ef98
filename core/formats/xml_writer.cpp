#include "core/formats/xml_writer.h"

#include <cassert>

namespace quittance::formats {

namespace {

void appendEscaped(std::string& out, std::string_view text)
{
    constexpr char firstPrintable = ' ';
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            // Bytes past ASCII belong to UTF-8, and are negative where char is signed.
            out += static_cast<unsigned char>(c) < firstPrintable ? ' ' : c;
    }
}

} // namespace

XmlWriter::XmlWriter()
    : m_out("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
{
}

void XmlWriter::indent()
{
    constexpr std::size_t blanksEach = 2;
    m_out.append(m_open.size() * blanksEach, ' ');
}

void XmlWriter::open(std::string_view name, std::span<const Attribute> attributes)
{
    indent();
    m_out.append("<").append(name);
    for (const auto& [key, value] : attributes) {
        m_out.append(" ").append(key).append("=\"");
        appendEscaped(m_out, value);
        m_out += '"';
    }
    m_out += ">\n";
    m_open.emplace_back(name);
}

void XmlWriter::close()
{
    assert(!m_open.empty());
    const std::string name = std::move(m_open.back());
    m_open.pop_back();
    indent();
    m_out.append("</").append(name).append(">\n");
}

void XmlWriter::text(std::string_view name, std::string_view text)
{
    this->text(name, text, {});
}

void XmlWriter::text(std::string_view name, std::string_view text, Attribute attribute)
{
    if (text.empty())
        return;
    indent();
    m_out.append("<").append(name);
    if (!attribute.first.empty()) {
        m_out.append(" ").append(attribute.first).append("=\"");
        appendEscaped(m_out, attribute.second);
        m_out += '"';
    }
    m_out += '>';
    appendEscaped(m_out, text);
    m_out.append("</").append(name).append(">\n");
}

std::string XmlWriter::finish()
{
    assert(m_open.empty());
    return std::move(m_out);
}

} // namespace quittance::formats
