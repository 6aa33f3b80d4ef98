#pragma once

#include "core/domain/result.h"
#include "ui/widgets/panel.h"

#include <string>
#include <utility>
#include <vector>

namespace quittance::ui {

class Button;
class FormRow;
class InlineMessage;
class Label;
class ScrollColumn;

/// A form beside the page that it belongs to: a message, rows that scroll, Cancel and what it does
/// below. Enter submits; Escape is the page's, which closes it.
class SideForm : public Panel {
    Q_OBJECT
public:
    SideForm(const QString& title, const QString& submitText, QWidget* parent = nullptr);

    /// Takes it. `field`: the backend's name of what it holds.
    void addRow(FormRow* row, std::string field);
    [[nodiscard]] InlineMessage* message() const { return m_message; }
    [[nodiscard]] Button* submitButton() const { return m_submit; }
    /// Shows it with the focus in its first row, clean of what was wrong before.
    void open();
    /// Checks every row, and goes to the first that is wrong.
    bool check();
    /// The submit button's reason; empty enables it.
    void setBlocked(const QString& reason);
    /// The backend's refusal in words: at the field that it names, else above all.
    void showRefusal(const Error& error, const QString& text);

signals:
    void submitted(); ///< every row is right, and nothing blocks
    void cancelled();
    /// Somebody else changed it meanwhile, and the person wants to begin with that.
    void reloadWanted();

private:
    void submit();
    void goTo(FormRow* row);
    static QWidget* makeRows();

    InlineMessage* m_message;
    QWidget* m_content;
    ScrollColumn* m_scroll;
    Label* m_note;
    Button* m_submit;
    std::vector<std::pair<std::string, FormRow*>> m_rows;
};

} // namespace quittance::ui
