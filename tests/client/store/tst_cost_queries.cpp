#include "tests/client/store/store_world.h"

#include <algorithm>

using namespace quittance;
using namespace quittance::testing;

namespace {

/// Two accounts with costs in October and November 2023, a voided bill, and an account of another
/// currency.
class CostsWorld : public StoreWorld {
public:
    CostsWorld()
    {
        load(
            "accounts", { account(1, "Zeta"), account(2, "Acme"), account(3, "Kyoto Labs", "JPY") }
        );
        load(
            "bills:1",
            { BillMaker(1, 1, "2023-10")
                  .cost("GPU pods", "2023-10-02", 100, "vision", "node-1")
                  .cost("GPU pods", "2023-10-31", 10, "vision", "node-1")
                  .cost("Storage", "2023-10-15", 7, "", "disk")
                  .issued("N-1", "2023-11-02", "2023-11-16")
                  .change(),
              BillMaker(2, 1, "2023-11")
                  .cost("GPU pods", "2023-11-01", 200, "vision", "node-1")
                  .cost("GPU pods", "2023-11-05", 30, "speech", "node-2")
                  .cost("Storage", "2023-11-06", 9, "", "disk")
                  .cost("GPU pods", "2023-11-30", 1, "vision", "node-1")
                  .issued("N-2", "2023-12-02", "2023-12-30")
                  .change(),
              BillMaker(3, 1, "2023-09")
                  .cost("GPU pods", "2023-11-05", 5000)
                  .issued("N-0", "2023-10-02", "2023-10-16")
                  .state(BillState::Void, 0)
                  .change() }
        );
        load(
            "bills:2",
            { BillMaker(4, 2, "2023-11")
                  .cost("Model API", "2023-11-05", 40, "chat", "endpoint")
                  .cost("GPU pods", "2023-11-20", 2, "chat", "node-9")
                  .issued("N-3", "2023-12-02", "2023-12-10")
                  .change() }
        );
        load(
            "bills:3",
            { BillMaker(5, 3, "2023-11")
                  .currency("JPY")
                  .cost("GPU pods", "2023-11-05", 999)
                  .issued("J-1", "2023-12-02", "2023-12-16")
                  .change() }
        );
    }

    CostAnswer ask(const CostQuery& query) { return valueOf(store->costs(query)); }
};

CostQuery november(CostGroup split, CostStep step = CostStep::Month)
{
    CostQuery query;
    query.first = day("2023-11-01");
    query.last = day("2023-11-30");
    query.split = split;
    query.step = step;
    return query;
}

/// "key 1+2 (before)" a series, in the answer's order.
std::string textOf(const CostAnswer& answer)
{
    std::string text;
    for (const CostSeries& series : answer.series) {
        std::string amounts;
        for (const std::int64_t amount : series.amounts)
            amounts += fmt::format("{}{}", amounts.empty() ? "" : "+", amount);
        text += fmt::format(
            "{}{} {} ({})", text.empty() ? "" : ", ", series.key, amounts, series.previousTotal
        );
    }
    return text;
}

std::string textOf(const std::vector<Debt>& debts)
{
    std::string text;
    for (const Debt& debt : debts) {
        text += fmt::format(
            "{}{} {}, {} overdue", text.empty() ? "" : "; ", debt.owed.currency.code(),
            debt.owed.minor, debt.overdueMinor
        );
        if (debt.overdueSince)
            text += " since " + toText(*debt.overdueSince);
        if (debt.nextDue)
            text += ", next " + toText(*debt.nextDue);
    }
    return text;
}

} // namespace

TEST_CASE("costs split by every group; a voided bill and another currency are not in them")
{
    struct Row {
        CostGroup split;
        std::string series;
    };
    const std::vector<Row> rows {
        { CostGroup::Service, "GPU pods 233 (110), Model API 40 (0), Storage 9 (7)" },
        { CostGroup::Sku, "GPU pods SKU 233 (110), Model API SKU 40 (0), Storage SKU 9 (7)" },
        { CostGroup::Project, "vision 201 (110), chat 42 (0), speech 30 (0),  9 (7)" },
        { CostGroup::Resource,
          "node-1 201 (110), endpoint 40 (0), node-2 30 (0), disk 9 (7), node-9 2 (0)" },
        { CostGroup::Account, "Zeta 240 (117), Acme 42 (0)" },
    };
    CostsWorld world;
    for (const Row& row : rows) {
        CAPTURE(row.series);
        const CostAnswer answer = world.ask(november(row.split));
        CHECK(textOf(answer) == row.series);
        CHECK(answer.currency.code() == "USD");
        CHECK(answer.total == 282);
        CHECK(answer.previousTotal == 117);
        REQUIRE(answer.otherCurrencies.size() == 1);
        CHECK(answer.otherCurrencies[0].code() == "JPY");
        CHECK(toText(answer.previousFirst) == "2023-10-01");
        CHECK(toText(answer.previousLast) == "2023-10-31");
    }
}

TEST_CASE("of bills that changed or went, the costs are the present ones")
{
    CostsWorld world;
    const contract::ChangePage page {
        { BillMaker(1, 1, "2023-10").cost("Storage", "2023-10-15", 8, "", "disk").change(2),
          removal("bill", 2, 3) },
        3,
        false
    };
    REQUIRE(detailOf(world.store->applyChanges("bills:1", page, world.now)) == "");
    for (const auto& [split, series] : std::vector<std::pair<CostGroup, std::string>> {
             { CostGroup::Service, "Model API 40 (0), GPU pods 2 (0), Storage 0 (8)" },
             { CostGroup::Account, "Acme 42 (0), Zeta 0 (8)" },
             { CostGroup::Resource, "endpoint 40 (0), node-9 2 (0), disk 0 (8)" } }) {
        const std::string& expected = series;
        CAPTURE(expected);
        CHECK(textOf(world.ask(november(split))) == expected);
    }
    REQUIRE(detailOf(world.store->dropScope("bills:1")) == "");
    CHECK(textOf(world.ask(november(CostGroup::Account))) == "Acme 42 (0)");
}

TEST_CASE("every step puts each amount in its own day, week or month")
{
    CostsWorld world;
    for (const CostStep step : { CostStep::Day, CostStep::Week, CostStep::Month }) {
        const CostAnswer answer = world.ask(november(CostGroup::Service, step));
        for (const CostSeries& series : answer.series) {
            std::int64_t sum = 0;
            for (const std::int64_t amount : series.amounts)
                sum += amount;
            CHECK(sum == series.total);
            CHECK(series.amounts.size() == answer.steps.size());
        }
        CHECK(answer.previous.size() == answer.steps.size());
    }
    const CostAnswer days = world.ask(november(CostGroup::Account, CostStep::Day));
    REQUIRE(days.steps.size() == 30);
    CHECK(days.series[0].amounts[0] == 200);
    CHECK(days.series[0].amounts[4] == 30);
    CHECK(days.series[0].amounts[29] == 1);
    // 2 October is drawn at 2 November; 31 October has no day to be drawn at, but counts.
    CHECK(days.previous[1] == 100);
    CHECK(days.previous[14] == 7);
    CHECK(days.previousTotal == 117);

    // Weeks from Monday; the first begins where the question does: Wednesday to Sunday.
    const CostAnswer weeks = world.ask(november(CostGroup::Account, CostStep::Week));
    REQUIRE(weeks.steps.size() == 5);
    CHECK(toText(weeks.steps[1]) == "2023-11-06");
    CHECK(textOf(weeks) == "Zeta 230+9+0+0+1 (117), Acme 40+0+0+2+0 (0)");

    CostQuery both = november(CostGroup::Service);
    both.first = day("2023-10-01");
    const CostAnswer months = world.ask(both);
    CHECK(textOf(months) == "GPU pods 110+233 (0), Model API 0+40 (0), Storage 7+9 (0)");
    CHECK(toText(months.previousFirst) == "2023-08-01");
}

TEST_CASE("filters of every group hold together")
{
    CostsWorld world;
    const auto filtered = [&](std::vector<std::pair<CostGroup, std::string>> filter) {
        CostQuery query = november(CostGroup::Service);
        query.filter = std::move(filter);
        return textOf(world.ask(query));
    };
    CHECK(filtered({ { CostGroup::Service, "GPU pods" } }) == "GPU pods 233 (110)");
    CHECK(filtered({ { CostGroup::Sku, "Storage SKU" } }) == "Storage 9 (7)");
    CHECK(filtered({ { CostGroup::Project, "" } }) == "Storage 9 (7)");
    CHECK(filtered({ { CostGroup::Resource, "node-2" } }) == "GPU pods 30 (0)");
    CHECK(filtered({ { CostGroup::Account, "Acme" } }) == "Model API 40 (0), GPU pods 2 (0)");
    CHECK(
        filtered({ { CostGroup::Account, "Acme" }, { CostGroup::Service, "GPU pods" } })
        == "GPU pods 2 (0)"
    );
    CHECK(filtered({ { CostGroup::Service, "' OR 1=1 --" } }).empty());
}

TEST_CASE("an account's costs are in its currency, equal to its bills")
{
    CostsWorld world;
    CostQuery query = november(CostGroup::Service);
    query.account = 3;
    const CostAnswer yen = world.ask(query);
    CHECK(yen.currency.code() == "JPY");
    CHECK(yen.total == 999);
    CHECK(yen.otherCurrencies.empty());

    query.account = 1;
    query.comparePrevious = false;
    const CostAnswer zeta = world.ask(query);
    CHECK(zeta.total == valueOf(world.store->bill(2)).summary.net.minor);
    CHECK(zeta.previousTotal == 0);
    CHECK(zeta.otherCurrencies.empty());

    query.account = 77;
    CHECK(world.ask(query).series.empty());
}

TEST_CASE("part of a month is compared with the same days before, other spans with as many days")
{
    CostsWorld world;
    CostQuery query = november(CostGroup::Service);
    query.account = 1;
    query.last = day("2023-11-15");
    CHECK(world.ask(query).previousTotal == 107);
    query.first = day("2023-11-02");
    query.last = day("2023-11-06");
    const CostAnswer days = world.ask(query);
    CHECK(toText(days.previousFirst) == "2023-10-28");
    CHECK(toText(days.previousLast) == "2023-11-01");
    CHECK(days.total == 39);
    CHECK(days.previousTotal == 210);
    query.last = day("2023-11-01");
    CHECK(outcomeOf(world.store->costs(query)) == "invalid-argument");
}

TEST_CASE("the overview says what is owed, by when, and how the month goes")
{
    CostsWorld world;
    const Month month = valueOf(parseMonth("2023-11"));
    const OverviewAnswer all = valueOf(world.store->overview({}, month, day("2023-12-16")));
    CHECK(all.currency.code() == "USD");
    CHECK(
        textOf(all.debts)
        == "JPY 999, 0 overdue, next 2023-12-16; USD 399, 159 overdue since 2023-11-16, "
           "next 2023-12-30"
    );
    CHECK(all.monthToDateMinor == 282);
    CHECK(all.lastMonthMinor == 117);
    CHECK(all.lastMonthSameDaysMinor == 117);
    CHECK(toText(all.costsThrough.value()) == "2023-11-30");
    CHECK(all.lastBills.size() == 5);

    // Half through the month, only the same days of the month before are set beside it.
    const OverviewAnswer half = valueOf(world.store->overview(1, month, day("2023-11-15")));
    CHECK(half.lastMonthMinor == 117);
    CHECK(half.lastMonthSameDaysMinor == 107);
    CHECK(textOf(half.debts) == "USD 357, 0 overdue, next 2023-11-16");
    const OverviewAnswer late = valueOf(world.store->overview(3, month, day("2024-01-01")));
    CHECK(textOf(late.debts) == "JPY 999, 999 overdue since 2023-12-16");

    const OverviewAnswer none = valueOf(world.store->overview(77, month, day("2023-11-15")));
    CHECK(none.debts.empty());
    CHECK_FALSE(none.costsThrough.has_value());
    CHECK(none.lastBills.empty());
}

TEST_CASE("the last bills are issued ones, however many drafts there are")
{
    CostsWorld world;
    std::vector<contract::Item> drafts;
    for (BillId id = 100; id < 110; ++id)
        drafts.push_back(BillMaker(id, 9, "2023-12").cost("API", "2023-12-01", 1).change());
    world.load("bills:9", drafts);
    const Month month = valueOf(parseMonth("2023-12"));
    std::string ids;
    for (const BillSummary& bill :
         valueOf(world.store->overview({}, month, day("2023-12-16"))).lastBills)
        ids += fmt::format("{} ", bill.id);
    CHECK(ids == "5 4 2 1 3 ");
}
