#include "app/console/console.h"

#include "client/ports/when_done.h"
#include "models/format.h"
#include "models/person_table_model.h"
#include "ui/shell/brand_mark.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/picker.h"

#include <QCursor>
#include <QFileDialog>
#include <QMenu>
#include <QPixmap>
#include <QStandardPaths>

#include <algorithm>
#include <utility>

namespace quittance::console {

namespace {

constexpr QLatin1String overviewId("overview");
constexpr QLatin1String billsId("bills");
constexpr QLatin1String costsId("costs");
constexpr QLatin1String billingId("billing");
constexpr QLatin1String peopleId("people");
constexpr QLatin1String allAccounts("all");
constexpr QLatin1String allPeriods("all");
constexpr std::int64_t microsPerMilli = 1000;
constexpr qint64 wholeThousandths = 1000;

QString askForFile(QWidget* parent, const QString& suggested, const QString& filter)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return QFileDialog::getSaveFileName(
        parent, {}, QString(folder + QLatin1Char('/') + suggested), filter
    );
}

QPixmap logoOf(const client::BrandItem& brand)
{
    QPixmap logo;
    logo.loadFromData(brand.logoSvg, "SVG");
    return logo;
}

bool hasRole(const Identity& identity, Permission permission)
{
    return allows(identity.grants, permission, std::nullopt);
}

QString rolesOf(const Identity& identity)
{
    QStringList roles;
    for (const Grant& grant : identity.grants) {
        const QString role = models::PersonTableModel::roleText(grant.role);
        if (!roles.contains(role))
            roles.append(role);
    }
    return roles.join(QStringLiteral(", "));
}

/// In one line beside much else. That nothing answers is what being offline means; all else is
/// said.
QString offlineProblem(const std::optional<Error>& problem)
{
    if (!problem || problem->code == ErrorCode::Unavailable || problem->code == ErrorCode::Timeout)
        return {};
    if (problem->code == ErrorCode::BadAnswer || problem->code == ErrorCode::MalformedInput)
        return Console::tr("Something else answers there.");
    return ui::errorText(*problem);
}

/// With the brand's colours; before there are widgets, that costs nothing.
ui::Theme& branded(ui::Theme& theme, const client::BrandItem& brand)
{
    if (!brand.name.empty())
        theme.setAccent(QColor(brand.accentLight), QColor(brand.accentDark));
    return theme;
}

} // namespace

Result<std::unique_ptr<Console>>
Console::start(const Options& options, ui::Theme& theme, ui::ViewMemory& memory)
{
    client::ConsoleServices::Options services;
    services.storeFile = options.storeFile;
    services.server = options.server;
    services.tokens = options.tokens;
    services.answerMs = options.answerMs;
    QUITTANCE_TRY(
        std::unique_ptr<client::ConsoleServices> started, client::ConsoleServices::start(services)
    );
    return std::unique_ptr<Console>(new Console(std::move(started), options, theme, memory));
}

Console::Console(
    std::unique_ptr<client::ConsoleServices> services, const Options& options, ui::Theme& theme,
    ui::ViewMemory& memory
)
    : m_services(std::move(services))
    , m_theme(branded(theme, m_services->sync().brand()))
    , m_colours(&memory)
    , m_context { m_services->queries(),
                  m_services->intents(),
                  m_services->sync(),
                  memory,
                  m_colours,
                  QLocale(),
                  options.pickSaveFile ? options.pickSaveFile : askForFile }
    , m_window(std::make_unique<ui::MainWindow>(&memory))
{
    addPages();
    connectWindow();
    connectSync();
    connectPickers();
    m_window->signIn()->setServer(m_services->server().toString());
    m_window->setThemeChoice(theme.choice());
    showBrand();
    showIdentity();
    showStatus();
    constexpr int secondMs = 1000;
    m_second.setInterval(secondMs);
    connect(&m_second, &QTimer::timeout, this, &Console::showStatus);
    m_second.start();
}

Console::~Console() = default;

void Console::addPages()
{
    m_overview = new ui::OverviewPage(m_context, m_selection);
    m_bills = new ui::BillsPage(m_context, m_selection);
    m_costs = new ui::CostsPage(m_context, m_selection);
    m_billing = new ui::BillingDetailsPage(m_context, m_selection);
    m_people = new ui::PeoplePage(m_context, m_selection);
    m_window->addPage({ overviewId, ui::Icon::Overview, {}, m_overview });
    m_window->addPage({ billsId, ui::Icon::Bills, {}, m_bills });
    m_window->addPage({ costsId, ui::Icon::Costs, {}, m_costs });
    m_window->addPage({ billingId, ui::Icon::BillingDetails, {}, m_billing });
    m_window->addPage({ peopleId, ui::Icon::People, tr("Administration"), m_people });
    m_window->setFindPage(billsId);
    connect(m_overview, &ui::OverviewPage::allBillsWanted, this, &Console::showAllBills);
    connect(m_overview, &ui::OverviewPage::billChosen, this, [this](qint64 bill) {
        showAllBills();
        m_bills->openBill(bill);
    });
    connect(m_billing, &ui::BillingDetailsPage::accountWanted, this, [this] {
        m_window->accountPicker()->open();
    });
    connect(m_window.get(), &ui::MainWindow::pageShown, this, &Console::showPeriods);
    m_window->showPage(overviewId);
}

void Console::showAllBills()
{
    m_selection.setListMonth(std::nullopt);
    m_window->showPage(billsId);
}

void Console::connectWindow()
{
    connect(m_window.get(), &ui::MainWindow::themeChosen, this, [this](ui::ThemeChoice choice) {
        m_theme.setChoice(choice);
    });
    connect(m_window.get(), &ui::MainWindow::syncRequested, this, [this] {
        m_services->sync().syncNow();
    });
    connect(m_window.get(), &ui::MainWindow::cancelRequested, this, [this] {
        m_services->sync().cancelLoading();
    });
    connect(m_window.get(), &ui::MainWindow::signOutRequested, this, [this] {
        m_services->intents().signOut();
    });
    connect(m_window.get(), &ui::MainWindow::viewAsRequested, this, &Console::showViewAsMenu);
    connect(
        m_window.get(), &ui::MainWindow::noticeActionTriggered, this, &Console::takeNoticeAction
    );
    connect(m_window.get(), &ui::MainWindow::signInLeft, this, [this] {
        if (m_services->sync().identity())
            m_window->showFrame();
    });
    connect(
        m_window->signIn(), &ui::SignInPage::signInRequested, this,
        [this](const QString& server, const QString& email, const QString& password) {
            signIn(QUrl(server), email, password);
        }
    );
    connect(m_window->signIn(), &ui::SignInPage::joinRequested, this, &Console::join);
}

void Console::connectSync()
{
    connect(&m_services->sync(), &client::Sync::statusChanged, this, &Console::showStatus);
    connect(&m_services->sync(), &client::Sync::identityChanged, this, &Console::showIdentity);
    connect(&m_services->sync(), &client::Sync::brandChanged, this, &Console::showBrand);
    connect(
        &m_services->queries(), &client::Queries::accountsChanged, this, &Console::refreshAccounts
    );
    connect(&m_services->queries(), &client::Queries::billsChanged, this, &Console::refreshMonths);
}

void Console::connectPickers()
{
    connect(m_window->accountPicker(), &ui::Picker::chosen, this, [this](const QString& id) {
        m_selection.setAccount(
            id == allAccounts ? std::nullopt : std::optional<AccountId>(id.toLongLong())
        );
        refreshMonths();
    });
    connect(m_window->periodPicker(), &ui::Picker::chosen, this, &Console::choosePeriod);
    connect(&m_selection, &ui::ConsoleSelection::changed, this, [this] { showZone(); });
}

void Console::signIn(const QUrl& server, const QString& email, const QString& password)
{
    signInAfter({}, server, email, password);
}

/// `before` is what was done already and stays done, whatever comes of the sign-in.
void Console::signInAfter(
    const QString& before, const QUrl& server, const QString& email, const QString& password
)
{
    m_window->signIn()->setBusy(true);
    client::whenDone(
        m_services->intents().signIn(server.toString(), email, password), this,
        [this, before](const Result<Identity>& identity) {
            m_window->signIn()->setBusy(false);
            if (!identity)
                m_window->signIn()->showError(
                    QStringLiteral("%1 %2").arg(before, ui::errorText(identity.error())).trimmed(),
                    QString::fromStdString(identity.error().detail)
                );
        }
    );
}

void Console::join(
    const QString& server, const QString& email, const QString& code, const QString& password
)
{
    m_window->signIn()->setBusy(true);
    client::whenDone(
        m_services->intents().acceptInvitation(server, code, password), this,
        [this, server, email, password](const Result<>& joined) {
            if (!joined) {
                m_window->signIn()->showInvitationError(joined.error());
                return;
            }
            m_window->signIn()->showInvitation(false);
            signInAfter(tr("Your password is set."), QUrl(server), email, password);
        }
    );
}

void Console::reportViewing(const Result<Identity>& identity)
{
    m_viewingProblem = identity ? QString() : ui::errorText(identity.error());
    showNotice();
}

/// What the last person saw, chose and typed is not for the next one.
void Console::forgetIfOther(const std::optional<Identity>& identity)
{
    using Owner = std::pair<std::int64_t, std::optional<AccountId>>;
    const std::optional<Owner> owner = identity
        ? std::optional(Owner(identity->person, identity->viewingAccount))
        : std::nullopt;
    if (owner == m_shownTo)
        return;
    m_shownTo = owner;
    m_viewingProblem.clear();
    m_monthChosen = false;
    m_selection.setListMonth(std::nullopt);
    m_colours.forget();
    m_selection.setAccounts({});
    m_window->forget();
    if (!identity)
        m_window->signIn()->setEmail({});
}

bool Console::isSessionEnded() const
{
    return m_services->sync().identity()
        && m_services->sync().status().connection == client::SyncStatus::Connection::SignedOut;
}

void Console::showNotice()
{
    const std::optional<Identity> identity = m_services->sync().identity();
    if (!m_viewingProblem.isEmpty()) {
        m_window->setNotice(m_viewingProblem, tr("Close"));
    } else if (isSessionEnded()) {
        const std::optional<Instant> lastSync = m_services->sync().status().lastSync;
        const std::optional<Error>& problem = m_services->sync().status().problem;
        const QString state = problem && problem->code == ErrorCode::Unauthenticated
            ? tr("Your session ended")
            : tr("You are signed out");
        m_window->setNotice(
            lastSync ? tr("%1, showing data of %2. Sign in to bring it up to date.")
                           .arg(state, timeOf(*lastSync))
                     : tr("%1. Sign in to go on.").arg(state),
            tr("Sign in")
        );
    } else if (identity && identity->viewingAccount) {
        m_window->setNotice(
            tr("You see what this account's customer sees, read only."), tr("End viewing")
        );
    } else if (m_services->sync().status().incomplete) {
        m_window->setNotice(
            tr("Loading was cancelled: lists and sums leave out what is not on this computer yet."),
            tr("Load the rest")
        );
    } else {
        m_window->setNotice({});
    }
}

void Console::takeNoticeAction()
{
    const std::optional<Identity> identity = m_services->sync().identity();
    if (!m_viewingProblem.isEmpty()) {
        m_viewingProblem.clear();
        showNotice();
    } else if (isSessionEnded()) {
        m_window->signIn()->setEmail(QString::fromStdString(identity->email));
        m_window->showSignIn();
    } else if (identity && !identity->viewingAccount) {
        m_services->sync().syncNow();
    } else {
        client::whenDone(
            m_services->intents().endViewing(), this,
            [this](const Result<Identity>& own) { reportViewing(own); }
        );
    }
}

void Console::showIdentity()
{
    const std::optional<Identity> identity = m_services->sync().identity();
    forgetIfOther(identity);
    showNotice();
    if (!identity) {
        m_window->showSignIn();
        return;
    }
    m_window->setPerson(QString::fromStdString(identity->name), rolesOf(*identity));
    m_window->setPageShown(peopleId, hasRole(*identity, Permission::PeopleEdit));
    m_window->setPageShown(
        billingId,
        std::any_of(
            identity->grants.begin(), identity->grants.end(),
            [](const Grant& grant) { return grants(grant.role, Permission::ProfileRead); }
        )
    );
    showStatus();
    m_window->showFrame();
    refreshAccounts();
}

void Console::showBrand()
{
    const client::BrandItem brand = m_services->sync().brand();
    if (brand.name.empty())
        return;
    m_window->setBrand({ QString::fromStdString(brand.name), logoOf(brand) });
    branded(m_theme, brand);
}

/// "14:02", and with its day where that is not today: "22 Nov, 14:02".
QString Console::timeOf(Instant instant) const
{
    const QTimeZone here = QTimeZone::systemTimeZone();
    QString time = timeText(instant, here, m_context.locale);
    const QDate day = toQDateTime(instant, here).date();
    const QDate today = QDateTime::currentDateTime().date();
    if (day == today)
        return time;
    return QStringLiteral("%1, %2").arg(
        dateShort(fromQDate(day), m_context.locale, fromQDate(today)), time
    );
}

void Console::showOffline(const client::SyncStatus& status)
{
    ui::MainWindow::OfflineTexts texts;
    texts.state = status.offlineSince ? tr("Offline since %1").arg(timeOf(*status.offlineSince))
                                      : tr("Offline");
    texts.state += status.lastSync ? tr(", showing data of %1.").arg(timeOf(*status.lastSync))
                                   : QStringLiteral(".");
    texts.consequence
        = QStringLiteral("%1 %2")
              .arg(offlineProblem(status.problem), tr("Reading, search and saved documents work."))
              .trimmed();
    if (status.nextTry) {
        const Instant now { QDateTime::currentMSecsSinceEpoch() * microsPerMilli };
        const std::int64_t seconds
            = std::max<std::int64_t>(0, (status.nextTry->micros - now.micros) / microsPerSecond);
        texts.nextTry = tr("Next try in %1 s").arg(seconds);
    }
    m_window->setOffline(texts);
    m_window->setSyncState(ui::Tone::Warn, tr("Offline"));
}

void Console::showZone()
{
    QString text = tr("Days in %1").arg(QString::fromLatin1(m_selection.zone().id()));
    if (!m_services->sync().status().sessionKept)
        text = tr("No keychain here: the next start asks to sign in. %1").arg(text);
    m_window->setZoneText(text);
}

void Console::showStatus()
{
    const client::SyncStatus status = m_services->sync().status();
    using Connection = client::SyncStatus::Connection;
    if (status.connection == Connection::Offline) {
        showOffline(status);
    } else {
        m_window->setOffline(std::nullopt);
        if (status.connection == Connection::Live && status.lastSync) {
            const Instant now { QDateTime::currentMSecsSinceEpoch() * microsPerMilli };
            const std::int64_t age = (now.micros - status.lastSync->micros) / microsPerSecond;
            m_window->setSyncState(ui::Tone::Good, tr("Live, %1").arg(ageText(age)));
        } else {
            m_window->setSyncState(
                ui::Tone::Muted, isSessionEnded() ? tr("Signed out") : tr("Connecting")
            );
        }
    }
    showNotice();
    showZone();
    showMayView(status);
    if (status.loading)
        m_window->progress()->setTask(
            status.loadingSteps > 1 ? tr("Loading bills and costs, part %1 of %2")
                                          .arg(status.loadingStep)
                                          .arg(status.loadingSteps)
                                    : tr("Loading bills and costs"),
            status.loadedThousandths, wholeThousandths, true
        );
    else
        m_window->progress()->finish();
}

void Console::showMayView(const client::SyncStatus& status)
{
    const std::optional<Identity> identity = m_services->sync().identity();
    m_window->setMayViewAs(
        identity && hasRole(*identity, Permission::ViewAsCustomer), ui::offlineReason(status)
    );
}

void Console::refreshAccounts()
{
    client::whenDone(
        m_services->queries().accounts(), this,
        [this](const Result<std::vector<AccountItem>>& accounts) {
            if (!accounts)
                return;
            std::vector<ui::Picker::Choice> choices;
            if (accounts->size() != 1)
                choices.push_back({ allAccounts, tr("All accounts"), {} });
            for (const AccountItem& account : *accounts)
                choices.push_back({ QString::number(account.id),
                                    QString::fromStdString(account.name),
                                    QString::fromStdString(account.currency.code()) });
            m_selection.setAccounts(*accounts);
            m_window->accountPicker()->setChoices(std::move(choices));
            m_window->accountPicker()->setCurrent(
                m_selection.account() ? QString::number(*m_selection.account()) : allAccounts
            );
            refreshMonths();
        }
    );
}

void Console::refreshMonths()
{
    client::whenDone(
        m_services->queries().months(m_selection.account()), this,
        [this](const Result<std::vector<Month>>& months) {
            if (!months)
                return;
            const Month present = monthOf(m_selection.today(m_services->sync().now()));
            std::vector<Month> all = *months;
            if (std::find(all.begin(), all.end(), present) == all.end())
                all.push_back(present);
            std::sort(all.begin(), all.end(), [](Month a, Month b) { return b < a; });
            m_months = std::move(all);
            // A period that the account has not can be neither shown nor meant.
            const auto has = [this](Month month) {
                return std::find(m_months.begin(), m_months.end(), month) != m_months.end();
            };
            if (!m_monthChosen || !has(m_selection.month()))
                m_selection.setMonth(present);
            if (m_selection.listMonth() && !has(*m_selection.listMonth()))
                m_selection.setListMonth(std::nullopt);
            showPeriods();
        }
    );
}

bool Console::mayShowAllPeriods() const
{
    const ui::Page* page = m_window->currentPage();
    return page != nullptr && page->periodUse() == ui::Page::PeriodUse::MonthOrAll;
}

/// The periods of the page that shows: lists begin with all of them, figures are of one.
void Console::showPeriods()
{
    const bool all = mayShowAllPeriods();
    std::vector<ui::Picker::Choice> choices;
    choices.reserve(m_months.size() + 1);
    if (all)
        choices.push_back({ allPeriods, tr("All periods"), {} });
    for (const Month month : m_months)
        choices.push_back({ QString::number(month.index), monthText(month, m_context.locale), {} });
    const std::optional<Month> chosen
        = all ? m_selection.listMonth() : std::optional(m_selection.month());
    m_window->periodPicker()->setChoices(std::move(choices));
    m_window->periodPicker()->setCurrent(chosen ? QString::number(chosen->index) : allPeriods);
}

void Console::choosePeriod(const QString& id)
{
    if (mayShowAllPeriods()) {
        m_selection.setListMonth(
            id == allPeriods ? std::nullopt : std::optional(Month { id.toInt() })
        );
        return;
    }
    m_monthChosen = true;
    m_selection.setMonth(Month { id.toInt() });
}

void Console::showViewAsMenu()
{
    auto* menu = new QMenu(m_window.get());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const AccountItem& account : m_selection.accounts()) {
        const AccountId id = account.id;
        menu->addAction(QString::fromStdString(account.name), this, [this, id] {
            client::whenDone(
                m_services->intents().viewAsCustomer(id), this,
                [this](const Result<Identity>& identity) { reportViewing(identity); }
            );
        });
    }
    menu->popup(QCursor::pos());
}

} // namespace quittance::console

#include "moc_console.cpp"
