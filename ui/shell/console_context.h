#pragma once

#include "client/ports/ports.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/view_memory.h"

#include <QLocale>
#include <QObject>
#include <QString>
#include <QTimeZone>

#include <functional>
#include <optional>

namespace quittance::ui {

class InlineMessage;

/// What every page gets, made once by the program.
struct ConsoleContext {
    client::Queries& queries;
    client::Intents& intents;
    client::Sync& sync;
    ViewMemory& memory;
    SeriesColours& colours;
    QLocale locale;
    /// Asks the person where to save; empty where they changed their mind. Handed in, so that tests
    /// name the next file.
    std::function<QString(QWidget* parent, const QString& suggestedName, const QString& filter)>
        pickSaveFile;
};

/// The account and month that the pickers of the top bar name, for every page.
class ConsoleSelection : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] std::optional<AccountId> account() const { return m_account; } ///< none: all
    [[nodiscard]] Month month() const { return m_month; }
    /// Of pages that list every period unless one is chosen.
    [[nodiscard]] std::optional<Month> listMonth() const { return m_listMonth; }
    [[nodiscard]] const std::vector<AccountItem>& accounts() const { return m_accounts; }
    /// One is chosen, or there is only one to see: whose a bill is then needs no column.
    [[nodiscard]] bool isOneAccount() const { return m_account || m_accounts.size() == 1; }
    /// The chosen account's zone, or the first account's.
    [[nodiscard]] QTimeZone zone() const;
    [[nodiscard]] Date today(Instant now) const;

    void setAccounts(std::vector<AccountItem> accounts);
    void setAccount(std::optional<AccountId> account);
    void setMonth(Month month);
    void setListMonth(std::optional<Month> month);

signals:
    void changed();

private:
    [[nodiscard]] const AccountItem* item() const;

    std::optional<AccountId> m_account;
    Month m_month;
    std::optional<Month> m_listMonth;
    std::vector<AccountItem> m_accounts;
};

/// Whose own bills are not what they look at, but those of customers.
[[nodiscard]] bool isStaff(const std::optional<Identity>& identity);
/// What an error means to a person: what happened, what is safe, what to do.
[[nodiscard]] QString errorText(const Error& error);
/// Says beside a page why what is stored could not be read, until it can be again. Null: it was
/// read. A question that was given up is no problem.
void showReadProblem(InlineMessage& message, const Error* error);
/// Why what needs the network is disabled now; empty where it is not.
[[nodiscard]] QString offlineReason(const client::SyncStatus& status);

} // namespace quittance::ui
