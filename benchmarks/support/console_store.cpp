#include "benchmarks/support/console_store.h"

#include "benchmarks/support/process.h"
#include "benchmarks/support/report.h"
#include "client/store/store.h"
#include "core/contract/codec.h"
#include "core/domain/random.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace quittance::bench {

namespace {

constexpr std::array<std::string_view, 5> services { "GPU pods", "Bare metal", "Models", "Storage",
                                                     "Network" };

template <class T> T valueOf(Result<T> result)
{
    if (!result)
        stop(result.error().detail);
    return std::move(*result);
}

template <class T> void check(const Result<T>& result)
{
    if (!result)
        stop(result.error().detail);
}

std::string nameOf(AccountId account)
{
    return fmt::format("Account {:04}", account);
}

contract::Item accountItem(AccountId id)
{
    contract::AccountView account;
    account.id = id;
    account.name = nameOf(id);
    account.currency = "USD";
    account.timeZone = "UTC";
    account.plan = "standard";
    return { 0, "account", std::to_string(id), contract::toJson(account) };
}

class BillMaker {
public:
    BillMaker(const ConsoleStore& wanted, SeededRandom& random)
        : m_wanted(&wanted)
        , m_random(&random)
    {
    }

    [[nodiscard]] contract::Item make(BillId id, AccountId account, Month month)
    {
        contract::BillItem item;
        describe(item.bill.summary, id, account, month);
        for (const std::string_view service : services)
            addLine(item.bill, service);
        for (int resource = 0; resource < m_wanted->resources; ++resource)
            for (int day = 0; day < m_wanted->daysPerMonth; ++day)
                addCost(item, resource, Date { firstDay(month).days + day });
        settle(item.bill.summary);
        return { 0, "bill", std::to_string(id), contract::toJson(item) };
    }

private:
    void describe(BillSummary& summary, BillId id, AccountId account, Month month) const
    {
        constexpr std::int32_t paymentDays = 14;
        constexpr std::int64_t workingHours = 8 * 3600 * microsPerSecond;
        summary.id = id;
        summary.account = account;
        summary.accountName = nameOf(account);
        summary.periodMonth = month;
        summary.period = { Instant { firstDay(month).days * microsPerDay },
                           Instant { firstDay(next(month)).days * microsPerDay } };
        summary.number = fmt::format("NL-{}-{:06}", civil(firstDay(month)).year, id);
        summary.state = BillState::Open;
        summary.issued = Date { firstDay(next(month)).days + static_cast<std::int32_t>(id % 5) };
        summary.issuedAt = Instant { summary.issued->days * microsPerDay + workingHours };
        summary.due = Date { summary.issued->days + paymentDays };
        for (Money* const amount : { &summary.net, &summary.tax, &summary.total, &summary.open })
            amount->currency = m_currency;
        summary.lineCount = static_cast<std::int32_t>(services.size());
    }
    void addLine(Bill& bill, std::string_view service) const
    {
        BillLine& line = bill.lines.emplace_back();
        line.number = static_cast<std::int32_t>(bill.lines.size());
        line.service = service;
        line.name = std::string(service) + ", on demand";
        line.meter = "gpu-seconds";
        line.unit = "GPU-h";
        line.per = 3600;
        line.period = bill.summary.period;
        line.amount.currency = m_currency;
    }
    void addCost(contract::BillItem& item, int resource, Date day)
    {
        constexpr std::uint64_t minorMax = 1'000'000;
        constexpr int projects = 20;
        const auto place = static_cast<std::size_t>(resource) % services.size();
        BillLine& line = item.bill.lines[place];
        const auto minor = static_cast<std::int64_t>(m_random->below(minorMax)) + 1;
        item.costs.push_back({ line.number, day, fmt::format("project-{:02}", resource % projects),
                               fmt::format("node-{:04}", resource), minor, minor, 1 });
        line.amount.minor += minor;
        item.bill.summary.net.minor += minor;
    }
    /// Most bills are paid, as they are in life.
    static void settle(BillSummary& summary)
    {
        constexpr std::int64_t openOneIn = 20;
        summary.total = summary.net;
        if (summary.id % openOneIn == 0)
            summary.open = summary.total;
        else
            summary.state = BillState::Paid;
    }

    const ConsoleStore* m_wanted;
    SeededRandom* m_random;
    Currency m_currency = valueOf(Currency::find("USD"));
};

class Filler {
public:
    explicit Filler(client::Store& store)
        : m_store(&store)
    {
    }

    void load(const std::string& scope, const std::vector<contract::Item>& items)
    {
        m_seconds += secondsOf([&] {
            check(m_store->beginSnapshot(scope));
            check(m_store->addSnapshotItems(scope, items));
            check(m_store->finishSnapshot(scope, 1, Instant {}));
        });
    }
    [[nodiscard]] double seconds() const { return m_seconds; }

private:
    client::Store* m_store;
    double m_seconds = 0;
};

} // namespace

double fillConsoleStore(const std::string& file, const ConsoleStore& wanted)
{
    const auto store = valueOf(client::Store::open("sqlite:" + file, {}));
    SeededRandom random(1);
    BillMaker bills(wanted, random);
    Filler filler(*store);
    const Month last = valueOf(parseMonth(wanted.lastMonth));
    std::vector<contract::Item> accounts;
    BillId id = 0;
    for (AccountId account = 1; account <= wanted.accounts; ++account) {
        accounts.push_back(accountItem(account));
        std::vector<contract::Item> items;
        items.reserve(static_cast<std::size_t>(wanted.monthsPerAccount));
        for (int month = 0; month < wanted.monthsPerAccount; ++month)
            items.push_back(bills.make(++id, account, next(last, -month)));
        filler.load(fmt::format("bills:{}", account), items);
    }
    filler.load("accounts", accounts);
    return filler.seconds();
}

} // namespace quittance::bench
