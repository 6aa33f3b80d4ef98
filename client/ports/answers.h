#pragma once

#include "core/domain/query.h"
#include "core/domain/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QMetaType>
#include <QtCore/QString>

#include <cstdint>
#include <optional>

/// What the ports answer with beside core/domain/query.h: what only a console has.
namespace quittance::client {

struct SavedDocument {
    QByteArray bytes;
    std::optional<Instant>
        savedAt; ///< when it came from the backend; none: made on this computer (CSV)
};

/// White-label: from the brand file of the backend, kept for offline starts.
struct BrandItem {
    std::string name;
    QByteArray logoSvg;
    QString accentLight; ///< "#2f5fd0"
    QString accentDark;
};

struct SyncStatus {
    enum class Connection : std::uint8_t { SignedOut, Connecting, Live, Offline };
    Connection connection = Connection::SignedOut;
    std::optional<Instant> lastSync; ///< when the stored data was last known to be complete
    std::optional<Instant> offlineSince;
    std::optional<Instant> nextTry;
    /// A first load that runs: one over all accounts, how far it is.
    bool loading = false;
    std::int64_t loadedThousandths = 0;
    std::int64_t loadingStep = 0; ///< 3 of 12
    std::int64_t loadingSteps = 0;
    bool incomplete = false; ///< a first load was cancelled: syncNow goes on with it
    std::optional<Error> problem; ///< the last that made it offline or signed out
    std::int64_t storedBills = 0;
    /// False where no keychain took the session: the next start asks to sign in again.
    bool sessionKept = true;
};

} // namespace quittance::client

Q_DECLARE_METATYPE(quittance::client::SyncStatus)
