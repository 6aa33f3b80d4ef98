#pragma once

#include "core/domain/money.h"
#include "core/domain/time.h"
#include "core/domain/usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quittance {

using BillId = std::int64_t;

enum class DocumentKind : std::uint8_t { Invoice = 1, CreditNote = 2, Fee = 3 };
/// As stored. What a person sees (due soon, overdue) is derived from it and today: see billStateAt.
enum class BillState : std::uint8_t {
    Draft = 1,
    Open = 2,
    PartPaid = 3,
    Paid = 4,
    Void = 5,
    Closed = 6
};
enum class ShownState : std::uint8_t {
    Draft,
    Open,
    DueSoon,
    Overdue,
    PartPaid,
    Paid,
    Void,
    Objection,
    Closed
};

[[nodiscard]] std::string_view wireName(DocumentKind kind); ///< "invoice", "credit-note", "fee"
[[nodiscard]] std::string_view wireName(BillState state
); ///< "draft", "open", "part-paid", "paid", "void", "closed"
[[nodiscard]] std::string_view wireName(ShownState state);
[[nodiscard]] Result<DocumentKind> documentKindFromWireName(std::string_view name);
[[nodiscard]] Result<BillState> billStateFromWireName(std::string_view name);

/// Tax of EN 16931 (UNTDID 5305): S standard, Z zero, E exempt, AE reverse charge, O outside the
/// scope, ...
struct TaxRate {
    std::string category = "O";
    std::int64_t millionths = 0; ///< 190'000 = 19%

    auto operator<=>(const TaxRate&) const = default;
};

/// What one step of a line's price does to the sum of the steps before it.
enum class StepKind : std::uint8_t {
    Free = 1, ///< `quantity` of the meter's units cost nothing
    Units = 2, ///< + quantity / per x rate
    Packages = 3, ///< + quantity x rate, each of `size` units sold
    Flat = 4, ///< + quantity x rate: entering a tier
    PercentOff = 5, ///< - sum x millionths
    AmountOff = 6, ///< - rate, but never under zero
    Minimum = 7, ///< the sum becomes `rate` where it is less
    Commitment = 8, ///< + rate: what was promised
    Covered = 9, ///< - rate: the charges that count towards it
    Billed = 10, ///< the sum is rounded as a line is, and - rate: what earlier bills charged
};

/// A step is exact and needs only the line and the steps before it, so that whoever has the line
/// can compute it again.
struct PriceStep {
    StepKind kind = StepKind::Units;
    std::int32_t tier = 0; ///< 1, 2, ...: the tier of Units and Flat; 0 where the price has none
    std::string name {}; ///< of the discount; of Billed, the number of the corrected bill
    std::int64_t quantity
        = 0; ///< Free, Units: in 10^-quantityDigits of the meter's unit; Packages, Flat: how many
    std::int64_t size = 0; ///< of Packages, in units sold
    Rate rate {}; ///< per unit sold, package or tier; else the amount, in 1e-9 of the currency
    std::int64_t millionths = 0; ///< of PercentOff

    bool operator==(const PriceStep&) const = default;
};

[[nodiscard]] std::string_view wireName(StepKind kind
); ///< "free", "units", "packages", "flat", "percent-off", "amount-off", "minimum", "commitment",
   ///< "covered", "billed"
[[nodiscard]] Result<StepKind> stepKindFromWireName(std::string_view name);

/// The bill that a line corrects: usage of its month came in after it was issued. An issued bill
/// never changes, so what the usage changes of it stands on a later one.
struct CorrectedBill {
    BillId bill = 0;
    std::string number;
    Month month;

    bool operator==(const CorrectedBill&) const = default;
};

/// How a line came about, so that it can be shown and checked. Without steps (one rate and at most
/// one percentage): exact = quantity / per * rate - discount. With steps, `rate` and the discount
/// are zero and the steps say it all. Either way the exact amount is rounded once.
///
/// A line that corrects another bill has that bill's month as its period, the late quantity, and
/// the steps of the whole month with what came late, of which the last takes off what was billed.
struct BillLine {
    std::int32_t number = 0; ///< 1, 2, ... within the bill
    std::string sku;
    std::string meter; ///< "" on a line that no use makes: what a commitment lacks
    std::string service;
    std::string name;
    Interval period; ///< the part of the rated month that one plan version, and the same
                     ///< discounts, cover
    std::int64_t quantity = 0; ///< in 10^-quantityDigits of the meter's unit
    int quantityDigits = 0;
    std::string meterUnit; ///< "GPU-s"
    std::string unit; ///< "GPU-h"
    std::int64_t per = 1;
    Rate rate;
    std::int64_t discountMillionths = 0;
    std::string discountName;
    std::string plan;
    std::int32_t planVersion = 0;
    TaxRate tax;
    Money amount; ///< net, rounded half-even once
    std::vector<PriceStep> steps {};
    std::optional<CorrectedBill> corrects {};

    bool operator==(const BillLine&) const = default;
};

/// Net and tax of one category and rate.
struct TaxTotal {
    TaxRate tax;
    Money net;
    Money amount;

    bool operator==(const TaxTotal&) const = default;
};

/// The part of a line that belongs to one day, project and resource. The parts of a line sum to its
/// quantity and amount exactly (largest remainder), so lists, details and charts agree to the cent.
struct CostRow {
    std::int32_t line = 0; ///< BillLine::number
    Date day;
    std::string project;
    std::string resource;
    std::int64_t quantity = 0;
    std::int64_t amountMinor = 0;
    std::int64_t events = 0;

    bool operator==(const CostRow&) const = default;
};

struct BillSummary {
    BillId id = 0;
    AccountId account = 0;
    std::string accountName;
    std::string number; ///< "2026-000123"; empty while a draft
    DocumentKind kind = DocumentKind::Invoice;
    BillState state = BillState::Draft;
    Month periodMonth;
    Interval period;
    std::optional<Instant> issuedAt;
    std::optional<Date> issued; ///< in the account's zone
    std::optional<Date> due;
    Money net;
    Money tax;
    Money total;
    Money open;
    std::int32_t lineCount = 0;
    std::vector<std::string> missingFields; ///< why a draft waits: profile fields, "price of ..."

    bool operator==(const BillSummary&) const = default;
};

/// A postal party as a bill freezes it.
struct BillParty {
    std::string legalName;
    std::vector<std::string> addressLines;
    std::string country; ///< ISO 3166 alpha-2
    std::vector<std::string> taxIds;
    std::string purchaseOrder;
    std::string buyerReference;
    std::string email;

    bool operator==(const BillParty&) const = default;
};

struct Bill {
    BillSummary summary;
    std::string timeZone;
    std::string timeZoneVersion;
    std::string language; ///< BCP 47
    BillParty seller;
    BillParty buyer;
    std::vector<BillLine> lines;
    std::vector<TaxTotal> taxes;

    bool operator==(const Bill&) const = default;
};

/// Today in the account's zone decides: due within 7 days is due soon, past due is overdue.
[[nodiscard]] ShownState billStateAt(const BillSummary& bill, Date today);

} // namespace quittance
