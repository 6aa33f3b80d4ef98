#pragma once

#include "core/domain/bill.h"
#include "core/domain/rating/rating.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>

namespace quittance::formats {

/// What a bill as JSON says. Document: what never changes after issue, so that the same bill is the
/// same bytes. WithState: also "state" and "open", as they are now.
enum class BillJsonContent : std::uint8_t { Document, WithState };

/// A bill for other people's programs: `bill export --format json` and `bill show --json`. Stable:
/// keys are added, never renamed. One object:
///
///   number       "NL-2023-000001", null for a draft     kind         "invoice", "credit-note",
///   "fee" account      the account's name                     period       "2023-11" periodStart,
///   periodEnd   instants, half-open        timeZone     of the period issued, due  dates in that
///   zone, null for a draft   language     BCP 47 net, tax, total          money state, open  only
///   WithState seller, buyer            {legalName, address [..], country, taxIds [..],
///   purchaseOrder, buyerReference, email} taxes        [{category, percent, net, tax}] lines
///   [{number, service, name, sku, meter, periodStart, periodEnd, meterQuantity, meterUnit,
///   quantity, unit,
///                  per, rate, discountPercent, discountName, amount, taxCategory, taxPercent,
///                  plan, planVersion, steps, corrects}]
///
/// A line has "steps" where it has no single rate; `rate` is "" then, and its amount is the sum of
/// the amounts of its steps, rounded: stepsJson. It has "corrects" where it bills usage that came
/// in after the bill of its period was issued: correctsJson.
///
/// Money is {"amount": "12.34", "currency": "USD"}; quantities, rates and percentages are decimal
/// strings, exact: amount = meterQuantity / per * rate * (1 - discountPercent / 100), rounded
/// half-even once. `quantity` is meterQuantity / per for people, at most 6 decimals.
[[nodiscard]] Result<std::string>
billJson(const Bill& bill, BillJsonContent content = BillJsonContent::Document);

/// [{kind, tier, name, quantity, size, rate, percent, amount}]: what each step adds to those before
/// it. Kinds are the wire names of StepKind; texts are "" where the kind has no such thing.
/// Quantities are units sold (of packages and flat amounts: how many), amounts at most 9 decimals.
[[nodiscard]] boost::json::array stepsJson(const LineArithmetic& arithmetic);

/// {bill, period}: number and month of the bill that a line corrects; null where it is of its own
/// bill's month.
[[nodiscard]] boost::json::value correctsJson(const BillLine& line);

} // namespace quittance::formats
