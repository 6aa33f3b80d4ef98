#include "backend/billing/billing.h"
#include "backend/billing/stored_bill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace quittance::backend {

namespace {

using database::Bytes;
using database::Columns;
using database::Row;
using database::Transaction;
using database::Value;

constexpr std::int64_t sellerRole = 1;
constexpr std::int64_t buyerRole = 2;

// Lists are stored as lines; what is in them holds no line end (checkProfile).
std::string linesOf(const std::vector<std::string>& values)
{
    return fmt::format("{}", fmt::join(values, "\n"));
}

std::vector<std::string> valuesOf(std::string_view lines)
{
    std::vector<std::string> values;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        values.emplace_back(line);
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
    return values;
}

Value textOrNull(const std::string& text)
{
    return text.empty() ? Value() : Value(text);
}

std::string textOrEmpty(const Row& row, int column)
{
    return row.isNull(column) ? std::string() : row.string(column);
}

template <class T> Value dayOrNull(const std::optional<T>& date)
{
    return date ? Value(std::int64_t { date->days }) : Value();
}

std::optional<Date> dateOrNothing(const Row& row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(Date { row.int32(column) });
}

constexpr std::string_view summarySql
    = "SELECT b.id, b.account_id, a.name, b.number, b.kind, s.state, b.period_month, "
      "b.period_begin, b.period_end, b.issued_at, b.issued_day, b.due_day, b.currency, "
      "b.net_minor, "
      "b.tax_minor, b.total_minor, s.open_minor, b.line_count, b.missing_fields "
      "FROM bill b JOIN account a ON a.id = b.account_id "
      "JOIN bill_balance s ON s.account_id = b.account_id AND s.bill_id = b.id";

Result<BillSummary> summaryOf(const Row& row)
{
    BillSummary bill;
    int column = 0;
    bill.id = row.integer(column++);
    bill.account = row.integer(column++);
    bill.accountName = row.string(column++);
    bill.number = textOrEmpty(row, column++);
    bill.kind = static_cast<DocumentKind>(row.integer(column++));
    bill.state = static_cast<BillState>(row.integer(column++));
    bill.periodMonth = Month { row.int32(column++) };
    bill.period.begin = Instant { row.integer(column++) };
    bill.period.end = Instant { row.integer(column++) };
    if (const auto issued = row.integerOrNull(column++))
        bill.issuedAt = Instant { *issued };
    bill.issued = dateOrNothing(row, column++);
    bill.due = dateOrNothing(row, column++);
    QUITTANCE_TRY(const auto currency, Currency::find(row.text(column++)));
    for (Money* const money : { &bill.net, &bill.tax, &bill.total, &bill.open })
        *money = { row.integer(column++), currency };
    bill.lineCount = row.int32(column++);
    bill.missingFields = valuesOf(row.text(column++));
    return bill;
}

Result<std::vector<BillSummary>>
summaries(Transaction& tx, const std::string& condition, std::span<const Value> args)
{
    std::vector<BillSummary> bills;
    const auto read = tx.query(
        fmt::format("{} {}", summarySql, condition), args,
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(BillSummary bill, summaryOf(row));
            bills.push_back(std::move(bill));
            return {};
        }
    );
    QUITTANCE_CHECK(read);
    return bills;
}

std::array<Value, 2> keyOf(const BillSummary& bill)
{
    return { bill.account, bill.id };
}

Result<> readParties(Transaction& tx, Bill& bill)
{
    return tx.query(
        "SELECT role, legal_name, address_lines, country, tax_ids, purchase_order, "
        "buyer_reference, email FROM bill_party WHERE account_id = $1 AND bill_id = $2",
        keyOf(bill.summary),
        [&](const Row& row) -> Result<> {
            int column = 0;
            BillParty& party = row.integer(column++) == sellerRole ? bill.seller : bill.buyer;
            party.legalName = row.string(column++);
            party.addressLines = valuesOf(row.text(column++));
            party.country = row.string(column++);
            party.taxIds = valuesOf(row.text(column++));
            party.purchaseOrder = row.string(column++);
            party.buyerReference = row.string(column++);
            party.email = row.string(column++);
            return {};
        }
    );
}

Result<>
insertParty(Transaction& tx, const BillSummary& bill, std::int64_t role, const BillParty& party)
{
    const std::int64_t frozen = bill.number.empty() ? 0 : 1;
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill_party (account_id, bill_id, role, legal_name, address_lines, country, "
        "tax_ids, purchase_order, buyer_reference, email, frozen) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        { bill.account, bill.id, role, party.legalName, linesOf(party.addressLines), party.country,
          linesOf(party.taxIds), party.purchaseOrder, party.buyerReference, party.email, frozen }
    ));
    return {};
}

BillLine lineOf(const Row& row, Currency currency)
{
    BillLine line;
    int column = 0;
    line.number = row.int32(column++);
    line.sku = row.string(column++);
    line.meter = row.string(column++);
    line.service = row.string(column++);
    line.name = row.string(column++);
    line.period.begin = Instant { row.integer(column++) };
    line.period.end = Instant { row.integer(column++) };
    line.quantity = row.integer(column++);
    line.quantityDigits = row.int32(column++);
    line.meterUnit = row.string(column++);
    line.unit = row.string(column++);
    line.per = row.integer(column++);
    line.rate = Rate { row.integer(column++) };
    line.discountMillionths = row.integer(column++);
    line.discountName = row.string(column++);
    line.plan = row.string(column++);
    line.planVersion = row.int32(column++);
    line.tax.category = row.string(column++);
    line.tax.millionths = row.integer(column++);
    line.amount = { row.integer(column++), currency };
    return line;
}

Result<> readLines(Transaction& tx, Bill& bill)
{
    const Currency currency = bill.summary.total.currency;
    QUITTANCE_TRY(
        bill.lines,
        tx.queryAll<BillLine>(
            "SELECT line, sku, meter, service, name, period_begin, period_end, quantity, "
            "quantity_digits, meter_unit, unit, per, rate_nanos, discount_millionths, "
            "discount_name, plan, plan_version, tax_category, tax_millionths, net_minor "
            "FROM bill_line WHERE account_id = $1 AND bill_id = $2 ORDER BY line",
            keyOf(bill.summary), [&](const Row& row) { return lineOf(row, currency); }
        )
    );
    return {};
}

PriceStep stepOf(const Row& row)
{
    PriceStep step;
    int column = 1; // after the line
    step.kind = static_cast<StepKind>(row.integer(column++));
    step.tier = row.int32(column++);
    step.name = row.string(column++);
    step.quantity = row.integer(column++);
    step.size = row.integer(column++);
    step.rate = Rate { row.integer(column++) };
    step.millionths = row.integer(column++);
    return step;
}

Result<BillLine*> findLine(Bill& bill, std::int32_t number)
{
    const auto line = std::ranges::find(bill.lines, number, &BillLine::number);
    if (line == bill.lines.end())
        return failure(
            ErrorCode::Corrupt,
            fmt::format("bill {} has parts of a line it has not", bill.summary.id)
        );
    return &*line;
}

/// After the lines.
Result<> readSteps(Transaction& tx, Bill& bill)
{
    return tx.query(
        "SELECT line, kind, tier, name, quantity, size, rate_nanos, millionths "
        "FROM bill_line_step WHERE account_id = $1 AND bill_id = $2 ORDER BY line, step",
        keyOf(bill.summary),
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(BillLine* const line, findLine(bill, row.int32(0)));
            line->steps.push_back(stepOf(row));
            return {};
        }
    );
}

/// What lines correct, and the step that takes off what was billed, which is their last.
Result<> readLineCorrections(Transaction& tx, Bill& bill)
{
    return tx.query(
        "SELECT l.line, c.id, c.number, c.period_month, l.billed_nanos "
        "FROM bill_line_correction l JOIN bill c ON c.id = l.corrected_bill_id "
        "WHERE l.account_id = $1 AND l.bill_id = $2",
        keyOf(bill.summary),
        [&](const Row& row) -> Result<> {
            int column = 0;
            QUITTANCE_TRY(BillLine* const line, findLine(bill, row.int32(column++)));
            CorrectedBill corrects;
            corrects.bill = row.integer(column++);
            corrects.number = row.string(column++);
            corrects.month = Month { row.int32(column++) };
            PriceStep billed;
            billed.kind = StepKind::Billed;
            billed.name = corrects.number;
            billed.rate = Rate { row.integer(column) };
            line->steps.push_back(std::move(billed));
            line->corrects = std::move(corrects);
            return {};
        }
    );
}

Columns::Column integers(std::string_view name)
{
    return { std::string(name), Columns::Type::Integer, {}, {}, {} };
}

Columns::Column texts(std::string_view name)
{
    return { std::string(name), Columns::Type::Text, {}, {}, {} };
}

Result<> insertLines(Transaction& tx, const Bill& bill)
{
    Columns rows({ integers("account_id"),
                   integers("bill_id"),
                   integers("line"),
                   texts("sku"),
                   texts("meter"),
                   texts("service"),
                   texts("name"),
                   integers("period_begin"),
                   integers("period_end"),
                   integers("quantity"),
                   integers("quantity_digits"),
                   texts("meter_unit"),
                   texts("unit"),
                   integers("per"),
                   integers("rate_nanos"),
                   integers("discount_millionths"),
                   texts("discount_name"),
                   texts("plan"),
                   integers("plan_version"),
                   texts("tax_category"),
                   integers("tax_millionths"),
                   integers("net_minor"),
                   integers("frozen") });
    for (const BillLine& line : bill.lines) {
        std::size_t column = 0;
        rows[column++].add(bill.summary.account);
        rows[column++].add(bill.summary.id);
        rows[column++].add(std::int64_t { line.number });
        rows[column++].add(line.sku);
        rows[column++].add(line.meter);
        rows[column++].add(line.service);
        rows[column++].add(line.name);
        rows[column++].add(line.period.begin.micros);
        rows[column++].add(line.period.end.micros);
        rows[column++].add(line.quantity);
        rows[column++].add(std::int64_t { line.quantityDigits });
        rows[column++].add(line.meterUnit);
        rows[column++].add(line.unit);
        rows[column++].add(line.per);
        rows[column++].add(line.rate.nanos);
        rows[column++].add(line.discountMillionths);
        rows[column++].add(line.discountName);
        rows[column++].add(line.plan);
        rows[column++].add(std::int64_t { line.planVersion });
        rows[column++].add(line.tax.category);
        rows[column++].add(line.tax.millionths);
        rows[column++].add(line.amount.minor);
        rows[column++].add(std::int64_t { bill.summary.number.empty() ? 0 : 1 });
    }
    QUITTANCE_CHECK(tx.bulkInsert("bill_line", rows, {}));
    return {};
}

Result<> insertSteps(Transaction& tx, const Bill& bill)
{
    Columns rows({ integers("account_id"), integers("bill_id"), integers("line"), integers("step"),
                   integers("kind"), integers("tier"), texts("name"), integers("quantity"),
                   integers("size"), integers("rate_nanos"), integers("millionths"),
                   integers("frozen") });
    bool any = false;
    for (const BillLine& line : bill.lines) {
        std::int64_t number = 0;
        for (const PriceStep& step : line.steps) {
            if (step.kind == StepKind::Billed)
                continue; // it stands with the line
            any = true;
            std::size_t column = 0;
            rows[column++].add(bill.summary.account);
            rows[column++].add(bill.summary.id);
            rows[column++].add(std::int64_t { line.number });
            rows[column++].add(++number);
            rows[column++].add(static_cast<std::int64_t>(step.kind));
            rows[column++].add(std::int64_t { step.tier });
            rows[column++].add(step.name);
            rows[column++].add(step.quantity);
            rows[column++].add(step.size);
            rows[column++].add(step.rate.nanos);
            rows[column++].add(step.millionths);
            rows[column++].add(std::int64_t { bill.summary.number.empty() ? 0 : 1 });
        }
    }
    if (any)
        QUITTANCE_CHECK(tx.bulkInsert("bill_line_step", rows, {}));
    return {};
}

/// After the bills that they correct are named.
Result<> insertLineCorrections(Transaction& tx, const Bill& bill)
{
    for (const BillLine& line : bill.lines) {
        if (!line.corrects)
            continue;
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO bill_line_correction (account_id, bill_id, line, corrected_bill_id, "
            "billed_nanos, frozen) VALUES ($1, $2, $3, $4, $5, $6)",
            { bill.summary.account, bill.summary.id, std::int64_t { line.number },
              line.corrects->bill, line.steps.back().rate.nanos,
              std::int64_t { bill.summary.number.empty() ? 0 : 1 } }
        ));
    }
    return {};
}

Result<> readCorrections(Transaction& tx, StoredBill& stored)
{
    QUITTANCE_TRY(
        stored.basis.corrections,
        tx.queryAll<CorrectedUse>(
            "SELECT c.corrected_bill_id, c.plan_version_max, c.usage_events "
            "FROM bill_correction c JOIN bill b ON b.id = c.corrected_bill_id "
            "WHERE c.account_id = $1 AND c.bill_id = $2 ORDER BY b.period_month",
            keyOf(stored.bill.summary),
            [](const Row& row) {
                return CorrectedUse { row.integer(0), row.int32(1), row.integer(2) };
            }
        )
    );
    return {};
}

Result<> insertCorrections(Transaction& tx, const StoredBill& stored)
{
    const BillSummary& bill = stored.bill.summary;
    for (const CorrectedUse& use : stored.basis.corrections)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO bill_correction (account_id, bill_id, corrected_bill_id, "
            "plan_version_max, usage_events, frozen) VALUES ($1, $2, $3, $4, $5, $6)",
            { bill.account, bill.id, use.bill, std::int64_t { use.planVersionMax }, use.usageEvents,
              std::int64_t { bill.number.empty() ? 0 : 1 } }
        ));
    return {};
}

Result<std::vector<CostRow>> readCosts(Transaction& tx, const BillSummary& bill)
{
    return tx.queryAll<CostRow>(
        "SELECT line, day, project, resource, quantity, amount_minor, events FROM cost_row "
        "WHERE account_id = $1 AND bill_id = $2 ORDER BY line, day, project, resource",
        keyOf(bill),
        [](const Row& row) {
            CostRow cost;
            int column = 0;
            cost.line = row.int32(column++);
            cost.day = Date { row.int32(column++) };
            cost.project = row.string(column++);
            cost.resource = row.string(column++);
            cost.quantity = row.integer(column++);
            cost.amountMinor = row.integer(column++);
            cost.events = row.integer(column++);
            return cost;
        }
    );
}

Result<> insertCosts(Transaction& tx, const StoredBill& stored)
{
    const BillSummary& bill = stored.bill.summary;
    Columns rows({ integers("account_id"), integers("bill_id"), integers("line"), integers("day"),
                   texts("project"), texts("resource"), integers("quantity"),
                   integers("amount_minor"), integers("events"), integers("frozen") });
    for (const CostRow& cost : stored.costs) {
        std::size_t column = 0;
        rows[column++].add(bill.account);
        rows[column++].add(bill.id);
        rows[column++].add(std::int64_t { cost.line });
        rows[column++].add(std::int64_t { cost.day.days });
        rows[column++].add(cost.project);
        rows[column++].add(cost.resource);
        rows[column++].add(cost.quantity);
        rows[column++].add(cost.amountMinor);
        rows[column++].add(cost.events);
        rows[column++].add(std::int64_t { bill.number.empty() ? 0 : 1 });
    }
    QUITTANCE_CHECK(tx.bulkInsert("cost_row", rows, {}));
    return {};
}

Result<> readTaxes(Transaction& tx, Bill& bill)
{
    const Currency currency = bill.summary.total.currency;
    QUITTANCE_TRY(
        bill.taxes,
        tx.queryAll<TaxTotal>(
            "SELECT category, millionths, net_minor, tax_minor FROM bill_tax "
            "WHERE account_id = $1 AND bill_id = $2",
            keyOf(bill.summary),
            [&](const Row& row) {
                return TaxTotal { { row.string(0), row.integer(1) },
                                  { row.integer(2), currency },
                                  { row.integer(3), currency } };
            }
        )
    );
    std::ranges::sort(bill.taxes, {}, &TaxTotal::tax);
    return {};
}

Result<> insertTaxes(Transaction& tx, const Bill& bill)
{
    const std::int64_t frozen = bill.summary.number.empty() ? 0 : 1;
    for (const TaxTotal& total : bill.taxes)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO bill_tax (account_id, bill_id, category, millionths, net_minor, "
            "tax_minor, frozen) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            { bill.summary.account, bill.summary.id, total.tax.category, total.tax.millionths,
              total.net.minor, total.amount.minor, frozen }
        ));
    return {};
}

Result<> readPlans(Transaction& tx, StoredBill& stored)
{
    QUITTANCE_TRY(
        stored.basis.plans,
        tx.queryAll<BilledPlan>(
            "SELECT plan, version, sha256 FROM bill_plan WHERE account_id = $1 AND bill_id = $2 "
            "ORDER BY version",
            keyOf(stored.bill.summary),
            [](const Row& row) {
                const auto hash = row.bytes(2);
                return BilledPlan { row.string(0), row.int32(1), Bytes(hash.begin(), hash.end()) };
            }
        )
    );
    // Databases do not agree on the order of texts.
    std::ranges::stable_sort(stored.basis.plans, {}, &BilledPlan::plan);
    return {};
}

Result<> insertPlans(Transaction& tx, const StoredBill& stored)
{
    const BillSummary& bill = stored.bill.summary;
    for (const BilledPlan& plan : stored.basis.plans)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO bill_plan (account_id, bill_id, plan, version, sha256, frozen) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            { bill.account, bill.id, plan.plan, std::int64_t { plan.version }, plan.sha256,
              std::int64_t { bill.number.empty() ? 0 : 1 } }
        ));
    return {};
}

Result<> readBasis(Transaction& tx, StoredBill& stored)
{
    Bill& bill = stored.bill;
    BillBasis& basis = stored.basis;
    return tx.query(
        "SELECT time_zone, zone_version, language, plan, plan_version_max, usage_batch, "
        "usage_events, tax_category, tax_millionths, tax_rounding, legal_entity_id, payment_days, "
        "profile_version, terms_version, bank_details, tax_note, series FROM bill "
        "WHERE account_id = $1 AND id = $2",
        keyOf(bill.summary),
        [&](const Row& row) -> Result<> {
            int column = 0;
            bill.timeZone = row.string(column++);
            bill.timeZoneVersion = row.string(column++);
            bill.language = row.string(column++);
            basis.plan = row.string(column++);
            basis.planVersionMax = row.int32(column++);
            basis.usageBatch = row.integer(column++);
            basis.usageEvents = row.integer(column++);
            basis.tax.category = row.string(column++);
            basis.tax.millionths = row.integer(column++);
            basis.taxRounding = static_cast<Rounding>(row.integer(column++));
            basis.legalEntity = row.integerOrNull(column++).value_or(0);
            basis.paymentDays = row.int32(column++);
            basis.profileVersion = row.int32(column++);
            basis.termsVersion = row.int32(column++);
            basis.bankDetails = row.string(column++);
            basis.taxNote = row.string(column++);
            basis.series = textOrEmpty(row, column++);
            return {};
        }
    );
}

/// The columns of `bill` that insert and update share, in one order.
constexpr std::array billColumns {
    "account_id",       "kind",        "charge",         "period_month",    "period_begin",
    "period_end",       "time_zone",   "zone_version",   "currency",        "plan",
    "plan_version_max", "usage_batch", "usage_events",   "tax_category",    "tax_millionths",
    "tax_rounding",     "net_minor",   "tax_minor",      "total_minor",     "line_count",
    "legal_entity_id",  "language",    "payment_days",   "profile_version", "terms_version",
    "bank_details",     "tax_note",    "missing_fields", "series",          "number",
    "issued_at",        "issued_day",  "due_day",
};

std::vector<Value> billValues(const StoredBill& stored)
{
    const BillSummary& bill = stored.bill.summary;
    const BillBasis& basis = stored.basis;
    return {
        bill.account,
        static_cast<std::int64_t>(bill.kind),
        std::string(usageCharge),
        std::int64_t { bill.periodMonth.index },
        bill.period.begin.micros,
        bill.period.end.micros,
        stored.bill.timeZone,
        stored.bill.timeZoneVersion,
        bill.total.currency.code(),
        basis.plan,
        std::int64_t { basis.planVersionMax },
        basis.usageBatch,
        basis.usageEvents,
        basis.tax.category,
        basis.tax.millionths,
        static_cast<std::int64_t>(basis.taxRounding),
        bill.net.minor,
        bill.tax.minor,
        bill.total.minor,
        std::int64_t { bill.lineCount },
        basis.legalEntity == 0 ? Value() : Value(basis.legalEntity),
        stored.bill.language,
        std::int64_t { basis.paymentDays },
        std::int64_t { basis.profileVersion },
        std::int64_t { basis.termsVersion },
        basis.bankDetails,
        basis.taxNote,
        linesOf(bill.missingFields),
        textOrNull(basis.series),
        textOrNull(bill.number),
        bill.issuedAt ? Value(bill.issuedAt->micros) : Value(),
        dayOrNull(bill.issued),
        dayOrNull(bill.due),
    };
}

std::string insertSql()
{
    std::string places;
    for (std::size_t i = 1; i <= billColumns.size(); ++i)
        places += fmt::format("{}${}", i == 1 ? "" : ", ", i);
    return fmt::format(
        "INSERT INTO bill ({}) VALUES ({}) RETURNING id", fmt::join(billColumns, ", "), places
    );
}

std::string updateSql()
{
    std::string changes;
    for (std::size_t i = 0; i < billColumns.size(); ++i)
        changes += fmt::format("{}{} = ${}", i == 0 ? "" : ", ", billColumns.at(i), i + 1);
    return fmt::format("UPDATE bill SET {} WHERE id = ${}", changes, billColumns.size() + 1);
}

Result<> deleteParts(Transaction& tx, AccountId account, BillId id)
{
    for (const std::string_view table :
         { "cost_row", "bill_line_step", "bill_line_correction", "bill_correction", "bill_line",
           "bill_tax", "bill_plan", "bill_party" })
        QUITTANCE_CHECK(tx.execute(
            fmt::format("DELETE FROM {} WHERE account_id = $1 AND bill_id = $2", table),
            { account, id }
        ));
    return {};
}

Result<> storeBalance(Transaction& tx, const BillSummary& bill)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill_balance (account_id, bill_id, state, open_minor, in_objection_minor) "
        "VALUES ($1, $2, $3, $4, 0) ON CONFLICT (account_id, bill_id) "
        "DO UPDATE SET state = excluded.state, open_minor = excluded.open_minor",
        { bill.account, bill.id, static_cast<std::int64_t>(bill.state), bill.open.minor }
    ));
    return {};
}

Result<BillSummary> findSummary(Transaction& tx, BillId id)
{
    const std::array<Value, 1> args { id };
    QUITTANCE_TRY(auto found, summaries(tx, "WHERE b.id = $1", args));
    if (found.empty())
        return failure(ErrorCode::NotFound, fmt::format("bill {} does not exist", id));
    return std::move(found.front());
}

} // namespace

namespace billing_queries {

Result<std::vector<BilledMonth>> billedMonths(Transaction& tx, AccountId account)
{
    return tx.queryAll<BilledMonth>(
        "SELECT b.id, b.period_month, s.state, COALESCE((SELECT MAX(c.usage_events) "
        "FROM bill_correction c WHERE c.account_id = b.account_id "
        "AND c.corrected_bill_id = b.id AND c.frozen = 1), b.usage_events) "
        "FROM bill b JOIN bill_balance s ON s.account_id = b.account_id AND s.bill_id = b.id "
        "WHERE b.account_id = $1 AND b.kind = $2 AND b.charge = $3 ORDER BY b.period_month",
        { account, static_cast<std::int64_t>(DocumentKind::Invoice), std::string(usageCharge) },
        [](const Row& row) {
            return BilledMonth { row.integer(0), Month { row.int32(1) },
                                 static_cast<BillState>(row.integer(2)), row.integer(3) };
        }
    );
}

Result<std::vector<IssuedCorrection>>
issuedCorrections(Transaction& tx, AccountId account, BillId corrected)
{
    return tx.queryAll<IssuedCorrection>(
        "SELECT b.id, b.usage_batch, c.plan_version_max FROM bill_correction c "
        "JOIN bill b ON b.account_id = c.account_id AND b.id = c.bill_id "
        "WHERE c.account_id = $1 AND c.corrected_bill_id = $2 AND c.frozen = 1 "
        "ORDER BY b.usage_batch",
        { account, corrected },
        [](const Row& row) {
            return IssuedCorrection { row.integer(0), row.integer(1), row.int32(2) };
        }
    );
}

Result<StoredBill> readBill(Transaction& tx, BillId id)
{
    StoredBill stored;
    QUITTANCE_TRY(stored.bill.summary, findSummary(tx, id));
    QUITTANCE_CHECK(readBasis(tx, stored));
    QUITTANCE_CHECK(readPlans(tx, stored));
    QUITTANCE_CHECK(readParties(tx, stored.bill));
    QUITTANCE_CHECK(readLines(tx, stored.bill));
    QUITTANCE_CHECK(readSteps(tx, stored.bill));
    QUITTANCE_CHECK(readLineCorrections(tx, stored.bill));
    QUITTANCE_CHECK(readCorrections(tx, stored));
    QUITTANCE_CHECK(readTaxes(tx, stored.bill));
    QUITTANCE_TRY(stored.costs, readCosts(tx, stored.bill.summary));
    return stored;
}

Result<std::vector<BillId>> issuedBills(Transaction& tx)
{
    return tx.queryAll<BillId>(
        "SELECT id FROM bill WHERE issued_at IS NOT NULL ORDER BY id", {},
        [](const Row& row) { return row.integer(0); }
    );
}

Result<BillId> insertBill(Transaction& tx, const StoredBill& stored)
{
    StoredBill draft = stored; // it is numbered when its parts are stored
    draft.bill.summary.number.clear();
    draft.bill.summary.issuedAt.reset();
    draft.bill.summary.issued.reset();
    draft.bill.summary.due.reset();
    draft.basis.series.clear();
    std::optional<BillId> id;
    const auto inserted = tx.query(insertSql(), billValues(draft), [&](const Row& row) -> Result<> {
        id = row.integer(0);
        return {};
    });
    QUITTANCE_CHECK(inserted);
    if (!id)
        return failure(ErrorCode::Internal, "the database gave no id for a new bill");
    return *id;
}

Result<> storeBill(Transaction& tx, const StoredBill& stored)
{
    const BillSummary& bill = stored.bill.summary;
    QUITTANCE_CHECK(deleteParts(tx, bill.account, bill.id));
    std::vector<Value> values = billValues(stored);
    values.emplace_back(bill.id);
    QUITTANCE_CHECK(tx.execute(updateSql(), values));
    QUITTANCE_CHECK(storeBalance(tx, bill));
    QUITTANCE_CHECK(insertParty(tx, bill, sellerRole, stored.bill.seller));
    QUITTANCE_CHECK(insertParty(tx, bill, buyerRole, stored.bill.buyer));
    QUITTANCE_CHECK(insertPlans(tx, stored));
    QUITTANCE_CHECK(insertLines(tx, stored.bill));
    QUITTANCE_CHECK(insertSteps(tx, stored.bill));
    QUITTANCE_CHECK(insertCorrections(tx, stored));
    QUITTANCE_CHECK(insertLineCorrections(tx, stored.bill));
    QUITTANCE_CHECK(insertTaxes(tx, stored.bill));
    return insertCosts(tx, stored);
}

Result<> storeWatermarks(Transaction& tx, BillId id, const BillBasis& basis)
{
    QUITTANCE_CHECK(tx.execute(
        "UPDATE bill SET usage_batch = $1, usage_events = $2, plan_version_max = $3 WHERE id = $4",
        { basis.usageBatch, basis.usageEvents, std::int64_t { basis.planVersionMax }, id }
    ));
    return {};
}

Result<> deleteDraft(Transaction& tx, AccountId account, BillId id)
{
    QUITTANCE_CHECK(deleteParts(tx, account, id));
    QUITTANCE_CHECK(tx.execute(
        "DELETE FROM bill_balance WHERE account_id = $1 AND bill_id = $2", { account, id }
    ));
    QUITTANCE_CHECK(
        tx.execute("DELETE FROM bill WHERE account_id = $1 AND id = $2", { account, id })
    );
    return {};
}

Result<std::int64_t>
takeNumber(Transaction& tx, LegalEntityId legalEntity, const std::string& series)
{
    return tx.queryInteger(
        "INSERT INTO number_series (legal_entity_id, series, next_number) VALUES ($1, $2, 2) "
        "ON CONFLICT (legal_entity_id, series) "
        "DO UPDATE SET next_number = number_series.next_number + 1 RETURNING next_number - 1",
        { legalEntity, series }
    );
}

Result<>
storeDocument(Transaction& tx, const BillSummary& bill, const Document& document, Instant now)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill_document (account_id, bill_id, format, content, sha256, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        { bill.account, bill.id, document.format, document.content, document.sha256, now.micros }
    ));
    return {};
}

Result<std::vector<Document>> documents(Transaction& tx, const BillSummary& bill)
{
    return tx.queryAll<Document>(
        "SELECT format, content, sha256 FROM bill_document WHERE account_id = $1 AND bill_id = $2 "
        "ORDER BY format",
        keyOf(bill),
        [](const Row& row) {
            const auto content = row.bytes(1);
            const auto hash = row.bytes(2);
            return Document { row.string(0), Bytes(content.begin(), content.end()),
                              Bytes(hash.begin(), hash.end()) };
        }
    );
}

Result<std::optional<std::string>>
documentContent(Transaction& tx, const BillSummary& bill, std::string_view format)
{
    return tx.queryFirst<std::string>(
        "SELECT content FROM bill_document WHERE account_id = $1 AND bill_id = $2 AND format = $3",
        { bill.account, bill.id, std::string(format) },
        [](const Row& row) {
            const auto content = row.bytes(0);
            std::string text(content.size(), '\0');
            std::ranges::transform(content, text.begin(), [](std::byte byte) {
                return static_cast<char>(byte);
            });
            return text;
        }
    );
}

Result<std::vector<std::string>> gapsInNumbers(Transaction& tx)
{
    return tx.queryAll<std::string>(
        "SELECT n.legal_entity_id, n.series, n.next_number - 1, COUNT(b.id) FROM number_series n "
        "LEFT JOIN bill b ON b.legal_entity_id = n.legal_entity_id AND b.series = n.series "
        "GROUP BY n.legal_entity_id, n.series, n.next_number "
        "HAVING COUNT(b.id) <> n.next_number - 1 ORDER BY n.legal_entity_id, n.series",
        {},
        [](const Row& row) {
            return fmt::format(
                "series {} of legal entity {}: {} numbers were given, {} bills have one",
                row.text(1), row.integer(0), row.integer(2), row.integer(3)
            );
        }
    );
}

Result<std::vector<std::string>> postingsWithoutBill(Transaction& tx)
{
    return tx.queryAll<std::string>(
        "SELECT p.id, p.reference, p.account_id FROM ledger_posting p WHERE NOT EXISTS ("
        "SELECT 1 FROM bill b WHERE b.account_id = p.account_id AND b.number IS NOT NULL "
        "AND p.reference = 'bill/' || CAST(b.id AS TEXT) || '/issued') ORDER BY p.id",
        {},
        [](const Row& row) {
            return fmt::format(
                "ledger posting {} ({}) of account {} is of no bill that was issued",
                row.integer(0), row.text(1), row.integer(2)
            );
        }
    );
}

} // namespace billing_queries

Result<std::vector<BillSummary>> listBills(Transaction& tx, const BillFilter& filter)
{
    std::vector<Value> args { filter.afterId };
    std::string condition = "WHERE b.id > $1";
    if (filter.account) {
        args.emplace_back(*filter.account);
        condition += fmt::format(" AND b.account_id = ${}", args.size());
    }
    if (filter.state) {
        args.emplace_back(static_cast<std::int64_t>(*filter.state));
        condition += fmt::format(" AND s.state = ${}", args.size());
    }
    args.emplace_back(std::int64_t { filter.limit });
    condition += fmt::format(" ORDER BY b.id LIMIT ${}", args.size());
    return summaries(tx, condition, args);
}

Result<std::int64_t> countBills(Transaction& tx, AccountId account)
{
    return tx.queryInteger("SELECT COUNT(*) FROM bill WHERE account_id = $1", { account });
}

Result<Bill> findBill(Transaction& tx, BillId bill)
{
    QUITTANCE_TRY(auto stored, billing_queries::readBill(tx, bill));
    return std::move(stored.bill);
}

Result<Bill> findBillByNumber(Transaction& tx, std::string_view number)
{
    QUITTANCE_TRY(
        const auto id,
        tx.queryFirst<BillId>(
            "SELECT id FROM bill WHERE number = $1 ORDER BY id", { std::string(number) },
            [](const Row& row) { return row.integer(0); }
        )
    );
    if (!id)
        return failure(ErrorCode::NotFound, fmt::format("bill '{}' does not exist", number));
    return findBill(tx, *id);
}

Result<std::vector<CostRow>> costRows(Transaction& tx, BillId bill)
{
    QUITTANCE_TRY(const auto summary, findSummary(tx, bill));
    return readCosts(tx, summary);
}

} // namespace quittance::backend
