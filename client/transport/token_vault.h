#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <functional>

/// The session token in the operating system's keychain. Where there is none (no secret service),
/// the token is kept in memory for this run and `refused` says so; never in a file.
namespace quittance::client {

class TokenVault : public QObject {
    Q_OBJECT

public:
    enum class Backing : std::uint8_t { Keychain, MemoryOnly };

    explicit TokenVault(Backing backing, QObject* parent = nullptr);

    /// `found` gets an empty token where none is stored.
    void read(const QString& server, std::function<void(QByteArray)> found);
    void write(const QString& server, const QByteArray& token);
    void remove(const QString& server);

Q_SIGNALS:
    /// No keychain took what was written: the next start asks to sign in again.
    void refused();

private:
    Backing m_backing;
};

} // namespace quittance::client
