#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quittance::formats {

/// One element of a parsed document. Names carry the prefix that the reader asked for, whatever the
/// document itself calls the namespace.
struct XmlElement {
    std::string_view name; ///< "cbc:ID"; kept by the document
    const XmlElement* parent = nullptr;
    int line = 0; ///< of the file, from 1
    std::string text; ///< its own characters, those of its children apart
    std::vector<std::pair<std::string, std::string>> attributes; ///< those without a namespace
    std::vector<std::unique_ptr<XmlElement>> children;
};

struct XmlDocument {
    std::unique_ptr<XmlElement> root;
    std::set<std::string, std::less<>> names;
};

/// A namespace, and the prefix that names of it get: "" for none. Names of any other namespace get
/// "?:".
struct XmlPrefix {
    std::string_view uri;
    std::string_view prefix;
};

constexpr std::size_t xmlSizeMaxBytes = std::size_t { 64 } << 20;
constexpr std::size_t xmlDepthMax = 64;
constexpr std::size_t xmlElementsMax = 2'000'000;

/// Well-formed XML with namespaces, in UTF-8, UTF-16 or what its declaration says. A document type
/// declaration is refused, so that there are no entities to expand and nothing is fetched.
/// TooLarge past the limits above; MalformedInput with the line.
[[nodiscard]] Result<XmlDocument>
parseXml(std::string_view bytes, std::span<const XmlPrefix> prefixes);

/// Children along a path of names: "cac:Party/cac:PartyTaxScheme/cbc:CompanyID"; all that match, in
/// the order of the document.
[[nodiscard]] std::vector<const XmlElement*> select(const XmlElement& from, std::string_view path);
/// The first of them, or nullptr.
[[nodiscard]] const XmlElement* first(const XmlElement& from, std::string_view path);
/// The text of the first of them with blanks at the ends and runs of blanks inside as one; "" where
/// there is none.
[[nodiscard]] std::string textAt(const XmlElement& from, std::string_view path);
[[nodiscard]] std::string normalizedText(const XmlElement& element);
/// nullptr where the element has no such attribute.
[[nodiscard]] const std::string* attribute(const XmlElement& element, std::string_view name);
/// "/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount": numbered where there are several.
[[nodiscard]] std::string pathOf(const XmlElement& element);

} // namespace quittance::formats
