#include "core/domain/bill.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance {

namespace {

constexpr int dueSoonDays = 7;

template <class Value> struct Named {
    Value value;
    std::string_view name;
};
// clang 14 cannot yet deduce the arguments of an aggregate by itself.
template <class Value> Named(Value, std::string_view) -> Named<Value>;

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

template <class Table, class Value> std::string_view nameIn(const Table& table, Value value)
{
    for (const auto& entry : table) {
        if (entry.value == value)
            return entry.name;
    }
    return {};
}

template <class Value, std::size_t count>
Result<Value>
valueIn(const std::array<Named<Value>, count>& table, std::string_view name, std::string_view what)
{
    for (const auto& entry : table) {
        if (entry.name == name)
            return entry.value;
    }
    return failure(ErrorCode::InvalidArgument, fmt::format("'{}' is not a {}", name, what));
}

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
