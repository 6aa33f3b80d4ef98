#include "backend/journal/secure.h"
#include "backend/ledger/ledger.h"
#include "tests/backend/foundation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidcheck.h>

#include <atomic>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

Money usd(std::int64_t minor)
{
    return { minor, Currency() };
}

Money jpy(std::int64_t minor)
{
    return { minor, valueOf(Currency::find("JPY")) };
}

Posting billPosting(AccountId account, const std::string& reference, std::int64_t minor)
{
    Posting posting;
    posting.account = account;
    posting.kind = "bill.issued";
    posting.reference = reference;
    posting.effectDate = valueOf(makeDate(2023, 12, 1));
    posting.entries
        = { { LedgerAccount::Receivable, usd(minor) }, { LedgerAccount::Revenue, usd(-minor) } };
    return posting;
}

Result<std::int64_t> book(const Context& context, const Posting& posting)
{
    return context.database.write([&](Transaction& tx) { return post(tx, context, posting); });
}

std::string joined(const std::vector<std::string>& lines)
{
    return fmt::format("{}", fmt::join(lines, "; "));
}

constexpr std::initializer_list<Foundation::Make> schema { ledgerMigration };

} // namespace

TEST_CASE("A posting is booked once and read back whole")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        Posting posting = billPosting(7, "bill/17/issued", 11'900);
        posting.entries = { { LedgerAccount::Receivable, usd(11'900) },
                            { LedgerAccount::Revenue, usd(-10'000) },
                            { LedgerAccount::TaxPayable, usd(-1'900) } };
        const std::int64_t id = valueOf(book(context, posting));
        CHECK(outcomeOf(book(context, posting)) == "already-exists");
        CHECK(outcomeOf(book(context, billPosting(8, "bill/17/issued", 1))) == "already-exists");

        const auto stored = foundation.read([](Transaction& tx) {
            return postingsByReference(tx, "bill/17/issued");
        });
        REQUIRE(stored.size() == 1);
        CHECK(stored[0].id == id);
        CHECK(stored[0].bookedAt == foundation.clock.now());
        CHECK(stored[0].posting.account == 7);
        CHECK(stored[0].posting.kind == "bill.issued");
        CHECK(stored[0].posting.effectDate == posting.effectDate);
        REQUIRE(stored[0].posting.entries.size() == 3);
        CHECK(stored[0].posting.entries[2].account == LedgerAccount::TaxPayable);
        CHECK(stored[0].posting.entries[2].amount == usd(-1'900));
        CHECK(foundation.read(checkLedger).empty());
    });
}

TEST_CASE("What does not balance is refused and leaves nothing")
{
    struct Case {
        std::string name;
        std::vector<LedgerEntry> entries;
        std::string reference = "x/1/y";
        std::string detail;
    };
    const std::vector<Case> cases {
        { "no entry", {}, "x/1/y", "at least two entries" },
        { "one entry", { { LedgerAccount::Bank, usd(1) } }, "x/1/y", "at least two entries" },
        { "a zero",
          { { LedgerAccount::Bank, usd(0) }, { LedgerAccount::Revenue, usd(0) } },
          "x/1/y",
          "bank is zero" },
        { "a cent too much",
          { { LedgerAccount::Bank, usd(101) }, { LedgerAccount::Revenue, usd(-100) } },
          "x/1/y",
          "sum to 0.01 USD" },
        { "two currencies",
          { { LedgerAccount::Bank, usd(100) }, { LedgerAccount::Revenue, jpy(-100) } },
          "x/1/y",
          "not zero" },
        { "no reference",
          { { LedgerAccount::Bank, usd(1) }, { LedgerAccount::Revenue, usd(-1) } },
          "",
          "a kind and a reference" },
        { "past 64 bits",
          { { LedgerAccount::Bank, usd(INT64_MAX) },
            { LedgerAccount::Bank, usd(INT64_MAX) },
            { LedgerAccount::Revenue, usd(2) } },
          "x/1/y",
          "not zero" },
    };
    forEachDatabase([&](TestDatabase& db) {
        Foundation foundation(db, schema);
        for (const Case& each : cases) {
            CAPTURE(each.name);
            Posting posting = billPosting(1, each.reference, 1);
            posting.entries = each.entries;
            const auto outcome = book(foundation.context(), posting);
            CHECK(outcomeOf(outcome) == "invalid-argument");
            CHECK_MESSAGE(
                detailOf(outcome).find(each.detail) != std::string::npos, detailOf(outcome)
            );
        }
        CHECK(foundation.integer("SELECT COUNT(*) FROM ledger_posting") == 0);
        CHECK(foundation.integer("SELECT COUNT(*) FROM ledger_entry") == 0);
    });
}

TEST_CASE("Balances are derived per account, ledger account and currency")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        REQUIRE(book(context, billPosting(1, "bill/1/issued", 1'000)).has_value());
        REQUIRE(book(context, billPosting(1, "bill/2/issued", 500)).has_value());
        REQUIRE(book(context, billPosting(2, "bill/3/issued", 70)).has_value());
        Posting yen = billPosting(1, "bill/4/issued", 1);
        yen.entries
            = { { LedgerAccount::Receivable, jpy(300) }, { LedgerAccount::Revenue, jpy(-300) } };
        REQUIRE(book(context, yen).has_value());
        Posting paid = billPosting(1, "payment/1/settled", 1);
        paid.entries
            = { { LedgerAccount::Bank, usd(1'500) }, { LedgerAccount::Receivable, usd(-1'500) } };
        REQUIRE(book(context, paid).has_value());

        const auto owed = [&](AccountId account, const Money& currencyOf) {
            return foundation.read([&](Transaction& tx) {
                return receivableBalance(tx, account, currencyOf.currency);
            });
        };
        CHECK(owed(1, usd(0)) == usd(0));
        CHECK(owed(1, jpy(0)) == jpy(300));
        CHECK(owed(2, usd(0)) == usd(70));
        CHECK(owed(3, usd(0)) == usd(0));

        std::vector<std::string> lines;
        for (const LedgerBalance& balance : foundation.read(ledgerBalances))
            lines.push_back(fmt::format(
                "{} {} {}", balance.account, wireName(balance.ledgerAccount), toText(balance.amount)
            ));
        CHECK(
            lines
            == std::vector<std::string> { "1 receivable 300 JPY", "1 revenue -300 JPY",
                                          "1 revenue -15.00 USD", "1 bank 15.00 USD",
                                          "2 receivable 0.70 USD", "2 revenue -0.70 USD" }
        );
    });
}

TEST_CASE("Postings are found by the beginning of their reference, byte by byte")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        for (const char* reference : { "bill/1/issued", "bill/1/voided", "bill/17/issued",
                                       "BILL/1/issued", "bill/1%/issued", "bill/1/é" })
            REQUIRE(book(foundation.context(), billPosting(1, reference, 5)).has_value());
        const auto count = [&](const std::string& prefix) {
            return foundation.read([&](Transaction& tx) { return postingsByReference(tx, prefix); }
            ).size();
        };
        CHECK(count("bill/1/") == 3);
        CHECK(count("bill/1/issued") == 1);
        CHECK(count("bill/1") == 5);
        CHECK(count("bill/%") == 0);
        CHECK(count("") == 6);
        CHECK(count("nothing") == 0);
    });
}

TEST_CASE("Of many that book one reference at once, one does")
{
    database::Options patient;
    patient.busyTimeoutMs = 120'000;
    forEachDatabase(
        [](TestDatabase& db) {
            Foundation foundation(db, schema);
            SystemRandom random;
            const Context context { db.database(), foundation.clock, random };
            std::atomic<int> booked = 0;
            std::atomic<int> refused = 0;
            runTogether(8, [&](int i) {
                for (int k = 0; k < 5; ++k) {
                    const auto outcome
                        = book(context, billPosting(i, fmt::format("bill/{}/issued", k), 100));
                    booked += outcome ? 1 : 0;
                    refused += outcomeOf(outcome) == "already-exists" ? 1 : 0;
                }
            });
            CHECK(booked == 5);
            CHECK(refused == 35);
            CHECK(foundation.integer("SELECT COUNT(*) FROM ledger_entry") == 10);
            CHECK(foundation.read(checkLedger).empty());
        },
        patient
    );
}

TEST_CASE("The database itself refuses changes, repeats and zeros")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        REQUIRE(book(foundation.context(), billPosting(1, "bill/1/issued", 5)).has_value());
        for (const std::string sql : {
                 "UPDATE ledger_entry SET amount_minor = 6",
                 "DELETE FROM ledger_entry",
                 "UPDATE ledger_posting SET effect_date = 0",
                 "DELETE FROM ledger_posting",
                 "UPDATE ledger_chart SET name = 'x' WHERE number = 1",
                 "INSERT INTO ledger_posting (account_id, kind, reference, effect_date, booked_at)"
                 " VALUES (2, 'x', 'bill/1/issued', 0, 0)",
                 "INSERT INTO ledger_entry VALUES (1, 1, 3, 1, 'USD', 0)",
                 "INSERT INTO ledger_entry VALUES (1, 1, 1, 1, 'USD', 5)",
                 "INSERT INTO ledger_entry VALUES (1, 1, 3, 99, 'USD', 5)",
                 "INSERT INTO ledger_entry VALUES (1, 99, 1, 1, 'USD', 5)",
             }) {
            CAPTURE(sql);
            CHECK(foundation.execute(sql) != "ok");
        }
        CHECK(foundation.read(checkLedger).empty());
        // What a constraint cannot see, the check does.
        REQUIRE(
            foundation.execute("INSERT INTO ledger_entry VALUES (1, 1, 3, 1, 'USD', 5)") == "ok"
        );
        CHECK_FALSE(foundation.read(checkLedger).empty());
    });
}

TEST_CASE("A change behind the guards is found and named")
{
    struct Case {
        std::string table;
        std::string sql;
        std::string fault;
    };
    const std::vector<Case> cases {
        { "ledger_entry", "UPDATE ledger_entry SET amount_minor = 6 WHERE amount_minor = 5",
          "(bill/1/issued) of account 1 sums to 0.01 USD" },
        { "ledger_entry", "UPDATE ledger_entry SET currency = 'EUR' WHERE amount_minor = 5",
          "(bill/1/issued) of account 1 sums to 0.05 EUR" },
        { "ledger_entry", "DELETE FROM ledger_entry WHERE account_id = 1",
          "(bill/1/issued) of account 1 has 0 entries" },
        { "ledger_entry", "DELETE FROM ledger_entry WHERE account_id = 1 AND amount_minor = 5",
          "ledger sums to -0.05 USD" },
    };
    for (const Case& each : cases)
        forEachDatabase([&](TestDatabase& db) {
            CAPTURE(each.sql);
            Foundation foundation(db, schema);
            REQUIRE(book(foundation.context(), billPosting(1, "bill/1/issued", 5)).has_value());
            REQUIRE(book(foundation.context(), billPosting(2, "bill/2/issued", 7)).has_value());
            foundation.changeDespiteGuards(each.table, each.sql);
            const auto faults = foundation.read(checkLedger);
            CHECK_MESSAGE(holds(faults, each.fault), joined(faults));
            CHECK_FALSE(holds(faults, "bill/2/issued"));
        });
}

TEST_CASE("Whatever is posted, the ledger sums to zero; whatever does not balance is refused")
{
    forEachDatabase([](TestDatabase& db) {
        Foundation foundation(db, schema);
        const Context context = foundation.context();
        int count = 0;
        const bool holdsAlways = rc::check("ledger", [&] {
            Posting posting
                = billPosting(*rc::gen::inRange(1, 4), fmt::format("x/{}/y", ++count), 1);
            posting.entries.clear();
            std::int64_t sum = 0;
            const auto amounts = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::suchThat(
                rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000),
                [](std::int64_t amount) { return amount != 0; }
            ));
            for (const std::int64_t amount : amounts) {
                const auto account = static_cast<LedgerAccount>(*rc::gen::inRange(1, 8));
                posting.entries.push_back({ account, usd(amount) });
                sum += amount;
            }
            const bool balances = *rc::gen::arbitrary<bool>();
            if (balances && sum != 0) {
                posting.entries.push_back({ LedgerAccount::Suspense, usd(-sum) });
                sum = 0;
            }
            const std::int64_t before = foundation.integer("SELECT COUNT(*) FROM ledger_entry");
            const bool isRight = sum == 0 && posting.entries.size() >= 2;
            RC_ASSERT(book(context, posting).has_value() == isRight);
            RC_ASSERT(
                foundation.integer("SELECT COUNT(*) FROM ledger_entry")
                == before + (isRight ? static_cast<std::int64_t>(posting.entries.size()) : 0)
            );
        });
        CHECK(holdsAlways);
        CHECK(foundation.integer("SELECT COUNT(*) FROM ledger_posting") > 10);
        CHECK(foundation.read(checkLedger).empty());
        std::int64_t total = 0;
        for (const LedgerBalance& balance : foundation.read(ledgerBalances))
            total += balance.amount.minor;
        CHECK(total == 0);
    });
}
