#pragma once

#include "backend/usage/usage.h"
#include "core/formats/usage_mapping.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// `usage import`: foreign files to events by a mapping, in committed batches of 30,000 rows. An
/// import that dies half-way is run again from the start: what is there is counted as repeated, and
/// nothing is lost or doubled.
namespace quittance::backend {

struct ImportOptions {
    formats::UsageMapping mapping;
    std::string account; ///< --account: wins over what mapping and file name; "" for none
    std::vector<std::string> inputs; ///< paths, "-" for standard input
    std::filesystem::path rejects; ///< where refused rows go (row number, reason, the row); made
                                   ///< only where there are any
};

struct ImportProgress {
    std::string input;
    std::int64_t bytesRead = 0;
    std::optional<std::int64_t> bytesTotal;
    std::int64_t rows = 0;
};

struct ImportReport {
    std::int64_t rows = 0;
    std::int64_t events = 0; ///< made from rows
    std::int64_t accepted = 0;
    std::int64_t repeated = 0;
    std::int64_t rejectedRows = 0; ///< in the rejects file
    std::map<std::string, std::int64_t> skipped; ///< intended, by the mapping's reason
    std::filesystem::path rejects; ///< "" where none
    std::vector<std::string> createdAccounts;
};

/// Bad rows never stop good ones. An error is for what stops the whole: no such file, wrong header,
/// a truncated archive (after what came before it was stored), a full disk, cancelled; `report`
/// then still says what was stored.
Result<> importUsage(
    const Context& context, const Actor& actor, const ImportOptions& options,
    const std::function<void(const ImportProgress&)>& progress, const std::atomic<bool>& cancelled,
    ImportReport& report
);

} // namespace quittance::backend
