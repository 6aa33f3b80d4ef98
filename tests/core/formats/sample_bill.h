#pragma once

#include "core/domain/bill.h"
#include "core/domain/rating/rating.h"
#include "tests/support/results.h"

#include <string>
#include <utility>
#include <vector>

namespace quittance::testing {

inline BillLine
sampleLine(std::int32_t number, std::string service, std::string name, std::int64_t gpuMicros)
{
    BillLine line;
    line.number = number;
    line.service = std::move(service);
    line.name = std::move(name);
    line.sku = "gpu-pod-h100";
    line.meter = "gpu-seconds";
    line.quantity = gpuMicros;
    line.quantityDigits = 6;
    line.meterUnit = "GPU-s";
    line.unit = "GPU-h";
    line.per = 3600;
    line.rate = valueOf(parseRate("2.95"));
    line.plan = "standard";
    line.planVersion = 1;
    line.tax = { "S", 190'000 };
    return line;
}

/// 150.5 thousand calls: 10 free, 100 at one rate, the rest at another, with a flat amount and less
/// 10%; and what a commitment lacks.
inline std::vector<BillLine> steppedLines(std::int32_t number)
{
    BillLine calls = sampleLine(number, "Model API", "Calls", 0);
    calls.sku = "llama";
    calls.meter = "calls";
    calls.quantity = 150'500;
    calls.quantityDigits = 0;
    calls.meterUnit = "calls";
    calls.unit = "k calls";
    calls.per = 1000;
    calls.rate = {};
    const auto rate = [](std::string_view text) { return valueOf(parseRate(text)); };
    calls.steps = { { StepKind::Free, 0, "", 10'000, 0, {}, 0 },
                    { StepKind::Units, 1, "", 100'000, 0, rate("0.05"), 0 },
                    { StepKind::Units, 2, "", 40'500, 0, rate("0.033333"), 0 },
                    { StepKind::Flat, 2, "", 1, 0, rate("2"), 0 },
                    { StepKind::PercentOff, 0, "Launch offer", 0, 0, {}, 100'000 } };
    BillLine promise = calls;
    promise.number = number + 1;
    promise.sku = "commit-api";
    promise.meter = promise.meterUnit = promise.unit = "";
    promise.name = "API commitment";
    promise.quantity = 0;
    promise.per = 1;
    promise.steps = { { StepKind::Commitment, 0, "", 0, 0, rate("1000"), 0 },
                      { StepKind::Covered, 0, "", 0, 0, rate("7.51"), 0 } };
    return { calls, promise };
}

/// The month, the amounts and the totals that the lines give.
inline void completeBill(Bill& bill)
{
    auto& summary = bill.summary;
    const auto zone = valueOf(TimeZone::find(bill.timeZone));
    summary.period = zone.intervalOf(summary.periodMonth);
    summary.net = summary.tax = Money { 0, summary.total.currency };
    for (auto& line : bill.lines) {
        if (line.period == Interval {})
            line.period = summary.period;
        const auto exact = valueOf(exactAmount(line));
        line.amount
            = { valueOf(divideRounded(exact.numerator, exact.denominator, Rounding::HalfEven)),
                summary.total.currency };
        summary.net = valueOf(add(summary.net, line.amount));
    }
    bill.taxes
        = valueOf(totalTaxes(bill.lines, summary.total.currency, Rounding::HalfAwayFromZero));
    for (const auto& tax : bill.taxes)
        summary.tax = valueOf(add(summary.tax, tax.amount));
    summary.total = valueOf(add(summary.net, summary.tax));
    summary.open = summary.total;
    summary.lineCount = static_cast<std::int32_t>(bill.lines.size());
}

/// An issued bill of November 2023 with `lineCount` lines.
inline Bill sampleBill(int lineCount)
{
    Bill bill;
    auto& summary = bill.summary;
    summary.number = "NL-2023-000123";
    summary.accountName = "Acme Research";
    summary.state = BillState::Open;
    summary.periodMonth = valueOf(parseMonth("2023-11"));
    summary.issuedAt = valueOf(parseInstant("2023-12-01T08:00:00Z"));
    summary.issued = valueOf(parseDate("2023-12-01"));
    summary.due = valueOf(parseDate("2023-12-15"));
    bill.timeZone = "Europe/Berlin";
    bill.language = "en";
    bill.seller = { "Northlake Cloud GmbH",
                    { "Speicherstrasse 14", "20457 Hamburg" },
                    "DE",
                    { "DE136695976" },
                    "",
                    "",
                    "billing@northlake.example" };
    bill.buyer = { "Acme Research Ltd",
                   { "1 Science Park", "Cambridge CB4 0WA" },
                   "GB",
                   { "GB123456789" },
                   "PO-4711",
                   "Team Vision",
                   "ap@acme.example" };
    for (int i = 1; i <= lineCount; ++i) {
        auto line = sampleLine(
            i, i * 2 <= lineCount ? "GPU pods" : "Model API",
            "H100 pods, group " + std::to_string(i) + ".", i * 1'234'567'891LL
        );
        if (i % 3 == 1) {
            line.discountMillionths = 80'000;
            line.discountName = "Commitment discount";
        }
        bill.lines.push_back(std::move(line));
    }
    completeBill(bill);
    return bill;
}

} // namespace quittance::testing
