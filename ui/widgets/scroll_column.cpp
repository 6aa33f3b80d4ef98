#include "ui/widgets/scroll_column.h"

#include <QScrollBar>

namespace quittance::ui {

ScrollColumn::ScrollColumn(QWidget* content, QWidget* parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidget(content);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int highest) {
        placeBar(highest);
    });
}

/// Gives the content the width that the bar takes, below the bar.
void ScrollColumn::placeBar(int highest)
{
    const int covered = highest > 0 ? verticalScrollBar()->sizeHint().width() : 0;
    if (viewportMargins().right() == -covered)
        return;
    setViewportMargins(0, 0, -covered, 0);
    verticalScrollBar()->parentWidget()->raise();
}

} // namespace quittance::ui

#include "moc_scroll_column.cpp"
