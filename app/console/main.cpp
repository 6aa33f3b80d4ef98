#include "app/console/console.h"
#include "app/console/demo_backend.h"
#include "app/console/first_page.h"
#include "app/console/tour.h"
#include "client/services/private_files.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <span>
#include <string_view>

namespace {

using namespace quittance;

struct Arguments {
    QUrl server; ///< empty: where one signed in last
    QString dataFolder;
    QString tourFolder;
    QString brandFile; ///< of the demo; empty: the shipped one
    bool demo = false;
    bool exitAfterFirstPage = false;
};

/// Each brand has an organisation of its own: what one billed is not in another's name.
QString demoFolder(const QString& brandFile)
{
    const QString folder = QStringLiteral("/demo");
    return brandFile.isEmpty()
        ? folder
        : folder + QLatin1Char('-') + QFileInfo(brandFile).completeBaseName();
}

Arguments parse(const QCoreApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Bills and costs of a GPU cloud, online and offline.")
    );
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption server(
        QStringLiteral("server"), QStringLiteral("The backend's address."), QStringLiteral("url")
    );
    const QCommandLineOption data(
        QStringLiteral("data"), QStringLiteral("Where bills are kept on this computer."),
        QStringLiteral("folder")
    );
    const QCommandLineOption demo(
        QStringLiteral("demo"),
        QStringLiteral("Start a private backend with a demo organisation, signed in.")
    );
    const QCommandLineOption brand(
        QStringLiteral("brand"), QStringLiteral("The brand of the demo organisation."),
        QStringLiteral("file")
    );
    const QCommandLineOption tour(
        QStringLiteral("tour"),
        QStringLiteral("Walk every page, write a picture of each to this folder, and end."),
        QStringLiteral("folder")
    );
    const QCommandLineOption firstPage(
        QStringLiteral("exit-after-first-page"),
        QStringLiteral("End when the first page of what is stored stands on the display, saying "
                       "\"painted\": to measure a start.")
    );
    parser.addOptions({ server, data, demo, brand, tour, firstPage });
    parser.process(application);
    Arguments arguments;
    if (parser.isSet(server))
        arguments.server = QUrl(parser.value(server));
    arguments.dataFolder = parser.isSet(data)
        ? parser.value(data)
        : QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    arguments.tourFolder = parser.value(tour);
    arguments.demo = parser.isSet(demo);
    arguments.exitAfterFirstPage = parser.isSet(firstPage);
    arguments.brandFile = parser.value(brand);
    if (arguments.demo)
        arguments.dataFolder += demoFolder(arguments.brandFile);
    return arguments;
}

/// A core file would hold the session and people's data.
void forbidCoreFiles()
{
    const rlimit none { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
}

void connectDemo(console::DemoBackend& backend, console::Console& console)
{
    QObject::connect(&backend, &console::DemoBackend::making, &console, [&console] {
        console.window().progress()->setTask(
            console::Console::tr("Making the demo organisation"), 0, 0, false
        );
        console.window().signIn()->setBusy(true);
    });
    QObject::connect(
        &backend, &console::DemoBackend::ready, &console,
        [&console](const QUrl& server, const QString& email, const QString& password) {
            console.window().signIn()->setServer(server.toString());
            console.window().signIn()->setEmail(email);
            console.signIn(server, email, password);
        }
    );
    QObject::connect(
        &backend, &console::DemoBackend::failed, &console,
        [&console](const QString& text) { console.window().signIn()->showError(text); }
    );
}

/// A tour has nobody who reads the window.
void endTour(const QString& why)
{
    std::fprintf(stderr, "quittance: %s\n", qPrintable(why));
    QCoreApplication::exit(1);
}

/// Starts when everything is on this computer.
void startTourWhenSynced(console::Console& console, console::Tour& tour)
{
    constexpr int pollMs = 200;
    constexpr qint64 patienceMs = 15LL * 60 * 1000; // making a demo takes some on a slow computer
    auto* poll = new QTimer(&tour);
    poll->setInterval(pollMs);
    QElapsedTimer waiting;
    waiting.start();
    QObject::connect(poll, &QTimer::timeout, &tour, [poll, &console, &tour, waiting] {
        const client::SyncStatus status = console.services().sync().status();
        if (status.connection != client::SyncStatus::Connection::Live || !status.lastSync
            || status.loading) {
            if (waiting.hasExpired(patienceMs))
                endTour(QStringLiteral("no tour: nothing came from the backend for 15 minutes"));
            return;
        }
        poll->deleteLater();
        tour.start();
    });
    poll->start();
}

/// Help and version need no display, which an application with windows cannot start without.
bool asksForText(std::span<char*> arguments)
{
    constexpr std::array<std::string_view, 5> options { "-h", "--help", "--help-all", "-v",
                                                        "--version" };
    return std::ranges::find_first_of(arguments, options) != arguments.end();
}

} // namespace

int main(int argc, char** argv)
{
    forbidCoreFiles();
    QApplication::setOrganizationName(QStringLiteral("Quittance"));
    QApplication::setApplicationName(QStringLiteral("quittance"));
    QApplication::setApplicationVersion(QStringLiteral(QUITTANCE_VERSION));
    if (asksForText({ argv, static_cast<std::size_t>(argc) })) {
        const QCoreApplication application(argc, argv);
        parse(application); // prints and ends
    }
    const QApplication application(argc, argv);
    const Arguments arguments = parse(application);
    if (!client::makePrivateFolder(arguments.dataFolder)) {
        std::fprintf(stderr, "quittance: cannot make %s\n", qPrintable(arguments.dataFolder));
        return 1;
    }

    QSettings settings;
    const bool isTour = !arguments.tourFolder.isEmpty();
    const std::unique_ptr<ui::ViewMemory> memory = isTour
        ? std::unique_ptr<ui::ViewMemory>(std::make_unique<ui::TransientViewMemory>())
        : std::make_unique<ui::SettingsViewMemory>(settings);
    ui::Theme theme(*qApp, memory.get());

    console::Console::Options options;
    options.storeFile = arguments.dataFolder + QStringLiteral("/console.db");
    options.server = arguments.server;
    if (arguments.demo)
        options.tokens = client::TokenVault::Backing::MemoryOnly;
    Result<std::unique_ptr<console::Console>> console
        = console::Console::start(options, theme, *memory);
    if (!console) {
        std::fprintf(stderr, "quittance: %s\n", console.error().detail.c_str());
        return 1;
    }
    console::FirstPage firstPage(**console);
    if (arguments.exitAfterFirstPage)
        QObject::connect(&firstPage, &console::FirstPage::painted, qApp, [] {
            std::puts("painted");
            std::fflush(stdout);
            QCoreApplication::quit();
        });
    (*console)->window().show();

    std::unique_ptr<console::DemoBackend> backend;
    if (arguments.demo) {
        backend = std::make_unique<console::DemoBackend>(console::DemoBackend::Options {
            arguments.dataFolder, arguments.brandFile, {} });
        connectDemo(*backend, **console);
        if (isTour) // queued: it may fail before there is a loop to end
            QObject::connect(
                backend.get(), &console::DemoBackend::failed, qApp, &endTour, Qt::QueuedConnection
            );
        backend->start();
    }
    console::Tour tour(**console, theme, backend.get(), arguments.tourFolder);
    if (isTour) {
        QObject::connect(&tour, &console::Tour::finished, qApp, [](int pictures) {
            std::printf("%d pictures\n", pictures);
            QCoreApplication::exit(pictures > 0 ? 0 : 1);
        });
        startTourWhenSynced(**console, tour);
    }
    return QApplication::exec();
}
