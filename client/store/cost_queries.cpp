#include "client/store/store.h"
#include "core/domain/cost_periods.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace quittance::client {

using database::Row;
using database::Transaction;
using database::Value;

namespace {

constexpr int lastBillsMax = 6;

std::string_view columnOf(CostGroup group)
{
    switch (group) {
    case CostGroup::Service:
        return "service";
    case CostGroup::Sku:
        return "sku";
    case CostGroup::Project:
        return "project";
    case CostGroup::Resource:
        return "resource";
    case CostGroup::Account:
        return "account_id";
    }
    return "service";
}

/// The currency of the account, or the one that most accounts share (the first by code where two
/// tie).
Result<Currency> currencyFor(Transaction& tx, std::optional<AccountId> account)
{
    QUITTANCE_TRY(
        const std::optional<std::string> code,
        tx.queryFirst<std::string>(
            "SELECT currency FROM account WHERE $1 IS NULL OR id = $1 "
            "GROUP BY currency ORDER BY COUNT(*) DESC, currency LIMIT 1",
            { database::nullable(account) }, [](const Row& row) { return row.string(0); }
        )
    );
    return code ? Currency::find(*code) : Result<Currency>(Currency());
}

bool isSummedByDay(CostGroup group)
{
    return group == CostGroup::Service || group == CostGroup::Account;
}

/// Where the rows of a question are. Of one account they lie together in cost_row; of many, what
/// cost_day has is found there with far less reading.
std::string_view tableFor(const CostQuery& query)
{
    const bool isSummed
        = isSummedByDay(query.split) && std::ranges::all_of(query.filter, [](const auto& filter) {
              return isSummedByDay(filter.first);
          });
    return isSummed && !query.account ? "cost_day" : "cost_row";
}

/// WHERE over cost_row or cost_day for one question; voided bills cost nothing.
class CostConditions {
public:
    CostConditions(const CostQuery& query, Currency currency, Date first, Date last)
        : m_arguments { std::int64_t { first.days }, std::int64_t { last.days }, currency.code() }
    {
        if (query.account)
            add("account_id", *query.account);
        for (const auto& [group, value] : query.filter)
            addFilter(group, value);
    }
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::vector<Value>& arguments() const { return m_arguments; }

private:
    void add(std::string_view column, Value value)
    {
        m_arguments.push_back(std::move(value));
        m_text += fmt::format(" AND {} = ${}", column, m_arguments.size());
    }
    void addFilter(CostGroup group, const std::string& value)
    {
        if (group == CostGroup::Account) {
            m_arguments.emplace_back(value);
            m_text += fmt::format(
                " AND account_id IN (SELECT id FROM account WHERE name = ${})", m_arguments.size()
            );
        } else {
            add(columnOf(group), value);
        }
    }

    std::string m_text = "day BETWEEN $1 AND $2 AND currency = $3 "
                         "AND bill_id NOT IN (SELECT id FROM bill WHERE state = 5)";
    std::vector<Value> m_arguments;
};

Result<std::map<std::int64_t, std::string>> accountNames(Transaction& tx)
{
    std::map<std::int64_t, std::string> names;
    QUITTANCE_CHECK(tx.query("SELECT id, name FROM account", {}, [&](const Row& row) -> Result<> {
        names[row.integer(0)] = row.string(1);
        return {};
    }));
    return names;
}

/// Calls `sum(day, key, amount)` for every day and value of the split.
template <class Sum>
Result<>
sumByDay(Transaction& tx, const CostQuery& query, const CostConditions& conditions, Sum sum)
{
    const bool byAccount = query.split == CostGroup::Account;
    std::map<std::int64_t, std::string> names;
    if (byAccount) {
        QUITTANCE_TRY(names, accountNames(tx));
    }
    const std::string sql = fmt::format(
        "SELECT day, {0}, CAST(SUM(amount_minor) AS BIGINT) FROM {2} WHERE {1} GROUP BY day, {0}",
        columnOf(query.split), conditions.text(), tableFor(query)
    );
    return tx.query(sql, conditions.arguments(), [&](const Row& row) -> Result<> {
        const Date day { row.int32(0) };
        sum(day, byAccount ? names[row.integer(1)] : row.string(1), row.integer(2));
        return {};
    });
}

/// The series of an answer while they are summed, by key.
class SeriesBuilder {
public:
    explicit SeriesBuilder(std::size_t steps)
        : m_steps(steps)
    {
    }
    CostSeries& operator[](const std::string& key)
    {
        CostSeries& series = m_series[key];
        if (series.amounts.empty()) {
            series.key = key;
            series.amounts.resize(m_steps);
        }
        return series;
    }
    /// Largest first; the key decides between equals, so that the order is stable.
    [[nodiscard]] std::vector<CostSeries> take()
    {
        std::vector<CostSeries> all;
        all.reserve(m_series.size());
        for (auto& [key, series] : m_series)
            all.push_back(std::move(series));
        std::stable_sort(all.begin(), all.end(), [](const CostSeries& a, const CostSeries& b) {
            return a.total > b.total;
        });
        return all;
    }

private:
    std::size_t m_steps;
    std::map<std::string, CostSeries> m_series;
};

Result<>
sumPresent(Transaction& tx, const CostQuery& query, CostAnswer& answer, SeriesBuilder& series)
{
    const CostConditions conditions(query, answer.currency, query.first, query.last);
    return sumByDay(
        tx, query, conditions,
        [&](Date day, const std::string& key, std::int64_t amount) {
            CostSeries& one = series[key];
            one.amounts[stepIndex(query.step, query.first, day)] += amount;
            one.total += amount;
            answer.total += amount;
        }
    );
}

Result<>
sumPrevious(Transaction& tx, const CostQuery& query, CostAnswer& answer, SeriesBuilder& series)
{
    const CostConditions conditions(
        query, answer.currency, answer.previousFirst, answer.previousLast
    );
    return sumByDay(
        tx, query, conditions,
        [&](Date day, const std::string& key, std::int64_t amount) {
            const std::size_t step
                = alignedStep(query.step, query.first, answer.previousFirst, day);
            if (step < answer.previous.size())
                answer.previous[step] += amount;
            series[key].previousTotal += amount;
            answer.previousTotal += amount;
        }
    );
}

Result<std::vector<Currency>>
otherCurrencies(Transaction& tx, const CostQuery& query, Currency currency)
{
    std::vector<Currency> others;
    QUITTANCE_CHECK(tx.query(
        "SELECT DISTINCT currency FROM cost_day WHERE day BETWEEN $1 AND $2 "
        "AND currency <> $3 AND ($4 IS NULL OR account_id = $4) ORDER BY currency",
        { std::int64_t { query.first.days }, std::int64_t { query.last.days }, currency.code(),
          database::nullable(query.account) },
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(const Currency other, Currency::find(row.text(0)));
            others.push_back(other);
            return {};
        }
    ));
    return others;
}

Result<CostAnswer> readCosts(Transaction& tx, const CostQuery& query)
{
    CostAnswer answer;
    QUITTANCE_TRY(answer.currency, currencyFor(tx, query.account));
    answer.steps = stepsOf(query.step, query.first, query.last);
    answer.previous.resize(answer.steps.size());
    const auto [previousFirst, previousLast] = periodBefore(query.first, query.last);
    answer.previousFirst = previousFirst;
    answer.previousLast = previousLast;
    SeriesBuilder series(answer.steps.size());
    QUITTANCE_CHECK(sumPresent(tx, query, answer, series));
    if (query.comparePrevious)
        QUITTANCE_CHECK(sumPrevious(tx, query, answer, series));
    answer.series = series.take();
    QUITTANCE_TRY(answer.otherCurrencies, otherCurrencies(tx, query, answer.currency));
    return answer;
}

Result<>
readDebts(Transaction& tx, std::optional<AccountId> account, Date today, OverviewAnswer& answer)
{
    return tx.query(
        "SELECT currency, CAST(SUM(open_minor) AS BIGINT), "
        "CAST(COALESCE(SUM(open_minor) FILTER (WHERE due < $1), 0) AS BIGINT), "
        "MIN(due) FILTER (WHERE due < $1 AND open_minor > 0), "
        "MIN(due) FILTER (WHERE due >= $1) FROM bill "
        "WHERE state IN (2, 3) AND ($2 IS NULL OR account_id = $2) "
        "GROUP BY currency HAVING SUM(open_minor) <> 0 ORDER BY currency",
        { std::int64_t { today.days }, database::nullable(account) },
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(const Currency currency, Currency::find(row.text(0)));
            Debt debt { { row.integer(1), currency }, row.integer(2), {}, {} };
            if (!row.isNull(3))
                debt.overdueSince = Date { row.int32(3) };
            if (!row.isNull(4))
                debt.nextDue = Date { row.int32(4) };
            answer.debts.push_back(debt);
            return {};
        }
    );
}

Result<std::optional<Date>>
lastCostDay(Transaction& tx, std::optional<AccountId> account, const CostQuery& query)
{
    std::optional<Date> last;
    QUITTANCE_CHECK(tx.query(
        "SELECT MAX(day) FROM cost_day WHERE day BETWEEN $1 AND $2 AND ($3 IS NULL OR account_id = "
        "$3)",
        { std::int64_t { query.first.days }, std::int64_t { query.last.days },
          database::nullable(account) },
        [&](const Row& row) -> Result<> {
            if (!row.isNull(0))
                last = Date { row.int32(0) };
            return {};
        }
    ));
    return last;
}

CostQuery costsOfMonth(std::optional<AccountId> account, Month month)
{
    CostQuery query;
    query.account = account;
    query.first = firstDay(month);
    query.last = Date { firstDay(next(month)).days - 1 };
    return query;
}

/// A draft is no bill yet: of many accounts, their drafts would hide every bill.
std::vector<ShownState> issuedStates()
{
    return { ShownState::Open, ShownState::DueSoon, ShownState::Overdue, ShownState::PartPaid,
             ShownState::Paid, ShownState::Void,    ShownState::Closed };
}

/// What the month before had cost by the same day of the month.
Result<std::int64_t>
sameDaysBefore(Transaction& tx, const CostQuery& month, Date today, const CostAnswer& costs)
{
    if (today < month.first || today >= month.last)
        return costs.previousTotal;
    CostQuery sofar = month;
    sofar.last = today;
    QUITTANCE_TRY(const CostAnswer answer, readCosts(tx, sofar));
    return answer.previousTotal;
}

} // namespace

Result<CostAnswer> Store::costs(const CostQuery& query)
{
    if (query.last < query.first)
        return failure(ErrorCode::InvalidArgument, "the period ends before it begins");
    return current()->read([&](Transaction& tx) { return readCosts(tx, query); });
}

Result<OverviewAnswer> Store::overview(std::optional<AccountId> account, Month month, Date today)
{
    BillQuery lastBills;
    lastBills.account = account;
    lastBills.states = issuedStates();
    QUITTANCE_TRY(const BillPage page, bills(lastBills, today, 0, lastBillsMax));
    return current()->read([&](Transaction& tx) -> Result<OverviewAnswer> {
        const CostQuery query = costsOfMonth(account, month);
        OverviewAnswer answer;
        QUITTANCE_TRY(answer.costs, readCosts(tx, query));
        answer.currency = answer.costs.currency;
        QUITTANCE_CHECK(readDebts(tx, account, today, answer));
        answer.monthToDateMinor = answer.costs.total;
        answer.lastMonthMinor = answer.costs.previousTotal;
        QUITTANCE_TRY(
            answer.lastMonthSameDaysMinor, sameDaysBefore(tx, query, today, answer.costs)
        );
        QUITTANCE_TRY(answer.costsThrough, lastCostDay(tx, account, query));
        answer.lastBills = page.bills;
        return answer;
    });
}

} // namespace quittance::client
