#pragma once

#include "core/domain/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// One row of a foreign file: named fields, whatever its format. Everything it points to is valid
/// until the next row.
struct Record {
    std::int64_t row
        = 0; ///< the line in the file where it starts, as a person counts: the first line is 1
    std::uint64_t layout
        = 0; ///< changes when `names` changes, so that a lookup by name can be kept
    std::span<const std::string> names;
    std::span<const std::string_view> values; ///< as many as names
    std::string_view raw; ///< the bytes of the row without its line end
};

/// Why a row was refused: where, what stood there, and what is wrong with it.
struct RowProblem {
    std::int64_t row = 0;
    std::string column; ///< "" where no one column is to blame
    std::string value; ///< as it stood, cut to 100 bytes, unprintable bytes as \xNN
    std::string reason;

    bool operator==(const RowProblem&) const = default;
};

/// "row 7, column num_gpu, value \"-1\": is negative"
[[nodiscard]] std::string toText(const RowProblem& problem);
/// Text that can be printed on one line: valid UTF-8, unprintable bytes as \xNN, cut to 100 bytes.
[[nodiscard]] std::string printable(std::string_view bytes);

/// What a step over the input found.
enum class Step : std::uint8_t {
    Record, ///< record() is a good row
    Problem, ///< problem() tells what is wrong with a row; the rows after it can still be read
    End,
};

/// Rows of an input, one by one.
class RecordReader {
public:
    RecordReader() = default;
    RecordReader(const RecordReader&) = delete;
    RecordReader& operator=(const RecordReader&) = delete;
    virtual ~RecordReader() = default;

    /// An error is of the input itself (cut off, unreadable): every whole row before it was given,
    /// and no part of a row.
    [[nodiscard]] virtual Result<Step> next() = 0;
    [[nodiscard]] const Record& record() const { return m_record; }
    [[nodiscard]] const RowProblem& problem() const { return m_problem; }

protected:
    Record m_record;
    RowProblem m_problem;
};

} // namespace quittance::formats
