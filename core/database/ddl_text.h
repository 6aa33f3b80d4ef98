#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quittance::database {

/// Past the quoted text or comment that begins at `begin`, or `begin` itself where none does.
[[nodiscard]] std::size_t skipQuotedOrComment(std::string_view text, std::size_t begin);

/// `text` with every `from` replaced by `to`.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

/// `text` with the upper-case keyword `word` replaced by `to`, outside quotes and comments, where
/// no AS stands before it (a CAST).
[[nodiscard]] std::string
withWordReplaced(std::string_view text, std::string_view word, std::string_view to);

/// True where the statement, after comments, begins with `words` ("CREATE TABLE").
[[nodiscard]] bool beginsWith(std::string_view statement, std::string_view words);

/// A short name for a text, the same on every machine: FNV-1a, 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint(std::string_view text);

} // namespace quittance::database
