#include "ui/widgets/stacked_column_chart.h"

#include "core/domain/money.h"
#include "models/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/legend.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QPointer>
#include <QSet>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>

namespace quittance::ui {
namespace {

constexpr double barShare = 0.7;
constexpr int topRoom = 8;
constexpr int bottomRoom = 24;
constexpr int labelGap = 6;
constexpr int tickPitch = 32; // pixels between grid lines, at least
constexpr int ticksMax = 4; // more say nothing that the hover card does not
constexpr double thinnestWithOutline = 6;

/// 1, 2, 2.5, 5 x 10^n, in minor units, never less than one.
qint64 niceStep(double atLeast)
{
    const double power = std::pow(10.0, std::floor(std::log10(std::max(1.0, atLeast))));
    for (const double factor : { 1.0, 2.0, 2.5, 5.0, 10.0 })
        if (const double step = power * factor; step >= atLeast && step == std::floor(step))
            return static_cast<qint64>(step);
    return static_cast<qint64>(power * 10.0);
}

qint64 roundedUp(qint64 value, qint64 step)
{
    return value <= 0 ? 0 : (value + step - 1) / step * step;
}

/// The colour with a drawing over it: it reads in colour and, by the drawing, without.
QBrush patternBrush(const QColor& colour, std::size_t index)
{
    constexpr int tile = 16;
    constexpr int inkAlpha = 150;
    constexpr std::array patterns { Qt::NoBrush,      Qt::FDiagPattern,  Qt::Dense5Pattern,
                                    Qt::VerPattern,   Qt::HorPattern,    Qt::DiagCrossPattern,
                                    Qt::CrossPattern, Qt::Dense6Pattern, Qt::BDiagPattern };
    QPixmap texture(tile, tile);
    texture.fill(colour);
    QPainter painter(&texture);
    painter.fillRect(
        texture.rect(), QBrush(QColor(255, 255, 255, inkAlpha), patterns[index % patterns.size()])
    );
    painter.end();
    return QBrush(texture);
}

} // namespace

/// The chart proper. Qt Charts draws columns, line and grid; words are drawn here, because its
/// labels cut themselves to dots and do not follow the locale.
class StackedColumnChart::Surface final : public QChartView {
public:
    explicit Surface(StackedColumnChart* owner)
        : QChartView(owner)
        , m_owner(owner)
        , m_chart(new QChart)
        , m_card(new HoverCard(owner))
    {
        setChart(m_chart); // the view owns it from here
        setFrameShape(QFrame::NoFrame);
        setBackgroundBrush(Qt::NoBrush);
        viewport()->setAutoFillBackground(false);
        setFocusPolicy(Qt::NoFocus);
        setMouseTracking(true);
        viewport()->setMouseTracking(true);
        setRenderHint(QPainter::Antialiasing);
        setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
        m_chart->setBackgroundVisible(false);
        m_chart->setMargins(QMargins());
        m_chart->layout()->setContentsMargins(0, 0, 0, 0);
        m_chart->legend()->hide();
        m_chart->setAnimationOptions(QChart::NoAnimation);
    }

    [[nodiscard]] int columns() const { return static_cast<int>(data.categories.size()); }
    [[nodiscard]] bool isShown(std::size_t series) const
    {
        return !hidden.contains(data.series[series].name);
    }
    [[nodiscard]] QString text(qint64 value) const
    {
        return fixedText(value, data.exponent, m_owner->locale(), data.exponent);
    }

    [[nodiscard]] qint64 valueOf(std::size_t series, int category) const
    {
        const auto& values = data.series[series].values;
        const auto at = static_cast<std::size_t>(category);
        return at < values.size() ? values[at] : 0;
    }

    [[nodiscard]] qint64 totalOf(int category, bool withExpected) const
    {
        qint64 total = 0;
        for (std::size_t i = 0; i < data.series.size(); ++i)
            if (isShown(i) && (withExpected || !data.series[i].expected))
                total += valueOf(i, category);
        return total;
    }

    [[nodiscard]] std::optional<qint64> comparisonOf(int category) const
    {
        const auto at = static_cast<std::size_t>(category);
        if (!data.comparison || hidden.contains(data.comparison->name)
            || at >= data.comparison->values.size())
            return {};
        return data.comparison->values[at];
    }

    /// Builds everything anew: eight series of a month are little, and nothing is left of the last
    /// data.
    void rebuild()
    {
        m_chart->removeAllSeries();
        for (auto* axis : m_chart->axes()) {
            m_chart->removeAxis(axis);
            delete axis;
        }
        measure();
        if (columns() == 0)
            return viewport()->update();
        addBars();
        addComparison();
        addAxes();
        placePlot();
        viewport()->update();
    }

    /// Lowest and highest shown value and the distance of grid lines, for this height.
    void measure()
    {
        qint64 highest = 0;
        qint64 lowest = 0;
        for (int category = 0; category < columns(); ++category) {
            qint64 above = 0;
            qint64 below = 0;
            for (std::size_t i = 0; i < data.series.size(); ++i)
                if (isShown(i))
                    (valueOf(i, category) > 0 ? above : below) += valueOf(i, category);
            const qint64 line = comparisonOf(category).value_or(0);
            highest = std::max({ highest, above, line });
            lowest = std::min({ lowest, below, line });
        }
        const int lines = std::clamp((height() - topRoom - bottomRoom) / tickPitch, 2, ticksMax);
        m_step = niceStep(static_cast<double>(highest - lowest) / lines);
        m_highest = std::max(roundedUp(highest, m_step), lowest < 0 ? 0 : m_step);
        m_lowest = -roundedUp(-lowest, m_step);
    }

    void addBars()
    {
        const Colours c = coloursOf(m_owner->palette());
        auto* bars = new QStackedBarSeries;
        bars->setBarWidth(barShare);
        for (std::size_t i = 0; i < data.series.size(); ++i) {
            const auto& series = data.series[i];
            if (!isShown(i))
                continue;
            auto* set = new QBarSet(series.name);
            for (int category = 0; category < columns(); ++category)
                set->append(static_cast<double>(valueOf(i, category)));
            paintSet(*set, series, i, c);
            bars->append(set);
        }
        m_chart->addSeries(bars);
    }

    void paintSet(
        QBarSet& set, const ColumnChartData::Series& series, std::size_t index, const Colours& c
    ) const
    {
        const double pitch = static_cast<double>(width()) / columns();
        if (series.expected) {
            set.setBrush(QBrush(c.disabled, Qt::BDiagPattern));
            set.setPen(QPen(c.disabled, 1));
            return;
        }
        set.setBrush(patterns ? patternBrush(series.colour, index) : QBrush(series.colour));
        // The panel's colour parts the pieces; on thin columns nothing else would be left.
        set.setPen(pitch * barShare < thinnestWithOutline ? QPen(Qt::NoPen) : QPen(c.panel, 1));
    }

    void addComparison()
    {
        if (!data.comparison || hidden.contains(data.comparison->name))
            return;
        constexpr double outlineWidth = 4;
        constexpr float outlineAlpha = 0.6F; // the columns' tops stay to be seen below it
        constexpr double lineWidth = 2;
        const Colours c = coloursOf(m_owner->palette());
        QColor outline = c.panel;
        outline.setAlphaF(outlineAlpha);
        const auto round = [](const QColor& colour, double width) {
            return QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
        };
        for (const QPen& pen : { round(outline, outlineWidth), round(c.text, lineWidth) }) {
            auto* line = new QLineSeries;
            for (int category = 0; category < columns(); ++category)
                if (const auto value = comparisonOf(category))
                    line->append(category, static_cast<double>(*value));
            line->setPen(pen);
            m_chart->addSeries(line);
        }
    }

    void addAxes()
    {
        const Colours c = coloursOf(m_owner->palette());
        auto* across = new QBarCategoryAxis;
        QStringList keys;
        for (int category = 0; category < columns(); ++category)
            keys.append(QString::number(category)
            ); // labels may come twice, keys of this axis may not
        across->append(keys);
        across->setGridLineVisible(false);
        auto* up = new QValueAxis;
        up->setRange(static_cast<double>(m_lowest), static_cast<double>(m_highest));
        up->setGridLineVisible(false);
        for (QAbstractAxis* axis :
             { static_cast<QAbstractAxis*>(across), static_cast<QAbstractAxis*>(up) }) {
            axis->setLabelsVisible(false);
            axis->setLinePen(QPen(c.border, 1));
        }
        up->setLineVisible(false);
        m_chart->addAxis(across, Qt::AlignBottom);
        m_chart->addAxis(up, Qt::AlignLeft);
        for (auto* series : m_chart->series()) {
            series->attachAxis(across);
            series->attachAxis(up);
        }
    }

    [[nodiscard]] QString tickText(qint64 value) const
    {
        const int digitsMin = m_step % unitSize() == 0 ? 0 : data.exponent;
        const QString number = fixedText(value, data.exponent, m_owner->locale(), digitsMin);
        return data.unit.isEmpty() ? number : QString(number % QLatin1Char(' ') % data.unit);
    }

    [[nodiscard]] qint64 unitSize() const
    {
        qint64 unit = 1;
        for (int digit = 0; digit < data.exponent; ++digit)
            unit *= 10;
        return unit;
    }

    void placePlot()
    {
        const QFontMetrics metrics(fontOf(TextRole::Help));
        int widest = 0;
        for (qint64 tick = m_lowest; tick <= m_highest; tick += m_step)
            widest = std::max(widest, metrics.horizontalAdvance(tickText(tick)));
        const double left = widest + labelGap;
        m_chart->setPlotArea(QRectF(
            left, topRoom, std::max(1.0, width() - left - 1),
            std::max(1.0, static_cast<double>(height()) - topRoom - bottomRoom)
        ));
    }

    [[nodiscard]] QRectF plot() const { return m_chart->plotArea(); }
    [[nodiscard]] double pitch() const { return plot().width() / std::max(1, columns()); }

    [[nodiscard]] QRectF columnRect(int category) const
    {
        return { plot().left() + category * pitch(), plot().top(), pitch(), plot().height() };
    }

    [[nodiscard]] double yOf(qint64 value) const
    {
        const auto range = static_cast<double>(m_highest - m_lowest);
        return plot().bottom() - static_cast<double>(value - m_lowest) / range * plot().height();
    }

    [[nodiscard]] int columnAt(double x) const
    {
        if (columns() == 0 || x < plot().left() || x >= plot().right())
            return -1;
        return std::min(columns() - 1, static_cast<int>((x - plot().left()) / pitch()));
    }

    /// Lower and upper end of a part of a column: below zero what is negative, above what is not.
    [[nodiscard]] std::pair<qint64, qint64> spanOf(int category, std::size_t series) const
    {
        const bool negative = valueOf(series, category) < 0;
        qint64 from = 0;
        for (std::size_t i = 0; i < series; ++i)
            if (isShown(i) && (valueOf(i, category) < 0) == negative)
                from += valueOf(i, category);
        const qint64 to = from + valueOf(series, category);
        return std::minmax(from, to);
    }

    [[nodiscard]] int seriesAt(int category, double y) const
    {
        for (std::size_t i = 0; i < data.series.size(); ++i) {
            const auto [low, high] = spanOf(category, i);
            if (isShown(i) && low != high && y <= yOf(low) && y >= yOf(high))
                return static_cast<int>(i);
        }
        return -1;
    }

    void drawBackground(QPainter* painter, const QRectF& /*rect*/) override
    {
        const Colours c = coloursOf(m_owner->palette());
        if (cursor >= 0 && cursor < columns())
            painter->fillRect(columnRect(cursor), c.soft);
        if (columns() == 0)
            return;
        // On whole pixels, and the highest too: Qt Charts blurs the one and leaves out the other.
        for (qint64 tick = m_lowest; tick <= m_highest; tick += m_step)
            painter->fillRect(
                QRect(qRound(plot().left()), qRound(yOf(tick)), qRound(plot().width()), 1), c.line
            );
    }

    void drawForeground(QPainter* painter, const QRectF& /*rect*/) override
    {
        const Colours c = coloursOf(m_owner->palette());
        painter->setFont(fontOf(TextRole::Help));
        painter->setPen(c.muted);
        if (columns() == 0 || isFlat()) {
            painter->drawText(
                plot().isEmpty() ? QRectF(rect()) : plot(), Qt::AlignCenter, emptyText
            );
            if (columns() == 0)
                return;
        }
        drawTicks(*painter);
        drawCategories(*painter);
        drawChosenPart(*painter, c);
    }

    [[nodiscard]] bool isFlat() const
    {
        for (int category = 0; category < columns(); ++category)
            for (std::size_t i = 0; i < data.series.size(); ++i)
                if (valueOf(i, category) != 0)
                    return false;
        return true;
    }

    void drawTicks(QPainter& painter) const
    {
        const QFontMetrics metrics(painter.font());
        for (qint64 tick = m_lowest; tick <= m_highest; tick += m_step) {
            const QRectF box(
                0, yOf(tick) - metrics.height() / 2.0, plot().left() - labelGap, metrics.height()
            );
            painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, tickText(tick));
        }
    }

    /// Every label where they fit, else every second, third, ...
    void drawCategories(QPainter& painter) const
    {
        const QFontMetrics metrics(painter.font());
        int widest = 1;
        for (const auto& category : data.categories)
            widest = std::max(widest, metrics.horizontalAdvance(category.label));
        const int every
            = std::max(1, static_cast<int>(std::ceil((widest + space::small) / pitch())));
        const double roomLeft = plot().left() - widest;
        for (int category = 0; category < columns(); category += every) {
            const QRectF column = columnRect(category);
            const double left = std::clamp(
                column.center().x() - widest / 2.0, std::max(0.0, roomLeft),
                std::max(0.0, static_cast<double>(width() - widest))
            );
            painter.drawText(
                QRectF(left, plot().bottom() + 3, widest + 1, bottomRoom - 3), Qt::AlignCenter,
                data.categories[static_cast<std::size_t>(category)].label
            );
        }
    }

    void drawChosenPart(QPainter& painter, const Colours& c) const
    {
        if (cursor < 0 || cursor >= columns() || part < 0)
            return;
        const auto [low, high] = spanOf(cursor, static_cast<std::size_t>(part));
        const QRectF column = columnRect(cursor);
        const double inset = column.width() * (1 - barShare) / 2 - 2;
        drawFocusRing(
            painter,
            QRectF(
                column.left() + inset, yOf(high) - 1, column.width() - 2 * inset,
                yOf(low) - yOf(high) + 2
            ),
            c.text, 3
        );
    }

    ColumnChartData data;
    QSet<QString> hidden;
    QPointer<LegendWidget> legend;
    QString emptyText;
    bool patterns = false;
    int cursor = -1;
    int part = -1;
    bool byKeyboard = false;

    [[nodiscard]] HoverCard* card() const { return m_card; }

private:
    StackedColumnChart* m_owner;
    QChart* m_chart;
    QPointer<HoverCard> m_card;
    qint64 m_step = 1;
    qint64 m_highest = 1;
    qint64 m_lowest = 0;
};

StackedColumnChart::StackedColumnChart(QWidget* parent)
    : QWidget(parent)
    , m_surface(std::make_unique<Surface>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Column chart"));
    m_surface->emptyText = tr("Nothing in this period");
    m_surface->viewport()->installEventFilter(this);
}

StackedColumnChart::~StackedColumnChart()
{
    // The card is a child of the window, which may outlive the chart.
    delete m_surface->card();
}

void StackedColumnChart::setData(ColumnChartData data)
{
    m_surface->data = std::move(data);
    if (m_surface->cursor >= m_surface->columns())
        moveCursor(-1, -1);
    m_surface->rebuild();
    refreshLegend();
    if (m_surface->cursor >= 0)
        showCard();
}

const ColumnChartData& StackedColumnChart::data() const
{
    return m_surface->data;
}

void StackedColumnChart::setLegend(LegendWidget* legend)
{
    m_surface->legend = legend;
    refreshLegend();
    const auto seriesCount = [this] { return static_cast<int>(m_surface->data.series.size()); };
    connect(legend, &LegendWidget::toggled, this, [this, seriesCount](int index, bool shown) {
        if (index < seriesCount()) {
            setSeriesShown(index, shown);
            return;
        }
        const QString name
            = m_surface->data.comparison ? m_surface->data.comparison->name : QString();
        if (shown)
            m_surface->hidden.remove(name);
        else
            m_surface->hidden.insert(name);
        m_surface->rebuild();
    });
}

bool StackedColumnChart::isSeriesShown(int series) const
{
    return m_surface->isShown(static_cast<std::size_t>(series));
}

void StackedColumnChart::setSeriesShown(int series, bool shown)
{
    const QString name = m_surface->data.series[static_cast<std::size_t>(series)].name;
    if (shown)
        m_surface->hidden.remove(name);
    else
        m_surface->hidden.insert(name);
    m_surface->rebuild();
    refreshLegend();
}

void StackedColumnChart::setPatterns(bool patterns)
{
    m_surface->patterns = patterns;
    m_surface->rebuild();
    refreshLegend();
}

void StackedColumnChart::setEmptyText(const QString& text)
{
    m_surface->emptyText = text;
    m_surface->viewport()->update();
}

void StackedColumnChart::refreshLegend()
{
    if (m_surface->legend == nullptr)
        return;
    const Colours c = coloursOf(palette());
    std::vector<LegendWidget::Entry> entries;
    for (std::size_t i = 0; i < m_surface->data.series.size(); ++i) {
        const auto& series = m_surface->data.series[i];
        entries.push_back(
            { series.name, series.expected ? c.disabled : series.colour,
              series.expected ? LegendWidget::Mark::Hatch : LegendWidget::Mark::Square,
              m_surface->isShown(i),
              m_surface->patterns ? patternBrush(series.colour, i) : QBrush(Qt::NoBrush) }
        );
    }
    if (const auto& line = m_surface->data.comparison)
        entries.push_back({ line->name, c.text, LegendWidget::Mark::Line,
                            !m_surface->hidden.contains(line->name), QBrush(Qt::NoBrush) });
    m_surface->legend->setEntries(entries);
}

QImage StackedColumnChart::picture(QSize size, const QString& title, bool patterns) const
{
    constexpr double fineness = 2;
    QWidget page;
    page.setPalette(paletteOf(lightColours()));
    page.setLocale(locale());
    const Colours light = lightColours();
    StackedColumnChart chart(&page);
    LegendWidget legend(&page);
    chart.m_surface->hidden = m_surface->hidden;
    chart.setPatterns(patterns);
    chart.setLegend(&legend);
    chart.setData(m_surface->data);
    // A style sheet on the application keeps palettes from reaching children by themselves.
    for (auto* widget : page.findChildren<QWidget*>())
        widget->setPalette(page.palette());
    page.resize(size);
    const int titleHeight = title.isEmpty() ? 0 : size::control;
    const int inner = size.width() - 2 * space::normal;
    const int legendHeight = legend.heightForWidth(inner);
    legend.setGeometry(space::normal, space::normal + titleHeight, inner, legendHeight);
    const int chartTop = space::normal + titleHeight + legendHeight + space::small;
    chart.setGeometry(space::normal, chartTop, inner, size.height() - chartTop - space::small);

    QImage image(size * fineness, QImage::Format_RGB32);
    image.setDevicePixelRatio(fineness);
    image.fill(light.panel);
    QPainter painter(&image);
    painter.setFont(fontOf(TextRole::Heading));
    painter.setPen(light.text);
    painter.drawText(
        QRect(space::normal, space::normal, inner, titleHeight), Qt::AlignLeft | Qt::AlignTop, title
    );
    page.render(&painter, QPoint(), QRegion(), QWidget::DrawChildren);
    return image;
}

int StackedColumnChart::cursorColumn() const
{
    return m_surface->cursor;
}

QString StackedColumnChart::describeColumn(int category) const
{
    const Surface& s = *m_surface;
    if (category < 0 || category >= s.columns())
        return {};
    QStringList parts;
    for (std::size_t i = 0; i < s.data.series.size(); ++i)
        if (s.isShown(i) && s.valueOf(i, category) != 0)
            parts.append(s.data.series[i].name % QLatin1Char(' ') % s.text(s.valueOf(i, category)));
    if (const auto before = s.comparisonOf(category))
        parts.append(s.data.comparison->name % QLatin1Char(' ') % s.text(*before));
    const QString total = s.text(s.totalOf(category, true)) % QLatin1Char(' ') % s.data.unit;
    const QString title = s.data.categories[static_cast<std::size_t>(category)].title;
    return QStringLiteral("%1: %2. %3")
        .arg(title, total.trimmed(), parts.join(QStringLiteral(", ")));
}

QRectF StackedColumnChart::columnRect(int category) const
{
    return m_surface->columnRect(category).translated(m_surface->pos());
}

QSize StackedColumnChart::sizeHint() const
{
    return { 640, 280 };
}

QSize StackedColumnChart::minimumSizeHint() const
{
    return { 240, 140 };
}

void StackedColumnChart::moveCursor(int category, int series)
{
    Surface& s = *m_surface;
    if (category == s.cursor && series == s.part)
        return;
    s.cursor = category;
    s.part = series;
    s.viewport()->update();
    QString words = describeColumn(category);
    if (series >= 0 && category >= 0) {
        const auto part = static_cast<std::size_t>(series);
        words = s.data.series[part].name % QLatin1Char(' ') % s.text(s.valueOf(part, category))
            % QStringLiteral(". ") % words;
    }
    setAccessibleDescription(words);
    showCard();
}

void StackedColumnChart::showCard()
{
    const Surface& s = *m_surface;
    if (s.cursor < 0 || s.cursor >= s.columns()) {
        s.card()->hide();
        return;
    }
    std::vector<HoverCard::Row> rows;
    for (std::size_t i = s.data.series.size(); i-- > 0;) {
        const auto& series = s.data.series[i];
        const qint64 value = s.valueOf(i, s.cursor);
        if (!s.isShown(i) || value == 0)
            continue;
        const QColor swatch = series.expected ? coloursOf(palette()).disabled : series.colour;
        rows.push_back({ swatch, series.name, s.text(value), static_cast<int>(i) == s.part });
    }
    if (const auto before = s.comparisonOf(s.cursor))
        rows.push_back({ coloursOf(palette()).text, s.data.comparison->name, s.text(*before),
                         false });
    const QString total = s.text(s.totalOf(s.cursor, true)) % QLatin1Char(' ') % s.data.unit;
    s.card()->setContent(
        s.data.categories[static_cast<std::size_t>(s.cursor)].title, total.trimmed(),
        std::move(rows)
    );
    const QRect column = columnRect(s.cursor).toRect();
    s.card()->showBeside(column, column.center().y());
}

void StackedColumnChart::keyPressEvent(QKeyEvent* event)
{
    Surface& s = *m_surface;
    const int last = s.columns() - 1;
    const int at = s.cursor;
    const auto step = [&s, at](int by) {
        const int count = static_cast<int>(s.data.series.size());
        for (int part = s.part + by; part >= 0 && part < count; part += by)
            if (s.isShown(static_cast<std::size_t>(part))
                && s.valueOf(static_cast<std::size_t>(part), at) != 0)
                return part;
        return s.part;
    };
    s.byKeyboard = true;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(at < 0 ? last : std::max(0, at - 1), -1);
    case Qt::Key_Right:
        return moveCursor(at < 0 ? 0 : std::min(last, at + 1), -1);
    case Qt::Key_Home:
        return moveCursor(std::min(0, last), -1);
    case Qt::Key_End:
        return moveCursor(last, -1);
    case Qt::Key_Up:
        return at < 0 ? moveCursor(last, -1) : moveCursor(at, step(1));
    case Qt::Key_Down:
        return at < 0 ? moveCursor(last, -1) : moveCursor(at, step(-1));
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (at >= 0)
            emit chosen(at, s.part);
        return;
    case Qt::Key_Escape:
        if (at >= 0)
            return moveCursor(-1, -1);
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void StackedColumnChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (isKeyboardReason(event->reason()) && m_surface->cursor < 0 && m_surface->columns() > 0) {
        m_surface->byKeyboard = true;
        moveCursor(m_surface->columns() - 1, -1);
    }
}

void StackedColumnChart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_surface->byKeyboard = false;
    moveCursor(-1, -1);
}

void StackedColumnChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::FontChange
        || type == QEvent::LocaleChange) {
        m_surface->rebuild();
        refreshLegend();
    }
}

void StackedColumnChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_surface->setGeometry(rect());
    m_surface->rebuild();
}

bool StackedColumnChart::eventFilter(QObject* watched, QEvent* event)
{
    Surface& s = *m_surface;
    if (watched != s.viewport())
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::MouseMove) {
        const QPointF at = static_cast<QMouseEvent*>(event)->position();
        const int column = s.columnAt(at.x());
        s.byKeyboard = false;
        moveCursor(column, column < 0 ? -1 : s.seriesAt(column, at.y()));
    } else if (event->type() == QEvent::Leave && !s.byKeyboard) {
        moveCursor(-1, -1);
    } else if (event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int column = s.columnAt(mouse->position().x());
        if (mouse->button() == Qt::LeftButton && column >= 0)
            emit chosen(column, s.seriesAt(column, mouse->position().y()));
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace quittance::ui

#include "moc_stacked_column_chart.cpp"
