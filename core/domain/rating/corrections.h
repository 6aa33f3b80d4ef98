#pragma once

#include "core/domain/rating/rating.h"

#include <span>

/// What usage that came in late changes of a month that was billed.
///
/// The month is rated again with all its usage; what was billed is taken off. So tiers, allowances,
/// minimums, commitments and the rounding come out as if the usage had been there in time: a bill
/// and all its corrections sum, line by line, to the bill that the month would have had.
namespace quittance {

/// Adds the lines of one bill with their costs to what was billed of a month before. Lines of one
/// SKU, meter and beginning of their period are one; it has the words of the latest. Overflow,
/// CurrencyMismatch.
Result<>
addBilled(RatedUsage& billed, std::span<const BillLine> lines, std::span<const CostRow> costs);

/// The lines that turn `billed` into `again`, each with `corrects`, numbered from 1 in the order of
/// `again`; what `again` no longer has comes last. A line's quantity, amount and costs are the
/// differences, negative where use was taken back; it stands where any of them is not zero. Nothing
/// is unpriced here. Overflow, CurrencyMismatch.
[[nodiscard]] Result<RatedUsage>
correctionOf(const RatedUsage& billed, const RatedUsage& again, const CorrectedBill& corrects);

} // namespace quittance
