#include "backend/usage/row_source.h"

#include "backend/usage/spool.h"
#include "core/formats/input.h"

#include <optional>

namespace quittance::backend {

namespace {

using formats::Mapped;
using formats::Step;

/// What stops reading without being an error of the input.
Error stopped()
{
    return { ErrorCode::Cancelled, "the import was cancelled; run it again to go on" };
}

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

} // namespace

std::string inputName(const std::string& input)
{
    return input == "-" ? "standard input" : input;
}

RowSource::RowSource(
    const formats::UsageMapping& mapping, const std::vector<std::string>& inputs,
    const std::atomic<bool>& cancelled, Batches& empty, Batches& full
)
    : m_mapping(&mapping)
    , m_inputs(&inputs)
    , m_cancelled(&cancelled)
    , m_empty(&empty)
    , m_full(&full)
{
}

void RowSource::run()
{
    for (const std::string& input : *m_inputs) {
        auto batch = m_empty->pop();
        if (!batch)
            break;
        m_batch = std::move(*batch);
        m_batch->clear();
        m_batch->input = inputName(input);
        const auto read = readInput(input);
        if (!m_batch)
            break;
        if (!read)
            m_batch->broken = read.error();
        if (!m_full->push(std::move(m_batch)) || !read)
            break;
    }
    m_full->close();
}

Result<> RowSource::readInput(const std::string& input)
{
    RowOccurrences occurrences;
    if (!m_mapping->id.empty())
        return readRows(input, inputName(input), occurrences);
    if (isRereadable(input)) {
        QUITTANCE_CHECK(noticeRows(input, occurrences));
        return readRows(input, inputName(input), occurrences);
    }
    QUITTANCE_TRY(const auto spool, Spool::fill(input));
    auto read = noticeRows(spool.path().string(), occurrences);
    if (read)
        read = readRows(spool.path().string(), inputName(input), occurrences);
    if (read)
        return spool.broken();
    Error error = read.error();
    replaceAll(error.detail, spool.path().string(), inputName(input));
    return failure(std::move(error));
}

/// Where the input cannot be opened or breaks off, the second reading reports it, after what came
/// before is stored.
Result<> RowSource::noticeRows(const std::string& path, RowOccurrences& occurrences)
{
    QUITTANCE_TRY(auto input, formats::Input::open(path));
    QUITTANCE_TRY(const auto reader, formats::openRecords(*m_mapping, input));
    QUITTANCE_TRY(auto mapper, formats::UsageMapper::create(*m_mapping));
    while (true) {
        if (*m_cancelled)
            return failure(stopped());
        const auto step = reader->next();
        if (!step || *step == Step::End)
            return {};
        if (*step == Step::Record && mapper.map(reader->record()) == Mapped::Use)
            occurrences.notice(mapper.row().hash);
    }
}

Result<>
RowSource::readRows(const std::string& path, const std::string& name, RowOccurrences& occurrences)
{
    QUITTANCE_TRY(auto input, formats::Input::open(path));
    QUITTANCE_TRY(const auto reader, formats::openRecords(*m_mapping, input));
    QUITTANCE_TRY(auto mapper, formats::UsageMapper::create(*m_mapping));
    m_batch->bytesTotal = input.sizeBytes();
    while (true) {
        QUITTANCE_TRY(const Step step, reader->next());
        m_batch->bytesRead = input.bytesRead();
        if (step == Step::End)
            return {};
        if (m_batch->isFull(m_mapping->measures.size())) {
            if (!send())
                return failure(stopped());
            m_batch->input = name;
            m_batch->bytesRead = input.bytesRead();
            m_batch->bytesTotal = input.sizeBytes();
        }
        ++m_batch->rows;
        if (step == Step::Problem)
            m_batch->addProblem(reader->problem(), reader->record().raw);
        else
            addRow(reader->record(), mapper.map(reader->record()), mapper, occurrences);
    }
}

void RowSource::addRow(
    const formats::Record& record, Mapped mapped, const formats::UsageMapper& mapper,
    RowOccurrences& occurrences
)
{
    if (mapped == Mapped::Refused) {
        m_batch->addProblem(mapper.problem(), record.raw);
    } else if (mapped == Mapped::Skipped) {
        ++m_batch->skipped[mapper.skipRule().reason];
    } else {
        const formats::MappedRow& row = mapper.row();
        m_batch->beginRow(row.row, row.account, record.raw);
        addEvents(mapper, row.baseId.empty() ? occurrences.number(row.hash) : 1);
    }
}

void RowSource::addEvents(const formats::UsageMapper& mapper, std::int64_t occurrence)
{
    const formats::MappedRow& row = mapper.row();
    for (const formats::MappedMeasure& measure : row.measures) {
        UsageEvent& event = m_batch->addEvent();
        event.account = 0;
        event.source = m_mapping->source;
        event.id.clear();
        mapper.appendEventId(measure, occurrence, event.id);
        event.meter = m_mapping->measures[measure.index].meter.name;
        event.sku = measure.sku;
        event.resource = row.resource;
        event.project = row.project;
        event.start = row.start;
        event.end = row.end;
        event.quantity = measure.quantity;
    }
}

/// Hands the batch on and takes an empty one; false where nobody wants it.
bool RowSource::send()
{
    if (!m_full->push(std::move(m_batch)))
        return false;
    auto batch = m_empty->pop();
    if (!batch)
        return false;
    m_batch = std::move(*batch);
    m_batch->clear();
    return true;
}

} // namespace quittance::backend
