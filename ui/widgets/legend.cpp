#include "ui/widgets/legend.h"

#include "ui/widgets/button.h"

#include <QAbstractButton>
#include <QEvent>
#include <QFocusEvent>
#include <QPainter>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr int squareEdge = 10;
constexpr int lineWidth = 18;
constexpr int itemHeight = 22;
constexpr int itemGap = space::normal;
} // namespace

class LegendWidget::Item final : public QAbstractButton {
public:
    Item(Entry entry, QWidget* parent)
        : QAbstractButton(parent)
        , m_entry(std::move(entry))
    {
        setText(m_entry.name);
        setAccessibleName(m_entry.name);
        setCheckable(true);
        setChecked(m_entry.shown);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        setToolTip(LegendWidget::tr("Press to hide or show %1").arg(m_entry.name));
    }

    [[nodiscard]] QSize sizeHint() const override
    {
        const QFontMetrics metrics(fontOf(TextRole::Help));
        return { markWidth() + space::small + metrics.horizontalAdvance(text()), itemHeight };
    }

    [[nodiscard]] const Entry& entry() const { return m_entry; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        if (underMouse())
            drawRoundedBox(painter, rect(), c.soft, QColor(), space::tiny);
        drawMark(painter, c);
        QFont font = fontOf(TextRole::Help);
        font.setStrikeOut(!isChecked());
        painter.setFont(font);
        painter.setPen(isChecked() ? c.text : c.muted);
        painter.drawText(
            rect().adjusted(markWidth() + space::small, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
            text()
        );
        if (hasFocus())
            drawFocusRing(painter, rect(), c.accent, space::tiny);
    }

private:
    [[nodiscard]] int markWidth() const
    {
        return m_entry.mark == Mark::Line ? lineWidth : squareEdge;
    }

    void drawMark(QPainter& painter, const Colours& c) const
    {
        const QColor colour = isChecked() ? m_entry.colour : c.disabled;
        const QRectF box(0, (height() - squareEdge) / 2.0, squareEdge, squareEdge);
        switch (m_entry.mark) {
        case Mark::Line:
            painter.fillRect(QRectF(0, height() / 2.0 - 1, lineWidth, 2), colour);
            return;
        case Mark::Hatch:
            painter.fillRect(box, QBrush(colour, Qt::BDiagPattern));
            drawRoundedBox(painter, box, QColor(), colour, 2);
            return;
        case Mark::Square:
            if (isChecked() && m_entry.pattern.style() != Qt::NoBrush)
                painter.fillRect(box, m_entry.pattern);
            else
                drawRoundedBox(painter, box, isChecked() ? colour : QColor(), colour, 2);
            return;
        }
    }

    Entry m_entry;
};

LegendWidget::LegendWidget(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
}

void LegendWidget::setEntries(const std::vector<Entry>& entries)
{
    const bool same = entries.size() == m_items.size()
        && std::equal(entries.begin(), entries.end(), m_items.begin(),
                      [](const Entry& entry, const Item* item) {
                          return entry.name == item->entry().name
                              && entry.colour == item->entry().colour
                              && entry.mark == item->entry().mark
                              && entry.shown == item->isChecked()
                              && entry.pattern.style() == item->entry().pattern.style();
                      });
    if (same)
        return;
    for (Item* item : m_items)
        item->deleteLater();
    m_items.clear();
    m_items.reserve(entries.size());
    for (const Entry& entry : entries) {
        auto* item = new Item(entry, this);
        const int index = static_cast<int>(m_items.size());
        connect(item, &QAbstractButton::toggled, this, [this, index](bool shown) {
            emit toggled(index, shown);
        });
        item->show();
        m_items.push_back(item);
    }
    (void)layOut(width(), true);
    updateGeometry();
}

void LegendWidget::setAlignedRight(bool right)
{
    m_right = right;
    (void)layOut(width(), true);
}

QSize LegendWidget::sizeHint() const
{
    int width = 0;
    for (const Item* item : m_items)
        width += item->sizeHint().width() + itemGap;
    return { std::max(0, width - itemGap), itemHeight };
}

QSize LegendWidget::minimumSizeHint() const
{
    int widest = 0;
    for (const Item* item : m_items)
        widest = std::max(widest, item->sizeHint().width());
    return { widest, itemHeight };
}

int LegendWidget::heightForWidth(int width) const
{
    return layOut(width, false);
}

int LegendWidget::layOut(int width, bool apply) const
{
    const int needed = apply ? layOut(width, false) : 0;
    int y = apply ? std::max(0, (height() - needed) / 2) : 0;
    std::size_t first = 0;
    while (first < m_items.size()) {
        std::size_t last = first;
        int used = 0;
        while (last < m_items.size()) {
            const int next = m_items[last]->sizeHint().width() + (last == first ? 0 : itemGap);
            if (last > first && used + next > width)
                break;
            used += next;
            ++last;
        }
        int x = m_right ? std::max(0, width - used) : 0;
        for (std::size_t i = first; i < last; ++i) {
            const QSize size = m_items[i]->sizeHint();
            if (apply)
                m_items[i]->setGeometry(x, y, size.width(), size.height());
            x += size.width() + itemGap;
        }
        first = last;
        y += itemHeight;
    }
    return std::max(y, itemHeight);
}

void LegendWidget::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    (void)layOut(width(), true);
}

bool LegendWidget::event(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        (void)layOut(width(), true);
    return QWidget::event(event);
}

} // namespace quittance::ui

#include "moc_legend.cpp"
