#pragma once

#include "backend/usage/channel.h"
#include "backend/usage/parsed_batch.h"
#include "backend/usage/row_occurrences.h"
#include "core/formats/usage_mapper.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace quittance::backend {

/// The reading half of an import: inputs to batches, on a thread of its own. Batches go round
/// between two channels, so their number bounds the memory and reading waits for writing.
class RowSource {
public:
    using Batches = Channel<std::unique_ptr<ParsedBatch>>;

    RowSource(
        const formats::UsageMapping& mapping, const std::vector<std::string>& inputs,
        const std::atomic<bool>& cancelled, Batches& empty, Batches& full
    );

    /// Reads all inputs; ends early where an input breaks off (its last batch says why) or a
    /// channel is closed. Closes `full` at the end.
    void run();

private:
    Result<> readInput(const std::string& input);
    Result<>
    readRows(const std::string& path, const std::string& name, RowOccurrences& occurrences);
    Result<> noticeRows(const std::string& path, RowOccurrences& occurrences);
    void addRow(
        const formats::Record& record, formats::Mapped mapped, const formats::UsageMapper& mapper,
        RowOccurrences& occurrences
    );
    void addEvents(const formats::UsageMapper& mapper, std::int64_t occurrence);
    bool send();

    const formats::UsageMapping* m_mapping;
    const std::vector<std::string>* m_inputs;
    const std::atomic<bool>* m_cancelled;
    Batches* m_empty;
    Batches* m_full;
    std::unique_ptr<ParsedBatch> m_batch;
};

/// As messages and progress name an input: "standard input" for "-".
[[nodiscard]] std::string inputName(const std::string& input);

} // namespace quittance::backend
