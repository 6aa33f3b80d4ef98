#pragma once

#include <QColor>
#include <QImage>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace quittance::ui {

class LegendWidget;

/// What a column chart shows, exact. Values are minor units (or any unit of 10^-exponent); the
/// chart itself draws in double, what it says in words comes from these integers.
struct ColumnChartData {
    struct Category {
        QString label; ///< on the axis: "18"
        QString title; ///< in words: "Wed 18 Nov"
    };
    struct Series {
        QString name;
        QColor colour;
        std::vector<qint64> values; ///< one a category
        bool expected = false; ///< hatched: not spent yet
    };
    /// Another period, as a line over the columns; days it does not have are empty.
    struct Line {
        QString name;
        std::vector<std::optional<qint64>> values;
    };

    std::vector<Category> categories;
    std::vector<Series> series; ///< from the bottom up, folded to eight and Other before
    std::optional<Line> comparison;
    int exponent = 2;
    QString unit; ///< "USD"
};

/// Stacked columns from zero with a line to compare. The pointer and the arrow keys read a column's
/// values on a card; screen readers get the same as the widget's description. Keys: left and right,
/// Home and End move from column to column, up and down through its parts, Return chooses, Escape
/// leaves.
class StackedColumnChart : public QWidget {
    Q_OBJECT
public:
    explicit StackedColumnChart(QWidget* parent = nullptr);
    ~StackedColumnChart() override;

    void setData(ColumnChartData data); ///< hidden series stay hidden by name
    [[nodiscard]] const ColumnChartData& data() const;
    /// Fills it, and follows what is pressed in it. The legend stays the caller's to place.
    void setLegend(LegendWidget* legend);
    [[nodiscard]] bool isSeriesShown(int series) const;
    void setSeriesShown(int series, bool shown);
    /// Hatchings beside colours, for print and for eyes that want them.
    void setPatterns(bool patterns);
    void setEmptyText(const QString& text); ///< shown in place of columns where all is zero

    /// A picture in the light theme with title and legend, twice as fine as `size`.
    [[nodiscard]] QImage picture(QSize size, const QString& title, bool patterns) const;

    /// The column being read: -1 for none.
    [[nodiscard]] int cursorColumn() const;
    /// The words for a column: "Wed 18 Nov: 285.45 USD. H100 pods 112.28, ...".
    [[nodiscard]] QString describeColumn(int category) const;
    /// Where a column stands, in the widget's coordinates.
    [[nodiscard]] QRectF columnRect(int category) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    /// A column, or a part of it (`series` -1: none in particular), was pressed or chosen by key.
    void chosen(int category, int series);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Surface;

    void refreshLegend();
    void moveCursor(int category, int series);
    void showCard();

    std::unique_ptr<Surface> m_surface;
};

} // namespace quittance::ui
