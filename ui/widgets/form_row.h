#pragma once

#include <QWidget>

#include <functional>

namespace quittance::ui {

class Label;

/// A row of a form: label above, an editor, help or an error in words below. The error is looked
/// for when the person leaves the editor, and goes while they type.
class FormRow : public QWidget {
    Q_OBJECT
public:
    /// An empty text where the value is right, else what is wrong with it.
    using Check = std::function<QString(const QString& value)>;

    [[nodiscard]] virtual QString value() const = 0; ///< without spaces around
    virtual void setValue(const QString& value) = 0;
    void setHelp(const QString& help);
    void setCheck(Check check);
    bool check(); ///< shows what is wrong; true where nothing is
    void setError(const QString& error); ///< from elsewhere: the server's answer; empty clears
    [[nodiscard]] QString error() const { return m_error; }

signals:
    /// Enter, or Ctrl+Enter where Enter begins a line.
    void submitted();
    void edited();

protected:
    /// Takes the editor.
    FormRow(const QString& label, const QString& help, QWidget* editor, QWidget* parent);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showBelow();

    QString m_help;
    QString m_error;
    Check m_check;
    QWidget* m_editor;
    Label* m_below;
};

} // namespace quittance::ui
