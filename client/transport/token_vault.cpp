#include "client/transport/token_vault.h"

#include <qt6keychain/keychain.h>

#include <utility>

namespace quittance::client {

namespace {

constexpr QLatin1String service("Quittance");

} // namespace

TokenVault::TokenVault(Backing backing, QObject* parent)
    : QObject(parent)
    , m_backing(backing)
{
}

void TokenVault::read(const QString& server, std::function<void(QByteArray)> found)
{
    if (m_backing == Backing::MemoryOnly) {
        found({});
        return;
    }
    auto* job = new QKeychain::ReadPasswordJob(service, this);
    job->setInsecureFallback(false);
    job->setKey(server);
    connect(job, &QKeychain::Job::finished, this, [job, found = std::move(found)] {
        found(job->error() == QKeychain::NoError ? job->binaryData() : QByteArray());
    });
    job->start();
}

void TokenVault::write(const QString& server, const QByteArray& token)
{
    if (m_backing == Backing::MemoryOnly)
        return;
    auto* job = new QKeychain::WritePasswordJob(service, this);
    job->setInsecureFallback(false);
    job->setKey(server);
    job->setBinaryData(token);
    connect(job, &QKeychain::Job::finished, this, [this, job] {
        if (job->error() != QKeychain::NoError)
            Q_EMIT refused();
    });
    job->start();
}

void TokenVault::remove(const QString& server)
{
    if (m_backing == Backing::MemoryOnly)
        return;
    auto* job = new QKeychain::DeletePasswordJob(service, this);
    job->setInsecureFallback(false);
    job->setKey(server);
    job->start();
}

} // namespace quittance::client

#include "moc_token_vault.cpp"
