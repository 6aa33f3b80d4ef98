#pragma once

#include <QString>
#include <QWidget>

class QAction;

namespace quittance::ui {

struct BrandLook;
class BrandMark;
class Button;
class FormField;
class InlineMessage;
class Label;

/// Where the console begins when nobody is signed in: server, e-mail, password. Mistakes are said
/// in words in the field or above the button; Return submits. It keeps nothing: the password leaves
/// it with the signal and is gone once another page shows.
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
    void focusFirstEmpty();

signals:
    void signInRequested(const QString& server, const QString& email, const QString& password);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void submit();
    void addPasswordToggle();

    BrandMark* m_brand;
    FormField* m_server;
    FormField* m_email;
    FormField* m_password;
    InlineMessage* m_message;
    Button* m_submit;
    QAction* m_reveal = nullptr;
};

} // namespace quittance::ui
