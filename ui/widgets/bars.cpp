#include "ui/widgets/bars.h"

#include "ui/widgets/button.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>

namespace quittance::ui {
namespace {

constexpr int iconLeft = space::large;
constexpr int textLeft = iconLeft + size::iconRail + space::medium;
constexpr int trackWidth = 220;
constexpr int trackHeight = 6;

Icon iconOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return Icon::Done;
    case Tone::Warn:
        return Icon::Warning;
    case Tone::Bad:
        return Icon::Error;
    case Tone::Normal:
    case Tone::Muted:
    case Tone::Accent:
        break;
    }
    return Icon::Info;
}

} // namespace

OfflineBar::OfflineBar(QWidget* parent)
    : QWidget(parent)
    , m_state(new Label({}, TextRole::Strong, Tone::Normal, this))
    , m_consequence(new Label({}, TextRole::Body, Tone::Muted, this))
    , m_nextTry(new Label({}, TextRole::Help, Tone::Muted, this))
    , m_tryNow(new LinkButton(tr("Try now"), this))
{
    setFixedHeight(size::offlineBar);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(textLeft, 0, space::large, 1);
    layout->setSpacing(space::medium);
    layout->addWidget(m_state);
    layout->addWidget(m_consequence, 1);
    layout->addWidget(m_nextTry);
    layout->addWidget(m_tryNow);
    m_consequence->setElided(true);
    connect(m_tryNow, &QAbstractButton::clicked, this, &OfflineBar::tryNow);
}

void OfflineBar::setTexts(const QString& state, const QString& consequence, const QString& nextTry)
{
    m_state->setText(state);
    m_consequence->setText(consequence);
    m_nextTry->setText(nextTry);
    setAccessibleName(state);
    setAccessibleDescription(consequence);
}

void OfflineBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    painter.fillRect(rect(), c.softOf(Tone::Warn));
    painter.fillRect(QRect(0, height() - 1, width(), 1), c.line);
    drawIcon(
        painter, { iconLeft, (height() - size::iconRail) / 2, size::iconRail, size::iconRail },
        Icon::Offline, c.warn
    );
}

class ProgressStrip::Track final : public QWidget {
public:
    explicit Track(QWidget* parent)
        : QWidget(parent)
    {
        setFixedSize(trackWidth, trackHeight);
    }
    void setShare(double share)
    {
        m_share = share;
        update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        constexpr double unknownFrom = 0.35;
        constexpr double unknownTo = 0.65;
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        drawRoundedBox(painter, rect(), c.line, QColor(), trackHeight / 2.0);
        const bool known = m_share >= 0;
        const double from = known ? 0.0 : unknownFrom * width();
        const double to = (known ? std::min(m_share, 1.0) : unknownTo) * width();
        if (to > from)
            drawRoundedBox(
                painter, QRectF(from, 0, std::max(to - from, double { trackHeight }), height()),
                c.accent, QColor(), trackHeight / 2.0
            );
    }

private:
    double m_share = 0;
};

ProgressStrip::ProgressStrip(QWidget* parent)
    : QWidget(parent)
    , m_what(new Label({}, TextRole::Help, Tone::Normal, this))
    , m_track(new Track(this))
    , m_share(new Label({}, TextRole::Help, Tone::Muted, this))
    , m_cancel(new LinkButton(tr("Cancel"), this))
{
    setFixedHeight(size::statusBar + space::tiny);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::large, 1, space::large, 0);
    layout->setSpacing(space::medium);
    layout->addWidget(m_what, 1);
    layout->addWidget(m_share);
    layout->addWidget(m_track);
    layout->addWidget(m_cancel);
    m_what->setElided(true);
    m_cancel->setRole(TextRole::HelpStrong);
    connect(m_cancel, &QAbstractButton::clicked, this, &ProgressStrip::cancelled);
    hide();
}

void ProgressStrip::setTask(const QString& what, qint64 done, qint64 total, bool cancellable)
{
    constexpr qint64 hundred = 100;
    m_what->setText(what);
    m_track->setShare(total > 0 ? static_cast<double>(done) / static_cast<double>(total) : -1.0);
    const qint64 percent = total > 0 ? std::clamp<qint64>(done * hundred / total, 0, hundred) : 0;
    m_share->setText(total > 0 ? tr("%1%").arg(locale().toString(percent)) : QString());
    m_cancel->setVisible(cancellable);
    setAccessibleName(what);
    setAccessibleDescription(m_share->text());
    show();
}

void ProgressStrip::finish()
{
    hide();
}

void ProgressStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    painter.fillRect(rect(), c.panel);
    painter.fillRect(QRect(0, 0, width(), 1), c.line);
}

InlineMessage::InlineMessage(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this))
    , m_text(new Label({}, TextRole::Body, Tone::Normal, this))
    , m_action(new LinkButton(QString(), this))
    , m_copy(new LinkButton(tr("Copy details"), this))
{
    m_layout->setContentsMargins(
        space::medium + size::iconTable + space::small, space::small, space::medium, space::small
    );
    m_layout->setSpacing(space::tiny);
    auto* actions = new QHBoxLayout;
    actions->setSpacing(space::medium);
    actions->addWidget(m_copy);
    actions->addWidget(m_action);
    actions->addStretch(1);
    m_layout->addWidget(m_text, 1);
    m_layout->addLayout(actions);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(m_action, &QAbstractButton::clicked, this, &InlineMessage::actionTriggered);
    connect(m_copy, &QAbstractButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_detail);
    });
    hide();
}

void InlineMessage::showMessage(
    Tone tone, const QString& text, const QString& action, const QString& detail
)
{
    m_tone = tone;
    m_detail = detail;
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_action->updateGeometry();
    m_copy->setVisible(!detail.isEmpty());
    setAccessibleName(text);
    update();
    show();
}

void InlineMessage::clear()
{
    m_text->clear();
    hide();
}

QString InlineMessage::text() const
{
    return m_text->text();
}

void InlineMessage::resizeEvent(QResizeEvent* event)
{
    // In a narrow panel the actions go below, so that the words keep their width.
    constexpr int besideFrom = 400;
    m_layout->setDirection(
        event->size().width() < besideFrom ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight
    );
    QWidget::resizeEvent(event);
}

void InlineMessage::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    drawRoundedBox(painter, rect(), m_tone == Tone::Normal ? c.soft : c.softOf(m_tone), QColor());
    drawIcon(
        painter,
        { space::medium, (height() - size::iconTable) / 2, size::iconTable, size::iconTable },
        iconOf(m_tone), c.of(m_tone)
    );
}

} // namespace quittance::ui

#include "moc_bars.cpp"
