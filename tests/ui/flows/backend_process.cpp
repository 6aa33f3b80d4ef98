#include "tests/ui/flows/backend_process.h"

#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>
#include <QJsonDocument>
#include <QTcpServer>

namespace quittance::flows {

namespace {

constexpr int commandMs = 60'000;

QString program()
{
    return qEnvironmentVariable("QUITTANCED");
}

QStringList withDatabase(const QString& file, const QString& clock, const QStringList& arguments)
{
    return QStringList { QStringLiteral("--database"), QString(QStringLiteral("sqlite:") + file),
                         QStringLiteral("--sandbox-clock"), clock }
    + arguments;
}

std::optional<QByteArray> runProgram(const QStringList& arguments)
{
    QProcess process;
    process.start(program(), arguments);
    const bool ended = process.waitForFinished(commandMs);
    if (ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return process.readAllStandardOutput();
    qWarning(
        "%s %s: %s%s", qPrintable(program()), qPrintable(arguments.join(QLatin1Char(' '))),
        process.readAllStandardError().constData(), qPrintable(process.errorString())
    );
    return std::nullopt;
}

quint16 freePort()
{
    constexpr quint16 first = 20'000;
    constexpr quint16 count = 10'000;
    QTcpServer probe;
    const qint64 start = QCoreApplication::applicationPid();
    for (quint16 i = 0; i < count; ++i) {
        const auto port = static_cast<quint16>(first + (start + i) % count);
        if (probe.listen(QHostAddress::LocalHost, port))
            return port;
    }
    return 0;
}

} // namespace

bool DemoDatabase::make()
{
    const std::optional<QByteArray> access = runProgram(withDatabase(
        file(), present,
        { QStringLiteral("demo"), QStringLiteral("create"), QStringLiteral("--seed"),
          QStringLiteral("7"), QStringLiteral("--accounts"), QStringLiteral("3"),
          QStringLiteral("--months"), QStringLiteral("3"), QStringLiteral("--json") }
    ));
    if (!access)
        return false;
    m_access = QJsonDocument::fromJson(*access).object();
    return !password().isEmpty();
}

QString DemoDatabase::adminEmail() const
{
    return m_access.value(QStringLiteral("email")).toString();
}

QString DemoDatabase::customerEmail() const
{
    return m_access.value(QStringLiteral("customerEmail")).toString();
}

QString DemoDatabase::password() const
{
    return m_access.value(QStringLiteral("password")).toString();
}

BackendProcess::BackendProcess(const DemoDatabase& demo)
    : m_port(freePort())
{
    QFile::copy(demo.file(), database());
    m_server.setProcessChannelMode(QProcess::SeparateChannels);
    m_server.setStandardErrorFile(QProcess::nullDevice());
}

BackendProcess::~BackendProcess()
{
    stop();
}

QString BackendProcess::database() const
{
    return m_folder.filePath(QStringLiteral("backend.db"));
}

QUrl BackendProcess::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
}

bool BackendProcess::start()
{
    m_server.start(
        program(),
        withDatabase(
            database(), present,
            { QStringLiteral("serve"), QStringLiteral("--listen"),
              QStringLiteral("127.0.0.1:%1").arg(m_port) }
        )
    );
    // The first line says that it listens; an end without one says that it does not.
    while (m_server.state() != QProcess::NotRunning && !m_server.canReadLine())
        if (!m_server.waitForReadyRead(commandMs))
            break;
    return m_server.readLine().startsWith("listening on ");
}

void BackendProcess::stop()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    m_server.terminate();
    if (!m_server.waitForFinished(commandMs))
        m_server.kill();
    m_server.waitForFinished();
}

std::optional<QByteArray>
BackendProcess::run(const QStringList& arguments, const QString& clock) const
{
    return runProgram(withDatabase(database(), clock, arguments));
}

QJsonArray BackendProcess::list(const QStringList& arguments) const
{
    const std::optional<QByteArray> text
        = run(arguments + QStringList { QStringLiteral("--json") });
    return text ? QJsonDocument::fromJson(*text).array() : QJsonArray();
}

QByteArray BackendProcess::exported(const QString& number, const QString& format) const
{
    QFile file(m_folder.filePath(QStringLiteral("exported.") + format));
    const auto done
        = run({ QStringLiteral("bill"), QStringLiteral("export"), number,
                QStringLiteral("--format"), format, QStringLiteral("-o"), file.fileName() });
    return done && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace quittance::flows
