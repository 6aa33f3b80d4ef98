#include "backend/billing/bill_posting.h"

#include <fmt/format.h>

namespace quittance::backend {

std::string issueReference(BillId bill)
{
    return fmt::format("bill/{}/issued", bill);
}

Posting issuePosting(const Bill& bill)
{
    const BillSummary& summary = bill.summary;
    Posting posting { summary.account,
                      "bill.issued",
                      issueReference(summary.id),
                      summary.issued.value_or(Date {}),
                      {} };
    const auto book = [&](LedgerAccount account, Money amount) {
        if (amount.minor != 0)
            posting.entries.push_back({ account, amount });
    };
    book(LedgerAccount::Receivable, summary.total);
    book(LedgerAccount::Revenue, negate(summary.net));
    book(LedgerAccount::TaxPayable, negate(summary.tax));
    return posting;
}

} // namespace quittance::backend
