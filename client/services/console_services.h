#pragma once

#include "client/ports/ports.h"
#include "client/services/store_queries.h"
#include "client/services/sync_driver.h"
#include "client/store/store.h"

#include <QtCore/QThread>
#include <QtCore/QUrl>

#include <memory>

/// Everything behind the ports, made once by the program: the store, its query threads, and the
/// worker thread that syncs and sends intents.
namespace quittance::client {

class ConsoleServices final {
public:
    struct Options {
        QString storeFile; ///< made where absent
        QUrl server; ///< empty: where one signed in last
        TokenVault::Backing tokens = TokenVault::Backing::Keychain;
        /// How long an answer may let itself be waited for.
        int answerMs = HttpTransport::timeoutMs;
    };

    /// A store that cannot be read (no database, or of a newer console) is moved aside and begun
    /// anew: nothing in it is the only copy. An error where not even that works (a full or
    /// read-only disk).
    [[nodiscard]] static Result<std::unique_ptr<ConsoleServices>> start(const Options& options);
    ~ConsoleServices();
    ConsoleServices(const ConsoleServices&) = delete;
    ConsoleServices& operator=(const ConsoleServices&) = delete;
    ConsoleServices(ConsoleServices&&) = delete;
    ConsoleServices& operator=(ConsoleServices&&) = delete;

    [[nodiscard]] Queries& queries() const { return *m_queries; }
    [[nodiscard]] Intents& intents() const { return *m_intents; }
    [[nodiscard]] Sync& sync() const { return *m_sync; }
    [[nodiscard]] Store& store() const { return *m_store; }
    [[nodiscard]] const QUrl& server() const { return m_server; } ///< that it began with

private:
    ConsoleServices(std::unique_ptr<Store> store, const Options& options);

    std::unique_ptr<Store> m_store;
    QUrl m_server;
    QThread m_worker;
    SyncDriver* m_driver; // lives on m_worker, deleted there
    std::unique_ptr<StoreQueries> m_queries;
    std::unique_ptr<Intents> m_intents;
    std::unique_ptr<Sync> m_sync;
};

} // namespace quittance::client
