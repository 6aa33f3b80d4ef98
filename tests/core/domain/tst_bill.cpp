#include "core/domain/bill.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace quittance {

using testing::outcomeOf;
using testing::valueOf;

TEST_CASE("the state that people see follows the due day")
{
    struct Row {
        BillState state;
        std::string due;
        ShownState shown; ///< on 2023-12-10
    };
    const std::vector<Row> rows {
        { BillState::Draft, "2023-12-01", ShownState::Draft },
        { BillState::Open, "", ShownState::Open },
        { BillState::Open, "2023-12-18", ShownState::Open },
        { BillState::Open, "2023-12-17", ShownState::DueSoon },
        { BillState::Open, "2023-12-10", ShownState::DueSoon },
        { BillState::Open, "2023-12-09", ShownState::Overdue },
        { BillState::PartPaid, "2023-12-18", ShownState::PartPaid },
        { BillState::PartPaid, "2023-12-11", ShownState::DueSoon },
        { BillState::PartPaid, "2023-12-09", ShownState::Overdue },
        { BillState::Paid, "2023-12-01", ShownState::Paid },
        { BillState::Void, "2023-12-01", ShownState::Void },
        { BillState::Closed, "2023-12-01", ShownState::Closed },
    };
    const auto today = valueOf(parseDate("2023-12-10"));
    for (const auto& row : rows) {
        CAPTURE(wireName(row.state));
        CAPTURE(row.due);
        BillSummary bill;
        bill.state = row.state;
        if (!row.due.empty())
            bill.due = valueOf(parseDate(row.due));
        CHECK(wireName(billStateAt(bill, today)) == wireName(row.shown));
    }
}

TEST_CASE("kinds and states have names that lead back to them")
{
    for (const auto kind : { StepKind::Free, StepKind::Units, StepKind::Packages, StepKind::Flat,
                             StepKind::PercentOff, StepKind::AmountOff, StepKind::Minimum,
                             StepKind::Commitment, StepKind::Covered })
        CHECK(valueOf(stepKindFromWireName(wireName(kind))) == kind);
    CHECK(outcomeOf(stepKindFromWireName("")) == "invalid-argument");
    for (const auto kind : { DocumentKind::Invoice, DocumentKind::CreditNote, DocumentKind::Fee })
        CHECK(valueOf(documentKindFromWireName(wireName(kind))) == kind);
    for (const auto state : { BillState::Draft, BillState::Open, BillState::PartPaid,
                              BillState::Paid, BillState::Void, BillState::Closed })
        CHECK(valueOf(billStateFromWireName(wireName(state))) == state);
    CHECK(wireName(ShownState::DueSoon) == "due-soon");
    CHECK(wireName(ShownState::Objection) == "objection");
    CHECK(outcomeOf(documentKindFromWireName("receipt")) == "invalid-argument");
    CHECK(outcomeOf(billStateFromWireName("due-soon")) == "invalid-argument");
}

} // namespace quittance
