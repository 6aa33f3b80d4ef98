#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QUrl>

namespace quittance::console {

/// A private backend with the demo organisation, for `--demo`: quittanced as a child on a free
/// loopback port, its database in the person's data folder, made at the first start. Nothing of it
/// waits in the window's thread.
class DemoBackend : public QObject {
    Q_OBJECT
public:
    explicit DemoBackend(QString folder, QObject* parent = nullptr);
    ~DemoBackend() override; ///< stops the child

    void start();
    void stop(); ///< the network is gone, for the tour

signals:
    void making(); ///< the demo is made anew: some seconds
    void ready(const QUrl& server, const QString& email, const QString& password);
    void failed(const QString& text);

private:
    void makeDemo();
    void finishDemo(int exitCode);
    void serve();
    void readAddress();
    [[nodiscard]] QString database() const;
    [[nodiscard]] QString accessFile() const;

    QString m_folder;
    QProcess m_maker;
    QProcess m_server;
};

} // namespace quittance::console
