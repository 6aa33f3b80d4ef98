// `quittanced usage import` beside bare programs that insert the same rows: import-random,
// import-rising, import-sessions, import-months, floor-reasons,
// and with --large import-10m.

#include "benchmarks/support/process.h"
#include "benchmarks/support/report.h"
#include "benchmarks/support/servers.h"
#include "benchmarks/support/usage_file.h"

#include <fmt/format.h>

namespace {

using namespace quittance::bench;
using quittance::database::Engine;

constexpr double kibPerMib = 1024.0;
constexpr double ratioWanted = 0.8;

double rate(std::int64_t rows, const Finished& finished)
{
    return static_cast<double>(rows) / finished.seconds;
}

Finished importIt(const BenchDatabase& database, const ScratchFolder& folder)
{
    static_cast<void>(run(database.quittanced({ "migrate" })));
    return run(database.quittanced({ "usage", "import", "--mapping", folder.file("mapping.json"),
                                     "--rejects", folder.file("rejects.csv"), "--json",
                                     folder.file("usage.csv") }));
}

Finished floorIt(Engine engine, const BenchDatabase& database, const ScratchFolder& folder)
{
    if (engine == Engine::Sqlite)
        return run({ program("peer_import_sqlite"), folder.file("floor.db"),
                     folder.file("usage.csv") });
    return run({ program("peer_import_postgres"), database.url(), folder.file("usage.csv") });
}

/// Both on one engine, each on an empty database.
void compare(Report& report, const std::string& workload, const UsageFile& file, Engine engine)
{
    const ScratchFolder folder;
    writeUsageFile(folder.file("usage.csv"), file);
    writeUsageMapping(folder.file("mapping.json"));
    const Finished floor = floorIt(engine, BenchDatabase(engine), folder);
    const Finished imported = importIt(BenchDatabase(engine), folder);
    const std::string accepted = fmt::format("\"accepted\":{},", file.rows);
    if (imported.output.find(accepted) == std::string::npos)
        stop("the import did not take every row: " + imported.output);
    const std::string floorIs = engine == Engine::Sqlite ? "bare sqlite3, same rows and key"
                                                         : "bare libpq, same rows and key";
    report.add({ workload, nameOf(engine), fmt::format("{} rows, file to durable rows", file.rows),
                 rate(file.rows, imported), "rows/s", rate(file.rows, floor), floorIs, ratioWanted }
    );
    report.add({ workload, nameOf(engine), fmt::format("{} rows, peak memory", file.rows),
                 static_cast<double>(imported.peakKib) / kibPerMib, "MiB",
                 static_cast<double>(floor.peakKib) / kibPerMib, floorIs + ", file mapped" });
}

void compareOnBoth(Report& report, const std::string& workload, const UsageFile& file)
{
    for (const Engine engine : { Engine::Sqlite, Engine::Postgres })
        compare(report, workload, file, engine);
}

/// The bare SQLite program with one thing changed at a time, beside the figures that were measured
/// when the platform was chosen.
void showReasons(Report& report, std::int64_t rows)
{
    struct Variant {
        Command words;
        std::string name;
    };
    const std::vector<Variant> variants {
        { {}, "whole row, text key" },
        { { "unsorted" }, "whole row, text key, file's order" },
        { { "roomy" }, "whole row, text key, 1 GiB of cache" },
        { { "no-sync" }, "whole row, text key, no sync" },
        { { "in-memory" }, "whole row, text key, in memory" },
        { { "narrow" }, "key and quantity, text key" },
        { { "narrow", "integer-key" }, "key and quantity, 64-bit key" },
        { { "narrow", "integer-key", "in-memory" }, "key and quantity, 64-bit key, in memory" },
    };
    constexpr double platformRandom = 170'000;
    constexpr double platformRising = 1'160'000;
    for (const Keys keys : { Keys::Random, Keys::Rising }) {
        const ScratchFolder folder;
        writeUsageFile(folder.file("usage.csv"), { rows, keys, 1 });
        const bool isRandom = keys == Keys::Random;
        for (const Variant& variant : variants) {
            const ScratchFolder database;
            Command command { program("peer_import_sqlite"), database.file("floor.db"),
                              folder.file("usage.csv") };
            command.insert(command.end(), variant.words.begin(), variant.words.end());
            report.add({ isRandom ? "floor-reasons, random keys" : "floor-reasons, rising keys",
                         "SQLite", variant.name, rate(rows, run(command)), "rows/s",
                         isRandom ? platformRandom : platformRising,
                         "measured when the platform was chosen" });
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const Arguments arguments(argc, argv);
    const auto rows = arguments.size<std::int64_t>(1'000'000, 1'000);
    Report report;
    if (arguments.wants("import-random"))
        compareOnBoth(report, "import-random", { rows, Keys::Random, 1 });
    if (arguments.wants("import-rising"))
        compareOnBoth(report, "import-rising", { rows, Keys::Rising, 1 });
    if (arguments.wants("import-sessions"))
        compareOnBoth(report, "import-sessions", { rows, Keys::Rising, 1, Machines::OwnEach });
    if (arguments.wants("import-months")) {
        constexpr int months = 6;
        compareOnBoth(report, "import-months", { rows, Keys::Random, months });
    }
    if (arguments.wants("floor-reasons"))
        showReasons(report, rows);
    if (arguments.wantsLarge("import-10m")) {
        constexpr std::int64_t times = 10;
        constexpr int months = 12;
        compareOnBoth(report, "import-10m", { rows * times, Keys::Random, months });
    }
    return report.print();
}
