#include "benchmarks/support/watched_application.h"

#include "benchmarks/support/report.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QMetaEnum>
#include <QWidget>

#include <utility>

namespace quittance::bench {

namespace {

using Clock = std::chrono::steady_clock;

double msBetween(Clock::time_point begin, Clock::time_point end)
{
    return std::chrono::duration<double, std::milli>(end - begin).count();
}

QString describe(const QObject* receiver, QEvent::Type type)
{
    const char* name = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    return QStringLiteral("%1 of %2")
        .arg(
            QString::fromLatin1(name == nullptr ? "an event" : name),
            QString::fromLatin1(receiver->metaObject()->className())
        );
}

} // namespace

WatchedApplication::WatchedApplication(int& argc, char** argv)
    : QApplication(argc, argv)
{
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event)
{
    // Answers of worker threads are handed on by their own threads' objects; only the window's
    // thread is watched.
    if (receiver->thread() != thread())
        return QApplication::notify(receiver, event);
    const QEvent::Type type = event->type();
    const bool isPaint = type == QEvent::Paint && receiver == m_painted;
    const QString what = m_depth == 0 ? describe(receiver, type) : QString();
    const Clock::time_point begin = Clock::now();
    ++m_depth;
    const bool answer = QApplication::notify(receiver, event);
    --m_depth;
    m_wasPainted = m_wasPainted || isPaint;
    if (m_depth > 0)
        return answer;
    const Clock::time_point end = Clock::now();
    if (const double ms = msBetween(begin, end); ms > m_longestMs) {
        m_longestMs = ms;
        m_longest = what;
    }
    if (std::exchange(m_wasPainted, false) && !m_isComplete && m_isDone && m_isDone()) {
        m_isComplete = true;
        m_paintedAt = end;
    }
    return answer;
}

void WatchedApplication::forgetBlocks()
{
    m_longestMs = 0;
    m_longest.clear();
}

double WatchedApplication::untilPainted(
    const QWidget* widget, const std::function<void()>& act, const std::function<bool()>& isDone
)
{
    m_painted = widget;
    m_isDone = isDone;
    m_isComplete = false;
    const Clock::time_point begin = Clock::now();
    act();
    runUntil([this] { return m_isComplete; });
    m_isDone = nullptr;
    return msBetween(begin, m_paintedAt);
}

void WatchedApplication::runUntil(const std::function<bool()>& isDone)
{
    constexpr int patienceMs = 60'000;
    constexpr int sliceMs = 20;
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        if (timer.elapsed() > patienceMs)
            stop("the window did not come to what was waited for");
        processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, sliceMs);
        sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

} // namespace quittance::bench
