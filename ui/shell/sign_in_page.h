#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QAction;

namespace quittance {
struct Error;
}

namespace quittance::ui {

struct BrandLook;
class BrandMark;
class Button;
class FormField;
class InlineMessage;
class Label;
class LinkButton;

/// Where the console begins when nobody is signed in: server, e-mail, password; or for whoever
/// comes the first time, server, e-mail, invitation and the password they choose. Mistakes are said
/// in words in the field or above the button; Return submits, Escape leaves the invitation. It
/// keeps nothing: passwords leave it with the signal and are gone once another page shows.
class SignInPage : public QWidget {
    Q_OBJECT
public:
    explicit SignInPage(QWidget* parent = nullptr);

    void setBrand(const BrandLook& brand);
    void setServer(const QString& url);
    void setEmail(const QString& email);
    /// The form waits for the answer: fields and button are disabled, the button says so.
    void setBusy(bool busy);
    /// What the server answered, in words; ends the waiting, clears the password, and puts the
    /// focus back.
    void showError(const QString& text, const QString& detail = {});
    /// Why the server did not take the invitation: in the field that is wrong, where it is one.
    void showInvitationError(const Error& error);
    /// Server and e-mail are the same in both forms, and stay.
    void showInvitation(bool shown);
    void focusFirstEmpty();

signals:
    void signInRequested(const QString& server, const QString& email, const QString& password);
    void joinRequested(
        const QString& server, const QString& email, const QString& code, const QString& password
    );

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    [[nodiscard]] QList<FormField*> allFields() const;
    [[nodiscard]] QList<FormField*> shownFields() const;
    void setChecks();
    void setWords();
    void submit();
    void clearSecrets();
    void makePassword(FormField* field);

    BrandMark* m_brand;
    Label* m_title;
    FormField* m_server;
    FormField* m_email;
    FormField* m_password;
    FormField* m_code;
    FormField* m_newPassword;
    FormField* m_repeated;
    InlineMessage* m_message;
    Button* m_submit;
    LinkButton* m_other; ///< to the other form
    QList<QAction*> m_reveals;
    bool m_isInvitation = false;
    bool m_isBusy = false;
};

} // namespace quittance::ui
