#include "core/formats/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace quittance::formats {

namespace {

bool isMark(char byte, char delimiter)
{
    return byte == delimiter || byte == '\n' || byte == '\r' || byte == '"';
}

#ifdef __SSE2__
constexpr std::size_t laneBytes = sizeof(__m128i);

/// Where 16 bytes have a mark, a bit each. Finding marks 16 at a time is what makes reading as fast
/// as storing.
unsigned marksOf(const char* bytes, char delimiter)
{
    __m128i lane {};
    std::memcpy(&lane, bytes, laneBytes);
    const auto separators = _mm_or_si128(
        _mm_cmpeq_epi8(lane, _mm_set1_epi8(delimiter)), _mm_cmpeq_epi8(lane, _mm_set1_epi8('"'))
    );
    const auto lineEnds = _mm_or_si128(
        _mm_cmpeq_epi8(lane, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(lane, _mm_set1_epi8('\r'))
    );
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(separators, lineEnds)));
}
#endif

void appendMarks(
    std::vector<std::uint32_t>& marks, std::string_view bytes, std::size_t from, char delimiter
)
{
    auto position = from;
#ifdef __SSE2__
    for (; position + laneBytes <= bytes.size(); position += laneBytes)
        for (auto bits = marksOf(bytes.data() + position, delimiter); bits != 0; bits &= bits - 1)
            marks.push_back(
                static_cast<std::uint32_t>(position)
                + static_cast<std::uint32_t>(std::countr_zero(bits))
            );
#endif
    for (; position < bytes.size(); ++position)
        if (isMark(bytes[position], delimiter))
            marks.push_back(static_cast<std::uint32_t>(position));
}

std::string_view appendUnescaped(std::string& out, std::string_view quoted)
{
    const auto begin = out.size();
    for (std::size_t at = 0; at < quoted.size(); ++at) {
        out += quoted[at];
        if (quoted[at] == '"')
            ++at; // the second of a doubled quote
    }
    return std::string_view(out).substr(begin);
}

} // namespace

CsvReader::CsvReader(Input& input, CsvOptions options)
    : m_window(input)
    , m_options(std::move(options))
{
}

Result<> CsvReader::open()
{
    QUITTANCE_CHECK(beginText(m_window));
    appendMarks(m_marks, m_window.bytes(), 0, m_options.delimiter);
    verifyWholeLines();
    m_names = m_options.columns;
    if (m_names.empty()) {
        QUITTANCE_TRY(const auto step, readFields());
        if (step == Step::End)
            return failure(
                ErrorCode::MalformedInput,
                fmt::format("{}: is empty; its first line should name the columns", m_window.name())
            );
        if (step == Step::Problem)
            return failure(
                ErrorCode::MalformedInput,
                fmt::format("{}: the header line is broken: {}", m_window.name(), toText(m_problem))
            );
        m_names.assign(m_values.begin(), m_values.end());
    }
    m_record.names = m_names;
    m_record.layout = 1;
    return {};
}

Result<Step> CsvReader::next()
{
    QUITTANCE_TRY(const auto step, readFields());
    if (step != Step::Record || m_values.size() == m_names.size())
        return step;
    return refuse(
        fmt::format("has {} fields where the header has {}", m_values.size(), m_names.size())
    );
}

Result<Step> CsvReader::readFields()
{
    finishRow();
    while (true) {
        if (m_skipping) {
            QUITTANCE_TRY(const auto found, skipToLineEnd());
            if (!found)
                return Step::End;
        }
        auto found = scan();
        if (found == Scan::Incomplete) {
            const auto unread = m_window.bytes().size() - m_begin;
            if (m_window.atEnd() && unread == 0)
                return Step::End;
            if (unread <= m_options.recordBytesMax) {
                QUITTANCE_CHECK(refill());
                continue;
            }
            found = broken(fmt::format(
                "is longer than {} bytes (is a quote never closed?)", m_options.recordBytesMax
            ));
        }
        if (found == Scan::Broken) {
            // An open quote may swallow good rows: reading goes on with the next line of the file,
            // whatever it is.
            m_skipping = true;
            const auto line = m_window.bytes().substr(m_begin);
            m_record.raw = line.substr(0, line.find('\n'));
            return refuse(std::move(m_reason));
        }
        if (m_end == m_begin && m_fields.size() == 1) {
            finishRow();
            continue;
        }
        makeValues();
        if ((m_suspect || m_end > m_verified) && !isText(m_record.raw))
            return refuse("is not UTF-8 text (or has a zero byte)");
        return Step::Record;
    }
}

Result<> CsvReader::refill()
{
    m_window.consume(m_begin);
    m_verified -= std::min(m_verified, m_begin);
    m_suspect = m_suspect && m_verified > 0;
    m_nextBegin = m_begin = 0;
    m_nextMark = m_mark = 0;
    auto step = m_window.more();
    m_marks.clear();
    appendMarks(m_marks, m_window.bytes(), 0, m_options.delimiter);
    verifyWholeLines();
    return step;
}

/// Checks all whole lines of the window at once, which is many times faster than line by line.
/// Where they are not all text, each row is looked at by itself, to name the bad ones.
void CsvReader::verifyWholeLines()
{
    const auto bytes = m_window.bytes();
    const auto lastLineEnd = bytes.rfind('\n');
    if (lastLineEnd == std::string_view::npos || lastLineEnd < m_verified)
        return;
    m_suspect = m_suspect || !isText(bytes.substr(m_verified, lastLineEnd + 1 - m_verified));
    m_verified = lastLineEnd + 1;
}

/// Passes the rest of a broken line; false where the input ends in it.
Result<bool> CsvReader::skipToLineEnd()
{
    while (true) {
        const auto lineEnd = m_window.bytes().find('\n', m_begin);
        if (lineEnd != std::string_view::npos) {
            m_skipping = false;
            const auto next
                = std::ranges::upper_bound(m_marks, static_cast<std::uint32_t>(lineEnd));
            m_linesInRow = 1;
            endRow(lineEnd, lineEnd + 1, static_cast<std::size_t>(next - m_marks.begin()));
            finishRow();
            return true;
        }
        m_begin = m_window.bytes().size();
        if (m_window.atEnd())
            return false;
        QUITTANCE_CHECK(refill());
    }
}

/// Finds the fields of the row at m_begin.
CsvReader::Scan CsvReader::scan()
{
    m_fields.clear();
    m_linesInRow = 0;
    const auto bytes = m_window.bytes();
    if (m_begin == bytes.size())
        return Scan::Incomplete;
    Cursor cursor { m_mark, m_begin, false };
    while (!cursor.rowEnded) {
        const auto isQuoted = cursor.begin < bytes.size() && bytes[cursor.begin] == '"';
        const auto field = isQuoted ? scanQuoted(cursor) : scanPlain(cursor);
        if (field != Scan::Whole)
            return field;
    }
    return Scan::Whole;
}

CsvReader::Scan CsvReader::scanPlain(Cursor& cursor)
{
    const auto bytes = m_window.bytes();
    const auto end = cursor.mark < m_marks.size() ? m_marks[cursor.mark] : bytes.size();
    if (end == bytes.size() && !m_window.atEnd())
        return Scan::Incomplete;
    if (end < bytes.size() && bytes[end] == '"')
        return broken("has a quote inside a field that does not begin with one");
    if (const auto added = addField(cursor.begin, end, false); added != Scan::Whole)
        return added;
    return afterField(cursor, end);
}

CsvReader::Scan CsvReader::scanQuoted(Cursor& cursor)
{
    const auto bytes = m_window.bytes();
    auto unescape = false;
    auto at = cursor.mark + 1;
    for (; at < m_marks.size(); ++at) {
        const auto position = m_marks[at];
        if (bytes[position] == '\n')
            ++m_linesInRow;
        if (bytes[position] != '"')
            continue;
        if (position + 1 == bytes.size() || bytes[position + 1] != '"')
            break;
        unescape = true;
        ++at;
    }
    // A quote that is the last byte so far may turn out to be the first of a doubled one.
    const auto isOpen = at >= m_marks.size();
    if (!m_window.atEnd() && (isOpen || m_marks[at] + 1 == bytes.size()))
        return Scan::Incomplete;
    if (isOpen)
        return broken("has a quote that is never closed");
    const std::size_t close = m_marks[at];
    if (const auto added = addField(cursor.begin + 1, close, unescape); added != Scan::Whole)
        return added;
    cursor.mark = at + 1;
    return afterField(cursor, close + 1);
}

/// Steps over what ends a field: a delimiter, a line end, or the end of the input.
CsvReader::Scan CsvReader::afterField(Cursor& cursor, std::size_t end)
{
    const auto bytes = m_window.bytes();
    if (end == bytes.size()) {
        endRow(end, end, cursor.mark);
        cursor.rowEnded = true;
        return Scan::Whole;
    }
    if (cursor.mark == m_marks.size() || m_marks[cursor.mark] != end)
        return broken("has text after a closing quote");
    ++cursor.mark;
    if (bytes[end] != m_options.delimiter)
        return afterLine(cursor, end);
    cursor.begin = end + 1;
    return Scan::Whole;
}

CsvReader::Scan CsvReader::afterLine(Cursor& cursor, std::size_t end)
{
    const auto bytes = m_window.bytes();
    auto next = end + 1;
    if (bytes[end] == '\r') {
        if (next == bytes.size() && !m_window.atEnd())
            return Scan::Incomplete;
        if (next < bytes.size() && bytes[next] == '\n') {
            ++next;
            ++cursor.mark;
        }
    }
    ++m_linesInRow;
    endRow(end, next, cursor.mark);
    cursor.rowEnded = true;
    return Scan::Whole;
}

CsvReader::Scan CsvReader::addField(std::size_t begin, std::size_t end, bool unescape)
{
    if (end - begin > m_options.fieldBytesMax)
        return broken(fmt::format("has a field longer than {} bytes", m_options.fieldBytesMax));
    if (m_fields.size() == m_options.columnsMax)
        return broken(fmt::format("has more than {} fields", m_options.columnsMax));
    m_fields.push_back({ begin, end, unescape });
    return Scan::Whole;
}

CsvReader::Scan CsvReader::broken(std::string reason)
{
    m_reason = std::move(reason);
    return Scan::Broken;
}

void CsvReader::endRow(std::size_t end, std::size_t nextBegin, std::size_t nextMark)
{
    m_end = end;
    m_nextBegin = nextBegin;
    m_nextMark = nextMark;
}

void CsvReader::makeValues()
{
    const auto bytes = m_window.bytes();
    m_record.row = m_line;
    m_record.raw = bytes.substr(m_begin, m_end - m_begin);
    m_values.clear();
    m_unescaped.clear();
    m_unescaped.reserve(m_record.raw.size()); // so that the views into it stay
    for (const auto& field : m_fields) {
        const auto text = bytes.substr(field.begin, field.end - field.begin);
        m_values.push_back(field.unescape ? appendUnescaped(m_unescaped, text) : text);
    }
    m_record.values = m_values;
}

void CsvReader::finishRow()
{
    if (m_skipping)
        return;
    m_begin = m_nextBegin;
    m_mark = m_nextMark;
    m_line += std::exchange(m_linesInRow, 0);
}

Step CsvReader::refuse(std::string reason)
{
    m_problem = { m_line, {}, {}, std::move(reason) };
    return Step::Problem;
}

namespace {

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789.,+-eE") == std::string_view::npos
        && text.find_first_of("0123456789") != std::string_view::npos;
}

/// What a spreadsheet takes for a formula (OWASP, CSV injection).
bool looksLikeFormula(std::string_view text)
{
    constexpr std::string_view starts = "=+-@\t\r";
    return !text.empty() && starts.find(text.front()) != std::string_view::npos && !isNumber(text);
}

} // namespace

CsvWriter::CsvWriter(std::string& out, Safety safety)
    : m_out(&out)
    , m_safety(safety)
{
}

void CsvWriter::row(std::span<const std::string> fields)
{
    for (std::size_t i = 0; i < fields.size(); ++i)
        field(fields[i], i == 0);
    *m_out += "\r\n";
}

void CsvWriter::row(std::initializer_list<std::string_view> fields)
{
    auto first = true;
    for (const auto text : fields)
        field(text, std::exchange(first, false));
    *m_out += "\r\n";
}

void CsvWriter::field(std::string_view text, bool first)
{
    if (!first)
        *m_out += ',';
    const auto guard = m_safety == Safety::ForSpreadsheets && looksLikeFormula(text);
    const auto quote = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quote)
        *m_out += '"';
    if (guard)
        *m_out += '\'';
    for (const auto byte : text) {
        if (byte == '"')
            *m_out += '"';
        *m_out += byte;
    }
    if (quote)
        *m_out += '"';
}

} // namespace quittance::formats
