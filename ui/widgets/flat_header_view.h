#pragma once

#include <QHeaderView>

namespace quittance::ui {

/// A flat header, 32 px high: muted strong words, aligned as their column, an arrow before the one
/// that sorts. By keyboard: once it has the focus, Left and Right go to a column, Enter or Space
/// sorts by it, Down and Escape go back to the rows.
class FlatHeaderView : public QHeaderView {
    Q_OBJECT
public:
    explicit FlatHeaderView(
        Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr
    );
    [[nodiscard]] QSize sizeHint() const override;
    /// Sorts by the column as a click does: the other way round where it sorts already.
    void sortBy(int logicalIndex);
    /// Takes the focus, to the column that sorts.
    void enter();

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent* event) override;
    [[nodiscard]] QSize sectionSizeFromContents(int logicalIndex) const override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    [[nodiscard]] Qt::Alignment alignmentOf(int logicalIndex) const;
    void moveBy(int step);

    int m_current = 0; ///< logical: where the keyboard is
};

} // namespace quittance::ui
