#include "client/store/item_writer.h"
#include "client/store/store.h"
#include "client/store/store_schema.h"
#include "core/contract/codec.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::client {

using database::Row;
using database::Transaction;
using database::Value;

namespace {

// The same rule as billStateAt(), for sorting and filtering in the store. $1 is today.
constexpr std::string_view shownState = "CASE WHEN state NOT IN (2, 3) THEN state "
                                        "WHEN due IS NULL THEN state "
                                        "WHEN due < $1 THEN 8 "
                                        "WHEN due <= $1 + 7 THEN 7 ELSE state END";

// Numbers of shownState: the stored states, and two derived ones.
std::int64_t shownNumber(ShownState state)
{
    constexpr std::int64_t dueSoon = 7;
    constexpr std::int64_t overdue = 8;
    constexpr std::int64_t none = 0;
    switch (state) {
    case ShownState::Draft:
        return static_cast<std::int64_t>(BillState::Draft);
    case ShownState::Open:
        return static_cast<std::int64_t>(BillState::Open);
    case ShownState::PartPaid:
        return static_cast<std::int64_t>(BillState::PartPaid);
    case ShownState::Paid:
        return static_cast<std::int64_t>(BillState::Paid);
    case ShownState::Void:
        return static_cast<std::int64_t>(BillState::Void);
    case ShownState::Closed:
        return static_cast<std::int64_t>(BillState::Closed);
    case ShownState::DueSoon:
        return dueSoon;
    case ShownState::Overdue:
        return overdue;
    case ShownState::Objection:
        return none;
    }
    return none;
}

std::string orderBy(const BillQuery& query)
{
    const std::string_view direction = query.descending ? "DESC" : "ASC";
    std::string_view column;
    switch (query.sort) {
    case BillColumn::Number:
        column = "number";
        break;
    case BillColumn::Account:
        column = "account_name";
        break;
    case BillColumn::Period:
        column = "period_begin";
        break;
    case BillColumn::Issued:
        // Drafts have no day of issue and belong to the newest end.
        return fmt::format(
            "issued {0} NULLS {1}, period_begin {0}, id {0}", direction,
            query.descending ? "FIRST" : "LAST"
        );
    case BillColumn::Due:
        return fmt::format("due {0} NULLS LAST, id {0}", direction);
    case BillColumn::Total:
        column = "total_minor";
        break;
    case BillColumn::Open:
        column = "open_minor";
        break;
    case BillColumn::State:
        column = shownState;
        break;
    }
    return fmt::format("{0} {1}, id {1}", column, direction);
}

/// A WHERE clause and its arguments; $1 is always today.
class Conditions {
public:
    explicit Conditions(Date today)
        : m_arguments { std::int64_t { today.days } }
    {
    }
    void add(std::string_view text, std::int64_t value)
    {
        m_arguments.emplace_back(value);
        m_text += fmt::format(" AND {} ${}", text, m_arguments.size());
    }
    void addStates(const std::vector<ShownState>& states)
    {
        if (states.empty())
            return;
        std::string list;
        for (const ShownState state : states)
            list += fmt::format("{}{}", list.empty() ? "" : ", ", shownNumber(state));
        m_text += fmt::format(" AND {} IN ({})", shownState, list);
    }
    void addText(std::string_view words)
    {
        database::sqlite::TextMatch match
            = database::sqlite::matchText(billTextIndex(), words, m_arguments.size() + 1);
        m_hasText = !match.arguments.empty();
        m_isLookedUp = match.condition.find(billTextIndex().name()) != std::string::npos;
        m_words = std::move(match.condition);
        std::move(match.arguments.begin(), match.arguments.end(), std::back_inserter(m_arguments));
    }
    [[nodiscard]] std::string text() const { return m_text + " AND " + m_words; }
    /// The same, with the words held against each bill in the order in which bills are read, rather
    /// than every match being read to be put in order.
    [[nodiscard]] std::string textInOrder() const
    {
        return fmt::format("{} AND CASE WHEN {} THEN 1 ELSE 0 END = 1", m_text, m_words);
    }
    [[nodiscard]] bool hasText() const { return m_hasText; }
    [[nodiscard]] bool isLookedUp() const { return m_isLookedUp; } ///< words are, in their index
    [[nodiscard]] const std::vector<Value>& arguments() const { return m_arguments; }

private:
    // Names $1 in every statement, so that each binds the same arguments.
    std::string m_text = "$1 IS NOT NULL";
    std::string m_words = "1 = 1";
    std::vector<Value> m_arguments;
    bool m_hasText = false;
    bool m_isLookedUp = false;
};

Conditions conditionsOf(const BillQuery& query, Date today)
{
    Conditions conditions(today);
    if (query.account)
        conditions.add("account_id =", *query.account);
    if (query.month)
        conditions.add("month =", std::int64_t { query.month->index });
    if (query.issuedFrom)
        conditions.add("COALESCE(issued, 9999999) >=", query.issuedFrom->days);
    if (query.totalMinMinor)
        conditions.add("total_minor >=", *query.totalMinMinor);
    if (query.totalMaxMinor)
        conditions.add("total_minor <=", *query.totalMaxMinor);
    conditions.addStates(query.states);
    conditions.addText(query.text);
    return conditions;
}

Result<> addTotals(Transaction& tx, const Conditions& conditions, BillTotals& totals)
{
    // A text is looked for in the rows themselves: walking an index by currency beside it would
    // fetch each of them from another place.
    const std::string sql = fmt::format(
        "SELECT MIN(currency), COUNT(*), "
        "CAST(SUM(CASE WHEN state IN (2, 3) THEN open_minor ELSE 0 END) AS BIGINT) "
        "FROM bill WHERE {} GROUP BY {} ORDER BY 1",
        conditions.text(), conditions.hasText() ? "currency || ''" : "currency"
    );
    return tx.query(sql, conditions.arguments(), [&](const Row& row) -> Result<> {
        QUITTANCE_TRY(const Currency currency, Currency::find(row.text(0)));
        totals.count += row.integer(1);
        const auto place
            = std::ranges::lower_bound(totals.openSums, currency.code(), {}, [](const Money& sum) {
                  return sum.currency.code();
              });
        if (place == totals.openSums.end() || place->currency != currency)
            totals.openSums.insert(place, { row.integer(2), currency });
        else
            place->minor += row.integer(2);
        return {};
    });
}

// A text may have to be looked for in every bill: between so many it is asked whether that is still
// wanted.
constexpr std::int64_t searchedAtOnce = 20'000;

Result<> addTotalsInParts(
    Transaction& tx, const Conditions& conditions, const std::function<bool()>& isOutdated,
    BillTotals& totals
)
{
    for (std::int64_t after = 0;;) {
        if (isOutdated())
            return failure(ErrorCode::Cancelled, "another question came");
        QUITTANCE_TRY(
            const std::int64_t last,
            tx.queryInteger(
                "SELECT COALESCE(MAX(id), 0) FROM "
                "(SELECT id FROM bill WHERE id > $1 ORDER BY id LIMIT $2) AS part",
                { after, searchedAtOnce }
            )
        );
        if (last == 0)
            return {};
        Conditions part = conditions;
        part.add("id >", after);
        part.add("id <=", last);
        QUITTANCE_CHECK(addTotals(tx, part, totals));
        after = last;
    }
}

/// Whether so many bills hold the words that a page of them is sooner met in order than found among
/// all.
Result<bool> isFoundInMany(Transaction& tx, const Conditions& conditions)
{
    constexpr std::int64_t many = 1'000;
    if (!conditions.isLookedUp())
        return false;
    std::int64_t found = 0;
    const std::string sql = fmt::format(
        "SELECT COUNT(*) FROM (SELECT id FROM bill WHERE {} LIMIT {}) AS found", conditions.text(),
        many
    );
    QUITTANCE_CHECK(tx.query(sql, conditions.arguments(), [&](const Row& row) -> Result<> {
        found = row.integer(0);
        return {};
    }));
    return found == many;
}

Result<> readSummary(Transaction& tx, BillId bill, BillPage& page)
{
    return tx.query(
        "SELECT data FROM bill_summary WHERE bill_id = $1", { bill },
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(
                BillSummary summary, contract::fromText<BillSummary>(asText(row.bytes(0)))
            );
            page.bills.push_back(std::move(summary));
            return {};
        }
    );
}

} // namespace

Result<BillPage> Store::bills(const BillQuery& query, Date today, std::int64_t offset, int limit)
{
    const Conditions conditions = conditionsOf(query, today);
    return current()->read([&](Transaction& tx) -> Result<BillPage> {
        BillPage page;
        page.offset = offset;
        QUITTANCE_TRY(const bool isCommon, isFoundInMany(tx, conditions));
        const std::string sql = fmt::format(
            "SELECT id FROM bill WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
            isCommon ? conditions.textInOrder() : conditions.text(), orderBy(query), limit, offset
        );
        QUITTANCE_TRY(
            const std::vector<BillId> ids,
            tx.queryAll<BillId>(
                sql, conditions.arguments(), [](const Row& row) { return row.integer(0); }
            )
        );
        for (const BillId id : ids)
            QUITTANCE_CHECK(readSummary(tx, id, page));
        return page;
    });
}

Result<BillTotals>
Store::billTotals(const BillQuery& query, Date today, const std::function<bool()>& isOutdated)
{
    const Conditions conditions = conditionsOf(query, today);
    BillTotals totals;
    QUITTANCE_CHECK(current()->read([&](Transaction& tx) -> Result<> {
        totals = {};
        return conditions.hasText() ? addTotalsInParts(tx, conditions, isOutdated, totals)
                                    : addTotals(tx, conditions, totals);
    }));
    return totals;
}

Result<Bill> Store::bill(BillId bill)
{
    return current()->read([&](Transaction& tx) -> Result<Bill> {
        QUITTANCE_TRY(
            const std::optional<std::string> text,
            tx.queryFirst<std::string>(
                "SELECT data FROM bill_data WHERE bill_id = $1", { bill },
                [](const Row& row) { return std::string(asText(row.bytes(0))); }
            )
        );
        if (!text)
            return failure(ErrorCode::NotFound, fmt::format("bill {} is not stored here", bill));
        return contract::fromText<Bill>(*text);
    });
}

Result<std::int64_t> Store::billCount()
{
    return current()->read([](Transaction& tx) {
        return tx.queryInteger("SELECT COUNT(*) FROM bill");
    });
}

Result<std::vector<Month>> Store::months(std::optional<AccountId> account)
{
    return current()->read([&](Transaction& tx) {
        return tx.queryAll<Month>(
            "SELECT DISTINCT month FROM bill WHERE $1 IS NULL OR account_id = $1 "
            "ORDER BY month DESC",
            { database::nullable(account) }, [](const Row& row) { return Month { row.int32(0) }; }
        );
    });
}

} // namespace quittance::client
