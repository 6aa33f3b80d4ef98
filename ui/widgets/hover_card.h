#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

#include <vector>

namespace quittance::ui {

/// A small card of values beside what the pointer is on: title and total, then swatch, name, value.
/// Lies over the window that `owner` is in, beside `anchor`, never on it while there is room; lets
/// the mouse through.
class HoverCard : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QColor swatch; ///< invalid: none
        QString name;
        QString value;
        bool strong = false;
    };

    explicit HoverCard(QWidget* owner);
    void setContent(const QString& title, const QString& total, std::vector<Row> rows);
    /// `anchor` in the owner's coordinates: the column that the card speaks of.
    void showBeside(const QRect& anchor, int y);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* m_owner;
    QString m_title;
    QString m_total;
    std::vector<Row> m_rows;
};

} // namespace quittance::ui
