#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

namespace quittance::ui {

[[nodiscard]] QString initialsOf(const QString& name); ///< "Jonas Okafor" -> "JO"; two at most
void drawAvatar(
    QPainter& painter, const QRectF& circle, const QString& name, const Colours& colours
);

/// A person as a circle with initials.
class Avatar : public QWidget {
    Q_OBJECT
public:
    explicit Avatar(int diameter = size::control, QWidget* parent = nullptr);
    void setName(const QString& name);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_name;
};

} // namespace quittance::ui
