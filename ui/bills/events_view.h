#pragma once

#include "models/line_event_model.h"
#include "ui/shell/console_context.h"

#include <QWidget>

namespace quittance::ui {

class InlineMessage;
class Label;
class TableView;

/// The usage events behind one bill line: from this computer, loaded from the backend where they
/// are not here yet.
class EventsView : public QWidget {
    Q_OBJECT
public:
    explicit EventsView(const ConsoleContext& context, QWidget* parent = nullptr);

    void showLine(const Bill& bill, const BillLine& line);
    void forget(); ///< somebody else looks from now on
    [[nodiscard]] TableView* table() const { return m_table; }

signals:
    void closed();

private:
    [[nodiscard]] bool isShown(BillId bill, int line) const;
    void load();
    void loadRows(qint64 offset, int count, const std::function<void()>& then);
    void describe(const LineEventPage& page);

    const ConsoleContext& m_context;
    models::LineEventModel* m_model;
    TableView* m_table;
    Label* m_title;
    Label* m_state;
    BillId m_bill = 0;
    BillLine m_line;
    QTimeZone m_zone;
};

} // namespace quittance::ui
