#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QUrl>

namespace quittance::console {

/// A private backend with the demo organisation, for `--demo`: quittanced as a child on a free
/// loopback port, its database in the person's data folder, made at the first start and brought up
/// to date at every later one. Nothing of it waits in the window's thread, and nothing of it
/// outlives the program: where this process ends in whatever way, the system ends its children
/// (Linux).
class DemoBackend : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString folder;
        QString brandFile; ///< empty: the shipped one
        QString program; ///< empty: quittanced beside this program
    };
    explicit DemoBackend(Options options, QObject* parent = nullptr);
    ~DemoBackend() override; ///< stops the child

    void start();
    void stop(); ///< the network is gone, for the tour
    /// Somebody who sees one account only; of a demo that is ready.
    [[nodiscard]] QString customerEmail() const { return m_customerEmail; }

signals:
    void making(); ///< the demo is made anew: some seconds
    void ready(const QUrl& server, const QString& email, const QString& password);
    void failed(const QString& text);

private:
    void makeDemo();
    void finishMaker(int exitCode, QProcess::ExitStatus status);
    [[nodiscard]] bool keepAccess(const QByteArray& access);
    void serve();
    void readAddress();
    void reportServer(QProcess::ProcessError error);
    void begin(QProcess& process, const QStringList& command);
    [[nodiscard]] QString notStarted(const QProcess& process) const;
    [[nodiscard]] QString database() const;
    [[nodiscard]] QString accessFile() const;

    Options m_options;
    QString m_customerEmail;
    bool m_isNew = false;
    bool m_isStopping = false;
    QProcess m_maker;
    QProcess m_server;
};

} // namespace quittance::console
