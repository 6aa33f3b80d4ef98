#include "backend/billing/bill_journal.h"
#include "backend/billing/bill_posting.h"
#include "backend/billing/billing.h"
#include "backend/billing/corrections.h"
#include "backend/billing/make_bill.h"
#include "backend/billing/stored_bill.h"
#include "backend/pricing/pricing.h"
#include "core/domain/rating/corrections.h"
#include "core/formats/bill_csv.h"
#include "core/formats/bill_json.h"
#include "core/formats/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

namespace quittance::backend {

namespace {

using database::Transaction;

/// Cost rows named one by one; a changed line has as many as it has days and resources.
constexpr std::size_t costFaultsMax = 20;

/// The faults of one bill, each with its number before it.
class Faults {
public:
    Faults(const BillSummary& bill, std::vector<std::string>& all)
        : m_bill(bill.number.empty() ? fmt::format("#{}", bill.id) : bill.number)
        , m_all(&all)
    {
    }

    void add(const std::string& what)
    {
        m_all->push_back(fmt::format("bill {}: {}", m_bill, what));
        ++m_count;
    }

    template <class T> void compare(const std::string& what, const T& stored, const T& recomputed)
    {
        if (stored != recomputed)
            add(fmt::format("{} is {}, recomputed {}", what, shown(stored), shown(recomputed)));
    }

    [[nodiscard]] bool none() const { return m_count == 0; }
    [[nodiscard]] const std::string& bill() const { return m_bill; }

private:
    static std::string shown(const std::string& text) { return fmt::format("'{}'", text); }
    static std::string shown(std::int64_t number) { return std::to_string(number); }
    static std::string shown(std::int32_t number) { return std::to_string(number); }
    static std::string shown(Rate rate) { return toText(rate); }
    static std::string shown(Money money) { return toText(money); }
    static std::string shown(Instant instant) { return toText(instant); }

    std::string m_bill;
    std::vector<std::string>* m_all;
    std::size_t m_count = 0;
};

/// Everything of one stored bill against what its usage and plan versions give.
class BillCheck {
public:
    BillCheck(Transaction& tx, const StoredBill& stored, Faults& faults)
        : m_tx(&tx)
        , m_stored(&stored)
        , m_faults(&faults)
    {
    }

    Result<> check()
    {
        QUITTANCE_CHECK(recompute());
        if (m_again) {
            comparePlans();
            compareLines();
            compareCosts();
            compareTaxes();
            compareTotals();
        }
        QUITTANCE_CHECK(comparePosting());
        QUITTANCE_CHECK(compareBalance());
        return compareDocuments();
    }

    /// Where a change of zone data moved the bounds of its month, so that it cannot be computed
    /// again from what this program knows: the line that says so, "" else.
    [[nodiscard]] const std::string& moved() const { return m_moved; }

private:
    [[nodiscard]] const BillSummary& summary() const { return m_stored->bill.summary; }

    /// A month rated again, with what it takes to tell whether it is the same.
    struct MonthAgain {
        RatedUsage rated;
        std::int64_t usageEvents = 0;
    };

    /// From raw events and plan versions alone.
    Result<> recompute()
    {
        const BillBasis& basis = m_stored->basis;
        QUITTANCE_TRY(auto own, rateAgain(*m_stored, { basis.usageBatch, basis.planVersionMax }));
        if (!own)
            return {};
        m_faults->compare("number of usage events", basis.usageEvents, own->usageEvents);
        for (const CorrectedUse& use : basis.corrections) {
            QUITTANCE_TRY(const bool isDone, addCorrection(use, own->rated));
            if (!isDone)
                return {};
        }
        StoredBill again = *m_stored;
        const auto done = setAmounts(again, std::move(own->rated));
        if (!done) {
            noteError(done.error());
            return {};
        }
        again.basis.plans = plansOf(again.bill.lines, m_versions);
        m_again = std::move(again);
        return {};
    }

    /// The month of a bill with the usage and the plan versions that were known. Nothing where it
    /// cannot be computed: then it is noted.
    Result<std::optional<MonthAgain>> rateAgain(const StoredBill& stored, const Billed& known)
    {
        const BillSummary& bill = stored.bill.summary;
        MonthOfUse month;
        const auto zone = TimeZone::find(stored.bill.timeZone);
        if (!zone) {
            noteError(zone.error());
            return std::optional<MonthAgain>();
        }
        month.zone = *zone;
        month.period = month.zone.intervalOf(bill.periodMonth);
        if (month.period != bill.period) {
            noteBounds(stored, month);
            return std::optional<MonthAgain>();
        }
        QUITTANCE_TRY(
            month.usage,
            usageRowsFromEvents(*m_tx, bill.account, month.period, month.zone, known.usageBatch)
        );
        QUITTANCE_TRY(month.versions, planVersions(*m_tx, stored.basis.plan));
        std::erase_if(month.versions, [&](const PricePlan& version) {
            return version.version > known.planVersionMax;
        });
        QUITTANCE_TRY(month.meters, listMeters(*m_tx));
        QUITTANCE_TRY(const auto account, findAccount(*m_tx, bill.account));
        month.heldFrom = month.zone.dateAt(account.createdAt);
        MonthAgain again;
        for (const UsageRow& row : month.usage)
            again.usageEvents += row.events;
        auto rated = rateMonth(month, bill.periodMonth, bill.total.currency, stored.basis.tax);
        if (!rated) {
            noteError(rated.error());
            return std::optional<MonthAgain>();
        }
        again.rated = std::move(*rated);
        std::ranges::move(month.versions, std::back_inserter(m_versions));
        return std::optional(std::move(again));
    }

    /// What the usage between two watermarks changes of a month that was billed. False where it
    /// cannot be computed.
    Result<bool> addCorrection(const CorrectedUse& use, RatedUsage& rated)
    {
        const std::int64_t batch = m_stored->basis.usageBatch;
        QUITTANCE_TRY(const auto corrected, billing_queries::readBill(*m_tx, use.bill));
        const BillSummary& bill = corrected.bill.summary;
        QUITTANCE_TRY(const auto known, billedBefore(*m_tx, corrected, batch));
        QUITTANCE_TRY(const auto before, rateAgain(corrected, known));
        if (!before)
            return false;
        QUITTANCE_TRY(const auto again, rateAgain(corrected, { batch, use.planVersionMax }));
        if (!again)
            return false;
        m_faults->compare(
            fmt::format("number of usage events of bill {}, which it corrects,", bill.number),
            use.usageEvents, again->usageEvents
        );
        auto correction = correctionOf(
            before->rated, again->rated, { use.bill, bill.number, bill.periodMonth }
        );
        const auto done
            = correction ? append(rated, std::move(*correction)) : failure(correction.error());
        if (!done)
            noteError(done.error());
        return done.has_value();
    }

    void noteError(const Error& error)
    {
        m_faults->add("cannot be computed again: " + error.detail);
    }

    /// Other bounds by other zone data are no fault: those that were billed stay.
    void noteBounds(const StoredBill& stored, const MonthOfUse& month)
    {
        const std::string& version = stored.bill.timeZoneVersion;
        const BillSummary& bill = stored.bill.summary;
        const std::string whose
            = &stored == m_stored ? "its" : fmt::format("the corrected bill {}'s", bill.number);
        const std::string line = fmt::format(
            "{} period is {} to {}, time zone {} has {} to {} (billed by zone data {}, here {})",
            whose, toText(bill.period.begin), toText(bill.period.end), month.zone.name(),
            toText(month.period.begin), toText(month.period.end), version, TimeZone::dataVersion()
        );
        if (version == TimeZone::dataVersion())
            m_faults->add(line);
        else
            m_moved = line;
    }

    void comparePlans()
    {
        for (const BilledPlan& billed : m_stored->basis.plans) {
            const auto version = std::ranges::find_if(m_versions, [&](const PricePlan& known) {
                return known.code == billed.plan && known.version == billed.version;
            });
            if (version == m_versions.end())
                m_faults->add(
                    fmt::format("price plan '{}' version {} is gone", billed.plan, billed.version)
                );
            else if (hashOf(*version) != billed.sha256)
                m_faults->add(fmt::format(
                    "price plan '{}' version {} is not what it was when this bill was made",
                    billed.plan, billed.version
                ));
        }
        for (const BilledPlan& again : m_again->basis.plans) {
            const auto& billed = m_stored->basis.plans;
            const auto isSame = [&](const BilledPlan& known) {
                return known.plan == again.plan && known.version == again.version;
            };
            if (std::ranges::none_of(billed, isSame))
                m_faults->add(fmt::format(
                    "price plan '{}' version {} prices lines now and did not then", again.plan,
                    again.version
                ));
        }
    }

    void compareLines()
    {
        const auto& stored = m_stored->bill.lines;
        const auto& again = m_again->bill.lines;
        if (stored.size() != again.size())
            m_faults->add(fmt::format("it has {} lines, recomputed {}", stored.size(), again.size())
            );
        for (std::size_t i = 0; i < std::min(stored.size(), again.size()); ++i)
            compareLine(stored[i], again[i]);
        m_faults->compare("line count", summary().lineCount, m_again->bill.summary.lineCount);
    }

    void compareLine(const BillLine& stored, const BillLine& again)
    {
        const std::string line
            = fmt::format("line {} (SKU '{}', meter '{}') ", stored.number, again.sku, again.meter);
        const auto compare = [&](std::string_view field, const auto& a, const auto& b) {
            m_faults->compare(line + std::string(field), a, b);
        };
        compare("number", stored.number, again.number);
        compare("SKU", stored.sku, again.sku);
        compare("meter", stored.meter, again.meter);
        compare("service", stored.service, again.service);
        compare("name", stored.name, again.name);
        compare("period begin", stored.period.begin, again.period.begin);
        compare("period end", stored.period.end, again.period.end);
        compare("quantity", stored.quantity, again.quantity);
        compare("quantity digits", stored.quantityDigits, again.quantityDigits);
        compare("meter unit", stored.meterUnit, again.meterUnit);
        compare("unit", stored.unit, again.unit);
        compare("per", stored.per, again.per);
        compare("rate", stored.rate, again.rate);
        compare("discount", stored.discountMillionths, again.discountMillionths);
        compare("discount name", stored.discountName, again.discountName);
        compare("plan", stored.plan, again.plan);
        compare("plan version", stored.planVersion, again.planVersion);
        compare("tax category", stored.tax.category, again.tax.category);
        compare("tax rate", stored.tax.millionths, again.tax.millionths);
        compare("amount", stored.amount, again.amount);
        compare("corrected bill", correctedBy(stored), correctedBy(again));
        compareSteps(line, stored, again);
    }

    static std::string correctedBy(const BillLine& line)
    {
        if (!line.corrects)
            return "none";
        return fmt::format("{}, {}", line.corrects->number, toText(line.corrects->month));
    }

    void compareSteps(const std::string& line, const BillLine& stored, const BillLine& again)
    {
        for (std::size_t i = 0; i < std::max(stored.steps.size(), again.steps.size()); ++i)
            m_faults->compare(
                fmt::format("{}step {}", line, i + 1), stepAt(stored.steps, i),
                stepAt(again.steps, i)
            );
    }

    static std::string stepAt(const std::vector<PriceStep>& steps, std::size_t i)
    {
        if (i >= steps.size())
            return "none";
        const PriceStep& step = steps[i];
        return fmt::format(
            "{}, tier {}, name {}, quantity {}, size {}, rate {}, {}%", wireName(step.kind),
            step.tier, step.name, step.quantity, step.size, toText(step.rate),
            formatFixed(step.millionths, percentDigits, true)
        );
    }

    static std::string nameOf(const CostRow& cost)
    {
        return fmt::format(
            "cost row (line {}, {}, project '{}', resource '{}')", cost.line, toText(cost.day),
            cost.project, cost.resource
        );
    }

    static std::string valueOf(const CostRow& cost)
    {
        return fmt::format("{} for {} of {} events", cost.amountMinor, cost.quantity, cost.events);
    }

    void compareCosts()
    {
        using Key = std::tuple<std::int32_t, Date, std::string, std::string>;
        std::map<Key, std::pair<const CostRow*, const CostRow*>> pairs;
        const auto keyOf = [](const CostRow& cost) {
            return Key(cost.line, cost.day, cost.project, cost.resource);
        };
        for (const CostRow& cost : m_stored->costs)
            pairs[keyOf(cost)].first = &cost;
        for (const CostRow& cost : m_again->costs)
            pairs[keyOf(cost)].second = &cost;
        std::size_t count = 0;
        for (const auto& [key, pair] : pairs) {
            const auto& [stored, again] = pair;
            if (stored != nullptr && again != nullptr && *stored == *again)
                continue;
            if (++count > costFaultsMax)
                continue;
            m_faults->add(fmt::format(
                "{} is {}, recomputed {}", nameOf(stored != nullptr ? *stored : *again),
                stored != nullptr ? valueOf(*stored) : "missing",
                again != nullptr ? valueOf(*again) : "nothing"
            ));
        }
        if (count > costFaultsMax)
            m_faults->add(fmt::format("{} more cost rows differ", count - costFaultsMax));
    }

    void compareTaxes()
    {
        std::map<TaxRate, std::pair<Money, Money>> stored;
        std::map<TaxRate, std::pair<Money, Money>> again;
        for (const TaxTotal& tax : m_stored->bill.taxes)
            stored[tax.tax] = { tax.net, tax.amount };
        for (const TaxTotal& tax : m_again->bill.taxes)
            again[tax.tax] = { tax.net, tax.amount };
        std::set<TaxRate> rates;
        for (const auto& [rate, sums] : stored)
            rates.insert(rate);
        for (const auto& [rate, sums] : again)
            rates.insert(rate);
        const std::pair<Money, Money> zero { { 0, summary().total.currency },
                                             { 0, summary().total.currency } };
        for (const TaxRate& rate : rates) {
            const auto& was = stored.contains(rate) ? stored.at(rate) : zero;
            const auto& is = again.contains(rate) ? again.at(rate) : zero;
            const std::string name = fmt::format(
                "tax {} {}%: ", rate.category, formatFixed(rate.millionths, percentDigits, true)
            );
            m_faults->compare(name + "net", was.first, is.first);
            m_faults->compare(name + "tax", was.second, is.second);
        }
    }

    void compareTotals()
    {
        const BillSummary& again = m_again->bill.summary;
        m_faults->compare("net total", summary().net, again.net);
        m_faults->compare("tax total", summary().tax, again.tax);
        m_faults->compare("bill total", summary().total, again.total);
    }

    Result<> comparePosting()
    {
        Bill bill = m_stored->bill;
        if (m_again) {
            bill.summary.net = m_again->bill.summary.net;
            bill.summary.tax = m_again->bill.summary.tax;
            bill.summary.total = m_again->bill.summary.total;
        }
        const Posting expected = issuePosting(bill);
        QUITTANCE_TRY(const auto found, postingsByReference(*m_tx, expected.reference));
        if (found.size() != (expected.entries.empty() ? 0U : 1U)) {
            m_faults->add(fmt::format(
                "the ledger has {} postings of its issue ({})", found.size(), expected.reference
            ));
            return {};
        }
        if (!found.empty())
            comparePosting(found.front().posting, expected);
        return {};
    }

    void comparePosting(const Posting& stored, const Posting& expected)
    {
        const std::string name = fmt::format("ledger posting {}: ", expected.reference);
        m_faults->compare(name + "account", stored.account, expected.account);
        m_faults->compare(name + "kind", stored.kind, expected.kind);
        m_faults->compare(
            name + "effect date", toText(stored.effectDate), toText(expected.effectDate)
        );
        std::map<LedgerAccount, std::pair<std::int64_t, std::int64_t>> amounts;
        for (const LedgerEntry& entry : stored.entries) {
            amounts[entry.account].first += entry.amount.minor;
            if (entry.amount.currency != summary().total.currency)
                m_faults->add(name + "an entry has another currency");
        }
        for (const LedgerEntry& entry : expected.entries)
            amounts[entry.account].second += entry.amount.minor;
        for (const auto& [account, pair] : amounts)
            m_faults->compare(
                name + std::string(wireName(account)),
                Money { pair.first, summary().total.currency },
                Money { pair.second, summary().total.currency }
            );
    }

    /// What is open is what the ledger's postings of this bill leave receivable.
    Result<> compareBalance()
    {
        QUITTANCE_TRY(
            const auto postings, postingsByReference(*m_tx, fmt::format("bill/{}/", summary().id))
        );
        Money open { 0, summary().total.currency };
        for (const StoredPosting& posting : postings)
            for (const LedgerEntry& entry : posting.posting.entries)
                open.minor += entry.account == LedgerAccount::Receivable ? entry.amount.minor : 0;
        m_faults->compare("open amount", summary().open, open);
        const BillState state = summary().state;
        if (state == BillState::Void || state == BillState::Closed)
            return {};
        const BillState unpaid
            = open.minor == summary().total.minor ? BillState::Open : BillState::PartPaid;
        const BillState expected = open.minor == 0 ? BillState::Paid : unpaid;
        m_faults->compare("state", std::string(wireName(state)), std::string(wireName(expected)));
        return {};
    }

    /// The archive is made from the bill's own words and figures, so it tells what was changed of
    /// them. A PDF is drawn, with the fonts of the computer, an e-invoice is what it was when it
    /// was sent, whatever is written today, and a bill of other zone data is not made again: their
    /// hashes alone are compared.
    Result<> compareContent(std::string_view format, std::string_view archived)
    {
        if ((format != "csv" && format != "json") || !m_moved.empty())
            return {};
        const auto again = format == "csv" ? formats::billCsv(m_stored->bill)
                                           : formats::billJson(m_stored->bill);
        if (!again)
            m_faults->add(fmt::format(
                "its {} document cannot be made again: {}", format, again.error().detail
            ));
        else if (*again != archived)
            m_faults->add(fmt::format(
                "the archived {} document says other than the bill: {}", format,
                firstDifference(archived, *again)
            ));
        return {};
    }

    static std::string firstDifference(std::string_view archived, std::string_view again)
    {
        constexpr std::size_t before = 20;
        constexpr std::size_t shown = 60;
        const auto differs = std::ranges::mismatch(archived, again);
        const auto place = static_cast<std::size_t>(differs.in1 - archived.begin());
        const std::size_t begin = place - std::min(place, before);
        return fmt::format(
            "'{}', made again '{}'", formats::printable(archived.substr(begin, shown)),
            formats::printable(again.substr(std::min(begin, again.size()), shown))
        );
    }

    Result<> compareDocuments()
    {
        QUITTANCE_TRY(const auto stored, billing_queries::documents(*m_tx, summary()));
        std::set<std::string_view> formats;
        std::vector<DocumentHash> hashes;
        for (const billing_queries::Document& document : stored) {
            formats.insert(document.format);
            const std::string_view content(
                reinterpret_cast<const char*>(document.content.data()), document.content.size()
            );
            hashes.push_back({ document.format, sha256(content) });
            if (hashes.back().sha256 != document.sha256)
                m_faults->add(fmt::format(
                    "the archived {} document is not the one that was issued (SHA-256 differs)",
                    document.format
                ));
            else
                QUITTANCE_CHECK(compareContent(document.format, content));
        }
        for (const std::string_view format : { "csv", "json", "pdf" })
            if (!formats.contains(format))
                m_faults->add(fmt::format("the archived {} document is missing", format));
        QUITTANCE_TRY(const auto differences, compareWithJournal(*m_tx, m_stored->bill, hashes));
        for (const std::string& difference : differences)
            m_faults->add(difference);
        return {};
    }

    static constexpr int percentDigits = 4; // millionths as percent
    Transaction* m_tx;
    const StoredBill* m_stored;
    Faults* m_faults;
    std::vector<PricePlan> m_versions;
    std::optional<StoredBill> m_again;
    std::string m_moved;
};

/// The check of one bill alone.
Result<BillingCheck> checkBill(Transaction& tx, BillId id)
{
    BillingCheck one;
    one.billsChecked = 1;
    const auto stored = billing_queries::readBill(tx, id);
    if (!stored && isTransient(stored.error().code))
        return failure(stored.error());
    if (!stored) {
        one.faults.push_back(fmt::format("bill #{}: cannot be read: {}", id, stored.error().detail)
        );
        return one;
    }
    Faults own(stored->bill.summary, one.faults);
    BillCheck check(tx, *stored, own);
    QUITTANCE_CHECK(check.check());
    if (!own.none())
        return one;
    if (check.moved().empty())
        one.billsEqual = 1;
    else
        one.moved.push_back(fmt::format("bill {}: {}", own.bill(), check.moved()));
    return one;
}

void append(std::vector<std::string>& lines, std::vector<std::string> more)
{
    std::ranges::move(more, std::back_inserter(lines));
}

} // namespace

Result<BillingCheck> checkBills(database::Database& database)
{
    BillingCheck check;
    QUITTANCE_TRY(const auto bills, database.read([](Transaction& tx) {
        return billing_queries::issuedBills(tx);
    }));
    for (const BillId id : bills) {
        QUITTANCE_TRY(BillingCheck one, database.read([&](Transaction& tx) {
            return checkBill(tx, id);
        }));
        check.billsChecked += one.billsChecked;
        check.billsEqual += one.billsEqual;
        append(check.faults, std::move(one.faults));
        append(check.moved, std::move(one.moved));
    }
    QUITTANCE_TRY(auto gaps, database.read(billing_queries::gapsInNumbers));
    append(check.faults, std::move(gaps));
    QUITTANCE_TRY(auto strays, database.read(billing_queries::postingsWithoutBill));
    append(check.faults, std::move(strays));
    return check;
}

} // namespace quittance::backend
