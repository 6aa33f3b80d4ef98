#include "ui/shell/console_context.h"

#include "models/format.h"
#include "ui/widgets/bars.h"

#include <QCoreApplication>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace quittance::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Errors)
};

} // namespace

const AccountItem* ConsoleSelection::item() const
{
    if (m_accounts.empty())
        return nullptr;
    const auto found = std::find_if(m_accounts.begin(), m_accounts.end(), [&](const auto& account) {
        return account.id == m_account;
    });
    return found == m_accounts.end() ? &m_accounts.front() : &*found;
}

QTimeZone ConsoleSelection::zone() const
{
    const AccountItem* account = item();
    const QTimeZone zone = account == nullptr
        ? QTimeZone::utc()
        : QTimeZone(QByteArray::fromStdString(account->timeZone));
    return zone.isValid() ? zone : QTimeZone::utc();
}

Date ConsoleSelection::today(Instant now) const
{
    return fromQDate(toQDateTime(now, zone()).date());
}

void ConsoleSelection::setAccounts(std::vector<AccountItem> accounts)
{
    m_accounts = std::move(accounts);
    const bool known = std::any_of(m_accounts.begin(), m_accounts.end(), [&](const auto& account) {
        return account.id == m_account;
    });
    if (!known)
        m_account.reset();
    emit changed();
}

void ConsoleSelection::setAccount(std::optional<AccountId> account)
{
    if (account == m_account)
        return;
    m_account = account;
    emit changed();
}

void ConsoleSelection::setMonth(Month month)
{
    if (month == m_month)
        return;
    m_month = month;
    emit changed();
}

void ConsoleSelection::setListMonth(std::optional<Month> month)
{
    if (month == m_listMonth)
        return;
    m_listMonth = month;
    emit changed();
}

bool isStaff(const std::optional<Identity>& identity)
{
    return identity && !identity->viewingAccount
        && std::ranges::any_of(identity->grants, [](const Grant& grant) {
               return !grant.account || grants(grant.role, Permission::AccountsRead);
           });
}

QString errorText(const Error& error)
{
    const auto said = [&](std::initializer_list<ErrorCode> codes) {
        return std::find(codes.begin(), codes.end(), error.code) != codes.end();
    };
    if (said({ ErrorCode::Unauthenticated }))
        return Texts::tr("The e-mail or the password is not right, or the session ended.");
    if (said({ ErrorCode::PermissionDenied, ErrorCode::ReadOnly }))
        return Texts::tr("Your role does not allow this.");
    if (said({ ErrorCode::Unavailable, ErrorCode::Timeout }))
        return Texts::tr("The backend does not answer. What is on this computer stays readable.");
    if (said({ ErrorCode::BadAnswer, ErrorCode::MalformedInput }))
        return Texts::tr(
            "The backend answered something else than expected. Check the address, or update."
        );
    if (said({ ErrorCode::RateLimited }))
        return Texts::tr("Too many tries. Wait a minute and try again.");
    if (said({ ErrorCode::Busy }))
        return Texts::tr("The backend is busy. Try again in a moment.");
    if (said({ ErrorCode::StorageFull }))
        return Texts::tr("The disk is full. Nothing was lost; free some space and try again.");
    if (said({ ErrorCode::NotFound }))
        return Texts::tr("It is no longer there.");
    if (said({ ErrorCode::Precondition }))
        return Texts::tr("Someone else changed it meanwhile. Look at it again.");
    if (said({ ErrorCode::AlreadyExists }))
        return Texts::tr("It exists already.");
    return QString::fromStdString(error.detail);
}

void showReadProblem(InlineMessage& message, const Error* error)
{
    constexpr const char* isShown = "readProblem"; // another message is not ours to clear
    if (error != nullptr && error->code == ErrorCode::Cancelled)
        return;
    if (error != nullptr)
        message.showMessage(
            Tone::Bad,
            Texts::tr("What is on this computer could not be read. %1").arg(errorText(*error)), {},
            QString::fromStdString(error->detail)
        );
    else if (message.property(isShown).toBool())
        message.clear();
    message.setProperty(isShown, error != nullptr);
}

QString offlineReason(const client::SyncStatus& status)
{
    return status.connection == client::SyncStatus::Connection::Live
        ? QString()
        : Texts::tr("This needs the backend, which is not reached now.");
}

} // namespace quittance::ui

#include "moc_console_context.cpp"
