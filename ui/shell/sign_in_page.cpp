#include "ui/shell/sign_in_page.h"

#include "core/domain/text_rules.h"
#include "ui/shell/brand_mark.h"
#include "ui/shell/console_context.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/label.h"
#include "ui/widgets/panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHideEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace quittance::ui {
namespace {

constexpr int formWidth = 400;

QString serverProblem(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool known
        = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (text.isEmpty())
        return SignInPage::tr("Enter the address of the server.");
    if (!known || url.host().isEmpty())
        return SignInPage::tr("An address starts with https:// or http:// and names a server.");
    return {};
}

QString emailProblem(const QString& text)
{
    const auto at = text.indexOf(QLatin1Char('@'));
    if (text.isEmpty())
        return SignInPage::tr("Enter your e-mail address.");
    if (at <= 0 || at == text.size() - 1 || text.contains(QLatin1Char(' ')))
        return SignInPage::tr("An e-mail address has a name, an @ and a domain.");
    return {};
}

/// The rule is the backend's own.
QString newPasswordProblem(const QString& text)
{
    if (checkPassword(text.toStdString()))
        return {};
    if (text.toUcs4().size() < static_cast<qsizetype>(passwordSizeMinCharacters))
        return SignInPage::tr("A password has at least %1 characters.")
            .arg(passwordSizeMinCharacters);
    return SignInPage::tr("This is too long, or holds a character that cannot be typed.");
}

} // namespace

SignInPage::SignInPage(QWidget* parent)
    : QWidget(parent)
    , m_brand(new BrandMark(this))
    , m_title(new Label({}, TextRole::Title, Tone::Normal, this))
    , m_server(new FormField(tr("Server"), {}, this))
    , m_email(new FormField(tr("E-mail"), {}, this))
    , m_password(new FormField(tr("Password"), {}, this))
    , m_code(new FormField(tr("Invitation"), {}, this))
    , m_newPassword(new FormField(
          tr("New password"),
          tr("At least %1 characters; spaces count too.").arg(passwordSizeMinCharacters), this
      ))
    , m_repeated(new FormField(tr("New password again"), {}, this))
    , m_message(new InlineMessage(this))
    , m_submit(new Button({}, Button::Kind::Primary, this))
    , m_other(new LinkButton({}, this))
{
    auto* panel = new Panel({}, this);
    panel->setFixedWidth(formWidth);
    panel->setBodyMargins(space::large, space::small, space::large, space::large);
    panel->body()->setSpacing(space::formRowGap);
    panel->body()->addWidget(m_brand);
    panel->body()->addWidget(m_title);
    for (FormField* field : allFields())
        panel->body()->addWidget(field);
    panel->body()->addWidget(m_message);
    panel->body()->addSpacing(space::tiny);
    panel->body()->addWidget(m_submit);
    panel->body()->addWidget(m_other, 0, Qt::AlignHCenter);

    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    // Not an alignment: that would ask for the height at the window's width, where messages need
    // fewer lines.
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(panel);
    row->addStretch(1);
    layout->addLayout(row);
    layout->addStretch(3);

    m_server->edit()->setPlaceholderText(QStringLiteral("https://billing.example.com"));
    m_code->edit()->setInputMethodHints(Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    for (FormField* field : { m_password, m_newPassword, m_repeated })
        makePassword(field);
    m_other->setObjectName(QStringLiteral("otherForm"));
    setChecks();
    showInvitation(false);
    connect(m_submit, &QAbstractButton::clicked, this, &SignInPage::submit);
    connect(m_other, &QAbstractButton::clicked, this, [this] {
        showInvitation(!m_isInvitation);
        focusFirstEmpty();
    });
}

void SignInPage::setChecks()
{
    m_server->setCheck(serverProblem);
    m_email->setCheck(emailProblem);
    m_password->setCheck([](const QString& text) {
        return text.isEmpty() ? tr("Enter your password.") : QString();
    });
    m_code->setCheck([](const QString& text) {
        return text.isEmpty() ? tr("Enter the invitation that you were given.") : QString();
    });
    // Spaces belong to a password: not the value that is handed in, which is trimmed.
    m_newPassword->setCheck([this](const QString&) {
        return newPasswordProblem(m_newPassword->edit()->text());
    });
    m_repeated->setCheck([this](const QString&) {
        return m_repeated->edit()->text() == m_newPassword->edit()->text()
            ? QString()
            : tr("This is not the same password.");
    });
}

/// Hidden as it is typed, with a way to look at it.
void SignInPage::makePassword(FormField* field)
{
    QLineEdit* edit = field->edit();
    edit->setEchoMode(QLineEdit::Password);
    edit->setInputMethodHints(
        Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase
    );
    QAction* reveal
        = edit->addAction(icon(Icon::ShowPassword, Tone::Muted), QLineEdit::TrailingPosition);
    reveal->setCheckable(true);
    reveal->setText(tr("Show the password"));
    reveal->setToolTip(reveal->text());
    connect(reveal, &QAction::toggled, edit, [edit](bool shown) {
        edit->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    });
    m_reveals.append(reveal);
}

QList<FormField*> SignInPage::allFields() const
{
    return { m_server, m_email, m_code, m_password, m_newPassword, m_repeated };
}

QList<FormField*> SignInPage::shownFields() const
{
    return m_isInvitation
        ? QList<FormField*> { m_server, m_email, m_code, m_newPassword, m_repeated }
        : QList<FormField*> { m_server, m_email, m_password };
}

void SignInPage::showInvitation(bool shown)
{
    m_isInvitation = shown;
    const QList<FormField*> fields = shownFields();
    for (FormField* field : allFields())
        field->setVisible(fields.contains(field));
    clearSecrets();
    m_message->clear();
    setWords();
}

void SignInPage::setWords()
{
    m_title->setText(m_isInvitation ? tr("Join") : tr("Sign in"));
    m_email->setHelp(m_isInvitation ? tr("The address that was invited.") : QString());
    m_other->setText(m_isInvitation ? tr("I have a password") : tr("I have an invitation"));
    m_other->updateGeometry();
    if (m_isBusy)
        m_submit->setText(m_isInvitation ? tr("Joining") : tr("Signing in"));
    else
        m_submit->setText(m_isInvitation ? tr("Set password and sign in") : tr("Sign in"));
}

void SignInPage::setBrand(const BrandLook& brand)
{
    m_brand->setBrand(brand);
}

void SignInPage::setServer(const QString& url)
{
    m_server->setValue(url);
}

void SignInPage::setEmail(const QString& email)
{
    m_email->setValue(email);
}

void SignInPage::setBusy(bool busy)
{
    m_isBusy = busy;
    for (FormField* field : allFields())
        field->setEnabled(!busy);
    m_submit->setEnabled(!busy);
    m_other->setEnabled(!busy);
    setWords();
    if (busy)
        m_message->clear();
}

void SignInPage::showError(const QString& text, const QString& detail)
{
    setBusy(false);
    m_password->edit()->clear();
    m_message->showMessage(Tone::Bad, text, {}, detail);
    focusFirstEmpty();
}

void SignInPage::showInvitationError(const Error& error)
{
    setBusy(false);
    FormField* wrong = nullptr;
    if (error.code == ErrorCode::Unauthenticated) {
        wrong = m_code;
        wrong->setError(tr("This invitation is unknown, used or out of date. Sign in if you have "
                           "set a password, or ask for another."));
    } else if (error.code == ErrorCode::InvalidArgument) {
        wrong = m_newPassword;
        wrong->setError(QString::fromStdString(error.detail));
    } else {
        m_message->showMessage(
            Tone::Bad, errorText(error), {}, QString::fromStdString(error.detail)
        );
        focusFirstEmpty();
        return;
    }
    wrong->edit()->setFocus();
    wrong->edit()->selectAll();
}

void SignInPage::focusFirstEmpty()
{
    const QList<FormField*> fields = shownFields();
    for (FormField* field : fields)
        if (field->value().isEmpty()) {
            field->edit()->setFocus();
            return;
        }
    fields.constLast()->edit()->setFocus();
}

void SignInPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (m_other->hasFocus())
            m_other->click();
        else
            submit();
    } else if (event->key() == Qt::Key_Escape && m_isInvitation && !m_isBusy) {
        showInvitation(false);
        focusFirstEmpty();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void SignInPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (event->spontaneous())
        return; // only minimised
    showInvitation(false);
}

void SignInPage::clearSecrets()
{
    for (FormField* field : { m_password, m_code, m_newPassword, m_repeated }) {
        field->setValue({});
        field->setError({});
    }
    for (QAction* reveal : std::as_const(m_reveals))
        reveal->setChecked(false);
}

void SignInPage::submit()
{
    if (!m_submit->isEnabled())
        return;
    // Each is checked, so that every mistake shows at once; the focus goes to the first.
    FormField* firstWrong = nullptr;
    for (FormField* field : shownFields())
        if (!field->check() && firstWrong == nullptr)
            firstWrong = field;
    if (firstWrong != nullptr) {
        firstWrong->edit()->setFocus();
        return;
    }
    // Spaces belong to a password: not value(), which trims.
    if (m_isInvitation)
        emit joinRequested(
            m_server->value(), m_email->value(), m_code->value(), m_newPassword->edit()->text()
        );
    else
        emit signInRequested(m_server->value(), m_email->value(), m_password->edit()->text());
}

} // namespace quittance::ui

#include "moc_sign_in_page.cpp"
