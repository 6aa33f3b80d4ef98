#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QUrl>

#include <optional>

namespace quittance::flows {

/// When it is in every flow: the sandbox clock of the backend, which stands still there.
inline const QString present = QStringLiteral("2026-03-16T09:00:00Z");
/// After the end of the present month, when its bills can be issued.
inline const QString nextMonth = QStringLiteral("2026-04-02T09:00:00Z");

/// A small demo organisation as one file: three accounts, three months, always the same. Made once
/// a program, copied for each flow.
class DemoDatabase {
public:
    [[nodiscard]] bool make(); ///< false, and a warning with what quittanced said
    [[nodiscard]] QString file() const { return m_folder.filePath(QStringLiteral("demo.db")); }
    [[nodiscard]] QString adminEmail() const;
    [[nodiscard]] QString customerEmail() const; ///< of the account "Acme Research"
    [[nodiscard]] QString password() const; ///< everyone's

private:
    QTemporaryDir m_folder;
    QJsonObject m_access;
};

/// A real quittanced on a loopback port that stays the same over restarts, with its command line
/// beside it on the same database. The port lies below those that the system gives to clients, so
/// that nobody takes it while the backend is down.
class BackendProcess {
public:
    explicit BackendProcess(const DemoDatabase& demo);
    ~BackendProcess();
    BackendProcess(const BackendProcess&) = delete;
    BackendProcess& operator=(const BackendProcess&) = delete;
    BackendProcess(BackendProcess&&) = delete;
    BackendProcess& operator=(BackendProcess&&) = delete;

    [[nodiscard]] bool start(); ///< returns once it listens
    void stop(); ///< SIGTERM, and waits for its end
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QString database() const;

    /// A command's standard output; nothing, and a warning with what it said, where it fails.
    [[nodiscard]] std::optional<QByteArray>
    run(const QStringList& arguments, const QString& clock = present) const;
    /// The list that a command prints with --json; empty where it fails.
    [[nodiscard]] QJsonArray list(const QStringList& arguments) const;
    /// `bill export`; empty where it fails.
    [[nodiscard]] QByteArray exported(const QString& number, const QString& format) const;

private:
    QTemporaryDir m_folder;
    QProcess m_server;
    quint16 m_port;
};

} // namespace quittance::flows
