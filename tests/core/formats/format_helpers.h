#pragma once

#include "core/formats/record.h"
#include "tests/support/results.h"

#include <string>
#include <vector>

namespace quittance::testing {

/// The rows of a reader as text, one string a row: "2: a=1 b=2", "3! reason", "end" or "error:
/// detail".
inline std::vector<std::string> rowsOf(formats::RecordReader& reader)
{
    std::vector<std::string> out;
    while (true) {
        const auto step = reader.next();
        if (!step) {
            out.push_back("error: " + std::string(wireName(step.error().code)));
            return out;
        }
        if (*step == formats::Step::End) {
            out.emplace_back("end");
            return out;
        }
        if (*step == formats::Step::Problem) {
            out.push_back(std::to_string(reader.problem().row) + "! " + reader.problem().reason);
            continue;
        }
        const auto& record = reader.record();
        auto text = std::to_string(record.row) + ":";
        for (std::size_t i = 0; i < record.values.size(); ++i)
            text += " " + record.names[i] + "=" + std::string(record.values[i]);
        out.push_back(std::move(text));
    }
}

using Rows = std::vector<std::string>;

/// `bytes` packed as libarchive's "gzip" or "xz" does it.
[[nodiscard]] std::string packed(const std::string& bytes, const char* filter);

} // namespace quittance::testing
