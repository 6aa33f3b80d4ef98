#include "app/console/console.h"

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

const QString overviewId = QStringLiteral("overview");
const QString billsId = QStringLiteral("bills");
const QString costsId = QStringLiteral("costs");
const QString peopleId = QStringLiteral("people");
const QString allAccounts = QStringLiteral("all");
constexpr std::int64_t microsPerMilli = 1000;

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

} // namespace

Result<std::unique_ptr<Console>>
Console::start(const Options& options, ui::Theme& theme, ui::ViewMemory& memory)
{
    client::ConsoleServices::Options services;
    services.storeFile = options.storeFile;
    services.server = options.server;
    services.tokens = options.tokens;
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
    , m_theme(theme)
    , m_colours(&memory)
    , m_context { m_services->queries(),
                  m_services->intents(),
                  m_services->sync(),
                  memory,
                  m_colours,
                  QLocale(),
                  options.pickSaveFile ? options.pickSaveFile : askForFile }
    , m_server(options.server)
    , m_window(std::make_unique<ui::MainWindow>(&memory))
{
    addPages();
    connectWindow();
    connectSync();
    connectPickers();
    m_window->signIn()->setServer(options.server.toString());
    m_window->setThemeChoice(theme.choice());
    showBrand();
    showIdentity();
    showStatus();
    refreshAccounts();
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
    m_people = new ui::PeoplePage(m_context, m_selection);
    m_window->addPage({ overviewId, ui::Icon::Overview, {}, m_overview });
    m_window->addPage({ billsId, ui::Icon::Bills, {}, m_bills });
    m_window->addPage({ costsId, ui::Icon::Costs, {}, m_costs });
    m_window->addPage({ peopleId, ui::Icon::People, tr("Administration"), m_people });
    m_window->setFindPage(billsId);
    connect(m_overview, &ui::OverviewPage::allBillsWanted, this, [this] {
        m_window->showPage(billsId);
    });
    connect(m_overview, &ui::OverviewPage::billChosen, this, [this](qint64 bill) {
        m_window->showPage(billsId);
        m_bills->openBill(bill);
    });
    m_window->showPage(overviewId);
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
    connect(m_window.get(), &ui::MainWindow::noticeActionTriggered, this, [this] {
        m_services->intents().endViewing().then(this, [this](const Result<Identity>& identity) {
            reportSignIn(identity);
        });
    });
    connect(
        m_window->signIn(), &ui::SignInPage::signInRequested, this,
        [this](const QString& server, const QString& email, const QString& password) {
            signIn(QUrl(server), email, password);
        }
    );
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
    connect(m_window->periodPicker(), &ui::Picker::chosen, this, [this](const QString& id) {
        m_monthChosen = true;
        m_selection.setMonth(Month { id.toInt() });
    });
    connect(&m_selection, &ui::ConsoleSelection::changed, this, [this] {
        m_window->setZoneText(tr("Days in %1").arg(QString::fromLatin1(m_selection.zone().id())));
    });
}

void Console::signIn(const QUrl& server, const QString& email, const QString& password)
{
    m_window->signIn()->setBusy(true);
    m_services->intents()
        .signIn(server.toString(), email, password)
        .then(this, [this](const Result<Identity>& identity) { reportSignIn(identity); });
}

void Console::reportSignIn(const Result<Identity>& identity)
{
    m_window->signIn()->setBusy(false);
    if (!identity)
        m_window->signIn()->showError(
            ui::errorText(identity.error()), QString::fromStdString(identity.error().detail)
        );
}

void Console::showIdentity()
{
    const std::optional<Identity> identity = m_services->sync().identity();
    if (!identity) {
        m_window->setNotice({});
        m_window->showSignIn();
        return;
    }
    m_window->setPerson(QString::fromStdString(identity->name), rolesOf(*identity));
    m_window->setPageShown(peopleId, hasRole(*identity, Permission::PeopleEdit));
    m_window->setMayViewAs(hasRole(*identity, Permission::ViewAsCustomer));
    if (identity->viewingAccount)
        m_window->setNotice(
            tr("You see what this account's customer sees, read only."), tr("End viewing")
        );
    else
        m_window->setNotice({});
    m_window->showFrame();
    refreshAccounts();
}

void Console::showBrand()
{
    const client::BrandItem brand = m_services->sync().brand();
    if (brand.name.empty())
        return;
    m_window->setBrand({ QString::fromStdString(brand.name), logoOf(brand) });
    m_theme.setAccent(QColor(brand.accentLight), QColor(brand.accentDark));
}

QString Console::timeOf(Instant instant) const
{
    return timeText(instant, QTimeZone::systemTimeZone(), m_context.locale);
}

void Console::showOffline(const client::SyncStatus& status)
{
    ui::MainWindow::OfflineTexts texts;
    texts.state = status.offlineSince ? tr("Offline since %1").arg(timeOf(*status.offlineSince))
                                      : tr("Offline");
    texts.state += status.lastSync ? tr(", showing data of %1.").arg(timeOf(*status.lastSync))
                                   : QStringLiteral(".");
    texts.consequence = tr("Reading, search and saved documents work.");
    if (status.nextTry) {
        const Instant now { QDateTime::currentMSecsSinceEpoch() * microsPerMilli };
        const std::int64_t seconds
            = std::max<std::int64_t>(0, (status.nextTry->micros - now.micros) / microsPerSecond);
        texts.nextTry = tr("Next try in %1 s").arg(seconds);
    }
    m_window->setOffline(texts);
    m_window->setSyncState(ui::Tone::Warn, tr("Offline"));
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
            m_window->setSyncState(ui::Tone::Muted, tr("Connecting"));
        }
    }
    if (status.loading)
        m_window->progress()->setTask(
            tr("Loading bills and costs"), status.loaded, status.loadTotal, true
        );
    else
        m_window->progress()->finish();
}

void Console::refreshAccounts()
{
    m_services->queries().accounts().then(
        this,
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
    m_services->queries()
        .months(m_selection.account())
        .then(this, [this](const Result<std::vector<Month>>& months) {
            if (!months)
                return;
            const Month present = monthOf(m_selection.today(m_services->sync().now()));
            std::vector<Month> all = *months;
            if (std::find(all.begin(), all.end(), present) == all.end())
                all.push_back(present);
            std::sort(all.begin(), all.end(), [](Month a, Month b) { return b < a; });
            std::vector<ui::Picker::Choice> choices;
            choices.reserve(all.size());
            for (const Month month : all)
                choices.push_back(
                    { QString::number(month.index), monthText(month, m_context.locale), {} }
                );
            if (!m_monthChosen)
                m_selection.setMonth(present);
            m_window->periodPicker()->setChoices(std::move(choices));
            m_window->periodPicker()->setCurrent(QString::number(m_selection.month().index));
        });
}

void Console::showViewAsMenu()
{
    auto* menu = new QMenu(m_window.get());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const AccountItem& account : m_selection.accounts()) {
        const AccountId id = account.id;
        menu->addAction(QString::fromStdString(account.name), this, [this, id] {
            m_services->intents().viewAsCustomer(id).then(
                this, [this](const Result<Identity>& identity) { reportSignIn(identity); }
            );
        });
    }
    menu->popup(QCursor::pos());
}

} // namespace quittance::console
