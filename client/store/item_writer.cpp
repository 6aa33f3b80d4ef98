#include "client/store/item_writer.h"

#include "core/contract/codec.h"
#include "core/domain/money.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace quittance::client {

using database::Bytes;
using database::Columns;
using database::OnConflict;
using database::Transaction;
using database::Value;

namespace {

constexpr std::array monthNames { "January",   "February", "March",    "April",
                                  "May",       "June",     "July",     "August",
                                  "September", "October",  "November", "December" };

Value nullableDay(std::optional<Date> date)
{
    return date ? Value(std::int64_t { date->days }) : Value();
}

// What a person may type to find a bill: its number, whose it is, its month in digits and in
// English, its amounts, and what its lines are about: services, SKUs, projects, resources.
std::string searchText(const contract::BillItem& item)
{
    const BillSummary& bill = item.bill.summary;
    const YearMonthDay month = civil(firstDay(bill.periodMonth));
    std::set<std::string_view> names;
    for (const BillLine& line : item.bill.lines)
        names.insert({ line.service, line.sku, line.name });
    for (const CostRow& cost : item.costs)
        names.insert({ cost.project, cost.resource });
    const std::string text = fmt::format(
        "{} {} {} {} {} {} {}", bill.number, bill.accountName, toText(bill.periodMonth),
        monthNames.at(static_cast<std::size_t>(month.month - 1)), month.year,
        amountText(bill.total), amountText(bill.open)
    );
    return fmt::format("{} {}", text, fmt::join(names, " "));
}

Result<std::int64_t> numericId(const contract::Item& item)
{
    std::int64_t id = 0;
    const char* const end = item.id.data() + item.id.size();
    if (std::from_chars(item.id.data(), end, id).ptr != end || id <= 0)
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("item of type \"{}\" has the id \"{}\", not a number", item.type, item.id)
        );
    return id;
}

Result<> removeBill(Transaction& tx, BillId bill)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM cost_row WHERE bill_id = $1", { bill }));
    QUITTANCE_CHECK(tx.execute("DELETE FROM cost_day WHERE bill_id = $1", { bill }));
    QUITTANCE_CHECK(tx.execute("DELETE FROM bill_data WHERE bill_id = $1", { bill }));
    QUITTANCE_CHECK(tx.execute("DELETE FROM bill_summary WHERE bill_id = $1", { bill }));
    QUITTANCE_CHECK(tx.execute("DELETE FROM bill WHERE id = $1", { bill }));
    return {};
}

Result<> removeHistory(Transaction& tx, AccountId account)
{
    QUITTANCE_CHECK(tx.execute("DELETE FROM account_history WHERE account_id = $1", { account }));
    return {};
}

/// What each service of one bill cost on a day, in minor units.
using CostDays = std::map<std::pair<Date, std::string_view>, std::int64_t>;

Result<> writeCostDays(Transaction& tx, const BillSummary& bill, const CostDays& days)
{
    using Type = Columns::Type;
    Columns rows({ { "day", Type::Integer },
                   { "account_id", Type::Integer },
                   { "bill_id", Type::Integer },
                   { "service", Type::Text },
                   { "currency", Type::Text },
                   { "amount_minor", Type::Integer } });
    const std::string currency = bill.total.currency.code();
    for (const auto& [key, minor] : days) {
        const auto& [day, service] = key;
        std::size_t column = 0;
        rows[column++].add(std::int64_t { day.days });
        rows[column++].add(bill.account);
        rows[column++].add(bill.id);
        rows[column++].add(service);
        rows[column++].add(currency);
        rows[column++].add(minor);
    }
    QUITTANCE_CHECK(tx.bulkInsert("cost_day", rows, OnConflict {}));
    return {};
}

Result<> writeCosts(Transaction& tx, const contract::BillItem& item)
{
    using Type = Columns::Type;
    Columns rows({ { "account_id", Type::Integer },
                   { "day", Type::Integer },
                   { "bill_id", Type::Integer },
                   { "line", Type::Integer },
                   { "project", Type::Text },
                   { "resource", Type::Text },
                   { "service", Type::Text },
                   { "sku", Type::Text },
                   { "currency", Type::Text },
                   { "amount_minor", Type::Integer } });
    const BillSummary& summary = item.bill.summary;
    const std::string currency = summary.total.currency.code();
    CostDays days;
    for (const CostRow& cost : item.costs) {
        const auto index = static_cast<std::size_t>(cost.line) - 1;
        if (cost.line < 1 || index >= item.bill.lines.size())
            return failure(
                ErrorCode::MalformedInput,
                fmt::format(
                    "a cost row of bill {} names line {}, which it lacks", summary.id, cost.line
                )
            );
        const BillLine& line = item.bill.lines[index];
        std::size_t column = 0;
        rows[column++].add(summary.account);
        rows[column++].add(std::int64_t { cost.day.days });
        rows[column++].add(summary.id);
        rows[column++].add(std::int64_t { cost.line });
        rows[column++].add(cost.project);
        rows[column++].add(cost.resource);
        rows[column++].add(line.service);
        rows[column++].add(line.name);
        rows[column++].add(currency);
        rows[column++].add(cost.amountMinor);
        days[{ cost.day, line.service }] += cost.amountMinor;
    }
    QUITTANCE_CHECK(tx.bulkInsert("cost_row", rows, OnConflict {}));
    return writeCostDays(tx, summary, days);
}

Result<> writeBill(Transaction& tx, const contract::Item& item)
{
    QUITTANCE_TRY(const contract::BillItem read, contract::fromJson<contract::BillItem>(item.data));
    const BillSummary& bill = read.bill.summary;
    QUITTANCE_CHECK(removeBill(tx, bill.id));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill (id, account_id, account_name, number, state, month, period_begin, "
        "issued, due, "
        "currency, total_minor, open_minor, search) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        { bill.id, bill.account, bill.accountName, bill.number,
          static_cast<std::int64_t>(bill.state), std::int64_t { bill.periodMonth.index },
          bill.period.begin.micros, nullableDay(bill.issued), nullableDay(bill.due),
          bill.total.currency.code(), bill.total.minor, bill.open.minor, searchText(read) }
    ));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill_summary (bill_id, data) VALUES ($1, $2)",
        { bill.id, toBytes(contract::toText(bill)) }
    ));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO bill_data (bill_id, data) VALUES ($1, $2)",
        { bill.id, toBytes(contract::toText(read.bill)) }
    ));
    return writeCosts(tx, read);
}

Result<> writeAccount(Transaction& tx, const contract::Item& item)
{
    QUITTANCE_TRY(const auto account, contract::fromJson<contract::AccountView>(item.data));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO account (id, name, currency, time_zone, data) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, currency = excluded.currency, "
        "time_zone = excluded.time_zone, data = excluded.data",
        { account.id, account.name, account.currency, account.timeZone,
          toBytes(contract::toText(account)) }
    ));
    return {};
}

Result<> writePerson(Transaction& tx, const contract::Item& item)
{
    QUITTANCE_TRY(const auto person, contract::fromJson<contract::PersonView>(item.data));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO person (id, name, data) VALUES ($1, $2, $3) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, data = excluded.data",
        { person.id, person.name, toBytes(contract::toText(person)) }
    ));
    return {};
}

Result<> writeHistory(Transaction& tx, const contract::Item& item)
{
    QUITTANCE_TRY(const auto history, contract::fromJson<contract::AccountHistoryView>(item.data));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO account_history (account_id, data) VALUES ($1, $2) "
        "ON CONFLICT (account_id) DO UPDATE SET data = excluded.data",
        { history.account, toBytes(contract::toText(history)) }
    ));
    return {};
}

Result<> writeLegalEntity(Transaction& tx, const contract::Item& item)
{
    QUITTANCE_TRY(const std::int64_t id, numericId(item));
    QUITTANCE_TRY(const auto entity, contract::fromJson<contract::LegalEntityView>(item.data));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO legal_entity (id, data) VALUES ($1, $2) "
        "ON CONFLICT (id) DO UPDATE SET data = excluded.data",
        { id, toBytes(contract::toText(entity)) }
    ));
    return {};
}

Result<> writeEvent(Transaction& tx, const contract::Scope& scope, const contract::Item& item)
{
    QUITTANCE_TRY(const auto event, contract::fromJson<contract::EventView>(item.data));
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO line_event (bill_id, line, started_at, source, event_id, data) "
        "VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (bill_id, line, started_at, source, event_id) DO UPDATE SET data = "
        "excluded.data",
        { scope.bill, std::int64_t { scope.line }, event.start.micros, event.source, event.id,
          toBytes(contract::toText(event)) }
    ));
    return {};
}

Result<> removeItem(Transaction& tx, const contract::Item& item)
{
    // Events of a line never go one by one: an issued line does not change, and a draft's scope is
    // loaded anew.
    if (item.type == "event")
        return {};
    QUITTANCE_TRY(const std::int64_t id, numericId(item));
    if (item.type == "bill")
        return removeBill(tx, id);
    if (item.type == "account")
        QUITTANCE_CHECK(tx.execute("DELETE FROM account WHERE id = $1", { id }));
    if (item.type == "person")
        QUITTANCE_CHECK(tx.execute("DELETE FROM person WHERE id = $1", { id }));
    if (item.type == "account-history")
        return removeHistory(tx, id);
    if (item.type == "legal-entity")
        QUITTANCE_CHECK(tx.execute("DELETE FROM legal_entity WHERE id = $1", { id }));
    return {};
}

} // namespace

Bytes toBytes(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return { bytes.begin(), bytes.end() };
}

std::string_view asText(std::span<const std::byte> bytes)
{
    return { reinterpret_cast<const char*>(bytes.data()), bytes.size() };
}

Result<> writeItem(Transaction& tx, const contract::Scope& scope, const contract::Item& item)
{
    if (item.data.is_null())
        return removeItem(tx, item);
    if (item.type == "bill")
        return writeBill(tx, item);
    if (item.type == "account")
        return writeAccount(tx, item);
    if (item.type == "person")
        return writePerson(tx, item);
    if (item.type == "event")
        return writeEvent(tx, scope, item);
    if (item.type == "account-history")
        return writeHistory(tx, item);
    if (item.type == "legal-entity")
        return writeLegalEntity(tx, item);
    return failure(
        ErrorCode::MalformedInput, fmt::format("no item has the type \"{}\"", item.type)
    );
}

Result<> clearScope(Transaction& tx, const contract::Scope& scope)
{
    switch (scope.kind) {
    case contract::Scope::Kind::Accounts:
        QUITTANCE_CHECK(tx.execute("DELETE FROM account"));
        return {};
    case contract::Scope::Kind::People:
        QUITTANCE_CHECK(tx.execute("DELETE FROM person"));
        return {};
    case contract::Scope::Kind::Bills: {
        const AccountId account = scope.account.value_or(0);
        QUITTANCE_CHECK(tx.execute("DELETE FROM cost_row WHERE account_id = $1", { account }));
        for (const std::string_view table : { "bill_data", "bill_summary", "cost_day" })
            QUITTANCE_CHECK(tx.execute(
                fmt::format(
                    "DELETE FROM {} WHERE bill_id IN (SELECT id FROM bill WHERE account_id = $1)",
                    table
                ),
                { account }
            ));
        QUITTANCE_CHECK(tx.execute("DELETE FROM bill WHERE account_id = $1", { account }));
        return {};
    }
    case contract::Scope::Kind::LineEvents:
        QUITTANCE_CHECK(tx.execute(
            "DELETE FROM line_event WHERE bill_id = $1 AND line = $2",
            { scope.bill, std::int64_t { scope.line } }
        ));
        return {};
    case contract::Scope::Kind::History:
        return removeHistory(tx, scope.account.value_or(0));
    case contract::Scope::Kind::LegalEntities:
        QUITTANCE_CHECK(tx.execute("DELETE FROM legal_entity"));
        return {};
    }
    return {};
}

Result<std::int64_t> scopeBytes(Transaction& tx, const contract::Scope& scope)
{
    switch (scope.kind) {
    case contract::Scope::Kind::Bills:
        return tx.queryInteger(
            "SELECT CAST(COALESCE(SUM(LENGTH(d.data)), 0) AS BIGINT) FROM bill b "
            "JOIN bill_data d ON d.bill_id = b.id WHERE b.account_id = $1",
            { scope.account.value_or(0) }
        );
    case contract::Scope::Kind::LineEvents:
        return tx.queryInteger(
            "SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM line_event "
            "WHERE bill_id = $1 AND line = $2",
            { scope.bill, std::int64_t { scope.line } }
        );
    case contract::Scope::Kind::History:
        return tx.queryInteger(
            "SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM account_history "
            "WHERE account_id = $1",
            { scope.account.value_or(0) }
        );
    case contract::Scope::Kind::Accounts:
    case contract::Scope::Kind::People:
    case contract::Scope::Kind::LegalEntities:
        break;
    }
    return std::int64_t { 0 };
}

} // namespace quittance::client
