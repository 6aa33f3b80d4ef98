#include "app/console/demo_backend.h"

#include "client/services/private_files.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace quittance::console {

namespace {

/// Runs in the child: what it writes is for this person only, and it ends when the console does,
/// also when that is killed.
void prepareChild([[maybe_unused]] pid_t parent)
{
    umask(S_IRWXG | S_IRWXO);
#ifdef Q_OS_LINUX
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) // it was gone before the call above
        _exit(1);
#endif
}

} // namespace

DemoBackend::DemoBackend(Options options, QObject* parent)
    : QObject(parent)
    , m_options(std::move(options))
{
    if (m_options.program.isEmpty())
        m_options.program = QCoreApplication::applicationDirPath() + QStringLiteral("/quittanced");
    for (QProcess* process : { &m_maker, &m_server }) {
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process->setChildProcessModifier([parent = getpid()] { prepareChild(parent); });
    }
    connect(&m_maker, &QProcess::finished, this, &DemoBackend::finishMaker);
    connect(&m_maker, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failed(notStarted(m_maker));
    });
    connect(&m_server, &QProcess::readyReadStandardOutput, this, &DemoBackend::readAddress);
    connect(&m_server, &QProcess::errorOccurred, this, &DemoBackend::reportServer);
    connect(&m_server, &QProcess::finished, this, [this] {
        if (!m_isStopping)
            emit failed(tr("The demo's backend ended. Start the demo again to go on."));
    });
}

void DemoBackend::reportServer(QProcess::ProcessError error)
{
    if (error == QProcess::FailedToStart)
        emit failed(notStarted(m_server));
}

QString DemoBackend::notStarted(const QProcess& process) const
{
    return tr("Could not start %1: %2").arg(m_options.program, process.errorString());
}

void DemoBackend::begin(QProcess& process, const QStringList& command)
{
    QStringList line { QStringLiteral("--database"), QStringLiteral("sqlite:%1").arg(database()) };
    if (!m_options.brandFile.isEmpty())
        line += { QStringLiteral("--brand"), m_options.brandFile };
    process.start(m_options.program, line + command);
}

DemoBackend::~DemoBackend()
{
    stop();
    m_maker.disconnect(this);
    m_maker.kill();
    m_maker.waitForFinished();
}

QString DemoBackend::database() const
{
    return QString(m_options.folder + QStringLiteral("/backend.db"));
}

QString DemoBackend::accessFile() const
{
    return QString(m_options.folder + QStringLiteral("/demo.json"));
}

void DemoBackend::start()
{
    if (!client::makePrivateFolder(m_options.folder)) {
        emit failed(tr("Could not make the folder %1.").arg(m_options.folder));
        return;
    }
    // An older program made them for everybody to read.
    for (const QString& file : { database(), QString(database() + QStringLiteral("-wal")),
                                 QString(database() + QStringLiteral("-shm")), accessFile() }) {
        if (QFile::exists(file))
            client::makePrivateFile(file);
    }
    // The access file is written last: without it the database is half made.
    m_isNew = !QFile::exists(accessFile());
    if (m_isNew)
        makeDemo();
    else
        begin(m_maker, { QStringLiteral("migrate") }); // an older program may have made it
}

void DemoBackend::makeDemo()
{
    emit making();
    for (const QString& suffix : { QString(), QStringLiteral("-wal"), QStringLiteral("-shm") })
        QFile::remove(database() + suffix);
    begin(m_maker, { QStringLiteral("demo"), QStringLiteral("create"), QStringLiteral("--json") });
}

void DemoBackend::finishMaker(int exitCode, QProcess::ExitStatus status)
{
    if (exitCode != 0 || status != QProcess::NormalExit) {
        emit failed(
            m_isNew ? tr("The demo could not be made. What quittanced wrote says why.")
                    : tr("The demo of %1 could not be brought up to date. What quittanced wrote "
                         "says why.")
                          .arg(m_options.folder)
        );
        return;
    }
    if (!m_isNew || keepAccess(m_maker.readAllStandardOutput()))
        serve();
}

bool DemoBackend::keepAccess(const QByteArray& access)
{
    QSaveFile file(accessFile());
    if (file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(access) == access.size() && file.commit())
        return true;
    emit failed(tr("Could not write %1: %2").arg(accessFile(), file.errorString()));
    return false;
}

void DemoBackend::serve()
{
    begin(
        m_server,
        { QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0") }
    );
}

void DemoBackend::readAddress()
{
    static const QRegularExpression listening(QStringLiteral("listening on (\\S+)"));
    const QRegularExpressionMatch match
        = listening.match(QString::fromUtf8(m_server.readAllStandardOutput()));
    if (!match.hasMatch())
        return;
    QFile file(accessFile());
    if (!file.open(QIODevice::ReadOnly)) {
        emit failed(tr("Cannot read %1").arg(accessFile()));
        return;
    }
    const QJsonObject access = QJsonDocument::fromJson(file.readAll()).object();
    m_customerEmail = access.value(QStringLiteral("customerEmail")).toString();
    emit ready(
        QUrl(QString(QStringLiteral("http://") + match.captured(1))),
        access.value(QStringLiteral("email")).toString(),
        access.value(QStringLiteral("password")).toString()
    );
}

void DemoBackend::stop()
{
    constexpr int graceMs = 3000;
    m_isStopping = true;
    if (m_server.state() == QProcess::NotRunning)
        return;
    m_server.terminate();
    if (!m_server.waitForFinished(graceMs)) {
        m_server.kill();
        m_server.waitForFinished();
    }
}

} // namespace quittance::console

#include "moc_demo_backend.cpp"
