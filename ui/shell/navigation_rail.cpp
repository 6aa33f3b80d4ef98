#include "ui/shell/navigation_rail.h"

#include "ui/shell/brand_mark.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFocusEvent>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr int itemMargin = space::medium;
constexpr int itemSpacing = 2;
constexpr int symbolLeft = 10;
constexpr int textLeft = 42;
constexpr int badgeHeight = 20;
constexpr int badgeWidthMin = 24;
constexpr int badgeCorner = 5;
constexpr int personHeight = 48;
} // namespace

class NavigationRail::Item final : public QAbstractButton {
public:
    Item(QString id, const QString& text, Icon symbol, QString section, QWidget* parent)
        : QAbstractButton(parent)
        , m_id(std::move(id))
        , m_section(std::move(section))
        , m_symbol(symbol)
    {
        setText(text);
        setCheckable(true);
        setFixedHeight(size::railItem);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        refreshName();
    }

    [[nodiscard]] const QString& id() const { return m_id; }
    [[nodiscard]] const QString& section() const { return m_section; }
    void setCount(int count)
    {
        m_count = count;
        refreshName();
        update();
    }
    void refreshName()
    {
        setAccessibleName(text());
        setAccessibleDescription(
            m_count > 0 ? NavigationRail::tr("%1 need attention").arg(m_count) : QString()
        );
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        return { size::railWidth - 2 * itemMargin, size::railItem };
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        const bool current = isChecked();
        if (current || underMouse())
            drawRoundedBox(painter, rect(), current ? c.chosen() : c.soft, QColor());
        const QColor colour = current ? c.accent : c.text;
        drawIcon(
            painter,
            { symbolLeft, (height() - size::iconRail) / 2, size::iconRail, size::iconRail },
            m_symbol, current ? c.accent : c.muted
        );
        const int badge = drawCount(painter, c);
        painter.setFont(fontOf(current ? TextRole::Strong : TextRole::Body));
        painter.setPen(colour);
        const QRect text = rect().adjusted(textLeft, 0, -badge - space::small, 0);
        painter.drawText(
            text, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(this->text(), Qt::ElideRight, text.width())
        );
        if (hasFocus() && m_ring)
            drawFocusRing(painter, rect(), c.accent);
    }

    void focusInEvent(QFocusEvent* event) override
    {
        m_ring = isKeyboardReason(event->reason());
        QAbstractButton::focusInEvent(event);
    }

private:
    int drawCount(QPainter& painter, const Colours& c) const
    {
        constexpr int manyFrom = 1'000;
        constexpr double currentShare = 0.25;
        if (m_count <= 0)
            return 0;
        const QString words
            = m_count < manyFrom ? locale().toString(m_count) : QStringLiteral("999+");
        painter.setFont(fontOf(TextRole::HelpStrong));
        const int width = std::max(
            badgeWidthMin, painter.fontMetrics().horizontalAdvance(words) + 2 * space::small
        );
        const QRect box(
            this->width() - width - 10, (height() - badgeHeight) / 2, width, badgeHeight
        );
        drawRoundedBox(
            painter, box, isChecked() ? blend(c.accent, c.panel, currentShare) : c.soft, QColor(),
            badgeCorner
        );
        painter.setPen(isChecked() ? c.accent : c.muted);
        painter.drawText(box, Qt::AlignCenter, words);
        return width + 10;
    }

    QString m_id;
    QString m_section;
    Icon m_symbol;
    int m_count = 0;
    bool m_ring = false;
};

class NavigationRail::Caption final : public Label {
public:
    Caption(const QString& section, QWidget* parent)
        : Label(section, TextRole::HelpStrong, Tone::Muted, parent)
    {
        setContentsMargins(symbolLeft, space::medium, 0, space::tiny);
    }
};

class NavigationRail::PersonButton final : public QAbstractButton {
public:
    explicit PersonButton(QWidget* parent)
        : QAbstractButton(parent)
    {
        setFixedHeight(personHeight);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    void setPerson(const QString& name, const QString& role)
    {
        setText(name);
        m_role = role;
        setAccessibleName(NavigationRail::tr("%1, %2: your menu").arg(name, role));
        update();
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        return { size::railWidth - 2 * itemMargin, personHeight };
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        if (underMouse() || isDown())
            drawRoundedBox(painter, rect(), c.soft, QColor());
        drawAvatar(
            painter, QRectF(6, (height() - size::control) / 2.0, size::control, size::control),
            text(), c
        );
        const QFont strong = fontOf(TextRole::HelpStrong);
        const QFont help = fontOf(TextRole::Help);
        const int left = 6 + size::control + 10;
        const int room = width() - left - space::tiny;
        painter.setFont(strong);
        painter.setPen(c.text);
        painter.drawText(
            QRect(left, 6, room, 18), Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(text(), Qt::ElideRight, room)
        );
        painter.setFont(help);
        painter.setPen(c.muted);
        painter.drawText(
            QRect(left, 24, room, 18), Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(m_role, Qt::ElideRight, room)
        );
        if (hasFocus() && m_ring)
            drawFocusRing(painter, rect(), c.accent);
    }

    void focusInEvent(QFocusEvent* event) override
    {
        m_ring = isKeyboardReason(event->reason());
        QAbstractButton::focusInEvent(event);
    }

private:
    QString m_role;
    bool m_ring = false;
};

NavigationRail::NavigationRail(QWidget* parent)
    : QWidget(parent)
    , m_brand(new BrandMark(this))
    , m_items(new QVBoxLayout)
    , m_group(new QButtonGroup(this))
    , m_person(new PersonButton(this))
{
    setFixedWidth(size::railWidth);
    setAccessibleName(tr("Pages"));
    auto* layout = new QVBoxLayout(this);
    // One pixel more at the right: the line to the page is the rail's.
    layout->setContentsMargins(itemMargin, 0, itemMargin + 1, itemMargin);
    layout->setSpacing(0);
    m_brand->setContentsMargins(space::small, 0, 0, 0);
    auto* brandRow = new QVBoxLayout;
    brandRow->setContentsMargins(space::small, 0, 0, 0);
    brandRow->addWidget(m_brand);
    layout->addLayout(brandRow);
    layout->addSpacing(space::small);
    m_items->setSpacing(itemSpacing);
    layout->addLayout(m_items);
    layout->addStretch(1);
    layout->addWidget(m_person);
    m_person->hide();
    connect(m_group, &QButtonGroup::buttonClicked, this, [this](QAbstractButton* button) {
        emit chosen(static_cast<Item*>(button)->id());
    });
}

void NavigationRail::setBrand(const BrandLook& brand)
{
    m_brand->setBrand(brand);
}

void NavigationRail::addItem(
    const QString& id, const QString& text, Icon symbol, const QString& section
)
{
    const QString before = m_order.empty() ? QString() : m_order.back()->section();
    if (!section.isEmpty() && section != before) {
        auto* caption = new Caption(section, this);
        m_items->addWidget(caption);
        m_captions.push_back(caption);
    }
    auto* item = new Item(id, text, symbol, section, this);
    m_group->addButton(item);
    m_items->addWidget(item);
    m_order.push_back(item);
}

void NavigationRail::setItemText(const QString& id, const QString& text)
{
    if (auto* item = itemOf(id)) {
        item->setText(text);
        item->refreshName();
    }
}

void NavigationRail::setItemShown(const QString& id, bool shown)
{
    if (auto* item = itemOf(id))
        item->setVisible(shown);
    for (auto* caption : m_captions) {
        const bool any = std::any_of(m_order.begin(), m_order.end(), [caption](const Item* item) {
            return item->section() == caption->text() && !item->isHidden();
        });
        caption->setVisible(any);
    }
}

void NavigationRail::setItemCount(const QString& id, int count)
{
    if (auto* item = itemOf(id))
        item->setCount(count);
}

void NavigationRail::setCurrent(const QString& id)
{
    if (auto* item = itemOf(id))
        item->setChecked(true);
}

QStringList NavigationRail::shownItems() const
{
    QStringList ids;
    for (const auto* item : m_order)
        if (!item->isHidden())
            ids.append(item->id());
    return ids;
}

void NavigationRail::setPerson(const QString& name, const QString& role)
{
    m_person->setPerson(name, role);
    m_person->setVisible(!name.isEmpty());
}

void NavigationRail::setPersonMenu(QMenu* menu)
{
    connect(m_person, &QAbstractButton::clicked, menu, [this, menu] {
        menu->setMinimumWidth(m_person->width());
        menu->popup(m_person->mapToGlobal(QPoint(0, -menu->sizeHint().height() - space::tiny)));
    });
}

void NavigationRail::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    painter.fillRect(rect(), c.panel);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), c.line);
}

NavigationRail::Item* NavigationRail::itemOf(const QString& id) const
{
    const auto at = std::find_if(m_order.begin(), m_order.end(), [&id](const Item* item) {
        return item->id() == id;
    });
    return at == m_order.end() ? nullptr : *at;
}

} // namespace quittance::ui

#include "moc_navigation_rail.cpp"
