#include "backend/ledger/ledger.h"

#include "backend/ledger/ledger_queries.h"

#include <fmt/format.h>

#include <map>

namespace quittance::backend {

namespace {

using database::Transaction;

constexpr std::size_t entriesMin = 2;

Result<> checkPosting(const Posting& posting)
{
    const auto invalid = [&](const std::string& why) {
        return failure(
            ErrorCode::InvalidArgument, fmt::format("ledger posting {}: {}", posting.reference, why)
        );
    };
    if (posting.reference.empty() || posting.kind.empty())
        return invalid("needs a kind and a reference");
    if (posting.entries.size() < entriesMin)
        return invalid("needs at least two entries");
    std::map<Currency, Int128> sums;
    for (const LedgerEntry& entry : posting.entries) {
        if (entry.amount.minor == 0)
            return invalid(fmt::format("entry on {} is zero", wireName(entry.account)));
        sums[entry.amount.currency] += entry.amount.minor;
    }
    for (const auto& [currency, sum] : sums)
        if (sum != 0)
            return invalid(fmt::format(
                "entries sum to {} {}, not zero", formatFixed(sum, currency.exponent()),
                currency.code()
            ));
    return {};
}

template <class Describe>
Result<> collect(
    std::vector<std::string>& lines,
    const Result<std::vector<ledger_queries::PostingFault>>& faults, Describe describe
)
{
    if (!faults)
        return failure(faults.error());
    for (const ledger_queries::PostingFault& fault : *faults)
        lines.push_back(describe(fault));
    return {};
}

std::string amountOf(const ledger_queries::PostingFault& fault)
{
    const Result<Currency> currency = Currency::find(fault.currency);
    if (!currency)
        return fmt::format("{} minor units of {}", fault.amount, fault.currency);
    return toText(Money { fault.amount, *currency });
}

} // namespace

std::string_view wireName(LedgerAccount account)
{
    switch (account) {
    case LedgerAccount::Receivable:
        return "receivable";
    case LedgerAccount::Revenue:
        return "revenue";
    case LedgerAccount::TaxPayable:
        return "tax-payable";
    case LedgerAccount::CustomerCredit:
        return "customer-credit";
    case LedgerAccount::Bank:
        return "bank";
    case LedgerAccount::GatewayInTransit:
        return "gateway-in-transit";
    case LedgerAccount::Suspense:
        return "suspense";
    }
    return "unknown";
}

Result<std::int64_t> post(Transaction& tx, const Context& context, const Posting& posting)
{
    QUITTANCE_CHECK(checkPosting(posting));
    QUITTANCE_TRY(const auto id, ledger_queries::insertPosting(tx, posting, context.clock.now()));
    if (!id)
        return failure(
            ErrorCode::AlreadyExists,
            fmt::format("ledger posting {} is booked already", posting.reference)
        );
    std::int64_t number = 0;
    for (const LedgerEntry& entry : posting.entries)
        QUITTANCE_CHECK(ledger_queries::insertEntry(tx, posting.account, *id, ++number, entry));
    return *id;
}

Result<std::vector<StoredPosting>>
postingsByReference(Transaction& tx, std::string_view referencePrefix)
{
    return ledger_queries::readPostings(tx, referencePrefix);
}

Result<std::vector<std::string>> checkLedger(Transaction& tx)
{
    using Fault = ledger_queries::PostingFault;
    std::vector<std::string> lines;
    QUITTANCE_CHECK(collect(lines, ledger_queries::unbalancedPostings(tx), [](const Fault& fault) {
        return fmt::format(
            "ledger posting {} ({}) of account {} sums to {}, not zero", fault.posting,
            fault.reference, fault.account, amountOf(fault)
        );
    }));
    QUITTANCE_CHECK(collect(
        lines, ledger_queries::postingsUnderTwoEntries(tx),
        [](const Fault& fault) {
            return fmt::format(
                "ledger posting {} ({}) of account {} has {} entries", fault.posting,
                fault.reference, fault.account, fault.amount
            );
        }
    ));
    QUITTANCE_CHECK(collect(
        lines, ledger_queries::entriesWithoutPosting(tx),
        [](const Fault& fault) {
            return fmt::format(
                "ledger entry of {} of account {} belongs to posting {}, which does not exist",
                amountOf(fault), fault.account, fault.posting
            );
        }
    ));
    QUITTANCE_CHECK(collect(
        lines, ledger_queries::unbalancedCurrencies(tx),
        [](const Fault& fault) {
            return fmt::format("ledger sums to {} over all accounts, not zero", amountOf(fault));
        }
    ));
    return lines;
}

} // namespace quittance::backend
