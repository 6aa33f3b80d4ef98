#pragma once

#include "backend/accounts/accounts.h"
#include "backend/ledger/ledger.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"
#include "core/domain/bill.h"
#include "core/domain/rating/rating.h"
#include "core/formats/brand.h"

#include <optional>
#include <string>
#include <vector>

/// Drafts, issue, numbers, archive, verify. An issued bill and its lines never change (the database
/// refuses it) but for what is paid and its state.
///
/// Tables: bill (UNIQUE number per legal entity and series, UNIQUE (account_id, kind, period_begin,
/// charge)), bill_line, bill_line_step, bill_correction (the issued bills whose late usage is on a
/// bill), bill_tax, cost_row (account_id, bill_id, line, day,
/// project, resource), bill_document (archived bytes, SHA-256), number_series (legal_entity_id,
/// series, next_number).
namespace quittance::backend {

struct BillRunOptions {
    Month month;
    std::optional<Instant> asOf; ///< default: the clock; never later
    bool issue = false; ///< number and issue what is complete and whose period has ended by asOf
    std::optional<AccountId> account; ///< default: all
};

struct BillRunOutcome {
    AccountId account = 0;
    std::string accountName;
    BillId bill = 0; ///< 0 where there was nothing to bill
    BillState state = BillState::Draft;
    std::string number;
    Money total;
    /// Why it waits as a draft: billing-profile fields by name, "price of METER SKU", and "total of
    /// zero or more" where it is negative.
    std::vector<std::string> missingFields;
    std::vector<UnpricedUsage> unpriced; ///< accepted usage that no plan prices yet
    bool alreadyIssued = false;
    bool waitsForItsEnd = false; ///< it was to be issued, but its month had not ended by asOf
    /// Usage for the period came in after the bill was issued, and is on no issued bill yet: the
    /// account's next open bill corrects it.
    bool hasLateUsage = false;
    std::vector<std::string> corrects; ///< numbers of the bills whose late usage is on this one
    /// Why this account could not be billed (no such time zone, two currencies, an overflow); the
    /// others were. A run that reports one has not succeeded.
    std::optional<Error> error;
};

/// Rates every account's month into a draft (replacing an earlier draft), and issues where asked.
/// One transaction an account; running it again changes nothing that was issued. Usage that came in
/// for a month after its bill was issued is corrected on the account's earliest draft of a later
/// month, or on this one where there is none: see corrections.h. The effective day of every posting
/// is the issue day. An error stops the run (what was billed before it stays); what lies in one
/// account's data is in its outcome. Journalled: bill.drafted (only where something of it changed),
/// bill.issued, bill.dropped (a draft whose usage is no longer there to bill).
Result<std::vector<BillRunOutcome>> runBills(
    const Context& context, const Actor& actor, const formats::Brand& brand,
    const BillRunOptions& options
);

/// When a month is billed without anyone asking. After its end late usage is collected for a while;
/// then its bill stays a draft, to be looked at, and is issued.
struct BillSchedule {
    std::int64_t collectMicros = 3'600 * microsPerSecond;
    std::int64_t draftMicros = microsPerDay;
};

/// Bills every account as its own calendar and the schedule say. Drafts of what it uses now: of the
/// month that its own time zone shows at this instant (its bounds are midnights there, by the zone
/// data of this program, whose version the draft keeps), of the two months before, whose usage may
/// still come in, and of every older month that has usage or a draft, and no bill. A month that has
/// ended is issued once its draft has stood for draftMicros since the usage was collected, or since
/// it was made, should that be later; what lacks something waits on, and so does what was made
/// later than two months after its month: usage of long ago may have been billed elsewhere, so a
/// person issues it (runBills). For a job: any number of programs may do it at
/// once, and each month is issued once. Outcomes and journal as in runBills.
Result<std::vector<BillRunOutcome>> billBySchedule(
    const Context& context, const Actor& actor, const formats::Brand& brand,
    const BillSchedule& schedule
);

struct BillFilter {
    std::optional<AccountId> account;
    std::optional<BillState> state;
    BillId afterId = 0; ///< by id
    int limit = 500;
};
Result<std::vector<BillSummary>> listBills(database::Transaction& tx, const BillFilter& filter);
/// How many bills and drafts the account has.
Result<std::int64_t> countBills(database::Transaction& tx, AccountId account);
/// With lines, taxes and frozen parties. NotFound.
Result<Bill> findBill(database::Transaction& tx, BillId bill);
Result<Bill> findBillByNumber(database::Transaction& tx, std::string_view number);
Result<std::vector<CostRow>> costRows(database::Transaction& tx, BillId bill);
Result<EventPage> lineEvents(
    database::Transaction& tx, BillId bill, std::int32_t line, const std::string& cursor, int limit
);
Result<std::int64_t> countLineEvents(database::Transaction& tx, BillId bill, std::int32_t line);
/// The archived bytes of an issued bill; made on the fly, marked as a draft, for a draft. `format`:
/// "pdf", "csv", "json", and "ubl", which is made on the fly as long as nobody has exported it.
/// InvalidArgument where the bill cannot be an e-invoice (see formats::billUbl).
Result<std::string> billDocument(
    database::Transaction& tx, const formats::Brand& brand, BillId bill, std::string_view format
);
/// The document for whoever asked for it. An e-invoice ("ubl") is made and archived when it is
/// first asked for, and those bytes are served ever after. Journalled then: bill.archived.
Result<std::string> exportDocument(
    const Context& context, const formats::Brand& brand, BillId bill, std::string_view format
);

/// The archived e-invoice, or as long as nobody has exported it what would be written, before its
/// rules are tried: for formats::checkUbl.
Result<std::string>
eInvoiceToCheck(database::Transaction& tx, const formats::Brand& brand, BillId bill);

struct BillingCheck {
    std::int64_t billsChecked = 0;
    std::int64_t billsEqual = 0;
    std::vector<std::string> faults; ///< one line each: bill, line, field, stored, recomputed
    /// Bills, one line each, whose month has other bounds by the zone data of this program than by
    /// the one that they were billed with: not different and not computed again. Their archive,
    /// journal and ledger are compared all the same.
    std::vector<std::string> moved;
};
/// Recomputes every issued bill from raw events and plan versions (never from rollups or stored
/// prices), and compares lines, cost rows, taxes, totals and the ledger's postings, to the cent.
/// CSV and JSON documents are made again and compared with the archived ones; what is open with the
/// ledger; every posting has its bill; no number lacks.
/// Total, number, due day, period and the hashes of the archived documents are also compared with
/// what the journal said when the bill was issued.
Result<BillingCheck> checkBills(database::Database& database);

[[nodiscard]] database::Migration billingMigration(int number);
[[nodiscard]] database::Migration priceStepsMigration(int number);
[[nodiscard]] database::Migration correctionsMigration(int number);

} // namespace quittance::backend
