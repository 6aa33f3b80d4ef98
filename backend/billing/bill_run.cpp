#include "backend/billing/bill_journal.h"
#include "backend/billing/bill_posting.h"
#include "backend/billing/billing.h"
#include "backend/billing/corrections.h"
#include "backend/billing/documents.h"
#include "backend/billing/make_bill.h"
#include "backend/billing/stored_bill.h"
#include "backend/journal/journal.h"
#include "backend/usage/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

namespace quittance::backend {

namespace {

using database::Transaction;

BillParty partyOf(const BillingProfile& profile)
{
    return { profile.legalName,
             profile.addressLines,
             profile.country,
             profile.taxIds,
             profile.purchaseOrder,
             profile.buyerReference,
             profile.emails.empty() ? std::string() : profile.emails.front() };
}

/// Why a draft waits: a bill that was issued would never hold this use, whatever its price is.
std::string missingPrice(const UnpricedUsage& usage)
{
    return fmt::format("price of {}{}{}", usage.meter, usage.sku.empty() ? "" : " ", usage.sku);
}

/// Why a draft waits whose total is negative: an invoice asks for money, and gives none.
constexpr std::string_view totalAtLeastZero = "total of zero or more";

/// The bill of one account and month, in one transaction.
class AccountRun {
public:
    AccountRun(
        Transaction& tx, const Context& context, const Actor& actor, const formats::Brand& brand,
        const BillRunOptions& options, Instant asOf
    )
        : m_tx(&tx)
        , m_context(&context)
        , m_actor(&actor)
        , m_brand(&brand)
        , m_options(&options)
        , m_asOf(asOf)
    {
    }

    Result<BillRunOutcome> run(AccountId account);

private:
    Result<> findMonth();
    Result<> readBasis();
    Result<> rate();
    Result<> addCorrections(RatedUsage& rated);
    Result<BillRunOutcome> reportIssued();
    Result<BillRunOutcome> dropDraft();
    Result<BillRunOutcome> keep();
    Result<> store(bool isChanged);
    Result<> issue();
    Result<> number(const LegalEntity& entity);
    Result<> postToLedger();
    Result<> writeJournal(const std::string& kind, const std::string& after);
    [[nodiscard]] bool isIssuable() const;
    [[nodiscard]] bool isAhead() const;
    [[nodiscard]] BillRunOutcome outcome() const;

    Transaction* m_tx;
    const Context* m_context;
    const Actor* m_actor;
    const formats::Brand* m_brand;
    const BillRunOptions* m_options;
    Instant m_asOf;
    AccountRecord m_account;
    MonthOfUse m_month;
    std::optional<StoredBill> m_before;
    std::vector<BilledMonth> m_billed; ///< all months of the account
    std::int64_t m_billedEvents = 0; ///< of this month, where it was issued before
    StoredBill m_stored;
    std::vector<PricePlan> m_versions; ///< of all that prices lines
    std::optional<LegalEntity> m_entity;
    std::vector<UnpricedUsage> m_unpriced;
    std::vector<std::string> m_corrects; ///< numbers of bills
};

Result<BillRunOutcome> AccountRun::run(AccountId account)
{
    QUITTANCE_TRY(m_account, findAccount(*m_tx, account));
    // Usage first: whoever bills the same account waits here, and then sees what this run did.
    QUITTANCE_TRY(m_stored.basis.usageBatch, lockUsage(*m_tx, account));
    QUITTANCE_CHECK(findMonth());
    if (m_before && m_before->bill.summary.state != BillState::Draft)
        return reportIssued();
    QUITTANCE_CHECK(readBasis());
    QUITTANCE_CHECK(rate());
    return m_stored.bill.lines.empty() || isAhead() ? dropDraft() : keep();
}

/// The month, and the bill that it has already.
Result<> AccountRun::findMonth()
{
    QUITTANCE_TRY(m_month, readMonth(*m_tx, m_account, m_options->month, m_account.plan));
    QUITTANCE_TRY(m_billed, billing_queries::billedMonths(*m_tx, m_account.id));
    const auto known = std::ranges::find(m_billed, m_options->month, &BilledMonth::month);
    if (known == m_billed.end())
        return {};
    m_billedEvents = known->usageEvents;
    QUITTANCE_TRY(m_before, billing_queries::readBill(*m_tx, known->bill));
    return {};
}

/// Issued bills never change: this run only says what has come in since, and what is still
/// unpriced.
Result<BillRunOutcome> AccountRun::reportIssued()
{
    const BillBasis& basis = m_before->basis;
    QUITTANCE_TRY(
        auto rated,
        rateMonth(m_month, m_options->month, m_before->bill.summary.total.currency, basis.tax)
    );
    m_unpriced = std::move(rated.unpriced);
    m_stored = *m_before;
    BillRunOutcome result = outcome();
    result.alreadyIssued = true;
    // Events are only ever added, so their number tells late ones even where quantities cancel.
    result.hasLateUsage = m_month.usageEvents != m_billedEvents;
    return result;
}

/// Who bills whom, by the versions of today: a bill freezes them when it is issued, which is now,
/// whatever day it bears.
Result<> AccountRun::readBasis()
{
    const Instant now = m_context->clock.now();
    QUITTANCE_TRY(const auto profile, profileAt(*m_tx, m_account.id, now));
    QUITTANCE_TRY(const auto terms, termsAt(*m_tx, m_account.id, now));
    Bill& bill = m_stored.bill;
    BillBasis& basis = m_stored.basis;
    bill.buyer = partyOf(profile);
    bill.language = profile.language;
    bill.summary.missingFields = missingFields(profile);
    basis.profileVersion = profile.version;
    basis.termsVersion = terms.version;
    basis.paymentDays = terms.paymentDays;
    basis.legalEntity = terms.legalEntity;
    if (terms.legalEntity == 0) {
        bill.summary.missingFields.emplace_back("legalEntity");
        return {};
    }
    QUITTANCE_TRY(m_entity, findLegalEntity(*m_tx, terms.legalEntity));
    bill.seller = m_entity->party;
    basis.tax = m_entity->tax;
    basis.taxRounding = m_entity->taxRounding;
    basis.bankDetails = m_entity->bankDetails;
    basis.taxNote = m_entity->taxNote;
    return {};
}

Result<> AccountRun::rate()
{
    BillSummary& summary = m_stored.bill.summary;
    summary.account = m_account.id;
    summary.accountName = m_account.name;
    summary.periodMonth = m_options->month;
    summary.period = m_month.period;
    m_stored.bill.timeZone = m_account.timeZone;
    m_stored.bill.timeZoneVersion = TimeZone::dataVersion();
    QUITTANCE_TRY(
        auto rated, rateMonth(m_month, m_options->month, m_account.currency, m_stored.basis.tax)
    );
    m_versions = m_month.versions;
    QUITTANCE_CHECK(addCorrections(rated));
    m_unpriced = std::move(rated.unpriced);
    for (const UnpricedUsage& usage : m_unpriced)
        summary.missingFields.push_back(missingPrice(usage));
    QUITTANCE_CHECK(setAmounts(m_stored, std::move(rated)));
    if (summary.total.minor < 0)
        summary.missingFields.emplace_back(totalAtLeastZero);
    BillBasis& basis = m_stored.basis;
    basis.plan = m_account.plan;
    basis.planVersionMax = newestVersion(m_month.versions);
    basis.usageEvents = m_month.usageEvents;
    basis.plans = plansOf(m_stored.bill.lines, m_versions);
    return {};
}

/// What came in late for months that were billed before.
Result<> AccountRun::addCorrections(RatedUsage& rated)
{
    QUITTANCE_TRY(const auto late, lateMonths(*m_tx, m_account.id, m_options->month, m_billed));
    for (const BilledMonth& month : late) {
        QUITTANCE_TRY(auto correction, correctBill(*m_tx, m_account, month.bill));
        m_stored.basis.corrections.push_back(correction.use);
        m_corrects.push_back(correction.number);
        std::ranges::move(correction.versions, std::back_inserter(m_versions));
        QUITTANCE_CHECK(append(rated, std::move(correction.rated)));
    }
    return {};
}

/// Nothing to bill: no bill for zero activity, and a draft of what is gone goes too.
Result<BillRunOutcome> AccountRun::dropDraft()
{
    BillRunOutcome result = outcome();
    result.bill = 0;
    result.missingFields.clear();
    result.corrects.clear();
    if (!m_before)
        return result;
    const BillSummary& draft = m_before->bill.summary;
    QUITTANCE_CHECK(billing_queries::deleteDraft(*m_tx, m_account.id, draft.id));
    m_stored.bill.summary.id = draft.id;
    QUITTANCE_CHECK(appendJournal(
        *m_tx, *m_context, *m_actor,
        { "bill.dropped", m_account.id, "bill", draft.id, journalText(m_before->bill), "", "" }
    ));
    return result;
}

Result<BillRunOutcome> AccountRun::keep()
{
    if (m_before) {
        m_stored.bill.summary.id = m_before->bill.summary.id;
    } else {
        QUITTANCE_TRY(m_stored.bill.summary.id, billing_queries::insertBill(*m_tx, m_stored));
    }
    const bool isChanged
        = !m_before || m_before->bill != m_stored.bill || m_before->costs != m_stored.costs;
    QUITTANCE_CHECK(isIssuable() ? issue() : store(isChanged));
    return outcome();
}

bool AccountRun::isIssuable() const
{
    return m_options->issue && m_asOf >= m_month.period.end
        && m_stored.bill.summary.missingFields.empty();
}

/// Minimums and commitments of a month that has not begun are owed by nobody yet.
bool AccountRun::isAhead() const
{
    return m_asOf < m_month.period.begin && m_month.usage.empty();
}

Result<> AccountRun::store(bool isChanged)
{
    const BillId id = m_stored.bill.summary.id;
    if (!isChanged && m_before->basis == m_stored.basis)
        return {};
    BillBasis read = m_before ? m_before->basis : BillBasis {};
    read.usageBatch = m_stored.basis.usageBatch;
    read.usageEvents = m_stored.basis.usageEvents;
    read.planVersionMax = m_stored.basis.planVersionMax;
    if (!isChanged && read == m_stored.basis)
        return billing_queries::storeWatermarks(*m_tx, id, m_stored.basis);
    QUITTANCE_CHECK(billing_queries::storeBill(*m_tx, m_stored));
    if (!isChanged)
        return {};
    return writeJournal(std::string(billDrafted), journalText(m_stored.bill));
}

Result<> AccountRun::issue()
{
    BillSummary& bill = m_stored.bill.summary;
    bill.issuedAt = m_asOf;
    bill.issued = m_month.zone.dateAt(m_asOf);
    bill.due = Date { bill.issued->days + m_stored.basis.paymentDays };
    bill.state = bill.total.minor == 0 ? BillState::Paid : BillState::Open;
    bill.open = bill.total;
    QUITTANCE_CHECK(number(*m_entity));
    QUITTANCE_CHECK(billing_queries::storeBill(*m_tx, m_stored));
    QUITTANCE_CHECK(postToLedger());
    QUITTANCE_TRY(const auto documents, archiveDocuments(*m_tx, *m_context, *m_brand, m_stored));
    return writeJournal(std::string(billIssued), journalText(m_stored.bill, documents));
}

Result<> AccountRun::number(const LegalEntity& entity)
{
    BillSummary& bill = m_stored.bill.summary;
    m_stored.basis.series = fmt::format("{}-{:04}", entity.series, civil(*bill.issued).year);
    QUITTANCE_TRY(
        const auto next, billing_queries::takeNumber(*m_tx, entity.id, m_stored.basis.series)
    );
    bill.number = fmt::format("{}-{:06}", m_stored.basis.series, next);
    return {};
}

Result<> AccountRun::postToLedger()
{
    const Posting posting = issuePosting(m_stored.bill);
    if (posting.entries.empty())
        return {};
    QUITTANCE_CHECK(post(*m_tx, *m_context, posting));
    return {};
}

Result<> AccountRun::writeJournal(const std::string& kind, const std::string& after)
{
    const BillSummary& bill = m_stored.bill.summary;
    const std::string before = m_before ? journalText(m_before->bill) : "";
    return appendJournal(
        *m_tx, *m_context, *m_actor, { kind, bill.account, "bill", bill.id, before, after, "" }
    );
}

BillRunOutcome AccountRun::outcome() const
{
    const BillSummary& bill = m_stored.bill.summary;
    BillRunOutcome result;
    result.account = m_account.id;
    result.accountName = m_account.name;
    result.bill = bill.id;
    result.state = bill.state;
    result.number = bill.number;
    result.total = bill.total;
    result.missingFields = bill.missingFields;
    result.unpriced = m_unpriced;
    result.corrects = m_corrects;
    result.waitsForItsEnd = m_options->issue && m_asOf < m_month.period.end;
    return result;
}

/// True for an error that lies in the account's own data; others stop the run.
bool isOfOneAccount(ErrorCode code)
{
    constexpr std::array codes {
        ErrorCode::Overflow,        ErrorCode::CurrencyMismatch, ErrorCode::InvalidArgument,
        ErrorCode::UnknownTimeZone, ErrorCode::NotFound,         ErrorCode::AlreadyExists,
        ErrorCode::Corrupt,
    };
    return std::ranges::find(codes, code) != codes.end();
}

Result<std::vector<AccountRecord>>
accountsToBill(database::Database& database, const BillRunOptions& options)
{
    using Accounts = std::vector<AccountRecord>;
    return database.read([&](Transaction& tx) -> Result<Accounts> {
        if (!options.account)
            return listAccounts(tx);
        QUITTANCE_TRY(auto account, findAccount(tx, *options.account));
        return Accounts { std::move(account) };
    });
}

/// One account that cannot be billed keeps no other from its bill.
BillRunOutcome refused(const AccountRecord& account, const Error& error)
{
    BillRunOutcome outcome;
    outcome.account = account.id;
    outcome.accountName = account.name;
    outcome.error = error;
    return outcome;
}

/// Usage of so many months before the present one may still come in (35 days back).
constexpr std::int32_t monthsLate = 2;

struct DueMonth {
    Month month;
    bool issue = false;
};

/// The months of one account that are drafted or issued now.
class DueMonths {
public:
    DueMonths(
        Transaction& tx, const AccountRecord& account, const TimeZone& zone,
        const BillSchedule& schedule, Instant now
    )
        : m_tx(&tx)
        , m_account(&account)
        , m_zone(&zone)
        , m_schedule(&schedule)
        , m_now(now)
    {
    }

    /// In order, so that numbers are too.
    [[nodiscard]] Result<std::vector<DueMonth>> find() const
    {
        BillFilter drafts;
        drafts.account = m_account->id;
        drafts.state = BillState::Draft;
        QUITTANCE_TRY(const auto known, listBills(*m_tx, drafts));
        std::map<Month, bool> months; // whether to issue
        for (const BillSummary& draft : known) {
            QUITTANCE_TRY(months[draft.periodMonth], isToBeIssued(draft));
        }
        QUITTANCE_TRY(const auto unbilled, monthsWithoutBill());
        for (const Month month : unbilled)
            months[month] = false;
        std::vector<DueMonth> due;
        due.reserve(months.size());
        for (const auto& [month, issue] : months)
            due.push_back({ month, issue });
        return due;
    }

private:
    [[nodiscard]] Result<std::set<Month>> monthsWithoutBill() const
    {
        const Month present = monthOf(m_zone->dateAt(m_now));
        std::set<Month> months;
        for (Month month = next(present, -monthsLate); month <= present; month = next(month))
            months.insert(month);
        QUITTANCE_TRY(const auto used, usageMonths(*m_tx, m_account->id));
        for (const UsageMonth& one : used) {
            if (one.month < present)
                months.insert(one.month);
        }
        QUITTANCE_TRY(const auto billed, billing_queries::billedMonths(*m_tx, m_account->id));
        for (const BilledMonth& one : billed)
            months.erase(one.month);
        return months;
    }

    [[nodiscard]] Result<bool> isToBeIssued(const BillSummary& draft) const
    {
        const std::int64_t collected = draft.period.end.micros + m_schedule->collectMicros;
        if (!draft.missingFields.empty() || m_now.micros < collected + m_schedule->draftMicros)
            return false;
        QUITTANCE_TRY(const auto drafted, journalOf(*m_tx, "bill", draft.id, billDrafted));
        if (drafted.empty())
            return false;
        const Instant since = drafted.front().at;
        return m_now.micros >= since.micros + m_schedule->draftMicros
            && monthOf(m_zone->dateAt(since)) <= next(draft.periodMonth, monthsLate);
    }

    Transaction* m_tx;
    const AccountRecord* m_account;
    const TimeZone* m_zone;
    const BillSchedule* m_schedule;
    Instant m_now;
};

/// Bills accounts, each in a transaction of its own.
class BillRun {
public:
    BillRun(const Context& context, const Actor& actor, const formats::Brand& brand, Instant asOf)
        : m_context(&context)
        , m_actor(&actor)
        , m_brand(&brand)
        , m_asOf(asOf)
    {
    }

    Result<> bill(const AccountRecord& account, const BillRunOptions& options)
    {
        auto done = m_context->database.write([&](Transaction& tx) {
            return AccountRun(tx, *m_context, *m_actor, *m_brand, options, m_asOf).run(account.id);
        });
        if (!done && !isOfOneAccount(done.error().code))
            return failure(done.error());
        m_outcomes.push_back(done ? std::move(*done) : refused(account, done.error()));
        return {};
    }

    Result<> bill(const AccountRecord& account, const BillSchedule& schedule)
    {
        const auto zone = TimeZone::find(account.timeZone);
        if (!zone) {
            m_outcomes.push_back(refused(account, zone.error()));
            return {};
        }
        QUITTANCE_TRY(const auto months, m_context->database.read([&](Transaction& tx) {
            return DueMonths(tx, account, *zone, schedule, m_asOf).find();
        }));
        for (const DueMonth& due : months) {
            BillRunOptions options;
            options.month = due.month;
            options.issue = due.issue;
            QUITTANCE_CHECK(bill(account, options));
        }
        return {};
    }

    [[nodiscard]] std::vector<BillRunOutcome> takeOutcomes() { return std::move(m_outcomes); }

private:
    const Context* m_context;
    const Actor* m_actor;
    const formats::Brand* m_brand;
    Instant m_asOf;
    std::vector<BillRunOutcome> m_outcomes;
};

} // namespace

Result<std::vector<BillRunOutcome>> runBills(
    const Context& context, const Actor& actor, const formats::Brand& brand,
    const BillRunOptions& options
)
{
    const Instant now = context.clock.now();
    if (options.asOf && *options.asOf > now)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("--as-of {} is later than now, {}", toText(*options.asOf), toText(now))
        );
    QUITTANCE_TRY(const auto accounts, accountsToBill(context.database, options));
    BillRun run(context, actor, brand, options.asOf.value_or(now));
    for (const AccountRecord& account : accounts)
        QUITTANCE_CHECK(run.bill(account, options));
    return run.takeOutcomes();
}

Result<std::vector<BillRunOutcome>> billBySchedule(
    const Context& context, const Actor& actor, const formats::Brand& brand,
    const BillSchedule& schedule
)
{
    QUITTANCE_TRY(const auto accounts, context.database.read(listAccounts));
    BillRun run(context, actor, brand, context.clock.now());
    for (const AccountRecord& account : accounts)
        QUITTANCE_CHECK(run.bill(account, schedule));
    return run.takeOutcomes();
}

} // namespace quittance::backend
