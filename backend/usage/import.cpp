#include "backend/usage/import.h"

#include "backend/accounts/accounts.h"
#include "backend/journal/journal.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/rejects_file.h"
#include "backend/usage/row_source.h"
#include "core/formats/input.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace quittance::backend {

namespace {

/// One is read into, one is written, one waits.
constexpr std::size_t batchesInFlight = 3;

constexpr std::string_view defaultPlan = "standard";

/// A row for the rejects file.
struct Rejected {
    formats::RowProblem problem;
    std::string_view raw;
};

class Import {
public:
    Import(const Context& context, Actor actor, const ImportOptions& options, ImportReport& report)
        : m_context(&context)
        , m_actor(std::move(actor))
        , m_options(&options)
        , m_report(&report)
        , m_rejects(options.rejects)
    {
    }

    Result<> prepare();
    Result<>
    run(const std::function<void(const ImportProgress&)>& progress,
        const std::atomic<bool>& cancelled);

private:
    Result<> chooseAccount(database::Transaction& tx, std::optional<std::string>& created);
    Result<> makeMappedAccount(database::Transaction& tx, std::optional<std::string>& created);
    Result<> writeBatches(
        RowSource::Batches& empty, RowSource::Batches& full,
        const std::function<void(const ImportProgress&)>& progress,
        const std::atomic<bool>& cancelled
    );
    Result<> writeBatch(ParsedBatch& batch);
    Result<> resolveAccounts(database::Transaction& tx, ParsedBatch& batch);
    Result<AccountId> accountNamed(database::Transaction& tx, const std::string& name);
    Result<BatchReport> store(database::Transaction& tx, ParsedBatch& batch, SumCheck check);
    Result<> keepRejected(const ParsedBatch& batch, const BatchReport& stored);
    [[nodiscard]] formats::RowProblem
    problemOf(const ParsedBatch& batch, const RefusedEvent& refused);
    [[nodiscard]] std::string columnOfAccount() const;

    const Context* m_context;
    Actor m_actor;
    const ImportOptions* m_options;
    ImportReport* m_report;
    RejectsFile m_rejects;
    std::optional<AccountId> m_account; ///< of every row
    std::map<std::string, AccountId, std::less<>> m_accounts; ///< by name; 0 where there is none
    std::map<std::string, std::int64_t, std::less<>> m_rowsRead; ///< by input
};

/// Meters and the account that hold for the whole import.
Result<> Import::prepare()
{
    std::optional<std::string> created;
    const auto prepared = m_context->database.write([&](database::Transaction& tx) -> Result<> {
        QUITTANCE_CHECK(ensureMeters(tx, m_options->mapping.meters()));
        return chooseAccount(tx, created);
    });
    QUITTANCE_CHECK(prepared);
    if (created)
        m_report->createdAccounts.push_back(*created);
    return {};
}

Result<> Import::chooseAccount(database::Transaction& tx, std::optional<std::string>& created)
{
    created.reset();
    if (!m_options->account.empty()) {
        const auto found = findAccountByNameOrId(tx, m_options->account);
        if (!found && found.error().code == ErrorCode::NotFound)
            return failure(
                ErrorCode::NotFound, fmt::format("account '{}' does not exist", m_options->account)
            );
        if (!found)
            return failure(found.error());
        m_account = found->id;
        return {};
    }
    if (m_options->mapping.account)
        return makeMappedAccount(tx, created);
    if (m_options->mapping.accountColumn)
        return {};
    return failure(
        ErrorCode::InvalidArgument,
        "neither the import nor its mapping names an account: give --account"
    );
}

Result<> Import::makeMappedAccount(database::Transaction& tx, std::optional<std::string>& created)
{
    const formats::MappingAccount& wanted = *m_options->mapping.account;
    const auto found = findAccountByName(tx, wanted.name);
    if (found && found->currency != wanted.currency)
        return failure(
            ErrorCode::CurrencyMismatch,
            fmt::format(
                "account '{}' has {}, the mapping says {}", wanted.name, found->currency.code(),
                wanted.currency.code()
            )
        );
    if (found) {
        m_account = found->id;
        return {};
    }
    if (found.error().code != ErrorCode::NotFound)
        return failure(found.error());
    NewAccount account;
    account.name = wanted.name;
    account.currency = wanted.currency.code();
    account.timeZone = wanted.timeZone;
    account.plan = wanted.plan.empty() ? std::string(defaultPlan) : wanted.plan;
    QUITTANCE_CHECK(isPlanLoaded(tx, account.plan, account.currency)); // usage may come before it
    QUITTANCE_TRY(m_account, addAccount(tx, *m_context, m_actor, account));
    created = wanted.name;
    return {};
}

Result<> Import::run(
    const std::function<void(const ImportProgress&)>& progress, const std::atomic<bool>& cancelled
)
{
    RowSource::Batches empty(batchesInFlight);
    RowSource::Batches full(batchesInFlight);
    for (std::size_t i = 0; i < batchesInFlight; ++i)
        empty.push(std::make_unique<ParsedBatch>());
    RowSource source(m_options->mapping, m_options->inputs, cancelled, empty, full);
    Result<> written;
    {
        const std::jthread reader([&source] { source.run(); });
        written = writeBatches(empty, full, progress, cancelled);
        empty.close(); // where writing failed, reading must not wait for it
        full.close();
    }
    auto rejects = m_rejects.finish();
    if (rejects)
        m_report->rejects = *rejects;
    QUITTANCE_CHECK(written);
    return rejects ? Result<>() : Result<>(failure(rejects.error()));
}

Result<> Import::writeBatches(
    RowSource::Batches& empty, RowSource::Batches& full,
    const std::function<void(const ImportProgress&)>& progress, const std::atomic<bool>& cancelled
)
{
    while (auto batch = full.pop()) {
        if (cancelled)
            return failure(ErrorCode::Cancelled, "the import was cancelled; run it again to go on");
        ParsedBatch& rows = **batch;
        QUITTANCE_CHECK(writeBatch(rows));
        if (progress)
            progress({ rows.input, rows.bytesRead, rows.bytesTotal, m_rowsRead[rows.input] });
        if (rows.broken)
            return failure(*rows.broken);
        empty.push(std::move(*batch));
    }
    return {};
}

Result<> Import::writeBatch(ParsedBatch& batch)
{
    SumCheck check = SumCheck::ByDatabase;
    const auto tryStore = [&](database::Transaction& tx) { return store(tx, batch, check); };
    auto stored = m_context->database.write(tryStore);
    if (!stored && stored.error().code == ErrorCode::Overflow) {
        check = SumCheck::EachEvent;
        stored = m_context->database.write(tryStore);
    }
    QUITTANCE_CHECK(stored);
    m_report->rows += batch.rows;
    m_rowsRead[batch.input] += batch.rows;
    m_report->events += static_cast<std::int64_t>(batch.events().size());
    m_report->accepted += stored->accepted;
    m_report->repeated += stored->repeated;
    for (const auto& [reason, count] : batch.skipped)
        m_report->skipped[reason] += count;
    return keepRejected(batch, *stored);
}

Result<BatchReport> Import::store(database::Transaction& tx, ParsedBatch& batch, SumCheck check)
{
    if (batch.events().empty())
        return BatchReport {};
    QUITTANCE_CHECK(resolveAccounts(tx, batch));
    QUITTANCE_TRY(BatchReport stored, addUsage(tx, *m_context, batch.events(), check));
    if (stored.accepted == 0)
        return stored;
    boost::json::object after;
    after["input"] = std::filesystem::path(batch.input).filename().string();
    after["source"] = m_options->mapping.source;
    after["accepted"] = stored.accepted;
    after["repeated"] = stored.repeated;
    JournalDraft entry;
    entry.kind = "usage.imported";
    entry.account = m_account;
    entry.subjectType = "usage";
    entry.subjectId = m_account.value_or(0);
    entry.after = boost::json::serialize(after);
    QUITTANCE_CHECK(appendJournal(tx, *m_context, m_actor, entry));
    return stored;
}

Result<> Import::resolveAccounts(database::Transaction& tx, ParsedBatch& batch)
{
    const std::span<UsageEvent> events = batch.events();
    if (m_account) {
        for (UsageEvent& event : events)
            event.account = *m_account;
        return {};
    }
    std::vector<AccountId> ids;
    ids.reserve(batch.accountNames().size());
    for (const std::string& name : batch.accountNames()) {
        QUITTANCE_TRY(const AccountId id, accountNamed(tx, name));
        ids.push_back(id);
    }
    for (std::size_t i = 0; i < events.size(); ++i)
        events[i].account = ids[batch.origin(i).account];
    return {};
}

/// 0 where there is none: addUsage then refuses the row's events.
Result<AccountId> Import::accountNamed(database::Transaction& tx, const std::string& name)
{
    if (const auto known = m_accounts.find(name); known != m_accounts.end())
        return known->second;
    const auto found = findAccountByName(tx, name);
    if (!found && found.error().code != ErrorCode::NotFound)
        return failure(found.error());
    const AccountId id = found ? found->id : 0;
    m_accounts.emplace(name, id);
    return id;
}

Result<> Import::keepRejected(const ParsedBatch& batch, const BatchReport& stored)
{
    std::vector<Rejected> rejected;
    for (const ParsedBatch::Problem& problem : batch.problems())
        rejected.push_back({ problem.problem, problem.raw });
    std::optional<std::int64_t> before; // a row with several measures is refused once
    for (const RefusedEvent& refused : stored.refused) {
        const ParsedBatch::Origin& origin = batch.origin(refused.index);
        if (origin.row != before)
            rejected.push_back({ problemOf(batch, refused), batch.raw(origin) });
        before = origin.row;
    }
    std::ranges::stable_sort(rejected, {}, [](const Rejected& row) { return row.problem.row; });
    for (const Rejected& row : rejected)
        QUITTANCE_CHECK(m_rejects.add(batch.input, row.problem, row.raw));
    m_report->rejectedRows += static_cast<std::int64_t>(rejected.size());
    return {};
}

std::string Import::columnOfAccount() const
{
    if (!m_options->mapping.accountColumn)
        return {};
    for (const auto& piece : m_options->mapping.accountColumn->pieces) {
        if (piece.column)
            return m_options->mapping.columns[*piece.column];
    }
    return {};
}

formats::RowProblem Import::problemOf(const ParsedBatch& batch, const RefusedEvent& refused)
{
    const ParsedBatch::Origin& origin = batch.origin(refused.index);
    formats::RowProblem problem { origin.row, {}, {}, refused.error.detail };
    if (refused.error.code == ErrorCode::NotFound) {
        const std::string& name = batch.accountNames()[origin.account];
        problem.column = columnOfAccount();
        problem.value = formats::printable(name);
        problem.reason = fmt::format("account '{}' does not exist", problem.value);
    } else if (refused.error.code == ErrorCode::Conflict && !m_options->mapping.id.empty()) {
        std::vector<std::string_view> columns;
        for (const auto column : m_options->mapping.id)
            columns.emplace_back(m_options->mapping.columns[column]);
        problem.column = fmt::format("{}", fmt::join(columns, "/"));
    }
    return problem;
}

/// Before anything is made: a name that was mistyped must leave nothing behind. What a pipe holds
/// could be read once only.
Result<> checkFiles(const ImportOptions& options)
{
    const std::filesystem::path folder = options.rejects.parent_path();
    if (std::error_code ignored; !folder.empty() && !std::filesystem::is_directory(folder, ignored))
        return failure(
            ErrorCode::NotFound,
            fmt::format(
                "{}: refused rows cannot go there: there is no folder {}", options.rejects.string(),
                folder.string()
            )
        );
    for (const std::string& input : options.inputs) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(input, ignored)
            && std::filesystem::equivalent(input, options.rejects, ignored))
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("{}: refused rows would be written over this input", input)
            );
        if (input == "-" || std::filesystem::is_fifo(input, ignored))
            continue;
        if (const auto opened = formats::Input::open(input); !opened)
            return failure(opened.error());
    }
    return {};
}

} // namespace

Result<> importUsage(
    const Context& context, const Actor& actor, const ImportOptions& options,
    const std::function<void(const ImportProgress&)>& progress, const std::atomic<bool>& cancelled,
    ImportReport& report
)
{
    report = ImportReport {};
    QUITTANCE_CHECK(checkFiles(options));
    Import import(context, actor, options, report);
    QUITTANCE_CHECK(import.prepare());
    return import.run(progress, cancelled);
}

} // namespace quittance::backend
