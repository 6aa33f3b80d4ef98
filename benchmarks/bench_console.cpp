// The console's pages over a full store, through the real main window on the display: bills, costs,
// overview; and sync, the first load from a backend.

#include "app/console/console.h"
#include "benchmarks/peers/bare_table.h"
#include "benchmarks/support/console_store.h"
#include "benchmarks/support/process.h"
#include "benchmarks/support/report.h"
#include "benchmarks/support/servers.h"
#include "benchmarks/support/watched_application.h"
#include "core/http/client.h"
#include "ui/shell/navigation_rail.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/stacked_column_chart.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTest>

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

namespace {

using namespace quittance;
using namespace quittance::bench;
using models::BillTableModel;

constexpr double clickMsMax = 100;
constexpr double searchMsMax = 50;
constexpr double blockMsMax = 50;
constexpr double msPerSecond = 1000;
constexpr QSize windowSize(1440, 900);

/// Asks the store's file with sqlite3 alone and reads every cell: the least that an answer costs.
class BareSqlite {
public:
    explicit BareSqlite(const std::string& file)
    {
        if (sqlite3_open_v2(file.c_str(), &m_database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
            stop("cannot open " + file);
    }
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;
    ~BareSqlite() { sqlite3_close(m_database); }

    [[nodiscard]] double ms(const std::string& sql) const
    {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            stop(sqlite3_errmsg(m_database));
        const auto readAll = [statement] {
            while (sqlite3_step(statement) == SQLITE_ROW)
                for (int column = 0; column < sqlite3_column_count(statement); ++column)
                    static_cast<void>(sqlite3_column_text(statement, column));
            sqlite3_reset(statement);
        };
        readAll(); // warm, as the console is
        const double seconds = secondsOf(readAll);
        sqlite3_finalize(statement);
        return seconds * msPerSecond;
    }

private:
    sqlite3* m_database = nullptr;
};

/// The rows that one page of bills is made of, by bare SQL.
std::string pageSql(std::string_view ids)
{
    return fmt::format(
        "SELECT s.data FROM ({}) AS page JOIN bill_summary s ON s.bill_id = page.id", ids
    );
}

/// The count and the sum of the bills that hold all of these words, by bare SQL.
std::string totalsSql(const char* words)
{
    std::string sql = "SELECT COUNT(*), SUM(open_minor) FROM bill WHERE 1";
    for (const auto& word : QString::fromLatin1(words).split(QLatin1Char(' ')))
        sql += fmt::format(" AND search LIKE '%{}%'", word.toStdString());
    return sql;
}

double msSince(const QElapsedTimer& timer)
{
    constexpr double nsPerMs = 1e6;
    return static_cast<double>(timer.nsecsElapsed()) / nsPerMs;
}

/// The real console on a filled store, nobody signed in and no backend in reach: every page is
/// open.
class OpenConsole {
public:
    OpenConsole(WatchedApplication& application, const std::string& storeFile)
        : m_application(&application)
        , m_theme(application, &m_memory)
    {
        console::Console::Options options;
        options.storeFile = QString::fromStdString(storeFile);
        options.server = QUrl(QStringLiteral("http://127.0.0.1:9"));
        options.tokens = client::TokenVault::Backing::MemoryOnly;
        auto started = console::Console::start(options, m_theme, m_memory);
        if (!started)
            stop(started.error().detail);
        m_console = std::move(*started);
        watchLoads();
        m_console->window().resize(windowSize);
        m_console->window().show();
        m_console->window().showFrame();
        // Who signs in makes the console read its accounts; here nobody does.
        emit m_console->services().queries().accountsChanged();
        WatchedApplication::runUntil([this] {
            return m_isLoaded && m_console->selection().month() != Month {};
        });
        settle();
    }

    [[nodiscard]] console::Console& console() { return *m_console; }

    /// Until a page that was asked something new has painted the answer on `widget`.
    double untilAnswered(const QWidget* widget, const std::function<void()>& act)
    {
        return m_application->untilPainted(
            widget,
            [&] {
                m_isLoaded = false;
                act();
            },
            [this] { return m_isLoaded; }
        );
    }
    void clickRail(const QString& title)
    {
        const auto* rail = m_console->window().findChild<ui::NavigationRail*>();
        for (QAbstractButton* item : rail->findChildren<QAbstractButton*>())
            if (item->text() == title)
                QTest::mouseClick(item, Qt::LeftButton);
    }
    /// Lets what is under way end, so that it does not weigh on what is measured next.
    static void settle()
    {
        constexpr int quietMs = 300;
        QElapsedTimer timer;
        timer.start();
        WatchedApplication::runUntil([&] { return timer.elapsed() > quietMs; });
    }

private:
    void watchLoads()
    {
        const auto loaded = [this] { m_isLoaded = true; };
        QObject::connect(&m_console->overview(), &ui::OverviewPage::loaded, m_application, loaded);
        QObject::connect(&m_console->bills(), &ui::BillsPage::loaded, m_application, loaded);
        QObject::connect(&m_console->costs(), &ui::CostsPage::loaded, m_application, loaded);
    }

    WatchedApplication* m_application;
    ui::TransientViewMemory m_memory;
    ui::Theme m_theme;
    std::unique_ptr<console::Console> m_console;
    bool m_isLoaded = false;
};

double bareTableMs(WatchedApplication& application, int rows)
{
    peers::BareModel model(rows, BillTableModel::ColumnCount);
    QStackedWidget pages;
    auto* empty = new QWidget;
    auto* table = new QTableView;
    pages.addWidget(empty);
    pages.addWidget(table);
    table->setModel(&model);
    pages.resize(windowSize);
    application.untilPainted(
        empty, [&] { pages.show(); }, [] { return true; }
    );
    return application.untilPainted(
        table->viewport(), [&] { pages.setCurrentWidget(table); }, [] { return true; }
    );
}

void addBlock(Report& report, const WatchedApplication& application, const std::string& workload)
{
    report.add({ workload, "",
                 fmt::format(
                     "longest block of the event loop ({})",
                     application.longestBlock().toStdString()
                 ),
                 application.longestBlockMs(), "ms", std::nullopt, "", std::nullopt, blockMsMax });
}

// ---- bills ----

class BillsBench {
public:
    BillsBench(
        WatchedApplication& application, Report& report, const std::string& storeFile, int bills
    )
        : m_application(&application)
        , m_report(&report)
        , m_bare(storeFile)
        , m_open(application, storeFile)
        , m_name(fmt::format("bills, {} stored", bills))
        , m_bareTableMs(bareTableMs(application, bills))
    {
        QObject::connect(&m_open.console().bills(), &ui::BillsPage::counted, m_application, [this] {
            m_countedMs = msSince(m_asked);
        });
    }

    void run()
    {
        m_application->forgetBlocks();
        openPage();
        search();
        sort();
        scroll();
        addBlock(*m_report, *m_application, m_name);
    }

private:
    [[nodiscard]] ui::TableView& table() { return *m_open.console().bills().table(); }
    [[nodiscard]] double answered(const std::function<void()>& act)
    {
        const double ms = m_open.untilAnswered(table().viewport(), act);
        OpenConsole::settle();
        return ms;
    }
    void
    add(const std::string& measure, double ms, double floor, const std::string& floorIs,
        std::optional<double> msMax)
    {
        m_report->add({ m_name, "", measure, ms, "ms", floor, floorIs, std::nullopt, msMax });
    }

    void openPage()
    {
        constexpr int times = 7;
        const auto click = [this] { m_open.clickRail(QStringLiteral("Bills")); };
        add("first click to painted page", answered(click), m_bareTableMs, "bare QTableView shown",
            clickMsMax);
        std::vector<double> again;
        for (int i = 0; i < times; ++i) {
            m_open.clickRail(QStringLiteral("Overview"));
            OpenConsole::settle();
            again.push_back(answered(click));
        }
        add("later click to painted page, median", median(again), m_bareTableMs,
            "bare QTableView shown", clickMsMax);
    }

    struct Found {
        double paintedMs = 0; ///< the first rows
        double countedMs = 0; ///< how many there are and what they owe is known
    };
    [[nodiscard]] Found searchFor(const QString& word)
    {
        ui::SearchField* field = m_open.console().bills().searchField();
        field->setFocus();
        field->setText(word);
        m_countedMs.reset();
        m_asked.start();
        const double paintedMs = answered([field] { QTest::keyClick(field, Qt::Key_Return); });
        WatchedApplication::runUntil([this] { return m_countedMs.has_value(); });
        return { paintedMs, *m_countedMs };
    }
    void search()
    {
        const double floor = m_bare.ms(
            pageSql("SELECT id FROM bill WHERE id IN (SELECT rowid FROM bill_text WHERE bill_text "
                    "MATCH '\"2024-03\"') ORDER BY issued DESC, id DESC LIMIT 200")
        );
        for (const char* word : { "NL-2026-000100", "Account 0042", "2024-03", "March", "00", "7",
                                  "account 2025 12.5" }) {
            const Found found = searchFor(QString::fromLatin1(word));
            add(fmt::format("search \"{}\" to rows painted", word), found.paintedMs, floor,
                "bare sqlite3: one month's first page", searchMsMax);
            add(fmt::format("search \"{}\" to count and sum known", word), found.countedMs,
                m_bare.ms(totalsSql(word)), "bare sqlite3: every bill's text", std::nullopt);
            static_cast<void>(searchFor(QString()));
        }
    }

    [[nodiscard]] double sortBy(int column)
    {
        QHeaderView* header = table().horizontalHeader();
        constexpr int inside = 8;
        const QPoint place(header->sectionViewportPosition(column) + inside, header->height() / 2);
        return answered([header, place] {
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
        });
    }
    void sort()
    {
        constexpr std::array columns { "number", "account_name", "period_begin", "issued",
                                       "due",    "total_minor",  "open_minor",   "state" };
        for (int column = 0; column < BillTableModel::ColumnCount; ++column) {
            const std::string_view stored = columns.at(static_cast<std::size_t>(column));
            const double floor = m_bare.ms(pageSql(
                fmt::format("SELECT id FROM bill ORDER BY {0} DESC, id DESC LIMIT 200", stored)
            ));
            const double once = sortBy(column);
            const double turned = sortBy(column);
            add(fmt::format("sort by {}, slower direction", stored), std::max(once, turned), floor,
                "bare sqlite3: the first page", std::nullopt);
        }
    }

    [[nodiscard]] bool areShownRowsHere()
    {
        const QAbstractItemModel* model = table().model();
        const int first = std::max(table().rowAt(0), 0);
        const int last = table().rowAt(table().viewport()->height() - 1);
        for (int row = first; row <= (last < 0 ? model->rowCount() - 1 : last); ++row)
            if (model->index(row, 0).data(BillTableModel::LoadingRole).toBool())
                return false;
        return true;
    }
    [[nodiscard]] double scrolled(const std::function<void()>& act)
    {
        return m_application->untilPainted(table().viewport(), act, [this] {
            return areShownRowsHere();
        });
    }
    void scroll()
    {
        constexpr int jumps = 40;
        constexpr int pages = 100;
        const double floor = m_bare.ms(
            pageSql("SELECT id FROM bill ORDER BY issued DESC, id DESC LIMIT 200 OFFSET "
                    "(SELECT MAX(COUNT(*) - 200, 0) FROM bill)")
        );
        table().setFocus();
        add("End key to the last rows painted",
            scrolled([this] { QTest::keyClick(&table(), Qt::Key_End); }), floor,
            "bare sqlite3: the last page", std::nullopt);
        QScrollBar* bar = table().verticalScrollBar();
        std::vector<double> dragged;
        for (int i = 0; i < jumps; ++i) {
            // Here and there, never twice to one place.
            constexpr int stride = 17;
            const int place = bar->maximum() / jumps * (i * stride % jumps);
            dragged.push_back(scrolled([bar, place] { bar->setValue(place); }));
        }
        add("a drag of the scroll bar to rows painted, slowest", *std::ranges::max_element(dragged),
            floor, "bare sqlite3: the last page", std::nullopt);
        bar->setValue(0);
        for (int i = 0; i < pages; ++i) {
            QTest::keyClick(&table(), Qt::Key_PageDown);
            WatchedApplication::runUntil([this] { return areShownRowsHere(); });
        }
    }

    WatchedApplication* m_application;
    Report* m_report;
    BareSqlite m_bare;
    OpenConsole m_open;
    std::string m_name;
    double m_bareTableMs;
    QElapsedTimer m_asked;
    std::optional<double> m_countedMs;
};

// ---- costs and overview ----

class CostsBench {
public:
    CostsBench(
        WatchedApplication& application, Report& report, const std::string& storeFile,
        std::string name
    )
        : m_application(&application)
        , m_report(&report)
        , m_bare(storeFile)
        , m_open(application, storeFile)
        , m_name(std::move(name))
        , m_floor(m_bare.ms("SELECT day, service, SUM(amount_minor) FROM cost_row "
                            "WHERE day BETWEEN 20362 AND 20756 GROUP BY day, service"))
    {
    }

    void run()
    {
        m_application->forgetBlocks();
        ui::CostsPage& page = m_open.console().costs();
        add("first click to painted page", [this] { m_open.clickRail(QStringLiteral("Costs")); });
        auto* range = page.findChild<ui::Picker*>(QStringLiteral("costRange"));
        range->setCurrent(QStringLiteral("12"));
        add("12 months by service and day", [&] { page.setSplit(CostGroup::Service); });
        add("12 months by resource and day", [&] { page.setSplit(CostGroup::Resource); });
        add("12 months by resource and month", [&] { page.setStep(CostStep::Month); });
        add("12 months by account and month", [&] { page.setSplit(CostGroup::Account); });
        add("12 months by SKU and month", [&] { page.setSplit(CostGroup::Sku); });
        add("the same, into one SKU",
            [&] { page.drillInto(page.table()->model()->index(0, 0).data().toString()); });
        addBlock(*m_report, *m_application, m_name);
    }

private:
    void add(const std::string& measure, const std::function<void()>& act)
    {
        const double ms = m_open.untilAnswered(m_open.console().costs().table()->viewport(), act);
        OpenConsole::settle();
        m_report->add({ m_name, "", measure, ms, "ms", m_floor,
                        "bare sqlite3: 13 months by day and service" });
    }

    WatchedApplication* m_application;
    Report* m_report;
    BareSqlite m_bare;
    OpenConsole m_open;
    std::string m_name;
    double m_floor;
};

void benchOverview(
    WatchedApplication& application, Report& report, const std::string& storeFile, int bills
)
{
    const double floor = bareTableMs(application, bills);
    OpenConsole open(application, storeFile);
    const QWidget* table = open.console().overview().findChild<ui::TableView*>()->viewport();
    application.forgetBlocks();
    const std::string name = fmt::format("overview, {} bills stored", bills);
    constexpr int times = 5;
    std::vector<double> clicks;
    for (int i = 0; i < times; ++i) {
        open.clickRail(QStringLiteral("Bills"));
        OpenConsole::settle();
        clicks.push_back(open.untilAnswered(table, [&] {
            open.clickRail(QStringLiteral("Overview"));
        }));
        OpenConsole::settle();
    }
    report.add({ name, "", "click to painted page, median", median(clicks), "ms", floor,
                 "bare QTableView shown", std::nullopt, clickMsMax });
    addBlock(report, application, name);
}

// ---- sync ----

/// Reads every snapshot's bytes, as compressed as the console gets them, and lets them go.
double readSnapshotsSeconds(const DemoServer& server, std::int64_t accounts)
{
    const std::string authorization = server.authorization();
    http::Client client;
    return secondsOf([&] {
        for (std::int64_t account = 1; account <= accounts; ++account) {
            http::ClientRequest request;
            request.url = fmt::format("{}/v1/scopes/bills%3A{}/snapshot", server.url(), account);
            request.headers.add("Authorization", authorization);
            request.headers.add("Accept", "application/x-ndjson");
            const auto answer = client.stream(request, [](std::string_view) { return true; });
            if (!answer || answer->status != 200)
                stop("no snapshot: " + request.url);
        }
    });
}

void benchSync(Report& report, const Arguments& arguments)
{
    const int accounts = arguments.size(24, 2);
    for (const database::Engine engine : { database::Engine::Sqlite, database::Engine::Postgres }) {
        const DemoServer server(engine, accounts, arguments.size(14, 2));
        const double floor = readSnapshotsSeconds(server, accounts);
        const ScratchFolder folder;
        client::ConsoleServices::Options options;
        options.storeFile = QString::fromStdString(folder.file("console.db"));
        options.tokens = client::TokenVault::Backing::MemoryOnly;
        auto started = client::ConsoleServices::start(options);
        if (!started)
            stop(started.error().detail);
        client::ConsoleServices& services = **started;
        double bills = 0;
        const double seconds = secondsOf([&] {
            static_cast<void>(services.intents().signIn(
                QString::fromStdString(server.url()), QString::fromStdString(server.email()),
                QString::fromStdString(server.password())
            ));
            WatchedApplication::runUntil([&] {
                const client::SyncStatus status = services.sync().status();
                bills = static_cast<double>(status.storedBills);
                return status.connection == client::SyncStatus::Connection::Live && status.lastSync
                    && !status.loading;
            });
        });
        report.add({ "sync", nameOf(engine),
                     fmt::format("sign-in and first load of {} bills", bills), bills / seconds,
                     "bills/s", bills / floor, "libcurl reads the same bytes" });
    }
}

} // namespace

int main(int argc, char** argv)
{
    const Arguments arguments(argc, argv);
    WatchedApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    Report report;
    const int accounts = arguments.size(1'000, 5);
    const int months = arguments.size(100, 20);
    if (arguments.wants("bills") || arguments.wants("overview")) {
        const ScratchFolder folder;
        const std::string file = folder.file("console.db");
        const double seconds = fillConsoleStore(file, { accounts, months });
        const int bills = accounts * months;
        if (arguments.wants("bills")) {
            report.add({ "bills", "", fmt::format("{} bills put into the console's store", bills),
                         bills / seconds, "bills/s" });
            BillsBench(application, report, file, bills).run();
        }
        if (arguments.wants("overview"))
            benchOverview(application, report, file, bills);
    }
    if (arguments.wants("costs")) {
        const ScratchFolder folder;
        const std::string file = folder.file("console.db");
        ConsoleStore wanted { arguments.size(12, 2), 14 };
        wanted.resources = arguments.size(100, 10);
        wanted.daysPerMonth = 28;
        fillConsoleStore(file, wanted);
        const int rows
            = wanted.accounts * wanted.monthsPerAccount * wanted.resources * wanted.daysPerMonth;
        CostsBench(application, report, file, fmt::format("costs, {} rows stored", rows)).run();
    }
    if (arguments.wants("sync"))
        benchSync(report, arguments);
    return report.print();
}
