#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

namespace quittance::ui {

/// "● Live, 12 s ago": a dot in a tone and words that say the same.
class StatusDot : public QWidget {
    Q_OBJECT
public:
    explicit StatusDot(QWidget* parent = nullptr);
    void setState(Tone tone, const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone = Tone::Muted;
    QString m_text;
};

} // namespace quittance::ui
