#include "core/formats/usage_mapper.h"

#include "core/formats/csv.h"
#include "core/formats/ndjson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::size_t absent = static_cast<std::size_t>(-1);

void blake2b(std::string_view bytes, RowHash& out)
{
    crypto_generichash_blake2b(
        out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
        nullptr, 0
    );
}

void appendWithLength(std::string& out, std::string_view text)
{
    const auto length = static_cast<std::uint32_t>(text.size());
    std::array<char, sizeof length> bytes {};
    std::memcpy(bytes.data(), &length, sizeof length);
    out.append(bytes.data(), bytes.size());
    out += text;
}

void appendHex(const RowHash& hash, std::string& out)
{
    constexpr std::string_view hex = "0123456789abcdef";
    constexpr unsigned nibble = 4;
    constexpr unsigned lowNibble = 0xf;
    std::array<char, 2 * sizeof(RowHash)> text {};
    auto* to = text.begin();
    for (const unsigned byte : hash) {
        *to++ = hex[byte >> nibble];
        *to++ = hex[byte & lowNibble];
    }
    out.append(text.data(), text.size());
}

/// Places of the fields in the order of their names.
std::vector<std::size_t> orderOfNames(std::span<const std::string> names)
{
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::ranges::stable_sort(order, {}, [names](std::size_t i) { return names[i]; });
    return order;
}

std::string_view lowered(std::string_view text, std::string& scratch)
{
    scratch.assign(text);
    for (auto& byte : scratch)
        if (byte >= 'A' && byte <= 'Z')
            byte = static_cast<char>(byte - 'A' + 'a');
    return scratch;
}

} // namespace

struct UsageMapper::State {
    /// A text that needs room is made here, and stays until the next row.
    struct Scratch {
        std::string joined;
        std::string lower;
    };

    explicit State(const UsageMapping& from)
        : mapping(&from)
        , measureScratch(from.measures.size())
    {
        measures.reserve(from.measures.size());
    }

    const UsageMapping* mapping;
    std::optional<TimeParser> startParser;
    std::optional<TimeParser> endParser;

    std::uint64_t layout = 0;
    std::vector<std::size_t> places; ///< of UsageMapping::columns in the record
    std::vector<std::size_t> order;
    RowHash namesHash {};

    const Record* record = nullptr;
    MappedRow row;
    std::vector<MappedMeasure> measures;
    std::string_view sku;
    std::int64_t durationMicros = 0;
    std::size_t skipIndex = 0;
    RowProblem problem;

    Scratch accountScratch;
    Scratch resourceScratch;
    Scratch projectScratch;
    Scratch skuScratch;
    std::vector<Scratch> measureScratch;
    std::string idScratch;
    std::string hashScratch;

    void bind();
    void hashRow();
    [[nodiscard]] std::string_view value(ColumnIndex column) const;
    bool refuse(ColumnIndex column, std::string reason);
    bool refuseRow(std::string reason);
    [[nodiscard]] bool holds(const SkipCondition& condition) const;
    [[nodiscard]] bool isSkipped();
    bool readId();
    void joinId();
    bool readNames();
    bool readText(
        const std::optional<TextExpression>& expression, Scratch& scratch, std::string_view& out
    );
    bool readText(const TextExpression& expression, Scratch& scratch, std::string_view& out);
    bool refuseText(const TextExpression& expression, std::string reason);
    bool finishText(const TextExpression& expression, std::string_view text, std::string_view& out);
    bool readTimes();
    bool readTime(const TimeExpression& expression, TimeParser& parser, Instant& out);
    bool addDuration();
    bool checkTimes();
    [[nodiscard]] std::optional<ExactDecimal> factor(const NumberExpression::Factor& factor);
    bool readNumber(const NumberExpression& expression, int digits, std::int64_t& out);
    bool refuseNumber(const NumberExpression& expression, std::string reason);
    bool readMeasures();
    Mapped map(const Record& from);
};

/// Looks up where the mapping's columns stand; once a file for CSV, and whenever its fields change
/// for NDJSON.
void UsageMapper::State::bind()
{
    layout = record->layout;
    places.clear();
    for (const auto& name : mapping->columns) {
        const auto found = std::ranges::find(record->names, name);
        places.push_back(
            found == record->names.end() ? absent
                                         : static_cast<std::size_t>(found - record->names.begin())
        );
    }
    if (!mapping->id.empty())
        return;
    order = orderOfNames(record->names);
    hashScratch.clear();
    for (const auto place : order)
        appendWithLength(hashScratch, record->names[place]);
    blake2b(hashScratch, namesHash);
}

void UsageMapper::State::hashRow()
{
    hashScratch.assign(reinterpret_cast<const char*>(namesHash.data()), namesHash.size());
    for (const auto place : order)
        appendWithLength(hashScratch, record->values[place]);
    blake2b(hashScratch, row.hash);
}

std::string_view UsageMapper::State::value(ColumnIndex column) const
{
    const auto place = places[column];
    if (place == absent)
        return {};
    const auto text = record->values[place];
    if (!mapping->emptyValues.empty()
        && std::ranges::find(mapping->emptyValues, text) != mapping->emptyValues.end())
        return {};
    return text;
}

bool UsageMapper::State::refuse(ColumnIndex column, std::string reason)
{
    const auto place = places[column];
    problem = { record->row, mapping->columns[column],
                printable(place == absent ? std::string_view() : record->values[place]),
                std::move(reason) };
    return false;
}

bool UsageMapper::State::refuseRow(std::string reason)
{
    problem = { record->row, {}, {}, std::move(reason) };
    return false;
}

bool UsageMapper::State::holds(const SkipCondition& condition) const
{
    const auto text = value(condition.column);
    auto found = false;
    switch (condition.kind) {
    case SkipCondition::Kind::Empty:
        found = text.empty();
        break;
    case SkipCondition::Kind::In:
        found = std::ranges::find(condition.values, text) != condition.values.end();
        break;
    case SkipCondition::Kind::Prefix:
        found = std::ranges::any_of(condition.values, [text](const auto& prefix) {
            return text.starts_with(prefix);
        });
        break;
    }
    return found != condition.negated;
}

bool UsageMapper::State::isSkipped()
{
    for (std::size_t i = 0; i < mapping->skips.size(); ++i)
        if (std::ranges::all_of(mapping->skips[i].conditions, [this](const auto& condition) {
                return holds(condition);
            })) {
            skipIndex = i;
            return true;
        }
    return false;
}

bool UsageMapper::State::readId()
{
    if (mapping->id.empty()) {
        hashRow();
        return true;
    }
    for (const auto column : mapping->id)
        if (value(column).empty())
            return refuse(column, "is empty, and is (part of) the id");
    if (mapping->id.size() == 1)
        row.baseId = value(mapping->id.front());
    else
        joinId();
    std::size_t longest = row.baseId.size();
    if (mapping->measures.size() > 1)
        for (const auto& measure : mapping->measures)
            longest = std::max(longest, row.baseId.size() + 1 + measure.meter.name.size());
    if (longest > eventIdBytesMax)
        return refuse(
            mapping->id.front(), fmt::format("gives an id longer than {} bytes", eventIdBytesMax)
        );
    return true;
}

/// Columns joined by "/". A "/" or "\" inside a value gets a "\" before it, so that two different
/// rows never get the same id.
void UsageMapper::State::joinId()
{
    idScratch.clear();
    for (std::size_t i = 0; i < mapping->id.size(); ++i) {
        if (i > 0)
            idScratch += '/';
        for (const auto byte : value(mapping->id[i])) {
            if (byte == '/' || byte == '\\')
                idScratch += '\\';
            idScratch += byte;
        }
    }
    row.baseId = idScratch;
}

bool UsageMapper::State::readNames()
{
    return readText(mapping->accountColumn, accountScratch, row.account)
        && readText(mapping->resource, resourceScratch, row.resource)
        && readText(mapping->project, projectScratch, row.project)
        && readText(mapping->sku, skuScratch, sku);
}

bool UsageMapper::State::readText(
    const std::optional<TextExpression>& expression, Scratch& scratch, std::string_view& out
)
{
    out = {};
    return !expression || readText(*expression, scratch, out);
}

bool UsageMapper::State::readText(
    const TextExpression& expression, Scratch& scratch, std::string_view& out
)
{
    std::string_view text;
    if (expression.pieces.size() == 1) {
        const auto& piece = expression.pieces.front();
        text = piece.column ? value(*piece.column) : std::string_view(piece.literal);
    } else {
        scratch.joined.clear();
        for (const auto& piece : expression.pieces)
            scratch.joined += piece.column ? value(*piece.column) : std::string_view(piece.literal);
        text = scratch.joined;
    }
    if (!expression.splitAt.empty())
        text = text.substr(0, text.find(expression.splitAt));
    if (expression.lowerCase)
        text = lowered(text, scratch.lower);
    return finishText(expression, text, out);
}

bool UsageMapper::State::finishText(
    const TextExpression& expression, std::string_view text, std::string_view& out
)
{
    out = text;
    if (text.empty() && expression.ifEmpty)
        out = *expression.ifEmpty;
    else if (!expression.map.empty()) {
        const auto found = expression.map.find(text);
        if (found != expression.map.end())
            out = found->second;
        else if (expression.otherwise)
            out = *expression.otherwise;
        else
            return refuseText(
                expression, text.empty() ? "is empty" : "is not in the mapping's map"
            );
    }
    if (out.empty() && expression.isNeeded)
        return refuseText(expression, "is empty");
    if (out.size() > namedBytesMax)
        return refuseText(expression, fmt::format("is longer than {} bytes", namedBytesMax));
    return true;
}

bool UsageMapper::State::refuseText(const TextExpression& expression, std::string reason)
{
    for (const auto& piece : expression.pieces)
        if (piece.column)
            return refuse(*piece.column, std::move(reason));
    return refuseRow("a constant of the mapping " + reason);
}

bool UsageMapper::State::readTimes()
{
    const auto& start = mapping->start;
    const auto& end = mapping->end;
    if (start && !readTime(*start, *startParser, row.start))
        return false;
    if (end && !readTime(*end, *endParser, row.end))
        return false;
    if (mapping->duration)
        return addDuration() && checkTimes();
    if (!end)
        row.end = row.start;
    return checkTimes();
}

bool UsageMapper::State::readTime(
    const TimeExpression& expression, TimeParser& parser, Instant& out
)
{
    const auto text = value(expression.column);
    if (text.empty()) {
        if (!expression.ifEmpty)
            return refuse(expression.column, "is empty");
        out = *expression.ifEmpty;
        return true;
    }
    const auto instant = parser.parse(text);
    if (!instant)
        return refuse(expression.column, instant.error().detail);
    out = *instant;
    return true;
}

bool UsageMapper::State::addDuration()
{
    constexpr int microDigits = 6;
    std::int64_t micros = 0;
    if (!readNumber(*mapping->duration, microDigits, micros))
        return false;
    if (micros > eventMicrosMax)
        return refuseNumber(*mapping->duration, "is longer than ten years");
    if (mapping->start)
        row.end.micros = row.start.micros + micros;
    else
        row.start.micros = row.end.micros - micros;
    return true;
}

bool UsageMapper::State::checkTimes()
{
    const auto column = mapping->end ? mapping->end->column : mapping->start->column;
    if (row.end < row.start)
        return refuse(column, fmt::format("is before the start, {}", quittance::toText(row.start)));
    durationMicros = row.end.micros - row.start.micros;
    if (durationMicros > eventMicrosMax)
        return refuse(
            column,
            fmt::format("is more than ten years after the start, {}", quittance::toText(row.start))
        );
    if (row.start.micros < 0)
        return refuse(column, "makes the use begin before 1970");
    return true;
}

/// None where the row was refused.
std::optional<ExactDecimal> UsageMapper::State::factor(const NumberExpression::Factor& factor)
{
    constexpr int microDigits = 6;
    if (factor.kind == NumberExpression::Factor::Kind::Constant)
        return factor.constant;
    if (factor.kind == NumberExpression::Factor::Kind::Duration)
        return ExactDecimal { durationMicros, microDigits };
    const auto text = value(factor.column);
    if (text.empty() && factor.ifEmpty)
        return factor.ifEmpty;
    const auto number = parseExact(text);
    if (!number)
        refuse(
            factor.column,
            text.empty() ? "is empty" : "is not a number (or has more than 38 digits)"
        );
    else if (number->mantissa < 0) {
        refuse(factor.column, "is negative");
        return std::nullopt;
    }
    return number;
}

bool UsageMapper::State::readNumber(
    const NumberExpression& expression, int digits, std::int64_t& out
)
{
    ExactDecimal product { 1, 0 };
    for (const auto& each : expression.factors) {
        const auto number = factor(each);
        if (!number)
            return false;
        const auto next = multiply(product, *number);
        if (!next)
            return refuseNumber(expression, "gives a quantity that is too large");
        product = *next;
    }
    const auto fitted = fit(product, expression.divisor, digits, expression.fit);
    if (fitted.problem == FitProblem::TooFine)
        return refuseNumber(
            expression, fmt::format("gives a quantity with more than {} decimals", digits)
        );
    if (fitted.problem == FitProblem::TooLarge || fitted.value > quantityMax)
        return refuseNumber(
            expression,
            fmt::format(
                "gives a quantity that is larger than {}", formatFixed(quantityMax, digits, true)
            )
        );
    out = fitted.value;
    return true;
}

bool UsageMapper::State::refuseNumber(const NumberExpression& expression, std::string reason)
{
    for (const auto& each : expression.factors)
        if (each.kind == NumberExpression::Factor::Kind::Column)
            return refuse(each.column, std::move(reason));
    return refuseRow("the measure " + reason);
}

bool UsageMapper::State::readMeasures()
{
    measures.clear();
    for (std::size_t i = 0; i < mapping->measures.size(); ++i) {
        const auto& measure = mapping->measures[i];
        MappedMeasure out { i, sku, 0 };
        if (!readNumber(measure.quantity, measure.meter.digits, out.quantity))
            return false;
        if (measure.sku && !readText(*measure.sku, measureScratch[i], out.sku))
            return false;
        if (out.quantity != 0 || !measure.omitZero)
            measures.push_back(out);
    }
    row.measures = measures;
    return true;
}

Mapped UsageMapper::State::map(const Record& from)
{
    record = &from;
    if (from.layout != layout)
        bind();
    row.row = from.row;
    if (isSkipped())
        return Mapped::Skipped;
    const auto good = readId() && readNames() && readTimes() && readMeasures();
    return good ? Mapped::Use : Mapped::Refused;
}

Result<UsageMapper> UsageMapper::create(const UsageMapping& mapping)
{
    auto state = std::make_unique<State>(mapping);
    if (mapping.start) {
        QUITTANCE_TRY(auto parser, TimeParser::create(mapping.start->rule));
        state->startParser = std::move(parser);
    }
    if (mapping.end) {
        QUITTANCE_TRY(auto parser, TimeParser::create(mapping.end->rule));
        state->endParser = std::move(parser);
    }
    return UsageMapper(std::move(state));
}

UsageMapper::UsageMapper(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

UsageMapper::UsageMapper(UsageMapper&& other) noexcept = default;
UsageMapper& UsageMapper::operator=(UsageMapper&& other) noexcept = default;
UsageMapper::~UsageMapper() = default;

Mapped UsageMapper::map(const Record& record)
{
    return m_state->map(record);
}

const MappedRow& UsageMapper::row() const
{
    return m_state->row;
}

const SkipRule& UsageMapper::skipRule() const
{
    return m_state->mapping->skips[m_state->skipIndex];
}

const RowProblem& UsageMapper::problem() const
{
    return m_state->problem;
}

void UsageMapper::appendEventId(
    const MappedMeasure& measure, std::int64_t occurrence, std::string& out
) const
{
    const auto& row = m_state->row;
    if (row.baseId.empty()) {
        appendHex(row.hash, out);
        constexpr std::size_t digitsMax = 20;
        std::array<char, digitsMax> digits {};
        auto* const end = std::to_chars(digits.begin(), digits.end(), occurrence).ptr;
        out += '-';
        out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
    } else
        out += row.baseId;
    const auto& all = m_state->mapping->measures;
    if (all.size() > 1) {
        out += '#';
        out += all[measure.index].meter.name;
    }
}

UsageEvent
UsageMapper::toEvent(const MappedMeasure& measure, std::int64_t occurrence, AccountId account) const
{
    const auto& row = m_state->row;
    UsageEvent event;
    event.account = account;
    event.source = m_state->mapping->source;
    appendEventId(measure, occurrence, event.id);
    event.meter = m_state->mapping->measures[measure.index].meter.name;
    event.sku = measure.sku;
    event.resource = row.resource;
    event.project = row.project;
    event.start = row.start;
    event.end = row.end;
    event.quantity = measure.quantity;
    return event;
}

namespace {

Result<> requireColumns(
    const UsageMapping& mapping, std::span<const std::string> names, const std::string& file
)
{
    for (const auto& column : mapping.columns) {
        const auto count = std::ranges::count(names, column);
        if (count == 0)
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format(
                    "{}: column \"{}\" is missing; the file has: {}", file, printable(column),
                    printable(fmt::format("{}", fmt::join(names, ", ")))
                )
            );
        if (count > 1)
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("{}: column \"{}\" is there {} times", file, printable(column), count)
            );
    }
    return {};
}

} // namespace

Result<std::unique_ptr<RecordReader>> openRecords(const UsageMapping& mapping, Input& input)
{
    if (mapping.format == RecordFormat::Ndjson) {
        auto reader = std::make_unique<NdjsonReader>(input);
        QUITTANCE_CHECK(reader->open());
        return std::unique_ptr<RecordReader>(std::move(reader));
    }
    CsvOptions options;
    options.delimiter = mapping.delimiter;
    options.columns = mapping.headerless;
    auto reader = std::make_unique<CsvReader>(input, std::move(options));
    QUITTANCE_CHECK(reader->open());
    QUITTANCE_CHECK(requireColumns(mapping, reader->names(), input.name()));
    return std::unique_ptr<RecordReader>(std::move(reader));
}

} // namespace quittance::formats
