#include "app/daemon/commands/commands.h"
#include "backend/billing/billing.h"
#include "backend/journal/journal.h"
#include "backend/ledger/ledger.h"
#include "backend/usage/usage.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <iterator>
#include <memory>

namespace quittance::daemon {

namespace {

void append(std::vector<std::string>& faults, std::vector<std::string> more)
{
    std::move(more.begin(), more.end(), std::back_inserter(faults));
}

/// Each feature's own check, in order.
Result<backend::BillingCheck> check(const Session& session)
{
    backend::BillingCheck check;
    for (const auto feature :
         { backend::checkJournal, backend::checkLedger, backend::checkUsage }) {
        QUITTANCE_TRY(std::vector<std::string> faults, session.database().read(feature));
        append(check.faults, std::move(faults));
    }
    QUITTANCE_TRY(backend::BillingCheck bills, backend::checkBills(session.database()));
    check.billsChecked = bills.billsChecked;
    check.billsEqual = bills.billsEqual;
    append(check.faults, std::move(bills.faults));
    check.moved = std::move(bills.moved);
    return check;
}

void printText(const backend::BillingCheck& found)
{
    for (const auto& lines : { found.faults, found.moved })
        for (const std::string& line : lines)
            fmt::print("{}\n", line);
    fmt::print("{} bills checked, {} equal to the cent\n", found.billsChecked, found.billsEqual);
    if (!found.moved.empty())
        fmt::print(
            "{} not computed again: other zone data moved the bounds of their months\n",
            found.moved.size()
        );
}

boost::json::object jsonOf(const backend::BillingCheck& found)
{
    const auto moved = static_cast<std::int64_t>(found.moved.size());
    return { { "billsChecked", found.billsChecked },
             { "billsEqual", found.billsEqual },
             { "billsMoved", moved },
             { "billsDifferent", found.billsChecked - found.billsEqual - moved },
             { "faults", boost::json::array(found.faults.begin(), found.faults.end()) },
             { "moved", boost::json::array(found.moved.begin(), found.moved.end()) } };
}

Result<Exit> verify(const Session& session, bool json)
{
    QUITTANCE_TRY(const backend::BillingCheck found, check(session));
    if (json)
        printJson(jsonOf(found));
    else
        printText(found);
    if (found.faults.empty())
        return Exit::Done;
    return failure(
        ErrorCode::Corrupt,
        fmt::format("{} faults found, the first: {}", found.faults.size(), found.faults.front())
    );
}

} // namespace

void addVerifyCommand(CommandLine& line)
{
    Command command = line.add(
        "verify",
        "Recompute every issued bill from raw events and plan versions; check ledger and journal"
    );
    auto json = std::make_shared<bool>(false);
    command.flag("--json", *json);
    command.runOn([json](const Session& session) { return verify(session, *json); });
}

} // namespace quittance::daemon
