#include "core/formats/xml_tree.h"

#include <fmt/format.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <optional>

namespace quittance::formats {

namespace {

std::string_view viewOf(const xmlChar* text)
{
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// What the parser's calls build, and why they stopped it.
struct Builder {
    std::span<const XmlPrefix> prefixes;
    XmlDocument document;
    std::vector<XmlElement*> open; ///< from the root to where the parser is
    xmlParserCtxtPtr parser = nullptr;
    std::size_t elements = 0;
    std::optional<Error> error;

    void refuse(ErrorCode code, std::string detail)
    {
        if (!error)
            error = Error { code, std::move(detail) };
        xmlStopParser(parser);
    }

    std::string_view nameOf(std::string_view local, std::string_view uri)
    {
        const auto known = std::ranges::find(prefixes, uri, &XmlPrefix::uri);
        std::string_view prefix = uri.empty() ? "" : "?";
        if (known != prefixes.end())
            prefix = known->prefix;
        return *document.names
                    .insert(
                        prefix.empty() ? std::string(local) : fmt::format("{}:{}", prefix, local)
                    )
                    .first;
    }
};

Builder& builderOf(void* user)
{
    return *static_cast<Builder*>(user);
}

/// libxml2 gives five pointers an attribute: name, prefix, namespace, and where its value begins
/// and ends.
void addAttributes(XmlElement& element, std::span<const xmlChar*> parts)
{
    constexpr std::size_t partsEach = 5;
    enum Part : std::uint8_t { Local, Prefix, Uri, Begin, End };
    for (; parts.size() >= partsEach; parts = parts.subspan(partsEach)) {
        if (parts[Uri] != nullptr)
            continue;
        const auto* const begin = reinterpret_cast<const char*>(parts[Begin]);
        const auto* const end = reinterpret_cast<const char*>(parts[End]);
        element.attributes.emplace_back(viewOf(parts[Local]), std::string(begin, end));
    }
}

void startElement(
    void* user, const xmlChar* local, const xmlChar* /*prefix*/, const xmlChar* uri,
    int /*namespaceCount*/, const xmlChar** /*namespaces*/, int attributeCount,
    int /*defaultedCount*/, const xmlChar** attributes
)
{
    auto& builder = builderOf(user);
    if (builder.error)
        return;
    if (builder.open.size() >= xmlDepthMax)
        return builder.refuse(
            ErrorCode::TooLarge, fmt::format("XML nested deeper than {} elements", xmlDepthMax)
        );
    if (++builder.elements > xmlElementsMax)
        return builder.refuse(
            ErrorCode::TooLarge, fmt::format("XML of more than {} elements", xmlElementsMax)
        );
    auto element = std::make_unique<XmlElement>();
    element->name = builder.nameOf(viewOf(local), viewOf(uri));
    element->parent = builder.open.empty() ? nullptr : builder.open.back();
    element->line = xmlSAX2GetLineNumber(builder.parser);
    constexpr std::size_t partsEach = 5;
    addAttributes(*element, { attributes, static_cast<std::size_t>(attributeCount) * partsEach });
    auto& home = builder.open.empty() ? builder.document.root
                                      : builder.open.back()->children.emplace_back();
    home = std::move(element);
    builder.open.push_back(home.get());
}

void endElement(
    void* user, const xmlChar* /*local*/, const xmlChar* /*prefix*/, const xmlChar* /*uri*/
)
{
    auto& builder = builderOf(user);
    if (!builder.error && !builder.open.empty())
        builder.open.pop_back();
}

void addCharacters(void* user, const xmlChar* text, int size)
{
    auto& builder = builderOf(user);
    if (!builder.error && !builder.open.empty())
        builder.open.back()->text.append(
            reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)
        );
}

void refuseDoctype(
    void* user, const xmlChar* /*name*/, const xmlChar* /*external*/, const xmlChar* /*system*/
)
{
    builderOf(user).refuse(
        ErrorCode::MalformedInput,
        "the XML has a document type declaration (DOCTYPE), which is not accepted"
    );
}

/// An error is read from the parser afterwards; nothing may go to standard error.
void ignoreError(void* /*user*/, xmlErrorPtr /*error*/) { }

xmlSAXHandler handlers()
{
    xmlSAXHandler sax {};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = startElement;
    sax.endElementNs = endElement;
    sax.characters = addCharacters;
    sax.cdataBlock = addCharacters;
    sax.ignorableWhitespace = addCharacters;
    sax.internalSubset = refuseDoctype;
    sax.serror = ignoreError;
    return sax;
}

Error parserError(xmlParserCtxtPtr parser)
{
    const auto* const last = xmlCtxtGetLastError(parser);
    std::string_view reason = last == nullptr || last->message == nullptr
        ? std::string_view("it ends too early")
        : std::string_view(last->message);
    reason = reason.substr(0, reason.find('\n'));
    return {
        ErrorCode::MalformedInput,
        fmt::format("not well-formed XML: line {}: {}", last == nullptr ? 0 : last->line, reason)
    };
}

/// The parser refuses more than 10 MB that it has not yet looked at.
void parseInChunks(xmlParserCtxtPtr parser, const Builder& builder, std::string_view bytes)
{
    constexpr std::size_t chunkBytes = std::size_t { 1 } << 16U;
    while (bytes.size() > chunkBytes && !builder.error && parser->wellFormed != 0) {
        xmlParseChunk(parser, bytes.data(), chunkBytes, 0);
        bytes.remove_prefix(chunkBytes);
    }
    xmlParseChunk(parser, bytes.data(), static_cast<int>(std::min(bytes.size(), chunkBytes)), 1);
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void selectInto(
    const XmlElement& from, std::string_view path, std::vector<const XmlElement*>& found
)
{
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    for (const auto& child : from.children) {
        if (child->name != name)
            continue;
        if (slash == std::string_view::npos)
            found.push_back(child.get());
        else
            selectInto(*child, path.substr(slash + 1), found);
    }
}

std::string stepOf(const XmlElement& element)
{
    if (element.parent == nullptr)
        return std::string(element.name);
    std::size_t position = 0;
    std::size_t count = 0;
    for (const auto& sibling : element.parent->children) {
        if (sibling->name != element.name)
            continue;
        ++count;
        if (sibling.get() == &element)
            position = count;
    }
    return count > 1 ? fmt::format("{}[{}]", element.name, position) : std::string(element.name);
}

} // namespace

Result<XmlDocument> parseXml(std::string_view bytes, std::span<const XmlPrefix> prefixes)
{
    if (bytes.size() > xmlSizeMaxBytes)
        return failure(
            ErrorCode::TooLarge,
            fmt::format("XML of {} bytes: at most {} are read", bytes.size(), xmlSizeMaxBytes)
        );
    if (bytes.empty())
        return failure(ErrorCode::MalformedInput, "not well-formed XML: the file is empty");
    auto sax = handlers();
    Builder builder;
    builder.prefixes = prefixes;
    const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(
        xmlCreatePushParserCtxt(&sax, &builder, nullptr, 0, nullptr), &xmlFreeParserCtxt
    );
    if (!parser)
        return failure(ErrorCode::Internal, "libxml2 has no memory for a parser");
    builder.parser = parser.get();
    xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    parseInChunks(parser.get(), builder, bytes);
    if (builder.error)
        return failure(std::move(*builder.error));
    if (parser->wellFormed == 0 || builder.document.root == nullptr)
        return failure(parserError(parser.get()));
    return std::move(builder.document);
}

std::vector<const XmlElement*> select(const XmlElement& from, std::string_view path)
{
    std::vector<const XmlElement*> found;
    selectInto(from, path, found);
    return found;
}

const XmlElement* first(const XmlElement& from, std::string_view path)
{
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    for (const auto& child : from.children) {
        if (child->name != name)
            continue;
        if (slash == std::string_view::npos)
            return child.get();
        if (const auto* const found = first(*child, path.substr(slash + 1)))
            return found;
    }
    return nullptr;
}

std::string normalizedText(const XmlElement& element)
{
    std::string out;
    for (const char c : element.text) {
        if (!isBlank(c))
            out.push_back(c);
        else if (!out.empty() && out.back() != ' ')
            out.push_back(' ');
    }
    if (out.ends_with(' '))
        out.pop_back();
    return out;
}

std::string textAt(const XmlElement& from, std::string_view path)
{
    const auto* const found = first(from, path);
    return found == nullptr ? std::string() : normalizedText(*found);
}

const std::string* attribute(const XmlElement& element, std::string_view name)
{
    const auto found
        = std::ranges::find(element.attributes, name, [](const auto& pair) -> std::string_view {
              return pair.first;
          });
    return found == element.attributes.end() ? nullptr : &found->second;
}

std::string pathOf(const XmlElement& element)
{
    const auto above = element.parent == nullptr ? std::string() : pathOf(*element.parent);
    return above + "/" + stepOf(element);
}

} // namespace quittance::formats
