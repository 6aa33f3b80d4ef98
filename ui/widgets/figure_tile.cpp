#include "ui/widgets/figure_tile.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace quittance::ui {
namespace {
constexpr int tileHeight = 108;
constexpr int tileWidth = 200;
constexpr int tileWidthMin = 150;
constexpr int captionBaseline = 27;
constexpr int figureBaseline = 62;
constexpr int helpBaseline = 92;
constexpr double figurePointsMin = 11;
constexpr int listCaptionBaseline = 25;
constexpr int listBaseline = 44;
constexpr int listRow = 17;
} // namespace

FigureTile::FigureTile(QString caption, QWidget* parent)
    : QWidget(parent)
    , m_caption(std::move(caption))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    refreshName();
}

void FigureTile::setCaption(const QString& caption)
{
    m_caption = caption;
    refreshName();
}

void FigureTile::setFigures(std::vector<Figure> figures)
{
    m_figures = std::move(figures);
    m_loading = false;
    refreshName();
}

void FigureTile::setFigure(const QString& figure, const QString& unit)
{
    m_figures.clear();
    m_figure = figure;
    m_unit = unit;
    m_loading = false;
    refreshName();
}

void FigureTile::setHelp(const QString& emphasis, const QString& rest, Tone tone)
{
    m_emphasis = emphasis;
    m_rest = rest;
    m_tone = tone;
    refreshName();
}

void FigureTile::setLoading(bool loading)
{
    m_loading = loading;
    refreshName();
}

QSize FigureTile::sizeHint() const
{
    return { tileWidth, tileHeight };
}

QSize FigureTile::minimumSizeHint() const
{
    return { tileWidthMin, tileHeight };
}

void FigureTile::refreshName()
{
    QString figures = QStringLiteral("%1 %2").arg(m_figure, m_unit);
    QString help = QStringLiteral("%1 %2").arg(m_emphasis, m_rest);
    if (!m_figures.empty()) {
        QStringList amounts;
        QStringList helps;
        for (const Figure& figure : m_figures) {
            amounts.append(QStringLiteral("%1 %2").arg(figure.amount, figure.unit));
            helps.append(QStringLiteral("%1: %2").arg(
                amounts.last(), figure.detail.isEmpty() ? figure.help : figure.detail
            ));
        }
        figures = amounts.join(QStringLiteral(", "));
        help = helps.join(QLatin1Char('\n'));
    }
    setAccessibleName(QStringLiteral("%1: %2").arg(m_caption, figures).trimmed());
    setAccessibleDescription(help.trimmed());
    update();
}

void FigureTile::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    drawRoundedBox(painter, rect(), c.panel, c.line);
    // As in a panel, whose outline is one pixel of its own.
    constexpr int padding = space::panelPadding + 1;
    const QRect inside = rect().adjusted(padding, 0, -padding, 0);
    painter.setFont(fontOf(TextRole::Body));
    painter.setPen(c.muted);
    painter.drawText(
        inside.left(), m_figures.empty() || m_loading ? captionBaseline : listCaptionBaseline,
        painter.fontMetrics().elidedText(m_caption, Qt::ElideRight, inside.width())
    );
    if (m_loading) {
        drawRoundedBox(
            painter, QRect(inside.left(), figureBaseline - 20, inside.width() / 2, 20), c.soft,
            QColor(), 4
        );
        drawRoundedBox(
            painter, QRect(inside.left(), helpBaseline - 10, inside.width() * 2 / 3, 10), c.soft,
            QColor(), 4
        );
        return;
    }
    if (!m_figures.empty()) {
        paintFigures(painter, inside, c);
        return;
    }
    paintFigure(painter, inside, c);
    paintHelp(painter, inside, c);
}

void FigureTile::paintFigures(QPainter& painter, const QRect& inside, const Colours& colours) const
{
    const std::size_t all = m_figures.size();
    const std::size_t shown = all > figuresMax ? figuresMax - 1 : all;
    const QFont amountFont = fontOf(TextRole::Strong);
    const QFont helpFont = fontOf(TextRole::Help);
    const QFontMetrics amountMetrics(amountFont);
    const QFontMetrics helpMetrics(helpFont);
    int amountWidth = 0;
    int unitWidth = 0;
    for (const Figure& figure : m_figures) {
        amountWidth = std::max(amountWidth, amountMetrics.horizontalAdvance(figure.amount));
        unitWidth = std::max(unitWidth, helpMetrics.horizontalAdvance(figure.unit));
    }
    const int unitLeft = inside.left() + amountWidth + space::tiny;
    const int helpLeft = unitLeft + unitWidth + space::small;
    int baseline = listBaseline;
    for (std::size_t i = 0; i < shown; ++i, baseline += listRow) {
        const Figure& figure = m_figures[i];
        painter.setFont(amountFont);
        painter.setPen(colours.text);
        painter.drawText(
            inside.left() + amountWidth - amountMetrics.horizontalAdvance(figure.amount), baseline,
            figure.amount
        );
        painter.setFont(helpFont);
        painter.setPen(colours.muted);
        painter.drawText(unitLeft, baseline, figure.unit);
        painter.setPen(colours.of(figure.tone));
        painter.drawText(
            helpLeft, baseline,
            helpMetrics.elidedText(
                figure.help, Qt::ElideRight, std::max(0, inside.right() - helpLeft)
            )
        );
    }
    painter.setPen(colours.muted);
    if (shown < all)
        painter.drawText(inside.left(), baseline, tr("and %1 more currencies").arg(all - shown));
}

QFont FigureTile::fittingFont(int width) const
{
    QFont font = fontOf(TextRole::Figure);
    while (font.pointSizeF() > figurePointsMin
           && QFontMetrics(font).horizontalAdvance(m_figure) > width)
        font.setPointSizeF(font.pointSizeF() - 1);
    return font;
}

void FigureTile::paintFigure(QPainter& painter, const QRect& inside, const Colours& colours) const
{
    const QFont unitFont = fontOf(TextRole::HelpStrong);
    const int unitWidth
        = m_unit.isEmpty() ? 0 : QFontMetrics(unitFont).horizontalAdvance(m_unit) + space::small;
    painter.setFont(fittingFont(inside.width() - unitWidth));
    painter.setPen(colours.text);
    painter.drawText(inside.left(), figureBaseline, m_figure);
    const int end = inside.left() + painter.fontMetrics().horizontalAdvance(m_figure);
    painter.setFont(unitFont);
    painter.setPen(colours.muted);
    painter.drawText(end + space::small, figureBaseline, m_unit);
}

void FigureTile::paintHelp(QPainter& painter, const QRect& inside, const Colours& colours) const
{
    painter.setFont(fontOf(TextRole::HelpStrong));
    painter.setPen(colours.of(m_tone));
    const QString emphasis
        = painter.fontMetrics().elidedText(m_emphasis, Qt::ElideRight, inside.width());
    painter.drawText(inside.left(), helpBaseline, emphasis);
    const int used
        = m_emphasis.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(emphasis) + 6;
    painter.setFont(fontOf(TextRole::Help));
    painter.setPen(colours.muted);
    painter.drawText(
        inside.left() + used, helpBaseline,
        painter.fontMetrics().elidedText(m_rest, Qt::ElideRight, std::max(0, inside.width() - used))
    );
}

bool FigureTile::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        // Narrow tiles cut the help; it is whole here.
        QToolTip::showText(
            static_cast<QHelpEvent*>(event)->globalPos(), accessibleDescription(), this
        );
        return true;
    }
    return QWidget::event(event);
}

} // namespace quittance::ui

#include "moc_figure_tile.cpp"
