#pragma once

#include <QLineEdit>

class QTimer;

namespace quittance::ui {

/// A field for searching: icon, clear button, and at its right the keys that lead here. Typing
/// emits `searchChanged` once the person pauses; Return at once; Escape clears, and then leaves.
class SearchField : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(const QString& placeholder, QWidget* parent = nullptr);
    /// "Ctrl+K": shown while the field is empty. The shortcut itself is the window's.
    void setShortcutHint(const QString& hint);
    void setPause(int milliseconds); ///< 150 unless set

signals:
    void searchChanged(const QString& text);
    /// Down or Return: the results should take the focus.
    void movedToResults();
    void left(); ///< Escape in the empty field

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void emitNow();

    QTimer* m_pause;
    QString m_hint;
    QString m_emitted;
};

} // namespace quittance::ui
