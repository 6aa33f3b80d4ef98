#pragma once

#include "core/formats/record.h"
#include "core/formats/window.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

struct NdjsonOptions {
    std::size_t lineBytesMax = std::size_t { 1024 } * 1024;
    std::size_t fieldsMax = 1000;
    int depthMax = 16;
};

/// A JSON object a line, in the same view as CSV. A field inside an object is named by its path
/// with dots
/// ("usage.tokens"), an element of an array by its number from 0 ("tags.0"). A number is the text
/// as it stands (exact), true and false are those words, null and an absent field are empty. Empty
/// lines are passed over. A line that is not an object, is broken, has a key twice, or passes a
/// limit is a problem, and reading goes on with the next line.
class NdjsonReader final : public RecordReader {
public:
    explicit NdjsonReader(Input& input, NdjsonOptions options = {});
    ~NdjsonReader() override;
    NdjsonReader(const NdjsonReader&) = delete;
    NdjsonReader& operator=(const NdjsonReader&) = delete;

    /// MalformedInput where the input is no UTF-8 text.
    [[nodiscard]] Result<> open();
    [[nodiscard]] Result<Step> next() override;

private:
    struct Parser;
    [[nodiscard]] Result<bool> nextLine();
    Step readObject();
    Step refuse(std::string reason);

    Window m_window;
    NdjsonOptions m_options;
    std::unique_ptr<Parser> m_parser;
    std::size_t m_lineBytes = 0; ///< of the line being read, with its line end
    std::int64_t m_line = 0;
    bool m_isTooLong = false;
};

} // namespace quittance::formats
