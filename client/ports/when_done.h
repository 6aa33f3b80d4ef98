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

} // namespace quittance::client
