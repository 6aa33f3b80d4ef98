#include "core/formats/ubl_check.h"
#include "tests/backend/billing/billing_world.h"

#include <algorithm>
#include <thread>
#include <vector>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

/// One issued bill and one draft.
class EInvoiceWorld : public BillingWorld {
public:
    explicit EInvoiceWorld(TestDatabase& db)
        : BillingWorld(db)
    {
        const AccountId acme = customer("acme", "Europe/Paris");
        add({ pod(acme, "p1", "2023-11-02T00:00:00Z", "2023-11-03T10:00:00Z"),
              call(acme, "c1", "2023-11-05T00:00:00Z", 1'234'567),
              call(acme, "c2", "2023-12-05T00:00:00Z", 1'000'000) });
        issued = bill("2023-11", true).front().bill;
        draft = bill("2023-12", false).front().bill;
    }

    Result<std::string> exported(BillId id) { return exportDocument(context(), brand, id, "ubl"); }

    std::int64_t archived()
    {
        return read([](Transaction& tx) {
            return tx.queryInteger("SELECT COUNT(*) FROM bill_document WHERE format = 'ubl'", {});
        });
    }

    BillId issued = 0;
    BillId draft = 0;
};

} // namespace

TEST_CASE("An e-invoice is made when it is first asked for, and is the same ever after")
{
    forEachDatabase([](TestDatabase& db) {
        EInvoiceWorld world(db);
        CHECK(world.archived() == 0);
        const std::string checked = world.read([&](Transaction& tx) {
            return eInvoiceToCheck(tx, world.brand, world.issued);
        });
        CHECK(world.archived() == 0); // to look at it makes none
        const std::string first = valueOf(world.exported(world.issued));
        CHECK(first == checked);
        CHECK(valueOf(formats::checkUbl(first)).isSatisfied());
        CHECK(valueOf(formats::checkUbl(first)).number == "TL-2023-000001");
        CHECK(first.find("DE02120300000000202051") != std::string::npos);
        CHECK(world.archived() == 1);
        CHECK(world.billJournal() == "issued drafted archived ");

        world.brand.name = "Another";
        world.clock.advance(1);
        CHECK(valueOf(world.exported(world.issued)) == first);
        CHECK(world.read([&](Transaction& tx) {
            return billDocument(tx, world.brand, world.issued, "ubl");
        }) == first);
        CHECK(world.archived() == 1);
        CHECK(world.billJournal() == "issued drafted archived ");
        CHECK(world.check().faults.empty());
        CHECK(world.check().billsEqual == 1);
    });
}

TEST_CASE("Many who ask at once get the bytes of one")
{
    forEachDatabase([](TestDatabase& db) {
        EInvoiceWorld world(db);
        constexpr std::size_t askers = 8;
        std::vector<Result<std::string>> answers(askers, std::string());
        std::vector<std::thread> threads;
        threads.reserve(askers);
        for (auto& answer : answers)
            threads.emplace_back([&] { answer = world.exported(world.issued); });
        for (auto& thread : threads)
            thread.join();
        for (const auto& answer : answers)
            CHECK(valueOf(answer) == valueOf(answers.front()));
        CHECK(world.archived() == 1);
        CHECK(world.billJournal() == "issued drafted archived ");
    });
}

TEST_CASE("A draft is no e-invoice, and refuses in that format alone")
{
    forEachDatabase([](TestDatabase& db) {
        EInvoiceWorld world(db);
        const auto refused = world.exported(world.draft);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::InvalidArgument);
        CHECK(refused.error().detail.find("a draft has neither number") != std::string::npos);
        CHECK(!valueOf(exportDocument(world.context(), world.brand, world.draft, "csv")).empty());
        CHECK(world.archived() == 0);
        CHECK(outcomeOf(world.exported(4711)) == "not-found");
    });
}
