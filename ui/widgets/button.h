#pragma once

#include "ui/widgets/icons.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QPushButton>

#include <cstdint>

namespace quittance::ui {

/// True where the focus came by keyboard: only then is it drawn around what was pressed by mouse
/// anyway.
[[nodiscard]] bool isKeyboardReason(Qt::FocusReason reason);
/// The accent ring of the control that has the focus, inside `rect`.
void drawFocusRing(
    QPainter& painter, const QRectF& rect, const QColor& colour, double radius = size::corner
);

/// A button, 32 px high. One Primary a page, upper right, verb first. Danger names amount and
/// consequence in its text. Quiet has no outline until the pointer is on it: icons in headers.
class Button : public QPushButton {
    Q_OBJECT
public:
    enum class Kind : std::uint8_t { Secondary, Primary, Danger, Quiet };

    explicit Button(const QString& text, Kind kind = Kind::Secondary, QWidget* parent = nullptr);
    Button(
        Icon meaning, const QString& text, Kind kind = Kind::Secondary, QWidget* parent = nullptr
    );

    void setSymbol(Icon meaning);
    void setKind(Kind kind);
    /// Disables it and says why, in the tooltip and to screen readers; an empty reason enables it
    /// again.
    void setBlocked(const QString& reason);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    struct Look;
    [[nodiscard]] Look look() const;
    void paintContent(QPainter& painter, const QColor& colour) const;

    Icon m_symbol = Icon::None;
    Kind m_kind;
    bool m_ring = false;
};

/// A button without text for table rows and headers; `name` is its tooltip and its accessible name.
[[nodiscard]] Button* makeIconButton(Icon meaning, const QString& name, QWidget* parent = nullptr);

/// A tick in the accent; Fusion's own box is hard to see in the dark.
class CheckBox : public QCheckBox {
    Q_OBJECT
public:
    explicit CheckBox(const QString& text, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    [[nodiscard]] bool hitButton(const QPoint& position) const override;
};

/// Text that is pressed, in the accent; with an arrow where it leads to another page.
class LinkButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit LinkButton(const QString& text, QWidget* parent = nullptr);
    void setArrow(bool arrow);
    void setRole(TextRole role);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    TextRole m_role = TextRole::Strong;
    bool m_arrow = false;
    bool m_ring = false;
};

} // namespace quittance::ui
