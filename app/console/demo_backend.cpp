#include "app/console/demo_backend.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <utility>

namespace quittance::console {

namespace {

QString daemonProgram()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/quittanced");
}

} // namespace

DemoBackend::DemoBackend(QString folder, QObject* parent)
    : QObject(parent)
    , m_folder(std::move(folder))
{
    m_maker.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_maker, &QProcess::finished, this, &DemoBackend::finishDemo);
    connect(&m_server, &QProcess::readyReadStandardOutput, this, &DemoBackend::readAddress);
    const auto fail = [this] {
        emit failed(tr("Could not start %1: %2").arg(daemonProgram(), m_server.errorString()));
    };
    connect(&m_maker, &QProcess::errorOccurred, this, fail);
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
    return QString(m_folder + QStringLiteral("/backend.db"));
}

QString DemoBackend::accessFile() const
{
    return QString(m_folder + QStringLiteral("/demo.json"));
}

void DemoBackend::start()
{
    QDir().mkpath(m_folder);
    // The access file is written last: without it the database is half made.
    if (QFile::exists(accessFile()))
        serve();
    else
        makeDemo();
}

void DemoBackend::makeDemo()
{
    emit making();
    for (const QString& suffix : { QString(), QStringLiteral("-wal"), QStringLiteral("-shm") })
        QFile::remove(database() + suffix);
    m_maker.start(
        daemonProgram(),
        { QStringLiteral("--database"), QString(QStringLiteral("sqlite:") + database()),
          QStringLiteral("demo"), QStringLiteral("create"), QStringLiteral("--json") }
    );
}

void DemoBackend::finishDemo(int exitCode)
{
    if (exitCode != 0) {
        emit failed(tr("The demo could not be made."));
        return;
    }
    QFile file(accessFile());
    if (file.open(QIODevice::WriteOnly)) {
        file.write(m_maker.readAllStandardOutput());
        file.close();
    }
    serve();
}

void DemoBackend::serve()
{
    m_server.start(
        daemonProgram(),
        { QStringLiteral("--database"), QString(QStringLiteral("sqlite:") + database()),
          QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0") }
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
    emit ready(
        QUrl(QString(QStringLiteral("http://") + match.captured(1))),
        access.value(QStringLiteral("email")).toString(),
        access.value(QStringLiteral("password")).toString()
    );
}

void DemoBackend::stop()
{
    constexpr int graceMs = 3000;
    m_server.terminate();
    if (!m_server.waitForFinished(graceMs)) {
        m_server.kill();
        m_server.waitForFinished();
    }
}

} // namespace quittance::console
