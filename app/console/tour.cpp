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
}

void Tour::start()
{
    QDir().mkpath(m_folder);
    addSteps();
    next();
}

void Tour::addStep(const QString& name, std::function<void()> prepare)
{
    m_steps.push_back({ name, std::move(prepare) });
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
        addStep(QStringLiteral("offline-light-1440"), [this] {
            m_console.people().closeDetail();
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
}

void Tour::next()
{
    if (m_step == m_steps.size()) {
        emit finished(m_pictures);
        return;
    }
    const Step& step = m_steps[m_step++];
    step.prepare();
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
