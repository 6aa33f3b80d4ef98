#pragma once

#include "ui/widgets/icons.h"

#include <QAbstractButton>
#include <QPointer>
#include <QString>

#include <vector>

class QFrame;

namespace quittance::ui {

/// A button, 32 px high, that shows what is chosen and opens the rest: [icon] [label] value. More
/// than eight choices get a field to search them. Down, Space and Return open it; typing searches;
/// Escape closes.
class Picker : public QAbstractButton {
    Q_OBJECT
public:
    struct Choice {
        QString id;
        QString text;
        QString help; ///< muted, at the right
    };

    explicit Picker(QString label, QWidget* parent = nullptr);

    void setSymbol(Icon meaning);
    /// Without it the label is only spoken, not drawn.
    void setLabelShown(bool shown);
    /// Keeps the chosen id where it is still among them, else takes the first.
    void setChoices(std::vector<Choice> choices);
    void setCurrent(const QString& id); ///< does not emit `chosen`; an unknown id is ignored
    [[nodiscard]] QString current() const { return m_current; }
    /// Shown instead of the choice's text: "3 states", for pickers whose popup is somebody else's.
    void setValueText(const QString& text);
    [[nodiscard]] QString valueText() const;
    void setMaximumTextWidth(int pixels);

    void open();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void chosen(const QString& id);
    /// The person opens it and it has no choices of its own: show a menu below.
    void opening();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void choose(const QString& id);
    void refreshName();
    [[nodiscard]] int leadWidth() const;

    QString m_label;
    Icon m_symbol = Icon::None;
    bool m_labelShown = true;
    bool m_ring = false;
    int m_textWidthMax = 240;
    std::vector<Choice> m_choices;
    QString m_current;
    QString m_valueText;
    QPointer<QFrame> m_popup;
};

} // namespace quittance::ui
