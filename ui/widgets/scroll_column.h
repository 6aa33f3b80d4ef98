#pragma once

#include <QScrollArea>

namespace quittance::ui {

/// Content in one column that scrolls up and down on its panel. The bar lies over the content's
/// right margin, so that nothing moves when it comes: keep that margin wider than the bar.
class ScrollColumn : public QScrollArea {
    Q_OBJECT
public:
    /// Takes the content.
    explicit ScrollColumn(QWidget* content, QWidget* parent = nullptr);

private:
    void placeBar(int highest);
};

} // namespace quittance::ui
