#pragma once

#include "ui/widgets/icons.h"

#include <QWidget>

class QLabel;

namespace quittance::ui {

class Button;
class Label;

/// What stands where there is nothing: what this place is for, and what to do now.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);
    /// An empty `action` shows no button.
    void
    setContent(Icon meaning, const QString& title, const QString& help, const QString& action = {});
    [[nodiscard]] QString title() const;

signals:
    void actionTriggered();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refreshIcon();

    Icon m_meaning = Icon::Info;
    QLabel* m_icon;
    Label* m_title;
    Label* m_help;
    Button* m_action;
};

} // namespace quittance::ui
