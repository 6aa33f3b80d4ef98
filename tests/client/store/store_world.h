#pragma once

#include "client/store/store.h"
#include "core/contract/codec.h"
#include "tests/support/databases.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace quittance::testing {

inline Date day(const std::string& text)
{
    return valueOf(parseDate(text));
}

inline Instant at(const std::string& text)
{
    return valueOf(parseInstant(text));
}

inline Money money(std::int64_t minor, const std::string& currency = "USD")
{
    return { minor, valueOf(Currency::find(currency)) };
}

/// A bill of one account with a line a service; costs lie on days of its month.
class BillMaker {
public:
    BillMaker(BillId id, AccountId account, const std::string& month)
    {
        BillSummary& summary = m_item.bill.summary;
        summary.id = id;
        summary.account = account;
        summary.accountName = fmt::format("Account {}", account);
        summary.periodMonth = valueOf(parseMonth(month));
        summary.period = { at(month + "-01T00:00:00Z"),
                           at(toText(firstDay(next(summary.periodMonth))) + "T00:00:00Z") };
        currency("USD");
    }
    BillMaker& name(const std::string& text)
    {
        m_item.bill.summary.accountName = text;
        return *this;
    }
    BillMaker& currency(const std::string& code)
    {
        BillSummary& summary = m_item.bill.summary;
        for (Money* const amount : { &summary.net, &summary.tax, &summary.total, &summary.open })
            amount->currency = valueOf(Currency::find(code));
        return *this;
    }
    BillMaker& issued(const std::string& number, const std::string& on, const std::string& due)
    {
        BillSummary& summary = m_item.bill.summary;
        summary.number = number;
        summary.state = BillState::Open;
        summary.issued = day(on);
        summary.issuedAt = at(on + "T08:00:00Z");
        summary.due = day(due);
        summary.open = summary.total;
        return *this;
    }
    BillMaker& state(BillState state, std::int64_t openMinor)
    {
        m_item.bill.summary.state = state;
        m_item.bill.summary.open.minor = openMinor;
        return *this;
    }
    /// A cost of a service on a day; every service is a line, and the amounts make the total.
    BillMaker& cost(
        const std::string& service, const std::string& on, std::int64_t minor,
        const std::string& project = "p", const std::string& resource = "r"
    )
    {
        BillSummary& summary = m_item.bill.summary;
        BillLine& line = lineOf(service);
        line.amount.minor += minor;
        m_item.costs.push_back({ line.number, day(on), project, resource, minor, minor, 1 });
        summary.net.minor += minor;
        summary.total.minor += minor;
        if (summary.state != BillState::Draft)
            summary.open.minor += minor;
        return *this;
    }
    [[nodiscard]] const contract::BillItem& item() const { return m_item; }
    [[nodiscard]] contract::Item change(std::int64_t seq = 0) const
    {
        return { seq, "bill", std::to_string(m_item.bill.summary.id), contract::toJson(m_item) };
    }

private:
    BillLine& lineOf(const std::string& service)
    {
        for (BillLine& line : m_item.bill.lines)
            if (line.service == service)
                return line;
        BillLine& line = m_item.bill.lines.emplace_back();
        line.number = static_cast<std::int32_t>(m_item.bill.lines.size());
        line.service = service;
        line.name = service + " SKU";
        line.meter = "calls";
        line.quantityDigits = 6;
        line.period = m_item.bill.summary.period;
        line.amount = { 0, m_item.bill.summary.total.currency };
        m_item.bill.summary.lineCount = line.number;
        return line;
    }

    contract::BillItem m_item;
};

inline contract::Item removal(const std::string& type, std::int64_t id, std::int64_t seq)
{
    return { seq, type, std::to_string(id), nullptr };
}

inline contract::Item
account(AccountId id, const std::string& name, const std::string& currency = "USD")
{
    contract::AccountView view;
    view.id = id;
    view.name = name;
    view.currency = currency;
    view.timeZone = "UTC";
    view.plan = "standard";
    view.profile.legalName = name + " Ltd";
    return { 0, "account", std::to_string(id), contract::toJson(view) };
}

/// Versions of a profile by their legal names, the newest first, a month apart; one of the terms.
inline contract::Item history(AccountId account, const std::vector<std::string>& legalNames)
{
    contract::AccountHistoryView view;
    view.account = account;
    auto version = static_cast<std::int32_t>(legalNames.size());
    for (const std::string& name : legalNames) {
        contract::ProfileVersionView& profile = view.profiles.emplace_back();
        profile.validFrom = at(fmt::format("2023-{:02}-01T00:00:00Z", version));
        profile.profile.version = version--;
        profile.profile.legalName = name;
    }
    view.terms.push_back({ at("2023-01-01T00:00:00Z"), { 1, "lake-de", 30 } });
    return { 0, "account-history", std::to_string(account), contract::toJson(view) };
}

inline contract::Item legalEntity(std::int64_t id, const std::string& code)
{
    const contract::LegalEntityView view { code, code + " Ltd", "DE" };
    return { 0, "legal-entity", std::to_string(id), contract::toJson(view) };
}

inline contract::Item event(const std::string& id, const std::string& start)
{
    contract::EventView view { id,        "meter",   "node-1",   "p",
                               at(start), at(start), "1.500000", "0.250000" };
    return { 0, "event", "meter/" + id, contract::toJson(view) };
}

/// A store in a folder of its own.
class StoreWorld {
public:
    StoreWorld()
        : store(valueOf(client::Store::open(m_folder.sqliteUrl("store.db"), {})))
    {
    }

    /// Loads a scope anew with these items.
    void load(const std::string& scope, const std::vector<contract::Item>& items) const
    {
        REQUIRE(detailOf(store->beginSnapshot(scope)) == "");
        REQUIRE(detailOf(store->addSnapshotItems(scope, items)) == "");
        REQUIRE(detailOf(store->finishSnapshot(scope, 1, now)) == "");
    }
    void reopen()
    {
        store.reset();
        store = valueOf(client::Store::open(m_folder.sqliteUrl("store.db"), {}));
    }
    /// The ids of the answer, in its order: "3 1 2".
    std::string
    ids(const BillQuery& query, const std::string& today = "2023-12-16", std::int64_t offset = 0,
        int limit = 100) const
    {
        std::string text;
        for (const BillSummary& bill :
             valueOf(store->bills(query, day(today), offset, limit)).bills)
            text += fmt::format("{}{}", text.empty() ? "" : " ", bill.id);
        return text;
    }

    /// "3: 7 JPY, 5.50 USD".
    std::string totals(const BillQuery& query, const std::string& today = "2023-12-16") const
    {
        const BillTotals totals
            = valueOf(store->billTotals(query, day(today), [] { return false; }));
        std::string sums;
        for (const Money& sum : totals.openSums)
            sums += fmt::format("{}{}", sums.empty() ? "" : ", ", toText(sum));
        return fmt::format("{}: {}", totals.count, sums);
    }

    Instant now = at("2023-12-16T09:00:00Z");

private:
    TemporaryFolder m_folder;

public:
    std::unique_ptr<client::Store> store;
};

} // namespace quittance::testing
