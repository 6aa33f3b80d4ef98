#include "client/store/store_schema.h"
#include "tests/client/store/store_world.h"

#include <span>

using namespace quittance;
using namespace quittance::testing;

TEST_CASE("a store of an older console keeps its bills readable and in order")
{
    constexpr std::size_t before = 3; // the migrations without narrow rows for pages
    TestDatabase database(database::Engine::Sqlite);
    const std::span<const database::Migration> all(client::storeMigrations());
    REQUIRE(outcomeOf(database::migrate(database.database(), all.first(before))) == "ok");
    const auto written = database->write([](database::Transaction& tx) -> Result<> {
        for (BillId id = 1; id <= 3; ++id) {
            BillMaker maker(id, 1, "2023-11");
            maker.cost("GPU pods", "2023-11-02", 100 * id);
            const BillSummary& bill = maker.item().bill.summary;
            const std::string text = contract::toText(bill);
            const auto bytes = std::as_bytes(std::span(text));
            QUITTANCE_CHECK(tx.execute(
                "INSERT INTO bill (id, account_id, account_name, number, state, month, "
                "period_begin, currency, total_minor, open_minor, search, summary) "
                "VALUES ($1, 1, 'Account 1', '', 1, $2, $3, 'USD', $4, 0, 'of november', $5)",
                { id, std::int64_t { bill.periodMonth.index }, bill.period.begin.micros,
                  bill.total.minor, database::Bytes(bytes.begin(), bytes.end()) }
            ));
        }
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO cost_row (account_id, day, bill_id, line, project, resource, service, "
            "sku, currency, amount_minor) VALUES ($1, $2, 3, 1, '', 'node-1', 'GPU pods', '', "
            "'USD', 100), ($1, $2, 3, 1, '', 'node-2', 'GPU pods', '', 'USD', 200)",
            { std::int64_t { 1 }, std::int64_t { day("2023-11-02").days } }
        ));
        return {};
    });
    REQUIRE(detailOf(written) == "");
    database.close();

    const auto store = valueOf(client::Store::open(database.url(), {}));
    BillQuery query;
    query.sort = BillColumn::Total;
    const BillPage page = valueOf(store->bills(query, day("2023-12-16"), 0, 2));
    CHECK(valueOf(store->billTotals(query, day("2023-12-16"), [] { return false; })).count == 3);
    REQUIRE(page.bills.size() == 2);
    CHECK(page.bills[0].total == money(300));
    CHECK(page.bills[1].total == money(200));
    CostQuery costs;
    costs.first = day("2023-11-01");
    costs.last = day("2023-11-30");
    CHECK(valueOf(store->costs(costs)).total == 300);
    query.text = "november";
    CHECK(valueOf(store->bills(query, day("2023-12-16"), 0, 9)).bills.size() == 3);
}
