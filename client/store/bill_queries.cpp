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
        m_text += " AND " + match.condition;
        m_hasText = !match.arguments.empty();
        std::move(match.arguments.begin(), match.arguments.end(), std::back_inserter(m_arguments));
    }
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] bool hasText() const { return m_hasText; }
    [[nodiscard]] const std::vector<Value>& arguments() const { return m_arguments; }

private:
    // Names $1 in every statement, so that each binds the same arguments.
    std::string m_text = "$1 IS NOT NULL";
    std::vector<Value> m_arguments;
    bool m_hasText = false;
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

Result<> readSums(Transaction& tx, const Conditions& conditions, BillPage& page)
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
        page.total += row.integer(1);
        page.openSums.push_back({ row.integer(2), currency });
        return {};
    });
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
    const std::string sql = fmt::format(
        "SELECT id FROM bill WHERE {} ORDER BY {} LIMIT {} OFFSET {}", conditions.text(),
        orderBy(query), limit, offset
    );
    return current()->read([&](Transaction& tx) -> Result<BillPage> {
        BillPage page;
        page.offset = offset;
        QUITTANCE_CHECK(readSums(tx, conditions, page));
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
