#pragma once

#include "backend/accounts/accounts.h"
#include "core/database/database.h"
#include "core/domain/bill.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// A bill with all that it was made of, and the SQL that keeps it.
namespace quittance::backend {

constexpr std::size_t sha256Bytes = 32;
/// What usage bills are told apart by, within one account, kind and period.
constexpr std::string_view usageCharge = "usage";

/// The content of a plan version that priced lines, so that a later change of it is seen.
struct BilledPlan {
    std::string plan;
    std::int32_t version = 0;
    database::Bytes sha256;

    bool operator==(const BilledPlan&) const = default;
};

/// A bill that this one corrects, and up to where: with this one's usage batch, that is what the
/// month of that bill has been billed from. Also there where what came late changes no line.
struct CorrectedUse {
    BillId bill = 0;
    std::int32_t planVersionMax = 0; ///< of the plan of that bill
    std::int64_t usageEvents = 0; ///< of its month, counted as BillBasis does

    bool operator==(const CorrectedUse&) const = default;
};

/// What the bill was computed from, so that it can be computed again.
struct BillBasis {
    std::string plan;
    std::int32_t planVersionMax = 0; ///< the newest version that was known
    std::int64_t usageBatch = 0; ///< the account's last batch of usage that is in it
    std::int64_t usageEvents = 0; ///< events of the period, counted once a day, priced or not
    TaxRate tax;
    Rounding taxRounding = Rounding::HalfAwayFromZero;
    LegalEntityId legalEntity = 0; ///< 0: none yet
    std::int32_t paymentDays = 0;
    std::int32_t profileVersion = 0;
    std::int32_t termsVersion = 0;
    std::string bankDetails;
    std::string taxNote;
    std::string series; ///< "" while a draft
    std::vector<BilledPlan> plans; ///< by plan and version
    std::vector<CorrectedUse> corrections; ///< by the months of the bills

    bool operator==(const BillBasis&) const = default;
};

struct StoredBill {
    Bill bill;
    BillBasis basis;
    std::vector<CostRow> costs;

    bool operator==(const StoredBill&) const = default;
};

/// A month of an account that has a bill of its own.
struct BilledMonth {
    BillId bill = 0;
    Month month;
    BillState state = BillState::Draft;
    std::int64_t usageEvents = 0; ///< that it and its issued corrections were made from
};

/// Behind every batch of usage.
constexpr std::int64_t noBatchMax = std::numeric_limits<std::int64_t>::max();

namespace billing_queries {

/// Of the account's use, in the order of months.
Result<std::vector<BilledMonth>> billedMonths(database::Transaction& tx, AccountId account);
/// An issued bill that corrects another.
struct IssuedCorrection {
    BillId bill = 0;
    std::int64_t usageBatch = 0; ///< of the bill
    std::int32_t planVersionMax = 0; ///< of the correction
};
/// By usage batch.
Result<std::vector<IssuedCorrection>>
issuedCorrections(database::Transaction& tx, AccountId account, BillId corrected);
/// Everything. NotFound.
Result<StoredBill> readBill(database::Transaction& tx, BillId id);
Result<std::vector<BillId>> issuedBills(database::Transaction& tx); ///< by id

/// A bill without parts that `storeBill` then fills; its id.
Result<BillId> insertBill(database::Transaction& tx, const StoredBill& stored);
/// Replaces the draft with this id and all its parts. With a number it is issued: frozen from now
/// on.
Result<> storeBill(database::Transaction& tx, const StoredBill& stored);
/// Only up to where usage and plans were read, for a draft that came out the same.
Result<> storeWatermarks(database::Transaction& tx, BillId id, const BillBasis& basis);
Result<> deleteDraft(database::Transaction& tx, AccountId account, BillId id);

/// The next number of a series, from 1, without gaps: it is given back where the transaction is
/// rolled back.
Result<std::int64_t>
takeNumber(database::Transaction& tx, LegalEntityId legalEntity, const std::string& series);

struct Document {
    std::string format;
    database::Bytes content;
    database::Bytes sha256;
};
Result<> storeDocument(
    database::Transaction& tx, const BillSummary& bill, const Document& document, Instant now
);
Result<std::vector<Document>> documents(database::Transaction& tx, const BillSummary& bill);
Result<std::optional<std::string>>
documentContent(database::Transaction& tx, const BillSummary& bill, std::string_view format);

/// Series whose numbers are not 1 to the last without a gap; one line each.
Result<std::vector<std::string>> gapsInNumbers(database::Transaction& tx);
/// Postings that are not the issue of a bill of their account; one line each. Bills are all that
/// the ledger holds.
Result<std::vector<std::string>> postingsWithoutBill(database::Transaction& tx);

} // namespace billing_queries

} // namespace quittance::backend
