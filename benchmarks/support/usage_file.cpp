#include "benchmarks/support/usage_file.h"

#include "benchmarks/support/report.h"
#include "core/domain/random.h"
#include "core/domain/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string_view>

namespace quittance::bench {

namespace {

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

constexpr std::int64_t firstSecond = 1'714'521'600; // 2024-05-01T00:00:00Z
constexpr std::int64_t secondsPerDay = 86'400;
constexpr std::int64_t usedDays = 27; // of every month: the last row ends before the month does
constexpr std::uint64_t machines = 1'000;
constexpr std::uint64_t teams = 20;
constexpr std::uint64_t gpusMax = 8;
constexpr std::int64_t secondsMin = 60;
constexpr std::uint64_t secondsSpread = 7'200;
constexpr std::array<std::string_view, 6> flavours {
    "a100", "h100", "l40s", "t4", "v100", "mi300"
};

constexpr std::string_view mapping = R"({
    "description": "Machine use, written by the benchmark",
    "source": "benchmark",
    "format": "csv",
    "account": { "name": "Benchmark", "currency": "USD", "timeZone": "UTC", "plan": "standard" },
    "id": ["id"],
    "resource": { "column": "machine" },
    "project": { "column": "team" },
    "sku": { "column": "flavour" },
    "start": { "column": "started", "format": "rfc3339" },
    "duration": { "column": "seconds" },
    "measures": [
        {
            "meter": "gpu-seconds",
            "quantity": { "product": [{ "column": "gpus" }, { "duration": true }] }
        }
    ]
}
)";

File open(const std::string& path)
{
    File file(std::fopen(path.c_str(), "wb"), &std::fclose);
    if (!file)
        stop("cannot write " + path);
    return file;
}

/// The text of a UUID whose first half is `high`.
std::string uuid(std::uint64_t high, std::uint64_t low)
{
    return fmt::format(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU, high & 0xffffU,
        low >> 48U, low & 0xffff'ffff'ffffU
    );
}

std::int64_t startOf(const UsageFile& file, std::int64_t row)
{
    const std::int64_t rowsPerMonth = (file.rows + file.months - 1) / file.months;
    const Month month = next(
        monthOf(Date { static_cast<std::int32_t>(firstSecond / secondsPerDay) }),
        static_cast<std::int32_t>(row / rowsPerMonth)
    );
    const std::int64_t within = row % rowsPerMonth * usedDays * secondsPerDay / rowsPerMonth;
    return firstDay(month).days * secondsPerDay + within;
}

} // namespace

void writeUsageFile(const std::string& path, const UsageFile& file)
{
    const File out = open(path);
    SeededRandom random(1);
    fmt::print(out.get(), "id,team,machine,flavour,gpus,started,seconds\n");
    for (std::int64_t row = 0; row < file.rows; ++row) {
        const std::int64_t start = startOf(file, row);
        const std::uint64_t high
            = file.keys == Keys::Random ? random.next() : static_cast<std::uint64_t>(row) << 16U;
        const std::int64_t seconds
            = secondsMin + static_cast<std::int64_t>(random.below(secondsSpread));
        const std::uint64_t machine = file.machines == Machines::Shared
            ? random.below(machines)
            : static_cast<std::uint64_t>(row);
        fmt::print(
            out.get(), "{},team-{:02},node-{:04},{},{},{},{}\n", uuid(high, random.next()),
            random.below(teams), machine, flavours.at(machine % flavours.size()),
            1 + random.below(gpusMax), toText(Instant { start * microsPerSecond }), seconds
        );
    }
}

void writeUsageMapping(const std::string& path)
{
    fmt::print(open(path).get(), "{}", mapping);
}

} // namespace quittance::bench
