#pragma once

#include "core/domain/bill.h"
#include "ui/widgets/theme.h"

#include <QString>
#include <QWidget>

#include <cstdint>

namespace quittance::ui {

/// Drawn beside a badge's words, so that states differ without their colour.
enum class BadgeShape : std::uint8_t {
    None,
    DottedRing, ///< draft
    Ring, ///< open
    Clock, ///< due soon
    Triangle, ///< overdue
    Half, ///< part paid
    Check, ///< paid
    Slash, ///< void
    Diamond, ///< objection
    Square, ///< closed
    TwoDots, ///< needs a second person
};

/// A state in words, shape and soft colour; 20 px high.
struct Badge {
    QString text;
    Tone tone = Tone::Muted;
    BadgeShape shape = BadgeShape::None;

    bool operator==(const Badge&) const = default;
};

[[nodiscard]] Badge badgeOf(ShownState state);
[[nodiscard]] QSize badgeSize(const Badge& badge);
/// At the left of `rect`, in its vertical middle; cut where `rect` is narrower.
void drawBadge(QPainter& painter, const QRect& rect, const Badge& badge, const Colours& colours);

class BadgeLabel : public QWidget {
    Q_OBJECT
public:
    explicit BadgeLabel(QWidget* parent = nullptr);
    void setBadge(const Badge& badge);
    [[nodiscard]] const Badge& badge() const { return m_badge; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Badge m_badge;
};

} // namespace quittance::ui
