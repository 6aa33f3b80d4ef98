#pragma once

#include "client/services/console_services.h"
#include "ui/accounts/billing_details_page.h"
#include "ui/bills/bills_page.h"
#include "ui/costs/costs_page.h"
#include "ui/overview/overview_page.h"
#include "ui/people/people_page.h"
#include "ui/shell/console_context.h"
#include "ui/shell/main_window.h"

#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <optional>
#include <utility>

namespace quittance::console {

/// The console, wired: services behind the ports, the main window, its pages, and what connects
/// them.
class Console : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString storeFile;
        QUrl server; ///< empty: where one signed in last
        client::TokenVault::Backing tokens = client::TokenVault::Backing::Keychain;
        int answerMs = client::HttpTransport::timeoutMs;
        /// Asks where to save; a file dialog unless set.
        std::function<QString(QWidget*, const QString&, const QString&)> pickSaveFile;
    };

    [[nodiscard]] static Result<std::unique_ptr<Console>>
    start(const Options& options, ui::Theme& theme, ui::ViewMemory& memory);
    ~Console() override;

    void signIn(const QUrl& server, const QString& email, const QString& password);

    [[nodiscard]] ui::MainWindow& window() { return *m_window; }
    [[nodiscard]] client::ConsoleServices& services() { return *m_services; }
    [[nodiscard]] ui::ConsoleSelection& selection() { return m_selection; }
    [[nodiscard]] ui::BillsPage& bills() { return *m_bills; }
    [[nodiscard]] ui::CostsPage& costs() { return *m_costs; }
    [[nodiscard]] ui::OverviewPage& overview() { return *m_overview; }
    [[nodiscard]] ui::BillingDetailsPage& billing() { return *m_billing; }
    [[nodiscard]] ui::PeoplePage& people() { return *m_people; }

private:
    Console(
        std::unique_ptr<client::ConsoleServices> services, const Options& options, ui::Theme& theme,
        ui::ViewMemory& memory
    );

    void addPages();
    void connectWindow();
    void connectSync();
    void connectPickers();
    void showIdentity();
    void forgetIfOther(const std::optional<Identity>& identity);
    void showNotice();
    void takeNoticeAction();
    [[nodiscard]] bool isSessionEnded() const;
    void showBrand();
    void showStatus();
    void showZone();
    void showOffline(const client::SyncStatus& status);
    void refreshAccounts();
    void refreshMonths();
    [[nodiscard]] bool mayShowAllPeriods() const;
    void showPeriods();
    void choosePeriod(const QString& id);
    void showAllBills();
    void showMayView(const client::SyncStatus& status);
    void showViewAsMenu();
    void signInAfter(
        const QString& before, const QUrl& server, const QString& email, const QString& password
    );
    void
    join(const QString& server, const QString& email, const QString& code, const QString& password);
    void reportViewing(const Result<Identity>& identity);
    [[nodiscard]] QString timeOf(Instant instant) const;

    std::unique_ptr<client::ConsoleServices> m_services;
    ui::Theme& m_theme;
    ui::SeriesColours m_colours;
    ui::ConsoleContext m_context;
    ui::ConsoleSelection m_selection;
    std::unique_ptr<ui::MainWindow> m_window;
    ui::OverviewPage* m_overview = nullptr; // the window's
    ui::BillsPage* m_bills = nullptr;
    ui::CostsPage* m_costs = nullptr;
    ui::BillingDetailsPage* m_billing = nullptr;
    ui::PeoplePage* m_people = nullptr;
    QTimer m_second;
    bool m_monthChosen = false;
    std::vector<Month> m_months; ///< newest first
    QString m_viewingProblem;
    /// Whose data the pages may show: person, and the account viewed as its customer.
    std::optional<std::pair<std::int64_t, std::optional<AccountId>>> m_shownTo;
};

} // namespace quittance::console
