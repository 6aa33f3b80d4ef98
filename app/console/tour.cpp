#include "app/console/tour.h"

#include "models/cost_table_model.h"
#include "ui/bills/bill_detail.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/table_view.h"

#include <QDir>
#include <QTimer>

#include <utility>

namespace quittance::console {

namespace {

/// Answers come from worker threads and pages settle; the pictures are of what stands still.
constexpr int settleMs = 700;
constexpr QSize wide(1440, 900);
constexpr QSize narrow(1024, 700);

} // namespace

Tour::Tour(Console& console, ui::Theme& theme, DemoBackend* backend, QString folder)
    : m_console(console)
    , m_theme(theme)
    , m_backend(backend)
    , m_folder(std::move(folder))
{
    if (m_backend != nullptr)
        connect(
            m_backend, &DemoBackend::ready, this,
            [this](const QUrl& server, const QString& /*email*/, const QString& password) {
                m_server = server;
                m_password = password;
            }
        );
}

void Tour::start()
{
    QDir().mkpath(m_folder);
    addSteps();
    next();
}

void Tour::addStep(
    const QString& name, std::function<void()> prepare, std::function<bool()> isReady
)
{
    m_steps.push_back({ name, std::move(prepare), std::move(isReady) });
}

void Tour::signInAsCustomer()
{
    m_console.services().intents().signOut();
    m_console.signIn(m_server, m_backend->customerEmail(), m_password);
}

bool Tour::isCustomerSynced() const
{
    const client::SyncStatus status = m_console.services().sync().status();
    const std::optional<Identity> who = m_console.services().sync().identity();
    return who && who->email == m_backend->customerEmail().toStdString()
        && status.connection == client::SyncStatus::Connection::Live && status.lastSync
        && !status.loading;
}

void Tour::chooseAccount(std::size_t index)
{
    const auto& accounts = m_console.selection().accounts();
    if (index < accounts.size())
        m_console.selection().setAccount(accounts[index].id);
    m_console.window().accountPicker()->setCurrent(
        QString::number(m_console.selection().account().value_or(0))
    );
}

void Tour::chooseAllAccounts()
{
    m_console.selection().setAccount(std::nullopt);
    m_console.window().accountPicker()->setCurrent(QStringLiteral("all"));
}

void Tour::filterByFirstSeries()
{
    const QModelIndex first = m_console.costs().table()->model()->index(0, 0);
    m_console.costs().drillInto(first.data(models::CostTableModel::KeyRole).toString());
}

void Tour::openFirstBill(const std::function<void()>& then)
{
    constexpr int firstIssued = 1; // the draft of the present month stands above it
    m_console.window().showPage(QStringLiteral("bills"));
    QTimer::singleShot(settleMs / 2, this, [this, then] {
        m_console.bills().table()->selectRow(firstIssued);
        QTimer::singleShot(settleMs / 2, this, then);
    });
}

void Tour::addSteps()
{
    ui::MainWindow& window = m_console.window();
    for (const bool dark : { false, true }) {
        for (const QSize size : { wide, narrow }) {
            const QString suffix = QStringLiteral("-%1-%2").arg(
                dark ? QStringLiteral("dark") : QStringLiteral("light"),
                QString::number(size.width())
            );
            addStep(QStringLiteral("overview") + suffix, [this, &window, dark, size] {
                m_theme.setChoice(dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
                window.resize(size);
                chooseAccount(0);
                window.showPage(QStringLiteral("overview"));
            });
            addStep(QStringLiteral("overview-all") + suffix, [this] { chooseAllAccounts(); });
            addStep(QStringLiteral("bills") + suffix, [this, &window] {
                chooseAccount(0);
                m_console.bills().closeDetail();
                window.showPage(QStringLiteral("bills"));
            });
            addStep(QStringLiteral("bill") + suffix, [this] {
                openFirstBill([this] { m_console.bills().detail()->openLine(1); });
            });
            addStep(QStringLiteral("events") + suffix, [this] {
                m_console.bills().detail()->openEvents(1);
            });
            addStep(QStringLiteral("costs") + suffix, [this, &window] {
                m_console.bills().closeDetail();
                m_console.bills().closeDetail();
                m_console.costs().setSplit(CostGroup::Service);
                window.showPage(QStringLiteral("costs"));
            });
            addStep(QStringLiteral("costs-filtered") + suffix, [this] { filterByFirstSeries(); });
            addStep(QStringLiteral("costs-project") + suffix, [this] {
                m_console.costs().chooseCrumb(QStringLiteral("all"));
                m_console.costs().setSplit(CostGroup::Project);
            });
            addStep(QStringLiteral("billing") + suffix, [&window] {
                window.showPage(QStringLiteral("billing"));
            });
            addStep(QStringLiteral("billing-profile") + suffix, [this] {
                m_console.billing().openProfileForm();
            });
            addStep(QStringLiteral("billing-terms") + suffix, [this] {
                m_console.billing().openTermsForm();
            });
            addStep(QStringLiteral("people") + suffix, [this, &window] {
                m_console.billing().closeDetail();
                window.showPage(QStringLiteral("people"));
            });
        }
    }
    addEndSteps();
}

/// What whoever sees one account sees: no column and no choice of accounts, "You owe".
void Tour::addCustomerSteps()
{
    ui::MainWindow& window = m_console.window();
    for (const bool dark : { false, true }) {
        const QString suffix = dark ? QStringLiteral("-dark-1440") : QStringLiteral("-light-1440");
        addStep(
            QStringLiteral("customer-overview") + suffix,
            [this, &window, dark] {
                m_theme.setChoice(dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
                if (!dark)
                    signInAsCustomer();
                window.showPage(QStringLiteral("overview"));
            },
            [this] { return isCustomerSynced(); }
        );
        addStep(QStringLiteral("customer-bill") + suffix, [this] {
            openFirstBill([this] { m_console.bills().detail()->openLine(1); });
        });
        addStep(QStringLiteral("customer-costs") + suffix, [&window] {
            window.showPage(QStringLiteral("costs"));
        });
    }
}

/// What is shown once: it ends without a backend and without a session.
void Tour::addEndSteps()
{
    ui::MainWindow& window = m_console.window();
    addStep(QStringLiteral("people-invite-light-1440"), [this, &window] {
        m_theme.setChoice(ui::ThemeChoice::Light);
        window.resize(wide);
        m_console.people().openForm();
    });
    const auto darken = [this] { m_theme.setChoice(ui::ThemeChoice::Dark); };
    if (m_backend != nullptr) {
        addCustomerSteps();
        addStep(QStringLiteral("offline-light-1440"), [this] {
            m_theme.setChoice(ui::ThemeChoice::Light);
            m_console.bills().closeDetail();
            m_backend->stop();
            openFirstBill([] {});
        });
        addStep(QStringLiteral("offline-dark-1440"), darken);
    }
    addStep(QStringLiteral("sign-in-light-1440"), [this, &window] {
        m_theme.setChoice(ui::ThemeChoice::Light);
        window.showSignIn();
    });
    addStep(QStringLiteral("sign-in-dark-1440"), darken);
    addStep(QStringLiteral("invitation-dark-1440"), [&window] {
        window.signIn()->showInvitation(true);
    });
    for (const QSize size : { wide, narrow }) {
        const QString width = QString::number(size.width());
        addStep(QStringLiteral("invitation-light-") + width, [this, &window, size] {
            m_theme.setChoice(ui::ThemeChoice::Light);
            window.resize(size);
        });
    }
}

void Tour::next()
{
    if (m_step == m_steps.size()) {
        emit finished(m_pictures);
        return;
    }
    const Step& step = m_steps[m_step++];
    step.prepare();
    constexpr int tries = 600; // some minutes, on a slow computer
    awaitReady(step, tries);
}

void Tour::awaitReady(const Step& step, int triesLeft)
{
    if (step.isReady && !step.isReady()) {
        if (triesLeft == 0)
            emit finished(0);
        else
            QTimer::singleShot(settleMs, this, [this, &step, triesLeft] {
                awaitReady(step, triesLeft - 1);
            });
        return;
    }
    constexpr int steps = 2;
    QTimer::singleShot(settleMs * steps, this, [this, name = step.name] {
        takePicture(name);
        next();
    });
}

void Tour::takePicture(const QString& name)
{
    if (m_console.window().grab().save(m_folder + QLatin1Char('/') + name + QStringLiteral(".png")))
        ++m_pictures;
    else
        qWarning("could not write the picture %s", qPrintable(name));
}

} // namespace quittance::console

#include "moc_tour.cpp"
