#pragma once

#include "core/domain/money.h"
#include "core/domain/usage.h"
#include "core/formats/csv.h"
#include "core/formats/exact_decimal.h"
#include "core/formats/time_column.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How a foreign file becomes usage events, read from a mapping file. docs/usage-mappings.md
/// describes every key.
namespace quittance::formats {

/// A column by its place in UsageMapping::columns.
using ColumnIndex = std::size_t;

/// A text made of a row: literals and columns one after the other, then split, lower case, map.
struct TextExpression {
    struct Piece {
        std::string literal;
        std::optional<ColumnIndex> column; ///< instead of the literal

        bool operator==(const Piece&) const = default;
    };
    std::vector<Piece> pieces;
    std::string splitAt; ///< "" = not split; else only the first part is taken
    bool lowerCase = false;
    std::map<std::string, std::string, std::less<>> map;
    std::optional<std::string>
        otherwise; ///< for a value that the map does not have; else the row is refused
    std::optional<std::string> ifEmpty; ///< for an empty value; comes before the map
    bool isNeeded = true; ///< the row is refused where the result is empty

    bool operator==(const TextExpression&) const = default;
};

/// A product, exact until it is fitted to the meter's digits.
struct NumberExpression {
    struct Factor {
        enum class Kind : std::uint8_t { Constant, Column, Duration };
        Kind kind = Kind::Constant;
        ExactDecimal constant { 1, 0 };
        ColumnIndex column = 0;
        std::optional<ExactDecimal> ifEmpty;

        bool operator==(const Factor&) const = default;
    };
    std::vector<Factor> factors;
    std::int64_t divisor = 1;
    Fit fit = Fit::Exact;

    bool operator==(const NumberExpression&) const = default;
};

struct TimeExpression {
    TimeRule rule;
    ColumnIndex column = 0;
    std::optional<Instant> ifEmpty;

    bool operator==(const TimeExpression&) const = default;
};

struct Measure {
    Meter meter;
    NumberExpression quantity;
    std::optional<TextExpression> sku; ///< instead of the row's
    bool omitZero = false;

    bool operator==(const Measure&) const = default;
};

struct SkipCondition {
    enum class Kind : std::uint8_t { Empty, In, Prefix };
    Kind kind = Kind::Empty;
    ColumnIndex column = 0;
    std::vector<std::string> values; ///< In: any of them; Prefix: begins with any of them
    bool negated = false;

    bool operator==(const SkipCondition&) const = default;
};

/// Rows that are left out on purpose, counted under the reason.
struct SkipRule {
    std::string reason;
    std::vector<SkipCondition> conditions; ///< all must hold

    bool operator==(const SkipRule&) const = default;
};

/// The account that a mapping names for files that name none; import makes it where it is absent.
struct MappingAccount {
    std::string name;
    Currency currency;
    std::string timeZone = "UTC";
    std::string plan;

    bool operator==(const MappingAccount&) const = default;
};

enum class RecordFormat : std::uint8_t { Csv, Ndjson };

struct UsageMapping {
    std::string description;
    std::string source; ///< UsageEvent::source
    RecordFormat format = RecordFormat::Csv;
    char delimiter = ',';
    std::vector<std::string> headerless; ///< column names of a CSV file without a header line
    std::vector<std::string> emptyValues; ///< texts that mean "no value", such as NULL

    std::vector<std::string> columns; ///< every column that the mapping uses, once
    std::optional<MappingAccount>
        account; ///< this, or accountColumn, or neither: then the import has to say
    std::optional<TextExpression> accountColumn; ///< gives the account's name
    std::vector<ColumnIndex> id; ///< empty: the id is made from the row
    std::optional<TextExpression> resource;
    std::optional<TextExpression> project;
    std::optional<TextExpression> sku;
    std::optional<TimeExpression> start; ///< one of start and end is always there
    std::optional<TimeExpression> end;
    std::optional<NumberExpression> duration; ///< in seconds
    std::vector<Measure> measures;
    std::vector<SkipRule> skips;

    [[nodiscard]] std::vector<Meter> meters() const; ///< of its measures

    bool operator==(const UsageMapping&) const = default;
};

/// MalformedInput (no JSON), InvalidArgument (a key that is missing, unknown or wrong, with its
/// path), UnknownTimeZone. `what` names the file in messages.
[[nodiscard]] Result<UsageMapping>
parseUsageMapping(std::string_view text, std::string_view what = "mapping");

} // namespace quittance::formats
