#pragma once

#include "core/formats/record.h"
#include "core/formats/window.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

struct CsvOptions {
    char delimiter = ',';
    /// Names of the columns of a file without a header line; empty where the first line has them.
    std::vector<std::string> columns;
    std::size_t fieldBytesMax = std::size_t { 64 } * 1024;
    std::size_t recordBytesMax = std::size_t { 1024 } * 1024;
    std::size_t columnsMax = 1000;
};

/// CSV as RFC 4180 has it: quoted fields may hold delimiters, line ends and doubled quotes. UTF-8
/// with or without a byte order mark; lines end with LF, CRLF or CR; empty lines are passed over. A
/// row that has the wrong number of fields, a stray quote, bytes that are not UTF-8, or too many of
/// them is a problem, and reading goes on with the next line. The values point into the input's
/// buffer: nothing is copied but fields with doubled quotes.
class CsvReader final : public RecordReader {
public:
    CsvReader(Input& input, CsvOptions options);

    /// Reads the header line. MalformedInput where the input is no UTF-8 text, is empty, or its
    /// header is broken.
    [[nodiscard]] Result<> open();
    [[nodiscard]] std::span<const std::string> names() const { return m_names; }
    [[nodiscard]] Result<Step> next() override;

private:
    enum class Scan : std::uint8_t { Whole, Incomplete, Broken };
    struct Field {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool unescape = false;
    };
    struct Cursor {
        std::size_t mark = 0; ///< the first mark not yet passed
        std::size_t begin = 0; ///< of the field
        bool rowEnded = false;
    };

    [[nodiscard]] Result<> refill();
    void verifyWholeLines();
    [[nodiscard]] Result<bool> skipToLineEnd();
    [[nodiscard]] Result<Step> readFields();
    [[nodiscard]] Scan scan();
    [[nodiscard]] Scan scanPlain(Cursor& cursor);
    [[nodiscard]] Scan scanQuoted(Cursor& cursor);
    [[nodiscard]] Scan afterField(Cursor& cursor, std::size_t end);
    [[nodiscard]] Scan afterLine(Cursor& cursor, std::size_t end);
    [[nodiscard]] Scan addField(std::size_t begin, std::size_t end, bool unescape);
    [[nodiscard]] Scan broken(std::string reason);
    void endRow(std::size_t end, std::size_t nextBegin, std::size_t nextMark);
    void makeValues();
    void finishRow();
    Step refuse(std::string reason);

    Window m_window;
    CsvOptions m_options;
    std::vector<std::string> m_names;
    std::vector<std::uint32_t>
        m_marks; ///< offsets in the window of delimiters, quotes and line ends
    std::size_t m_mark = 0; ///< the first mark that belongs to the row being read
    std::size_t m_begin = 0; ///< where that row begins in the window
    std::size_t m_end = 0; ///< where it ends, without its line end
    std::size_t m_nextMark = 0;
    std::size_t m_nextBegin = 0;
    std::size_t m_verified = 0; ///< whole lines up to here were checked to be text
    bool m_suspect = false; ///< and some of them are not
    bool m_skipping = false; ///< the rest of a broken line is still to be passed
    std::int64_t m_line = 1;
    std::int64_t m_linesInRow = 0;
    std::vector<Field> m_fields;
    std::vector<std::string_view> m_values;
    std::string m_unescaped;
    std::string m_reason;
};

/// CSV as RFC 4180 has it, lines ended by CRLF, fields quoted where they must be.
class CsvWriter {
public:
    /// ForSpreadsheets: text that a spreadsheet would run as a formula (it begins with = + - @ tab
    /// or CR, and is no number) gets an apostrophe before it. Exact: as it is, for programs.
    enum class Safety : std::uint8_t { Exact, ForSpreadsheets };
    explicit CsvWriter(std::string& out, Safety safety = Safety::ForSpreadsheets);

    void row(std::span<const std::string> fields);
    void row(std::initializer_list<std::string_view> fields);

private:
    void field(std::string_view text, bool first);
    std::string* m_out;
    Safety m_safety;
};

} // namespace quittance::formats
