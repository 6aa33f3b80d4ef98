#include "app/daemon/commands/commands.h"
#include "backend/billing/billing.h"
#include "backend/journal/journal.h"
#include "backend/pricing/pricing.h"
#include "core/contract/codec.h"
#include "core/formats/bill_json.h"
#include "core/formats/ubl_check.h"
#include "core/formats/xml_tree.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <memory>
#include <utility>

namespace quittance::daemon {

namespace {

using backend::BillRunOutcome;

struct RunCommand {
    std::string period;
    std::string asOf;
    std::string account;
    bool issue = false;
    bool json = false;
};

boost::json::value textOrNull(const std::string& text)
{
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

/// Of use that no plan prices: days and bills count an event that lasts over midnight more than
/// once, so its quantity is told and no number of events.
std::pair<std::string, std::string>
quantityAndUnit(const UnpricedUsage& usage, const std::vector<Meter>& meters)
{
    const auto meter = std::ranges::find(meters, usage.meter, &Meter::name);
    if (meter == meters.end())
        return { std::to_string(usage.quantity), "" };
    return { formatFixed(usage.quantity, meter->digits, true), meter->unit };
}

boost::json::object outcomeJson(const BillRunOutcome& outcome, const std::vector<Meter>& meters)
{
    boost::json::array unpriced;
    for (const UnpricedUsage& usage : outcome.unpriced) {
        const auto [quantity, unit] = quantityAndUnit(usage, meters);
        unpriced.push_back(boost::json::object { { "meter", usage.meter },
                                                 { "sku", usage.sku },
                                                 { "quantity", quantity },
                                                 { "unit", unit },
                                                 { "firstDay", toText(usage.firstDay) } });
    }
    boost::json::array corrects;
    for (const std::string& number : outcome.corrects)
        corrects.emplace_back(number);
    boost::json::array missing;
    for (const std::string& field : outcome.missingFields)
        missing.emplace_back(field);
    return { { "account", outcome.accountName },
             { "number", textOrNull(outcome.number) },
             { "state", outcome.bill == 0 ? "none" : wireName(outcome.state) },
             { "total", moneyJson(outcome.total) },
             { "missingFields", std::move(missing) },
             { "unpriced", std::move(unpriced) },
             { "alreadyIssued", outcome.alreadyIssued },
             { "hasLateUsage", outcome.hasLateUsage },
             { "corrects", std::move(corrects) },
             { "waitsForItsEnd", outcome.waitsForItsEnd },
             { "error", textOrNull(outcome.error ? outcome.error->detail : std::string()) } };
}

void printOutcome(const BillRunOutcome& outcome, const std::vector<Meter>& meters)
{
    if (outcome.error) {
        fmt::print("{}: not billed: {}\n", outcome.accountName, outcome.error->detail);
        return;
    }
    if (outcome.bill != 0)
        fmt::print(
            "{}: {} {}, {}{}\n", outcome.accountName, wireName(outcome.state),
            outcome.number.empty() ? "(no number yet)" : outcome.number, toText(outcome.total),
            outcome.alreadyIssued ? ", issued before" : ""
        );
    for (const std::string& field : outcome.missingFields)
        fmt::print("{}: waits as a draft: it lacks the {}\n", outcome.accountName, field);
    for (const UnpricedUsage& usage : outcome.unpriced) {
        const auto [quantity, unit] = quantityAndUnit(usage, meters);
        fmt::print(
            "{}: no plan prices meter \"{}\", SKU \"{}\": {} {} since {}\n", outcome.accountName,
            usage.meter, usage.sku, quantity, unit, toText(usage.firstDay)
        );
    }
    if (outcome.bill != 0 && outcome.waitsForItsEnd)
        fmt::print("{}: stays a draft until its month has ended\n", outcome.accountName);
    if (outcome.hasLateUsage)
        fmt::print(
            "{}: usage of the period came in after bill {} was issued: the next open bill has it\n",
            outcome.accountName, outcome.number
        );
    for (const std::string& number : outcome.corrects)
        fmt::print("{}: has the late usage of bill {}\n", outcome.accountName, number);
}

Result<backend::BillRunOptions> runOptions(const Session& session, const RunCommand& command)
{
    backend::BillRunOptions options;
    QUITTANCE_TRY(options.month, parseMonth(command.period));
    if (!command.asOf.empty()) {
        QUITTANCE_TRY(options.asOf, parseInstant(command.asOf));
    }
    if (!command.account.empty()) {
        QUITTANCE_TRY(options.account, accountNamed(session, command.account));
    }
    options.issue = command.issue;
    return options;
}

/// Not billed, or not issued although that was asked for and its month has ended.
bool isRefused(const BillRunOutcome& outcome, bool wasToBeIssued)
{
    const bool lacksSomething = !outcome.unpriced.empty() || !outcome.missingFields.empty();
    return outcome.error.has_value() || (wasToBeIssued && !outcome.alreadyIssued && lacksSomething);
}

/// printOutcome prints it.
bool hasSomethingToSay(const BillRunOutcome& outcome)
{
    return outcome.error || outcome.bill != 0 || !outcome.unpriced.empty() || outcome.hasLateUsage;
}

Result<Exit> run(const Session& session, const RunCommand& command)
{
    QUITTANCE_CHECK(session.ensureBrandEntities());
    QUITTANCE_TRY(const backend::BillRunOptions options, runOptions(session, command));
    QUITTANCE_TRY(
        const std::vector<BillRunOutcome> outcomes,
        backend::runBills(session.context(), Session::actor(), session.brand(), options)
    );
    QUITTANCE_CHECK(backend::sequenceJournal(session.context()));
    QUITTANCE_TRY(const std::vector<Meter> meters, session.database().read(backend::listMeters));
    boost::json::array rows;
    bool refused = false;
    for (const BillRunOutcome& outcome : outcomes) {
        refused = refused || isRefused(outcome, command.issue);
        if (command.json)
            rows.push_back(outcomeJson(outcome, meters));
        else
            printOutcome(outcome, meters);
    }
    if (command.json)
        printJson(rows);
    else if (std::ranges::none_of(outcomes, hasSomethingToSay))
        fmt::print("nothing to bill for {}\n", toText(options.month));
    return refused ? Exit::PartlyRefused : Exit::Done;
}

template <class T> boost::json::value orNull(const std::optional<T>& value)
{
    return value ? boost::json::value(toText(*value)) : boost::json::value(nullptr);
}

boost::json::object summaryJson(const BillSummary& bill)
{
    return { { "id", bill.id },
             { "number", textOrNull(bill.number) },
             { "account", bill.accountName },
             { "kind", wireName(bill.kind) },
             { "period", toText(bill.periodMonth) },
             { "issued", orNull(bill.issued) },
             { "due", orNull(bill.due) },
             { "net", moneyJson(bill.net) },
             { "tax", moneyJson(bill.tax) },
             { "total", moneyJson(bill.total) },
             { "open", moneyJson(bill.open) },
             { "state", wireName(bill.state) } };
}

void printSummary(const BillSummary& bill)
{
    fmt::print(
        "{:<18} {:<32} {}  {:>10}  {:>10}  {:>18}  {:>18}  {}\n",
        bill.number.empty() ? fmt::format("draft:{}", bill.id) : bill.number, bill.accountName,
        toText(bill.periodMonth), bill.issued ? toText(*bill.issued) : "-",
        bill.due ? toText(*bill.due) : "-", toText(bill.total), toText(bill.open),
        wireName(bill.state)
    );
}

Result<Exit> list(const Session& session, const std::string& account, bool json)
{
    constexpr int pageSize = 1000;
    backend::BillFilter filter;
    filter.limit = pageSize;
    if (!account.empty()) {
        QUITTANCE_TRY(filter.account, accountNamed(session, account));
    }
    boost::json::array rows;
    for (bool more = true; more;) {
        QUITTANCE_TRY(
            const std::vector<BillSummary> page,
            session.database().read([&](database::Transaction& tx) {
                return backend::listBills(tx, filter);
            })
        );
        for (const BillSummary& bill : page) {
            if (json)
                rows.push_back(summaryJson(bill));
            else
                printSummary(bill);
            filter.afterId = bill.id;
        }
        more = page.size() == static_cast<std::size_t>(pageSize);
    }
    if (json)
        printJson(rows);
    return Exit::Done;
}

/// By number, or a draft as "draft:ID".
Result<Bill> billNamed(const Session& session, const std::string& name)
{
    constexpr std::string_view draft = "draft:";
    return session.database().read([&](database::Transaction& tx) -> Result<Bill> {
        if (!name.starts_with(draft))
            return backend::findBillByNumber(tx, name);
        BillId id = 0;
        const char* const end = name.data() + name.size();
        if (std::from_chars(name.data() + draft.size(), end, id).ptr != end)
            return failure(ErrorCode::NotFound, fmt::format("there is no bill \"{}\"", name));
        return backend::findBill(tx, id);
    });
}

Result<boost::json::object> lineJson(const BillLine& line)
{
    QUITTANCE_TRY(const LineArithmetic steps, explain(line));
    return boost::json::object { { "line", line.number },
                                 { "sku", line.sku },
                                 { "meter", line.meter },
                                 { "service", line.service },
                                 { "name", line.name },
                                 { "periodStart", toText(line.period.begin) },
                                 { "periodEnd", toText(line.period.end) },
                                 { "meterQuantity", steps.meterQuantity },
                                 { "meterUnit", line.meterUnit },
                                 { "quantity", steps.quantity },
                                 { "unit", line.unit },
                                 { "rate", steps.rate },
                                 { "gross", steps.gross },
                                 { "discount", steps.discount },
                                 { "steps", formats::stepsJson(steps) },
                                 { "exact", steps.exact },
                                 { "rounding", steps.rounding },
                                 { "amount", moneyJson(line.amount) },
                                 { "taxCategory", line.tax.category },
                                 { "plan", line.plan },
                                 { "planVersion", line.planVersion },
                                 { "corrects", formats::correctsJson(line) } };
}

Result<Exit> showJson(const Bill& bill)
{
    boost::json::object object = summaryJson(bill.summary);
    boost::json::array lines;
    for (const BillLine& line : bill.lines) {
        QUITTANCE_TRY(boost::json::object row, lineJson(line));
        lines.push_back(std::move(row));
    }
    object["lines"] = std::move(lines);
    object["taxes"] = contract::toJson(bill).at("taxes");
    printJson(object);
    return Exit::Done;
}

/// "100 k calls x 0.05", "3 packages of 10 k calls x 4.99", "8% Launch offer", "minimum 10.00"
std::string stepText(const BillLine& line, const StepArithmetic& step)
{
    const std::string tier = step.tier == 0 ? "" : fmt::format(" (tier {})", step.tier);
    switch (step.kind) {
    case StepKind::Free:
        return fmt::format("{} {} free", step.quantity, line.unit);
    case StepKind::Units:
        return fmt::format("{} {} x {}{}", step.quantity, line.unit, step.rate, tier);
    case StepKind::Packages:
        return fmt::format(
            "{} packages of {} {} x {}", step.quantity, step.size, line.unit, step.rate
        );
    case StepKind::Flat:
        return fmt::format("{} x {} flat{}", step.quantity, step.rate, tier);
    case StepKind::PercentOff:
        return fmt::format("{}% {}", step.percent, step.name);
    case StepKind::AmountOff:
        return fmt::format("up to {} {}", step.rate, step.name);
    case StepKind::Minimum:
    case StepKind::Commitment:
    case StepKind::Covered:
        return fmt::format("{} {}", wireName(step.kind), step.rate);
    case StepKind::Billed:
        return fmt::format("rounded, less {} billed by {}", step.rate, step.name);
    }
    return {};
}

void printLine(const BillLine& line, const LineArithmetic& arithmetic)
{
    if (line.corrects)
        fmt::print(
            "  correction of {}, {}:\n", line.corrects->number, toText(line.corrects->month)
        );
    if (line.steps.empty()) {
        fmt::print(
            "  {:>3} {:<40} {:>18} {:<12} x {:>12}{} = {:>16}\n", line.number, line.name,
            arithmetic.quantity, line.unit, arithmetic.rate,
            arithmetic.discount.empty() ? "" : fmt::format(" - {}", arithmetic.discount),
            toText(line.amount)
        );
        return;
    }
    fmt::print(
        "  {:>3} {:<40} {:>18} {:<12}   {:>12} = {:>16}\n", line.number, line.name,
        line.meter.empty() ? "" : arithmetic.quantity, line.unit, "", toText(line.amount)
    );
    for (const StepArithmetic& step : arithmetic.steps)
        fmt::print("      {:<70} {:>19}\n", stepText(line, step), step.amount);
}

Result<Exit> show(const Session& session, const std::string& number, bool json)
{
    QUITTANCE_TRY(const Bill bill, billNamed(session, number));
    if (json)
        return showJson(bill);
    printSummary(bill.summary);
    for (const BillLine& line : bill.lines) {
        QUITTANCE_TRY(const LineArithmetic arithmetic, explain(line));
        printLine(line, arithmetic);
    }
    fmt::print(
        "  net {}, tax {}, total {}\n", toText(bill.summary.net), toText(bill.summary.tax),
        toText(bill.summary.total)
    );
    return Exit::Done;
}

struct ExportCommand {
    std::string number;
    std::string format;
    std::string output;
};

Result<Exit> exportBill(const Session& session, const ExportCommand& command)
{
    QUITTANCE_TRY(const Bill bill, billNamed(session, command.number));
    QUITTANCE_TRY(
        const std::string bytes,
        backend::exportDocument(session.context(), session.brand(), bill.summary.id, command.format)
    );
    // An e-invoice that was made now is in the journal.
    QUITTANCE_CHECK(backend::sequenceJournal(session.context()));
    QUITTANCE_CHECK(writeFile(command.output, bytes));
    return Exit::Done;
}

boost::json::object failureJson(const formats::RuleFailure& failure)
{
    return { { "place", failure.place }, { "line", failure.line }, { "message", failure.message } };
}

boost::json::object ruleJson(const formats::RuleVerdict& rule)
{
    boost::json::array failures;
    for (const formats::RuleFailure& failure : rule.failures)
        failures.push_back(failureJson(failure));
    const bool failed = !rule.failures.empty();
    return { { "rule", rule.rule },
             { "text", rule.text },
             { "verdict", wireName(rule.state) },
             { "place", textOrNull(failed ? rule.failures.front().place : std::string()) },
             { "message", textOrNull(failed ? rule.failures.front().message : std::string()) },
             { "failureCount", rule.failureCount },
             { "failures", std::move(failures) } };
}

void printVerdictJson(const formats::UblVerdict& verdict)
{
    using enum formats::RuleState;
    boost::json::array rules;
    for (const formats::RuleVerdict& rule : verdict.rules)
        rules.push_back(ruleJson(rule));
    printJson(boost::json::object { { "number", textOrNull(verdict.number) },
                                    { "kind", wireName(verdict.kind) },
                                    { "satisfied", verdict.count(Satisfied) },
                                    { "failed", verdict.count(Failed) },
                                    { "notApplicable", verdict.count(NotApplicable) },
                                    { "rules", std::move(rules) } });
}

void printVerdict(const formats::UblVerdict& verdict)
{
    using enum formats::RuleState;
    for (const formats::RuleVerdict& rule : verdict.rules) {
        if (rule.state == NotApplicable)
            continue;
        fmt::print("{:<10} {:<10} {}\n", rule.rule, wireName(rule.state), rule.text);
        for (const formats::RuleFailure& failure : rule.failures)
            fmt::print("  line {}, {}: {}\n", failure.line, failure.place, failure.message);
        if (rule.failureCount > rule.failures.size())
            fmt::print("  and {} more\n", rule.failureCount - rule.failures.size());
    }
    fmt::print(
        "{} {}: {} rules satisfied, {} failed, {} do not apply\n", wireName(verdict.kind),
        verdict.number, verdict.count(Satisfied), verdict.count(Failed),
        verdict.count(NotApplicable)
    );
}

Result<Exit> judge(std::string_view xml, bool json)
{
    QUITTANCE_TRY(const formats::UblVerdict verdict, formats::checkUbl(xml));
    if (json)
        printVerdictJson(verdict);
    else
        printVerdict(verdict);
    return verdict.isSatisfied() ? Exit::Done : Exit::PartlyRefused;
}

Result<Exit> checkFile(const std::string& file, bool json)
{
    std::error_code error;
    if (std::filesystem::file_size(file, error) > formats::xmlSizeMaxBytes && !error)
        return failure(
            ErrorCode::TooLarge,
            fmt::format("{} has more than {} bytes", file, formats::xmlSizeMaxBytes)
        );
    QUITTANCE_TRY(const std::string xml, readFile(file));
    auto exit = judge(xml, json);
    if (!exit)
        return failure(exit.error().code, fmt::format("{}: {}", file, exit.error().detail));
    return exit;
}

Result<Exit> checkBill(const Session& session, const std::string& number, bool json)
{
    QUITTANCE_TRY(const Bill bill, billNamed(session, number));
    QUITTANCE_TRY(const std::string xml, session.database().read([&](database::Transaction& tx) {
        return backend::eInvoiceToCheck(tx, session.brand(), bill.summary.id);
    }));
    return judge(xml, json);
}

/// A file needs no database.
void addCheckCommand(CommandLine& line, Command& noun)
{
    Command command
        = noun.add("check", "Try an e-invoice by the rules of EN 16931; exit 3 where one fails");
    auto name = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    command.option("bill", *name, "A bill's number, or a UBL file that ends in .xml").required();
    command.flag("--json", *json);
    command.run([&line, name, json]() -> Result<Exit> {
        if (name->ends_with(".xml"))
            return checkFile(*name, *json);
        QUITTANCE_TRY(
            const std::unique_ptr<Session> session,
            Session::open(line.configuration(), Session::Schema::Required)
        );
        return checkBill(*session, *name, *json);
    });
}

void addRunCommand(Command& noun)
{
    Command command = noun.add("run", "Rate a month into drafts; --issue numbers and issues");
    auto options = std::make_shared<RunCommand>();
    command.option("--period", options->period, "The month, 2023-11").required();
    command.option("--as-of", options->asOf, "The instant of the run: 2023-12-01T06:00:00Z");
    command.option("--account", options->account, "Only this account (name or id)");
    command.flag("--issue", options->issue, "Issue what is complete and whose period has ended");
    command.flag("--json", options->json);
    command.runOn([options](const Session& session) { return run(session, *options); });
}

void addReadCommands(Command& noun)
{
    Command listCommand = noun.add("list", "All bills and drafts");
    auto json = std::make_shared<bool>(false);
    auto account = std::make_shared<std::string>();
    listCommand.option("--account", *account, "Only this account (name or id)");
    listCommand.flag("--json", *json);
    listCommand.runOn([json, account](const Session& session) {
        return list(session, *account, *json);
    });

    Command showCommand = noun.add("show", "One bill with its lines");
    auto number = std::make_shared<std::string>();
    showCommand.option("number", *number, "Its number, or draft:ID").required();
    showCommand.flag("--json", *json);
    showCommand.runOn([json, number](const Session& session) {
        return show(session, *number, *json);
    });
}

} // namespace

void addBillCommands(CommandLine& line)
{
    Command noun = line.add("bill", "Bills");
    addRunCommand(noun);
    addReadCommands(noun);
    addCheckCommand(line, noun);

    Command exportCommand = noun.add("export", "A bill as a document");
    auto command = std::make_shared<ExportCommand>();
    exportCommand.option("number", command->number, "Its number, or draft:ID").required();
    exportCommand.option("--format", command->format, "pdf, csv, json or ubl")
        .required()
        .oneOf({ "pdf", "csv", "json", "ubl" });
    exportCommand.option("-o,--output", command->output, "The file to write; - for standard output")
        .required();
    exportCommand.runOn([command](const Session& session) { return exportBill(session, *command); }
    );
}

} // namespace quittance::daemon
