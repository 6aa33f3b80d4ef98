#pragma once

#include <QWidget>

#include <vector>

class QAbstractButton;
class QButtonGroup;
class QHBoxLayout;

namespace quittance::ui {

/// One of a few, side by side: "Cost | Quantity". Arrow keys move within, Tab leaves.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(const QString& accessibleName, QWidget* parent = nullptr);

    void addSegment(const QString& id, const QString& text);
    [[nodiscard]] QString current() const; ///< empty without segments
    void setCurrent(const QString& id); ///< does not emit `chosen`

signals:
    void chosen(const QString& id);

private:
    QHBoxLayout* m_layout;
    QButtonGroup* m_group;
};

} // namespace quittance::ui
