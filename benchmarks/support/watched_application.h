#pragma once

#include <QApplication>

#include <chrono>
#include <functional>

namespace quittance::bench {

/// An application that knows how long its event loop was blocked: the longest time that one event,
/// with all it led to (layout, painting, answers taken), kept every other from being looked at.
class WatchedApplication final : public QApplication {
public:
    WatchedApplication(int& argc, char** argv);

    bool notify(QObject* receiver, QEvent* event) override;

    [[nodiscard]] double longestBlockMs() const { return m_longestMs; }
    [[nodiscard]] const QString& longestBlock() const { return m_longest; } ///< what it was
    void forgetBlocks();

    /// Does something and waits until `widget` was painted while `isDone` held, the pixels handed
    /// to the display. The milliseconds from the beginning of `act`.
    double untilPainted(
        const QWidget* widget, const std::function<void()>& act, const std::function<bool()>& isDone
    );
    /// Lets the event loop run until this holds; ends the benchmark where it never does.
    static void runUntil(const std::function<bool()>& isDone);

private:
    const QObject* m_painted = nullptr; ///< whose paint event is waited for
    bool m_wasPainted = false;
    int m_depth = 0;
    double m_longestMs = 0;
    QString m_longest;
    std::function<bool()> m_isDone;
    std::chrono::steady_clock::time_point m_paintedAt;
    bool m_isComplete = false;
};

} // namespace quittance::bench
