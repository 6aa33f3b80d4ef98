#include "ui/widgets/segmented_control.h"

#include "ui/widgets/button.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>

namespace quittance::ui {
namespace {

class Segment final : public QAbstractButton {
public:
    Segment(QString id, const QString& text, QWidget* parent)
        : QAbstractButton(parent)
        , m_id(std::move(id))
    {
        setText(text);
        setCheckable(true);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    [[nodiscard]] const QString& id() const { return m_id; }
    void setFirst() { m_isFirst = true; }
    void setNext(const Segment* next) { m_next = next; }
    [[nodiscard]] QSize sizeHint() const override
    {
        const QFontMetrics metrics(fontOf(TextRole::Strong));
        return { metrics.horizontalAdvance(text()) + 2 * space::normal, size::control };
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        const QColor fill = isChecked() ? c.chosen() : underMouse() ? c.soft : c.panel;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(isChecked() ? c.accent : c.border);
        painter.setBrush(fill);
        painter.drawPath(outline());
        if (hasFocus() && m_ring)
            drawFocusRing(painter, rect(), c.accent, size::corner - 2);
        painter.setFont(fontOf(isChecked() ? TextRole::Strong : TextRole::Body));
        painter.setPen(!isEnabled() ? c.disabled : isChecked() ? c.accent : c.text);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, text());
    }

    void focusInEvent(QFocusEvent* event) override
    {
        m_ring = isKeyboardReason(event->reason()) || event->reason() == Qt::OtherFocusReason;
        QAbstractButton::focusInEvent(event);
    }

private:
    /// Neighbours share one line: the chosen one's where it is beside it.
    [[nodiscard]] QPainterPath outline() const
    {
        constexpr double half = 0.5;
        constexpr double outside = 1;
        constexpr double corner = size::corner;
        const bool startLine = m_isFirst || isChecked();
        const bool endLine = m_next == nullptr || !m_next->isChecked();
        const bool mirrored = isRightToLeft();
        const bool leftLine = mirrored ? endLine : startLine;
        const bool rightLine = mirrored ? startLine : endLine;
        const QRectF box = QRectF(rect()).adjusted(
            leftLine ? half : -outside, half, rightLine ? -half : outside, -half
        );
        const bool isLast = m_next == nullptr;
        QPainterPath path;
        path.setFillRule(Qt::WindingFill);
        path.addRoundedRect(box, corner, corner);
        if (mirrored ? !isLast : !m_isFirst)
            path.addRect(QRectF(box.topLeft(), QSizeF(box.width() / 2, box.height())));
        if (mirrored ? !m_isFirst : !isLast)
            path.addRect(QRectF(box.center().x(), box.top(), box.width() / 2, box.height()));
        return path.simplified();
    }

    QString m_id;
    const Segment* m_next = nullptr;
    bool m_isFirst = false;
    bool m_ring = false;
};

} // namespace

SegmentedControl::SegmentedControl(const QString& accessibleName, QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_group(new QButtonGroup(this))
{
    setAccessibleName(accessibleName);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_group->setExclusive(true);
    connect(m_group, &QButtonGroup::buttonClicked, this, [this](QAbstractButton* button) {
        emit chosen(static_cast<Segment*>(button)->id());
    });
}

void SegmentedControl::addSegment(const QString& id, const QString& text)
{
    auto* segment = new Segment(id, text, this);
    const auto before = m_group->buttons();
    m_group->addButton(segment);
    m_layout->addWidget(segment);
    connect(segment, &QAbstractButton::toggled, this, qOverload<>(&QWidget::update));
    if (before.isEmpty()) {
        segment->setFirst();
        segment->setChecked(true);
    } else {
        static_cast<Segment*>(before.back())->setNext(segment);
    }
}

QString SegmentedControl::current() const
{
    const auto* checked = m_group->checkedButton();
    return checked == nullptr ? QString() : static_cast<const Segment*>(checked)->id();
}

void SegmentedControl::setCurrent(const QString& id)
{
    for (auto* button : m_group->buttons())
        if (static_cast<Segment*>(button)->id() == id)
            button->setChecked(true);
}

} // namespace quittance::ui

#include "moc_segmented_control.cpp"
