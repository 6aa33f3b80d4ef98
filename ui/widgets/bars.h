#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

class QBoxLayout;

namespace quittance::ui {

class Button;
class Label;
class LinkButton;

/// The quiet bar below the top bar: "Offline since 14:02, showing data of 13:58." and what still
/// works; when it is tried again, and a way to try now.
class OfflineBar : public QWidget {
    Q_OBJECT
public:
    explicit OfflineBar(QWidget* parent = nullptr);
    void setTexts(const QString& state, const QString& consequence, const QString& nextTry);

signals:
    void tryNow();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Label* m_state;
    Label* m_consequence;
    Label* m_nextTry;
    LinkButton* m_tryNow;
};

/// The strip at the bottom while something long runs: what it does, how far it is, Cancel.
class ProgressStrip : public QWidget {
    Q_OBJECT
public:
    explicit ProgressStrip(QWidget* parent = nullptr);
    /// `total` 0: it is not known how much there is. Shows the strip.
    void setTask(const QString& what, qint64 done, qint64 total, bool cancellable);
    void finish(); ///< hides it

signals:
    void cancelled();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    class Track;

    Label* m_what;
    Track* m_track;
    Label* m_share;
    LinkButton* m_cancel;
};

/// A message where the click was: a tone, words, at most one action. No pop-up, no timer; it goes
/// when what it says is no longer so.
class InlineMessage : public QWidget {
    Q_OBJECT
public:
    explicit InlineMessage(QWidget* parent = nullptr); ///< hidden until shown
    /// `detail` is offered for copying: what a supporter needs (code, request id).
    void showMessage(
        Tone tone, const QString& text, const QString& action = {}, const QString& detail = {}
    );
    void clear();
    [[nodiscard]] QString text() const;

signals:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QBoxLayout* m_layout;
    Tone m_tone = Tone::Normal;
    QString m_detail;
    Label* m_text;
    LinkButton* m_action;
    LinkButton* m_copy;
};

} // namespace quittance::ui
