#pragma once

#include "ui/widgets/theme.h"

#include <QLabel>

namespace quittance::ui {

/// Text in one of the house's type sizes and tones; follows a change of font and theme. Plain text
/// only, so that names typed by people are never read as markup.
class Label : public QLabel {
    Q_OBJECT
public:
    explicit Label(
        const QString& text = {}, TextRole role = TextRole::Body, Tone tone = Tone::Normal,
        QWidget* parent = nullptr
    );

    void setTone(Tone tone);
    void setRole(TextRole role);
    /// Cuts with an ellipsis what does not fit, and shows the whole in a tooltip.
    void setElided(bool elided);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void refresh();
    [[nodiscard]] bool isCut() const;

    TextRole m_role;
    Tone m_tone;
    bool m_elided = false;
};

} // namespace quittance::ui
