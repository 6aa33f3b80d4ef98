#pragma once

#include <QtCore/QFuture>
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>

#include <utility>

namespace quittance::client {

/// Calls `then(answer)` in the thread of `context` when `future` has its answer; never where
/// `context` is gone by then or the question was cancelled. Use it in place of
/// future.then(context, ...): Qt 6.4 looks at the context from the worker's thread, and fails where
/// a window closes before its answer.
template <class Answer, class Then>
void whenDone(const QFuture<Answer>& future, QObject* context, Then then)
{
    auto* const watcher = new QFutureWatcher<Answer>(context);
    QObject::connect(
        watcher, &QFutureWatcherBase::finished, context,
        [watcher, then = std::move(then)]() mutable {
            watcher->deleteLater();
            const QFuture<Answer> done = watcher->future();
            if (done.resultCount() > 0)
                then(done.result());
        }
    );
    watcher->setFuture(future);
}

/// The questions of one view, of which only the newest is of interest.
class NewestAnswer {
public:
    /// whenDone(), unless a newer question was asked meanwhile. Lives as long as `context`.
    template <class Answer, class Then>
    void whenDone(const QFuture<Answer>& future, QObject* context, Then then)
    {
        follow(++m_asked, future, context, std::move(then));
    }
    /// The same for what belongs to the newest question without being a new one: more of its rows.
    template <class Answer, class Then>
    void whenMoreIsDone(const QFuture<Answer>& future, QObject* context, Then then)
    {
        follow(m_asked, future, context, std::move(then));
    }
    /// Another one looks now: an answer under way is for who asked.
    void drop() { ++m_asked; }
    [[nodiscard]] quint64 newest() const { return m_asked; }

private:
    template <class Answer, class Then>
    void follow(quint64 question, const QFuture<Answer>& future, QObject* context, Then then)
    {
        client::whenDone(
            future, context,
            [this, question, then = std::move(then)](const Answer& answer) mutable {
                if (question == m_asked)
                    then(answer);
            }
        );
    }

    quint64 m_asked = 0;
};

} // namespace quittance::client
