#include "client/services/console_services.h"

#include "client/services/driver_ports.h"
#include "client/services/private_files.h"

#include <QtCore/QDateTime>
#include <QtCore/QFile>

#include <utility>

namespace quittance::client {

namespace {

Result<std::unique_ptr<Store>> openStore(const QString& file)
{
    // SQLite gives its other files the permissions of this one.
    if (!makePrivateFile(file))
        return failure(ErrorCode::ReadOnly, "cannot be made private: " + file.toStdString());
    for (const QString& suffix : { QStringLiteral("-wal"), QStringLiteral("-shm") }) {
        if (QFile::exists(file + suffix))
            makePrivateFile(file + suffix);
    }
    return Store::open("sqlite:" + file.toStdString(), {});
}

bool isUnreadable(ErrorCode code)
{
    return code == ErrorCode::Corrupt || code == ErrorCode::SchemaTooNew;
}

QUrl serverOf(Store& store, const ConsoleServices::Options& options)
{
    if (!options.server.isEmpty())
        return options.server;
    const QUrl last = SyncDriver::lastServer(store);
    return last.isEmpty() ? QUrl(QStringLiteral("http://127.0.0.1:8420")) : last;
}

void moveAside(const QString& file)
{
    const QString stamp
        = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMddHHmmsszzz"));
    for (const QString& suffix : { QString(), QStringLiteral("-wal"), QStringLiteral("-shm") })
        QFile::rename(file + suffix, file + QStringLiteral(".unreadable-") + stamp + suffix);
}

} // namespace

Result<std::unique_ptr<ConsoleServices>> ConsoleServices::start(const Options& options)
{
    Result<std::unique_ptr<Store>> store = openStore(options.storeFile);
    if (!store && isUnreadable(store.error().code)) {
        moveAside(options.storeFile);
        store = openStore(options.storeFile);
    }
    if (!store)
        return failure(store.error());
    return std::unique_ptr<ConsoleServices>(new ConsoleServices(std::move(*store), options));
}

ConsoleServices::ConsoleServices(std::unique_ptr<Store> store, const Options& options)
    : m_store(std::move(store))
    , m_server(serverOf(*m_store, options))
    , m_driver(new SyncDriver(*m_store, options.tokens, options.answerMs))
{
    m_worker.setObjectName(QStringLiteral("sync"));
    m_driver->moveToThread(&m_worker);
    QObject::connect(&m_worker, &QThread::finished, m_driver, &QObject::deleteLater);
    m_queries
        = std::make_unique<StoreQueries>(*m_store, [driver = m_driver] { return driver->now(); });
    m_intents = std::make_unique<DriverIntents>(*m_driver, *m_store);
    m_sync = std::make_unique<DriverSync>(*m_driver);
    QObject::connect(
        m_driver, &SyncDriver::scopesChanged, m_queries.get(), &StoreQueries::announce
    );
    m_worker.start();
    QMetaObject::invokeMethod(m_driver, [driver = m_driver, server = m_server] {
        driver->resume(server);
    });
}

ConsoleServices::~ConsoleServices()
{
    QMetaObject::invokeMethod(m_driver, [driver = m_driver] { driver->stop(); });
    m_worker.quit();
    m_worker.wait();
}

} // namespace quittance::client
