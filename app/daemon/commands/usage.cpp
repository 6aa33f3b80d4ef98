#include "backend/usage/usage.h"

#include "app/daemon/commands/commands.h"
#include "backend/usage/import.h"
#include "core/formats/usage_mapping.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace quittance::daemon {

namespace {

struct ImportCommand {
    std::string mapping;
    std::string account;
    std::vector<std::string> inputs;
    std::string rejects; ///< "" for a new file in the working folder
    bool json = false;
};

std::atomic<bool> interrupted = false;

extern "C" void interruptImport(int /*signal*/)
{
    interrupted = true;
}

void showProgress(const backend::ImportProgress& progress)
{
    constexpr double percent = 100.0;
    if (progress.bytesTotal && *progress.bytesTotal > 0)
        fmt::print(
            stderr, "\r{}: {:3.0f}%, {} rows", progress.input,
            percent * static_cast<double>(progress.bytesRead)
                / static_cast<double>(*progress.bytesTotal),
            progress.rows
        );
    else
        fmt::print(stderr, "\r{}: {} rows", progress.input, progress.rows);
    std::fflush(stderr);
}

boost::json::object reportJson(const backend::ImportReport& report)
{
    boost::json::object skipped;
    for (const auto& [reason, rows] : report.skipped)
        skipped[reason] = rows;
    boost::json::array created;
    for (const std::string& name : report.createdAccounts)
        created.emplace_back(name);
    return { { "rows", report.rows },
             { "events", report.events },
             { "accepted", report.accepted },
             { "repeated", report.repeated },
             { "rejectedRows", report.rejectedRows },
             { "rejects", report.rejects.string() },
             { "skipped", std::move(skipped) },
             { "createdAccounts", std::move(created) } };
}

void printReport(const backend::ImportReport& report)
{
    for (const std::string& name : report.createdAccounts)
        fmt::print("made account \"{}\"\n", name);
    fmt::print(
        "{} rows, {} events: {} new, {} repeated\n", report.rows, report.events, report.accepted,
        report.repeated
    );
    for (const auto& [reason, rows] : report.skipped)
        fmt::print("{} rows skipped: {}\n", rows, reason);
    if (report.rejectedRows > 0)
        fmt::print("{} rows refused, see {}\n", report.rejectedRows, report.rejects.string());
}

/// A name that no earlier import has: what was refused then may not be looked at yet.
std::filesystem::path newRejectsFile(Instant now)
{
    std::string stem = "usage-rejects-" + toText(now);
    std::erase(stem, ':');
    std::filesystem::path file = stem + ".csv";
    for (int number = 2; std::filesystem::exists(file); ++number)
        file = fmt::format("{}-{}.csv", stem, number);
    return file;
}

Result<formats::UsageMapping> readMapping(const std::string& file)
{
    QUITTANCE_TRY(const std::string text, readFile(file));
    Result<formats::UsageMapping> mapping = formats::parseUsageMapping(text);
    if (!mapping)
        return failure(mapping.error().code, fmt::format("{}: {}", file, mapping.error().detail));
    return mapping;
}

Result<Exit> importFiles(const Session& session, const ImportCommand& command)
{
    QUITTANCE_CHECK(session.ensureBrandEntities());
    QUITTANCE_TRY(formats::UsageMapping mapping, readMapping(command.mapping));
    const backend::ImportOptions options { std::move(mapping), command.account, command.inputs,
                                           command.rejects.empty()
                                               ? newRejectsFile(session.context().clock.now())
                                               : std::filesystem::path(command.rejects) };
    std::signal(SIGINT, interruptImport);
    std::signal(SIGTERM, interruptImport);
    const bool onTerminal = isatty(STDERR_FILENO) != 0;
    backend::ImportReport report;
    const Result<> imported = backend::importUsage(
        session.context(), Session::actor(), options,
        [&](const backend::ImportProgress& progress) {
            if (onTerminal)
                showProgress(progress);
        },
        interrupted, report
    );
    if (onTerminal)
        fmt::print(stderr, "\r\033[K");
    if (command.json)
        printJson(reportJson(report));
    else
        printReport(report);
    if (!imported)
        return failure(imported.error());
    return report.rejectedRows > 0 ? Exit::PartlyRefused : Exit::Done;
}

Result<Exit> totals(const Session& session, bool json)
{
    QUITTANCE_TRY(
        const std::vector<backend::UsageTotal> rows, session.database().read(backend::usageTotals)
    );
    boost::json::array list;
    for (const backend::UsageTotal& row : rows) {
        const std::string quantity = formatFixed(row.quantity, row.digits, true);
        if (json)
            list.push_back(boost::json::object { { "account", row.accountName },
                                                 { "meter", row.meter },
                                                 { "unit", row.unit },
                                                 { "quantity", quantity },
                                                 { "events", row.events } });
        else
            fmt::print("{:<32} {:<22} {:>24} {}\n", row.accountName, row.meter, quantity, row.unit);
    }
    if (json)
        printJson(list);
    return Exit::Done;
}

} // namespace

void addUsageCommands(CommandLine& line)
{
    Command noun = line.add("usage", "What was used");

    Command importCommand = noun.add(
        "import", "CSV or NDJSON files (plain, .gz, .xz, - for standard input) to usage events"
    );
    auto command = std::make_shared<ImportCommand>();
    importCommand.option("--mapping", command->mapping, "How the files are read (JSON)").required();
    importCommand.option(
        "--account", command->account, "Whose usage it is; wins over mapping and files"
    );
    importCommand.option(
        "--rejects", command->rejects,
        "Where refused rows go; what the file held is replaced (a new file if left)"
    );
    importCommand.flag("--json", command->json);
    importCommand.option("input", command->inputs, "Files").required();
    importCommand.runOn([command](const Session& session) { return importFiles(session, *command); }
    );

    Command totalsCommand = noun.add("totals", "Exact quantities by account and meter");
    auto json = std::make_shared<bool>(false);
    totalsCommand.flag("--json", *json);
    totalsCommand.runOn([json](const Session& session) { return totals(session, *json); });
}

} // namespace quittance::daemon
