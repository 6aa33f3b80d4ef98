#include "ui/shell/brand_mark.h"

#include <QPainter>

namespace quittance::ui {
namespace {

constexpr int markEdge = 26;
constexpr int markGap = 10;

/// Three columns on a rounded square: what this program is about, for a brand without a logo.
void drawDefaultMark(QPainter& painter, const QRectF& box, const Colours& c)
{
    constexpr double barWidth = 3.4;
    drawRoundedBox(painter, box, c.accent, QColor());
    double x = box.left() + 6;
    for (const double height : { 6.0, 10.0, 13.0 }) {
        drawRoundedBox(
            painter, QRectF(x, box.bottom() - 6 - height, barWidth, height), c.onAccent, QColor(), 1
        );
        x += barWidth + 2;
    }
}

} // namespace

QPixmap brandIcon(const BrandLook& brand, int edge, const Colours& colours)
{
    if (!brand.logo.isNull())
        return brand.logo.scaled(edge, edge, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPixmap pixmap(edge, edge);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const double scale = static_cast<double>(edge) / markEdge;
    painter.scale(scale, scale);
    drawDefaultMark(painter, QRectF(0, 0, markEdge, markEdge), colours);
    return pixmap;
}

BrandMark::BrandMark(QWidget* parent)
    : QWidget(parent)
{
    setFixedHeight(size::topBar);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BrandMark::setBrand(const BrandLook& brand)
{
    m_brand = brand;
    setAccessibleName(brand.name);
    updateGeometry();
    update();
}

QSize BrandMark::sizeHint() const
{
    const QFontMetrics metrics(fontOf(TextRole::Heading));
    return { markEdge + markGap + metrics.horizontalAdvance(m_brand.name) + 2, size::topBar };
}

void BrandMark::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    const QRectF mark(0, (height() - markEdge) / 2.0, markEdge, markEdge);
    if (m_brand.logo.isNull()) {
        drawDefaultMark(painter, mark, c);
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const QSizeF fitted = QSizeF(m_brand.logo.size()).scaled(mark.size(), Qt::KeepAspectRatio);
        QRectF place(QPointF(), fitted);
        place.moveCenter(mark.center());
        painter.drawPixmap(place, m_brand.logo, QRectF(m_brand.logo.rect()));
    }
    painter.setFont(fontOf(TextRole::Heading));
    painter.setPen(c.text);
    const QRect text = rect().adjusted(markEdge + markGap, 0, 0, 0);
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(m_brand.name, Qt::ElideRight, text.width())
    );
}

} // namespace quittance::ui

#include "moc_brand_mark.cpp"
