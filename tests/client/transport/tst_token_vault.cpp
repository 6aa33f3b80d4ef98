#include "client/transport/token_vault.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

using quittance::client::TokenVault;

class TokenVaultTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // No secret service, as on a server or in a session that has none.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        qunsetenv("DISPLAY");
    }

    void withoutAKeychainWritingIsRefusedAndNothingIsFound()
    {
        TokenVault vault(TokenVault::Backing::Keychain);
        const QSignalSpy refused(&vault, &TokenVault::refused);
        vault.write(QStringLiteral("http://127.0.0.1:1"), "secret");
        QTRY_COMPARE(refused.count(), 1);
        QCOMPARE(read(vault), QByteArray());
        vault.remove(QStringLiteral("http://127.0.0.1:1")); // nothing to remove, and nothing to say
        QTest::qWait(50);
        QCOMPARE(refused.count(), 1);
    }

    void inMemoryNothingIsKeptAndThatIsAsWanted()
    {
        TokenVault vault(TokenVault::Backing::MemoryOnly);
        const QSignalSpy refused(&vault, &TokenVault::refused);
        vault.write(QStringLiteral("http://127.0.0.1:1"), "secret");
        QCOMPARE(read(vault), QByteArray());
        QCOMPARE(refused.count(), 0);
    }

private:
    static QByteArray read(TokenVault& vault)
    {
        std::optional<QByteArray> found;
        vault.read(QStringLiteral("http://127.0.0.1:1"), [&](const QByteArray& token) {
            found = token;
        });
        (void)QTest::qWaitFor([&] { return found.has_value(); });
        return found.value_or("never answered");
    }
};

QTEST_GUILESS_MAIN(TokenVaultTest)

#include "tst_token_vault.moc"
