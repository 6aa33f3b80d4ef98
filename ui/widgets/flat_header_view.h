#pragma once

#include <QHeaderView>

namespace quittance::ui {

/// A flat header, 32 px high: muted strong words, aligned as their column, an arrow before the one
/// that sorts.
class FlatHeaderView : public QHeaderView {
    Q_OBJECT
public:
    explicit FlatHeaderView(
        Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr
    );
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent* event) override;
    [[nodiscard]] QSize sectionSizeFromContents(int logicalIndex) const override;

private:
    [[nodiscard]] Qt::Alignment alignmentOf(int logicalIndex) const;
};

} // namespace quittance::ui
