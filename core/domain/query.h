#pragma once

#include "core/domain/bill.h"
#include "core/domain/permissions.h"
#include "core/domain/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What is asked of stored bills, costs, accounts and people, and the answers: shared by the store
/// that answers, the models that adapt and the windows that show.
namespace quittance {

struct AccountItem {
    AccountId id = 0;
    std::string name;
    Currency currency;
    std::string timeZone;
    std::int64_t bills = 0; ///< stored on this computer
};

enum class BillColumn : std::uint8_t { Number, Account, Period, Issued, Due, Total, Open, State };

struct BillQuery {
    std::optional<AccountId> account; ///< none: all that are stored
    std::string text; ///< any part of number, account, period, amount, SKU, project, resource
    std::vector<ShownState> states; ///< empty: any
    std::optional<Month> month; ///< of the period
    std::optional<Date> issuedFrom;
    std::optional<std::int64_t> totalMinMinor;
    std::optional<std::int64_t> totalMaxMinor;
    BillColumn sort = BillColumn::Issued;
    bool descending = true;

    bool operator==(const BillQuery&) const = default;
};

/// One page of the answer.
struct BillPage {
    std::int64_t offset = 0;
    std::vector<BillSummary> bills;
};

/// What the whole answer comes to. Every bill of it has to be read for this, so it is a question of
/// its own: nobody waits for it to see the first rows.
struct BillTotals {
    std::int64_t count = 0;
    std::vector<Money> openSums; ///< one a currency that a bill has, by code
};

enum class CostGroup : std::uint8_t { Service, Sku, Project, Resource, Account };
enum class CostStep : std::uint8_t { Day, Week, Month };

struct CostQuery {
    std::optional<AccountId> account;
    Date first;
    Date last; ///< inclusive
    CostGroup split = CostGroup::Service;
    CostStep step = CostStep::Day;
    /// (group, value): only rows that match all.
    std::vector<std::pair<CostGroup, std::string>> filter;
    bool comparePrevious = true; ///< also the same number of days (or the same days of the month
                                 ///< before) before `first`

    bool operator==(const CostQuery&) const = default;
};

struct CostSeries {
    std::string key; ///< the value of the split; "" where usage names none
    std::vector<std::int64_t> amounts; ///< minor units, one a step
    std::int64_t total = 0;
    std::int64_t previousTotal = 0;
};

/// Costs before tax, from the cost rows of bills and drafts: equal to the bills to the cent.
struct CostAnswer {
    Currency currency;
    std::vector<Date> steps; ///< first day of each step
    std::vector<CostSeries> series; ///< largest first
    std::vector<std::int64_t>
        previous; ///< total of each step of the period before, aligned with `steps`
    Date previousFirst;
    Date previousLast;
    std::int64_t total = 0;
    std::int64_t previousTotal = 0;
    std::vector<Currency> otherCurrencies; ///< of rows that are not in these sums, by code
};

/// What issued bills of one currency leave open.
struct Debt {
    Money owed;
    std::int64_t overdueMinor = 0;
    std::optional<Date> overdueSince; ///< the due date that passed first
    std::optional<Date> nextDue; ///< of what is not overdue
};

struct OverviewAnswer {
    Currency currency; ///< of the costs
    std::vector<Debt> debts; ///< one a currency in which something is owed, by code
    std::int64_t monthToDateMinor = 0; ///< before tax
    std::int64_t lastMonthSameDaysMinor = 0;
    std::int64_t lastMonthMinor = 0;
    std::vector<BillSummary> lastBills; ///< issued ones, the newest first
    CostAnswer costs; ///< of the month, by service and day
    std::optional<Date> costsThrough; ///< the last day that has costs
};

struct LineEvent {
    std::string id;
    std::string source;
    std::string resource;
    std::string project;
    Instant start;
    Instant end;
    std::int64_t quantity = 0; ///< of the whole event
    std::int64_t quantityWithin = 0; ///< its share of the line
};

struct LineEventPage {
    std::vector<LineEvent> events;
    std::int64_t total = 0; ///< stored on this computer
    bool complete = false; ///< all events of the line are stored
    std::optional<Instant> syncedAt;
};

struct PersonItem {
    std::int64_t id = 0;
    std::string name;
    std::string email;
    bool disabled = false;
    bool joined = false;
    std::vector<Grant> grants;
};

struct ProfileItem {
    AccountId account = 0;
    std::int32_t version = 0;
    std::string legalName;
    std::vector<std::string> addressLines;
    std::string country;
    std::vector<std::string> taxIds;
    std::string purchaseOrder;
    std::string buyerReference;
    std::vector<std::string> emails;
    std::string language;
};

/// What finance says about how an account is billed.
struct TermsItem {
    AccountId account = 0;
    std::int32_t version = 0;
    std::string legalEntity; ///< its code
    std::int32_t paymentDays = 0;
};

struct ProfileVersion {
    Instant validFrom;
    ProfileItem profile;
};

struct TermsVersion {
    Instant validFrom;
    TermsItem terms;
};

/// One that may be chosen to bill an account.
struct LegalEntityItem {
    std::string code;
    std::string legalName;
    std::string country; ///< ISO 3166 alpha-2
};

/// Who is billed and how, and how that came to be.
struct BillingDetails {
    ProfileItem profile;
    TermsItem terms;
    /// Newest first; empty until the history was once loaded.
    std::vector<ProfileVersion> profileVersions;
    std::vector<TermsVersion> termsVersions;
    std::optional<Instant> historySyncedAt;
    /// Stored only for those who may choose among them.
    std::vector<LegalEntityItem> legalEntities;
};

/// Who is signed in.
struct Identity {
    std::int64_t person = 0;
    std::string name;
    std::string email;
    std::vector<Grant> grants;
    std::optional<AccountId> viewingAccount; ///< read-only, as this account's customer
};

} // namespace quittance
