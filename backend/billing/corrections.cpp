#include "backend/billing/corrections.h"

#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"
#include "core/domain/rating/corrections.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace quittance::backend {

namespace {

using database::Transaction;

bool isBilled(BillState state)
{
    return state != BillState::Draft && state != BillState::Void;
}

/// What a bill, and each that corrects it, charged for its month.
Result<RatedUsage> chargesOf(Transaction& tx, const StoredBill& corrected)
{
    RatedUsage billed;
    billed.net.currency = corrected.bill.summary.total.currency;
    const auto add = [&](const StoredBill& stored, auto isOfMonth) {
        std::vector<BillLine> lines;
        std::ranges::copy_if(stored.bill.lines, std::back_inserter(lines), isOfMonth);
        return addBilled(billed, lines, stored.costs);
    };
    QUITTANCE_CHECK(add(corrected, [](const BillLine& line) { return !line.corrects; }));
    const BillSummary& summary = corrected.bill.summary;
    QUITTANCE_TRY(
        const auto issued, billing_queries::issuedCorrections(tx, summary.account, summary.id)
    );
    for (const billing_queries::IssuedCorrection& correction : issued) {
        QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, correction.bill));
        QUITTANCE_CHECK(add(stored, [&](const BillLine& line) {
            return line.corrects && line.corrects->bill == summary.id;
        }));
    }
    return billed;
}

/// The month rated with the versions that were known up to `planVersionMax`.
Result<RatedUsage>
rateUpTo(MonthOfUse& month, std::int32_t planVersionMax, const StoredBill& corrected)
{
    std::erase_if(month.versions, [&](const PricePlan& version) {
        return version.version > planVersionMax;
    });
    return rateMonth(
        month, corrected.bill.summary.periodMonth, corrected.bill.summary.total.currency,
        corrected.basis.tax
    );
}

} // namespace

Result<std::vector<BilledMonth>>
lateMonths(Transaction& tx, AccountId account, Month month, std::span<const BilledMonth> billed)
{
    std::vector<BilledMonth> late;
    const bool hasEarlier = !billed.empty() && billed.front().month < month
        && std::ranges::any_of(billed, isBilled, &BilledMonth::state);
    if (!hasEarlier)
        return late;
    QUITTANCE_TRY(const auto months, usageMonths(tx, account));
    std::map<Month, std::int64_t> events;
    for (const UsageMonth& one : months)
        events[one.month] = one.events;
    for (const BilledMonth& one : billed) {
        if (one.month >= month)
            break;
        if (one.state == BillState::Draft)
            late.clear(); // the corrections of what is before it are its own
        else if (isBilled(one.state) && events[one.month] != one.usageEvents)
            late.push_back(one);
    }
    return late;
}

Result<Correction> correctBill(Transaction& tx, const AccountRecord& account, BillId corrected)
{
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, corrected));
    const BillSummary& summary = stored.bill.summary;
    QUITTANCE_TRY(const auto billed, chargesOf(tx, stored));
    QUITTANCE_TRY(const auto before, billedBefore(tx, stored, noBatchMax));
    QUITTANCE_TRY(auto month, readMonth(tx, account, summary.periodMonth, stored.basis.plan));
    const std::vector<PricePlan> all = month.versions;
    Correction correction;
    correction.number = summary.number;
    correction.use = { corrected, before.planVersionMax, month.usageEvents };
    QUITTANCE_TRY(auto again, rateUpTo(month, correction.use.planVersionMax, stored));
    if (!again.unpriced.empty()) {
        month.versions = all;
        correction.use.planVersionMax = newestVersion(all);
        QUITTANCE_TRY(again, rateUpTo(month, correction.use.planVersionMax, stored));
    }
    QUITTANCE_TRY(
        correction.rated,
        correctionOf(billed, again, { corrected, summary.number, summary.periodMonth })
    );
    correction.rated.unpriced = std::move(again.unpriced);
    correction.versions = std::move(month.versions);
    return correction;
}

Result<Billed> billedBefore(Transaction& tx, const StoredBill& corrected, std::int64_t usageBatch)
{
    const BillSummary& summary = corrected.bill.summary;
    QUITTANCE_TRY(
        const auto issued, billing_queries::issuedCorrections(tx, summary.account, summary.id)
    );
    Billed before { corrected.basis.usageBatch, corrected.basis.planVersionMax };
    for (const billing_queries::IssuedCorrection& correction : issued) {
        if (correction.usageBatch < usageBatch)
            before = { correction.usageBatch, correction.planVersionMax };
    }
    return before;
}

Result<> append(RatedUsage& rated, RatedUsage correction)
{
    const auto before = static_cast<std::int32_t>(rated.lines.size());
    QUITTANCE_TRY(rated.net, add(rated.net, correction.net));
    for (BillLine& line : correction.lines) {
        line.number += before;
        rated.lines.push_back(std::move(line));
    }
    for (CostRow& cost : correction.costs) {
        cost.line += before;
        rated.costs.push_back(std::move(cost));
    }
    std::ranges::move(correction.unpriced, std::back_inserter(rated.unpriced));
    return {};
}

} // namespace quittance::backend
