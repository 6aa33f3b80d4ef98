#pragma once

#include <QWidget>

#include <functional>

class QLineEdit;

namespace quittance::ui {

class Label;

/// A labelled field: label above, the field, help or an error in words below. The error is looked
/// for when the person leaves the field, and goes while they type.
class FormField : public QWidget {
    Q_OBJECT
public:
    /// An empty text where the value is right, else what is wrong with it.
    using Check = std::function<QString(const QString& value)>;

    explicit FormField(const QString& label, const QString& help = {}, QWidget* parent = nullptr);

    [[nodiscard]] QLineEdit* edit() const { return m_edit; }
    [[nodiscard]] QString value() const; ///< without spaces around
    void setValue(const QString& value);
    void setCheck(Check check);
    bool check(); ///< shows what is wrong; true where nothing is
    void setError(const QString& error); ///< from elsewhere: the server's answer; empty clears

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QString m_help;
    Check m_check;
    QLineEdit* m_edit;
    Label* m_below;
};

} // namespace quittance::ui
