#pragma once

#include "core/formats/record.h"
#include "core/formats/usage_mapping.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// What a mapping finds in a row.
enum class Mapped : std::uint8_t {
    Use, ///< row() is good
    Skipped, ///< left out on purpose: skipRule()
    Refused, ///< problem() says why
};

/// BLAKE2b-128 over the names and values of all fields of a row, in the order of the names: two
/// rows have the same hash exactly if they say the same, whatever the order of the columns.
using RowHash = std::array<std::uint8_t, 16>;

/// Quantities beyond this (in the meter's smallest units) are refused, here and where usage is
/// stored: sums of a thousand stay inside 64 bits.
constexpr std::int64_t quantityMax = 9'000'000'000'000'000;
/// An event that lasts longer than ten years is a wrong date, and would be cut into thousands of
/// days.
constexpr std::int64_t eventMicrosMax = std::int64_t { 3653 } * microsPerDay;
constexpr std::size_t eventIdBytesMax = 200;
constexpr std::size_t namedBytesMax = 500; ///< resource, project, sku, account

struct MappedMeasure {
    std::size_t index = 0; ///< in UsageMapping::measures, for the meter
    std::string_view sku;
    std::int64_t quantity = 0; ///< in 10^-digits of the meter's unit
};

/// A row as use; one event a measure. Views are valid until the next row.
struct MappedRow {
    std::int64_t row = 0;
    std::string_view account; ///< a name; "" where the mapping or the import says
    std::string_view baseId; ///< "" where the mapping names no id column: then the hash and its
                             ///< occurrence make it
    RowHash hash {}; ///< only where baseId is empty
    std::string_view resource;
    std::string_view project;
    Instant start;
    Instant end;
    std::span<const MappedMeasure> measures;
};

/// Turns rows into use by one mapping, without allocating for a good row. Not for two threads.
class UsageMapper {
public:
    /// The mapping must outlive it.
    [[nodiscard]] static Result<UsageMapper> create(const UsageMapping& mapping);
    UsageMapper(UsageMapper&& other) noexcept;
    UsageMapper& operator=(UsageMapper&& other) noexcept;
    UsageMapper(const UsageMapper&) = delete;
    UsageMapper& operator=(const UsageMapper&) = delete;
    ~UsageMapper();

    [[nodiscard]] Mapped map(const Record& record);
    [[nodiscard]] const MappedRow& row() const;
    [[nodiscard]] const SkipRule& skipRule() const;
    [[nodiscard]] const RowProblem& problem() const;

    /// The id of one measure's event, appended to `out`: the base id, with "#" and the meter's name
    /// where the mapping has several measures. Where there is no id column the base is the row's
    /// hash in hex with "-" and `occurrence`: 1 for the first of identical rows in an input, 2 for
    /// the second, ...
    void
    appendEventId(const MappedMeasure& measure, std::int64_t occurrence, std::string& out) const;
    /// The same as a whole event, for whom views do not suit.
    [[nodiscard]] UsageEvent
    toEvent(const MappedMeasure& measure, std::int64_t occurrence, AccountId account) const;

private:
    struct State;
    explicit UsageMapper(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Opens an input as the mapping says. MalformedInput where it is not that format; InvalidArgument
/// naming the first column that the mapping uses and the file lacks (an NDJSON field that a line
/// lacks is empty). The mapping's format decides, not the file's name. The input must outlive the
/// reader.
[[nodiscard]] Result<std::unique_ptr<RecordReader>>
openRecords(const UsageMapping& mapping, Input& input);

} // namespace quittance::formats
