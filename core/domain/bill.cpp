#include "core/domain/bill.h"

#include "core/domain/wire_names.h"

#include <array>

namespace quittance {

namespace {

constexpr int dueSoonDays = 7;

constexpr std::array documentKinds {
    Named { DocumentKind::Invoice, std::string_view("invoice") },
    Named { DocumentKind::CreditNote, std::string_view("credit-note") },
    Named { DocumentKind::Fee, std::string_view("fee") },
};

constexpr std::array billStates {
    Named { BillState::Draft, std::string_view("draft") },
    Named { BillState::Open, std::string_view("open") },
    Named { BillState::PartPaid, std::string_view("part-paid") },
    Named { BillState::Paid, std::string_view("paid") },
    Named { BillState::Void, std::string_view("void") },
    Named { BillState::Closed, std::string_view("closed") },
};

constexpr std::array shownStates {
    Named { ShownState::Draft, std::string_view("draft") },
    Named { ShownState::Open, std::string_view("open") },
    Named { ShownState::DueSoon, std::string_view("due-soon") },
    Named { ShownState::Overdue, std::string_view("overdue") },
    Named { ShownState::PartPaid, std::string_view("part-paid") },
    Named { ShownState::Paid, std::string_view("paid") },
    Named { ShownState::Void, std::string_view("void") },
    Named { ShownState::Objection, std::string_view("objection") },
    Named { ShownState::Closed, std::string_view("closed") },
};

constexpr std::array stepKinds {
    Named { StepKind::Free, std::string_view("free") },
    Named { StepKind::Units, std::string_view("units") },
    Named { StepKind::Packages, std::string_view("packages") },
    Named { StepKind::Flat, std::string_view("flat") },
    Named { StepKind::PercentOff, std::string_view("percent-off") },
    Named { StepKind::AmountOff, std::string_view("amount-off") },
    Named { StepKind::Minimum, std::string_view("minimum") },
    Named { StepKind::Commitment, std::string_view("commitment") },
    Named { StepKind::Covered, std::string_view("covered") },
    Named { StepKind::Billed, std::string_view("billed") },
};

ShownState unpaidStateAt(const BillSummary& bill, Date today, ShownState otherwise)
{
    if (!bill.due)
        return otherwise;
    if (*bill.due < today)
        return ShownState::Overdue;
    return bill.due->days - today.days <= dueSoonDays ? ShownState::DueSoon : otherwise;
}

} // namespace

std::string_view wireName(DocumentKind kind)
{
    return nameIn(documentKinds, kind);
}

std::string_view wireName(BillState state)
{
    return nameIn(billStates, state);
}

std::string_view wireName(ShownState state)
{
    return nameIn(shownStates, state);
}

Result<DocumentKind> documentKindFromWireName(std::string_view name)
{
    return valueIn(documentKinds, name, "document kind");
}

Result<BillState> billStateFromWireName(std::string_view name)
{
    return valueIn(billStates, name, "bill state");
}

std::string_view wireName(StepKind kind)
{
    return nameIn(stepKinds, kind);
}

Result<StepKind> stepKindFromWireName(std::string_view name)
{
    return valueIn(stepKinds, name, "kind of price step");
}

ShownState billStateAt(const BillSummary& bill, Date today)
{
    switch (bill.state) {
    case BillState::Draft:
        return ShownState::Draft;
    case BillState::Open:
        return unpaidStateAt(bill, today, ShownState::Open);
    case BillState::PartPaid:
        return unpaidStateAt(bill, today, ShownState::PartPaid);
    case BillState::Paid:
        return ShownState::Paid;
    case BillState::Void:
        return ShownState::Void;
    case BillState::Closed:
        return ShownState::Closed;
    }
    return ShownState::Open;
}

} // namespace quittance
