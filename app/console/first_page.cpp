#include "app/console/first_page.h"

#include <QCoreApplication>
#include <QEvent>
#include <QWidget>

namespace quittance::console {

FirstPage::FirstPage(Console& console)
    : m_console(console)
{
    connect(&console.overview(), &ui::OverviewPage::loaded, this, &FirstPage::waitForPaint);
}

void FirstPage::waitForPaint()
{
    // Before the months are known, the page asked for none.
    if (m_isWaiting || m_console.selection().month() == Month {})
        return;
    m_isWaiting = true;
    qApp->installEventFilter(this);
}

bool FirstPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Paint)
        return false;
    const auto* widget = qobject_cast<const QWidget*>(watched);
    if (widget == nullptr || !m_console.overview().isAncestorOf(widget))
        return false;
    qApp->removeEventFilter(this);
    // Queued: after the rest of this picture was painted and handed to the display.
    QMetaObject::invokeMethod(this, &FirstPage::painted, Qt::QueuedConnection);
    return false;
}

} // namespace quittance::console

#include "moc_first_page.cpp"
