#include "ui/shell/sign_in_page.h"

#include "ui/shell/brand_mark.h"
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

} // namespace

SignInPage::SignInPage(QWidget* parent)
    : QWidget(parent)
    , m_brand(new BrandMark(this))
    , m_server(new FormField(tr("Server"), {}, this))
    , m_email(new FormField(tr("E-mail"), {}, this))
    , m_password(new FormField(tr("Password"), {}, this))
    , m_message(new InlineMessage(this))
    , m_submit(new Button(tr("Sign in"), Button::Kind::Primary, this))
{
    auto* panel = new Panel({}, this);
    panel->setFixedWidth(formWidth);
    panel->setBodyMargins(space::large, space::small, space::large, space::large);
    panel->body()->setSpacing(space::formRowGap);
    panel->body()->addWidget(m_brand);
    panel->body()->addWidget(new Label(tr("Sign in"), TextRole::Title, Tone::Normal, panel));
    for (QWidget* row : { static_cast<QWidget*>(m_server), static_cast<QWidget*>(m_email),
                          static_cast<QWidget*>(m_password), static_cast<QWidget*>(m_message) })
        panel->body()->addWidget(row);
    panel->body()->addSpacing(space::tiny);
    panel->body()->addWidget(m_submit);

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
    m_server->setCheck(serverProblem);
    m_email->setCheck(emailProblem);
    m_password->setCheck([](const QString& text) {
        return text.isEmpty() ? tr("Enter your password.") : QString();
    });
    addPasswordToggle();
    connect(m_submit, &QAbstractButton::clicked, this, &SignInPage::submit);
}

void SignInPage::addPasswordToggle()
{
    QLineEdit* edit = m_password->edit();
    edit->setEchoMode(QLineEdit::Password);
    edit->setInputMethodHints(
        Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase
    );
    m_reveal = edit->addAction(icon(Icon::ShowPassword, Tone::Muted), QLineEdit::TrailingPosition);
    m_reveal->setCheckable(true);
    m_reveal->setText(tr("Show the password"));
    m_reveal->setToolTip(m_reveal->text());
    connect(m_reveal, &QAction::toggled, edit, [edit](bool shown) {
        edit->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    });
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
    for (FormField* field : { m_server, m_email, m_password })
        field->setEnabled(!busy);
    m_submit->setEnabled(!busy);
    m_submit->setText(busy ? tr("Signing in") : tr("Sign in"));
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

void SignInPage::focusFirstEmpty()
{
    for (FormField* field : { m_server, m_email, m_password })
        if (field->value().isEmpty()) {
            field->edit()->setFocus();
            return;
        }
    m_password->edit()->setFocus();
}

void SignInPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        submit();
    else
        QWidget::keyPressEvent(event);
}

void SignInPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (event->spontaneous())
        return; // only minimised
    m_password->setValue({});
    m_password->setError({});
    m_reveal->setChecked(false);
    m_message->clear();
}

void SignInPage::submit()
{
    if (!m_submit->isEnabled())
        return;
    // Each is checked, so that every mistake shows at once; the focus goes to the first.
    FormField* firstWrong = nullptr;
    for (FormField* field : { m_server, m_email, m_password })
        if (!field->check() && firstWrong == nullptr)
            firstWrong = field;
    if (firstWrong != nullptr) {
        firstWrong->edit()->setFocus();
        return;
    }
    // Spaces belong to a password: not value(), which trims.
    emit signInRequested(m_server->value(), m_email->value(), m_password->edit()->text());
}

} // namespace quittance::ui

#include "moc_sign_in_page.cpp"
