#pragma once

#include <QBrush>
#include <QColor>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace quittance::ui {

/// A chart's legend: swatches and names in a row that wraps; pressing one hides its series and
/// brings it back.
class LegendWidget : public QWidget {
    Q_OBJECT
public:
    enum class Mark : std::uint8_t { Square, Hatch, Line };
    struct Entry {
        QString name;
        QColor colour;
        Mark mark = Mark::Square;
        bool shown = true;
        QBrush pattern = Qt::NoBrush; ///< instead of the colour, where the chart is patterned
    };

    explicit LegendWidget(QWidget* parent = nullptr);
    void setEntries(const std::vector<Entry>& entries);
    void setAlignedRight(bool right); ///< in a panel's header

    [[nodiscard]] QSize sizeHint() const override; ///< all in one row
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

signals:
    void toggled(int index, bool shown);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    class Item;

    /// Lays the items out in rows and gives the height; moves them only where `apply`.
    [[nodiscard]] int layOut(int width, bool apply) const;

    std::vector<Item*> m_items;
    bool m_right = false;
};

} // namespace quittance::ui
