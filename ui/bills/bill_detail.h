#pragma once

#include "ui/shell/console_context.h"
#include "ui/widgets/panel.h"

#include <vector>

class QStackedWidget;
class QVBoxLayout;

namespace quittance::ui {

class BadgeLabel;
class Button;
class EventsView;
class InlineMessage;
class Label;
class LineRow;
class SegmentedControl;

/// One bill, beside the table: what it is, its lines down to the arithmetic and the usage, who is
/// billed, its documents.
class BillDetail : public Panel {
    Q_OBJECT
public:
    explicit BillDetail(const ConsoleContext& context, QWidget* parent = nullptr);

    void showBill(BillId bill, Date today);
    [[nodiscard]] BillId billId() const { return m_id; }
    void refresh(); ///< after a sync
    void forget(); ///< somebody else looks from now on
    void openLine(int line);
    void openEvents(int line);
    /// Back from events to lines; false where the lines are shown.
    bool closeEvents();
    void download(const QString& format);

signals:
    void closed();

private:
    QWidget* makeHead();
    QWidget* makeLines();
    QWidget* makeParties();
    void present(const Bill& bill);
    void showFacts(const BillSummary& summary);
    void showMissing(const BillSummary& summary);
    void showLines(const Bill& bill);
    void addLineHead(const QString& currency);
    void addTotal(const QString& words, Money amount, bool strong);
    void showParties(const Bill& bill);
    void addParty(const QString& caption, const BillParty& party);
    void refreshPdf();
    void saveDocument(const QString& format, const client::SavedDocument& document);

    const ConsoleContext& m_context;
    BillId m_id = 0;
    Date m_today;
    std::optional<Bill> m_bill;
    bool m_waits = false; ///< the message says what the bill lacks
    QString m_wanted; ///< a document asked for before the bill was read
    Label* m_title;
    BadgeLabel* m_badge;
    Button* m_pdf;
    Button* m_csv;
    InlineMessage* m_message;
    Label* m_period;
    Label* m_issued;
    Label* m_due;
    Label* m_open;
    SegmentedControl* m_tabs;
    QStackedWidget* m_stack;
    QVBoxLayout* m_lines = nullptr;
    QVBoxLayout* m_parties = nullptr;
    EventsView* m_events;
    std::vector<LineRow*> m_rows;
};

} // namespace quittance::ui
