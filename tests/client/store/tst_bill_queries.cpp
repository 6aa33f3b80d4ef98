#include "tests/client/store/store_world.h"

using namespace quittance;
using namespace quittance::testing;

namespace {

/// Bills of two accounts in every state, one of them a draft without a day of issue:
///
///     id  account  number  month    issued      due         total  open   state
///     1   1 Zeta   N-001   2023-08  2023-09-02  2023-09-16  300    0      paid
///     2   1 Zeta   N-003   2023-09  2023-10-02  2023-10-16  100    100    open, overdue
///     3   2 Acme   N-002   2023-10  2023-11-02  2023-12-20  200    50     part-paid, due soon
///     4   2 Acme   N-004   2023-11  2023-12-02  2024-01-31  400    400    open
///     5   2 Acme           2023-12                          500    0      draft
///     6   1 Zeta   N-005   2023-11  2023-12-02  2023-12-16  50     0      void
class BillsWorld : public StoreWorld {
public:
    BillsWorld()
    {
        load("accounts", { account(1, "Zeta"), account(2, "Acme") });
        const auto zeta = [](BillId id, const std::string& month) {
            return BillMaker(id, 1, month).name("Zeta");
        };
        const auto acme = [](BillId id, const std::string& month) {
            return BillMaker(id, 2, month).name("Acme Research");
        };
        load(
            "bills:1",
            { zeta(1, "2023-08")
                  .cost("GPU pods", "2023-08-05", 300)
                  .issued("N-001", "2023-09-02", "2023-09-16")
                  .state(BillState::Paid, 0)
                  .change(),
              zeta(2, "2023-09")
                  .cost("GPU pods", "2023-09-05", 100)
                  .issued("N-003", "2023-10-02", "2023-10-16")
                  .change(),
              zeta(6, "2023-11")
                  .cost("GPU pods", "2023-11-05", 50)
                  .issued("N-005", "2023-12-02", "2023-12-16")
                  .state(BillState::Void, 0)
                  .change() }
        );
        load(
            "bills:2",
            { acme(3, "2023-10")
                  .cost("Model API", "2023-10-05", 200)
                  .issued("N-002", "2023-11-02", "2023-12-20")
                  .state(BillState::PartPaid, 50)
                  .change(),
              acme(4, "2023-11")
                  .cost("Model API", "2023-11-05", 400)
                  .issued("N-004", "2023-12-02", "2024-01-31")
                  .change(),
              acme(5, "2023-12").cost("Model API", "2023-12-05", 500).change() }
        );
    }
};

BillQuery sorted(BillColumn column, bool descending)
{
    BillQuery query;
    query.sort = column;
    query.descending = descending;
    return query;
}

BillQuery searched(const std::string& text)
{
    BillQuery query = sorted(BillColumn::Number, false);
    query.text = text;
    return query;
}

} // namespace

TEST_CASE("bills sort by every column, both ways, with what is absent at a fixed end")
{
    struct Row {
        BillColumn column;
        std::string ascending;
        std::string descending;
    };
    const std::vector<Row> rows {
        { BillColumn::Number, "5 1 3 2 4 6", "6 4 2 3 1 5" },
        { BillColumn::Account, "3 4 5 1 2 6", "6 2 1 5 4 3" },
        { BillColumn::Period, "1 2 3 4 6 5", "5 6 4 3 2 1" },
        // A draft is newer than every issued bill.
        { BillColumn::Issued, "1 2 3 4 6 5", "5 6 4 3 2 1" },
        // A draft is due never: last both ways.
        { BillColumn::Due, "1 2 6 3 4 5", "4 3 6 2 1 5" },
        { BillColumn::Total, "6 2 3 1 4 5", "5 4 1 3 2 6" },
        { BillColumn::Open, "1 5 6 3 2 4", "4 2 3 6 5 1" },
        // draft, open, paid, void, due soon, overdue
        { BillColumn::State, "5 4 1 6 3 2", "2 3 6 1 4 5" },
    };
    BillsWorld world;
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.column));
        CHECK(world.ids(sorted(row.column, false)) == row.ascending);
        CHECK(world.ids(sorted(row.column, true)) == row.descending);
    }
}

TEST_CASE("a state is that of the day on which it is asked")
{
    struct Row {
        ShownState state;
        std::string today;
        std::string ids;
    };
    const std::vector<Row> rows {
        { ShownState::Draft, "2023-12-16", "5" },   { ShownState::Open, "2023-12-16", "4" },
        { ShownState::Open, "2023-10-08", "2 4" },  { ShownState::DueSoon, "2023-10-09", "2" },
        { ShownState::DueSoon, "2023-10-16", "2" }, { ShownState::Overdue, "2023-10-17", "2" },
        { ShownState::DueSoon, "2023-12-16", "3" }, { ShownState::PartPaid, "2023-12-12", "3" },
        { ShownState::PartPaid, "2023-12-16", "" }, { ShownState::Overdue, "2024-02-01", "2 3 4" },
        { ShownState::Paid, "2030-01-01", "1" },    { ShownState::Void, "2030-01-01", "6" },
        { ShownState::Closed, "2023-12-16", "" },   { ShownState::Objection, "2023-12-16", "" },
    };
    BillsWorld world;
    for (const Row& row : rows) {
        BillQuery query = sorted(BillColumn::Period, false);
        query.states = { row.state };
        CAPTURE(wireName(row.state));
        CAPTURE(row.today);
        CHECK(world.ids(query, row.today) == row.ids);
        // The store's rule and the domain's are one rule.
        for (const BillSummary& bill :
             valueOf(world.store->bills(query, day(row.today), 0, 100)).bills)
            CHECK(billStateAt(bill, day(row.today)) == row.state);
    }
}

TEST_CASE("bills are filtered by account, states, day of issue and total")
{
    BillsWorld world;
    BillQuery query = sorted(BillColumn::Period, false);
    query.account = 2;
    CHECK(world.ids(query) == "3 4 5");
    query.states = { ShownState::Draft, ShownState::DueSoon };
    CHECK(world.ids(query) == "3 5");
    query.totalMinMinor = 300;
    CHECK(world.ids(query) == "5");

    BillQuery issued = sorted(BillColumn::Period, false);
    issued.issuedFrom = day("2023-11-02");
    CHECK(world.ids(issued) == "3 4 6 5");
    issued.totalMaxMinor = 200;
    CHECK(world.ids(issued) == "3 6");
    issued.totalMinMinor = 200;
    CHECK(world.ids(issued) == "3");
    issued.account = 3;
    CHECK(world.ids(issued).empty());
}

TEST_CASE("bills are those of one period, where one is asked for")
{
    BillsWorld world;
    BillQuery query = sorted(BillColumn::Number, false);
    for (const auto& [key, ids] : std::vector<std::pair<std::string, std::string>> {
             { "2023-08", "1" }, { "2023-11", "4 6" }, { "2023-12", "5" }, { "2022-08", "" } }) {
        const std::string& month = key;
        CAPTURE(month);
        query.month = valueOf(parseMonth(month));
        CHECK(world.ids(query) == ids);
    }
}

TEST_CASE("any part of number, account, period or amount finds a bill")
{
    const std::vector<std::pair<std::string, std::string>> rows {
        { "N-00", "1 3 2 4 6" }, { "n-003", "2" },        { "003", "2" },
        { "acme", "5 3 4" },     { "Acme Res", "5 3 4" }, { "earch", "5 3 4" },
        { "2023-11", "4 6" },    { "november", "4 6" },   { "November 2023", "4 6" },
        { "4.00", "4" },         { "acme 2023-11", "4" }, { "0.50", "3 6" },
        { "no such", "" },       { "\"%_'", "" },         { "", "5 1 3 2 4 6" },
        { "  ", "5 1 3 2 4 6" }, { "ze", "1 2 6" },
    };
    BillsWorld world;
    for (const auto& [typed, ids] : rows) {
        const std::string& text = typed;
        CAPTURE(text);
        CHECK(world.ids(searched(text)) == ids);
    }
}

TEST_CASE("services, SKUs, projects and resources of its lines find a bill")
{
    BillsWorld world;
    world.load(
        "bills:9",
        { BillMaker(90, 9, "2023-11")
              .cost("Training", "2023-11-01", 7, "vision", "a100-17")
              .change(),
          BillMaker(91, 9, "2023-10").cost("Training", "2023-10-01", 7, "speech", "").change() }
    );
    const std::vector<std::pair<std::string, std::string>> rows {
        { "training", "90 91" }, { "training sku", "90 91" },
        { "VISION", "90" },      { "a100", "90" },
        { "peec", "91" },        { "speech a100", "" },
        { "Model API", "5 3 4" }
    };
    for (const auto& [typed, ids] : rows) {
        const std::string& text = typed;
        CAPTURE(text);
        CHECK(world.ids(searched(text)) == ids);
    }
}

TEST_CASE("a search finds the present text of a bill only")
{
    BillsWorld world;
    const contract::ChangePage page {
        { BillMaker(4, 2, "2023-11").name("Renamed").cost("API", "2023-11-05", 1).change(2),
          removal("bill", 3, 3) },
        3,
        false
    };
    REQUIRE(detailOf(world.store->applyChanges("bills:2", page, world.now)) == "");
    CHECK(world.ids(searched("Acme")) == "5");
    CHECK(world.ids(searched("Renamed")) == "4");
    CHECK(world.ids(searched("N-004")).empty());
}

TEST_CASE("pages follow each other, and the totals are of all of them")
{
    BillsWorld world;
    BillQuery query = sorted(BillColumn::Period, false);
    CHECK(world.ids(query, "2023-12-16", 0, 2) == "1 2");
    CHECK(world.ids(query, "2023-12-16", 2, 2) == "3 4");
    CHECK(world.ids(query, "2023-12-16", 4, 100) == "6 5");
    CHECK(world.ids(query, "2023-12-16", 6, 100).empty());
    world.load(
        "bills:9",
        { BillMaker(90, 9, "2023-11")
              .currency("JPY")
              .cost("API", "2023-11-01", 700)
              .issued("J-1", "2023-12-01", "2024-01-01")
              .change() }
    );
    CHECK(valueOf(world.store->bills(query, day("2023-12-16"), 2, 2)).offset == 2);
    CHECK(world.totals(query) == "7: 700 JPY, 5.50 USD");
    for (const char* const word : { "november", "11", "2023-11", "11 november" }) {
        CAPTURE(word);
        query.text = word;
        CHECK(world.totals(query) == "3: 700 JPY, 4.00 USD");
    }
    query.text = "no such";
    CHECK(world.totals(query) == "0: ");
    CHECK(valueOf(world.store->billCount()) == 7);
}

TEST_CASE("bills that share a word are in order, however many they are")
{
    constexpr BillId bills = 1'100;
    StoreWorld world;
    std::vector<contract::Item> items;
    for (BillId id = 1; id <= bills; ++id)
        items.push_back(BillMaker(id, 1, "2023-11")
                            .name(id % 100 == 0 ? "Zeta" : "Acme Research")
                            .cost("GPU pods", "2023-11-05", 5'000 - id)
                            .change());
    world.load("bills:1", items);
    BillQuery query = sorted(BillColumn::Total, false);
    query.text = "acme 2023-11";
    CHECK(world.ids(query, "2023-12-16", 0, 3) == "1099 1098 1097");
    CHECK(world.ids(query, "2023-12-16", 98, 2) == "1001 999");
    CHECK(world.ids(query, "2023-12-16", 1'086, 9) == "3 2 1");
    CHECK(world.totals(query) == "1089: 0.00 USD");
    query.text = "zeta";
    CHECK(world.ids(query, "2023-12-16", 9, 9) == "200 100");
}

TEST_CASE("counting ends where another question came")
{
    BillsWorld world;
    const Date today = day("2023-12-16");
    const auto outdated = world.store->billTotals(searched("7"), today, [] { return true; });
    REQUIRE(!outdated);
    CHECK(outdated.error().code == ErrorCode::Cancelled);
}

TEST_CASE("a bill comes back as it was sent, and an absent one is named")
{
    BillsWorld world;
    const contract::BillItem sent
        = BillMaker(7, 1, "2023-07").cost("GPU pods", "2023-07-01", 5).item();
    const contract::Item item { 2, "bill", "7", contract::toJson(sent) };
    REQUIRE(
        detailOf(world.store->applyChanges("bills:1", { { item }, 2, false }, world.now)) == ""
    );
    CHECK(valueOf(world.store->bill(7)) == sent.bill);
    const auto absent = world.store->bill(70);
    CHECK(outcomeOf(absent) == "not-found");
    CHECK(detailOf(absent) == "bill 70 is not stored here");
}

TEST_CASE("months are those with a bill, newest first")
{
    BillsWorld world;
    const auto text = [&](std::optional<AccountId> account) {
        std::string months;
        for (const Month month : valueOf(world.store->months(account)))
            months += toText(month) + " ";
        return months;
    };
    CHECK(text(std::nullopt) == "2023-12 2023-11 2023-10 2023-09 2023-08 ");
    CHECK(text(1) == "2023-11 2023-09 2023-08 ");
    CHECK(text(3).empty());
}
