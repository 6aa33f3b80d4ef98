#include "ui/widgets/panel.h"

#include "ui/widgets/label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace quittance::ui {
namespace {
constexpr int headerHeight = 40;
constexpr int footerHeight = 52;
} // namespace

Panel::Panel(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_header(new QWidget(this))
    , m_headerLayout(new QHBoxLayout(m_header))
    , m_title(new Label(title, TextRole::Heading, Tone::Normal, m_header))
    , m_subtitle(new Label({}, TextRole::Help, Tone::Muted, m_header))
    , m_headerLine(new HairLine(this))
    , m_outer(new QVBoxLayout(this))
    , m_body(new QVBoxLayout)
{
    setAccessibleName(title);
    m_header->setMinimumHeight(headerHeight);
    m_headerLayout->setContentsMargins(space::panelPadding, space::tiny, space::panelPadding, 0);
    m_headerLayout->setSpacing(space::small);
    m_headerLayout->addWidget(m_title);
    m_headerLayout->addWidget(m_subtitle);
    m_headerLayout->addStretch(1);
    m_subtitle->setElided(true);
    m_subtitle->hide();
    m_header->setVisible(!title.isEmpty());
    m_headerLine->hide();
    // One pixel on each side: the outline is the panel's, children must not cover it.
    m_outer->setContentsMargins(1, 1, 1, 1);
    m_outer->setSpacing(0);
    m_outer->addWidget(m_header);
    m_outer->addWidget(m_headerLine);
    m_outer->addLayout(m_body, 1);
    m_body->setSpacing(space::medium);
    setBodyMargins(
        space::panelPadding, title.isEmpty() ? space::panelPadding : space::small,
        space::panelPadding, space::panelPadding
    );
}

void Panel::setTitle(const QString& title)
{
    m_title->setText(title);
    m_header->setVisible(true);
    setAccessibleName(title);
}

void Panel::setSubtitle(const QString& subtitle)
{
    m_subtitle->setText(subtitle);
    m_subtitle->setVisible(!subtitle.isEmpty());
}

void Panel::addHeaderWidget(QWidget* widget)
{
    m_header->setVisible(true);
    m_headerLayout->addWidget(widget);
}

void Panel::setHeaderLine(bool shown)
{
    m_headerLine->setVisible(shown);
    m_headerLayout->setContentsMargins(
        space::panelPadding, shown ? 0 : space::tiny, space::panelPadding, 0
    );
}

void Panel::setBodyMargins(int left, int top, int right, int bottom)
{
    m_body->setContentsMargins(left, top, right, bottom);
}

QHBoxLayout* Panel::footer()
{
    if (m_footer != nullptr)
        return m_footer;
    auto* row = new QWidget(this);
    row->setMinimumHeight(footerHeight);
    m_footer = new QHBoxLayout(row);
    m_footer->setContentsMargins(space::panelPadding, 0, space::panelPadding, 0);
    m_footer->setSpacing(space::small);
    m_outer->addWidget(new HairLine(this));
    m_outer->addWidget(row);
    return m_footer;
}

void Panel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    drawRoundedBox(painter, rect(), c.panel, c.line);
}

HairLine::HairLine(QWidget* parent)
    : QWidget(parent)
{
    setFixedHeight(1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void HairLine::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), coloursOf(palette()).line);
}

} // namespace quittance::ui

#include "moc_panel.cpp"
