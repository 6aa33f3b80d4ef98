#include "client/services/store_queries.h"
#include "core/contract/codec.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace quittance;
using client::Queries;
using client::Store;
using client::StoreQueries;

namespace {

/// An account whose day begins before that of UTC.
contract::Item tokyo()
{
    contract::AccountView view;
    view.id = 1;
    view.name = "Kyoto Labs";
    view.currency = "JPY";
    view.timeZone = "Asia/Tokyo";
    return { 0, "account", "1", contract::toJson(view) };
}

contract::Item billDueOnTheFourth()
{
    contract::BillItem item;
    BillSummary& summary = item.bill.summary;
    summary.id = 7;
    summary.account = 1;
    summary.number = "K-1";
    summary.state = BillState::Open;
    summary.periodMonth = parseMonth("2023-11").value();
    summary.due = parseDate("2023-12-04").value();
    for (Money* amount : { &summary.net, &summary.tax, &summary.total, &summary.open })
        amount->currency = Currency::find("JPY").value();
    return { 0, "bill", "7", contract::toJson(item) };
}

} // namespace

class StoreQueriesTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const std::string url
            = "sqlite:" + m_folder->filePath(QStringLiteral("s.db")).toStdString();
        m_store = Store::open(url, {}).value();
        load("accounts", tokyo());
        load("bills:1", billDueOnTheFourth());
        m_queries = std::make_unique<StoreQueries>(*m_store, [this] { return m_now; });
    }
    void cleanup()
    {
        m_queries.reset();
        m_store.reset();
    }

    void todayIsTheAccountsOwn_data()
    {
        QTest::addColumn<QString>("now");
        QTest::addColumn<int>("overdue");
        QTest::newRow("still the fourth there") << "2023-12-04T14:59:59Z" << 0;
        QTest::newRow("the fifth there already") << "2023-12-04T15:00:00Z" << 1;
    }
    void todayIsTheAccountsOwn()
    {
        QFETCH(QString, now);
        m_now = parseInstant(now.toStdString()).value();
        BillQuery query;
        query.states = { ShownState::Overdue };
        for (const std::optional<AccountId> account :
             { std::optional<AccountId>(1), std::optional<AccountId>() }) {
            query.account = account;
            const auto page = m_queries->bills(query, 0, 10);
            QTEST(static_cast<int>(page.result().value().bills.size()), "overdue");
            const auto totals = m_queries->billTotals(query);
            QTEST(static_cast<int>(totals.result().value().count), "overdue");
        }
    }

    void whatIsNotHereIsAnErrorAndNoEmptyAnswer()
    {
        QCOMPARE(m_queries->bill(70).result().error().code, ErrorCode::NotFound);
        QCOMPARE(m_queries->billingDetails(9).result().error().code, ErrorCode::NotFound);
        QCOMPARE(m_queries->lineEvents(7, 3, 0, 10).result().error().code, ErrorCode::NotFound);
    }

    void aChangedScopeIsAnnouncedToThoseWhoShowIt_data()
    {
        QTest::addColumn<QString>("scopes");
        QTest::addColumn<QString>("announced");
        QTest::newRow("accounts") << "accounts"
                                  << "accounts details";
        QTest::newRow("bills") << "bills:1 bills:2"
                               << "bills costs";
        QTest::newRow("people") << "people"
                                << "people";
        QTest::newRow("events") << "events:1:7:3"
                                << "events";
        QTest::newRow("history") << "history:1"
                                 << "details";
        QTest::newRow("unknown") << "moon"
                                 << "";
    }
    void aChangedScopeIsAnnouncedToThoseWhoShowIt()
    {
        QFETCH(QString, scopes);
        QStringList announced;
        const auto note = [&](const char* what) {
            return [&announced, what] { announced.append(QString::fromLatin1(what)); };
        };
        connect(m_queries.get(), &Queries::accountsChanged, this, note("accounts"));
        connect(m_queries.get(), &Queries::billsChanged, this, note("bills"));
        connect(m_queries.get(), &Queries::costsChanged, this, note("costs"));
        connect(m_queries.get(), &Queries::peopleChanged, this, note("people"));
        connect(m_queries.get(), &Queries::billingDetailsChanged, this, note("details"));
        connect(m_queries.get(), &Queries::lineEventsChanged, this, note("events"));
        m_queries->announce(scopes.split(QLatin1Char(' ')));
        QTEST(announced.join(QLatin1Char(' ')), "announced");
    }

private:
    void load(const std::string& scope, const contract::Item& item)
    {
        QVERIFY(m_store->beginSnapshot(scope));
        QVERIFY(m_store->addSnapshotItems(scope, { item }).has_value());
        QVERIFY(m_store->finishSnapshot(scope, 1, m_now));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<StoreQueries> m_queries;
    Instant m_now = parseInstant("2023-12-01T00:00:00Z").value();
};

QTEST_GUILESS_MAIN(StoreQueriesTest)

#include "tst_store_queries.moc"
